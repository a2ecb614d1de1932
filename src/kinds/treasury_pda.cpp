// treasury-pda: is this address derived from these seeds, and is what stands there ours?
//
// Reads     the account at `address`, without its data, and the recipients: 1 round; nothing when the address does not
//           derive
// pass      the seeds give the address with the canonical bump, the account there has the declared owner, and what is
//           paid to the recipients is the treasury's
// fail      other seeds or another program; a bump that is not canonical; nothing at the address; another owner; a
//           recipient that is no token account, or somebody else's
// Source    find_program_address: the first address off the curve with a bump of 255, 254, … 1 after the seeds
#include <array>

#include "engine/kind.hpp"
#include "facts/heads.hpp"
#include "facts/seeds.hpp"
#include "facts/tokens.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/expectations.hpp"
#include "solana/derive.hpp"

namespace readyctl {
namespace {

struct TreasuryPda {
  Pubkey address;
  Pubkey program;
  std::vector<Seed> seeds;
  std::optional<Pubkey> owner;
  std::optional<std::uint8_t> bump;
  bool may_be_missing = false;
  std::vector<Pubkey> recipients;

  static constexpr auto fields() {
    return std::tuple{
        required("address", &TreasuryPda::address, "the treasury"),
        required("program", &TreasuryPda::program, "the program that it derives from, and that signs for it"),
        required("seeds", &TreasuryPda::seeds, "its seeds in order, without the bump"),
        optional("owner", &TreasuryPda::owner, "the program that must own the account; unsaid, the finding tells it"),
        optional("bump", &TreasuryPda::bump, "the bump that the program uses; must be the canonical one"),
        optional("mayBeMissing", &TreasuryPda::may_be_missing,
                 "true: accept that nothing was created or funded at the address yet"),
        optional("recipients", &TreasuryPda::recipients,
                 "token accounts that are paid for the treasury: each must be owned by it"),
    };
  }
  Result<void> validate(const Place& place) const {
    const auto derived = find_program_address(seeds, program);
    if (derived) return {};
    return (place / "seeds").malformed(derived.error().what, "the bump is found, not given: leave it out of the seeds");
  }
};

// The other ways in which seeds can give an address: with a bump that is not canonical, or with one among the seeds.
std::string other_derivation(const TreasuryPda& gate) {
  const std::vector<Bytes> bytes = bytes_of(gate.seeds);
  std::vector<ByteView> seeds(bytes.begin(), bytes.end());
  if (create_program_address(seeds, gate.program) == gate.address) {
    return "it derives without a further bump, so the last of the seeds is the bump: leave it out. With a bump, they "
           "give ";
  }
  std::array<std::uint8_t, 1> bump{};
  seeds.emplace_back(bump);
  for (unsigned tried = 0; tried <= 255; ++tried) {
    bump[0] = static_cast<std::uint8_t>(tried);
    if (create_program_address(seeds, gate.program) != gate.address) continue;
    return "it derives with bump " + std::to_string(tried) + ", which is not canonical; the canonical one gives ";
  }
  return "it does not derive from these seeds of program " + named(gate.program) + "; they give ";
}

Derived canonical(const TreasuryPda& gate) {
  return *find_program_address(gate.seeds, gate.program);  // validate has tried it
}

void judge_derivation(const TreasuryPda& gate, const Derived& derived, Judgement& judgement) {
  const bool derives = derived.address == gate.address;
  const std::string bump = std::to_string(derived.bump);
  judgement.expect(derives, {"derived address", to_string(gate.address), to_string(derived.address)},
                   derives ? "" : other_derivation(gate) + to_string(derived.address) + " with bump " + bump);
  if (is_on_curve(gate.address)) {
    judgement.expect(false, {"curve", "off the curve", "on the curve"},
                     "it is on the curve, where a private key may hold it");
  }
  if (!gate.bump) return judgement.note("canonical bump", bump);
  judgement.expect(derived.bump == *gate.bump, {"canonical bump", std::to_string(*gate.bump), bump},
                   "bump " + std::to_string(*gate.bump) + " was expected, and the canonical one is " + bump);
}

void judge_account(const TreasuryPda& gate, const std::optional<Account>& account, Judgement& judgement) {
  judgement.rests_on(facts::account_head_if_any(gate.address).request);
  if (!account) {
    judgement.expect(gate.may_be_missing, {"account", gate.may_be_missing ? "" : "exists", "does not exist"},
                     "it derives, and there is no account: nothing was created or funded at it");
    judgement.caveat("there is no account yet");
    return;
  }
  judgement.note("lamports", words_for(account->lamports));
  expect_address(judgement, "owner", account->owner, gate.owner);
}

// Tokens are moved by the owner that the token account names; where it lies, and whose it looks like, says nothing.
void judge_recipients(const TreasuryPda& gate, const std::vector<TokenHolding>& recipients, Judgement& judgement) {
  for (const TokenHolding& recipient : recipients) {
    const Pubkey& address = recipient.account.address;
    judgement.rests_on(facts::token_account(address).request);
    expect_address(judgement, "owner of recipient " + to_string(address), recipient.token.owner, gate.address);
  }
}

std::vector<Fact<TokenHolding>> recipients_of(const TreasuryPda& gate) {
  std::vector<Fact<TokenHolding>> facts;
  for (const Pubkey& address : gate.recipients) facts.push_back(facts::token_account(address));
  return facts;
}

Task<Finding> evaluate(TreasuryPda gate) {
  const Derived derived = canonical(gate);
  const std::string subject = "address " + to_string(gate.address);
  Judgement judgement;
  judge_derivation(gate, derived, judgement);
  // What stands at an address that is not the treasury says nothing; and this failure needs no endpoint.
  if (judgement.failed()) co_return about(subject, judgement.conclude(""));

  const auto treasury = facts::account_head_if_any(gate.address);
  const auto holdings = recipients_of(gate);
  auto both = co_await all(treasury, holdings);
  auto& [account, recipients] = both;
  judge_account(gate, account, judgement);
  judge_recipients(gate, recipients, judgement);
  const std::string owner = account ? ", owned by " + named(account->owner) : "";
  co_return about(subject, judgement.conclude(subject + " derives from " + named(gate.program) +
                                              " with canonical bump " + std::to_string(derived.bump) + owner));
}

}  // namespace

GateKind treasury_pda() {
  return gate_kind<TreasuryPda>(
      {.name = "treasury-pda",
       .asks = "Is this address derived from these seeds, and is what stands there ours?",
       .reads = "the account at `address`, without its data, and the recipients; one round",
       .passes = "the seeds give the address with the canonical bump, the account there has the declared owner, and "
                 "every recipient is a token account of the treasury",
       .fails = "other seeds or another program; a bump that is not canonical, or among the seeds; an address on the "
                "curve; nothing at the address, unless `mayBeMissing`; another owner; a recipient that is no token "
                "account, or that another owns",
       .why = "Funds sent to an address that the program cannot sign for are lost, or belong to someone else.",
       .remedy = "take the seeds from the program's source; create the account before funds are sent to it",
       .valid_for = valid_for_mutable_state},
      evaluate);
}

}  // namespace readyctl
