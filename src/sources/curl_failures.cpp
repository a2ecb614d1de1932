#include "sources/curl_failures.hpp"

#include "base/time.hpp"

namespace readyctl {
namespace {

std::string tls_words(const std::string& detail) {
  std::string words = "no trusted TLS connection: " + detail;
  const bool about_time = detail.find("expired") != std::string::npos || detail.find("not yet") != std::string::npos;
  if (about_time) words += "; the clock of this machine says " + to_string(wall_clock());
  return words;
}

}  // namespace

Unobtainable failure_of_curl(CURLcode code, std::string detail) {
  if (detail.empty()) detail = curl_easy_strerror(code);
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return {"unreachable", "its host name could not be resolved", Retry::now};
    case CURLE_COULDNT_RESOLVE_PROXY:
      return {"unreachable", "the proxy's host name could not be resolved", Retry::now};
    case CURLE_COULDNT_CONNECT:
      return {"unreachable", "it refused the connection, or nothing listens there", Retry::now};
    case CURLE_OPERATION_TIMEDOUT:
      return {"timeout", "no connection within the connect time-out", Retry::now};
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return {"unreachable", "the connection ended before the whole answer was there", Retry::now};
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
      return {"tls", tls_words(detail), Retry::other_endpoint};
    case CURLE_BAD_CONTENT_ENCODING:
      return {"malformed", "its compressed answer cannot be inflated", Retry::other_endpoint};
    case CURLE_OUT_OF_MEMORY:  // libcurl 7.88 says so of a header line of more than 100 KB
      return {"too-large", "its headers are too long", Retry::other_endpoint};
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return {"malformed", "it does not speak HTTP", Retry::other_endpoint};
    default:
      return {"unreachable", "the transfer failed: " + detail, Retry::now};
  }
}

}  // namespace readyctl
