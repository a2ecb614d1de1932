#include "engine/record_edits.hpp"

#include <algorithm>

#include "base/base64.hpp"
#include "base/hex.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "facts/accounts.hpp"
#include "facts/json_member.hpp"
#include "facts/local.hpp"
#include "solana/base58.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

using Pointer = Json::json_pointer;

constexpr std::size_t small_bytes = 1024;  // of which each byte is changed
constexpr std::size_t head_bytes = 128;    // where the fields of larger data are
constexpr std::size_t spread_bytes = 128;  // of the rest
constexpr std::uint64_t old_slots = 1000;  // more than may lie between answers that one gate rests on
constexpr std::size_t word_bytes = 8;      // the width of most numbers

// An address that nobody uses.
Pubkey strange_address() {
  const Sha256 digest = sha256(bytes_of("readyctl self-test"));
  Pubkey key;
  std::copy(digest.bytes.begin(), digest.bytes.end(), key.bytes.begin());
  return key;
}

// --- bytes ----------------------------------------------------------------------------------------------------------

// A change of bytes that begins at one of them.
struct ByteEdit {
  std::size_t at = 0;
  Bytes before;
  Bytes after;
};

std::string words_of(const ByteEdit& edit) {
  if (edit.after.size() == 1) {
    return "byte " + std::to_string(edit.at) + " is 0x" + to_hex(edit.after) + " and not 0x" + to_hex(edit.before);
  }
  return "bytes " + std::to_string(edit.at) + " to " + std::to_string(edit.at + edit.after.size() - 1) + " are " +
         to_hex(edit.after) + " and not " + to_hex(edit.before);
}

// What a number or a key at this place could be instead: one less, all bits the other way, nothing, as much as fits.
std::vector<ByteEdit> changes_at(std::size_t at, ByteView data) {
  const ByteView rest = data.subspan(at);
  const auto wide = rest.first(std::min(word_bytes, rest.size()));
  std::vector<ByteEdit> edits{{at, {rest[0]}, {static_cast<std::uint8_t>(rest[0] - 1)}},
                              {at, {rest[0]}, {static_cast<std::uint8_t>(~rest[0])}}};
  const Bytes before(wide.begin(), wide.end());
  edits.push_back({at, before, Bytes(before.size(), 0)});
  edits.push_back({at, before, Bytes(before.size(), 0xff)});
  std::erase_if(edits, [](const ByteEdit& edit) { return edit.before == edit.after; });
  return edits;
}

std::vector<std::size_t> places_in(std::size_t size, std::size_t most) {
  std::vector<std::size_t> places;
  if (size <= small_bytes && size <= most) {
    for (std::size_t at = 0; at < size; ++at) places.push_back(at);
    return places;
  }
  const std::size_t head = std::min({size, most / 2, head_bytes});
  for (std::size_t at = 0; at < head; ++at) places.push_back(at);
  const std::size_t rest = size - head;
  const std::size_t spread = std::min({rest, most - head, size <= small_bytes ? small_bytes : spread_bytes});
  for (std::size_t i = 0; i < spread; ++i) places.push_back(size - 1 - i * rest / spread);
  return places;
}

// The changes of data of which the gate looked at `read`.
std::vector<ByteEdit> byte_edits(ByteView data, Span read, std::size_t edits_max, std::size_t& left_out) {
  constexpr std::size_t changes = 4;  // at each place
  std::vector<ByteEdit> edits;
  read.end = std::min(read.end, data.size());
  if (read.begin >= read.end) return edits;
  const std::size_t size = read.end - read.begin;
  const auto places = places_in(size, std::max(edits_max / changes, std::size_t{1}));
  left_out += changes * (size - places.size());
  for (const std::size_t place : places) {
    for (ByteEdit& edit : changes_at(place, data.subspan(read.begin, size))) {
      edit.at += read.begin;
      edits.push_back(std::move(edit));
    }
  }
  return edits;
}

