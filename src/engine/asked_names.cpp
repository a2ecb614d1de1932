#include "engine/asked_names.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "engine/plan.hpp"
#include "facts/field_types.hpp"

namespace readyctl {
namespace {

constexpr std::string_view list_of = "list of ";
constexpr std::string_view object_of = "object of ";
constexpr std::string_view by_name = ", by ";
// What stands in a skeleton: "<type; who asks>".
constexpr std::string_view unfilled_begin = "<";
constexpr std::string_view unfilled_middle = "; ";
constexpr std::string_view unfilled_end = ">";

// The names of the fields directly within a record.
std::vector<std::string> fields_within(const std::vector<FieldDoc>& fields, const std::string& record) {
  std::vector<std::string> names;
  for (const FieldDoc& field : fields) {
    if (!field.name.starts_with(record + ".")) continue;
    const std::string name = field.name.substr(record.size() + 1);
    if (name.find('.') == std::string::npos) names.push_back(name);
  }
  return names;
}

const FieldDoc* field_named(const std::vector<FieldDoc>& fields, const std::string& name) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& field) { return field.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

// What a value is of an object whose names are anybody's: "object of X, by the name of a role". None: no such object.
std::optional<std::string> type_of_values(const FieldDoc* field) {
  if (field == nullptr || !field->words.starts_with(object_of)) return std::nullopt;
  const auto end = field->words.rfind(by_name);
  if (end == std::string::npos) return std::nullopt;
  return field->words.substr(object_of.size(), end - object_of.size());
}

// An item of a list when `depth` lists are entered.
std::string item_of(std::string type, std::size_t depth) {
  while (depth-- > 0 && type.starts_with(list_of)) type.erase(0, list_of.size());
  return type;
}

// What a parameter is, or an item of it when it is a list and `depth` lists are entered.
std::string type_of(const std::vector<FieldDoc>& fields, const std::string& parameter, std::size_t depth) {
  const FieldDoc* field = field_named(fields, parameter);
  if (field == nullptr) {
    const auto dot = parameter.rfind('.');
    if (dot == std::string::npos) return "part of " + parameter;
    const std::string outer = parameter.substr(0, dot);
    const auto values = type_of_values(field_named(fields, outer));
    return values ? item_of(*values, depth) : "part of " + type_of(fields, outer, 0);
  }
  const std::string type = item_of(field->words, depth);
  const auto inner = fields_within(fields, parameter);
  return inner.empty() ? type : type + " of " + join(inner, ", ");
}

// The parameters of one gate.
class Asker {
 public:
  Asker(std::string gate, std::vector<FieldDoc> fields, AskedNames& asked)
      : gate_(std::move(gate)), fields_(std::move(fields)), asked_(asked) {}

  void look_at(const Json& value, const std::string& parameter, std::size_t depth) {
    if (value.is_object()) {
      for (const auto& item : value.items())
        look_at(item.value(), parameter.empty() ? item.key() : parameter + "." + item.key(), 0);
    }
    if (value.is_array()) {
      for (const Json& item : value) look_at(item, parameter, depth + 1);
    }
    if (!value.is_string()) return;
    const FieldDoc* field = field_named(fields_, parameter);
    const bool is_later = field != nullptr && field->is_known_later;
    for (const std::string& name : undefined_names(value, {})) {
      const bool is_whole = value == "${" + name + "}";
      asked_[name].push_back({gate_, parameter, is_whole ? type_of(fields_, parameter, depth) : "text", is_later});
    }
  }

 private:
  std::string gate_;
  std::vector<FieldDoc> fields_;
  AskedNames& asked_;
};

std::string unfilled_text(std::string_view type, const std::string& who) {
  return std::string(unfilled_begin) + std::string(type) + std::string(unfilled_middle) + who +
         std::string(unfilled_end);
}

Json unfilled(std::string_view type, const std::string& who) {
  if (type.starts_with(list_of)) return Json::array({unfilled(type.substr(list_of.size()), who)});
  return unfilled_text(type, who);
}

}  // namespace

AskedNames asked_names(const std::vector<PackFile>& packs, const std::vector<GateKind>& kinds) {
  AskedNames asked;
  for (const PackFile& file : packs) {
    for (const GateDefinition& gate : file.pack.gates) {
      const GateKind* kind = find_kind(kinds, gate.kind);
      if (kind == nullptr) continue;
      Asker(file.pack.name + "/" + gate.id, kind->fields(), asked).look_at(gate.params.value, "", 0);
    }
  }
  return asked;
}

namespace {

std::vector<std::string> different_types(const std::vector<AskingParameter>& askers) {
  std::vector<std::string> types;
  for (const AskingParameter& asker : askers) {
    if (std::find(types.begin(), types.end(), asker.type) == types.end()) types.push_back(asker.type);
  }
  return types;
}

}  // namespace

std::string words_for_types(const std::vector<AskingParameter>& askers) {
  return join(different_types(askers), ", and ");
}

bool is_known_later(const std::vector<AskingParameter>& askers) {
  return std::all_of(askers.begin(), askers.end(), [](const AskingParameter& asker) { return asker.is_known_later; });
}

bool is_path(const std::vector<AskingParameter>& askers) {
  return std::any_of(askers.begin(), askers.end(),
                     [](const AskingParameter& asker) { return asker.type == FieldType<RelativePath>::words(); });
}

bool is_unfilled(const Json& value) {
  if (value.is_structured()) return std::any_of(value.begin(), value.end(), is_unfilled);
  if (!value.is_string()) return false;
  const auto& text = value.get_ref<const std::string&>();
  return text.starts_with(unfilled_begin) && text.ends_with(unfilled_end) &&
         text.find(unfilled_middle) != std::string::npos;
}

Json values_skeleton(const AskedNames& asked) {
  Json skeleton = Json::object();
  for (const auto& [name, askers] : asked) {
    const AskingParameter& first = askers.front();
    const std::string others = askers.size() > 1 ? ", and " + counted(askers.size() - 1, "other") : "";
    // What must be two things at once is shown as a text, even where one of them is a list.
    const std::string who = first.gate + " " + first.name + others;
    const bool is_one_type = different_types(askers).size() == 1;
    skeleton[name] = is_one_type ? unfilled(first.type, who) : Json(unfilled_text(words_for_types(askers), who));
  }
  return skeleton;
}

}  // namespace readyctl
