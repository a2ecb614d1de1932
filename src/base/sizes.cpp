#include "base/sizes.hpp"

#include <array>
#include <charconv>

namespace readyctl {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t bytes;
};
constexpr std::array units{Unit{"GiB", std::uint64_t{1} << 30}, Unit{"MiB", std::uint64_t{1} << 20},
                           Unit{"KiB", std::uint64_t{1} << 10}};

}  // namespace

Result<std::uint64_t> parse_size(std::string_view text) {
  constexpr std::uint64_t most = std::uint64_t{1} << 53;
  std::string_view digits = text;
  std::uint64_t unit = 1;
  for (const Unit& one : units) {
    if (!text.ends_with(one.name)) continue;
    unit = one.bytes;
    digits.remove_suffix(one.name.size());
  }
  std::uint64_t number = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (digits.empty() || read.ec == std::errc::invalid_argument || read.ptr != digits.data() + digits.size()) {
    return malformed("", "\"" + std::string(text) + "\" is no size; write for example 64KiB, 512MiB or 1GiB");
  }
  if (read.ec != std::errc() || number > most / unit) {
    return malformed("", "\"" + std::string(text) + "\" is more than 2^53 bytes");
  }
  return number * unit;
}

std::string size_text(std::uint64_t bytes) {
  for (const Unit& unit : units) {
    if (bytes < unit.bytes) continue;
    const std::uint64_t tenths = bytes / unit.bytes * 10 + bytes % unit.bytes * 10 / unit.bytes;
    const std::string decimal = tenths % 10 == 0 ? "" : "." + std::to_string(tenths % 10);
    return std::to_string(tenths / 10) + decimal + " " + std::string(unit.name);
  }
  return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
}

}  // namespace readyctl