void put(Bytes& data, std::size_t begin, const ByteEdit& edit) {
  for (std::size_t i = 0; i < edit.after.size(); ++i) {
    const std::size_t at = edit.at + i;
    if (at >= begin && at - begin < data.size()) data[at - begin] = edit.after[i];
  }
}

// --- accounts -------------------------------------------------------------------------------------------------------

bool is_account(const Payload& payload) {
  return payload.head.is_object() && payload.head.contains("owner") && payload.data != nullptr;
}

// Where the bytes of a payload begin in the account's data.
std::size_t begin_of(const Payload& payload) {
  const Json& slice = member(payload.head, "slice");
  return slice.is_array() && !slice.empty() && slice[0].is_number_unsigned() ? slice[0].get<std::size_t>() : 0;
}

void give_data(Payload& payload, Bytes data) {
  payload.head["encoding"] = "raw";
  payload.data = payload.body = std::make_shared<const Bytes>(std::move(data));
}

// An edit of the payload of an account that is there.
std::function<void(Observation&)> on_account(std::function<void(Payload&)> change) {
  return [change = std::move(change)](Observation& seen) {
    if (seen.outcome && is_account(*seen.outcome)) change(*seen.outcome);
  };
}

void change_length(Payload& payload, std::size_t length) {
  const std::size_t begin = begin_of(payload);
  const std::size_t rest = length > begin ? length - begin : 0;
  const Json& slice = member(payload.head, "slice");
  const std::size_t most = slice.is_array() && slice.size() == 2 ? slice[1].get<std::size_t>() : SIZE_MAX;
  Bytes data = *payload.data;
  data.resize(std::min(rest, most));
  payload.head["space"] = length;
  give_data(payload, std::move(data));
}

std::vector<Edit> edits_of_head(const Payload& payload) {
  std::vector<Edit> edits;
  const auto add = [&](const char* field, const Json& value) {
    const Json& before = member(payload.head, field);
    if (before == value) return;
    edits.push_back({"value",
                     std::string(field) + " is " + value.dump() + " and not " + before.dump(),
                     on_account([field, value](Payload& account) { account.head[field] = value; }),
                     false,
                     {}});
  };
  add("lamports", "0");
  add("lamports", "1");
  add("lamports", "18446744073709551615");
  add("executable", member(payload.head, "executable") != true);
  add("owner", to_string(known::system_program));
  add("owner", to_string(strange_address()));
  const Json& space = member(payload.head, "space");
  if (!space.is_number_unsigned()) return edits;
  const auto size = space.get<std::size_t>();
  for (const std::size_t length : {std::size_t{0}, size / 2, size - std::min(size, std::size_t{1}), size + 1}) {
    if (length == size) continue;
    edits.push_back({"length",
                     "the data is " + counted(length, "byte") + " long and not " + std::to_string(size),
                     on_account([length](Payload& account) { change_length(account, length); }),
                     false,
                     {}});
  }
  return edits;
}

void refuse(Observation& seen) {
  seen.outcome = tl::unexpected(Unobtainable{"timeout", "no answer, by a self-test", Retry::now});
}

Edit answering(std::string sort, std::string words, const Payload& instead) {
  return {std::move(sort),
          std::move(words),
          [instead](Observation& seen) {
            if (seen.outcome) seen.outcome = instead;
          },
          true,
          {}};
}

// The payload that holds most of the account.
const Payload* largest_of(const FactStore& facts, const std::vector<std::string>& keys) {
  const Payload* largest = nullptr;
  for (const std::string& key : keys) {
    const Observation& seen = facts.at(key).deciding();
    if (!seen.outcome) continue;
    const auto size = [](const Payload& payload) { return payload.data ? payload.data->size() : 0; };
    if (largest == nullptr || size(*seen.outcome) > size(*largest)) largest = &*seen.outcome;
  }
  return largest;
}

