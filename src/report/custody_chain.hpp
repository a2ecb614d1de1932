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
  std::string role;  ///< "program", "upgrade authority", "multisig", "member", …
  Pubkey address;
  std::string kind;   ///< "key", "squads-v4-vault", "squads-v4-multisig", "circle", "unknown", …: fixed names for tools
  std::string words;  ///< what is known of it
  Json facts = Json::object();
  std::vector<Custodian> holders;
};

/// Off the curve, and whose vault each is, as far as that was looked for.
using Holders = std::map<Pubkey, VaultSearch>;

/// So many addresses are looked up at most; each may take several rounds.
inline constexpr std::size_t holders_searched_max = 32;

/// Looks for whoever is behind the members and the config authority of a multisig, and behind theirs, down to
/// nested_multisigs_max multisigs below it.
Task<Holders> search_holders(ProvenVault vault, VaultSearchOptions options);

/// Who holds an authority or an address. Of `holders`, the address itself is one where it was searched.
Custodian custodian_of(const std::string& role, const Pubkey& address, const Holders& holders);

/// The members of a multisig whose account is at this address.
Custodian custodian_multisig(const Pubkey& address, const Multisig& multisig, const Holders& holders);

/// Adds the tree, in words under "authority chain" and in JSON as `authorityChain`.
void explain_chain(Explanation& explanation, const Custodian& top);

}  // namespace readyctl
