#include <catch2/catch.hpp>

#include "kinds/catalogue.hpp"
#include "solana/derive.hpp"
#include "solana/vectors.hpp"
#include "solana/well_known.hpp"
#include "support/gate.hpp"
#include "support/tokens.hpp"
#include "support/verdicts.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

// A published vector: both seeds are UTF-8, and the canonical bump is not 255.
const Pubkey program = "CVGMpraBxaqGoBYMABJ5Jxh5gYxdgo5h9NCwLJJKNBaw"_pubkey;
const Pubkey treasury = "9o1MCfUWZdrn1MsV59zgSQfGJRvEsn8HKEzMoQkkqPUr"_pubkey;
const Pubkey wallet = "3q7zohvrQKMRyYFyCZnCNsMyDmrsGoyMeUft1NHy1XqG"_pubkey;
const Pubkey stranger = "SQDS4ep65T869zMMBKyuUq6aD6EgTu8psMjkvj52pCf"_pubkey;

Json seeds() { return Json::array({Json{{"utf8", "☉"}}, Json{{"hex", "D0a2d0b5d181d182"}}}); }

Json params(Json more = Json::object()) {
  more.emplace("address", to_string(treasury));
  more.emplace("program", to_string(program));
  more.emplace("seeds", seeds());
  return more;
}

FakeSource funded(const Pubkey& address = treasury, const Pubkey& owner = program) {
  FakeSource source;
  source.holds(address, {.owner = owner, .data = Bytes(40)});
  return source;
}

Finding verdict(const Json& more, FakeSource source = funded()) {
  return decide_gate(treasury_pda(), params(more), source);
}

/// The first address with a bump below the canonical one.
Derived non_canonical() {
  const Bytes first = unhex("e29889");
  const Bytes second = unhex("d0a2d0b5d181d182");
  for (std::uint8_t bump = 253; bump > 0; --bump) {
    const auto address = create_program_address({first, second, ByteView(&bump, 1)}, program);
    if (address) return {*address, bump};
  }
  throw std::logic_error("no other bump gives an address");
}

}  // namespace

// The published address passes, and the finding tells bump, owner and balance.
TEST_CASE("treasury-pda passes on a derived address", "[kinds]") {
  const Finding finding = verdict({{"owner", to_string(program)}, {"bump", 254}});
  CHECK(finding.outcome == Outcome::pass);
  CHECK(finding.summary == "address " + to_string(treasury) + " derives from " + to_string(program) +
                               " with canonical bump 254, owned by " + to_string(program));
  CHECK(observed(finding, "lamports").observed == "1000000 lamports (0.001 SOL)");
}

// One round, without data, and the owner's observation names the record.
TEST_CASE("treasury-pda takes one round", "[kinds]") {
  FakeSource source = funded();
  const Finding finding = decide_gate(treasury_pda(), params(), source);
  const std::string head = key_of(AccountRequest{treasury, Slice{0, 0}});
  CHECK(source.rounds() == std::vector<std::vector<std::string>>{{head}});
  CHECK(observed(finding, "owner").fact == head);
}

// Every sort of seed becomes the bytes that programs write.
TEST_CASE("treasury-pda writes seeds as programs do", "[kinds]") {
  const Bytes all = unhex(
      "61"
      "0102" +
      to_hex(wallet.bytes) +
      "fe"
      "3412"
      "78563412"
      "0807060504030201");
  const std::vector<ByteView> parts = {ByteView(all).subspan(0, 1), ByteView(all).subspan(1, 2),
                                       ByteView(all).subspan(3, 32), ByteView(all).subspan(35, 15)};
  const Pubkey address = find_program_address(parts, program)->address;
  const Json written = {
      {{"utf8", "a"}},     {{"hex", "0102"}},       {{"pubkey", to_string(wallet)}}, {{"u8", 0xfe}},
      {{"u16le", 0x1234}}, {{"u32le", 0x12345678}}, {{"u64le", "72623859790382856"}}};  // 0x0102030405060708
  const Finding finding = verdict({{"address", to_string(address)}, {"seeds", written}}, funded(address));
  CHECK(finding.outcome == Outcome::pass);
}

