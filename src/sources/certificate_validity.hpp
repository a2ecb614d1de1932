// When certificates are valid: of one that was refused, which tells whether it ran out or a clock is wrong, and of the
// one that was accepted.
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

/// What was seen of the certificates of a server.
struct CertificatesSeen {
  std::optional<CertificateValidity> refused;  ///< the one at which a handshake failed, if it did at one
  /// The server's own, in a handshake that found it signed by somebody who is trusted. A connection that goes on with
  /// an earlier one's session shows none.
  std::optional<CertificateValidity> accepted;
};

/// Has every TLS handshake of a transfer note what it sees in `seen`, which must outlive the transfer. What is refused
/// stays refused.
void note_certificates(CURL* easy, CertificatesSeen& seen);

}  // namespace readyctl
