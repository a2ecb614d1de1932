#include "engine/remedy.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "solana/pubkey.hpp"

namespace readyctl {
namespace {

// Where the value of a name is to be corrected. The release is named as the report keeps it, wherever its file lies.
std::string place_of(const std::string& name, const PlanInputs& inputs) {
  if (inputs.set.contains(name)) return "--set " + name + "=…";
  return (is_release_field(name) ? "`" : "`values.") + name + "` of release.json (freeze it again)";
}

// The parameters that have a value, each as the place to correct it.
class Places {
 public:
  Places(const PlannedGate& gate, const Misnamed& wanted, const PlanInputs& inputs)
      : gate_(gate), wanted_(wanted), inputs_(inputs) {
    look_at(gate.definition.params.value, gate.params, "");
  }

  std::vector<std::string> found;

 private:
  // `written` is the parameter as it stands in the pack. A name there stands for everything in its value.
  void look_at(const Json& written, const Json& value, const std::string& name) {
    if (value.is_object()) {
      for (const auto& item : value.items()) {
        look_at(below(written, item.key()), item.value(), name.empty() ? item.key() : name + "." + item.key());
      }
      return;
    }
    if (value.is_array()) {
      for (std::size_t i = 0; i < value.size(); ++i) look_at(below(written, i), value[i], name);
      return;
    }
    const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    if (text == wanted_.value && is_meant(name)) add(written, name);
  }

  template <class Key>
  static const Json& below(const Json& written, const Key& key) {
    return written.is_structured() ? written.at(key) : written;
  }

  bool is_meant(const std::string& name) const {
    return wanted_.parameter.empty() || name == wanted_.parameter || name.ends_with("." + wanted_.parameter);
  }

  void add(const Json& written, const std::string& name) {
    const std::set<std::string> names = names_in(written);
    if (names.empty()) found.push_back("`" + name + "` of gate " + gate_.id + " in its pack");
    for (const std::string& one : names) found.push_back(place_of(one, inputs_));
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
  }

  const PlannedGate& gate_;
  const Misnamed& wanted_;
  const PlanInputs& inputs_;
};

}  // namespace

std::string remedy_for(const PlannedGate& gate, const Finding& finding, const PlanInputs& inputs) {
  if (!finding.misnamed) return gate.remedy;
  const Misnamed& misnamed = *finding.misnamed;
  const std::vector<std::string> places = Places(gate, misnamed, inputs).found;
  if (places.empty()) return gate.remedy;  // it was derived, and nobody could have named it
  const std::string named = join(places, " or ") + ", which names " + printable(misnamed.value);
  const std::string besides = misnamed.besides.empty() ? "" : "; " + misnamed.besides;
  const bool is_path = misnamed.parameter.empty() && !parse_pubkey(misnamed.value);
  if (is_path) return "Put the file there, or correct " + named + ", and decide again.";
  if (!misnamed.may_be_right) return "Correct " + named + ", and decide again" + besides + ".";
  return "First compare " + named + ", with what was reviewed, and correct it if it is another" + besides +
         ". If it is right: " + gate.remedy;
}

}  // namespace readyctl
