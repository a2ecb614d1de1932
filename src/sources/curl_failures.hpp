// What libcurl's errors mean for a run: a cause that tools rely on, and words for a person.
#pragma once

#include <curl/curl.h>

#include <optional>
#include <string>

#include "facts/answer.hpp"
#include "sources/certificate_validity.hpp"

namespace readyctl {

/// How a transfer ended that failed.
struct CurlFailure {
  CURLcode code = CURLE_OK;
  std::string detail;  ///< libcurl's own text, empty when it gave none; may hold secrets
  long os_error = 0;   ///< errno of the connection, 0 when the system had no complaint
  std::optional<CertificateValidity> refused_certificate = {};
  std::string proxy = {};  ///< the environment variable that names one for such URLs; empty when none does
};

/// Causes unreachable, timeout, tls, too-large, malformed. The words may hold secrets, as the detail may.
Unobtainable failure_of_curl(CurlFailure failure);

}  // namespace readyctl
