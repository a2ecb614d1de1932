#include "sources/certificate_validity.hpp"

#include <openssl/ssl.h>

#include <ctime>

#include "base/invariant.hpp"

namespace readyctl {
namespace {

// Where an SSL_CTX keeps what note_certificates was given; libcurl keeps its own things elsewhere.
int slot_of_seen() {
  static const int slot = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return slot;
}

std::optional<Time> time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return Time{std::int64_t{::timegm(&parts)} * 1000};
}

int on_certificate(int accepted, X509_STORE_CTX* store) {
  const auto* tls = static_cast<const SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  const X509* certificate = X509_STORE_CTX_get_current_cert(store);
  const bool is_of_an_authority = X509_STORE_CTX_get_error_depth(store) > 0;
  if (tls == nullptr || certificate == nullptr || (accepted == 1 && is_of_an_authority)) return accepted;
  auto* seen = static_cast<CertificatesSeen*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(tls), slot_of_seen()));
  const auto from = time_of(X509_get0_notBefore(certificate));
  const auto until = time_of(X509_get0_notAfter(certificate));
  if (seen == nullptr || !from || !until) return accepted;
  (accepted == 1 ? seen->accepted : seen->refused) = CertificateValidity{*from, *until};
  return accepted;
}

CURLcode on_context(CURL*, void* context, void* seen) {
  auto* tls = static_cast<SSL_CTX*>(context);
  if (SSL_CTX_set_ex_data(tls, slot_of_seen(), seen) != 1) return CURLE_OUT_OF_MEMORY;
  SSL_CTX_set_verify(tls, SSL_CTX_get_verify_mode(tls), on_certificate);
  return CURLE_OK;
}

}  // namespace

void note_certificates(CURL* easy, CertificatesSeen& seen) {
  const bool set = curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, on_context) == CURLE_OK &&
                   curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, &seen) == CURLE_OK;
  invariant(set, "libcurl does TLS with OpenSSL");
}

}  // namespace readyctl
