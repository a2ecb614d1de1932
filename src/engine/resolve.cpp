#include "engine/resolve.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "engine/plan.hpp"

namespace readyctl {
namespace {

std::string reference_to(const std::string& name) { return "${" + name + "}"; }

// A name that is open stands for itself, and readers pass over it as they do before there are values.
Result<Resolved> attempt(const Unresolved& gate, const std::set<std::string>& open) {
  Values names = gate.names;
  for (const std::string& name : open) names[name] = reference_to(name);
  const Place place = open.empty() ? gate.place : gate.place.before_substitution();
  Values used;
  auto params = substitute(gate.params, place, names, used);
  if (!params) return failure(params.error());
  auto begin = gate.kind.prepare(*params, place);
  if (!begin) return failure(begin.error());
  return Resolved{std::move(*params), std::move(used), std::move(*begin)};
}

// Of several names, those whose value the complaint repeats, if there are such.
std::vector<std::string> those_repeated(const std::vector<std::string>& suspects, const Error& error,
                                        const Values& names) {
  std::vector<std::string> repeated;
  for (const std::string& name : suspects) {
    const Json& value = names.at(name);
    const std::string text = printable(value.is_string() ? value.get<std::string>() : value.dump());
    if (error.what.find(text) != std::string::npos) repeated.push_back(name);
  }
  return repeated.empty() ? suspects : repeated;
}

// The names without whose value the gate would not complain, or not of the same.
std::vector<std::string> names_at_fault(const Unresolved& gate, const Error& error) {
  std::vector<std::string> suspects;
  for (const std::string& name : undefined_names(gate.params, {})) {
    if (!gate.names.contains(name) || gate.open.contains(name)) continue;
    std::set<std::string> open = gate.open;
    open.insert(name);
    const auto without = attempt(gate, open);
    if (!without && without.error().what == error.what) continue;
    suspects.push_back(name);
  }
  return suspects.size() < 2 ? suspects : those_repeated(suspects, error, gate.names);
}

// Where in the release the value of a name stands.
Place place_in(const Document& release, const std::string& name) {
  Place place(release);
  if (!is_release_field(name)) return place / "values" / name;
  for (std::size_t at = 0; at != std::string::npos;) {
    const std::size_t dot = name.find('.', at);
    place = place / std::string_view(name).substr(at, dot == std::string::npos ? dot : dot - at);
    at = dot == std::string::npos ? dot : dot + 1;
  }
  return place;
}

// `what` said of the value of a name, where that was given.
Error said_of(const Unresolved& gate, const std::string& name, const std::string& what, const std::string& hint) {
  const auto elsewhere = gate.origins.find(name);
  if (elsewhere != gate.origins.end()) return {ErrorKind::malformed, elsewhere->second, what, hint};
  const auto document = Document::parse(gate.manifest.text, gate.manifest.name);
  if (!document) return document.error();
  return place_in(*document, name).malformed(what, hint).value();
}

// Whether the complaint is about a parameter that the pack writes itself. A record is only judged as a whole, once its
// names have values, so that the complaint seems to come with them.
bool is_about_a_literal(const Unresolved& gate, const Error& error) {
  const std::string begin = gate.place.pointer() + "/";
  if (!error.what.starts_with(begin)) return false;
  const std::size_t end = std::min(error.what.find(": "), error.what.size());
  const Json::json_pointer parameter(error.what.substr(begin.size() - 1, end - begin.size() + 1));
  return gate.params.contains(parameter) && names_in(gate.params.at(parameter)).empty();
}

// Leads to the value that has to be corrected: the pack was sound before its names had values.
Error traced(const Unresolved& gate, const Error& error) {
  const std::vector<std::string> names = names_at_fault(gate, error);
  if (names.empty()) return error;
  if (is_about_a_literal(gate, error)) {
    std::vector<std::string> references;
    for (const std::string& name : names) references.push_back(reference_to(name));
    Error own = error;
    own.hint =
        (error.hint.empty() ? "" : error.hint + "; ") + "it stands in the pack, beside " + join(references, ", ");
    return own;
  }
  if (names.size() == 1) {
    return said_of(gate, names.front(),
                   "gate " + gate.gate + " cannot take the value of " + reference_to(names.front()) + ": " +
                       error.where + ": " + error.what,
                   error.hint);
  }
  std::vector<std::string> places;
  for (const std::string& name : names) {
    const Error one = said_of(gate, name, reference_to(name), "");
    places.push_back(one.where + ": " + one.what);
  }
  Error all = error;
  all.hint = "gate " + gate.gate + " cannot take these values together: " + join(places, ", ") +
             (error.hint.empty() ? "" : "; " + error.hint);
  return all;
}

}  // namespace

Result<Resolved> resolve(const Unresolved& gate) {
  auto resolved = attempt(gate, gate.open);
  if (!resolved) return failure(traced(gate, resolved.error()));
  return resolved;
}

Result<void> check_values(const std::vector<PackFile>& packs, const std::vector<GateKind>& kinds,
                          const Manifest& manifest, const Origins& origins) {
  const Values names = names_of(manifest);
  for (const PackFile& file : packs) {
    for (std::size_t i = 0; i < file.pack.gates.size(); ++i) {
      const GateDefinition& gate = file.pack.gates[i];
      const GateKind* kind = find_kind(kinds, gate.kind);
      if (kind == nullptr) continue;
      const Json& params = gate.params.value;
      const auto resolved =
          resolve({file.pack.name + "/" + gate.id, *kind, params, Place(*file.document) / "gates" / i / "params",
                   manifest, names, origins, undefined_names(params, names)});
      if (!resolved) return failure(resolved.error());
    }
  }
  return {};
}

}  // namespace readyctl
