// execution-window: can the transaction be executed in the announced time, under the rules of today?
//
// Reads     the multisig, the transaction, its proposal, the Clock and EpochSchedule sysvars, the features of slot
//           times: 1 round; then every other transaction of the multisig, as pending-proposals does, and in full those
//           that change the multisig; with `configAuthorityVault` the same of the multisig that the vault is of, and
//           all that it would do; the pending features where the window reaches into another epoch
// pass      the time lock is over within the window and not before it, no epoch ends before the window does, and
//           nothing that is live could change when it can be executed before the window closes
// fail      no live transaction; over before or after the window; an epoch that ends in time, and what features become
//           active then; a live change of time lock, threshold or members, by vote or by the config authority; a
//           config authority
// Source    Squads-Protocol/v4 vault_transaction_execute.rs, config_transaction_execute.rs and multisig_config.rs (a
//           change of members, threshold or time lock makes what is not yet approved stale, and waits for the time lock
//           itself, unless a config authority makes it); solana-sdk clock, epoch-schedule
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "engine/kind.hpp"
#include "engine/squads_queue.hpp"
#include "facts/epochs.hpp"
#include "facts/features.hpp"
#include "facts/history.hpp"
#include "facts/unix_time.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/execution_time.hpp"
#include "kinds/expectations.hpp"
#include "solana/anchor.hpp"
#include "solana/derive.hpp"
#include "solana/epochs.hpp"
#include "solana/instruction_words.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

// The rate of slots is the mean of this epoch so far; fewer slots than these say nothing.
constexpr std::uint64_t slots_measured_min = 1000;
// Slots may come faster than they did: an epoch that would end so much later may end in the window.
constexpr double fastest = 0.9;

/// How long the runtime means a slot to take, once the feature is active.
struct SlotTime {
  Pubkey feature;
  double milliseconds = 0;
};
constexpr double slot_milliseconds_at_first = 400;
constexpr std::array slot_times = {
    SlotTime{features::reduce_slot_time_to_350ms, 350}, SlotTime{features::reduce_slot_time_to_300ms, 300},
    SlotTime{features::reduce_slot_time_to_250ms, 250}, SlotTime{features::reduce_slot_time_to_200ms, 200}};

struct AuthorityVault {
  Pubkey multisig;
  std::uint8_t vault_index = 0;

  static constexpr auto fields() {
    return std::tuple{
        required("multisig", &AuthorityVault::multisig, "address of the multisig account (not of its vault)"),
        optional("vaultIndex", &AuthorityVault::vault_index, "which of its vaults; 0 unless said"),
    };
  }
  Pubkey address() const { return vault_address(multisig, vault_index).address; }
};

struct ExecutionWindow {
  Pubkey multisig;
  TransactionIndex transaction;
  std::optional<Time> not_before;
  std::optional<Time> not_after;
  bool may_be_earlier = false;
  bool across_epoch = false;
  std::vector<Pubkey> pending_features;
  std::optional<std::uint32_t> slot_milliseconds;
  std::vector<TransactionIndex> except;
  Holder config_authority;
  std::optional<AuthorityVault> config_authority_vault;

