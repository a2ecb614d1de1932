// ${name} in parameters, and ${name?} for what release.json may leave out.
#include <algorithm>

#include "engine/plan.hpp"

namespace readyctl {
namespace {

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
    std::string result;
    for (std::size_t at = 0; at < written.size();) {
      if (written.compare(at, 3, "$${") == 0) {
        result += "${";
        at += 3;
        continue;
      }
      if (written.compare(at, 2, "${") != 0) {
        result += written[at++];
        continue;
      }
      const auto end = written.find('}', at);
      if (end == std::string::npos) return place.malformed("\"${\" is not closed", "write $${ for a literal ${");
      auto found = look_up(written.substr(at + 2, end - at - 2), place);
      if (!found) return found;
      if (at == 0 && end + 1 == written.size()) return found;
      if (found->is_structured() || found->is_null()) {
        return place.malformed(written.substr(at, end + 1 - at) + " is " + std::string(words_for_type(*found)) +
                               " and cannot stand inside a text");
      }
      result += found->is_string() ? found->get<std::string>() : text_of_scalar(*found);
      at = end + 1;
    }
    return Json(result);
  }

  // In canonical form, because a replay reads the value from the report, where 1.0 is written 1.
  static std::string text_of_scalar(const Json& value) { return canonical_json(value).value_or(value.dump()); }

  Result<Json> look_up(const std::string& written, const Place& place) {
    const bool is_optional = written.ends_with('?');
    const std::string name = is_optional ? written.substr(0, written.size() - 1) : written;
    if (is_optional && !contains(optional_names_, name)) {
      return place.malformed("${" + printable(written) + "}: release.json cannot leave that out",
                             "with a question mark: " + join(optional_names_, ", "));
    }
    if (is_optional && !names_.contains(name)) {
      return place.malformed("${" + written + "} is not in this release, and stands where nothing can be left out",
                             "let it be the whole value of a parameter");
    }
    const auto found = names_.find(name);
    if (found != names_.end()) {
      used_[name] = found->second;
      return found->second;
    }
    std::vector<std::string> known;
    for (const auto& entry : names_) known.push_back(entry.first);
    const auto near = nearest(name, known);
    const std::string advice = is_release_field(name)
                                   ? "; release.json leaves it out, and only a release that is frozen with it has it"
                                   : "; add a name to release.json's values or with --set " + printable(name) + "=…";
    return place.malformed("${" + printable(name) + "} is not defined",
                           (near ? "did you mean ${" + *near + "}? " : "") + "defined: " + join(known, ", ") + advice);
  }

  const Values& names_;
  Values& used_;
  const std::vector<std::string> optional_names_ = optional_names();
};

}  // namespace

Result<Json> substitute(const Json& value, const Place& place, const Values& names, Values& used) {
  return Substitution(names, used).value(value, place);
}

}  // namespace readyctl
