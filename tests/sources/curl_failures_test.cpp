// What a transfer that failed says to a person.
#include "sources/curl_failures.hpp"

#include <catch2/catch.hpp>
#include <cerrno>

using namespace readyctl;

// Who reads when the certificate is valid and what this machine's clock says knows which of the two is wrong.
TEST_CASE("a certificate that is not valid now is compared with the clock", "[http]") {
  const CertificateValidity validity{parse_time("2025-01-01T00:00:00Z").value(),
                                     parse_time("2025-04-01T00:00:00Z").value()};
  const Unobtainable why = failure_of_curl(
      {CURLE_PEER_FAILED_VERIFICATION, "SSL certificate problem: certificate has expired", 0, validity});
  CHECK(why.cause == "tls");
  for (const std::string words :
       {"certificate has expired", "it is valid from 2025-01-01T00:00:00Z to 2025-04-01T00:00:00Z",
        "the clock of this machine says 2"}) {
    INFO(why.what);
    CHECK(why.what.find(words) != std::string::npos);
  }
  const Unobtainable other = failure_of_curl({CURLE_PEER_FAILED_VERIFICATION, "self-signed certificate", 0, validity});
  CHECK(other.what == "no trusted TLS connection: self-signed certificate");
}

// Refused, or no way there: the system knows.
TEST_CASE("why there is no connection", "[http]") {
  CHECK(failure_of_curl({CURLE_COULDNT_CONNECT, "", ECONNREFUSED, {}}).what ==
        "it refused the connection, or nothing listens there");
  CHECK(failure_of_curl({CURLE_COULDNT_CONNECT, "", ECONNREFUSED, {}, "https_proxy"}).what ==
        "it, or the proxy that https_proxy names (where no_proxy does not except it), refused the connection, or "
        "nothing listens there");
  CHECK(failure_of_curl({CURLE_COULDNT_CONNECT, "", ENETUNREACH, {}}).what ==
        "it could not be reached: Network is unreachable");
}
