// What is behind the members of a multisig who are no keys: vaults of further multisigs, down to the people.
#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "kinds/custody_squads.hpp"
#include "solana/derive.hpp"
#include "solana/names.hpp"
#include "solana/squads_vaults.hpp"

namespace readyctl {
namespace {

std::string multisig_words(const Pubkey& address) { return "multisig " + to_string(address); }

// A member off the curve, in the multisig that is being looked at.
struct Seat {
  Pubkey member;
  Pubkey multisig;

  std::string words() const { return "member " + to_string(member) + " of " + multisig_words(multisig); }
};

class Descent {
 public:
  Descent(const SquadsV4Custody& custody, const MultisigAccounts& accounts, Judgement& judgement)
      : custody_(custody), accounts_(accounts), judgement_(judgement) {}

  void into(const SquadsVault& vault, const Multisig& multisig) {
    reached_.insert(vault.address());
    path_.push_back(&vault);
    std::set<Pubkey> members;
    for (const MultisigMember& member : multisig.members) {
      if (!members.insert(member.key).second) continue;
      if (member.permissions.can_vote()) votes_[member.key].push_back(&vault);
      if (!is_on_curve(member.key)) judge_seat({member.key, vault.multisig});
    }
    path_.pop_back();
  }

  // What the whole shows and no single multisig does.
  std::vector<std::string> conclude() {
    judgement_.rests_on(AccountRequest{custody_.multisig});
    judge_votes();
    judge_unreached();
    return std::move(held_);
  }

 private:
  using Path = std::vector<const SquadsVault*>;

  const SquadsVault* declaration_of(const Pubkey& member) const {
    if (custody_.address() == member) return &custody_;
    const auto found = std::find_if(custody_.nested.begin(), custody_.nested.end(),
                                    [&](const SquadsVault& vault) { return vault.address() == member; });
    return found == custody_.nested.end() ? nullptr : &*found;
  }

  void judge_seat(const Seat& seat) {
    judgement_.rests_on(AccountRequest{seat.multisig});
    if (const SquadsVault* vault = declaration_of(seat.member)) return judge_vault(seat, *vault);
    const auto& unproven = custody_.unproven_members;
    if (std::find(unproven.begin(), unproven.end(), seat.member) != unproven.end()) {
      reached_.insert(seat.member);
      judgement_.note(seat.words(), "off the curve, declared as one whose holders need not be known");
      return judgement_.caveat("who is behind " + seat.words() + " is not known, which the pack accepts");
    }
    const auto above = std::find_if(path_.begin(), path_.end(), [&](const SquadsVault* one) {
      return vault_index_of(seat.member, one->multisig).has_value();
    });
    if (above != path_.end()) return judge_circle(seat, above);
    judgement_.expect(false, {seat.words(), "holders that are known", "off the curve, and no declared vault"},
                      "the holders of " + seat.words() + " are not known: " + what_it_may_be(seat));
  }

  void judge_vault(const Seat& seat, const SquadsVault& vault) {
    const auto above = std::find_if(path_.begin(), path_.end(),
                                    [&](const SquadsVault* one) { return one->multisig == vault.multisig; });
    if (above != path_.end()) return judge_circle(seat, above);
    judgement_.note(seat.words(), vault.words());
    if (reached_.contains(vault.address())) return;
    reached_.insert(vault.address());
    const bool is_too_deep = path_.size() > nested_multisigs_max;
    judgement_.expect(!is_too_deep,
                      {"multisigs behind one another", "at most " + std::to_string(nested_multisigs_max),
                       is_too_deep ? "more" : std::to_string(path_.size())},
                      seat.words() + " is a vault behind " + std::to_string(nested_multisigs_max) +
                          " nested multisigs already: so deep nobody says who holds the program");
    const std::optional<Multisig> multisig = judge_multisig(vault.multisig, accounts_, judgement_);
    if (!multisig) return;
    judge_rules(vault, *multisig, multisig_words(vault.multisig) + ": ", judgement_);
    held_.push_back(seat.words() + " is " + vault.words() + ": " + rules_in_words(*multisig));
    if (!is_too_deep) into(vault, *multisig);
  }

  void judge_circle(const Seat& seat, Path::const_iterator above) {
    std::vector<std::string> words;
    for (auto vault = above; vault != path_.end(); ++vault) words.push_back(multisig_words((*vault)->multisig));
    words.push_back(words.front());
    judgement_.expect(false, {seat.words(), "no vault of a multisig above it", join(words, ", ")},
                      "custody goes in a circle by " + seat.words() + ": " + join(words, ", then "));
  }

  // For whoever has to find out: nothing here makes it known who holds the member.
  std::string what_it_may_be(const Seat& seat) const {
    const std::string nobody_said = "a program signs for it, and it is no vault that is declared under \"nested\"";
    for (const Pubkey& multisig : custody_.multisigs()) {
      if (seat.member == multisig) {
        return "it is the account of a multisig and not a vault of it, so nothing signs for it";
      }
      if (const auto index = vault_index_of(seat.member, multisig)) {
        return "it is vault " + std::to_string(*index) + " of " + multisig_words(multisig) +
               ", which is not declared under \"nested\"";
      }
    }
    return nobody_said + "; `readyctl inspect " + to_string(seat.member) + "` looks for its multisig";
  }

  // Whoever votes in two of the multisigs has two votes, so that fewer people than approvals suffice.
  void judge_votes() {
    const auto& shared = custody_.shared_members;
    for (const auto& [member, vaults] : votes_) {
      const bool is_declared = std::find(shared.begin(), shared.end(), member) != shared.end();
      if (vaults.size() == 1 && is_declared) {
        judgement_.caveat("shared member " + to_string(member) + " votes in one multisig only");
      }
      if (vaults.size() == 1) continue;
      std::vector<std::string> words;
      for (const SquadsVault* vault : vaults) words.push_back(vault->words());
      const std::string many = "member " + named(member) + " votes for " + join(words, " and ") +
                               ", so fewer people than approvals can replace the program";
      judgement_.expect(
          is_declared, {"votes of " + to_string(member), is_declared ? "declared as shared" : "one", join(words, ", ")},
          many);
      if (is_declared) judgement_.caveat(many);
    }
    for (const Pubkey& member : shared) {
      if (!votes_.contains(member)) judgement_.caveat("shared member " + to_string(member) + " votes in none of them");
    }
  }

  void judge_unreached() {
    for (const SquadsVault& vault : custody_.nested) {
      const bool is_reached = reached_.contains(vault.address());
      judgement_.expect(
          is_reached, {"nested " + vault.words(), "a member", is_reached ? "a member" : "no member"},
          vault.words() + " is declared under \"nested\" and is a member of no multisig that was looked at");
    }
    for (const Pubkey& member : custody_.unproven_members) {
      if (!reached_.contains(member)) judgement_.caveat("unproven member " + to_string(member) + " is no member");
    }
  }

  const SquadsV4Custody& custody_;
  const MultisigAccounts& accounts_;
  Judgement& judgement_;
  Path path_;  // from the first multisig to the one that is being looked at
  std::set<Pubkey> reached_;
  std::map<Pubkey, std::vector<const SquadsVault*>> votes_;
  std::vector<std::string> held_;
};

}  // namespace

std::vector<std::string> judge_nested(const SquadsV4Custody& custody, const Multisig& multisig,
                                      const MultisigAccounts& accounts, Judgement& judgement) {
  Descent descent(custody, accounts, judgement);
  descent.into(custody, multisig);
  return descent.conclude();
}

}  // namespace readyctl
