// The rules of a Squads multisig: members, threshold, and in version 4 time lock and config authority.
#include <algorithm>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "kinds/custody_squads.hpp"
#include "solana/names.hpp"

namespace readyctl {
namespace {

// A judgement of which everything said begins with whose rules these are.
class CustodyRules {
 public:
  CustodyRules(std::string subject, Judgement& judgement) : subject_(std::move(subject)), judgement_(judgement) {}

  void expect(bool holds, Judgement::Seen seen, const std::string& otherwise) {
    seen.what.insert(0, subject_);
    judgement_.expect(holds, std::move(seen), subject_ + otherwise);
  }
  void note(const std::string& what, std::string observed) { judgement_.note(subject_ + what, std::move(observed)); }
  bool are_nested() const { return !subject_.empty(); }
  void caveat(const std::string& words) { judgement_.caveat(subject_ + words); }

 private:
  std::string subject_;
  Judgement& judgement_;
};

std::string listed(const std::vector<Pubkey>& keys) {
  std::vector<std::string> words;
  std::transform(keys.begin(), keys.end(), std::back_inserter(words), [](const Pubkey& key) { return to_string(key); });
  return words.empty() ? "none" : join(words, ", ");
}

// The members as people count them: each once, however often the account lists them.
struct Membership {
  std::set<Pubkey> distinct;
  std::set<Pubkey> proposers;
  std::set<Pubkey> voters;
  std::set<Pubkey> executors;
  std::vector<Pubkey> listed_again;
  std::vector<Pubkey> silent;  ///< may not vote

  explicit Membership(const Multisig& multisig) {
    for (const MultisigMember& member : multisig.members) {
      if (!distinct.insert(member.key).second) listed_again.push_back(member.key);
      if (member.permissions.can_initiate()) proposers.insert(member.key);
      if (member.permissions.can_vote()) voters.insert(member.key);
      if (member.permissions.can_execute()) executors.insert(member.key);
    }
    std::set_difference(distinct.begin(), distinct.end(), voters.begin(), voters.end(), std::back_inserter(silent));
  }