  static constexpr auto fields() {
    using Gate = ExecutionWindow;
    return std::tuple{
        required("multisig", &Gate::multisig, "address of the multisig account (not of its vault)"),
        required("transaction", &Gate::transaction, "which transaction of the multisig").known_later(),
        optional("notBefore", &Gate::not_before, "when the announced window opens; unless said, now"),
        optional("notAfter", &Gate::not_after, "when it closes; unless said, as soon as the time lock is over"),
        optional("mayBeEarlier", &Gate::may_be_earlier,
                 "true: members are trusted not to execute it before the window opens"),
        optional("acrossEpoch", &Gate::across_epoch,
                 "true: it may be executed in a later epoch than this one; pending features are judged then"),
        optional("pendingFeatures", &Gate::pending_features,
                 "features that may become active before it is executed, with `acrossEpoch`"),
        optional("slotMilliseconds", &Gate::slot_milliseconds,
                 "how long a slot takes; unless said, the mean of this epoch by the chain's clock; never more than the "
                 "runtime means it to"),
        optional("except", &Gate::except, "transactions that may change the multisig before it is executed, by index")
            .known_later(),
        optional("configAuthority", &Gate::config_authority,
                 "who may change the time lock without a vote; nobody unless said"),
        optional("configAuthorityVault", &Gate::config_authority_vault,
                 "the same, where that is a vault: what lies before the members of its multisig is judged too"),
    };
  }
  Result<void> validate(const Place& place) const {
    if (transaction.value == 0) return (place / "transaction").malformed("is 0; transactions are counted from 1");
    if (slot_milliseconds == 0U) return (place / "slotMilliseconds").malformed("is 0");
    if (!pending_features.empty() && !across_epoch) {
      return (place / "pendingFeatures").malformed("says nothing without \"acrossEpoch\"");
    }
    if (config_authority_vault && config_authority.kind != Holder::Kind::nobody) {
      return (place / "configAuthorityVault").malformed("says again what \"configAuthority\" says");
    }
    if (!not_before || !not_after || *not_before <= *not_after) return {};
    return (place / "notAfter").malformed("is before \"notBefore\"");
  }

  std::string name() const { return "transaction " + std::to_string(transaction.value); }
  std::string subject() const { return name() + " of multisig " + to_string(multisig); }
  Holder accepted_config_authority() const {
    return config_authority_vault ? Holder{Holder::Kind::exactly, config_authority_vault->address()} : config_authority;
  }
};

std::int64_t seconds_of(Time time) { return time.milliseconds / 1000; }

// --- the time lock

/// When the transaction is executed: not before `earliest`, and not after `latest`, by which an announced window has
/// closed, or opened where it does not close.
struct Execution {
  std::int64_t earliest = 0;
  std::int64_t latest = 0;
};

// What is not approved yet is judged as if it were approved now: it cannot be executed earlier than that.
std::optional<std::int64_t> approval_of(const ExecutionWindow& gate, const QueuedTransaction& transaction,
                                        const Multisig& multisig, const Clock& clock, Judgement& judgement) {
  judgement.rests_on(AccountRequest{proposal_address(gate.multisig, gate.transaction.value).address});
  const bool was_made = gate.transaction.value <= multisig.transaction_index;
  if (!was_made) {
    judgement.expect(
        false, {gate.name(), "exists", "the last one is " + std::to_string(multisig.transaction_index)},
        "the multisig has no such transaction: its last one is " + std::to_string(multisig.transaction_index));
    judgement.misnames(Misnamed{std::to_string(gate.transaction.value), "transaction", "", false});
    return std::nullopt;
  }
  const Prospect prospect = prospect_of(transaction, multisig);
  const auto proposal = transaction.proposal ? decode_proposal_head(transaction.proposal->bytes())
                                             : Result<Proposal>(malformed("", "no proposal"));
  const bool can_be_read = proposal.has_value();
  judgement.expect(prospect.is_live && can_be_read, {"proposal", "live", prospect.state},
                   "it cannot be executed: " + prospect.state);
  if (!prospect.is_live || !can_be_read) return std::nullopt;
  if (proposal->status == ProposalStatus::approved && proposal->status_since) return proposal->status_since;
  judgement.caveat("it is not approved yet, and was judged as if it were approved now");
  return clock.unix_timestamp;
}

void judge_window(const ExecutionWindow& gate, const Execution& execution, const Clock& clock, Judgement& judgement) {
  judgement.rests_on(facts::clock().request);
  const std::string when = moment_text(execution.earliest);
  judgement.note("chain's time", moment_text(clock.unix_timestamp));
  if (gate.not_after) {
    const std::int64_t end = seconds_of(*gate.not_after);
    judgement.expect(execution.earliest <= end, {"earliest execution", "by " + to_string(*gate.not_after), when},
                     "it can be executed from " + when + " on, and the window closes at " + to_string(*gate.not_after));
    judgement.expect(clock.unix_timestamp <= end, {"window", "open", "closed since " + to_string(*gate.not_after)},
                     "the window is over since " + to_string(*gate.not_after));
  } else {
    judgement.note("earliest execution", when);
  }
  if (!gate.not_before) return;
  const std::int64_t begin = seconds_of(*gate.not_before);
  const bool is_early = execution.earliest < begin;
  judgement.expect(
      !is_early || gate.may_be_earlier, {"earliest execution", "from " + to_string(*gate.not_before) + " on", when},
      "it can be executed from " + when + " on, before the window opens at " + to_string(*gate.not_before));
  if (is_early && gate.may_be_earlier) judgement.caveat("it can be executed from " + when + " on");
}

