// The custody chain: from an authority down to the people behind it, as a tree. Whoever can be behind an address gets a
// branch here, and words and JSON follow from the tree.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "engine/task.hpp"
#include "report/explanation.hpp"
#include "report/vault_search.hpp"

namespace readyctl {

/// One step of the chain, and the steps below it.
struct Custodian {
  std::string role;  ///< "program", "upgrade authority", "multisig", "member", "realm", "council member", …
  Pubkey address;
  std::string kind;   ///< "key", "squads-v4-vault", "squads-v4-multisig", "circle", "unknown", …: fixed names for tools
  std::string words;  ///< what is known of it
  Json facts = Json::object();
  std::string danger = "";  ///< a sentence, where there is one that only this step shows
  std::vector<Custodian> holders;
};

/// Off the curve, and whose vault each is, as far as that was looked for.
using Holders = std::map<Pubkey, VaultSearch>;

/// So many addresses are looked up at most; each may take several rounds.
inline constexpr std::size_t holders_searched_max = 32;

/// A step of which nothing more is known yet.
Custodian custodian_step(std::string role, const Pubkey& address, std::string kind);

/// Everybody with power over a multisig, or over the votes of a realm, who is no key.
std::vector<Pubkey> not_keys(const Keeper& keeper);
std::vector<Pubkey> not_keys(const RealmSeen& realm);

/// Looks for whoever is behind these addresses, and behind theirs, down to nested_multisigs_max multisigs.
Task<Holders> search_holders(std::vector<Pubkey> level, VaultSearchOptions options);

/// Who holds an authority or an address. Of `holders`, the address itself is one where it was searched.
Custodian custodian_of(const std::string& role, const Pubkey& address, const Holders& holders);

/// The members of a multisig, or whoever votes under a governance.
Custodian custodian_keeper(const Keeper& keeper, const Holders& holders);

/// Whoever votes in a realm.
Custodian custodian_realm(const RealmSeen& realm, const Holders& holders);

/// Adds the tree, in words under "authority chain" and in JSON as `authorityChain`.
void explain_chain(Explanation& explanation, const Custodian& top);

}  // namespace readyctl
