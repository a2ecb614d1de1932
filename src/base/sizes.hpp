// Sizes in bytes, as people write and read them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace readyctl {

/// `512MiB`, `64KiB`, `1GiB`, or a number of bytes. Errors: anything else; more than 2^53 bytes.
Result<std::uint64_t> parse_size(std::string_view text);

/// The largest unit in which it is at least 1, with one decimal: `850 bytes`, `1.5 MiB`. Rounded down.
std::string size_text(std::uint64_t bytes);

}  // namespace readyctl
