#include <zlib.h>

#include <catch2/catch.hpp>

#include "kinds/catalogue.hpp"
#include "solana/anchor_idl.hpp"
#include "solana/program_metadata.hpp"
#include "solana/vectors.hpp"
#include "support/gate.hpp"
#include "support/programs.hpp"
#include "support/verdicts.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

// Neither producer can run here: the accounts are those that the official clients wrote
// (@solana-program/program-metadata 0.7.0 and @coral-xyz/anchor 0.32.1), and what differs from them is changed byte by
// byte.
const Pubkey program = "CVGMpraBxaqGoBYMABJ5Jxh5gYxdgo5h9NCwLJJKNBaw"_pubkey;
const Pubkey idl_writer = "FLHRfEpRV7QFgzPMz5garMyZ4kmbUho7L4fDaMBT1XSn"_pubkey;
const Pubkey vault = "9n9MhDdwK2twbrr4TjBCVjVHLDzTFyaYKMPxUF5zGYWE"_pubkey;
const std::string path = "target/idl/ready.json";

Bytes metadata_bytes() { return unhex(text(vectors("program_metadata").at("metadata_account").at("hex"))); }
Bytes anchor_bytes() { return unhex(text(vectors("anchor_idl").at("account").at("hex"))); }
std::string released() { return text(vectors("program_metadata").at("metadata_account").at("decoded").at("content")); }

Bytes bytes_in(const std::string& text) { return {text.begin(), text.end()}; }

Bytes deflated(const Bytes& content) {
  uLongf size = ::compressBound(content.size());
  Bytes stream(size);
  REQUIRE(::compress(stream.data(), &size, content.data(), content.size()) == Z_OK);
  stream.resize(size);
  return stream;
}

/// The official account with other data behind its header, and single bytes of the header changed.
Bytes metadata_with(const Bytes& data, const std::vector<std::pair<std::size_t, std::uint8_t>>& changes = {}) {
  Bytes bytes = metadata_bytes();
  bytes.resize(96);
  for (const auto& [offset, value] : changes) bytes.at(offset) = value;
  bytes.at(87) = static_cast<std::uint8_t>(data.size() & 0xff);
  bytes.at(88) = static_cast<std::uint8_t>((data.size() >> 8) & 0xff);
  bytes.at(89) = static_cast<std::uint8_t>((data.size() >> 16) & 0xff);
  bytes.insert(bytes.end(), data.begin(), data.end());
  return bytes;
}
Bytes metadata_saying(const std::string& idl) { return metadata_with(deflated(bytes_in(idl))); }

void put_metadata(FakeSource& source, const Bytes& data, const Pubkey& owner = known::program_metadata) {
  source.holds(program_metadata_address(program, "idl"), {.owner = owner, .data = data});
}
void put_anchor(FakeSource& source, const Bytes& data, const Pubkey& owner = program) {
  source.holds(anchor_idl_address(program).value(), {.owner = owner, .data = data});
}

FakeSource empty_world() {
  FakeSource source;
  deploy(source, program, {1, 2, 3}, vault, Slot{5});
  source.holds_file(path, bytes_in(released()));
  return source;
}
FakeSource world(const Bytes& metadata = metadata_bytes()) {
  FakeSource source = empty_world();
  put_metadata(source, metadata);
  return source;
}

Finding decide_on(FakeSource source, Json more = Json::object()) {
  more.emplace("program", to_string(program));
  more.emplace("path", path);
  return decide_gate(idl(), more, source);
}

}  // namespace

// One round; who can still change what is there is told.
TEST_CASE("idl passes on the release's IDL", "[kinds]") {
  FakeSource source = world();
  const Finding finding = decide_gate(idl(), {{"program", to_string(program)}, {"path", path}}, source);
  INFO(finding.summary);
  CHECK(finding.outcome == Outcome::pass);
  CHECK(source.rounds().size() == 1);
  CHECK(says(finding.summary, "the upgrade authority of the program, " + to_string(vault) + ", may replace it"));
  CHECK(observed(finding, "mutable").observed == "yes");
  CHECK(observed(finding, "Anchor IDL account").observed == "none");
  FakeSource spelled = world();
  spelled.holds_file(path, bytes_in(parse_json(released(), "idl")->dump(4)));
  CHECK(decide_on(spelled).outcome == Outcome::pass);
}

