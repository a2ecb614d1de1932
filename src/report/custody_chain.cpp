#include "report/custody_chain.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "solana/derive.hpp"
#include "solana/names.hpp"
#include "solana/squads_vaults.hpp"

namespace readyctl {
namespace {

// Everybody with power over a multisig who is no key.
std::vector<Pubkey> off_curve(const Multisig& multisig) {
  std::vector<Pubkey> keys;
  for (const MultisigMember& member : multisig.members) {
    if (!is_on_curve(member.key)) keys.push_back(member.key);
  }
  if (!multisig.is_autonomous() && !is_on_curve(multisig.config_authority)) keys.push_back(multisig.config_authority);
  return keys;
}

// Walks from a multisig to its members. A multisig that stands in two places is shown in the first.
class Tree {
 public:
  explicit Tree(const Holders& holders) : holders_(holders) {}

  Custodian multisig(const Pubkey& address, const Multisig& settings) {
    Custodian node{
        .role = "multisig", .address = address, .kind = "squads-v4-multisig", .words = "", .facts = {}, .holders = {}};
    node.facts = {
        {"threshold", settings.threshold}, {"voters", settings.voters()}, {"timeLock", settings.time_lock_seconds}};
    node.words =
        "Squads v4 multisig, " + std::to_string(settings.threshold) + " of " + counted(settings.voters(), "voter") +
        " must approve, time lock " +
        (settings.time_lock_seconds == 0 ? "none" : duration_text(std::chrono::seconds(settings.time_lock_seconds)));
    if (!shown_.insert(address).second) {
      node.words += "; its members are above";
      node.facts["isAbove"] = true;  // who reads the JSON must not take it for a multisig of nobody
      return node;
    }
    path_.push_back(address);
    for (const MultisigMember& member : settings.members) {
      Custodian holder = holder_of("member", member.key);
      holder.words = words_for(member.permissions) + "; " + holder.words;
      holder.facts["permissions"] = names_of(member.permissions);
      node.holders.push_back(std::move(holder));
    }
    if (!settings.is_autonomous()) {
      Custodian holder = holder_of("config authority", settings.config_authority);
      holder.words = "may change members, threshold and time lock alone; " + holder.words;
      node.holders.push_back(std::move(holder));
    }
    path_.pop_back();
    return node;
  }

  Custodian holder_of(const std::string& role, const Pubkey& address) {
    Custodian node{.role = role, .address = address, .kind = "key", .words = "", .facts = {}, .holders = {}};
    node.facts = Json::object();
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
  void add_search(Custodian& node, const VaultSearch& search) {
    if (search.is_multisig) {
      node.kind = "squads-v4-multisig-account";
      node.words = "the account of a Squads v4 multisig and not a vault of it: nothing signs for it";
      return;
    }
    if (!search.proven) {
      node.kind = "unknown";
      node.words = "off the curve, whose it is was not found; looked for it as a vault of a Squads v4 multisig in: " +
                   join(search.tried, "; ");
      node.facts["tried"] = search.tried;
      return;
    }
    const ProvenVault& vault = *search.proven;
    node.kind = "squads-v4-vault";
    node.words = "vault " + std::to_string(vault.index) + " of multisig " + to_string(vault.multisig_address) +
                 ", proven by derivation; " + vault.how;
    node.facts["multisig"] = to_string(vault.multisig_address);
    node.facts["vaultIndex"] = vault.index;
    if (std::find(path_.begin(), path_.end(), vault.multisig_address) != path_.end()) {
      node.kind = "circle";
      node.words += "; that multisig is above, so custody goes in a circle";
      return;
    }
    node.holders.push_back(multisig(vault.multisig_address, vault.multisig));
  }

  const Holders& holders_;
  std::vector<Pubkey> path_;  // of multisigs, from the first
  std::set<Pubkey> shown_;
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

void warn_of(Explanation& explanation, const Custodian& node) {
  if (node.kind == "circle") {
    explanation.dangers.push_back("custody goes in a circle: " + node.role + " " + to_string(node.address) + " is a " +
                                  node.words);
  }
  if (node.role == "member" && (node.kind == "unknown" || node.kind == "not-followed")) {
    explanation.dangers.push_back("nobody knows who is behind member " + to_string(node.address));
  }
  for (const Custodian& holder : node.holders) warn_of(explanation, holder);
}

}  // namespace

Task<Holders> search_holders(ProvenVault vault, VaultSearchOptions options) {
  if (options.hint) options.known.push_back(*options.hint);
  options.hint.reset();
  options.known.push_back(vault.multisig_address);
  Holders holders;
  std::vector<Pubkey> level = off_curve(vault.multisig);
  for (std::size_t depth = 0; depth < nested_multisigs_max; ++depth) {
    std::vector<Pubkey> next;
    for (const Pubkey& address : level) {
      if (holders.contains(address) || holders.size() == holders_searched_max) continue;
      const VaultSearch search = co_await search_multisig(address, options);
      holders.emplace(address, search);
      if (!search.proven) continue;
      options.known.push_back(search.proven->multisig_address);
      const std::vector<Pubkey> behind = off_curve(search.proven->multisig);
      next.insert(next.end(), behind.begin(), behind.end());
    }
    level = std::move(next);
  }
  co_return holders;
}

Custodian custodian_of(const std::string& role, const Pubkey& address, const Holders& holders) {
  return Tree(holders).holder_of(role, address);
}

Custodian custodian_multisig(const Pubkey& address, const Multisig& multisig, const Holders& holders) {
  return Tree(holders).multisig(address, multisig);
}

void explain_chain(Explanation& explanation, const Custodian& top) {
  say_node(explanation, top, 0);
  explanation.json["authorityChain"] = json_of(top);
  warn_of(explanation, top);
}

}  // namespace readyctl