// --- the epoch

struct Pace {
  double slot_milliseconds = 0;
  std::string whence;
};

std::vector<Fact<FeatureState>> slot_time_facts() {
  std::vector<Fact<FeatureState>> facts;
  for (const SlotTime& one : slot_times) facts.push_back(facts::feature(one.feature));
  return facts;
}

/// What the runtime means a slot to take. `states` are those of slot_time_facts.
double slot_as_meant(const std::vector<FeatureState>& states) {
  double milliseconds = slot_milliseconds_at_first;
  for (std::size_t i = 0; i < states.size(); ++i) {
    if (states[i].is_active()) milliseconds = std::min(milliseconds, slot_times.at(i).milliseconds);
  }
  return milliseconds;
}

// A halt makes the mean of an epoch longer than the slots that are to come.
Pace at_most(Pace pace, double meant) {
  if (pace.slot_milliseconds <= meant) return pace;
  return {meant, "as the runtime means it; " +
                     std::to_string(static_cast<std::uint64_t>(std::min(pace.slot_milliseconds, 1e12))) + " ms " +
                     pace.whence};
}

/// How long a slot takes, as declared or measured; none: not known.
std::optional<Pace> pace_of(const ExecutionWindow& gate, const Clock& clock, const EpochSchedule& schedule) {
  if (gate.slot_milliseconds) return Pace{static_cast<double>(*gate.slot_milliseconds), "as declared"};
  const Slot begin = first_slot_of(schedule, clock.epoch);
  const std::uint64_t slots = clock.slot > begin ? clock.slot.value - begin.value : 0;
  const double seconds = static_cast<double>(clock.unix_timestamp) - static_cast<double>(clock.epoch_start_timestamp);
  if (slots < slots_measured_min || seconds <= 0) return std::nullopt;
  return Pace{seconds * 1000 / static_cast<double>(slots), "the mean of this epoch"};
}

/// Whether this epoch may end before the transaction is executed.
bool judge_epoch(const ExecutionWindow& gate, const Execution& execution, const Clock& clock,
                 const EpochSchedule& schedule, const Pace& pace, Judgement& judgement) {
  judgement.rests_on(facts::epoch_schedule().request);
  const Slot end = first_slot_of(schedule, clock.epoch + 1);
  const double slots = end > clock.slot ? static_cast<double>(end.value - clock.slot.value) : 0;
  const double seconds = std::min(slots * pace.slot_milliseconds / 1000, 1e12);
  const bool is_reached =
      static_cast<double>(execution.latest) - static_cast<double>(clock.unix_timestamp) >= seconds * fastest;
  const std::string when = "about " + moment_text(clock.unix_timestamp + static_cast<std::int64_t>(seconds));
  const std::string what = "epoch " + std::to_string(clock.epoch) + " ends " + when + ", in slot " + to_string(end);
  judgement.note("slot", std::to_string(static_cast<std::uint64_t>(pace.slot_milliseconds)) + " ms, " + pace.whence);
  judgement.expect(!is_reached || gate.across_epoch,
                   {"end of the epoch", "after " + moment_text(execution.latest), when},
                   what + ", before " + moment_text(execution.latest) + ": other rules may hold when it is executed");
  if (is_reached && gate.across_epoch) judgement.caveat(what);
  return is_reached;
}

/// The features that become active where the next epoch begins.
Fact<std::vector<FoundAccount>> pending_features() {
  return facts::program_accounts({known::feature_program, {AccountFilter{0, {0}}}, Slice{0, feature_account_bytes}});
}

