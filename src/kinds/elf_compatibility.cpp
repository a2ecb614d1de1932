// elf-compatibility: will the runtime accept this code when it is deployed?
//
// Reads     the file or the buffer, the Clock sysvar and the feature accounts that the loader asks: 1 round
// pass      the loader's rules hold, its SBPF version may be deployed, and it knows every syscall that is called
// fail      a damaged file, by the rule that it breaks; an SBPF version that may not be deployed, not yet, or no
//           longer; a syscall that does not exist or that a feature does not allow; a pending change that would refuse
//           it, unless that is accepted and the code is deployed in the present epoch
// Source    anza-xyz/agave syscalls/src/lib.rs: which features allow which versions and syscalls; SIMD-0500. A pending
//           feature becomes active where an epoch begins, unless it is taken back before
#include <algorithm>

#include "base/text.hpp"
#include "engine/kind.hpp"
#include "facts/features.hpp"
#include "facts/local.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/expectations.hpp"
#include "solana/sbpf_program.hpp"
#include "solana/syscalls.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

/// What becomes of a change of the runtime that is pending and would refuse the code.
struct PendingRule {
  bool refused = false;
};

}  // namespace

template <>
struct FieldType<PendingRule> {
  static Result<PendingRule> read(const Json& value, const Place& place) {
    if (value == "accepted") return PendingRule{false};
    if (value == "refused") return PendingRule{true};
    return place.malformed("expected " + words());
  }
  static Json schema(Placeholders) { return {{"enum", {"accepted", "refused"}}}; }
  static std::string words() { return "\"accepted\" or \"refused\""; }
};

namespace {

struct ElfCompatibility {
  std::optional<RelativePath> path;
  std::optional<Pubkey> buffer;
  std::optional<std::uint32_t> execution_epoch;
  std::optional<PendingRule> pending;

  static constexpr auto fields() {
    using Gate = ElfCompatibility;
    return std::tuple{
        optional("path", &Gate::path, "the program file; or else `buffer`"),
        optional("buffer", &Gate::buffer, "the buffer account that holds it; or else `path`").known_later(),
        optional("executionEpoch", &Gate::execution_epoch,
                 "the epoch in which it is deployed, before which pending features may become active; unless said, the "
                 "present one"),
        optional("pending", &Gate::pending,
                 "what to make of a pending feature that would refuse this code once it is active: \"refused\" fails; "
                 "\"accepted\" tells it, and fails all the same with a later `executionEpoch`, by which it may be "
                 "active; refused unless said or `executionEpoch` is the present one"),
    };
  }
  static Result<void> check_keys(const Json& given, const Place& place) {
    if (given.contains("path") != given.contains("buffer")) return {};
    return place.malformed("expected one of \"path\" and \"buffer\"");
  }
  std::string subject() const { return path ? "file " + path->text : "buffer " + to_string(*buffer); }
};

// --- features

/// The features that any rule of the loader asks for.
std::vector<Pubkey> features_asked() {
  std::vector<Pubkey> asked = {
      features::disable_sbpf_v0_v1_v2_deployment, features::enable_sbpf_v1_deployment_and_execution,
      features::enable_sbpf_v2_deployment_and_execution, features::enable_sbpf_v3_deployment_and_execution};
  for (const Syscall& syscall : syscalls()) {
    for (const auto& feature : {syscall.enabled_by, syscall.disabled_by}) {
      if (feature && std::find(asked.begin(), asked.end(), *feature) == asked.end()) asked.push_back(*feature);
    }
  }
  return asked;
}

/// What the features allow when the code is deployed.
class FeatureRules {
 public:
  FeatureRules(const ElfCompatibility& gate, const std::vector<FeatureState>& states, std::uint64_t epoch)
      : states_(states),
        deployed_later_(gate.execution_epoch && *gate.execution_epoch > epoch),
        pending_is_refused_(gate.pending && gate.pending->refused),
        pending_may_come_first_(pending_is_refused_ || deployed_later_ || (!gate.pending && !gate.execution_epoch)) {}

