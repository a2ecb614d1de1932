// GateKind: one sort of gate, as code. A pack's definition names a kind and fills in its parameters.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/fields.hpp"
#include "engine/finding.hpp"
#include "engine/task.hpp"

namespace readyctl {

/// Makes the coroutine of one gate.
using Begin = std::function<Task<Finding>()>;

/// What a kind says of itself to people. It is printed by `readyctl gates` and stands in the reference.
struct AboutKind {
  std::string name;    ///< as packs write it
  std::string asks;    ///< the question, in one sentence
  std::string reads;   ///< which facts it awaits, and how many rounds that takes
  std::string passes;  ///< when it passes
  std::string fails;   ///< each way to fail
  std::string why;     ///< what goes wrong when nobody asks
  std::string remedy;  ///< what to do about a failure, where the definition does not say
  /// For how long a pass may be relied on. nullopt: what it read cannot change, or it speaks of the moment only.
  std::optional<std::chrono::seconds> valid_for;
};

/// Chain state that somebody can change at any time.
inline constexpr std::chrono::seconds valid_for_mutable_state{3600};

struct GateKind {
  AboutKind about;
  /// The parameters for people, and as a JSON Schema. Made when they are asked for: deciding a release needs neither.
  std::vector<FieldDoc> (*fields)();
  Json (*schema)(Placeholders);

  /// Reads the parameters. Errors as of read_record.
  std::function<Result<Begin>(const Json& params, const Place& place)> prepare;
};

/// A kind from its parameters' record and its decision. The record is copied into the coroutine, which outlives this.
template <Record Params>
GateKind gate_kind(AboutKind about, Task<Finding> (*evaluate)(Params)) {
  const auto prepare = [evaluate](const Json& params, const Place& place) -> Result<Begin> {
    auto gate = read_record<Params>(params, place);
    if (!gate) return failure(gate.error());
    return Begin([evaluate, gate = std::move(*gate)] { return evaluate(gate); });
  };
  return {std::move(about), [] { return field_docs<Params>(); }, &record_schema<Params>, prepare};
}

}  // namespace readyctl
