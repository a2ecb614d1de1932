#include "engine/json_edits.hpp"

#include <algorithm>

#include "base/base64.hpp"
#include "base/time.hpp"
#include "engine/byte_edits.hpp"

namespace readyctl {
namespace {

using Pointer = Json::json_pointer;

std::string shown(const Json& value) {
  constexpr std::size_t characters_max = 60;
  const std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  return text.size() <= characters_max ? text : text.substr(0, characters_max) + "...";
}

// Another character of the same alphabet, so that hex stays hex and base58 stays base58.
char another(char c) {
  if (c >= '0' && c <= '9') return c == '1' ? '2' : '1';
  return c == 'a' ? 'b' : 'a';
}

bool continues_a_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// With another first character, and with another last one. Whole characters, so that the text stays UTF-8.
std::vector<Json> with_other_ends(const std::string& text) {
  std::size_t last = text.size() - 1;
  while (last > 0 && continues_a_character(text[last])) --last;
  std::size_t second = 1;
  while (second < text.size() && continues_a_character(text[second])) ++second;
  return {text.substr(0, last) + another(text[last]), another(text.front()) + text.substr(second)};
}

std::vector<Json> other_texts(const std::string& text) {
  if (const auto time = parse_time(text)) {
    constexpr std::chrono::hours hour(1);
    constexpr std::chrono::hours ten_years(24 * 3652);
    return {to_string(*time + -hour), to_string(*time + hour), to_string(*time + -ten_years),
            to_string(*time + ten_years)};
  }
  if (text.empty()) return {"a"};
  std::vector<Json> others = with_other_ends(text);
  others.insert(others.begin(), "");
  if (std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    others.emplace_back("0");
    others.emplace_back("18446744073709551615");
  }
  return others;
}

std::vector<Json> other_values(const Json& value) {
  switch (value.type()) {
    case Json::value_t::boolean:
      return {!value.get<bool>()};
    case Json::value_t::number_unsigned: {
      const auto number = value.get<std::uint64_t>();
      return {number + 1, number - 1, 0U, UINT64_MAX};
    }
    case Json::value_t::number_integer:
      return {value.get<std::int64_t>() + 1, 0,
              value.get<std::int64_t>() == INT64_MIN ? 1 : -value.get<std::int64_t>()};
    case Json::value_t::string:
      return other_texts(value.get_ref<const std::string&>());
    case Json::value_t::null:
      return {"changed"};
    default:
      return {};
  }
}

std::string name(const Pointer& at) { return at.empty() ? "it" : at.to_string(); }

// The edits of the values in one head. They are gone through twice: once to count what could be edited, and then again
// to keep as many as may be.
class JsonEdits {
  static constexpr std::size_t key_bytes_max = 256;

 public:
  JsonEdits(std::size_t bytes_max, std::size_t edits_max, RecordEdits& edits)
      : bytes_max_(bytes_max), edits_max_(edits_max), edits_(edits) {}

  void add_all(const Json& head) {
    add(head, Pointer());
    all_ = std::exchange(offered_, 0);
    edits_.left_out += all_ - std::min(all_, edits_max_);
    if (all_ > 0) add(head, Pointer());
  }

 private:
  using Change = std::function<void(Json&)>;

  // `words` are only made for what is kept.
  template <class Words>
  void offer(const Pointer& at, const char* sort, Words words, Change change) {
    const std::size_t number = offered_++;
    if (!is_kept(number)) return;
    edits_.list.push_back({sort, words(), at_pointer(at, std::move(change)), false, {}});
  }

  bool is_counting() const { return all_ == 0; }

  bool is_kept(std::size_t number) const {
    if (is_counting()) return false;
    if (all_ <= edits_max_) return true;
    return number * edits_max_ / all_ != (number + 1) * edits_max_ / all_;
  }

  void add(const Json& value, const Pointer& at) {
    if (is_base64(value)) return add_bytes(value, at / 0);
    for (const Json& other : other_values(value)) {
      if (other == value) continue;
      offer(
          at, "value", [&] { return name(at) + " is " + shown(other) + " and not " + shown(value); },
          [other](Json& place) { place = other; });
    }
    if (value.is_array()) add_lists(value, at);
    if (value.is_object()) add_members(value, at);
  }

  static bool is_base64(const Json& value) {
    return value.is_array() && value.size() == 2 && value[0].is_string() && value[1] == "base64";
  }

  void add_bytes(const Json& value, const Pointer& at) {
    const auto bytes = from_base64(value[0].get_ref<const std::string&>());
    if (!bytes) return;
    std::size_t left_out = 0;
    for (const ByteEdit& edit : byte_edits(*bytes, {0, SIZE_MAX}, bytes_max_, left_out)) {
      offer(at, "byte", [&] { return words_of(edit) + " of " + name(at); }, [edit](Json& place) { put(place, edit); });
    }
    if (is_counting()) edits_.left_out += left_out;
  }

  static void put(Json& text, const ByteEdit& edit) {
    auto bytes = text.is_string() ? from_base64(text.get_ref<const std::string&>()) : Bytes{};
    if (!bytes) return;
    readyctl::put(*bytes, 0, edit);
    text = to_base64(*bytes);
  }

  void add_lists(const Json& list, const Pointer& at) {
    if (list.empty()) return;
    const auto on_list = [&](const char* words, void (*change)(Json&)) {
      offer(
          at, "list", [&] { return name(at) + " " + words; },
          [change](Json& place) {
            if (place.is_array() && !place.empty()) change(place);
          });
    };
    on_list("is empty", [](Json& place) { place.clear(); });
    on_list("has its last entry twice", [](Json& place) { place.push_back(Json(place.back())); });
    if (list.size() > 1) {
      on_list("lacks its first entry", [](Json& place) { place.erase(0); });
      on_list("lacks its last entry", [](Json& place) { place.erase(place.size() - 1); });
    }
    for (std::size_t i = 0; i < list.size(); ++i) add(list[i], at / i);
  }

  void add_members(const Json& object, const Pointer& at) {
    for (const auto& item : object.items()) {
      // Nobody reads such a one, and whatever is below it would be named by it.
      if (item.key().size() > key_bytes_max) {
        if (is_counting()) ++edits_.left_out;
        continue;
      }
      offer(
          at, "member", [&] { return name(at) + " lacks " + item.key(); },
          [key = item.key()](Json& place) {
            if (place.is_object()) place.erase(key);
          });
      add(item.value(), at / item.key());
    }
  }

  std::size_t bytes_max_;
  std::size_t edits_max_;
  RecordEdits& edits_;
  std::size_t all_ = 0;  // known once they were counted
  std::size_t offered_ = 0;
};

}  // namespace

void add_json_edits(const Json& head, std::size_t bytes_max, std::size_t edits_max, RecordEdits& edits) {
  JsonEdits(bytes_max, edits_max, edits).add_all(head);
}

std::function<void(Observation&)> at_pointer(Pointer at, std::function<void(Json&)> change) {
  return [at = std::move(at), change = std::move(change)](Observation& seen) {
    if (seen.outcome && seen.outcome->head.contains(at)) change(seen.outcome->head[at]);
  };
}

}  // namespace readyctl
