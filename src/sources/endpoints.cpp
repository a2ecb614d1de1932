#include "sources/endpoints.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>

#include "base/files.hpp"

namespace readyctl {
namespace {

bool is_header_name(std::string_view text) {
  constexpr std::string_view token = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~";
  return !text.empty() && text.find_first_not_of(token) == std::string_view::npos;
}

}  // namespace

// A text that may be a credential. Unlike a plain string's, its errors never repeat it.
struct SecretText {
  std::string text;
};

struct HeaderTexts : std::map<std::string, SecretText> {};

template <>
struct FieldType<SecretText> {
  static Result<SecretText> read(const Json& value, const Place& place) {
    if (!value.is_string()) return place.malformed("expected a string, found " + std::string(words_for_type(value)));
    if (value.get_ref<const std::string&>().empty()) return place.malformed("the string is empty");
    return SecretText{value.get<std::string>()};
  }
};

template <>
struct FieldType<HeaderTexts> {
  static Result<HeaderTexts> read(const Json& value, const Place& place) {
    if (!value.is_object()) return place.malformed("expected an object, found " + std::string(words_for_type(value)));
    HeaderTexts headers;
    for (const auto& item : value.items()) {
      if (!is_header_name(item.key())) {
        return place.malformed(
            "one of the names is no HTTP header name",
            "it is not repeated here because it may be a credential; a value stands behind the colon");
      }
      auto text = FieldType<SecretText>::read(item.value(), place / item.key());
      if (!text) return failure(text.error());
      headers.emplace(item.key(), std::move(*text));
    }
    return headers;
  }
};

namespace {

constexpr std::size_t secret_file_bytes_max = 16384;

// An endpoint as it is written, before env: and file: are looked up.
struct EndpointText {
  std::string name;
  SecretText url;
  std::optional<std::string> provider;
  std::optional<std::string> role;
  std::optional<SecretText> ws;
  HeaderTexts headers;
  EndpointLimits limits;

  static constexpr auto fields() {
    return std::tuple{
        required("name", &EndpointText::name, "what reports call it: a-z, 0-9, _ and -"),
        required("url", &EndpointText::url, "http or https URL, or env:VAR, or file:PATH"),
        optional("provider", &EndpointText::provider, "who runs it; endpoints of one provider are one opinion"),
        optional("role", &EndpointText::role, "what it is for"),
        optional("ws", &EndpointText::ws, "ws or wss URL, or env:VAR, or file:PATH"),
        optional("headers", &EndpointText::headers, "HTTP headers to send; values literal, env:VAR or file:PATH"),
        optional("limits", &EndpointText::limits, "what it can take"),
    };
  }
};

struct EndpointsText {
  std::vector<EndpointText> endpoints;