// Other seeds, or another program, give another address: the failure names it.
TEST_CASE("treasury-pda fails on an address that does not derive", "[kinds]") {
  const Pubkey other = find_program_address({bytes_of("vault")}, program)->address;
  const Finding finding = verdict({{"seeds", Json::array({Json{{"utf8", "vault"}}})}});
  CHECK(finding.outcome == Outcome::fail);
  CHECK(says(finding.summary, "address " + to_string(treasury) + ": it does not derive from these seeds of program " +
                                  to_string(program) + "; they give " + to_string(other) + " with bump "));
  CHECK(says(verdict({{"program", to_string(stranger)}}).summary, "(Squads v4 program); they give "));
}

// A bump that is not canonical gives an address that a careless program takes for the treasury.
TEST_CASE("treasury-pda names a bump that is not canonical", "[kinds]") {
  const Derived other = non_canonical();
  const std::string bump = std::to_string(other.bump);
  const Finding finding = verdict({{"address", to_string(other.address)}}, funded(other.address));
  CHECK(finding.outcome == Outcome::fail);
  CHECK(says(finding.summary, "it derives with bump " + bump + ", which is not canonical; the canonical one gives " +
                                  to_string(treasury) + " with bump 254"));
}

// The bump among the seeds is a mistake of its own, with its own way out.
TEST_CASE("treasury-pda notices a bump among the seeds", "[kinds]") {
  Json with_bump = seeds();
  with_bump.push_back({{"u8", 254}});
  const Finding finding = verdict({{"seeds", with_bump}});
  CHECK(finding.outcome == Outcome::fail);
  CHECK(says(finding.summary, "the last of the seeds is the bump: leave it out"));
}

// An expected bump must be the canonical one, whatever the address.
TEST_CASE("treasury-pda fails on another bump", "[kinds]") {
  const Finding finding = verdict({{"bump", 255}});
  CHECK(finding.outcome == Outcome::fail);
  CHECK(says(finding.summary, "bump 255 was expected, and the canonical one is 254"));
}

// An ordinary wallet in the place of the treasury is said to be one.
TEST_CASE("treasury-pda notices an address on the curve", "[kinds]") {
  const Pubkey on_curve = known::system_program;
  REQUIRE(is_on_curve(on_curve));
  const Finding finding = verdict({{"address", to_string(on_curve)}}, funded(on_curve));
  CHECK(finding.outcome == Outcome::fail);
  CHECK(says(finding.summary, "it is on the curve, where a private key may hold it"));
}

// A wrong address needs no endpoint to be wrong.
TEST_CASE("treasury-pda decides derivation without the chain", "[kinds]") {
  FakeSource source = funded();
  source.refuses(AccountRequest{treasury, Slice{0, 0}});
  CHECK(decide_gate(treasury_pda(), params({{"bump", 255}}), source).outcome == Outcome::fail);
  CHECK(source.rounds().empty());
}

// An address at which nobody created or funded anything fails, unless the pack expects that.
TEST_CASE("treasury-pda fails where nothing stands", "[kinds]") {
  const Finding finding = verdict({}, FakeSource());
  CHECK(finding.outcome == Outcome::fail);
  CHECK(finding.summary == "address " + to_string(treasury) +
                               ": it derives, and there is no account: nothing was created or funded at it");
  const Finding accepted = verdict({{"mayBeMissing", true}, {"owner", to_string(program)}}, FakeSource());
  CHECK(accepted.outcome == Outcome::pass);
  CHECK(says(accepted.summary, "(there is no account yet)"));
}

