#include "sources/link_local.hpp"

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace readyctl {

bool is_link_local(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    return (ntohl(v4.sin_addr.s_addr) >> 16) == 0xa9fe;  // 169.254/16
  }
  if (address.sa_family != AF_INET6) return false;
  const auto& bytes = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr.s6_addr;
  constexpr std::array<std::uint8_t, 16> aws_metadata{0xfd, 0x00, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54};
  const bool mapped = std::all_of(bytes, bytes + 10, [](auto b) { return b == 0; }) && bytes[10] == 0xff &&
                      bytes[11] == 0xff && bytes[12] == 169 && bytes[13] == 254;
  return mapped || (bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80) ||
         std::equal(aws_metadata.begin(), aws_metadata.end(), bytes);
}

}  // namespace readyctl