// Of a final program nobody is the upgrade authority.
TEST_CASE("idl says who may replace the IDL of a final program", "[kinds]") {
  FakeSource source = world();
  deploy(source, program, {1, 2, 3}, std::nullopt, Slot{5});
  passes(decide_on(source), "nobody holds the upgrade authority of the program");
}

TEST_CASE("idl reads the Anchor account where that is declared", "[kinds]") {
  FakeSource source = empty_world();
  put_anchor(source, anchor_bytes());
  CHECK(decide_on(source, {{"source", "anchor"}, {"authority", to_string(idl_writer)}}).outcome == Outcome::pass);
  fails(decide_on(source, {{"source", "anchor"}}), "authority of the IDL is " + to_string(idl_writer));
  fails(decide_on(source), "the program-metadata account 4C25WmWRJ7iVoStHSgAvqFyUTXBy9YsUviaSXVPf7VfR does not exist");
  put_anchor(source, anchor_bytes(), known::system_program);
  fails(decide_on(source, {{"source", "anchor"}}), "it is owned by 11111111111111111111111111111111");
}

TEST_CASE("idl says where another IDL differs", "[kinds]") {
  Json other = parse_json(released(), "idl").value();
  other["metadata"]["version"] = "0.0.9";
  fails(decide_on(world(metadata_saying(other.dump()))),
        "at /metadata/version the release has \"0.1.0\", the chain \"0.0.9\"");
  other["metadata"]["version"] = "0.1.0";
  other["accounts"] = Json::array();
  fails(decide_on(world(metadata_saying(other.dump()))), "at /accounts the release has nothing, the chain []");
}

// Whoever may write it can change what wallets show; only the upgrade authority is a matter of another gate.
TEST_CASE("idl refuses an authority that nobody mentioned", "[kinds]") {
  Bytes bytes = metadata_bytes();
  std::copy(idl_writer.bytes.begin(), idl_writer.bytes.end(), bytes.begin() + 33);
  fails(decide_on(world(bytes)), "authority of the IDL is " + to_string(idl_writer) + ", expected nobody");
  CHECK(decide_on(world(bytes), {{"authority", to_string(idl_writer)}}).outcome == Outcome::pass);
  const Finding any = decide_on(world(bytes), {{"authority", "any"}});
  CHECK(any.outcome == Outcome::pass);
  CHECK(says(any.summary, "any authority of the IDL was accepted"));
  fails(decide_on(world(), {{"mutable", false}}), "it may still be changed");
  Bytes frozen = metadata_bytes();
  frozen.at(65) = 0;
  CHECK(decide_on(world(frozen), {{"mutable", false}}).outcome == Outcome::pass);
  fails(decide_on(world(frozen), {{"mutable", true}}), "it can never be changed again");
}

// What is not on the chain, or not JSON, is no IDL.
TEST_CASE("idl refuses content that is elsewhere, damaged or in another form", "[kinds]") {
  const Bytes stream = deflated(bytes_in(released()));
  fails(decide_on(world(metadata_with(bytes_in("https://example.invalid/idl.json"), {{84, 0}, {86, 1}}))),
        "a URL, and whoever serves that can change it: https://example.invalid/idl.json");
  fails(decide_on(world(metadata_with(Bytes(40, 7), {{84, 0}, {86, 2}}))), "the address of another account");
  fails(decide_on(world(metadata_with(stream, {{85, 2}}))), "its format is yaml");
  fails(decide_on(world(metadata_with(stream, {{83, 3}}))), "its encoding is base64");
  fails(decide_on(world(metadata_with(stream, {{66, 0}}))), "it is not canonical");
  fails(decide_on(world(metadata_with(stream, {{67, 'x'}}))), "it goes by the name \"xdl\"");
  fails(decide_on(world(metadata_with(stream, {{1, 0}}))), "it is of program ");
  fails(decide_on(world(metadata_with(stream, {{84, 1}}))), "it is no gzip stream");
  fails(decide_on(world(metadata_with(Bytes(stream.begin(), stream.end() - 1)))), "its zlib stream ends early");
  fails(decide_on(world(metadata_saying("{\"a\":1,\"a\":2}"))), "it is no JSON");
  fails(decide_on(world(metadata_with(deflated(Bytes(8'388'609, ' '))))), "it inflates to more than 8388608 bytes");
  fails(decide_on(world(Bytes(95, 2))), "publishes no IDL");
  FakeSource foreign = empty_world();
  put_metadata(foreign, metadata_bytes(), known::system_program);
  fails(decide_on(foreign), "expected " + to_string(known::program_metadata));
  CHECK(decide_on(world(metadata_with(bytes_in(released()), {{84, 0}}))).outcome == Outcome::pass);
}