// Somebody else's account fails with both owners; where none is expected, it is told.
TEST_CASE("treasury-pda compares the owner", "[kinds]") {
  const Finding finding = verdict({{"owner", to_string(program)}}, funded(treasury, stranger));
  CHECK(finding.outcome == Outcome::fail);
  CHECK(finding.summary == "address " + to_string(treasury) + ": owner is " + to_string(stranger) +
                               " (Squads v4 program), expected " + to_string(program));
  const Finding told = verdict({}, funded(treasury, stranger));
  CHECK(told.outcome == Outcome::pass);
  CHECK(observed(told, "owner").observed == to_string(stranger) + " (Squads v4 program)");
}

// No answer is not "no account".
TEST_CASE("treasury-pda is inconclusive without an answer", "[kinds]") {
  FakeSource source = funded();
  source.refuses(AccountRequest{treasury, Slice{0, 0}});
  CHECK(decide_gate(treasury_pda(), params(), source).outcome == Outcome::inconclusive);
}

// A record that is no account says nothing about the treasury.
TEST_CASE("treasury-pda is inconclusive on a malformed record", "[kinds]") {
  FakeSource source;
  source.answers(AccountRequest{treasury, Slice{0, 0}}, {Json{{"exists", true}}, nullptr, nullptr});
  const Finding finding = decide_gate(treasury_pda(), params(), source);
  CHECK(finding.outcome == Outcome::inconclusive);
  CHECK(finding.cause->cause == "malformed");
}

namespace {

FakeSource paid_into(const Pubkey& recipient, const Pubkey& whose) {
  FakeSource source = funded();
  TokenAccount token = *decode_token_account(recorded_token(recorded_account));
  token.owner = whose;
  source.holds(recipient, {.owner = known::token, .data = bytes_of_account(token)});
  return source;
}

Finding paying(const Pubkey& recipient, FakeSource source) {
  return verdict({{"recipients", Json::array({to_string(recipient)})}}, std::move(source));
}

}  // namespace

// What is paid for the treasury must be the treasury's: the owner that a token account names decides, in the same
// round.
TEST_CASE("treasury-pda asks whose the recipients are", "[kinds]") {
  CHECK(paying(wallet, paid_into(wallet, treasury)).outcome == Outcome::pass);

  FakeSource source = paid_into(wallet, treasury);
  decide_gate(treasury_pda(), params({{"recipients", Json::array({to_string(wallet)})}}), source);
  CHECK(source.rounds().size() == 1);

  const Finding stolen = paying(wallet, paid_into(wallet, stranger));
  CHECK(stolen.outcome == Outcome::fail);
  CHECK(says(stolen.summary, "owner of recipient " + to_string(wallet) + " is " + to_string(stranger)));

  const Finding missing = paying(wallet, funded());
  CHECK(missing.outcome == Outcome::fail);
  CHECK(says(missing.summary, "token account " + to_string(wallet) + " does not exist"));

  FakeSource silent = funded();
  silent.refuses(AccountRequest{wallet});
  CHECK(paying(wallet, silent).outcome == Outcome::inconclusive);
}

// Definitions that cannot be meant are refused, each with its place.
TEST_CASE("treasury-pda refuses what cannot be meant", "[kinds]") {
  const auto with_seed = [](const Json& seed) {
    return refusal_of(treasury_pda(), params({{"seeds", Json::array({seed})}}));
  };
  CHECK(says(with_seed({{"utf8", "a"}, {"u8", 1}}), "expected exactly one of utf8, hex, pubkey, u8"));
  CHECK(says(with_seed(Json::object()), "expected exactly one of"));
  CHECK(says(with_seed({{"utf", "a"}}), "unknown key \"utf\""));
  CHECK(says(with_seed({{"u8", 256}}), "/seeds/0/u8"));
  CHECK(says(with_seed({{"u64le", 1}}), "write it in quotes"));
  CHECK(says(with_seed({{"utf8", std::string(33, 'a')}}), "seed 1 has 33 bytes, expected at most 32"));
  const Json sixteen(16, Json{{"u8", 1}});
  CHECK(says(refusal_of(treasury_pda(), params({{"seeds", sixteen}})), "16 seeds, expected at most 15"));
}
