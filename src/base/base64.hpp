// Base64 (RFC 4648). What we write has the standard alphabet and padding; what we read is strict.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace readyctl {

std::string to_base64(ByteView bytes);

/// The bytes of `text` in the standard alphabet with padding. Errors: white space, missing or misplaced padding,
/// characters of another alphabet, bits that are set after the last byte.
Result<Bytes> from_base64(std::string_view text);

/// Like from_base64, and reads the URL-safe alphabet and missing padding too, as DSSE asks of a verifier. A text that
/// mixes both alphabets is refused.
Result<Bytes> from_any_base64(std::string_view text);

}  // namespace readyctl