  // "2 of 3 members may vote (who may not: 9xQ…)"
  std::string votes_in_words() const {
    const std::string who = silent.empty() ? "" : " (who may not: " + listed(silent) + ")";
    return std::to_string(voters.size()) + " of " + counted(distinct.size(), "member") + " may vote" + who;
  }
};

// A member who may not vote adds nobody to the approval of an upgrade, so it does not count.
void judge_count(const SquadsVault& custody, const Membership& membership, CustodyRules& rules) {
  if (!membership.silent.empty()) rules.caveat("only " + membership.votes_in_words());
  if (!custody.min_members) return rules.note("members", membership.votes_in_words());
  const std::size_t least = *custody.min_members;
  const std::size_t members = membership.distinct.size();
  const std::string only = members < least ? "the multisig has " + counted(members, "distinct member") : "only";
  const bool says_votes = members >= least || !membership.silent.empty();
  const std::string votes = says_votes ? (members < least ? ", " : " ") + membership.votes_in_words() : "";
  const std::string expected = "at least " + std::to_string(least);
  rules.expect(membership.voters.size() >= least, {"members", expected + " who may vote", membership.votes_in_words()},
               only + votes + ", expected " + expected);
}

void judge_membership(const Multisig& multisig, const Membership& membership, CustodyRules& rules) {
  rules.expect(membership.listed_again.empty(), {"members listed twice", "none", listed(membership.listed_again)},
               "the multisig lists a member more than once: " + listed(membership.listed_again));
  for (const MultisigMember& member : multisig.members) {
    const std::string words = words_for(member.permissions);
    rules.expect(!member.permissions.has_unknown_bits(), {"member " + to_string(member.key), "", words},
                 "member " + to_string(member.key) + " has permission bits that the Squads program does not know: " +
                     std::to_string(member.permissions.mask));
  }
  rules.expect(multisig.proposers() > 0,
               {"members who may initiate", "at least 1", std::to_string(multisig.proposers())},
               "no member may initiate, so no upgrade can be proposed");
  rules.expect(multisig.executors() > 0,
               {"members who may execute", "at least 1", std::to_string(multisig.executors())},
               "no member may execute, so no approved upgrade can happen");
}

// "a member", "members".
struct Role {
  std::string one;
  std::string many;
};

void judge_list(const Role& role, const std::optional<std::vector<Pubkey>>& declared, const std::set<Pubkey>& found,
                CustodyRules& rules) {
  if (!declared) return;
  const std::set<Pubkey> expected(declared->begin(), declared->end());
  std::vector<Pubkey> missing;
  std::vector<Pubkey> unexpected;
  std::set_difference(expected.begin(), expected.end(), found.begin(), found.end(), std::back_inserter(missing));
  std::set_difference(found.begin(), found.end(), expected.begin(), expected.end(), std::back_inserter(unexpected));
  rules.expect(missing.empty(), {"declared " + role.many + " that are missing", "none", listed(missing)},
               "declared and not " + role.one + ": " + listed(missing));
  rules.expect(unexpected.empty(), {role.many + " that are not declared", "none", listed(unexpected)},
               role.one + " and not declared: " + listed(unexpected));
}

std::string expected_threshold(const SquadsVault& custody) {
  std::vector<std::string> words{"at least " + std::to_string(std::max(1U, custody.min_threshold.value_or(1)))};
  if (custody.min_threshold_ratio) {
    const std::string ratio = Json(custody.min_threshold_ratio->value).dump();
    words.push_back("at least " + ratio + " of those who may vote");
  }
  return join(words, ", ");
}

void judge_threshold(const SquadsVault& custody, const Multisig& multisig, const Membership& membership,
                     CustodyRules& rules) {
  const std::uint32_t threshold = multisig.threshold;
  const std::size_t voters = membership.voters.size();
  const std::string found = std::to_string(threshold) + " of " + counted(voters, "voter");
  std::vector<std::string> wrong;
  if (threshold == 0) wrong.emplace_back("threshold is 0: an upgrade needs no approval");
  if (threshold > voters) {
    wrong.push_back("threshold " + std::to_string(threshold) + " cannot be reached: " + membership.votes_in_words());
  }
  if (custody.min_threshold && threshold < *custody.min_threshold) {
    wrong.push_back("threshold is " + found + ", expected at least " + std::to_string(*custody.min_threshold));
  }
  // Ratios such as 2/3 have no exact double; the allowance is far below one vote.
  const double needed =
      custody.min_threshold_ratio ? custody.min_threshold_ratio->value * static_cast<double>(voters) : 0;
  if (static_cast<double>(threshold) + 1e-9 < needed) {
    wrong.push_back("threshold is " + found + ", expected at least " + Json(custody.min_threshold_ratio->value).dump() +
                    " of those who may vote");
  }
  rules.expect(wrong.empty(), {"threshold", expected_threshold(custody), found}, join(wrong, "; "));
  if (threshold == 1)
    rules.caveat(rules.are_nested() ? "one member alone is enough" : "one member alone can approve an upgrade");
}

void judge_timelock(const SquadsVault& custody, const Multisig& multisig, CustodyRules& rules) {
  const std::string found = timelock_in_words(multisig.time_lock_seconds);
  if (!custody.min_timelock_hours) return rules.note("time lock", found);
  const std::uint64_t least = std::uint64_t{*custody.min_timelock_hours} * 3600;
  const std::string expected = "at least " + timelock_in_words(least);
  rules.expect(multisig.time_lock_seconds >= least, {"time lock", expected, found},
               "time lock is " + found + ", expected " + expected);
}

void judge_config_authority(const SquadsVault& custody, const Multisig& multisig, CustodyRules& rules) {
  const std::optional<Pubkey> found =
      multisig.is_autonomous() ? std::nullopt : std::optional(multisig.config_authority);
  const std::string expected = custody.config_authority.words();
  const std::string power = "may change members, threshold and time lock alone, without a vote";
  rules.expect(custody.config_authority.accepts(found), {"config authority", expected, named(found)},
               found ? "config authority " + named(found) + " " + power + "; expected " + expected
                     : "the multisig has no config authority, expected " + expected);
  if (custody.config_authority.kind == Holder::Kind::anybody) rules.caveat("any config authority was accepted");
  if (found) rules.caveat("config authority " + named(found) + " " + power);
}

// It can do nothing with the vault, so it is told, and judged only where somebody is declared.
void judge_rent_collector(const SquadsVault& custody, const Multisig& multisig, CustodyRules& rules) {
  const std::optional<Pubkey>& found = multisig.rent_collector;
  if (!custody.rent_collector) {
    if (found) rules.note("rent collector", to_string(*found));
    return;
  }
  const std::string expected = custody.rent_collector->words();
  rules.expect(custody.rent_collector->accepts(found), {"rent collector", expected, named(found)},
               "rent collector is " + named(found) + ", expected " + expected);
}

}  // namespace

std::string timelock_in_words(std::uint64_t seconds) {
  std::string text = counted(seconds / 3600, "hour");
  if (seconds % 3600 != 0)
    text += " " + std::to_string(seconds / 60 % 60) + " min " + std::to_string(seconds % 60) + " s";
  return text + " (" + std::to_string(seconds) + " s)";
}

std::string rules_in_words(const Multisig& multisig) {
  return std::to_string(multisig.threshold) + " of " + counted(multisig.voters(), "voter") + ", time lock " +
         timelock_in_words(multisig.time_lock_seconds);
}

void judge_people(const SquadsVault& expected, const Multisig& multisig, const std::string& subject,
                  Judgement& judgement) {
  const Membership membership(multisig);
  CustodyRules rules(subject, judgement);
  judge_count(expected, membership, rules);
  judge_membership(multisig, membership, rules);
  judge_list({"a member", "members"}, expected.members, membership.distinct, rules);
  judge_list({"a proposer", "proposers"}, expected.proposers, membership.proposers, rules);
  judge_list({"a voter", "voters"}, expected.voters, membership.voters, rules);
  judge_list({"an executor", "executors"}, expected.executors, membership.executors, rules);
  judge_threshold(expected, multisig, membership, rules);
}

void judge_rules(const SquadsVault& expected, const Multisig& multisig, const std::string& subject,
                 Judgement& judgement) {
  judge_people(expected, multisig, subject, judgement);
  CustodyRules rules(subject, judgement);
  judge_timelock(expected, multisig, rules);
  judge_config_authority(expected, multisig, rules);
  judge_rent_collector(expected, multisig, rules);
  rules.note("last transaction", std::to_string(multisig.transaction_index));
  rules.note("stale up to transaction", std::to_string(multisig.stale_transaction_index));
}

}  // namespace readyctl