  /// `what` needs one of these features to be active.
  void need(const std::string& what, const std::vector<Pubkey>& any_of, Judgement& judgement) const {
    const Pubkey best = *std::max_element(any_of.begin(), any_of.end(), [&](const Pubkey& a, const Pubkey& b) {
      return state_of(a).stage < state_of(b).stage;
    });
    const FeatureState state = state_of(best);
    const bool will_do = state.is_active() || (state.is_pending() && deployed_later_ && !pending_is_refused_);
    judgement.rests_on(facts::feature(best).request);
    judgement.expect(will_do, {feature_name(best), "active", words_for(state)},
                     what + " needs " + feature_name(best) + ", which is " + words_for(state));
    if (will_do && state.is_pending()) {
      judgement.caveat(what + " needs " + feature_name(best) + ", which is pending and could be taken back");
    }
  }

  /// `what` is refused once this feature is active.
  void need_absence(const std::string& what, const Pubkey& feature, Judgement& judgement) const {
    const FeatureState state = state_of(feature);
    const bool will_do = !state.is_active() && !(state.is_pending() && pending_may_come_first_);
    judgement.rests_on(facts::feature(feature).request);
    judgement.expect(will_do, {feature_name(feature), "not active", words_for(state)},
                     what + " is refused by " + feature_name(feature) + ", which is " + words_for(state));
    if (will_do && state.is_pending()) {
      judgement.caveat(what + " will be refused by " + feature_name(feature) + ", which is pending, from its epoch on");
    }
  }

 private:
  FeatureState state_of(const Pubkey& feature) const {
    const auto asked = features_asked();
    const auto at = std::find(asked.begin(), asked.end(), feature) - asked.begin();
    return states_.at(static_cast<std::size_t>(at));
  }

