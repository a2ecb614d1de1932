#include "engine/plan.hpp"

#include <algorithm>
#include <set>

#include "base/sizes.hpp"
#include "base/text.hpp"
#include "engine/resolve.hpp"

namespace readyctl {
namespace {

tl::unexpected<Error> unknown_kind(const std::string& name, const Place& place, const std::vector<GateKind>& kinds) {
  std::vector<std::string> known;
  for (const GateKind& kind : kinds) known.push_back(kind.about.name);
  return (place / "kind").malformed("unknown gate kind \"" + printable(name) + "\"", suggestion(name, known));
}

tl::unexpected<Error> usage(std::string what, std::string hint) {
  return failure({ErrorKind::usage, "", std::move(what), std::move(hint)});
}

// The phases that any of the packs declares; one that is partial anywhere is partial.
std::map<std::string, bool> declared_phases(const std::vector<PackFile>& packs) {
  std::map<std::string, bool> phases;
  for (const PackFile& file : packs) {
    for (const Phase& phase : file.pack.phases) phases[phase.name] |= phase.partial;
  }
  return phases;
}

Result<bool> check_phase(const PlanInputs& inputs) {
  const auto phases = declared_phases(inputs.packs);
  std::vector<std::string> names;
  for (const auto& phase : phases) names.push_back(phase.first);
  if (!inputs.phase) {
    if (phases.empty()) return false;
    return usage("these packs declare phases, and none was chosen", "add --phase with one of: " + join(names, ", "));
  }
  const auto found = phases.find(*inputs.phase);
  if (found == phases.end()) {
    return usage("no pack declares the phase \"" + printable(*inputs.phase) + "\"", suggestion(*inputs.phase, names));
  }
  return found->second;
}

Result<Values> all_names(const PlanInputs& inputs) {
  Values names = names_of(inputs.manifest);
  for (const auto& [name, value] : inputs.set) {
    if (is_release_field(name)) {
      return malformed("--set " + name, "is a field of release.json, which only the release itself can fill",
                       "freeze the release with it, or choose another name");
    }
    if (names.contains(name)) {
      return malformed("--set " + name, "the release has frozen this name as " + printable(names[name].dump()),
                       "what is frozen cannot be replaced; choose another name, or freeze the release again");
    }
    if (const auto stateable = canonical_json(value); !stateable) {
      return malformed("--set " + name, stateable.error().what, stateable.error().hint);
    }
    names[name] = value;
  }
  return names;
}

Result<void> check_definition(const GateDefinition& gate, const Place& place, const std::vector<GateKind>& kinds) {
  const GateKind* kind = find_kind(kinds, gate.kind);
  if (kind == nullptr) return unknown_kind(gate.kind, place, kinds);
  const Json& params = gate.params.value;
  if (const auto closed = check_placeholders(params, place / "params"); !closed) return closed;
  const auto checked = kind->prepare(params, (place / "params").before_substitution());
  if (!checked) return failure(checked.error());
  return {};
}

// Names without a value, each with the gates that ask for it.
using Undefined = std::map<std::string, std::vector<std::string>>;

std::string words_for_askers(const std::vector<std::string>& gates) {
  constexpr std::size_t told = 3;
  const std::vector<std::string> first(gates.begin(),
                                       gates.begin() + static_cast<std::ptrdiff_t>(std::min(told, gates.size())));
  const std::size_t more = gates.size() - first.size();
  return join(first, ", ") + (more > 0 ? " and " + counted(more, "other gate") : "");
}

// What to do about all of them: most often they come by --set, or are misspelt.
std::string words_for_undefined(const Undefined& undefined, const Values& names) {
  std::vector<std::string> known;
  for (const auto& entry : names) known.push_back(entry.first);
  std::vector<std::string> advice;
  std::vector<std::string> missing;
  std::vector<std::string> askers;
  for (const auto& [name, gates] : undefined) {
    const std::string written = "${" + printable(name) + "}";
    if (const auto near = nearest(name, known)) {
      advice.push_back("did you mean ${" + *near + "} in place of " + written + "?");
    } else if (is_release_field(name)) {
      advice.push_back("release.json leaves " + written + " out, and only a release that is frozen with it has it");
    } else {
      missing.push_back("--set " + printable(name) + "=…");
    }
    for (const std::string& gate : gates) {
      if (std::find(askers.begin(), askers.end(), gate) == askers.end()) askers.push_back(gate);
    }
  }
  if (!missing.empty()) {
    advice.push_back("give " + join(missing, " ") + ", or freeze the release with these values");
  }
  const bool is_near = missing.empty() && advice.front().starts_with("did you mean");
  return join(advice, "; ") + "; asked for by " + words_for_askers(askers) +
         "; readyctl lint PACK… --values shows what packs ask for" + (is_near ? "" : "; defined: " + join(known, ", "));
}

// A gate that names no phase runs in those of its pack. Several packs in one run need not know the same ones.
bool runs_in(const Pack& pack, const GateDefinition& gate, const std::optional<std::string>& phase) {
  if (!phase) return true;
  if (gate.phase) return std::find(gate.phase->begin(), gate.phase->end(), *phase) != gate.phase->end();
  const auto is_it = [&](const Phase& declared) { return declared.name == *phase; };
  return pack.phases.empty() || std::any_of(pack.phases.begin(), pack.phases.end(), is_it);
}

class Planner {
 public:
  Planner(const PlanInputs& inputs, const std::vector<GateKind>& kinds, Values names)
      : inputs_(inputs), kinds_(kinds), names_(std::move(names)) {
    for (const auto& value : inputs.set) origins_[value.first] = "--set " + value.first;
  }

