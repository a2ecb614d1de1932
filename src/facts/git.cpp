#include "facts/git.hpp"

#include <algorithm>

namespace readyctl {
namespace {

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

// The reverse of FieldType<T>::read. An optional that is empty is left out by the record that holds it.
template <class T>
Json to_json_value(const T& value) {
  if constexpr (Record<T>) {
    Json object = Json::object();
    const auto add = [&](const auto& field) {
      const auto& member = value.*field.member;
      if constexpr (is_optional<std::remove_cvref_t<decltype(member)>>) {
        if (member) object[std::string(field.name)] = to_json_value(*member);
      } else {
        object[std::string(field.name)] = to_json_value(member);
      }
    };
    std::apply([&](const auto&... field) { (add(field), ...); }, T::fields());
    return object;
  } else if constexpr (is_vector<T>) {
    Json list = Json::array();
    for (const auto& item : value) list.push_back(to_json_value(item));
    return list;
  } else if constexpr (NamedEnum<T> || std::same_as<T, CommitId> || std::same_as<T, Time>) {
    return Json(to_string(value));
  } else {
    return Json(value);
  }
}

bool is_lower_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

void make_lower(std::string& text, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] >= 'A' && text[i] <= 'Z') text[i] = static_cast<char>(text[i] - 'A' + 'a');
  }
}

// Of a long list only the first ones are named, of one that is not empty at least one.
template <class T>
bool is_counted(const GitList<T>& list) {
  return list.listed.size() <= list.total && (list.total == 0 || !list.listed.empty());
}

bool is_default_port(std::string_view port) {
  return port == "22" || port == "80" || port == "443" || port == "9418" || port.empty();
}

void remove_ending(std::string& text, std::string_view ending) {
  if (text.ends_with(ending)) text.resize(text.size() - ending.size());
}

}  // namespace

Result<CommitId> parse_commit_id(std::string_view text) {
  if (text.size() != 40 || !std::all_of(text.begin(), text.end(), is_lower_hex)) {
    return malformed("", "a commit is 40 hex digits in lower case, not \"" + printable(text) + "\"",
                     "git rev-parse HEAD prints it in full");
  }
  return CommitId{std::string(text)};
}

Payload git_payload(const GitState& state) { return {to_json_value(state), nullptr, nullptr}; }

Reading<GitState> read_git_state(const Payload& payload) {
  const auto bad = [](const std::string& what) {
    return unobtainable(
        {"malformed", "the recorded state of the git checkout is not what it must be: " + what, Retry::never});
  };
  if (payload.body != nullptr) return bad("it has a body");
  const auto document = Document::parse(payload.head.dump(-1, ' ', false, Json::error_handler_t::replace), "git");
  if (!document) return bad(document.error().what);
  auto state = read_record<GitState>(document->value(), Place(*document));
  if (!state) return bad(state.error().what);
  const bool counts = is_counted(state->changes) && is_counted(state->untracked) && is_counted(state->unsettled) &&
                      is_counted(state->doubts) && is_counted(state->submodules);
  if (!counts) return bad("a list holds more than it counts, or counts what it does not begin to name");
  return std::move(*state);
}

std::string repository_name(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const bool is_path = url.starts_with("/") || url.starts_with(".") || url.starts_with("file://");
  std::string rest(scheme == std::string_view::npos ? url : url.substr(scheme + 3));
  if (!is_path) {
    rest.resize(std::min(rest.find_first_of("?#"), rest.size()));
    const std::size_t host_end = std::min(rest.find('/'), rest.size());
    if (const std::size_t at = rest.rfind('@', host_end); at != std::string::npos) rest.erase(0, at + 1);
    const std::size_t path = std::min(rest.find('/'), rest.size());
    const std::size_t colon = std::min(rest.find(':'), path);
    if (colon < path && scheme == std::string_view::npos) {
      rest[colon] = '/';  // host:path, as ssh has it
      if (rest.compare(colon, 2, "//") == 0) rest.erase(colon, 1);
    } else if (colon < path && is_default_port(std::string_view(rest).substr(colon + 1, path - colon - 1))) {
      rest.erase(colon, path - colon);
    }
    make_lower(rest, std::min(rest.find('/'), rest.size()));
  }
  while (rest.size() > 1 && rest.ends_with('/')) rest.pop_back();
  remove_ending(rest, ".git");
  return rest;
}

namespace facts {

Fact<GitState> git(const GitRequest& request) {
  return fact_of<GitState>(request, [](const Payload& payload, const Observation&) { return read_git_state(payload); });
}

}  // namespace facts
}  // namespace readyctl
