#include "sources/secrets.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "base/base64.hpp"
#include "base/hex.hpp"
#include "sources/lower_case.hpp"

namespace readyctl {
namespace {

constexpr std::size_t secret_size_min = 4;
constexpr std::size_t short_size_max = 7;

// From this length on a form of a secret is found by its own, and not by chance in other data.
constexpr std::size_t encoded_size_min = 8;

// What stands in the paths, queries and headers of many.
constexpr std::array<std::string_view, 22> ordinary_words{
    "basic",    "bearer",  "cluster",  "devnet", "finalized", "http",         "https", "json",
    "json-rpc", "jsonrpc", "localnet", "main",   "mainnet",   "mainnet-beta", "node",  "processed",
    "public",   "solana",  "testnet",  "token",  "true",      "false"};

bool is_ordinary(std::string_view part) {
  return std::find(ordinary_words.begin(), ordinary_words.end(), lower_case(part)) != ordinary_words.end();
}

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }  // of lower case text

// What encodeURIComponent leaves as it is, beside the unreserved characters of RFC 3986.
constexpr std::string_view kept_by_scripts = "!'()*";

std::string percent_encoded(std::string_view text, std::string_view kept) {
  std::string encoded;
  for (const char c : text) {
    const bool is_plain = is_letter_or_digit(c) || (c >= 'A' && c <= 'Z') ||
                          std::string_view("-_.~").find(c) != std::string_view::npos ||
                          kept.find(c) != std::string_view::npos;
    if (is_plain) {
      encoded += c;
    } else {
      encoded += "%" + to_hex(bytes_of(std::string_view(&c, 1)));
    }
  }
  return encoded;
}

std::string with_each(std::string_view text, char which, std::string_view instead) {
  std::string changed;
  for (const char c : text) {
    if (c == which) {
      changed += instead;
    } else {
      changed += c;
    }
  }
  return changed;
}

// How a page, or a text within a text of JSON, would show it.
std::vector<std::string> escaped(std::string_view text) {
  std::string html = with_each(text, '&', "&amp;");
  for (const auto& [which, instead] : {std::pair('<', "&lt;"), std::pair('>', "&gt;"), std::pair('"', "&quot;")}) {
    html = with_each(html, which, instead);
  }
  std::string json = Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
  json = json.substr(1, json.size() - 2);
  std::string json_for_html = json;
  for (const auto& [which, instead] :
       {std::pair('&', "\\u0026"), std::pair('<', "\\u003c"), std::pair('>', "\\u003e")}) {
    json_for_html = with_each(json_for_html, which, instead);
  }
  return {with_each(html, '\'', "&#39;"), with_each(html, '\'', "&#x27;"), html, json, json_for_html};
}

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    if (end > 0) parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

// What of the base64 of a longer text tells that `text` is within it, `before` bytes behind the last boundary of three:
// the characters that its bytes alone decide.
std::string base64_within(std::string_view text, std::size_t before) {
  const std::string encoded = to_base64(bytes_of(std::string(before, '\0') + std::string(text)));
  const std::size_t begin = (before * 8 + 5) / 6;
  const std::size_t end = (before + text.size()) * 8 / 6;
  return encoded.substr(begin, end - begin);
}

std::string url_safe(std::string base64) {
  std::replace(base64.begin(), base64.end(), '+', '-');
  std::replace(base64.begin(), base64.end(), '/', '_');
  return base64;
}

// A text without its line breaks, whether they are such or written \n, and where each of its bytes was.
struct Folded {
  std::string text;
  std::vector<std::size_t> from;
};

Folded fold(std::string_view text) {
  Folded folded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n' || text[at] == '\r') continue;
    const bool is_written = text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == 'n' || text[at + 1] == 'r');
    if (is_written) {
      ++at;
      continue;
    }
    folded.text += text[at];
    folded.from.push_back(at);
  }
  return folded;
}

}  // namespace

Secrets::Secrets(const std::vector<Endpoint>& endpoints) {
  for (const Endpoint& endpoint : endpoints) {
    add_url(endpoint.url);
    if (endpoint.ws) add_url(*endpoint.ws);
    for (const auto& [name, value] : endpoint.headers) {
      add(value);
      add_basic_credentials(value);
      for (const std::string_view token : split(value, " \t,;=")) add_part(token);
    }
  }
  sort();
}

void Secrets::sort() {
  // One that is secret anywhere goes before itself alone.
  const auto longer = [](const Secret& a, const Secret& b) {
    return std::tuple(b.text.size(), a.text, a.alone) < std::tuple(a.text.size(), b.text, b.alone);
  };
  const auto same_text = [](const Secret& a, const Secret& b) { return a.text == b.text; };
  for (auto& [beginning, alike] : secrets_) {
    std::sort(alike.begin(), alike.end(), longer);
    alike.erase(std::unique(alike.begin(), alike.end(), same_text), alike.end());
  }
}

void Secrets::add_form(std::string_view form, bool alone) {
  if (form.size() < secret_size_min) return;
  const std::string plain = lower_case(form);
  secrets_[plain.substr(0, secret_size_min)].push_back({plain, alone});
  is_first_byte_[static_cast<unsigned char>(plain.front())] = true;
}