void add_account(const Pubkey& address, const FactStore& facts, const std::vector<std::string>& keys, Span read,
                 std::size_t edits_max, RecordEdits& edits) {
  const Payload* payload = largest_of(facts, keys);
  if (payload == nullptr) return;
  if (!is_account(*payload)) {
    Account account{address, known::system_program, Lamports{1}, false, 0, std::make_shared<const Bytes>(), Slot{}};
    const Payload appeared = account_payload(account, "raw", account.data, std::nullopt);
    edits.list.push_back(answering("appeared", "there is an account of the System program", appeared));
    return;
  }
  for (const std::string& key : keys) {
    const Observation& seen = facts.at(key).deciding();
    if (!seen.outcome || !is_account(*seen.outcome)) continue;
    const bool is_part_of_larger = &*seen.outcome != payload && !payload->head.contains("slice");
    if (is_part_of_larger) continue;
    const std::size_t begin = begin_of(*seen.outcome);
    const Span within{read.begin > begin ? read.begin - begin : 0, read.end > begin ? read.end - begin : 0};
    for (ByteEdit& edit : byte_edits(*seen.outcome->data, within, edits_max, edits.left_out)) {
      edit.at += begin;
      const std::string words = words_of(edit);
      edits.list.push_back({"byte",
                            words,
                            on_account([edit](Payload& account) {
                              Bytes data = *account.data;
                              put(data, begin_of(account), edit);
                              give_data(account, std::move(data));
                            }),
                            false,
                            {}});
    }
  }
  for (Edit& edit : edits_of_head(*payload)) edits.list.push_back(std::move(edit));
  edits.list.push_back(answering("absent", "there is no such account", no_account_payload()));
}

// --- files ----------------------------------------------------------------------------------------------------------

void add_file(const Payload& payload, std::size_t edits_max, RecordEdits& edits) {
  if (payload.data == nullptr) {
    const Payload appeared = file_payload(std::make_shared<const Bytes>(Bytes{'x'}));
    edits.list.push_back(answering("appeared", "there is such a file, of one byte", appeared));
    return;
  }
  const auto on_data = [](std::function<void(Bytes&)> change) {
    return [change = std::move(change)](Observation& seen) {
      if (!seen.outcome || !seen.outcome->data) return;
      Bytes data = *seen.outcome->data;
      change(data);
      seen.outcome = file_payload(std::make_shared<const Bytes>(std::move(data)));
    };
  };
  for (const ByteEdit& edit : byte_edits(*payload.data, {0, SIZE_MAX}, edits_max, edits.left_out)) {
    edits.list.push_back({"byte", words_of(edit), on_data([edit](Bytes& data) { put(data, 0, edit); }), false, {}});
  }
  const std::size_t size = payload.data->size();
  for (const std::size_t length : {std::size_t{0}, size / 2, size - std::min(size, std::size_t{1}), size + 1}) {
    if (length == size) continue;
    edits.list.push_back({"length",
                          "it is " + counted(length, "byte") + " long and not " + std::to_string(size),
                          on_data([length](Bytes& data) { data.resize(length); }),
                          false,
                          {}});
  }
  edits.list.push_back(answering("absent", "there is no such file", no_file_payload()));
}

// --- values in JSON -------------------------------------------------------------------------------------------------

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

std::function<void(Observation&)> at_pointer(Pointer at, std::function<void(Json&)> change) {
  return [at = std::move(at), change = std::move(change)](Observation& seen) {
    if (seen.outcome && seen.outcome->head.contains(at)) change(seen.outcome->head[at]);
  };
}

// The edits of the values in one head. An endpoint chooses how many values it sends: they are gone through twice, once
// to count what could be edited, and then again to keep as many as may be, evenly spread.
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

