// Url: where an endpoint is. Its text may be a credential, so nothing here prints it and no error repeats it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace readyctl {

/// An absolute URL, taken apart by the same parser that later connects to it (libcurl's), so that the two never read it
/// differently. Parsing needs no initialisation of libcurl.
class Url {
 public:
  /// Errors (kind `malformed`, never with the text): no absolute URL, another scheme than the two that are allowed, no
  /// host, a fragment, white space or control characters.
  static Result<Url> parse_http(std::string text);       ///< http or https
  static Result<Url> parse_websocket(std::string text);  ///< ws or wss

  const std::string& secret_text() const { return text_; }
  const std::string& secret_host() const { return host_; }            ///< normalised, without port or brackets
  const std::string& secret_authority() const { return authority_; }  ///< host as in a header, with port if written
  const std::string& secret_origin() const { return origin_; }  ///< scheme, host and port, the same however written
  // As written, with %XX where there is any.
  const std::string& secret_user() const { return user_; }
  const std::string& secret_password() const { return password_; }
  const std::string& secret_path() const { return path_; }    ///< "/" when there is none
  const std::string& secret_query() const { return query_; }  ///< without "?"

  /// Whether it says no more than scheme, host and port.
  bool is_bare() const { return user_.empty() && password_.empty() && query_.empty() && path_ == "/"; }

  /// Whether both lead to the same place with the same credentials, however they are spelt.
  bool is_same_as(const Url& other) const { return identity_ == other.identity_; }

 private:
  static Result<Url> parse(std::string text, std::string_view plain, std::string_view secure);

  std::string text_;
  std::string host_;
  std::string authority_;
  std::string origin_;
  std::string user_;
  std::string password_;
  std::string path_;
  std::string query_;
  std::string identity_;  // its parts, with the port that the scheme implies
};

/// Whether a host, a name or an address, is this machine: localhost, 127.0.0.0/8, ::1.
bool is_loopback(const std::string& host);

/// `text` with %XX replaced by the byte; anything else stays.
std::string percent_decoded(std::string_view text);

}  // namespace readyctl
