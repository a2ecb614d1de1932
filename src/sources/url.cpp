#include "sources/url.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/hex.hpp"
#include "base/text.hpp"
#include "sources/lower_case.hpp"

namespace readyctl {
namespace {

using Handle = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::string part_of(const Handle& handle, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(handle.get(), part, &text, flags) != CURLUE_OK) return {};
  std::string copy = text;
  curl_free(text);
  return copy;
}

bool is_odd(char c) { return static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7f; }

}  // namespace

Result<Url> Url::parse(std::string text, std::string_view plain, std::string_view secure) {
  const std::string expected =
      "expected a URL that begins with " + std::string(plain) + ":// or " + std::string(secure) + "://";
  if (std::any_of(text.begin(), text.end(), is_odd)) {
    return malformed("", "the URL holds white space, control characters or characters beyond ASCII",
                     "write them as %XX; its text is not repeated here because it may be a credential");
  }
  // libcurl forgives a third slash, and would take the first part of the path for the host.
  if (text.find(":///") != std::string::npos) return malformed("", "the URL has no host");
  const Handle handle(curl_url(), &curl_url_cleanup);
  if (!handle || curl_url_set(handle.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
    return malformed("", expected, "its text is not repeated here because it may be a credential");
  }
  const std::string scheme = part_of(handle, CURLUPART_SCHEME);
  if (scheme != plain && scheme != secure) return malformed("", expected);
  if (text.find('#') != std::string::npos) return malformed("", "the URL has a fragment (#), which no server sees");

  Url url;
  url.host_ = part_of(handle, CURLUPART_HOST);
  const std::string written_port = part_of(handle, CURLUPART_PORT);
  url.authority_ = url.host_ + (written_port.empty() ? "" : ":" + written_port);
  if (url.host_.starts_with('[')) url.host_ = url.host_.substr(1, url.host_.find(']') - 1);
  if (url.host_.empty()) return malformed("", "the URL has no host");
  url.user_ = part_of(handle, CURLUPART_USER);
  url.password_ = part_of(handle, CURLUPART_PASSWORD);
  url.path_ = part_of(handle, CURLUPART_PATH);
  url.query_ = part_of(handle, CURLUPART_QUERY);
  const std::string port = part_of(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  url.origin_ = join(std::array{scheme, lower_case(url.host_), port}, "\n");  // a URL holds none
  const std::array parts{scheme, url.user_, url.password_, lower_case(url.host_), port, url.path_, url.query_};
  url.identity_ = join(parts, "\n");  // a URL holds none
  url.text_ = std::move(text);
  return url;
}

Result<Url> Url::parse_http(std::string text) { return parse(std::move(text), "http", "https"); }

Result<Url> Url::parse_websocket(std::string text) { return parse(std::move(text), "ws", "wss"); }

bool is_loopback(const std::string& host) {
  in_addr v4{};
  in6_addr v6{};
  if (::inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  if (::inet_pton(AF_INET6, host.c_str(), &v6) == 1) return IN6_IS_ADDR_LOOPBACK(&v6) != 0;
  return lower_case(host) == "localhost";
}

std::string percent_decoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = text[i] == '%' && i + 2 < text.size() ? from_hex(text.substr(i + 1, 2)) : Result<Bytes>(Bytes{});
    if (byte && byte->size() == 1) {
      plain += static_cast<char>(byte->front());
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

}  // namespace readyctl