// An account that a search by these filters finds.
std::optional<Bytes> data_that_matches(const Json& options, std::uint8_t fill) {
  constexpr std::size_t bytes_max = 10'000;
  const auto size_in = [](const Json& value) { return value.is_number_unsigned() ? value.get<std::size_t>() : 0; };
  const Json& slice = member(options, "dataSlice");
  std::size_t size = size_in(member(slice, "length"));
  std::vector<std::pair<std::size_t, Bytes>> wanted;
  for (const Json& filter : options.value("filters", Json::array())) {
    const Json& memcmp = member(filter, "memcmp");
    const Json& text = member(memcmp, "bytes");
    auto bytes = text.is_string() ? from_base58(text.get_ref<const std::string&>()) : Bytes{};
    if (!bytes) return std::nullopt;
    wanted.emplace_back(size_in(member(memcmp, "offset")), std::move(*bytes));
    size = std::max(size, wanted.back().first + wanted.back().second.size());
  }
  if (size > bytes_max) return std::nullopt;
  Bytes data(size, fill);
  for (const auto& [at, bytes] : wanted)
    std::copy(bytes.begin(), bytes.end(), data.begin() + static_cast<std::ptrdiff_t>(at));
  return data;
}

void add_found_account(const RpcRequest& request, const Payload& payload, RecordEdits& edits) {
  const Pointer at("/result/value");
  const bool is_search = request.method == "getProgramAccounts" && request.params.size() == 2 &&
                         request.params[0].is_string() && payload.head.contains(at) && payload.head[at].is_array();
  const auto program = is_search ? parse_pubkey(request.params[0].get<std::string>()) : Result<Pubkey>(Pubkey{});
  if (!is_search || !program) return;
  for (const std::uint8_t fill : {std::uint8_t{0}, std::uint8_t{0xff}}) {
    const auto data = data_that_matches(request.params[1], fill);
    if (!data) continue;
    const auto shared = std::make_shared<const Bytes>(*data);
    const Account account{strange_address(), *program, Lamports{1'000'000}, false, data->size(), shared, Slot{}};
    const Observation seen{"self-test", std::nullopt, Time{}, std::chrono::milliseconds(0),
                           account_payload(account, "raw", shared, std::nullopt)};
    const Json found = {{"pubkey", to_string(account.address)},
                        {"account",
                         {{"owner", to_string(*program)},
                          {"data", {to_base64(*data), "base64"}},
                          {"lamports", 1'000'000U},
                          {"executable", false},
                          {"space", data->size()}}}};
    edits.list.push_back({"appeared",
                          "one more account is found, whose other bytes are 0x" + to_hex(Bytes{fill}),
                          at_pointer(at,
                                     [found](Json& list) {
                                       if (list.is_array()) list.push_back(found);
                                     }),
                          false,
                          {{key_of(AccountRequest{account.address}), {{seen}}}}});
  }
}

void add_json(const Request& request, const Payload& payload, std::size_t edits_max, RecordEdits& edits) {
  constexpr std::size_t for_each_that_is_kept = 4;  // of all records, those that are kept are chosen later
  JsonEdits(edits_max, edits_max * for_each_that_is_kept, edits).add_all(payload.head);
  if (const auto* rpc = std::get_if<RpcRequest>(&request)) add_found_account(*rpc, payload, edits);
}

}  // namespace

RecordEdits edits_for(const Request& request, const FactStore& facts, const std::vector<std::string>& keys, Span read,
                      std::size_t edits_max) {
  RecordEdits edits;
  const Observation& seen = facts.at(keys.front()).deciding();
  if (const auto* account = std::get_if<AccountRequest>(&request)) {
    add_account(account->address, facts, keys, read, edits_max, edits);
  } else if (seen.outcome && std::holds_alternative<FileRequest>(request)) {
    add_file(*seen.outcome, edits_max, edits);
  } else if (seen.outcome) {
    add_json(request, *seen.outcome, edits_max, edits);
  }
  for (Edit& edit : edits_for_any()) edits.list.push_back(std::move(edit));
  return edits;
}

std::vector<Edit> edits_for_any() {
  const auto age = [](Observation& seen) {
    if (seen.slot) seen.slot = Slot{seen.slot->value - std::min(seen.slot->value, old_slots)};
    seen.at = seen.at + -std::chrono::hours(24);
  };
  std::vector<Edit> edits;
  edits.push_back({"old", "the answer is a day and " + std::to_string(old_slots) + " slots older", age, true, {}});
  edits.push_back({"refused", "there is no answer", refuse, true, {}});
  return edits;
}

}  // namespace readyctl
