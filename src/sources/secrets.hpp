// Secrets: what is known of endpoints that must appear in no report, evidence, log or error, and how it is taken out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "sources/endpoints.hpp"

namespace readyctl {

/// What stands where a secret stood.
inline constexpr std::string_view redacted_mark = "[redacted]";

/// The secrets of a run's endpoints: URLs, hosts, user names and passwords (and their Basic credential), query strings
/// and their values, path segments longer than 8 characters, header values and the tokens in them. Each also
/// percent-decoded; all compared without regard to letter case. A value of fewer than 4 characters, such as `?v=2`, is
/// no secret: taking it out would garble texts and hide nothing.
class Secrets {
 public:
  Secrets() = default;
  explicit Secrets(const std::vector<Endpoint>& endpoints);

  /// The text with every secret replaced by `redacted_mark`, longest first.
  std::string redact(std::string_view text) const;

  /// The same for every string and key of a JSON value.
  Json redact_json(const Json& value) const;

 private:
  void add(std::string_view secret);
  void add_url(const Url& url);

  std::vector<std::string> secrets_;  // lower case, longest first
};

}  // namespace readyctl
