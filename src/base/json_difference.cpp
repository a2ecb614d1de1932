#include "base/json_difference.hpp"

#include <algorithm>
#include <set>

#include "base/sha256.hpp"
#include "base/text.hpp"

namespace readyctl {
namespace {

constexpr std::size_t bytes_told = 200;

std::string told(const Json* value) {
  if (value == nullptr) return "nothing";
  std::string text = exact_json(*value);
  if (text.size() <= bytes_told) return text;
  return std::string(words_for_type(*value)) + " of " + counted(text.size(), "byte") + " with SHA-256 " +
         to_string(sha256(text));
}

std::string escaped(const std::string& key) {
  std::string text;
  for (const char c : key) text += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return text;
}

std::optional<JsonDifference> difference_at(const std::string& pointer, const Json* first, const Json* second);

std::optional<JsonDifference> in_objects(const std::string& pointer, const Json& first, const Json& second) {
  std::set<std::string> keys;
  for (const auto& member : first.items()) keys.insert(member.key());
  for (const auto& member : second.items()) keys.insert(member.key());
  for (const std::string& key : keys) {
    const auto of_first = first.find(key);
    const auto of_second = second.find(key);
    auto found = difference_at(pointer + "/" + escaped(key), of_first == first.end() ? nullptr : &*of_first,
                               of_second == second.end() ? nullptr : &*of_second);
    if (found) return found;
  }
  return std::nullopt;
}

std::optional<JsonDifference> in_arrays(const std::string& pointer, const Json& first, const Json& second) {
  for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
    auto found = difference_at(pointer + "/" + std::to_string(i), i < first.size() ? &first[i] : nullptr,
                               i < second.size() ? &second[i] : nullptr);
    if (found) return found;
  }
  return std::nullopt;
}

// No deeper than json_depth_max, because both were parsed.
std::optional<JsonDifference> difference_at(const std::string& pointer, const Json* first, const Json* second) {
  if (first != nullptr && second != nullptr) {
    if (first->is_object() && second->is_object()) return in_objects(pointer, *first, *second);
    if (first->is_array() && second->is_array()) return in_arrays(pointer, *first, *second);
    if (exact_json(*first) == exact_json(*second)) return std::nullopt;
  }
  return JsonDifference{pointer, told(first), told(second)};
}

}  // namespace

std::optional<JsonDifference> first_difference(const Json& first, const Json& second) {
  return difference_at("", &first, &second);
}

}  // namespace readyctl
