// The addresses that no request may go to, in every form that leads there.
#include "sources/metadata_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <catch2/catch.hpp>
#include <string>

using namespace readyctl;

namespace {

bool is_refused(const std::string& text) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  if (::inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    return is_metadata_address(reinterpret_cast<const sockaddr&>(v4));
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  REQUIRE(::inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1);
  return is_metadata_address(reinterpret_cast<const sockaddr&>(v6));
}

}  // namespace

// Link-local networks, the services of clouds that have theirs elsewhere, and IPv6 addresses that stand for IPv4 ones.
TEST_CASE("metadata addresses are known in every form", "[http]") {
  for (const char* address : {"169.254.169.254",
                              "169.254.0.1",
                              "169.254.170.2",
                              "100.100.100.200",
                              "168.63.129.16",
                              "192.0.0.192",
                              "fe80::1",
                              "febf::1",
                              "fd00:ec2::254",
                              "fd00:ec2::23",
                              "fd20:ce::254",
                              "::ffff:169.254.169.254",
                              "::ffff:100.100.100.200",
                              "::169.254.169.254",
                              "64:ff9b::169.254.169.254",
                              "64:ff9b::6464:64c8",
                              "2002:a9fe:a9fe::1",
                              "64:ff9b:1::169.254.169.254",
                              "64:ff9b:1:2:3:4:169.254.169.254",
                              "::ffff:0:169.254.169.254"}) {
    INFO(address);
    CHECK(is_refused(address));
  }
}

// What lies beside them is nobody's service, or anybody's.
TEST_CASE("other addresses are free", "[http]") {
  for (const char* address :
       {"127.0.0.1", "10.0.0.1", "169.253.255.255", "169.255.0.0", "100.100.100.201", "168.63.129.17", "::1",
        "::", "fe7f::1", "fec0::1", "fd00:ec3::254", "2001:db8::a9fe:a9fe", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
        "64:ff9c::169.254.169.254", "64:ff9b:1::8.8.8.8", "::ffff:0:8.8.8.8"}) {
    INFO(address);
    CHECK_FALSE(is_refused(address));
  }
}