void judge_features(const ExecutionWindow& gate, const std::vector<FoundAccount>& found, Judgement& judgement) {
  judgement.rests_on(pending_features().request);
  judgement.note("pending features", std::to_string(found.size()));
  for (const FoundAccount& one : found) {
    const std::string name = feature_name(one.address);
    const bool is_declared = std::find(gate.pending_features.begin(), gate.pending_features.end(), one.address) !=
                             gate.pending_features.end();
    judgement.expect(is_declared, {name, "declared", "pending"},
                     name + " is pending and becomes active before it is executed");
    if (is_declared) judgement.caveat(name + " becomes active before");
  }
}

// --- what could change it

bool changes_execution(const ConfigAction& action) {
  return std::holds_alternative<AddMember>(action) || std::holds_alternative<RemoveMember>(action) ||
         std::holds_alternative<ChangeThreshold>(action) || std::holds_alternative<SetTimeLock>(action);
}

bool is_excepted(const ExecutionWindow& gate, std::uint64_t index) {
  return std::any_of(gate.except.begin(), gate.except.end(),
                     [&](const TransactionIndex& one) { return one.value == index; });
}

std::string words_for_effect(const ConfigAction& action, std::int64_t approved_at) {
  const auto* lock = std::get_if<SetTimeLock>(&action);
  if (lock == nullptr) return "which makes what is not yet approved stale";
  return "after which it could be executed from " + moment_text(earliest_execution(approved_at, lock->seconds)) +
         " on, and which makes what is not yet approved stale";
}

/// From when on a live transaction can be executed: as if it were approved now, where it is not. Only while nobody can
/// change the time lock without a vote.
std::int64_t earliest_of(const QueuedTransaction& transaction, const Multisig& multisig, const Clock& clock) {
  const auto proposal = transaction.proposal ? decode_proposal_head(transaction.proposal->bytes())
                                             : Result<Proposal>(malformed("", "no proposal"));
  const bool is_approved = proposal && proposal->status == ProposalStatus::approved && proposal->status_since;
  return earliest_execution(is_approved ? *proposal->status_since : clock.unix_timestamp, multisig.time_lock_seconds);
}

std::string name_of(const LiveTransaction& live) {
  return "transaction " + std::to_string(live.transaction.index) + " (" + live.state + ")";
}

/// What the judged transaction rests on.
struct QueueRules {
  const Multisig& multisig;
  const Clock& clock;
  std::int64_t approved_at = 0;
};

// The changes by vote wait for the time lock too: what cannot be executed before the window closes, changes nothing in
// it. The first that can is named, so that none can make way for another.
bool comes_too_late(const ExecutionWindow& gate, const LiveTransaction& live, const QueueRules& rules) {
  return gate.not_after && rules.multisig.is_autonomous() &&
         earliest_of(live.transaction, rules.multisig, rules.clock) > seconds_of(*gate.not_after);
}

void judge_change(const ExecutionWindow& gate, const LiveTransaction& live, const QueueRules& rules,
                  Judgement& judgement) {
  const std::string name = name_of(live);
  judgement.rests_on(AccountRequest{live.transaction.address});
  const auto config = decode_config_transaction(live.transaction.account->bytes());
  if (!config) {
    return judgement.expect(false, {name, "can be read", config.error().what},
                            name + " changes the multisig and cannot be read: " + config.error().what);
  }
  const bool is_declared = is_excepted(gate, live.transaction.index);
  const bool is_late = comes_too_late(gate, live, rules);
  for (const ConfigAction& action : config->actions) {
    if (!changes_execution(action)) continue;
    const std::string would =
        "would " + words_for(action) + ", " + words_for_effect(action, rules.approved_at) +
        (is_late ? "; but only after the window closes, from " +
                       moment_text(earliest_of(live.transaction, rules.multisig, rules.clock)) + " on"
                 : "");
    judgement.expect(is_declared || is_late, {name, "changes nothing before", would}, name + " " + would);
    if (is_declared || is_late) judgement.caveat(name + " " + would);
  }
}

