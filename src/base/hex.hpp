// Lower-case hexadecimal, without prefix.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace readyctl {

/// Two lower-case digits a byte.
std::string to_hex(ByteView bytes);

/// The bytes of `text`. Both letter cases are read. Errors: an odd number of digits, anything that is no hex digit.
Result<Bytes> from_hex(std::string_view text);

}  // namespace readyctl
