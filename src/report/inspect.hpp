// Inspect: reads an account and what belongs to it, and says what it is. Nothing is decided here.
#pragma once

#include <optional>
#include <string>

#include "facts/accounts.hpp"
#include "report/custody_chain.hpp"
#include "report/explanation.hpp"
#include "report/governance_votes.hpp"
#include "report/squads_v3_votes.hpp"
#include "report/squads_votes.hpp"
#include "report/vault_search.hpp"

namespace readyctl {

/// An account with its surroundings.
struct Inspection {
  Pubkey address;
  std::optional<std::string> genesis_hash;  ///< nullopt: the endpoint did not say
  std::optional<Account> account;
  std::optional<Account> programdata;  ///< at the programdata address that derives from `address`
  std::optional<Account> mint;         ///< of a token account
  std::optional<VaultSearch>
      custody;      ///< of the authority over a program, its code or a buffer; or of the address itself
  Holders holders;  ///< behind the members of the multisig, or the votes of the realm, that is inspected or found
  std::optional<PendingTransactions> pending;  ///< of a multisig
  std::optional<SquadsVote> vote;              ///< of a proposal, or a transaction
  std::optional<SquadsV3Seen> squads_v3;       ///< of a multisig or a transaction of Squads v3
  std::optional<GovernanceSeen> governance;    ///< of an account of SPL Governance
};

/// Reads all of it. For an address off the curve without data, and an authority off the curve, the multisig or the
/// governance behind it is looked for.
Task<Inspection> inspect(Pubkey address, VaultSearchOptions options);

/// The account in words. Errors (kind `unreadable`): there is no account, and nobody could be proven to sign for the
/// address.
Result<Explanation> explain(const Inspection& inspection);

// The sorts of accounts, each with the bytes of its owner. Every address that a sort does not know is explained as
// unknown: owner, size, first bytes.
Explanation explain_program(const Inspection& inspection);
Explanation explain_squads(const Inspection& inspection);
Explanation explain_squads_v3(const Inspection& inspection);
Explanation explain_governance(const Inspection& inspection);
Explanation explain_governance_proposal(const Inspection& inspection);
/// The address itself as what it is to its keeper: a vault, an authority, a native treasury.
Explanation explain_kept(const Inspection& inspection);
Explanation explain_token(const Inspection& inspection);
Explanation explain_other(const Inspection& inspection);
Explanation explain_unknown(const Inspection& inspection, const std::string& why);

/// Adds what is known of who holds an authority: a key, or a vault or governance and the people behind it.
void explain_authority(Explanation& explanation, const std::string& label, const std::optional<Pubkey>& authority,
                       const std::optional<VaultSearch>& custody);

/// Adds who may act for a multisig, and the dangers of that.
void explain_multisig(Explanation& explanation, const Multisig& multisig);

void explain_multisig(Explanation& explanation, const SquadsV3Multisig& multisig);

/// Adds which program it is that counts the votes, and the danger where that is not SPL Governance's own.
void explain_instance(Explanation& explanation, const Pubkey& program);

/// What a keeper is to an address: its address and its settings.
Json json_of(const Keeper& keeper);

/// Adds what a keeper is to an address in words, with the people or the rules.
void explain_keeper(Explanation& explanation, const Keeper& keeper);

/// Adds who may decide under a governance, and the dangers of that.
void explain_rules(Explanation& explanation, const Governance& governance, const RealmSeen& realm);

/// Adds how far a vote is, who has not voted, when it can be executed, and what it would do.
void explain_vote(Explanation& explanation, const SquadsVote& vote);

/// Adds what the members of a multisig have before them.
void explain_pending(Explanation& explanation, const PendingTransactions& pending);

Json json_of(const Multisig& multisig);
Json json_of(const SquadsV3Multisig& multisig);
Json json_of(const Governance& governance, const RealmSeen& realm);

}  // namespace readyctl
