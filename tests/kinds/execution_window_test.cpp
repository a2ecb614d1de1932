#include <catch2/catch.hpp>

#include "facts/features.hpp"
#include "kinds/catalogue.hpp"
#include "solana/anchor.hpp"
#include "solana/epochs.hpp"
#include "support/gate.hpp"
#include "support/history.hpp"
#include "support/squads.hpp"
#include "support/verdicts.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Pubkey multisig = "EMAHqrWV6zW35sP5TzNkR8Btscc3ohi4444EL6XPVaWN"_pubkey;
const Pubkey alice = "2Zi8Zo9EZWBBEaeSCj2qyTNs7Bm9N5AFaseA7CTQw6W4"_pubkey;
const Pubkey vault = vault_address(multisig, 0).address;

constexpr std::int64_t approved_at = 1'700'000'000;  // 2023-11-14T22:13:20Z
constexpr std::uint32_t hour = 3600;

/// Epoch 10 of 432 000 slots began 20 000 s ago, 50 000 slots at 400 ms each; it ends in 382 000 slots, 42 hours.
Bytes clock_of(std::int64_t now, std::uint64_t slots_into_epoch = 50'000, std::uint64_t slot_milliseconds = 400) {
  Bytes data;
  put_u64(data, 10 * 432'000 + slots_into_epoch);
  put_u64(data, static_cast<std::uint64_t>(now) - slots_into_epoch * slot_milliseconds / 1000);
  put_u64(data, 10);
  put_u64(data, 11);
  put_u64(data, static_cast<std::uint64_t>(now));
  return data;
}

/// Transaction 5 was approved at 22:13:20; the time lock is two hours, so that it can be executed from 00:13:20 on.
struct Approved {
  FakeSource source;
  Queue queue{source, multisig};
  Multisig settings;

  Approved() {
    settings.threshold = 2;
    settings.time_lock_seconds = 2 * hour;
    settings.transaction_index = 6;
    settings.members = {{alice, {7}}};
    put_multisig();
    is_now(approved_at + 60);
    Bytes schedule;
    put_u64(schedule, 432'000);
    put_u64(schedule, 432'000);
    schedule.push_back(0);
    put_u64(schedule, 0);
    put_u64(schedule, 0);
    source.holds(known::epoch_schedule, {.owner = known::sysvar_owner, .data = schedule});
    queue.tells(5, {told(known::memo, {}, {1})});
    queue.proposes(5, ProposalStatus::approved, approved_at, {alice});
  }
  void put_multisig() { source.holds(multisig, multisig_account(settings)); }
  void is_now(std::int64_t now, std::uint64_t slots_into_epoch = 50'000, std::uint64_t slot_milliseconds = 400) {
    source.holds(known::clock,
                 {.owner = known::sysvar_owner, .data = clock_of(now, slots_into_epoch, slot_milliseconds)});
  }
  void would_set_time_lock(std::uint32_t seconds, ProposalStatus status = ProposalStatus::active) {
    queue.holds(6, time_lock_transaction_bytes(multisig, 6, seconds));
    queue.proposes(6, status);
  }
  void has_pending(const std::vector<Pubkey>& features) {
    Json list = Json::array();
    for (const Pubkey& one : features) {
      const Json account = {{"owner", to_string(known::feature_program)}, {"data", {to_base64(Bytes(9)), "base64"}}};
      list.push_back({{"pubkey", to_string(one)}, {"account", account}});
    }
    const ProgramQuery query{known::feature_program, {AccountFilter{0, {0}}}, Slice{0, 9}};
    source.answers(facts::program_accounts(query).request,
                   rpc_result({{"context", {{"slot", 100U}}}, {"value", list}}));
  }
  Finding decide(Json more = Json::object()) {
    more.emplace("multisig", to_string(multisig));
    more.emplace("transaction", "5");
    return decide_gate(execution_window(), more, source);
  }
};

const Json window = {{"notBefore", "2023-11-15T00:00:00Z"}, {"notAfter", "2023-11-15T02:00:00Z"}};

Json window_and(const std::string& name, const Json& value) {
  Json params = window;
  params[name] = value;
  return params;
}

}  // namespace

// The first slots of epochs, with and without the short epochs at the beginning.
TEST_CASE("epochs begin where the schedule says", "[kinds]") {
  const EpochSchedule plain{432'000, 432'000, false, 0, Slot{0}};
  CHECK(first_slot_of(plain, 0) == Slot{0});
  CHECK(first_slot_of(plain, 3) == Slot{1'296'000});
  const EpochSchedule warm{8192, 8192, true, 8, Slot{8160}};
  CHECK(first_slot_of(warm, 1) == Slot{32});
  CHECK(first_slot_of(warm, 8) == Slot{8160});
  CHECK(first_slot_of(warm, 9) == Slot{16352});
  CHECK(first_slot_of(plain, ~std::uint64_t{0}) == Slot{~std::uint64_t{0}});
  CHECK(first_slot_of({1, 1, true, ~std::uint64_t{0}, Slot{}}, 100) == Slot{~std::uint64_t{0}});
}

// The time lock ends in the window, and nothing that is live changes that.
TEST_CASE("execution-window passes on what was announced", "[kinds]") {
  Approved approved;
  passes(approved.decide(window), "can be executed from 2023-11-15T00:13:20Z on, as announced");
  passes(approved.decide(), "as announced");
  // It cannot be earlier, and nothing is said of it.
  CHECK(approved.decide(window_and("mayBeEarlier", true)).summary ==
        "transaction 5 of multisig " + to_string(multisig) +
            " can be executed from 2023-11-15T00:13:20Z on, as announced");
  CHECK(observed(approved.decide(), "slot").observed == "400 ms, the mean of this epoch");
}

// A transaction that was never made is not one that was closed.
TEST_CASE("execution-window says when there is no such transaction", "[kinds]") {
  Approved approved;
  const std::string last = std::to_string(approved.settings.transaction_index);
  const Finding finding = approved.decide({{"transaction", "77"}});
  fails(finding, "the multisig has no such transaction: its last one is " + last);
  REQUIRE(finding.misnamed);
  CHECK(finding.misnamed->value == "77");
}

// Too early, too late, and over.
TEST_CASE("execution-window judges the window", "[kinds]") {
  Approved approved;
  fails(approved.decide({{"notAfter", "2023-11-15T00:00:00Z"}}), "and the window closes at 2023-11-15T00:00:00Z");
  fails(approved.decide({{"notBefore", "2023-11-15T01:00:00Z"}}), "before the window opens at 2023-11-15T01:00:00Z");
  passes(approved.decide({{"notBefore", "2023-11-15T01:00:00Z"}, {"mayBeEarlier", true}}),
         "from 2023-11-15T00:13:20Z on");
  approved.is_now(approved_at + 5 * hour);
  fails(approved.decide(window), "the window is over since 2023-11-15T02:00:00Z");
}

// The lock that counts is the present one; what is not approved is judged as if it were approved now.
TEST_CASE("execution-window counts from the approval", "[kinds]") {
  Approved approved;
  approved.settings.time_lock_seconds = 48 * hour;
  approved.put_multisig();
  fails(approved.decide(window), "it can be executed from 2023-11-16T22:13:20Z on");
  Approved active;
  active.queue.proposes(5, ProposalStatus::active, approved_at);
  passes(active.decide(window), "it is not approved yet");
  Approved executed;
  executed.queue.proposes(5, ProposalStatus::executed, approved_at);
  fails(executed.decide(window), "it cannot be executed: Executed since");
  Approved nothing;
  nothing.source.holds(transaction_address(multisig, 5).address, {.owner = known::system_program, .data = {}});
  fails(nothing.decide(window), "it cannot be executed: closed");
}

// The end of the epoch, by the chain's own pace, and the features that come with the next.
TEST_CASE("execution-window judges the end of the epoch", "[kinds]") {
  Approved late;
  late.is_now(approved_at + 60, 430'000);
  fails(late.decide(window), "epoch 10 ends about 2023-11-14T22:27:40Z, in slot 4752000");
  late.has_pending({});
  passes(late.decide(window_and("acrossEpoch", true)), "epoch 10 ends about");
  late.has_pending({features::enable_sbpf_v3_deployment_and_execution});
  Json declared = window_and("acrossEpoch", true);
  fails(late.decide(declared),
        "feature enable_sbpf_v3_deployment_and_execution (5cC3foj77CWun58pC51ebHFUWavHWKarWyR5UUik7dnC) is pending");
  declared["pendingFeatures"] = {to_string(features::enable_sbpf_v3_deployment_and_execution)};
  passes(late.decide(declared), "becomes active before");
  fails(Approved().decide(window_and("slotMilliseconds", 30)), "epoch 10 ends");
}

// 37,000 slots of 400 ms end 21 minutes after the window; at nine tenths of that pace they end in it.
TEST_CASE("execution-window allows for slots that come a tenth faster", "[kinds]") {
  Approved approved;
  approved.is_now(approved_at + 60, 432'000 - 37'000);
  fails(approved.decide(window), "epoch 10 ends about 2023-11-15T02:21:00Z");
  approved.is_now(approved_at + 60, 432'000 - 38'000);
  passes(approved.decide(window), "as announced");
}

// A halt makes the mean of an epoch long, and says nothing of the slots to come; nor does a number that is mistyped.
TEST_CASE("execution-window takes no slot for longer than the runtime means it", "[kinds]") {
  Approved halted;
  halted.is_now(approved_at + 60, 425'000, 3000);
  const Finding finding = halted.decide(window);
  fails(finding, "epoch 10 ends about 2023-11-14T23:01:00Z");
  CHECK(observed(finding, "slot").observed == "400 ms, as the runtime means it; 3000 ms the mean of this epoch");
  Approved late;
  late.is_now(approved_at + 60, 425'000);
  fails(late.decide(window_and("slotMilliseconds", 400'000)), "epoch 10 ends about");
  Approved near;
  near.is_now(approved_at + 60, 387'000);
  passes(near.decide(window), "as announced");
  near.source.holds(features::reduce_slot_time_to_200ms,
                    {.owner = known::feature_program, .data = {1, 7, 0, 0, 0, 0, 0, 0, 0}});
  fails(near.decide(window), "epoch 10 ends about");
  Approved hidden;
  hidden.source.refuses(facts::feature(features::reduce_slot_time_to_250ms).request);
  CHECK(hidden.decide(window).outcome == Outcome::inconclusive);
}

// A pace that is not known is not guessed.
TEST_CASE("execution-window is inconclusive in a young epoch", "[kinds]") {
  Approved young;
  young.is_now(approved_at + 60, 500);
  CHECK(young.decide(window).outcome == Outcome::inconclusive);
  passes(young.decide(window_and("slotMilliseconds", 400)), "as announced");
  Approved silent;
  silent.is_now(approved_at + 60, 430'000);
  CHECK(silent.decide(window_and("acrossEpoch", true)).outcome == Outcome::inconclusive);
  Approved hidden;
  hidden.source.refuses(AccountRequest{known::epoch_schedule});
  CHECK(hidden.decide(window).outcome == Outcome::inconclusive);
}

// What could change the rules meanwhile.
TEST_CASE("execution-window names what could change the time lock", "[kinds]") {
  Approved approved;
  approved.would_set_time_lock(0);
  fails(
      approved.decide(window),
      "transaction 6 (Active since 2023-11-14T22:13:20Z) would set the time lock to 0 s, "
      "after which it could be executed from 2023-11-14T22:13:20Z on, and which makes what is not yet approved stale");
  passes(approved.decide(window_and("except", {"6"})), "would set the time lock to 0 s");
  approved.would_set_time_lock(0, ProposalStatus::executed);
  passes(approved.decide(window), "as announced");
  approved.settings.config_authority = alice;
  approved.put_multisig();
  fails(approved.decide(window), "config authority is " + to_string(alice));
  passes(approved.decide(window_and("configAuthority", to_string(alice))), "may change the time lock at any moment");
}

// A change by vote waits for the time lock too; one that comes after the window is told, and does no harm in it.
TEST_CASE("execution-window knows when a change could come", "[kinds]") {
  Approved approved;
  approved.would_set_time_lock(0);
  passes(approved.decide({{"notAfter", "2023-11-15T00:14:00Z"}}),
         "but only after the window closes, from 2023-11-15T00:14:20Z on");
  fails(approved.decide({{"notAfter", "2023-11-15T00:14:20Z"}}), "would set the time lock to 0 s");
  fails(approved.decide(), "would set the time lock to 0 s");
  approved.queue.proposes(6, ProposalStatus::approved, approved_at - 60);
  fails(approved.decide({{"notAfter", "2023-11-15T00:14:00Z"}}), "would set the time lock to 0 s");
  approved.queue.proposes(6, ProposalStatus::active);
  approved.settings.config_authority = alice;
  approved.put_multisig();
  const Json with_authority = {{"notAfter", "2023-11-15T00:14:00Z"}, {"configAuthority", to_string(alice)}};
  fails(approved.decide(with_authority), "would set the time lock to 0 s");
}

namespace {

const Pubkey guardians = "8qbHbw2BbbTHBW1sbeqakYXVKRQM8Ne7pLK7m6CVfeR"_pubkey;

/// The config authority is vault 0 of another multisig, which has had three transactions.
struct Guarded : Approved {
  Queue theirs{source, guardians};

  Guarded() {
    settings.config_authority = vault_address(guardians, 0).address;
    put_multisig();
    Multisig rules;
    rules.threshold = 1;
    rules.transaction_index = 3;
    rules.members = {{alice, {7}}};
    source.holds(guardians, multisig_account(rules));
  }
  /// Transaction 3 of theirs tells the Squads program this about a multisig.
  void would(const std::string& instruction, const Pubkey& of = multisig) {
    const Discriminator first = anchor_instruction_discriminator(instruction);
    Bytes data(first.begin(), first.end());
    data.resize(data.size() + 64);
    theirs.tells(3, {told(known::squads_v4, {of, vault_address(guardians, 0).address}, data)});
    theirs.proposes(3, ProposalStatus::active);
  }
  Finding decide_theirs(Json authority = {{"multisig", to_string(guardians)}}) {
    return decide(window_and("configAuthorityVault", std::move(authority)));
  }
};

}  // namespace

// Where the config authority is a vault, what lies before the members of that vault is looked at.
TEST_CASE("execution-window judges what the vault of the config authority would change", "[kinds]") {
  Guarded guarded;
  passes(guarded.decide_theirs(), "without a vote of this multisig; nothing that lies before its own members does");
  guarded.would("multisig_set_time_lock");
  fails(guarded.decide_theirs(),
        "transaction 3 (Active since 2023-11-14T22:13:20Z) of the config authority's multisig would set the time lock");
  for (const char* change : {"multisig_add_member", "multisig_remove_member", "multisig_change_threshold",
                             "multisig_set_config_authority"}) {
    guarded.would(change);
    fails(guarded.decide_theirs(), "of the config authority's multisig would ");
  }
  guarded.would("multisig_set_rent_collector");
  passes(guarded.decide_theirs(), "as announced");
  guarded.would("multisig_set_time_lock", guardians);
  passes(guarded.decide_theirs(), "as announced");
  guarded.would("multisig_set_time_lock");
  guarded.theirs.proposes(3, ProposalStatus::executed);
  passes(guarded.decide_theirs(), "as announced");
}

// A multisig may be its own config authority; what is judged is then not what would change it.
TEST_CASE("execution-window judges a multisig that is its own config authority", "[kinds]") {
  Approved approved;
  approved.settings.config_authority = vault;
  approved.put_multisig();
  const Json own = window_and("configAuthorityVault", {{"multisig", to_string(multisig)}});
  const Discriminator first = anchor_instruction_discriminator("multisig_set_time_lock");
  const Instruction change = told(known::squads_v4, {multisig, vault}, Bytes(first.begin(), first.end()));
  approved.queue.tells(5, {change});
  passes(approved.decide(own), "as announced");
  approved.queue.tells(6, {change});
  fails(approved.decide(own), "transaction 6 (no proposal yet) of the config authority's multisig would ");
}

// What cannot be read, cannot be had, or is of another vault.
TEST_CASE("execution-window takes no vault for the config authority unread", "[kinds]") {
  Guarded guarded;
  guarded.theirs.holds(3, time_lock_transaction_bytes(guardians, 3, 0));
  passes(guarded.decide_theirs(), "as announced");
  Bytes cut = vault_transaction_bytes({guardians, {}, 3, 255, 0, 255, {}, {}});
  cut.resize(cut.size() - 2);
  guarded.theirs.holds(3, cut);
  fails(guarded.decide_theirs(), "of the config authority's multisig cannot be read");
  fails(guarded.decide_theirs({{"multisig", to_string(guardians)}, {"vaultIndex", 1}}), "config authority is ");
  fails(guarded.decide(window), "config authority is ");
  Guarded silent;
  silent.source.refuses(AccountRequest{guardians});
  CHECK(silent.decide_theirs().outcome == Outcome::inconclusive);
  Guarded busy;
  Multisig rules;
  rules.transaction_index = 100'001;
  rules.members = {{alice, {7}}};
  busy.source.holds(guardians, multisig_account(rules));
  CHECK(busy.decide_theirs().cause->cause == "too-many");
  const Json twice = {{"multisig", to_string(multisig)},
                      {"transaction", "5"},
                      {"configAuthority", to_string(alice)},
                      {"configAuthorityVault", {{"multisig", to_string(guardians)}}}};
  CHECK(says(refusal_of(execution_window(), twice), "says again what \"configAuthority\" says"));
}

// What fails, fails, also where not everything can be read.
TEST_CASE("execution-window forgets no failure over too many transactions", "[kinds]") {
  const Json over = {{"notAfter", "2023-11-15T00:00:00Z"}};
  Approved busy;
  busy.settings.transaction_index = 100'001;
  busy.put_multisig();
  CHECK(busy.decide(window).outcome == Outcome::inconclusive);
  fails(busy.decide(over), "and the window closes at 2023-11-15T00:00:00Z");
  Guarded theirs;
  Multisig rules;
  rules.transaction_index = 100'001;
  rules.members = {{alice, {7}}};
  theirs.source.holds(guardians, multisig_account(rules));
  Json params = over;
  params["configAuthorityVault"] = {{"multisig", to_string(guardians)}};
  fails(theirs.decide(params), "and the window closes at 2023-11-15T00:00:00Z");
}

// A change of the multisig that cannot be read is not taken for none.
TEST_CASE("execution-window fails on hostile bytes", "[kinds]") {
  Approved approved;
  approved.would_set_time_lock(0);
  Bytes cut = time_lock_transaction_bytes(multisig, 6, 0);
  cut.resize(cut.size() - 2);
  approved.queue.holds(6, cut);
  fails(approved.decide(window), "changes the multisig and cannot be read");
}

TEST_CASE("execution-window refuses parameters that say nothing", "[kinds]") {
  const Json base = {{"multisig", to_string(multisig)}, {"transaction", "5"}};
  const auto refused = [&](const std::string& name, const Json& value) {
    Json params = base;
    params[name] = value;
    return refusal_of(execution_window(), params);
  };
  CHECK(says(refused("transaction", "0"), "counted from 1"));
  CHECK(says(refused("slotMilliseconds", 0), "is 0"));
  CHECK(says(refused("pendingFeatures", {to_string(multisig)}), "acrossEpoch"));
  Json reversed = base;
  reversed["notBefore"] = "2023-11-15T02:00:00Z";
  reversed["notAfter"] = "2023-11-15T00:00:00Z";
  CHECK(says(refusal_of(execution_window(), reversed), "is before \"notBefore\""));
}

// A window that does not close is not over before it opens.
TEST_CASE("execution-window looks for the end of the epoch until the window opens", "[kinds]") {
  Approved approved;
  const Json far = {{"notBefore", "2023-11-18T00:00:00Z"}, {"mayBeEarlier", true}};
  fails(approved.decide(far), "before 2023-11-18T00:00:00Z: other rules may hold");
}
