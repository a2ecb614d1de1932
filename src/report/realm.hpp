// Realms: on whom the votes of an SPL governance rest. What could not be read is said.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/task.hpp"
#include "facts/accounts.hpp"
#include "solana/spl_governance.hpp"
#include "solana/spl_governance_proposals.hpp"

namespace readyctl {

/// A mint whose deposits are votes. An error says what is there instead.
struct VotingMint {
  Pubkey address;
  Result<Mint> mint;
};

struct RealmSeen {
  Pubkey program;  ///< the instance of SPL Governance that owns it
  Pubkey address;
  Result<Realm> realm = malformed("", "was not read");
  std::optional<Result<RealmConfig>>
      config{};  ///< none: no such account, so neither add-ins nor types other than liquid
  std::optional<VotingMint> community{};
  std::optional<VotingMint> council{};
  Result<std::vector<TokenOwnerRecord>> council_members =
      malformed("", "was not looked for");  ///< those with a deposit
};

/// All of it: the realm and its config, then the mints and whoever has deposited council tokens; 2 rounds.
Task<RealmSeen> read_realm(Pubkey program, Pubkey realm);

/// The governance that an account of any program is, where it stands at the address that its own fields derive to under
/// that program: no other program than an instance of SPL Governance puts such bytes there, unless it imitates one.
std::optional<Governance> governance_at(const std::optional<Account>& account);

/// The realm of an account of SPL Governance: of a realm itself, its config, a governance, a token owner record. None
/// where the account is none of these, or is not where its fields derive to.
std::optional<Pubkey> realm_of(const Account& account);

/// Some who may vote under a governance, and what their yes takes.
struct Electorate {
  std::string name;  ///< "community", "council"
  const VotingMint* mint = nullptr;
  VoteThreshold threshold;
  VoteThreshold veto;  ///< of what the others vote
  VoteTipping tipping = VoteTipping::strict;
  std::uint64_t min_weight_to_propose = 0;
  std::optional<std::uint64_t> all_votes;  ///< none: an add-in decides, or the mint could not be read
  std::optional<GoverningToken> token;     ///< none: no config
};

/// The community, and the council where there is one; under the rules as the program applies them. Nobody where the
/// realm could not be read. Points into `realm`.
std::vector<Electorate> electorates_of(const Governance& governance, const RealmSeen& realm);

/// "60 % yes: at least 600 of 1000 votes", "may not vote".
std::string words_for(const Electorate& electorate);

/// "of realm \"Ready DAO\" (BYf4…)": the name is made printable.
std::string words_for(const RealmSeen& realm);

}  // namespace readyctl
