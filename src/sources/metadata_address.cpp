#include "sources/metadata_address.hpp"

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace readyctl {
namespace {

using V6 = std::span<const std::uint8_t, 16>;

bool is_guarded(std::uint32_t v4) {
  constexpr std::array<std::uint32_t, 3> single{0x646464c8, 0xa83f8110, 0xc00000c0};
  return (v4 >> 16) == 0xa9fe || std::find(single.begin(), single.end(), v4) != single.end();
}

std::uint32_t v4_at(V6 bytes, std::size_t at) {
  return static_cast<std::uint32_t>(bytes[at]) << 24 | static_cast<std::uint32_t>(bytes[at + 1]) << 16 |
         static_cast<std::uint32_t>(bytes[at + 2]) << 8 | bytes[at + 3];
}

bool begins(V6 bytes, std::span<const std::uint8_t> with) {
  return std::equal(with.begin(), with.end(), bytes.begin());
}

// The IPv4 address that an IPv6 one stands for.
std::optional<std::uint32_t> v4_within(V6 bytes) {
  constexpr std::array<std::uint8_t, 12> compatible{};
  constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  constexpr std::array<std::uint8_t, 12> translated{0, 0x64, 0xff, 0x9b};
  constexpr std::array<std::uint8_t, 6> translated_locally{0, 0x64, 0xff, 0x9b, 0, 1};  // RFC 8215, with RFC 6052's /96
  constexpr std::array<std::uint8_t, 12> stateless{0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0};  // RFC 2765
  constexpr std::array<std::uint8_t, 2> six_to_four{0x20, 0x02};
  const bool ends_with_it = begins(bytes, compatible) || begins(bytes, mapped) || begins(bytes, translated) ||
                            begins(bytes, translated_locally) || begins(bytes, stateless);
  if (ends_with_it) return v4_at(bytes, 12);
  if (begins(bytes, six_to_four)) return v4_at(bytes, 2);
  return std::nullopt;
}

bool is_guarded(V6 bytes) {
  constexpr std::array<std::uint8_t, 4> aws{0xfd, 0x00, 0x0e, 0xc2};
  constexpr std::array<std::uint8_t, 16> google{0xfd, 0x20, 0x00, 0xce, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54};
  if (bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80) return true;
  if (begins(bytes, aws) || begins(bytes, google)) return true;
  const auto v4 = v4_within(bytes);
  return v4 && is_guarded(*v4);
}

}  // namespace

bool is_metadata_address(const sockaddr& address) {
  if (address.sa_family == AF_INET)
    return is_guarded(ntohl(reinterpret_cast<const sockaddr_in&>(address).sin_addr.s_addr));
  if (address.sa_family != AF_INET6) return false;
  return is_guarded(V6(reinterpret_cast<const sockaddr_in6&>(address).sin6_addr.s6_addr));
}

}  // namespace readyctl