// Clients that read the other account are not led astray.
TEST_CASE("idl names a stale account beside the declared one", "[kinds]") {
  FakeSource same = world();
  put_anchor(same, anchor_bytes());
  const Finding both = decide_on(same);
  CHECK(both.outcome == Outcome::pass);
  CHECK(says(both.summary, "who may write the Anchor IDL account"));
  FakeSource stale = world();
  Bytes older = anchor_bytes();
  const Bytes stream = deflated(bytes_in("{}"));
  older.resize(40);
  older.insert(older.end(), {static_cast<std::uint8_t>(stream.size()), 0, 0, 0});
  older.insert(older.end(), stream.begin(), stream.end());
  put_anchor(stale, older);
  fails(decide_on(stale),
        "the stale Anchor IDL account 7gDFuvbUp9WzkjCPecu4bh2UMxktzvJSyAfZzQDurLU1 beside it holds "
        "another IDL");
  const Finding accepted = decide_on(stale, {{"otherMayDiffer", true}});
  CHECK(accepted.outcome == Outcome::pass);
  CHECK(says(accepted.summary, "holds another IDL"));
  put_anchor(stale, Bytes(3));
  fails(decide_on(stale), "no IDL that can be read");
}

// The file is the release's own word, so it is looked at as well.
TEST_CASE("idl refuses a file that is no IDL of this program", "[kinds]") {
  FakeSource no_json = world();
  no_json.holds_file(path, {'{'});
  fails(decide_on(no_json), "the release's IDL is no JSON: " + path);
  FakeSource foreign = world();
  foreign.holds_file(path, bytes_in(R"({"address":"11111111111111111111111111111111"})"));
  fails(decide_on(foreign), "the release's IDL is of program 11111111111111111111111111111111");
  const std::string older = R"({"metadata":{"address":"11111111111111111111111111111111"}})";
  foreign = world(metadata_saying(older));
  foreign.holds_file(path, bytes_in(older));
  fails(decide_on(foreign), "the release's IDL is of program 11111111111111111111111111111111");
  FakeSource list = world(metadata_saying("[]"));
  list.holds_file(path, {'[', ']'});
  fails(decide_on(list), "and no object");
}

TEST_CASE("idl is inconclusive without an answer", "[kinds]") {
  FakeSource silent = world();
  silent.refuses(AccountRequest{anchor_idl_address(program).value()});
  CHECK(decide_on(silent).outcome == Outcome::inconclusive);
  FakeSource without_file = world();
  without_file.refuses(FileRequest{path});
  CHECK(decide_on(without_file).outcome == Outcome::inconclusive);
}

TEST_CASE("idl refuses parameters that contradict each other", "[kinds]") {
  const Json params = {{"program", to_string(program)}, {"path", path}, {"source", "anchor"}, {"mutable", true}};
  CHECK(says(refusal_of(idl(), params), "is a property of program-metadata accounts"));
  CHECK(says(refusal_of(idl(), {{"program", to_string(program)}, {"path", path}, {"source", "metadata"}}),
             "there is no source"));
}

// Whoever sends lamports to the other address publishes nothing there.
TEST_CASE("idl passes over lamports at the other address", "[kinds]") {
  FakeSource sent = world();
  put_anchor(sent, {}, known::system_program);
  const Finding finding = decide_on(sent);
  INFO(finding.summary);
  CHECK(finding.outcome == Outcome::pass);
  CHECK(observed(finding, "Anchor IDL account").observed == "none");
}
