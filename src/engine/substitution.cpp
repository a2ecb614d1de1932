// ${name} in parameters, and ${name?} for what release.json may leave out.
#include <algorithm>

#include "engine/plan.hpp"

namespace readyctl {
namespace {

// The most that the values of one gate's names may come to, together: no definition needs more, and a name that stands
// for a long list could otherwise be written a million times.
constexpr std::size_t values_bytes_max = std::size_t{256} << 10;

struct Piece {
  bool is_name;
  std::string text;  // of a name without ${ and }
};

// The names and the text between them; a string that is exactly one name has one piece. nullopt: a ${ is not closed.
std::optional<std::vector<Piece>> pieces_of(const std::string& written) {
  std::vector<Piece> pieces;
  const auto add_text = [&](std::string_view text) {
    if (pieces.empty() || pieces.back().is_name) pieces.push_back({false, {}});
    pieces.back().text += text;
  };
  for (std::size_t at = 0; at < written.size();) {
    if (written.compare(at, 3, "$${") == 0) {
      add_text("${");
      at += 3;
      continue;
    }
    if (written.compare(at, 2, "${") != 0) {
      add_text(std::string_view(written).substr(at++, 1));
      continue;
    }
    const auto end = written.find('}', at);
    if (end == std::string::npos) return std::nullopt;
    pieces.push_back({true, written.substr(at + 2, end - at - 2)});
    at = end + 1;
  }
  return pieces;
}

tl::unexpected<Error> not_closed(const Place& place) {
  return place.malformed("\"${\" is not closed", "write $${ for a literal ${");
}

class Substitution {
 public:
  Substitution(const Values& names, Values& used) : names_(names), used_(used) {}

  Result<Json> value(const Json& json, const Place& place) {
    if (json.is_string()) return text(json.get_ref<const std::string&>(), place);
    Json result = json;
    if (json.is_object()) {
      for (const auto& item : json.items()) {
        if (is_left_out(item.value())) {
          result.erase(item.key());
          continue;
        }
        auto inner = value(item.value(), place / item.key());
        if (!inner) return inner;
        result[item.key()] = std::move(*inner);
      }
    }
    if (json.is_array()) {
      for (std::size_t i = 0; i < json.size(); ++i) {
        auto inner = value(json[i], place / i);
        if (!inner) return inner;
        result[i] = std::move(*inner);
      }
    }
    return result;
  }

 private:
  // Whether a parameter is exactly one optional name that this release does not have. A misspelt one is none.
  bool is_left_out(const Json& json) const {
    if (!json.is_string()) return false;
    const auto& written = json.get_ref<const std::string&>();
    if (!written.starts_with("${") || !written.ends_with("?}")) return false;
    const std::string name = written.substr(2, written.size() - 4);
    return !names_.contains(name) && contains(optional_names_, name);
  }

  static bool contains(const std::vector<std::string>& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end();
  }

  Result<Json> text(const std::string& written, const Place& place) {
    const auto pieces = pieces_of(written);
    if (!pieces) return not_closed(place);
    std::string result;
    for (const Piece& piece : *pieces) {
      if (!piece.is_name) {
        result += piece.text;
        continue;
      }
      auto found = look_up(piece.text, place);
      if (!found || pieces->size() == 1) return found;
      if (found->is_structured() || found->is_null()) {
        return place.malformed("${" + piece.text + "} is " + std::string(words_for_type(*found)) +
                               " and cannot stand inside a text");
      }
      result += found->is_string() ? found->get<std::string>() : text_of_scalar(*found);
    }
    return Json(result);
  }

  // In canonical form, because a replay reads the value from the report, where 1.0 is written 1.
  static std::string text_of_scalar(const Json& value) { return canonical_json(value).value_or(value.dump()); }

