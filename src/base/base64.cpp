#include "base/base64.hpp"

#include <algorithm>
#include <array>

namespace readyctl {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t foreign = 0xff;

constexpr std::array<std::uint8_t, 256> values_of_alphabet() {
  std::array<std::uint8_t, 256> values{};
  values.fill(foreign);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}

constexpr auto value_of = values_of_alphabet();

std::uint32_t value_at(std::string_view text, std::size_t at) { return value_of[static_cast<unsigned char>(text[at])]; }

// Writes the one to three bytes of the last four characters, of which `padding` are '='.
Result<void> last_group(std::string_view group, std::size_t padding, std::uint8_t* out) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::uint32_t value = i < 4 - padding ? value_at(group, i) : 0;
    if (value == foreign) return malformed("", "base64 text holds a character of another alphabet");
    bits = bits << 6 | value;
  }
  const std::uint32_t unused = padding == 0 ? 0 : padding == 1 ? 0xffU : 0xffffU;
  if ((bits & unused) != 0) return malformed("", "base64 text sets bits after its last byte");
  for (std::size_t i = 0; i < 3 - padding; ++i) out[i] = static_cast<std::uint8_t>(bits >> (16 - 8 * i));
  return {};
}

}  // namespace

std::string to_base64(ByteView bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t bits = static_cast<std::uint32_t>(bytes[i]) << 16;
    if (left > 1) bits |= static_cast<std::uint32_t>(bytes[i + 1]) << 8;
    if (left > 2) bits |= bytes[i + 2];
    text += alphabet[bits >> 18];
    text += alphabet[bits >> 12 & 63];
    text += left > 1 ? alphabet[bits >> 6 & 63] : '=';
    text += left > 2 ? alphabet[bits & 63] : '=';
  }
  return text;
}

Result<Bytes> from_base64(std::string_view text) {
  if (text.empty()) return Bytes{};
  if (text.size() % 4 != 0) return malformed("", "base64 text is not a multiple of four characters long");
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;

  Bytes bytes(text.size() / 4 * 3);
  std::uint8_t* out = bytes.data();
  std::uint32_t any_foreign = 0;
  const std::size_t body = text.size() - 4;
  for (std::size_t i = 0; i < body; i += 4) {
    const std::uint32_t a = value_at(text, i);
    const std::uint32_t b = value_at(text, i + 1);
    const std::uint32_t c = value_at(text, i + 2);
    const std::uint32_t d = value_at(text, i + 3);
    any_foreign |= a | b | c | d;  // a value has six bits, `foreign` has eight
    const std::uint32_t bits = a << 18 | b << 12 | c << 6 | d;
    *out++ = static_cast<std::uint8_t>(bits >> 16);
    *out++ = static_cast<std::uint8_t>(bits >> 8);
    *out++ = static_cast<std::uint8_t>(bits);
  }
  if ((any_foreign & 0xc0U) != 0) return malformed("", "base64 text holds a character of another alphabet");

  if (const auto tail = last_group(text.substr(body), padding, out); !tail) return failure(tail.error());
  bytes.resize(bytes.size() - padding);
  return bytes;
}

Result<Bytes> from_any_base64(std::string_view text) {
  const bool standard = text.find_first_of("+/") != std::string_view::npos;
  const bool url_safe = text.find_first_of("-_") != std::string_view::npos;
  if (standard && url_safe) return malformed("", "base64 text mixes two alphabets");
  std::string normal(text);
  std::replace(normal.begin(), normal.end(), '-', '+');
  std::replace(normal.begin(), normal.end(), '_', '/');
  if (!normal.ends_with('=')) normal.append((4 - normal.size() % 4) % 4, '=');
  return from_base64(normal);
}

}  // namespace readyctl
