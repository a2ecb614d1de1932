// Metadata addresses: where clouds hand out credentials to whoever asks. No name in DNS may lead a request there.
#pragma once

#include <sys/socket.h>

namespace readyctl {

/// Whether an address is link-local (169.254/16, fe80::/10), where most clouds have that service, or one of the others:
/// 100.100.100.200 (Alibaba), 168.63.129.16 (Azure), 192.0.0.192 (Oracle), fd00:ec2::/32 (AWS), fd20:ce::254 (Google).
/// The same for an IPv4 address within an IPv6 one that leads to it: mapped (::ffff:0:0/96), compatible (::/96),
/// translated (64:ff9b::/96), 6to4 (2002::/16).
bool is_metadata_address(const sockaddr& address);

}  // namespace readyctl
