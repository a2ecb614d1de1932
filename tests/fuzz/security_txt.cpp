// security.txt anywhere in a program.
#include "solana/security_txt.hpp"

#include "base/text.hpp"
#include "fuzz/property.hpp"

using namespace readyctl;

FUZZ_TARGET(security_txt) {
  const auto found = find_security_txt(ByteView(data, size));
  if (!found || !*found) return 0;
  for (const char* key : {"name", "project_url", "contacts", "policy"}) {
    fuzz::require((*found)->fields.contains(key), "what is required is there");
  }
  for (const auto& [key, value] : (*found)->fields) fuzz::require(is_utf8(value), "values are UTF-8");
  return 0;
}
