#include "report/inspecting.hpp"
#include "solana/executable.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

/// The header of a real program, and two zeros that are not code.
Bytes code() {
  Bytes bytes = unhex(case_named(vectors("elf_headers").at("cases"), "associated token account").at("first64_hex"));
  bytes.resize(119'999);
  bytes.push_back(7);
  bytes.resize(120'002);
  return bytes;
}

const Pubkey programdata = programdata_address(program).address;

FakeSource deployed(const std::optional<Pubkey>& authority) {
  FakeSource source;
  deploy(source, program, code(), authority, Slot{77});
  return source;
}

}  // namespace

// The JSON of a program has the names and the sorts of values that `solana program show --output json` has.
TEST_CASE("inspect explains a program with the names of its peer", "[report]") {
  FakeSource source = deployed(person);
  const auto explanation = explained(source, program);
  REQUIRE(explanation);
  CHECK(explanation->kind == "program");
  const Json& json = explanation->json;
  CHECK(json["programId"] == to_string(program));
  CHECK(json["owner"] == to_string(known::loader_v3));
  CHECK(json["programdataAddress"] == to_string(programdata));
  CHECK(json["authority"] == to_string(person));
  CHECK(json["lastDeploySlot"] == 77);
  CHECK(json["dataLen"] == 120'002);
  CHECK(json["lamports"] == 1'000'000);
  CHECK(json["executableHash"] == to_string(executable_hash(code())));
  CHECK(json["codeLen"] == 120'000);
  CHECK(json["sbpfVersion"] == 0);
  CHECK(source.rounds().size() == 1);
}

// A key on the curve is one person's, and that is a danger; nothing is searched for it.
TEST_CASE("inspect warns of an upgrade authority that is one key", "[report]") {
  FakeSource source = deployed(person);
  const auto explanation = explained(source, program);
  CHECK(line(*explanation, "upgrade authority") == to_string(person));
  CHECK(has_danger(*explanation, "one key, " + to_string(person) + ", is enough to use the upgrade authority"));
  CHECK(explanation->json["custody"] == Json{{"kind", "key"}});
}

// An authority off the curve is followed to the people behind it.
TEST_CASE("inspect follows an upgrade authority to its multisig", "[report]") {
  FakeSource source = deployed(vault_5);
  source.holds(multisig, autonomous());
  has_history(source, vault_5, 1);
  has_transaction(source, 0, transaction_of(0, {multisig}));
  const auto explanation = explained(source, program);
  REQUIRE(explanation);
  CHECK(says(render_text(*explanation), "it is vault 5 of multisig " + to_string(multisig)));
  CHECK(line(*explanation, "threshold") == "2 of 3 voters must approve");
  CHECK(explanation->json["custody"]["multisig"] == to_string(multisig));
  CHECK(explanation->json["custody"]["vaultIndex"] == 5);
  CHECK(explanation->json["custody"]["settings"]["timeLock"] == 86400);
}

// Whose it is stays unknown when nothing proves it, and what was tried is said.
TEST_CASE("inspect does not guess whose an authority is", "[report]") {
  FakeSource source = deployed(vault);
  has_history(source, vault, 0);
  const auto explanation = explained(source, program);
  REQUIRE(explanation);
  CHECK(explanation->json["custody"]["kind"] == "unknown");
  CHECK(explanation->json["custody"]["tried"][0] == "its history: the endpoint lists no transaction of it");
  CHECK(says(render_text(*explanation), "whose it is, is not known"));
  CHECK_FALSE(explanation->json["custody"].contains("multisig"));
}

// The multisig account in place of its vault locks a program for ever.
TEST_CASE("inspect names a multisig account that was made an authority", "[report]") {
  FakeSource source = deployed(multisig);
  source.holds(multisig, autonomous());
  const auto explanation = explained(source, program);
  CHECK(explanation->json["custody"]["kind"] == "squads-v4-multisig-account");
  CHECK(has_danger(*explanation, "not a vault of it: nothing signs for it"));
}

// A program that nobody can replace says so; the peer writes "none".
TEST_CASE("inspect explains a final program", "[report]") {
  FakeSource source = deployed(std::nullopt);
  const auto explanation = explained(source, program);
  CHECK(says(explanation->summary, "nobody can replace: it is final"));
  CHECK(explanation->json["authority"] == "none");
  CHECK(line(*explanation, "upgrade authority") == "nobody");
  CHECK(explanation->dangers.empty());
}

// A closed program keeps its account; so does the tombstone of one.
TEST_CASE("inspect recognises closed programs", "[report]") {
  FakeSource closed;
  closed.holds(program, program_account(programdata));
  const auto explanation = explained(closed, program);
  CHECK(explanation->kind == "program-closed");
  CHECK(explanation->json["tombstone"] == false);
  CHECK(says(explanation->summary, "is closed"));

  FakeSource tombstone;
  tombstone.holds(program, {.owner = program, .data = {}});
  CHECK(explained(tombstone, program)->kind == "program-closed");
  CHECK(explained(tombstone, program)->json["tombstone"] == true);
}

// Older loaders keep the code in the program account, and nobody can replace it.
TEST_CASE("inspect explains programs of older loaders", "[report]") {
  for (const Pubkey& loader : {known::loader_v1, known::loader_v2}) {
    FakeSource source;
    source.holds(program, {.owner = loader, .data = code(), .executable = true});
    const auto explanation = explained(source, program);
    CHECK(explanation->kind == "program");
    CHECK(explanation->json["authority"] == "none");
    CHECK(explanation->json["executableHash"] == to_string(executable_hash(code())));
    CHECK(says(explanation->summary, loader == known::loader_v1 ? "loader v1" : "loader v2"));
  }
}

// Programs of the validator have no code on the chain.
TEST_CASE("inspect explains built-in programs", "[report]") {
  FakeSource source;
  source.holds(known::compute_budget, {.owner = known::native_loader, .data = {}, .executable = true});
  CHECK(explained(source, known::compute_budget)->kind == "program-built-in");
}

// The account with the code does not name its program, and says that it cannot.
TEST_CASE("inspect explains programdata", "[report]") {
  FakeSource source = deployed(person);
  const auto explanation = explained(source, programdata);
  CHECK(explanation->kind == "programdata");
  CHECK(says(line(*explanation, "program"), "cannot be inverted"));
  CHECK(explanation->json["authority"] == to_string(person));
  CHECK(explanation->json["executableHash"] == to_string(executable_hash(code())));
}

// A buffer's code can still change, by whom is said.
TEST_CASE("inspect explains a buffer", "[report]") {
  Bytes data;
  put_u32(data, 1);
  data.push_back(1);
  put(data, person.bytes);
  put(data, code());
  FakeSource source;
  source.holds(lookalike, {.owner = known::loader_v3, .data = data});
  const auto explanation = explained(source, lookalike);
  CHECK(explanation->kind == "buffer");
  CHECK(explanation->json["authority"] == to_string(person));
  CHECK(explanation->json["executableHash"] == to_string(executable_hash(code())));
  CHECK(has_danger(*explanation, "can write other code into it"));
  CHECK_FALSE(has_danger(*explanation, "nobody knows"));
  std::copy(vault.bytes.begin(), vault.bytes.end(), data.begin() + 5);
  source.holds(lookalike, {.owner = known::loader_v3, .data = data});
  CHECK(has_danger(*explained(source, lookalike), "nobody knows who is behind buffer authority " + to_string(vault)));
}

// An account of the loader that holds nothing belongs to whoever comes first.
TEST_CASE("inspect explains an empty account of the loader", "[report]") {
  FakeSource source;
  source.holds(lookalike, {.owner = known::loader_v3, .data = Bytes(37)});
  CHECK(explained(source, lookalike)->kind == "loader-uninitialized");
}
