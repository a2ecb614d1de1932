// Plan: which gates will be decided, with which parameters, before anything is asked.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/kind.hpp"
#include "engine/pack.hpp"
#include "engine/release.hpp"

namespace readyctl {

/// Everything that a plan is made of. A report keeps all of it, so that the plan can be made again from the report.
struct PlanInputs {
  std::vector<PackFile> packs;
  Manifest manifest;
  Values set;  ///< from --set; may add names and never replace one
  std::optional<std::string> phase;
  std::vector<std::string> select;  ///< packs or gates by full id; empty for all
};

enum class Disposition {
  decide,
  skip,      ///< not in this phase
  leave_out  ///< not selected
};

struct PlannedGate {
  std::string id;  ///< full: pack/gate
  std::string pack;
  GateDefinition definition;
  Json params;  ///< resolved; the parameters as written for gates that are not decided
  Disposition disposition = Disposition::decide;
  std::string remedy;                             ///< the definition's, else the kind's
  std::optional<std::chrono::seconds> valid_for;  ///< the definition's, else the kind's
  Begin begin;                                    ///< for gates that are decided
};

struct Plan {
  std::vector<PlannedGate> gates;  ///< in the order of packs and definitions, each exactly once
  std::optional<std::string> phase;
  bool partial = false;  ///< the phase never says that a release may go
  Values used;           ///< every name that a parameter referred to, with its value
};

/// A gate as its pack defines it, and whether it runs in a phase. Must not outlive the packs.
struct DefinedGate {
  std::string id;  ///< full: pack/gate
  const Pack& pack;
  const GateDefinition& definition;
  bool is_in_phase = false;
};

/// Every gate of these packs, in the order in which a plan has them.
std::vector<DefinedGate> defined_gates(const std::vector<PackFile>& packs, const std::optional<std::string>& phase);

/// Whether any of the packs declares the phase to be partial.
bool is_partial_phase(const std::vector<PackFile>& packs, const std::optional<std::string>& phase);

/// The kind of this name; nullptr when there is none.
const GateKind* find_kind(const std::vector<GateKind>& kinds, const std::string& name);

/// The most that the parameters of all gates of a plan may take, with the values of their names.
inline constexpr std::size_t params_bytes_max = std::size_t{64} << 20;

/// Errors (kind `malformed` unless said): a phase that no pack declares, or none where packs declare some (`usage`);
/// a selection that matches nothing (`usage`), or that leaves no gate to decide in this phase (`usage`); an unknown
/// kind; parameters that the kind refuses; `${name}` that nothing defines; --set of a name that the release has frozen,
/// or of a field of release.json that it leaves out; parameters that come to more than params_bytes_max over all gates;
/// nothing but advisory gates.
Result<Plan> make_plan(const PlanInputs& inputs, const std::vector<GateKind>& kinds);

/// What check_definitions finds, of every gate the first thing.
std::vector<Error> trouble_in_definitions(const std::vector<PackFile>& packs, const std::vector<GateKind>& kinds);

/// What can be said of packs without a release: every kind exists, every parameter that is no placeholder has the
/// right type, and `${name?}` names what release.json may leave out.
Result<void> check_definitions(const std::vector<PackFile>& packs, const std::vector<GateKind>& kinds);

/// The phases in which gates of these packs run and none of them is blocking, so that a run over these packs alone is
/// refused there. Error (kind `malformed`): that is so whatever the phase.
Result<std::vector<std::string>> phases_that_nothing_stops(const std::vector<PackFile>& packs);

/// The names that the value refers to, at any depth, whether or not a release may leave them out.
std::set<std::string> names_in(const Json& value);

/// About how much memory a value takes, in bytes.
std::size_t weight_of(const Json& value);

/// The value with every `${name}` replaced. A string that is exactly `${name}` becomes the value with its type; inside
/// a longer one it becomes text; `$${` is a literal `${`. Names that were used are added to `used`.
Result<Json> substitute(const Json& value, const Place& place, const Values& names, Values& used);

/// Whether each `${name}` in the value, at any depth, is closed, and each `${name?}` one of optional_names().
Result<void> check_placeholders(const Json& value, const Place& place);

/// The names that the value refers to, at any depth, and that `names` does not have; without those that it may leave
/// out.
std::set<std::string> undefined_names(const Json& value, const Values& names);

}  // namespace readyctl