// The live transactions, other than the one that is judged, that change the multisig itself.
bool is_change(const LiveTransaction& live) {
  return live.transaction.account &&
         squads_account(live.transaction.account->bytes()) == SquadsAccount::config_transaction;
}

// What a config authority tells the Squads program, without a vote of this multisig.
bool changes_without_vote(const Instruction& instruction, const Pubkey& multisig) {
  constexpr std::array<std::string_view, 5> changes = {"multisig_add_member", "multisig_remove_member",
                                                       "multisig_change_threshold", "multisig_set_time_lock",
                                                       "multisig_set_config_authority"};
  if (instruction.program != known::squads_v4 || instruction.account(0) != multisig) return false;
  return std::any_of(changes.begin(), changes.end(), [&](std::string_view name) {
    const Discriminator first = anchor_instruction_discriminator(name);
    return instruction.data.size() >= first.size() && std::equal(first.begin(), first.end(), instruction.data.begin());
  });
}

void judge_authority_change(const ExecutionWindow& gate, const LiveTransaction& live, const Deeds& deeds,
                            Judgement& judgement) {
  const std::string name = name_of(live) + " of the config authority's multisig";
  judgement.rests_on(AccountRequest{live.transaction.address});
  const bool is_read = is_change(live) || deeds.words.size() == deeds.instructions.size();
  judgement.expect(is_read, {name, "can be read", is_read ? "can be read" : join(deeds.words, "; ")},
                   name + " cannot be read: " + join(deeds.words, "; "));
  for (const Instruction& one : deeds.instructions) {
    if (!changes_without_vote(one, gate.multisig)) continue;
    const std::string would = "would " + words_for(one);
    judgement.expect(false, {name, "changes nothing", would}, name + " " + would);
  }
}

// What lies before the members who decide for the config authority.
Task<bool> judge_authority_vault(ExecutionWindow gate, Judgement& judgement) {
  const AuthorityVault vault = *gate.config_authority_vault;
  const auto multisig_fact = facts::squads_multisig(vault.multisig);
  const Multisig multisig = co_await multisig_fact;
  judgement.rests_on(AccountRequest{vault.multisig});
  if (too_many_transactions(multisig)) co_return false;
  std::set<std::uint64_t> own;
  if (vault.multisig == gate.multisig) own.insert(gate.transaction.value);
  Task<std::vector<LiveTransaction>> enumeration = live_transactions(vault.multisig, multisig, own);
  const std::vector<LiveTransaction> live = co_await enumeration;
  std::vector<QueuedTransaction> wanted;
  for (const LiveTransaction& one : live) wanted.push_back(one.transaction);
  Task<std::vector<Deeds>> reading = deeds_of(vault.multisig, wanted);
  const std::vector<Deeds> deeds = co_await reading;
  for (std::size_t i = 0; i < live.size(); ++i) judge_authority_change(gate, live[i], deeds[i], judgement);
  judgement.note("live transactions of the config authority's multisig", std::to_string(live.size()));
  co_return true;
}

// --- the gate

