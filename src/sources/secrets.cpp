#include "sources/secrets.hpp"

#include <algorithm>

#include "base/base64.hpp"
#include "sources/lower_case.hpp"

namespace readyctl {
namespace {

constexpr std::size_t secret_size_min = 4;
constexpr std::size_t segment_size_min = 9;
constexpr std::size_t token_size_min = 8;

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    if (end > 0) parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

}  // namespace

Secrets::Secrets(const std::vector<Endpoint>& endpoints) {
  for (const Endpoint& endpoint : endpoints) {
    add_url(endpoint.url);
    if (endpoint.ws) add_url(*endpoint.ws);
    for (const auto& [name, value] : endpoint.headers) {
      add(value);
      for (const std::string_view token : split(value, " \t,;=")) {
        if (token.size() >= token_size_min) add(token);
      }
    }
  }
  const auto longer = [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() > b.size() : a < b;
  };
  std::sort(secrets_.begin(), secrets_.end(), longer);
  secrets_.erase(std::unique(secrets_.begin(), secrets_.end()), secrets_.end());
}

void Secrets::add(std::string_view secret) {
  for (const std::string& form : {std::string(secret), percent_decoded(secret)}) {
    if (form.size() >= secret_size_min) secrets_.push_back(lower_case(form));
  }
}

void Secrets::add_url(const Url& url) {
  add(url.secret_text());
  add(url.secret_host());
  add(url.secret_user());
  add(url.secret_password());
  if (!url.secret_user().empty() || !url.secret_password().empty()) {
    const std::string pair = url.secret_user() + ":" + url.secret_password();
    add(pair);
    add(to_base64(bytes_of(percent_decoded(pair))));
  }
  for (const std::string_view segment : split(url.secret_path(), "/")) {
    if (segment.size() >= segment_size_min) add(segment);
  }
  add(url.secret_query());
  for (const std::string_view pair : split(url.secret_query(), "&;")) {
    const std::size_t equals = pair.find('=');
    add(equals == std::string_view::npos ? pair : pair.substr(equals + 1));
  }
}

std::string Secrets::redact(std::string_view text) const {
  const std::string plain = lower_case(text);
  std::string safe;
  for (std::size_t at = 0; at < text.size();) {
    const auto found = std::find_if(secrets_.begin(), secrets_.end(), [&](const std::string& secret) {
      return plain.compare(at, secret.size(), secret) == 0;
    });
    if (found == secrets_.end()) {
      safe += text[at++];
    } else {
      safe += redacted_mark;
      at += found->size();
    }
  }
  return safe;
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
