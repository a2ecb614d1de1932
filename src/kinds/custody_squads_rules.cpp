// The rules of a Squads v4 multisig: members, threshold, time lock, config authority.
#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "kinds/custody.hpp"
#include "solana/names.hpp"

namespace readyctl {
namespace {

std::string listed(const std::vector<Pubkey>& keys) {
  std::vector<std::string> words;
  std::transform(keys.begin(), keys.end(), std::back_inserter(words), [](const Pubkey& key) { return to_string(key); });
  return words.empty() ? "none" : join(words, ", ");
}

// The members as people count them: each once, however often the account lists them.
struct Membership {
  std::set<Pubkey> distinct;
  std::set<Pubkey> voters;
  std::vector<Pubkey> listed_again;
  std::vector<Pubkey> silent;  ///< may not vote

  explicit Membership(const Multisig& multisig) {
    for (const MultisigMember& member : multisig.members) {
      if (!distinct.insert(member.key).second) listed_again.push_back(member.key);
      if (member.permissions.can_vote()) voters.insert(member.key);
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
void judge_count(const SquadsV4Custody& custody, const Membership& membership, Judgement& judgement) {
  if (!membership.silent.empty()) judgement.caveat("only " + membership.votes_in_words());
  if (!custody.min_members) return judgement.note("members", membership.votes_in_words());
  const std::size_t least = *custody.min_members;
  const std::size_t members = membership.distinct.size();
  const std::string only = members < least ? "the multisig has " + counted(members, "distinct member") : "only";
  const bool says_votes = members >= least || !membership.silent.empty();
  const std::string votes = says_votes ? (members < least ? ", " : " ") + membership.votes_in_words() : "";
  const std::string expected = "at least " + std::to_string(least);
  judgement.expect(membership.voters.size() >= least,
                   {"members", expected + " who may vote", membership.votes_in_words()},
                   only + votes + ", expected " + expected);
}

void judge_membership(const Multisig& multisig, const Membership& membership, Judgement& judgement) {
  judgement.expect(membership.listed_again.empty(), {"members listed twice", "none", listed(membership.listed_again)},
                   "the multisig lists a member more than once: " + listed(membership.listed_again));
  for (const MultisigMember& member : multisig.members) {
    const std::string words = words_for(member.permissions);
    judgement.expect(
        !member.permissions.has_unknown_bits(), {"member " + to_string(member.key), "", words},
        "member " + to_string(member.key) +
            " has permission bits that the Squads program does not know: " + std::to_string(member.permissions.mask));
  }
  judgement.expect(multisig.proposers() > 0,
                   {"members who may initiate", "at least 1", std::to_string(multisig.proposers())},
                   "no member may initiate, so no upgrade can be proposed");
  judgement.expect(multisig.executors() > 0,
                   {"members who may execute", "at least 1", std::to_string(multisig.executors())},
                   "no member may execute, so no approved upgrade can happen");
}

void judge_member_list(const std::vector<Pubkey>& declared, const Membership& membership, Judgement& judgement) {
  const std::set<Pubkey> expected(declared.begin(), declared.end());
  std::vector<Pubkey> missing;
  std::vector<Pubkey> unexpected;
  const auto& found = membership.distinct;
  std::set_difference(expected.begin(), expected.end(), found.begin(), found.end(), std::back_inserter(missing));
  std::set_difference(found.begin(), found.end(), expected.begin(), expected.end(), std::back_inserter(unexpected));
  judgement.expect(missing.empty(), {"declared members that are missing", "none", listed(missing)},
                   "declared and not a member: " + listed(missing));
  judgement.expect(unexpected.empty(), {"members that are not declared", "none", listed(unexpected)},
                   "a member and not declared: " + listed(unexpected));
}

std::string expected_threshold(const SquadsV4Custody& custody) {
  std::vector<std::string> words{"at least " + std::to_string(std::max(1U, custody.min_threshold.value_or(1)))};
  if (custody.min_threshold_ratio) {
    const std::string ratio = Json(custody.min_threshold_ratio->value).dump();
    words.push_back("at least " + ratio + " of those who may vote");
  }
  return join(words, ", ");
}

void judge_threshold(const SquadsV4Custody& custody, const Multisig& multisig, const Membership& membership,
                     Judgement& judgement) {
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
  judgement.expect(wrong.empty(), {"threshold", expected_threshold(custody), found}, join(wrong, "; "));
  if (threshold == 1) judgement.caveat("one member alone can approve an upgrade");
}

void judge_timelock(const SquadsV4Custody& custody, const Multisig& multisig, Judgement& judgement) {
  const std::string found = timelock_in_words(multisig.time_lock_seconds);
  if (!custody.min_timelock_hours) return judgement.note("time lock", found);
  const std::uint64_t least = std::uint64_t{*custody.min_timelock_hours} * 3600;
  const std::string expected = "at least " + timelock_in_words(least);
  judgement.expect(multisig.time_lock_seconds >= least, {"time lock", expected, found},
                   "time lock is " + found + ", expected " + expected);
}

void judge_config_authority(const SquadsV4Custody& custody, const Multisig& multisig, Judgement& judgement) {
  const std::optional<Pubkey> found =
      multisig.is_autonomous() ? std::nullopt : std::optional(multisig.config_authority);
  const std::string expected = custody.config_authority.words();
  const std::string power = "may change members, threshold and time lock alone, without a vote";
  judgement.expect(custody.config_authority.accepts(found), {"config authority", expected, named(found)},
                   found ? "config authority " + named(found) + " " + power + "; expected " + expected
                         : "the multisig has no config authority, expected " + expected);
  if (custody.config_authority.kind == Holder::Kind::anybody) judgement.caveat("any config authority was accepted");
  if (found) judgement.caveat("config authority " + named(found) + " " + power);
}

}  // namespace

std::string timelock_in_words(std::uint64_t seconds) {
  std::string text = counted(seconds / 3600, "hour");
  if (seconds % 3600 != 0)
    text += " " + std::to_string(seconds / 60 % 60) + " min " + std::to_string(seconds % 60) + " s";
  return text + " (" + std::to_string(seconds) + " s)";
}

void judge_rules(const SquadsV4Custody& custody, const Multisig& multisig, Judgement& judgement) {
  const Membership membership(multisig);
  judge_count(custody, membership, judgement);
  judge_membership(multisig, membership, judgement);
  if (custody.members) judge_member_list(*custody.members, membership, judgement);
  judge_threshold(custody, multisig, membership, judgement);
  judge_timelock(custody, multisig, judgement);
  judge_config_authority(custody, multisig, judgement);
  judgement.note("last transaction", std::to_string(multisig.transaction_index));
  judgement.note("stale up to transaction", std::to_string(multisig.stale_transaction_index));
  if (multisig.rent_collector) judgement.note("rent collector", to_string(*multisig.rent_collector));
}

}  // namespace readyctl