  Result<Plan> plan() {
    for (const PackFile& file : inputs_.packs) {
      for (std::size_t i = 0; i < file.pack.gates.size(); ++i) {
        auto gate = plan_gate(file, file.pack.gates[i], Place(*file.document) / "gates" / i);
        if (!gate) return failure(gate.error());
        plan_.gates.push_back(std::move(*gate));
      }
    }
    if (const auto complete = check_selection(); !complete) return failure(complete.error());
    plan_.phase = inputs_.phase;
    return std::move(plan_);
  }

 private:
  Result<PlannedGate> plan_gate(const PackFile& file, const GateDefinition& definition, const Place& place) {
    const GateKind* kind = find_kind(kinds_, definition.kind);
    if (kind == nullptr) return unknown_kind(definition.kind, place, kinds_);

    PlannedGate gate;
    gate.pack = file.pack.name;
    gate.id = gate.pack + "/" + definition.id;
    gate.definition = definition;
    gate.params = definition.params.value;
    gate.remedy = definition.remedy.value_or(kind->about.remedy);
    gate.valid_for = definition.valid_for ? definition.valid_for : kind->about.valid_for;
    gate.disposition = disposition_of(gate, file.pack);
    // The report repeats them, also for a gate whose kind does not get to read them.
    if (const auto stateable = canonical_json(gate.params); !stateable) {
      return (place / "params").malformed(stateable.error().what, stateable.error().hint);
    }
    if (gate.disposition == Disposition::skip) return gate;

    auto resolved =
        resolve({gate.id, *kind, definition.params.value, place / "params", inputs_.manifest, names_, origins_, {}});
    if (!resolved) return failure(with_all_undefined(resolved.error(), definition));
    plan_.used.insert(resolved->used.begin(), resolved->used.end());
    gate.params = std::move(resolved->params);
    params_bytes_ += weight_of(gate.params);
    if (params_bytes_ > params_bytes_max) {
      return (place / "params")
          .malformed("with these the parameters of all gates come to more than " + size_text(params_bytes_max),
                     "give the names shorter values, or name fewer packs in one run");
    }
    gate.begin = std::move(resolved->begin);
    return gate;
  }

  // Names that are missing are said all at once: whoever adds one can add the others too.
  Error with_all_undefined(Error error, const GateDefinition& refused) const {
    if (undefined_names(refused.params.value, names_).empty()) return error;
    Undefined undefined;
    for (const PackFile& file : inputs_.packs) {
      for (const GateDefinition& gate : file.pack.gates) {
        if (!runs_in(file.pack, gate, inputs_.phase)) continue;
        for (const std::string& name : undefined_names(gate.params.value, names_)) {
          undefined[name].push_back(file.pack.name + "/" + gate.id);
        }
      }
    }
    error.hint = words_for_undefined(undefined, names_);
    return error;
  }

  Disposition disposition_of(const PlannedGate& gate, const Pack& pack) {
    const bool selected = is_selected(gate);
    if (!runs_in(pack, gate.definition, inputs_.phase)) return Disposition::skip;
    return selected ? Disposition::decide : Disposition::leave_out;
  }

  bool is_selected(const PlannedGate& gate) {
    bool selected = inputs_.select.empty();
    for (const std::string& wanted : inputs_.select) {
      if (wanted != gate.id && wanted != gate.pack) continue;
      matched_.insert(wanted);
      selected = true;
    }
    return selected;
  }

