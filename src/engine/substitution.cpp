// ${name} in parameters.
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
      result += found->is_string() ? found->get<std::string>() : found->dump();
      at = end + 1;
    }
    return Json(result);
  }

  Result<Json> look_up(const std::string& name, const Place& place) {
    const auto found = names_.find(name);
    if (found != names_.end()) {
      used_[name] = found->second;
      return found->second;
    }
    std::vector<std::string> known;
    for (const auto& entry : names_) known.push_back(entry.first);
    const auto near = nearest(name, known);
    return place.malformed("${" + printable(name) + "} is not defined",
                           (near ? "did you mean ${" + *near + "}? " : "") + "defined: " + join(known, ", ") +
                               "; add a name to release.json's values or with --set " + printable(name) + "=…");
  }

  const Values& names_;
  Values& used_;
};

}  // namespace

Result<Json> substitute(const Json& value, const Place& place, const Values& names, Values& used) {
  return Substitution(names, used).value(value, place);
}

}  // namespace readyctl
