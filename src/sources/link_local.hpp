// Link-local addresses, where clouds keep credentials: a name in DNS must not lead a request there.
#pragma once

#include <sys/socket.h>

namespace readyctl {

/// 169.254/16, as IPv4 or mapped into IPv6; fe80::/10; fd00:ec2::254, the metadata service of AWS.
bool is_link_local(const sockaddr& address);

}  // namespace readyctl
