// Keepers: what an address is to the multisig or the governance that signs for it.
#include "base/text.hpp"
#include "report/inspect.hpp"
#include "solana/names.hpp"

namespace readyctl {
namespace {

std::string sort_of(const Keeper& keeper) {
  if (const auto* vault = std::get_if<ProvenVault>(&keeper)) {
    return "vault " + std::to_string(vault->index) + " of Squads v4 multisig " + to_string(vault->multisig_address);
  }
  if (const auto* authority = std::get_if<ProvenAuthority>(&keeper)) {
    return "authority " + std::to_string(authority->index) + " of Squads v3 multisig " +
           to_string(authority->multisig_address);
  }
  return "the native treasury of SPL governance " + to_string(address_of(keeper));
}

std::string kind_of(const Keeper& keeper) {
  if (std::holds_alternative<ProvenVault>(keeper)) return "squads-v4-vault";
  return std::holds_alternative<ProvenAuthority>(keeper) ? "squads-v3-authority" : "spl-governance-native-treasury";
}

}  // namespace

Json json_of(const Keeper& keeper) {
  if (const auto* vault = std::get_if<ProvenVault>(&keeper)) {
    return {{"kind", "squads-v4"},
            {"multisig", to_string(vault->multisig_address)},
            {"vaultIndex", vault->index},
            {"settings", json_of(vault->multisig)}};
  }
  if (const auto* authority = std::get_if<ProvenAuthority>(&keeper)) {
    return {{"kind", "squads-v3"},
            {"multisig", to_string(authority->multisig_address)},
            {"authorityIndex", authority->index},
            {"settings", json_of(authority->multisig)}};
  }
  const auto& governance = std::get<ProvenGovernance>(keeper);
  return {{"kind", "spl-governance"},
          {"governance", to_string(governance.address)},
          {"isNativeTreasury", governance.is_treasury},
          {"settings", json_of(governance.governance, governance.realm)}};
}

void explain_keeper(Explanation& explanation, const Keeper& keeper) {
  if (const auto* vault = std::get_if<ProvenVault>(&keeper)) return explain_multisig(explanation, vault->multisig);
  if (const auto* authority = std::get_if<ProvenAuthority>(&keeper)) {
    return explain_multisig(explanation, authority->multisig);
  }
  const auto& governance = std::get<ProvenGovernance>(keeper);
  explain_rules(explanation, governance.governance, governance.realm);
}

Explanation explain_kept(const Inspection& inspection) {
  const Keeper& keeper = *inspection.custody->keeper;
  Explanation explanation;
  explanation.kind = kind_of(keeper);
  explanation.summary = to_string(inspection.address) + " is " + sort_of(keeper) + ".";
  explanation.json = json_of(keeper);
  explanation.json.erase("kind");
  explanation.say(std::holds_alternative<ProvenGovernance>(keeper) ? "governance" : "multisig",
                  to_string(address_of(keeper)));
  explanation.go_on(words_for(keeper));
  explain_keeper(explanation, keeper);
  if (!inspection.account) explanation.say("account", "none yet: nothing was sent to it, or all was spent");
  return explanation;
}

}  // namespace readyctl
