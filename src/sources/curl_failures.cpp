#include "sources/curl_failures.hpp"

#include <cerrno>
#include <cstring>

namespace readyctl {
namespace {

bool holds(const std::string& text, const char* words) { return text.find(words) != std::string::npos; }

// A certificate that is not valid now has run out, or the clock is wrong: who reads both can tell.
std::string tls_words(const CurlFailure& failure) {
  std::string words = "no trusted TLS connection: " + failure.detail;
  if (!holds(failure.detail, "expired") && !holds(failure.detail, "not yet")) return words;
  if (failure.refused_certificate) {
    words += "; it is valid from " + to_string(failure.refused_certificate->not_before) + " to " +
             to_string(failure.refused_certificate->not_after);
  }
  return words + "; the clock of this machine says " + to_string(wall_clock());
}

std::string words_for_connection(const CurlFailure& failure) {
  const std::string who =
      failure.proxy.empty() ? "it"
                            : "it, or the proxy that " + failure.proxy + " names (where no_proxy does not except it),";
  const bool is_refused = failure.os_error == 0 || failure.os_error == ECONNREFUSED;
  if (is_refused) return who + " refused the connection, or nothing listens there";
  return who + " could not be reached: " + std::string(std::strerror(static_cast<int>(failure.os_error)));
}

Unobtainable no_http(const CurlFailure& failure) {
  const bool is_told = failure.detail != curl_easy_strerror(failure.code);
  return {"malformed", "it does not speak HTTP" + (is_told ? ": " + failure.detail : ""), Retry::other_endpoint};
}

}  // namespace

Unobtainable failure_of_curl(CurlFailure failure) {
  if (failure.detail.empty()) failure.detail = curl_easy_strerror(failure.code);
  const bool breaks_http = failure.code == CURLE_RECV_ERROR && holds(failure.detail, "chunked-encoding");
  if (breaks_http) {
    return {"malformed", "it breaks the rules of HTTP: " + failure.detail, Retry::other_endpoint};
  }
  switch (failure.code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return {"unreachable", "its host name could not be resolved", Retry::now};
    case CURLE_COULDNT_RESOLVE_PROXY:
      return {"unreachable", "the proxy's host name could not be resolved", Retry::now};
    case CURLE_COULDNT_CONNECT:
      return {"unreachable", words_for_connection(failure), Retry::now};
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
      return {"tls", tls_words(failure), Retry::other_endpoint};
    case CURLE_BAD_CONTENT_ENCODING:
      return {"malformed", "its compressed answer cannot be inflated", Retry::other_endpoint};
    case CURLE_OUT_OF_MEMORY:  // libcurl 7.88 says so of a header line of more than 100 KB
      return {"too-large", "its headers are too long", Retry::other_endpoint};
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return no_http(failure);
    default:
      return {"unreachable", "the transfer failed: " + failure.detail, Retry::now};
  }
}

}  // namespace readyctl
