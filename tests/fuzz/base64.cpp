// Base64, strict and as DSSE asks of a verifier.
#include "base/base64.hpp"

#include "fuzz/property.hpp"

using namespace readyctl;

FUZZ_TARGET(base64) {
  const std::string text = fuzz::text_in(data, size);
  fuzz::require(from_base64(to_base64(ByteView(data, size))) == Bytes(data, data + size),
                "any bytes go round as base64");
  const auto strict = from_base64(text);
  const auto lenient = from_any_base64(text);
  if (strict) {
    fuzz::require(to_base64(*strict) == text, "strict base64 has one spelling");
    fuzz::require(lenient == *strict, "what is read strictly is read leniently, as the same bytes");
  }
  if (lenient) fuzz::require(from_base64(to_base64(*lenient)) == *lenient, "what is read leniently goes round");
  return 0;
}
