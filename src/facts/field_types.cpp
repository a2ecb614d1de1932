#include "facts/field_types.hpp"

#include <algorithm>

#include "base/hex.hpp"

namespace readyctl {

std::string Holder::words() const {
  if (kind == Kind::nobody) return "nobody";
  return kind == Kind::anybody ? "anybody" : to_string(address);
}

bool Holder::accepts(const std::optional<Pubkey>& holder) const {
  if (kind == Kind::anybody) return true;
  return kind == Kind::nobody ? !holder.has_value() : holder == address;
}

Result<std::uint64_t> parse_u64(std::string_view digits) {
  std::uint64_t number = 0;
  const auto [end, trouble] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool leading_zero = digits.size() > 1 && digits.front() == '0';
  if (trouble == std::errc::result_out_of_range) {
    return malformed("", "\"" + std::string(digits) + "\" does not fit into 64 bits");
  }
  if (trouble != std::errc{} || end != digits.data() + digits.size() || leading_zero) {
    return malformed("", "\"" + printable(digits) + "\" is no whole number of digits alone");
  }
  return number;
}

namespace {

// The one spelling of a path: without empty parts and `.`. What `..` leads to is for the kernel to say: a part before
// it may be a symbolic link.
std::string normal_path(std::string_view text) {
  std::string normal;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('/'), text.size());
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (part.empty() || part == ".") continue;
    if (!normal.empty()) normal += '/';
    normal += part;
  }
  return normal.empty() ? "." : normal;
}

}  // namespace

Result<RelativePath> FieldType<RelativePath>::read(const Json& value, const Place& place) {
  const auto text = FieldType<std::string>::read(value, place);
  if (!text) return failure(text.error());
  if (text->front() == '/') {
    return place.malformed("path \"" + *text + "\" is absolute", "paths are relative to the folder of release.json");
  }
  std::string path = normal_path(*text);
  if (path == ".." || path.starts_with("../")) {
    return place.malformed("path \"" + printable(*text) + "\" leads out of the folder of release.json",
                           "put release.json into a folder that holds everything it names");
  }
  return RelativePath{std::move(path)};
}

namespace {

// What of the URL may be a credential; nothing when none may.
std::string credential_in(std::string_view url) {
  if (url.find_first_of("?#") != std::string_view::npos) return "a query or a fragment";
  const std::size_t scheme = url.find("://");
  const bool is_web = url.starts_with("http://") || url.starts_with("https://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  const std::string_view authority = url.substr(0, url.find('/'));
  const std::size_t at = authority.rfind('@');
  if (at == std::string_view::npos) return "";
  if (is_web) return "a user name or token";
  return authority.substr(0, at).find(':') != std::string_view::npos ? "a password" : "";
}

}  // namespace

Result<RepositoryUrl> FieldType<RepositoryUrl>::read(const Json& value, const Place& place) {
  const auto text = FieldType<std::string>::read(value, place);
  if (!text) return failure(text.error());
  const std::string credential = credential_in(*text);
  if (credential.empty()) return RepositoryUrl{*text};
  return place.malformed("the URL of the repository holds " + credential + ", which every report would publish",
                         "write it without; where it was a credential, consider it exposed");
}

Result<HexBytes> FieldType<HexBytes>::read(const Json& value, const Place& place) {
  if (!value.is_string()) return place.malformed("expected a string, found " + std::string(words_for_type(value)));
  auto bytes = from_hex(value.get<std::string>());
  if (!bytes) return place.malformed(bytes.error().what);
  return HexBytes{std::move(*bytes)};
}

Result<Holder> FieldType<Holder>::read(const Json& value, const Place& place) {
  if (value.is_null()) return Holder{Holder::Kind::nobody, {}};
  if (value == "any") return Holder{Holder::Kind::anybody, {}};
  const auto address = FieldType<Pubkey>::read(value, place);
  if (!address) return failure(address.error());
  return Holder{Holder::Kind::exactly, *address};
}

Json FieldType<Holder>::schema(Placeholders placeholders) {
  return {{"anyOf",
           Json::array({Json{{"type", "null"}}, Json{{"const", "any"}}, FieldType<Pubkey>::schema(placeholders)})}};
}

Result<Values> FieldType<Values>::read(const Json& value, const Place& place) {
  if (!value.is_object()) return place.malformed("expected an object, found " + std::string(words_for_type(value)));
  Values values;
  for (const auto& item : value.items()) {
    if (!is_value_name(item.key())) {
      return (place / item.key())
          .malformed("\"" + printable(item.key()) + "\" cannot be used as ${name}",
                     "use letters, digits, _ and -, with single dots between parts");
    }
    values.emplace(item.key(), item.value());
  }
  return values;
}

bool is_value_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
  };
  return !name.empty() && name.front() != '.' && name.back() != '.' && name.find("..") == std::string_view::npos &&
         std::all_of(name.begin(), name.end(), allowed);
}

}  // namespace readyctl
