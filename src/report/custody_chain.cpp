#include "report/custody_chain.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "solana/derive.hpp"
#include "solana/names.hpp"
#include "solana/squads_vaults.hpp"

namespace readyctl {
namespace {

bool contains(const std::vector<Pubkey>& keys, const Pubkey& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

// The addresses for which the proposals of a governance sign.
std::vector<Pubkey> signers_of(const ProvenGovernance& governance) {
  return {governance.address, native_treasury_address(governance.realm.program, governance.address).address};
}

// Everybody who has power over a multisig, or over votes.
std::vector<Pubkey> with_power_over(const ProvenVault& vault) {
  std::vector<Pubkey> keys;
  for (const MultisigMember& member : vault.multisig.members) keys.push_back(member.key);
  if (!vault.multisig.is_autonomous()) keys.push_back(vault.multisig.config_authority);
  return keys;
}

std::vector<Pubkey> with_power_over(const ProvenAuthority& authority) { return authority.multisig.members; }

// Who can take everybody's tokens of a mint; nobody where it has no such extension.
std::optional<Pubkey> delegate_of(const Mint& mint) {
  for (const TokenExtension& extension : mint.extensions) {
    if (extension.id != token_extension::permanent_delegate) continue;
    const auto delegate = permanent_delegate(extension);
    if (delegate) return *delegate;
  }
  return std::nullopt;
}

void add_with_power(std::vector<Pubkey>& keys, const std::optional<VotingMint>& voting) {
  if (!voting || !voting->mint) return;
  if (voting->mint->mint_authority) keys.push_back(*voting->mint->mint_authority);
  const auto delegate = delegate_of(*voting->mint);
  if (delegate) keys.push_back(*delegate);
}

// How votes are counted and made.
std::vector<Pubkey> with_power_over_votes(const RealmSeen& realm) {
  std::vector<Pubkey> keys;
  if (realm.realm && realm.realm->authority) keys.push_back(*realm.realm->authority);
  add_with_power(keys, realm.community);
  add_with_power(keys, realm.council);
  return keys;
}

void add_council(std::vector<Pubkey>& keys, const RealmSeen& realm) {
  if (!realm.council_members) return;
  for (const TokenOwnerRecord& record : *realm.council_members) {
    keys.push_back(record.owner);
    if (record.delegate) keys.push_back(*record.delegate);
  }
}

std::vector<Pubkey> with_power_over(const RealmSeen& realm) {
  std::vector<Pubkey> keys = with_power_over_votes(realm);
  add_council(keys, realm);
  return keys;
}

// What a governance itself holds over the votes takes a vote of it, and is not followed.
std::vector<Pubkey> with_power_over(const ProvenGovernance& governance) {
  std::vector<Pubkey> keys = with_power_over_votes(governance.realm);
  const std::vector<Pubkey> itself = signers_of(governance);
  std::erase_if(keys, [&](const Pubkey& key) { return contains(itself, key); });
  add_council(keys, governance.realm);
  return keys;
}

// Those who are no keys.
std::vector<Pubkey> off_curve(std::vector<Pubkey> keys) {
  std::erase_if(keys, [](const Pubkey& key) { return is_on_curve(key); });
  return keys;
}

std::vector<Pubkey> off_curve(const Keeper& keeper) {
  return std::visit([](const auto& sort) { return off_curve(with_power_over(sort)); }, keeper);
}

// Walks from a multisig or a governance to the people. One that stands in two places is shown in the first.
class Tree {
 public:
  explicit Tree(const Holders& holders) : holders_(holders) {}

  Custodian keeper(const Keeper& keeper) {
    return std::visit([&](const auto& sort) { return node(sort); }, keeper);
  }

  Custodian realm(const RealmSeen& realm) {
    Custodian node = custodian_step("realm", realm.address, "spl-governance-realm");
    node.words = realm.realm ? "\"" + printable(realm.realm->name) + "\"" : realm.realm.error().what;
    if (!realm.realm) return node;
    node.facts["name"] = printable(realm.realm->name);
    if (!shown_.insert(realm.address).second) {
      node.words += "; who holds it is above";
      node.facts["isAbove"] = true;
      return node;
    }
    has_shown_realm_ = true;
    if (realm.realm->authority) {
      node.holders.push_back(
          over_votes("realm authority", *realm.realm->authority, "may change how votes are counted"));
    }
    if (realm.community) node.holders.push_back(mint("community", *realm.community));
    if (!realm.council) return node;
    Custodian council = mint("council", *realm.council);
    add_council(council, realm);
    node.holders.push_back(std::move(council));
    return node;
  }

  Custodian holder_of(const std::string& role, const Pubkey& address) {
    Custodian node = custodian_step(role, address, "key");
    if (is_on_curve(address)) {
      node.words = "a key, hot or hardware cannot be told";
      return node;
    }
    const auto found = holders_.find(address);
    if (found == holders_.end()) {
      node.kind = "not-followed";
      node.words = "off the curve, and not looked up: at most " + std::to_string(nested_multisigs_max) +
                   " multisigs below the first are followed, and " + std::to_string(holders_searched_max) +
                   " addresses";
      return node;
    }
    add_search(node, found->second);
    return node;
  }

 private:
  Custodian node(const ProvenVault& vault) {
    const Multisig& settings = vault.multisig;
    Custodian node = custodian_step("multisig", vault.multisig_address, "squads-v4-multisig");
    node.facts = {
        {"threshold", settings.threshold}, {"voters", settings.voters()}, {"timeLock", settings.time_lock_seconds}};
    node.words =
        "Squads v4 multisig, " + std::to_string(settings.threshold) + " of " + counted(settings.voters(), "voter") +
        " must approve, time lock " +
        (settings.time_lock_seconds == 0 ? "none" : duration_text(std::chrono::seconds(settings.time_lock_seconds)));
    if (!enter(node)) return node;
    if (is_behind_another()) node.danger = danger_of(vault.multisig_address, settings);
    for (const MultisigMember& member : settings.members) {
      Custodian holder = holder_of("member", member.key);
      holder.words = words_for(member.permissions) + "; " + holder.words;
      holder.facts["permissions"] = names_of(member.permissions);
      node.holders.push_back(std::move(holder));
    }
    if (!settings.is_autonomous()) {
      node.holders.push_back(
          power("config authority", settings.config_authority, "may change members, threshold and time lock alone"));
    }
    path_.pop_back();
    return node;
  }

  Custodian node(const ProvenAuthority& authority) {
    const SquadsV3Multisig& settings = authority.multisig;
    Custodian node = custodian_step("multisig", authority.multisig_address, "squads-v3-multisig");
    node.facts = {{"threshold", settings.threshold}, {"voters", settings.members.size()}, {"timeLock", 0}};
    node.words = "Squads v3 multisig, " + std::to_string(settings.threshold) + " of " +
                 counted(settings.members.size(), "member") + " must approve, no time lock: this version has none";
    if (!enter(node)) return node;
    if (is_behind_another() && settings.threshold <= 1) {
      node.danger = "in multisig " + to_string(authority.multisig_address) + " behind it one member alone can approve";
    }
    for (const Pubkey& member : settings.members) {
      Custodian holder = holder_of("member", member);
      holder.words = "may initiate, vote, execute; " + holder.words;
      holder.facts["permissions"] = {"initiate", "vote", "execute"};
      node.holders.push_back(std::move(holder));
    }
    path_.pop_back();
    return node;
  }

  Custodian node(const ProvenGovernance& proven) {
    const GovernanceConfig rules = as_applied(proven.governance.config);
    Custodian node = custodian_step("governance", proven.address, "spl-governance");
    node.facts = {{"program", to_string(proven.realm.program)},
                  {"realm", to_string(proven.realm.address)},
                  {"holdUpTime", rules.hold_up_seconds},
                  {"votingTime", rules.voting_seconds},
                  {"coolOffTime", rules.cool_off_seconds}};
    node.words = "SPL governance " + words_for(proven.realm) + ", program " + named(proven.realm.program);
    for (const Electorate& electorate : electorates_of(proven.governance, proven.realm)) {
      node.words += "; " + electorate.name + " " + words_for(electorate);
      node.facts[electorate.name + "VoteThreshold"] = words_for(electorate.threshold);
    }
    node.words += "; hold-up time " +
                  (rules.hold_up_seconds == 0 ? "none" : duration_text(std::chrono::seconds(rules.hold_up_seconds)));
    if (!enter(node)) return node;
    const Governed outside = std::exchange(governed_, governed_by(proven));
    node.holders.push_back(realm(proven.realm));
    governed_ = outside;
    path_.pop_back();
    return node;
  }

  // The governance whose realm is being shown.
  struct Governed {
    std::vector<Pubkey> itself;         // the addresses for which it signs
    std::set<std::string> electorates;  // who may vote
  };

  static Governed governed_by(const ProvenGovernance& proven) {
    Governed governed{signers_of(proven), {}};
    for (const Electorate& electorate : electorates_of(proven.governance, proven.realm)) {
      const bool may_vote = electorate.threshold.kind != VoteThreshold::Kind::disabled;
      if (may_vote) governed.electorates.insert(electorate.name);
    }
    return governed;
  }

  // Whether the multisig or governance is shown here; otherwise it was before, and the node says so.
  bool enter(Custodian& node) {
    if (!shown_.insert(node.address).second) {
      node.words += "; its " + std::string(node.role == "multisig" ? "members are" : "realm is") + " above";
      node.facts["isAbove"] = true;  // who reads the JSON must not take it for a multisig of nobody
      return false;
    }
    path_.push_back(node.address);
    return true;
  }

  // Of the first multisig the dangers are told with its settings.
  bool is_behind_another() const { return path_.size() > 1 || has_shown_realm_; }

  // What one alone can do in a multisig behind another, for which that other's rules are no help.
  static std::string danger_of(const Pubkey& address, const Multisig& settings) {
    std::vector<std::string> dangers;
    if (settings.threshold <= 1) dangers.emplace_back("one member alone can approve");
    if (!settings.is_autonomous()) {
      dangers.push_back("the config authority " + to_string(settings.config_authority) +
                        " alone can change members and threshold, with no vote");
    }
    return dangers.empty() ? "" : "in multisig " + to_string(address) + " behind it " + join(dangers, ", and ");
  }

  Custodian power(const std::string& role, const Pubkey& address, const std::string& what) {
    Custodian holder = holder_of(role, address);
    holder.words = what + "; " + holder.words;
    return holder;
  }

  Custodian mint(const std::string& who, const VotingMint& voting) {
    Custodian node = custodian_step(who + " mint", voting.address, "mint");
    if (!voting.mint) {
      node.kind = "unknown";
      node.words = voting.mint.error().what;
      return node;
    }
    node.facts["supply"] = std::to_string(voting.mint->supply);
    node.words = "whoever deposits of it votes for the " + who + "; supply " + std::to_string(voting.mint->supply) +
                 " base units";
    if (voting.mint->mint_authority) {
      node.holders.push_back(over_votes(who + " mint authority", *voting.mint->mint_authority, "may make votes"));
    } else {
      node.words += ", and nobody can make more";
    }
    if (const auto delegate = delegate_of(*voting.mint)) {
      node.holders.push_back(
          over_votes("permanent delegate of the " + who + " mint", *delegate, "may take and burn votes"));
    }
    if (!governed_.electorates.contains(who)) {
      for (Custodian& holder : node.holders) holder.danger.clear();
    }
    return node;
  }

  // A power over the votes of a realm: with the governance that they decide, it takes their vote; with one key, it is
  // a key over all of them.
  Custodian over_votes(const std::string& role, const Pubkey& address, const std::string& what) {
    if (contains(governed_.itself, address)) {
      Custodian node = custodian_step(role, address, "governance-itself");
      node.words = what + ", and is the governance above, so this takes a vote of it";
      return node;
    }
    Custodian node = power(role, address, what + " alone");
    if (node.kind == "key") node.danger = "one key, the " + role + " " + to_string(address) + ", " + what;
    return node;
  }

  void add_council(Custodian& council, const RealmSeen& realm) {
    if (!realm.council_members) {
      council.words += "; who has deposited it is not known: " + realm.council_members.error().what;
      return;
    }
    council.facts["depositors"] = realm.council_members->size();
    for (const TokenOwnerRecord& record : *realm.council_members) {
      Custodian member = power("council member", record.owner, "has " + counted(record.deposit, "vote"));
      member.facts["votes"] = std::to_string(record.deposit);
      council.holders.push_back(std::move(member));
      if (!record.delegate) continue;
      council.holders.push_back(
          power("delegate", *record.delegate, "may vote in the place of " + to_string(record.owner)));
    }
  }

  void add_search(Custodian& node, const VaultSearch& search) {
    if (search.is_multisig) {
      node.kind = "squads-v4-multisig-account";
      node.words = "the account of a Squads v4 multisig and not a vault of it: nothing signs for it";
      return;
    }
    if (!search.keeper) {
      node.kind = "unknown";
      node.words = "off the curve, whose it is was not found; looked for the multisig or governance behind it in: " +
                   join(search.tried, "; ");
      node.facts["tried"] = search.tried;
      return;
    }
    add_sort(node, search);
    const Pubkey keeper_address = address_of(*search.keeper);
    if (contains(path_, keeper_address)) {
      node.kind = "circle";
      node.words += "; that " + std::string(search.governance() != nullptr ? "governance" : "multisig") +
                    " is above, so custody goes in a circle";
      return;
    }
    node.holders.push_back(keeper(*search.keeper));
  }

  // What the address is to its keeper.
  static void add_sort(Custodian& node, const VaultSearch& search) {
    node.words = words_for(*search.keeper);
    if (const ProvenVault* vault = search.vault()) {
      node.kind = "squads-v4-vault";
      node.facts["multisig"] = to_string(vault->multisig_address);
      node.facts["vaultIndex"] = vault->index;
    }
    if (const ProvenAuthority* authority = search.authority()) {
      node.kind = authority->index == 0 ? "squads-v3-multisig-account" : "squads-v3-authority";
      node.facts["multisig"] = to_string(authority->multisig_address);
      node.facts["authorityIndex"] = authority->index;
    }
    if (const ProvenGovernance* governance = search.governance()) {
      node.kind = governance->is_treasury ? "spl-governance-native-treasury" : "spl-governance-account";
      node.facts["governance"] = to_string(governance->address);
    }
  }

  const Holders& holders_;
  std::vector<Pubkey> path_;  // of multisigs and governances, from the first
  Governed governed_;
  std::set<Pubkey> shown_;
  bool has_shown_realm_ = false;
};

void say_node(Explanation& explanation, const Custodian& node, std::size_t depth) {
  const std::string text = std::string(2 * depth, ' ') + node.role + " " + named(node.address) +
                           (node.words.empty() ? "" : ": " + node.words);
  if (depth == 0) {
    explanation.say("authority chain", text);
  } else {
    explanation.go_on(text);
  }
  for (const Custodian& holder : node.holders) say_node(explanation, holder, depth + 1);
}

Json json_of(const Custodian& node) {
  Json json = node.facts;
  json["role"] = node.role;
  json["address"] = to_string(node.address);
  json["kind"] = node.kind;
  json["holders"] = Json::array();
  for (const Custodian& holder : node.holders) json["holders"].push_back(json_of(holder));
  return json;
}

// A member of a multisig or a council, who decides over votes, or who may replace code or rules.
bool has_power(const std::string& role) {
  return role.ends_with("member") || role == "delegate" || role == "realm authority" ||
         role.ends_with("mint authority") || role.starts_with("permanent delegate") || role == "upgrade authority" ||
         role == "buffer authority" || role == "config authority";
}

// Who is behind an address with power; empty where that is known.
std::string doubt_about(const Custodian& node) {
  const std::string who = node.role + " " + to_string(node.address);
  if (node.kind == "unknown") return "nobody knows who is behind " + who;
  if (node.kind == "not-followed") return "who is behind " + who + " was not looked up";
  // With the program's own lines.
  const bool is_told = node.role == "upgrade authority" || node.role == "buffer authority";
  if (is_told) return "";
  if (node.kind == "squads-v4-multisig-account") {
    return who + " is the account of a multisig and not its vault: nothing can sign for it";
  }
  if (node.kind == "squads-v3-multisig-account") {
    return who + " is the account of a multisig and not an authority of it: it can sign for nothing but changes of it";
  }
  return "";
}

void warn_of(Explanation& explanation, const Custodian& node) {
  if (node.kind == "circle") {
    explanation.dangers.push_back("custody goes in a circle: " + node.role + " " + to_string(node.address) + ": " +
                                  node.words);
  }
  const std::string doubt = doubt_about(node);
  if (!doubt.empty() && has_power(node.role)) explanation.dangers.push_back(doubt);
  if (!node.danger.empty()) explanation.dangers.push_back(node.danger);
  for (const Custodian& holder : node.holders) warn_of(explanation, holder);
}

}  // namespace

Custodian custodian_step(std::string role, const Pubkey& address, std::string kind) {
  return {.role = std::move(role),
          .address = address,
          .kind = std::move(kind),
          .words = "",
          .facts = Json::object(),
          .danger = "",
          .holders = {}};
}

std::vector<Pubkey> not_keys(const Keeper& keeper) { return off_curve(keeper); }

std::vector<Pubkey> not_keys(const RealmSeen& realm) { return off_curve(with_power_over(realm)); }

Task<Holders> search_holders(std::vector<Pubkey> level, VaultSearchOptions options) {
  if (options.hint) options.known.push_back(*options.hint);
  options.hint.reset();
  Holders holders;
  for (std::size_t depth = 0; depth < nested_multisigs_max; ++depth) {
    std::vector<Pubkey> next;
    for (const Pubkey& address : level) {
      if (holders.contains(address) || holders.size() == holders_searched_max) continue;
      const VaultSearch search = co_await search_multisig(address, options);
      holders.emplace(address, search);
      if (!search.keeper) continue;
      options.known.push_back(address_of(*search.keeper));
      const std::vector<Pubkey> behind = off_curve(*search.keeper);
      next.insert(next.end(), behind.begin(), behind.end());
    }
    level = std::move(next);
  }
  co_return holders;
}

Custodian custodian_of(const std::string& role, const Pubkey& address, const Holders& holders) {
  return Tree(holders).holder_of(role, address);
}

Custodian custodian_keeper(const Keeper& keeper, const Holders& holders) { return Tree(holders).keeper(keeper); }

Custodian custodian_realm(const RealmSeen& realm, const Holders& holders) { return Tree(holders).realm(realm); }

void explain_chain(Explanation& explanation, const Custodian& top) {
  say_node(explanation, top, 0);
  explanation.json["authorityChain"] = json_of(top);
  warn_of(explanation, top);
}

}  // namespace readyctl
