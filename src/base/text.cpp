#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <cstdio>
#include <numeric>

namespace readyctl {
namespace {

std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t kept = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, kept});
    }
  }
  return row.back();
}

// Reads one UTF-8 character at `at`. Returns its size in bytes, or 0 when the bytes are no shortest-form UTF-8.
std::size_t decode_utf8(std::string_view text, std::size_t at, std::uint32_t& point) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) {
    point = lead;
    return 1;
  }
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || at + size > text.size()) return 0;
  point = lead & (0xffU >> (size + 1));
  for (std::size_t k = 1; k < size; ++k) {
    const auto next = static_cast<unsigned char>(text[at + k]);
    if ((next & 0xc0U) != 0x80) return 0;
    point = point << 6 | (next & 0x3fU);
  }
  static constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = point >= 0xd800 && point <= 0xdfff;
  return point < least[size] || point > 0x10ffff || surrogate ? 0 : size;
}

bool is_deceptive(std::uint32_t point) {
  if (point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0xad) return true;
  if (point >= 0x200b && point <= 0x200f) return true;    // zero width, left-to-right and right-to-left marks
  if (point >= 0x2028 && point <= 0x202e) return true;    // separators, embeddings, overrides
  if (point >= 0x2060 && point <= 0x206f) return true;    // invisible operators, isolates
  if (point >= 0xe0000 && point <= 0xe007f) return true;  // tags
  return point == 0x061c || point == 0xfeff || (point >= 0xfff9 && point <= 0xfffb);
}

}  // namespace

std::optional<std::string> nearest(std::string_view name, std::span<const std::string> candidates) {
  std::optional<std::string> best;
  std::size_t fewest = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t edits = edits_between(name, candidate);
    if (edits >= fewest) continue;
    fewest = edits;
    best = candidate;
  }
  return best;
}

std::string suggestion(std::string_view name, std::span<const std::string> candidates) {
  if (const auto near = nearest(name, candidates)) return "did you mean \"" + *near + "\"?";
  if (candidates.empty()) return "none is known here";
  return "known: " + join(candidates, ", ");
}

std::string printable(std::string_view text) {
  std::string safe;
  for (std::size_t at = 0; at < text.size();) {
    std::uint32_t point = 0;
    const std::size_t size = decode_utf8(text, at, point);
    std::array<char, 16> escaped{};
    if (size == 0) {
      std::snprintf(escaped.data(), escaped.size(), "\\x%02x", static_cast<unsigned char>(text[at]));
      safe += escaped.data();
      ++at;
      continue;
    }
    if (point == '\n') {
      safe += "\\n";
    } else if (is_deceptive(point)) {
      std::snprintf(escaped.data(), escaped.size(), point < 0x80 ? "\\x%02x" : "\\u{%04x}", point);
      safe += escaped.data();
    } else {
      safe += text.substr(at, size);
    }
    at += size;
  }
  return safe;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    std::uint32_t point = 0;
    const std::size_t size = decode_utf8(text, 0, point);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view white_space = " \t\r\n";
  const auto first = text.find_first_not_of(white_space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += separator;
    text += parts[i];
  }
  return text;
}

std::string counted(std::size_t count, std::string_view singular) {
  return std::to_string(count) + " " + std::string(singular) + (count == 1 ? "" : "s");
}

}  // namespace readyctl
