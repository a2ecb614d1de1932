// URLs of endpoints.
#include "sources/url.hpp"

#include "fuzz/property.hpp"

using namespace readyctl;

namespace {

void require_sound(const Result<Url>& url, const std::string& text) {
  if (!url) return;
  fuzz::require(url->secret_text() == text, "a URL is used as it was written");
  fuzz::require(!url->secret_host().empty(), "a URL has a host");
  fuzz::require(url->secret_path().starts_with('/'), "a URL has a path");
  fuzz::require(text.find_first_of("\r\n \t") == std::string::npos, "a URL cannot break a request apart");
}

}  // namespace

FUZZ_TARGET(url) {
  const std::string text = fuzz::text_in(data, size);
  const auto http = Url::parse_http(text);
  const auto websocket = Url::parse_websocket(text);
  fuzz::require(!http || !websocket, "a URL has one scheme");
  require_sound(http, text);
  require_sound(websocket, text);
  fuzz::require(percent_decoded(text).size() <= size, "decoding never adds");
  return 0;
}