  static constexpr auto fields() {
    return std::tuple{required("endpoints", &EndpointsText::endpoints, "the JSON-RPC servers, preferred first")};
  }
  Result<void> validate(const Place& place) const {
    if (endpoints.empty()) return (place / "endpoints").malformed("the list is empty; expected at least one endpoint");
    if (endpoints.size() > endpoints_max) {
      return (place / "endpoints")
          .malformed("lists " + std::to_string(endpoints.size()) + " endpoints; at most " +
                     std::to_string(endpoints_max) + " are asked");
    }
    return {};
  }
};

bool is_name(std::string_view text) {
  return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string_view::npos;
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// What stands where a name is expected may be the secret itself, which a shell put in its place.
bool is_variable_name(std::string_view text) {
  constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
  return !text.empty() && text.size() <= 64 && text.find_first_not_of(allowed) == std::string_view::npos;
}

Result<std::string> from_environment(const std::string& variable) {
  if (!is_variable_name(variable)) {
    return malformed("", "what follows env: is no name of an environment variable",
                     "it is not repeated here because it may be a credential; write env:NAME, unexpanded");
  }
  const char* value = std::getenv(variable.c_str());
  if (value != nullptr && *value != '\0') return std::string(value);
  return malformed("", "environment variable " + variable + (value == nullptr ? " is not set" : " is empty"));
}

Result<std::string> from_file(const std::filesystem::path& path, std::string_view written) {
  if (written.find("://") != std::string_view::npos) {
    return malformed("", "a URL stands where the name of a file is expected",
                     "it is not repeated here because it may be a credential; write it into a file and name that");
  }
  auto text = read_text_file(path, secret_file_bytes_max);
  if (!text) return text;
  if (text->ends_with('\n')) text->pop_back();
  if (text->ends_with('\r')) text->pop_back();
  if (text->empty()) return failure({ErrorKind::unreadable, path.string(), "is empty; expected a value", ""});
  return text;
}

Result<std::string> look_up(const std::string& text, const std::filesystem::path& folder) {
  if (text.starts_with("env:")) return from_environment(text.substr(4));
  if (text.starts_with("file:")) return from_file(folder / text.substr(5), text.substr(5));
  return text;
}

// The error that `place` makes of another one: with line and pointer, of the same kind.
tl::unexpected<Error> at(const Place& place, const Error& error) {
  Error placed = place.malformed(error.where.empty() ? error.what : error.where + " " + error.what, error.hint).value();
  placed.kind = error.kind;
  return failure(std::move(placed));
}

Result<std::vector<std::pair<std::string, std::string>>> read_headers(const HeaderTexts& texts, const Place& place,
                                                                      const std::filesystem::path& folder) {
  std::vector<std::pair<std::string, std::string>> headers;
  for (const auto& [name, text] : texts) {
    const auto value = look_up(text.text, folder);
    if (!value) return at(place / name, value.error());
    if (has_control_character(*value)) return (place / name).malformed("the value holds a control character");
    headers.emplace_back(name, *value);
  }
  return headers;
}

Result<Endpoint> read_endpoint(EndpointText text, const Place& place, const std::filesystem::path& folder) {
  if (!is_name(text.name)) {
    return (place / "name").malformed("\"" + printable(text.name) + "\" is no name; use a-z, 0-9, _ and -");
  }
  const auto url_text = look_up(text.url.text, folder);
  if (!url_text) return at(place / "url", url_text.error());
  const auto url = Url::parse_http(*url_text);
  if (!url) return at(place / "url", url.error());
  std::optional<Url> ws;
  if (text.ws) {
    const auto ws_text = look_up(text.ws->text, folder);
    if (!ws_text) return at(place / "ws", ws_text.error());
    const auto parsed = Url::parse_websocket(*ws_text);
    if (!parsed) return at(place / "ws", parsed.error());
    ws = *parsed;
  }
  auto headers = read_headers(text.headers, place / "headers", folder);
  if (!headers) return failure(headers.error());
  return Endpoint{std::move(text.name), std::move(text.provider), std::move(text.role), *url,
                  std::move(ws),        std::move(*headers),      text.limits,          false};
}

// Why two endpoints cannot stand in one run. A URL with two names would count as two opinions.
std::string same_name(const Endpoint& one) { return "two endpoints are named \"" + one.name + "\""; }
std::string same_url(const Endpoint& a, const Endpoint& b) {
  return "endpoints \"" + a.name + "\" and \"" + b.name + "\" have the same URL";
}

tl::unexpected<Error> usage(std::string what, std::string hint = {}) {
  return failure({ErrorKind::usage, "--rpc", std::move(what), std::move(hint)});
}

}  // namespace

Result<void> EndpointLimits::validate(const Place& place) const {
  if (accounts_per_request < 1 || accounts_per_request > 100) {
    return (place / "accountsPerRequest").malformed("expected 1 to 100, found " + std::to_string(accounts_per_request));
  }
  if (requests_at_once < 1 || requests_at_once > 1000) {
    return (place / "requestsAtOnce").malformed("expected 1 to 1000, found " + std::to_string(requests_at_once));
  }
  return {};
}

Result<std::vector<Endpoint>> read_endpoints_file(const std::filesystem::path& path) {
  auto text = read_text_file(path, endpoints_file_bytes_max);
  if (!text) return failure(text.error());
  return parse_endpoints(std::move(*text), path.string(), path.parent_path());
}

Result<std::vector<Endpoint>> parse_endpoints(std::string text, const std::string& name,
                                              const std::filesystem::path& folder) {
  const auto document = Document::parse(std::move(text), name);
  if (!document) return failure(document.error());
  const Place root(*document);
  auto read = read_record<EndpointsText>(document->value(), root);
  if (!read) return failure(read.error());

  std::vector<Endpoint> endpoints;
  for (std::size_t i = 0; i < read->endpoints.size(); ++i) {
    const Place place = root / "endpoints" / i;
    auto endpoint = read_endpoint(std::move(read->endpoints[i]), place, folder);
    if (!endpoint) return failure(endpoint.error());
    for (const Endpoint& before : endpoints) {
      if (before.name == endpoint->name) return (place / "name").malformed(same_name(before));
      if (before.url.is_same_as(endpoint->url)) return (place / "url").malformed(same_url(before, *endpoint));
    }
    endpoints.push_back(std::move(*endpoint));
  }
  return endpoints;
}

Result<Endpoint> parse_rpc_option(std::string_view text, bool insecure_in_argv) {
  const std::size_t equals = text.find('=');
  const std::string name(text.substr(0, std::min(equals, text.size())));
  if (equals == std::string_view::npos || !is_name(name)) {
    return usage("expected NAME=URL, NAME=env:VAR or NAME=@FILE, where NAME is of a-z, 0-9, _ and -");
  }
  const std::string value(text.substr(equals + 1));
  const bool literal = !value.starts_with("env:") && !value.starts_with('@');
  auto url_text = value.starts_with('@') ? from_file(value.substr(1), value) : look_up(value, ".");
  if (literal) url_text = value;
  if (!url_text) {
    Error error = url_text.error();
    error.what = name + ": " + (error.where.empty() ? "" : error.where + " ") + error.what;
    error.where = "--rpc";
    if (error.kind == ErrorKind::malformed) error.kind = ErrorKind::usage;
    return failure(std::move(error));
  }
  const auto url = Url::parse_http(*url_text);
  if (!url) return usage(name + ": " + url.error().what, url.error().hint);
  if (literal && !insecure_in_argv && !url->is_bare()) {
    return usage(name +
                     ": its URL carries a user name, a path or a query, which may be a credential and would show in "
                     "the process list",
                 "write " + name + "=env:VAR or " + name + "=@FILE, or say --insecure-rpc-in-argv");
  }
  return Endpoint{name, {}, {}, *url, {}, {}, {}, false};
}

Result<void> check_distinct_names(const std::vector<Endpoint>& endpoints) {
  const auto refuse = [](std::string what, std::string hint) {
    return failure({ErrorKind::usage, "", std::move(what), std::move(hint)});
  };
  if (endpoints.size() > endpoints_max) {
    return refuse(std::to_string(endpoints.size()) + " endpoints are more than the " + std::to_string(endpoints_max) +
                      " of one run",
                  "name fewer");
  }
  for (auto a = endpoints.begin(); a != endpoints.end(); ++a) {
    for (auto before = endpoints.begin(); before != a; ++before) {
      if (before->name == a->name) return refuse(same_name(*a), "give each its own name");
      if (before->url.is_same_as(a->url)) return refuse(same_url(*before, *a), "name it once");
    }
  }
  return {};
}

}  // namespace readyctl