void Secrets::add(std::string_view text, bool alone) {
  const std::string decoded = percent_decoded(text);
  const std::string from_form = percent_decoded(with_each(text, '+', " "));  // as HTML forms write a space
  for (const std::string& form :
       {std::string(text), decoded, from_form, percent_encoded(decoded, ""), percent_encoded(decoded, kept_by_scripts),
        with_each(percent_encoded(from_form, " "), ' ', "+"), percent_encoded(text, ""),
        percent_encoded(percent_encoded(decoded, ""), "")}) {
    add_form(form, alone);
  }
  for (const std::string& form : {std::string(text), decoded, from_form}) {
    for (const std::string& other : escaped(form)) add_form(other, alone);
    if (form.size() < encoded_size_min) continue;
    add_form(to_hex(bytes_of(form)), false);
    const std::string padded = to_base64(bytes_of(form));
    for (const std::string& whole : {padded, padded.substr(0, padded.find('='))}) {
      add_form(whole, false);
      add_form(url_safe(whole), false);
    }
    for (std::size_t before = 0; before < 3; ++before) {
      const std::string within = base64_within(form, before);
      add_form(within, false);
      add_form(url_safe(within), false);
    }
  }
}

void Secrets::add_part(std::string_view part) {
  if (!is_ordinary(part)) add(part, part.size() <= short_size_max);
}

// A server that refuses `Basic <base64>` may say whom it refused.
void Secrets::add_basic_credentials(std::string_view value) {
  constexpr std::string_view scheme = "basic ";
  if (!lower_case(value).starts_with(scheme)) return;
  const auto bytes = from_any_base64(value.substr(std::min(value.find_first_not_of(' ', scheme.size()), value.size())));
  if (!bytes) return;
  const std::string_view pair = text_of(*bytes);
  add(pair);
  add_part(pair.substr(0, pair.find(':')));
  if (const std::size_t colon = pair.find(':'); colon != std::string_view::npos) add(pair.substr(colon + 1));
}

void Secrets::add_url(const Url& url) {
  add(url.secret_text());
  add(url.secret_host());
  add(url.secret_user());
  add(url.secret_password());
  if (!url.secret_user().empty() || !url.secret_password().empty()) {
    add(url.secret_user() + ":" + url.secret_password());
  }
  for (const std::string_view segment : split(url.secret_path(), "/")) add_part(segment);
  add(url.secret_query());
  for (const std::string_view pair : split(url.secret_query(), "&;")) {
    const std::size_t equals = pair.find('=');
    const std::string_view value = equals == std::string_view::npos ? pair : pair.substr(equals + 1);
    if (!is_ordinary(value)) add(value);
  }
}

const Secrets::Secret* Secrets::secret_at(std::string_view lower_case_text, std::size_t at) const {
  const auto is_alone = [&](std::size_t size) {
    const std::size_t end = at + size;
    return (at == 0 || !is_letter_or_digit(lower_case_text[at - 1])) &&
           (end == lower_case_text.size() || !is_letter_or_digit(lower_case_text[end]));
  };
  if (!is_first_byte_[static_cast<unsigned char>(lower_case_text[at])]) return nullptr;
  const auto here = secrets_.find(std::string(lower_case_text.substr(at, secret_size_min)));
  if (here == secrets_.end()) return nullptr;
  const auto found = std::find_if(here->second.begin(), here->second.end(), [&](const Secret& secret) {
    const bool stands_here = lower_case_text.compare(at, secret.text.size(), secret.text) == 0;
    return stands_here && (!secret.alone || is_alone(secret.text.size()));
  });
  return found == here->second.end() ? nullptr : &*found;
}

std::string Secrets::redact_plain(std::string_view text) const {
  const std::string plain = lower_case(text);
  std::string safe;
  std::size_t done = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Secret* secret = secret_at(plain, at);
    if (secret == nullptr) {
      ++at;
      continue;
    }
    safe += text.substr(done, at - done);
    safe += redacted_mark;
    at += secret->text.size();
    done = at;
  }
  return safe.append(text.substr(done));
}

// What stands beside a short secret is another text's on another line, so those are looked for in whole texts alone.
std::string Secrets::redact_folded(std::string_view text) const {
  const Folded folded = fold(text);
  const std::string plain = lower_case(folded.text);
  std::string safe;
  std::size_t done = 0;  // of `text`
  for (std::size_t at = 0; at < plain.size();) {
    const Secret* secret = secret_at(plain, at);
    if (secret == nullptr || secret->alone || secret->text.size() < encoded_size_min) {
      ++at;
      continue;
    }
    safe += text.substr(done, folded.from[at] - done);
    safe += redacted_mark;
    at += secret->text.size();
    done = folded.from[at - 1] + 1;
  }
  return safe.append(text.substr(done));
}

std::string Secrets::redact(std::string_view text) const {
  std::string safe = redact_plain(text);
  const bool has_breaks = safe.find_first_of("\n\r") != std::string::npos || safe.find("\\n") != std::string::npos ||
                          safe.find("\\r") != std::string::npos;
  return has_breaks ? redact_folded(safe) : safe;
}

Json Secrets::redact_json(const Json& value) const {
  if (value.is_string()) return redact(value.get_ref<const std::string&>());
  if (value.is_array()) {
    Json items = Json::array();
    for (const Json& item : value) items.push_back(redact_json(item));
    return items;
  }
  if (value.is_object()) {
    Json members = Json::object();
    for (const auto& item : value.items()) members[redact(item.key())] = redact_json(item.value());
    return members;
  }
  return value;
}

}  // namespace readyctl
