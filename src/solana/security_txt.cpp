#include "solana/security_txt.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.hpp"

namespace readyctl {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view begin_marker = "=======BEGIN SECURITY.TXT V1=======\0"sv;
constexpr std::string_view end_marker = "=======END SECURITY.TXT V1=======\0"sv;
constexpr std::array required{"name"sv, "project_url"sv, "contacts"sv, "policy"sv};
constexpr std::array optional_keys{"preferred_languages"sv, "source_code"sv, "source_release"sv,   "source_revision"sv,
                                   "encryption"sv,          "auditors"sv,    "acknowledgements"sv, "expiry"sv};

template <std::size_t count>
bool contains(const std::array<std::string_view, count>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

tl::unexpected<Error> wrong(std::string what) { return malformed("", "security.txt " + std::move(what)); }

// "email:a@b, link:https://…": kinds of contact in any letter case, each with what it says.
Result<void> check_contacts(std::string_view contacts) {
  static constexpr std::array kinds{"email"sv, "discord"sv, "telegram"sv, "twitter"sv, "link"sv, "other"sv};
  while (!contacts.empty()) {
    const std::size_t end = std::min(contacts.find(','), contacts.size());
    const std::string_view contact = trimmed(contacts.substr(0, end));
    contacts.remove_prefix(std::min(end + 1, contacts.size()));
    std::string kind(contact.substr(0, std::min(contact.find(':'), contact.size())));
    std::transform(kind.begin(), kind.end(), kind.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (kind.size() == contact.size() || !contains(kinds, kind)) {
      return wrong("has a contact \"" + printable(contact) + "\" of a sort that is not known");
    }
  }
  return {};
}

// What stands between the markers: strings that each end with a zero byte, keys and values in turn.
Result<SecurityTxt> read_fields(std::string_view text) {
  SecurityTxt found;
  while (!text.empty()) {
    const std::size_t key_end = text.find('\0');
    const std::size_t value_end = key_end == std::string_view::npos ? key_end : text.find('\0', key_end + 1);
    if (value_end == std::string_view::npos) return wrong("has a key without a value");
    const std::string key(text.substr(0, key_end));
    const std::string value(text.substr(key_end + 1, value_end - key_end - 1));
    text.remove_prefix(value_end + 1);
    if (!contains(required, key) && !contains(optional_keys, key))
      return wrong("has an unknown key \"" + printable(key) + "\"");
    if (!is_utf8(value)) return wrong("has a value of \"" + key + "\" that is not UTF-8");
    if (!found.fields.emplace(key, value).second) return wrong("gives \"" + key + "\" twice");
  }
  for (const std::string_view key : required) {
    if (!found.fields.contains(std::string(key))) return wrong("has no \"" + std::string(key) + "\"");
  }
  if (const auto sound = check_contacts(found.fields.at("contacts")); !sound) return failure(sound.error());
  return found;
}

}  // namespace

std::string SecurityTxt::field(const std::string& name) const {
  const auto found = fields.find(name);
  return found == fields.end() ? "" : found->second;
}

Result<std::optional<SecurityTxt>> find_security_txt(ByteView code) {
  const std::string_view text = text_of(code);
  const std::size_t begin = text.find(begin_marker);
  if (begin == std::string_view::npos) return std::nullopt;
  const std::size_t from = begin + begin_marker.size();
  const std::size_t end = text.find(end_marker, from);
  if (end == std::string_view::npos) return wrong("has no end marker");
  auto fields = read_fields(text.substr(from, end - from));
  if (!fields) return failure(fields.error());
  return std::optional(std::move(*fields));
}

}  // namespace readyctl