  const std::vector<FeatureState>& states_;
  bool deployed_later_;
  bool pending_is_refused_;
  bool pending_may_come_first_;  ///< what is pending may be active when the code is deployed
};

// --- the code

void judge_version(const SbpfProgram& program, const FeatureRules& rules, Judgement& judgement) {
  const std::uint32_t version = program.header.sbpf_version;
  const std::string what = "SBPF version " + std::to_string(version);
  judgement.note("SBPF version", std::to_string(version));
  judgement.expect(version <= 3, {"SBPF version", "0 to 3", std::to_string(version)},
                   what + " is one that no cluster runs yet");
  if (version == 1)
    rules.need(what,
               {features::enable_sbpf_v1_deployment_and_execution, features::enable_sbpf_v2_deployment_and_execution,
                features::enable_sbpf_v3_deployment_and_execution},
               judgement);
  if (version == 2)
    rules.need(what,
               {features::enable_sbpf_v2_deployment_and_execution, features::enable_sbpf_v3_deployment_and_execution},
               judgement);
  if (version == 3) rules.need(what, {features::enable_sbpf_v3_deployment_and_execution}, judgement);
  if (version < 3) rules.need_absence(what, features::disable_sbpf_v0_v1_v2_deployment, judgement);
}

void judge_syscall(const std::string& name, const Syscall* syscall, const FeatureRules& rules, Judgement& judgement) {
  const std::string what = "syscall " + name;
  if (syscall == nullptr) {
    return judgement.expect(false, {what, "known", "unknown"}, "it calls " + name + ", which is no syscall");
  }
  judgement.expect(syscall->is_deployable, {what, "for new programs", "for old programs only"},
                   "it calls " + name + ", which no new program may call");
  if (syscall->enabled_by) rules.need(what, {*syscall->enabled_by}, judgement);
  if (syscall->disabled_by) rules.need_absence(what, *syscall->disabled_by, judgement);
}

void judge_syscalls(const SbpfProgram& program, const FeatureRules& rules, Judgement& judgement) {
  for (const std::string& name : program.syscalls) {
    judge_syscall(printable(name), syscall_named(name), rules, judgement);
  }
  for (const std::uint32_t key : program.syscall_keys) {
    const Syscall* syscall = syscall_with_key(key);
    judge_syscall(syscall != nullptr ? std::string(syscall->name) : "key " + std::to_string(key), syscall, rules,
                  judgement);
  }
  judgement.note("syscalls", std::to_string(program.syscalls.size() + program.syscall_keys.size()));
}

void judge_code(ByteView code, const FeatureRules& rules, Judgement& judgement) {
  const auto program = decode_sbpf_program(code);
  judgement.expect(program.has_value(), {"code", "accepted by the loader", program ? "accepted" : program.error().what},
                   program ? "" : "the loader refuses it: " + program.error().what);
  if (!program) return;
  judge_version(*program, rules, judgement);
  judge_syscalls(*program, rules, judgement);
}

void judge_epoch(const ElfCompatibility& gate, std::uint64_t epoch, Judgement& judgement) {
  judgement.rests_on(facts::clock().request);
  if (!gate.execution_epoch) return judgement.note("epoch", std::to_string(epoch));
  judgement.expect(
      *gate.execution_epoch >= epoch,
      {"epoch", "at most " + std::to_string(*gate.execution_epoch), std::to_string(epoch)},
      "epoch " + std::to_string(*gate.execution_epoch) + " is over, the present one is " + std::to_string(epoch));
}

// The code that the buffer holds; nothing when it is no buffer.
std::optional<ByteView> staged_in(const std::optional<Account>& account, Judgement& judgement) {
  const bool is_loaders = account && account->owner == known::loader_v3;
  const std::string owner = account ? "owned by " + named(account->owner) : "missing";
  judgement.expect(is_loaders, {"buffer", "owned by " + named(known::loader_v3), owner},
                   account ? "it is " + owner : "it does not exist");
  if (!is_loaders) return std::nullopt;
  const auto buffer = decode_buffer(account->bytes());
  judgement.expect(buffer.has_value(), {"state", "Buffer", buffer ? "Buffer" : buffer.error().what},
                   buffer ? "" : "it is no buffer: " + buffer.error().what);
  return buffer ? std::optional(buffer->code) : std::nullopt;
}

// --- the gate

Task<Finding> evaluate(ElfCompatibility gate) {
  std::vector<Fact<File>> local;
  std::vector<Fact<std::optional<Account>>> staged;
  std::vector<Fact<FeatureState>> feature_facts;
  if (gate.path) local.push_back(facts::file(*gate.path));
  if (gate.buffer) staged.push_back(facts::code_account_if_any(*gate.buffer));
  for (const Pubkey& feature : features_asked()) feature_facts.push_back(facts::feature(feature));
  const auto clock_fact = facts::clock();
  auto all_facts = co_await all(clock_fact, local, staged, feature_facts);
  auto& [clock, files, accounts, states] = all_facts;

  Judgement judgement;
  judge_epoch(gate, clock.epoch, judgement);
  if (gate.path) judgement.rests_on(FileRequest{gate.path->text});
  if (gate.buffer) judgement.rests_on(AccountRequest{*gate.buffer});
  const auto code = gate.path ? std::optional(files.front().bytes()) : staged_in(accounts.front(), judgement);
  if (code) judge_code(*code, FeatureRules(gate, states, clock.epoch), judgement);
  co_return about(gate.subject(), judgement.conclude(gate.subject() + " is code that the runtime accepts; whether each "
                                                                      "instruction is valid was not looked at"));
}

}  // namespace

GateKind elf_compatibility() {
  return gate_kind<ElfCompatibility>(
      {.name = "elf-compatibility",
       .asks = "Will the runtime accept this code when it is deployed?",
       .reads = "the file or the buffer, the Clock sysvar and the features that the loader asks, in one round",
       .passes =
           "the loader's rules for its SBPF version hold, that version may be deployed, and every syscall that it "
           "calls exists and is allowed",
       .fails =
           "a damaged file, by the rule that it breaks; a version that may not be deployed, not yet or no longer; a "
           "syscall that does not exist or that a feature does not allow; an epoch that is over; no buffer; a "
           "pending change that would refuse it, unless it is accepted and the code is deployed in the present epoch",
       .why = "An upgrade that is approved today is executed after its time lock, under the rules of another epoch.",
       .remedy = "build again with the toolchain and the SBPF version that the cluster accepts then",
       .valid_for = valid_for_mutable_state},
      evaluate);
}

}  // namespace readyctl
