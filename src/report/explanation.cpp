#include "report/explanation.hpp"

#include <algorithm>

#include "base/printable_json.hpp"
#include "base/text.hpp"

namespace readyctl {

Json addresses(const std::vector<Pubkey>& keys) {
  Json list = Json::array();
  for (const Pubkey& key : keys) list.push_back(to_string(key));
  return list;
}

std::string render_text(const Explanation& explanation) {
  std::size_t width = 0;
  for (const auto& line : explanation.lines) width = std::max(width, line.label.size());
  std::string text = printable(explanation.summary) + "\n\n";
  for (const auto& line : explanation.lines) {
    text += "  " + line.label + std::string(width - line.label.size() + 2, ' ') + printable(line.text) + "\n";
  }
  for (const std::string& danger : explanation.dangers) text += "\nDanger: " + printable(danger) + "\n";
  return text;
}

Json json_of(const Explanation& explanation) {
  Json json = explanation.json;
  json["kind"] = explanation.kind;
  json["summary"] = explanation.summary;
  json["dangers"] = explanation.dangers;
  return json;
}

std::string render_json(const Explanation& explanation) {
  return printable_json(json_of(explanation).dump(2, ' ', false, Json::error_handler_t::replace)) + "\n";
}

}  // namespace readyctl
