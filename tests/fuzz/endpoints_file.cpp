// Files that list endpoints, and the --rpc option.
#include "sources/endpoints.hpp"

#include "fuzz/property.hpp"
#include "sources/secrets.hpp"

using namespace readyctl;

FUZZ_TARGET(endpoints_file) {
  const std::string text = fuzz::text_in(data, size);
  // What env: and file: name is not the input's.
  if (text.find("env:") != std::string::npos || text.find("file:") != std::string::npos) return 0;
  if (text.find('@') == std::string::npos) {
    const auto option = parse_rpc_option(text, false);
    if (option) fuzz::require(option->url.is_bare(), "what stands on the command line is no credential");
  }
  const auto endpoints = parse_endpoints(text, "endpoints.json", "/nonexistent");
  if (!endpoints) return 0;
  fuzz::require(!endpoints->empty() && check_distinct_names(*endpoints), "endpoints have names of their own");
  const Secrets secrets(*endpoints);
  for (const Endpoint& endpoint : *endpoints) {
    const std::string& url = endpoint.url.secret_text();
    fuzz::require(secrets.redact("GET " + url).find(url) == std::string::npos, "no URL is left in a text");
    for (const auto& [name, value] : endpoint.headers) {
      fuzz::require(name.find_first_of("\r\n:") == std::string::npos, "a header's name is one");
      fuzz::require(value.find_first_of("\r\n") == std::string::npos, "a header's value is one line");
    }
  }
  return 0;
}
