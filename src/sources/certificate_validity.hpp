// When a certificate that was refused is valid: what tells a certificate that ran out from a clock that is wrong.
#pragma once

#include <curl/curl.h>

#include <optional>

#include "base/time.hpp"

namespace readyctl {

/// From when until when a certificate says to be valid.
struct CertificateValidity {
  Time not_before;
  Time not_after;
};

/// Has every TLS handshake of a transfer note in `refused` the certificate at which it failed, if it did at one.
/// `refused` must outlive the transfer. What is refused stays refused.
void note_refused_certificate(CURL* easy, std::optional<CertificateValidity>& refused);

}  // namespace readyctl