  Result<Json> look_up(const std::string& written, const Place& place) {
    const bool is_optional = written.ends_with('?');
    const std::string name = is_optional ? written.substr(0, written.size() - 1) : written;
    if (is_optional && !names_.contains(name)) {
      return place.malformed("${" + written + "} is not in this release, and stands where nothing can be left out",
                             "let it be the whole value of a parameter");
    }
    const auto found = names_.find(name);
    if (found != names_.end()) {
      weight_ += weight_of(found->second);
      if (weight_ > values_bytes_max) {
        return place.malformed("the values of its names come to more than " + std::to_string(values_bytes_max) +
                                   " bytes, and this gate is not resolved further",
                               "give it shorter values, or name them less often");
      }
      used_[name] = found->second;
      return found->second;
    }
    return place.malformed("${" + printable(name) + "} is not defined");
  }

  const Values& names_;
  Values& used_;
  std::size_t weight_ = 0;  ///< of the values so far
  const std::vector<std::string> optional_names_ = optional_names();
};

}  // namespace

namespace {

// Neither release.json nor --set can define what is no name. The names of release.json's fields are its own, so that
// one it does not have can never be defined.
Result<void> check_reference(std::string_view name, const Place& place) {
  if (name.ends_with('?')) return {};
  if (!is_value_name(name)) {
    return place.malformed("${" + printable(name) + "} is no name that a value can have",
                           "use letters, digits, _ and -, with single dots between parts");
  }
  if (!is_release_field(name)) return {};
  const auto fields = field_references();
  if (std::find(fields.begin(), fields.end(), name) != fields.end()) return {};
  return place.malformed("${" + printable(name) + "}: release.json has no such field",
                         suggestion(std::string(name), fields));
}

}  // namespace

Result<void> check_placeholders(const Json& value, const Place& place) {
  if (value.is_string()) {
    const auto pieces = pieces_of(value.get_ref<const std::string&>());
    if (!pieces) return not_closed(place);
    for (const Piece& piece : *pieces) {
      if (!piece.is_name) continue;
      if (const auto sound = check_reference(piece.text, place); !sound) return sound;
      if (!piece.text.ends_with('?')) continue;
      const auto known = optional_names();
      if (std::find(known.begin(), known.end(), piece.text.substr(0, piece.text.size() - 1)) != known.end()) continue;
      return place.malformed("${" + printable(piece.text) + "}: release.json cannot leave that out",
                             "with a question mark: " + join(known, ", "));
    }
  }
  for (std::size_t i = 0; value.is_array() && i < value.size(); ++i) {
    if (const auto sound = check_placeholders(value[i], place / i); !sound) return sound;
  }
  if (!value.is_object()) return {};
  for (const auto& item : value.items()) {
    if (const auto sound = check_placeholders(item.value(), place / item.key()); !sound) return sound;
  }
  return {};
}

std::set<std::string> undefined_names(const Json& value, const Values& names) {
  std::set<std::string> undefined;
  if (value.is_structured()) {
    for (const Json& inner : value) undefined.merge(undefined_names(inner, names));
  }
  const auto pieces = value.is_string() ? pieces_of(value.get_ref<const std::string&>()) : std::nullopt;
  if (!pieces) return undefined;
  for (const Piece& piece : *pieces) {
    if (piece.is_name && !piece.text.ends_with('?') && !names.contains(piece.text)) undefined.insert(piece.text);
  }
  return undefined;
}

std::set<std::string> names_in(const Json& value) {
  std::set<std::string> names;
  if (value.is_structured()) {
    for (const Json& inner : value) names.merge(names_in(inner));
  }
  const auto pieces = value.is_string() ? pieces_of(value.get_ref<const std::string&>()) : std::nullopt;
  if (!pieces) return names;
  for (const Piece& piece : *pieces) {
    const bool is_optional = piece.text.ends_with('?');
    if (piece.is_name) names.insert(piece.text.substr(0, piece.text.size() - (is_optional ? 1 : 0)));
  }
  return names;
}

std::size_t weight_of(const Json& value) {
  std::size_t weight = sizeof(Json);
  if (value.is_string()) weight += value.get_ref<const std::string&>().size();
  if (!value.is_structured()) return weight;
  for (const auto& item : value.items()) weight += item.key().size() + weight_of(item.value());
  return weight;
}

Result<Json> substitute(const Json& value, const Place& place, const Values& names, Values& used) {
  return Substitution(names, used).value(value, place);
}

}  // namespace readyctl
