#include "base/text.hpp"
#include "base/printable_json.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <cstdio>
#include <numeric>

namespace readyctl {
namespace {

// No name of ours is nearly as long. The comparison takes time with the product of both lengths.
constexpr std::size_t compared_characters_max = 200;

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

struct Points {
  std::uint32_t first;
  std::uint32_t last;
};

// Characters that steer a terminal, reorder what is read, or take no room. In order.
constexpr std::array<Points, 21> deceptive{{
    {0x00, 0x1f},        // control characters
    {0x7f, 0x9f},        // delete, and the control characters of C1
    {0xad, 0xad},        // soft hyphen
    {0x34f, 0x34f},      // grapheme joiner
    {0x61c, 0x61c},      // Arabic letter mark
    {0x115f, 0x1160},    // Hangul fillers
    {0x17b4, 0x17b5},    // Khmer vowels without a shape
    {0x180b, 0x180f},    // Mongolian selectors and separator
    {0x200b, 0x200f},    // zero width, left-to-right and right-to-left marks
    {0x2028, 0x202e},    // separators, embeddings, overrides
    {0x2060, 0x206f},    // invisible operators, isolates
    {0x3164, 0x3164},    // Hangul filler
    {0xfe00, 0xfe0f},    // variation selectors
    {0xfeff, 0xfeff},    // byte-order mark
    {0xffa0, 0xffa0},    // Hangul filler
    {0xfff0, 0xfffb},    // interlinear annotations
    {0x13430, 0x1343f},  // joiners of hieroglyphs
    {0x1bca0, 0x1bca3},  // controls of shorthand
    {0x1d173, 0x1d17a},  // controls of musical notation
    {0xe0000, 0xe0fff},  // tags, more variation selectors
    {0xf0000, 0x10ffff}  // private planes: as each font has it
}};

bool is_deceptive(std::uint32_t point) {
  const auto* const range = std::lower_bound(deceptive.begin(), deceptive.end(), point,
                                             [](const Points& one, std::uint32_t value) { return one.last < value; });
  return range != deceptive.end() && range->first <= point;
}

// Whether a command to the runner of a pipeline begins here: GitHub's begin a line, whatever white space is before
// them; the older ones (##[group], ##vso[, ##teamcity[) are heeded anywhere in one.
bool begins_command(std::string_view text, std::size_t at, bool only_space_before) {
  const std::string_view rest = text.substr(at);
  if (rest.starts_with("::")) return only_space_before;
  if (!rest.starts_with("##")) return false;
  const std::size_t name_end = rest.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", 2);
  return name_end != std::string_view::npos && rest[name_end] == '[';
}

// Writes `text`, character by character: those that must not be seen as they are by `escape(point)`, a byte that is no
// UTF-8 by `escape_byte(byte)`.
template <class Escape, class EscapeByte>
std::string rewritten(std::string_view text, Escape escape, EscapeByte escape_byte) {
  std::string safe;
  bool only_space_before = true;
  for (std::size_t at = 0; at < text.size();) {
    std::uint32_t point = 0;
    const std::size_t size = decode_utf8(text, at, point);
    if (size == 0) {
      safe += escape_byte(static_cast<unsigned char>(text[at]));
    } else if (is_deceptive(point) || begins_command(text, at, only_space_before)) {
      safe += escape(point);
    } else {
      safe += text.substr(at, size);
    }
    only_space_before = only_space_before && (text[at] == ' ' || text[at] == '\t');
    at += std::max<std::size_t>(size, 1);
  }
  return safe;
}

std::string formatted(const char* format, std::uint32_t number) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), format, number);
  return text.data();
}

}  // namespace

std::optional<std::string> nearest(std::string_view name, std::span<const std::string> candidates) {
  if (name.size() > compared_characters_max) return std::nullopt;
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
  const auto escape = [](std::uint32_t point) {
    return point == '\n' ? "\\n" : formatted(point < 0x80 ? "\\x%02x" : "\\u{%04x}", point);
  };
  return rewritten(text, escape, [](unsigned char byte) { return formatted("\\x%02x", byte); });
}

std::string printable_json(std::string_view json) {
  const auto escape = [](std::uint32_t point) -> std::string {
    if (point == '\n') return "\n";  // between values; within a string it is escaped already
    if (point < 0x10000) return formatted("\\u%04x", point);
    return formatted("\\u%04x", 0xd800 + ((point - 0x10000) >> 10)) + formatted("\\u%04x", 0xdc00 + (point & 0x3ff));
  };
  return rewritten(json, escape, [](unsigned char) { return std::string("\\ufffd"); });
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
