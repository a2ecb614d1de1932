// Secrets: what is known of endpoints that must appear in no report, evidence, log or error, and how it is taken out.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json.hpp"
#include "sources/endpoints.hpp"

namespace readyctl {

/// What stands where a secret stood.
inline constexpr std::string_view redacted_mark = "[redacted]";

/// The secrets of a run's endpoints: URLs, hosts, user names and passwords (and their Basic credential), query strings
/// and their values, path segments, header values and the tokens in them. Each also percent-decoded, percent-encoded
/// (twice too) and, from 8 characters on, in hex and in base64 of either alphabet, also where it is a part of what was
/// encoded, and with line breaks in it. All are compared without regard to letter case.
///
/// No secrets are values of fewer than 4 characters, such as `?v=2`, and words of routes and schemes, such as `mainnet`
/// and `Bearer`: taking them out would garble texts and hide nothing. Path segments and tokens of up to 7 characters
/// are taken out where they stand by themselves, because account data in base64 may hold them by chance.
class Secrets {
 public:
  Secrets() = default;
  explicit Secrets(const std::vector<Endpoint>& endpoints);

  /// The text with every secret replaced by `redacted_mark`, longest first. Takes time with the length of the text, and
  /// hardly more with many secrets.
  std::string redact(std::string_view text) const;

  /// The same for every string and key of a JSON value.
  Json redact_json(const Json& value) const;

 private:
  struct Secret {
    std::string text;  // lower case
    bool alone;        // only where neither a letter nor a digit stands beside it
  };

  void add(std::string_view text, bool alone = false);
  void add_form(std::string_view form, bool alone);
  /// One that may be short, or an ordinary word.
  void add_part(std::string_view part);
  void add_basic_credentials(std::string_view value);
  void add_url(const Url& url);
  void sort();

  const Secret* secret_at(std::string_view lower_case_text, std::size_t at) const;
  /// The same, of a text from which line breaks were taken out.
  std::string redact_folded(std::string_view text) const;
  std::string redact_plain(std::string_view text) const;

  /// By their first secret_size_min bytes; the longest first.
  std::unordered_map<std::string, std::vector<Secret>> secrets_;
  std::array<bool, 256> is_first_byte_{};  // of one: most positions of most texts are none
};

}  // namespace readyctl
