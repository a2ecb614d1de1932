// PEM (RFC 7468), one block a file. Internal to attest.
#pragma once

#include <string>
#include <string_view>

#include "attest/secret.hpp"
#include "base/result.hpp"

namespace readyctl {

inline constexpr std::string_view pem_private_key = "PRIVATE KEY";
inline constexpr std::string_view pem_public_key = "PUBLIC KEY";

/// Whether this is meant to be PEM at all.
bool looks_like_pem(std::string_view text);

/// The DER of the only block in `text`, which must have this label. LF and CRLF end lines; white space may stand around
/// the block. Errors (kind `malformed`): another label, with how to convert it; an encrypted block; a second block;
/// other text before or after; a body that is not strict base64. The content is not repeated in them.
Result<Secret> read_pem(std::string_view text, std::string_view label);

/// A block with lines of 64 characters.
std::string write_pem(ByteView der, std::string_view label);

}  // namespace readyctl
