#include <catch2/catch.hpp>

#include "kinds/catalogue.hpp"
#include "solana/vectors.hpp"
#include "support/gate.hpp"
#include "support/programs.hpp"
#include "support/verdicts.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Pubkey own = "CVGMpraBxaqGoBYMABJ5Jxh5gYxdgo5h9NCwLJJKNBaw"_pubkey;
const Pubkey foreign = "FLHRfEpRV7QFgzPMz5garMyZ4kmbUho7L4fDaMBT1XSn"_pubkey;

Bytes security_txt(const std::string& label) {
  return unhex(case_named(vectors("security_txt").at("cases"), label).at("hex"));
}

Finding decide_on(const Bytes& elf, Json more) {
  FakeSource source;
  source.holds_file("program.so", elf);
  more["path"] = "program.so";
  return decide_gate(elf_identity(), more, source);
}

Bytes holding(const Pubkey& address) {
  Bytes elf{0x7f, 'E', 'L', 'F'};
  put(elf, address.bytes);
  return elf;
}

const Json deny_foreign = {{"deny", {to_string(foreign)}}};

}  // namespace

TEST_CASE("elf-identity passes on a file without what is denied", "[kinds]") {
  Json params = deny_foreign;
  params["program"] = to_string(own);
  const Finding finding = decide_on(holding(own), params);
  CHECK(finding.outcome == Outcome::pass);
  CHECK(finding.summary == "file program.so holds nothing that is denied");
  CHECK(observed(finding, "own address").observed == "at byte 4");
  CHECK(says(decide_on({1, 2, 3}, params).summary, "a compiler may have split it"));
}

// As bytes and as text, and where.
TEST_CASE("elf-identity names what is denied", "[kinds]") {
  fails(decide_on(holding(foreign), deny_foreign), "address " + to_string(foreign) + " is in it at byte 4");
  const std::string text = "..." + to_string(foreign);
  fails(decide_on(Bytes(text.begin(), text.end()), deny_foreign), "is in it at byte 3");
  const std::string local = "http://localhost:8899";
  fails(decide_on(Bytes(local.begin(), local.end()), {{"denyTexts", {"localhost"}}}),
        "text \"localhost\" is in it at byte 7");
}

TEST_CASE("elf-identity judges security.txt", "[kinds]") {
  const Json any = {{"securityTxt", Json::object()}};
  const auto at = [](const std::string& revision) { return Json{{"securityTxt", {{"sourceRevision", revision}}}}; };
  const std::string commit = "0123abcd" + std::string(32, 'e');
  CHECK(decide_on(security_txt("minimal, embedded after junk"), any).outcome == Outcome::pass);
  CHECK(decide_on(security_txt("with optional fields"), at(commit)).outcome == Outcome::pass);
  fails(decide_on(security_txt("with optional fields"), at(std::string(40, 'a'))),
        "its source_revision is \"0123abcd\"");
  fails(decide_on(security_txt("minimal, embedded after junk"), at(commit)), "its source_revision is \"\"");
  fails(decide_on({1, 2, 3}, any), "it has no security.txt");
  const Bytes damaged = unhex(vectors("security_txt").at("must_reject")[0].at("hex"));
  fails(decide_on(damaged, any), "its security.txt is damaged");
}

TEST_CASE("elf-identity needs a file and an expectation", "[kinds]") {
  FakeSource nothing;
  nothing.answers_locally(FileRequest{"program.so"}, no_file_payload());
  Json params = deny_foreign;
  params["path"] = "program.so";
  fails(decide_gate(elf_identity(), params, nothing), "does not exist");
  FakeSource silent;
  silent.refuses(FileRequest{"program.so"});
  CHECK(decide_gate(elf_identity(), params, silent).outcome == Outcome::inconclusive);
  CHECK(says(refusal_of(elf_identity(), {{"path", "program.so"}}), "expects nothing of the file"));
  CHECK(says(refusal_of(elf_identity(), {{"path", "program.so"}, {"deny", Json::array()}}), "expects nothing"));
}