  Result<void> check_selection() const {
    for (const std::string& wanted : inputs_.select) {
      if (matched_.contains(wanted)) continue;
      std::vector<std::string> ids;
      for (const PlannedGate& gate : plan_.gates) ids.push_back(gate.id);
      return failure(
          {ErrorKind::usage, "--select " + printable(wanted), "matches no gate and no pack", suggestion(wanted, ids)});
    }
    const auto decided = [](const PlannedGate& gate) { return gate.disposition == Disposition::decide; };
    if (std::none_of(plan_.gates.begin(), plan_.gates.end(), decided)) {
      return usage("no gate is left to decide" + (inputs_.phase ? " in phase " + *inputs_.phase : std::string()),
                   "an empty set of gates is never a GO; choose another phase or selection");
    }
    const auto blocks = [](const PlannedGate& gate) {
      return gate.disposition != Disposition::skip && gate.definition.severity == Severity::blocking;
    };
    if (std::none_of(plan_.gates.begin(), plan_.gates.end(), blocks)) {
      return malformed("", "every gate of this run is advisory, so none could stop the release",
                       "make at least one gate blocking");
    }
    return {};
  }

  const PlanInputs& inputs_;
  const std::vector<GateKind>& kinds_;
  Values names_;
  Origins origins_;
  std::set<std::string> matched_;
  std::size_t params_bytes_ = 0;  // of the gates so far
  Plan plan_;
};

}  // namespace

std::vector<DefinedGate> defined_gates(const std::vector<PackFile>& packs, const std::optional<std::string>& phase) {
  std::vector<DefinedGate> gates;
  for (const PackFile& file : packs) {
    for (const GateDefinition& gate : file.pack.gates) {
      gates.push_back({file.pack.name + "/" + gate.id, file.pack, gate, runs_in(file.pack, gate, phase)});
    }
  }
  return gates;
}

bool is_partial_phase(const std::vector<PackFile>& packs, const std::optional<std::string>& phase) {
  const auto phases = declared_phases(packs);
  const auto found = phase ? phases.find(*phase) : phases.end();
  return found != phases.end() && found->second;
}

const GateKind* find_kind(const std::vector<GateKind>& kinds, const std::string& name) {
  const auto found =
      std::find_if(kinds.begin(), kinds.end(), [&](const GateKind& kind) { return kind.about.name == name; });
  return found == kinds.end() ? nullptr : &*found;
}

Result<Plan> make_plan(const PlanInputs& inputs, const std::vector<GateKind>& kinds) {
  if (const auto sound = check_definitions(inputs.packs, kinds); !sound) return failure(sound.error());
  const auto partial = check_phase(inputs);
  if (!partial) return failure(partial.error());
  auto names = all_names(inputs);
  if (!names) return failure(names.error());
  auto plan = Planner(inputs, kinds, std::move(*names)).plan();
  if (plan) plan->partial = *partial;
  return plan;
}

std::vector<Error> trouble_in_definitions(const std::vector<PackFile>& packs, const std::vector<GateKind>& kinds) {
  std::vector<Error> trouble;
  for (const PackFile& file : packs) {
    for (std::size_t i = 0; i < file.pack.gates.size(); ++i) {
      const auto sound = check_definition(file.pack.gates[i], Place(*file.document) / "gates" / i, kinds);
      if (!sound) trouble.push_back(sound.error());
    }
  }
  return trouble;
}

Result<void> check_definitions(const std::vector<PackFile>& packs, const std::vector<GateKind>& kinds) {
  const std::vector<Error> trouble = trouble_in_definitions(packs, kinds);
  if (!trouble.empty()) return failure(trouble.front());
  return {};
}

Result<std::vector<std::string>> phases_that_nothing_stops(const std::vector<PackFile>& packs) {
  // How many gates run in a phase, and how many of them block.
  const auto count = [&](const std::optional<std::string>& phase) {
    std::pair<std::size_t, std::size_t> gates;
    for (const PackFile& file : packs) {
      for (const GateDefinition& gate : file.pack.gates) {
        if (!runs_in(file.pack, gate, phase)) continue;
        ++gates.first;
        if (gate.severity == Severity::blocking) ++gates.second;
      }
    }
    return gates;
  };
  if (count(std::nullopt).second == 0) {
    return malformed("", "every gate of these packs is advisory, so none could stop a release",
                     "a run over them alone is refused, and never a GO: make at least one gate blocking, or name the "
                     "packs too that they are run with");
  }
  std::vector<std::string> unstopped;
  for (const auto& [phase, partial] : declared_phases(packs)) {
    const auto [gates, blocking] = count(phase);
    if (gates > 0 && blocking == 0) unstopped.push_back(phase);
  }
  return unstopped;
}

}  // namespace readyctl