Task<Finding> evaluate(ExecutionWindow gate) {
  const auto multisig_fact = facts::squads_multisig(gate.multisig);
  const auto clock_fact = facts::clock();
  const auto schedule_fact = facts::epoch_schedule();
  const auto heads_facts = heads_of_transaction(gate.multisig, gate.transaction.value);
  const auto pace_facts = slot_time_facts();
  auto all_facts = co_await all(multisig_fact, clock_fact, schedule_fact, heads_facts, pace_facts);
  auto& [multisig, clock, schedule, heads, slot_time_states] = all_facts;

  Judgement judgement;
  const QueuedTransaction judged = queued_transaction(gate.multisig, gate.transaction.value, heads[0], heads[1]);
  const auto approved_at = approval_of(gate, judged, multisig, clock, judgement);
  if (!approved_at) co_return about(gate.subject(), judgement.conclude(""));
  judgement.rests_on(AccountRequest{gate.multisig});
  judgement.note("time lock", duration_text(std::chrono::seconds(multisig.time_lock_seconds)));
  expect_holder(judgement, "config authority",
                multisig.is_autonomous() ? std::nullopt : std::optional(multisig.config_authority),
                gate.accepted_config_authority());
  if (!multisig.is_autonomous()) {
    judgement.caveat(
        "config authority " + named(multisig.config_authority) +
        " may change the time lock at any moment, without a vote" +
        (gate.config_authority_vault ? " of this multisig; nothing that lies before its own members does" : ""));
  }
  Execution execution{earliest_execution(*approved_at, multisig.time_lock_seconds), 0};
  const auto announced = gate.not_after ? gate.not_after : gate.not_before;
  execution.latest =
      std::max({execution.earliest, clock.unix_timestamp, announced ? seconds_of(*announced) : execution.earliest});
  judge_window(gate, execution, clock, judgement);

  const auto uncounted = too_many_transactions(multisig);
  if (uncounted && judgement.failed()) co_return about(gate.subject(), judgement.conclude(""));
  if (uncounted) co_return inconclusive(*uncounted);
  const std::set<std::uint64_t> own{gate.transaction.value};
  Task<std::vector<LiveTransaction>> enumeration = live_transactions(gate.multisig, multisig, own);
  const std::vector<LiveTransaction> live = co_await enumeration;
  const QueueRules rules{multisig, clock, *approved_at};
  for (const LiveTransaction& one : live) {
    if (is_change(one)) judge_change(gate, one, rules, judgement);
  }
  if (gate.config_authority_vault) {
    Task<bool> judging = judge_authority_vault(gate, judgement);
    const bool is_enumerated = co_await judging;
    if (!is_enumerated && judgement.failed()) co_return about(gate.subject(), judgement.conclude(""));
    if (!is_enumerated) {
      const Unobtainable unread{"too-many", "the multisig of the config authority has had too many transactions",
                                Retry::never};
      co_return inconclusive(unread);
    }
  }

  const auto pace = pace_of(gate, clock, schedule);
  if (!pace && judgement.failed()) co_return about(gate.subject(), judgement.conclude(""));
  if (!pace) {
    const Unobtainable unknown{
        "unmeasured", "this epoch is too young to measure how long a slot takes; say slotMilliseconds", Retry::now};
    co_return inconclusive(unknown);
  }
  const bool is_reached =
      judge_epoch(gate, execution, clock, schedule, at_most(*pace, slot_as_meant(slot_time_states)), judgement);
  std::vector<Fact<std::vector<FoundAccount>>> feature_facts;
  if (is_reached && gate.across_epoch) feature_facts.push_back(pending_features());
  const std::vector<std::vector<FoundAccount>> found = co_await each(feature_facts);
  for (const std::vector<FoundAccount>& pending : found) judge_features(gate, pending, judgement);
  co_return about(gate.subject(), judgement.conclude(gate.subject() + " can be executed from " +
                                                     moment_text(execution.earliest) + " on, as announced"));
}

}  // namespace

GateKind execution_window() {
  return gate_kind<ExecutionWindow>(
      {.name = "execution-window",
       .asks = "Can the transaction be executed in the announced time, under the rules of today?",
       .reads =
           "the multisig, both accounts of the transaction, the Clock and EpochSchedule sysvars and the features of "
           "slot times in one round; the "
           "head of every proposal in the next, 1000 a round, and in full the transactions that these do not say to be "
           "over; with `configAuthorityVault` also the transactions of that vault's multisig; the pending features "
           "where "
           "the window reaches into another epoch",
       .passes = "by the chain's clock the present time lock is over in the window and not before it, the epoch does "
                 "not end before the window does, and nothing that is live would change the time lock, the threshold "
                 "or the members before the window closes",
       .fails =
           "no live transaction; it can be executed before the window opens, or only after it closes; the window "
           "is over; the epoch ends before, or a feature that is pending becomes active; a live transaction that "
           "changes time lock, threshold or members, here or by the declared vault that is the config authority; a "
           "config authority",
       .why = "An upgrade that can be executed hours before it was announced, or after a rule changed, is not the one "
              "that people prepared for.",
       .remedy = "announce another window, or settle first what is named",
       .valid_for = valid_for_mutable_state},
      evaluate);
}

}  // namespace readyctl
