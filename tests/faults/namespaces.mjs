// A network for a process that runs in network and mount namespaces of its own (unshare --net --mount).

import { execFileSync } from "node:child_process";
import { createSocket } from "node:dgram";

const ip = (...args) => execFileSync("ip", args);

/// Addresses that swallow all that is sent to them.
export const swallowing = { ipv4: "198.51.100.2", ipv6: "2001:db8::2" };

/// Brings up loopback, and an interface behind which nobody is.
export function makeNetwork() {
  ip("link", "set", "lo", "up");
  // One end of a cable; what is sent to those neighbours comes out at the other end, where it is for nobody.
  ip("link", "add", "hole", "type", "veth", "peer", "name", "nobody");
  for (const end of ["hole", "nobody"]) ip("link", "set", end, "up");
  for (const [own, neighbour] of [["198.51.100.1/24", swallowing.ipv4], ["2001:db8::1/64", swallowing.ipv6]]) {
    ip("addr", "add", own, "dev", "hole", ...(own.includes(":") ? ["nodad"] : []));
    ip("neigh", "add", neighbour, "lladdr", "02:00:00:00:00:02", "dev", "hole", "nud", "permanent");
  }
}

/// Has a file of the system say what another one says.
export function replace(path, file) {
  execFileSync("mount", ["--bind", file, path]);
}

/// What /etc/resolv.conf says, so that the resolver below is asked, and waited for as long as the system can be told to,
/// several times over.
export const resolverConfiguration = "nameserver 127.0.0.1\noptions timeout:30 attempts:5\n";

/// A resolver that answers with the code that the name's first label asks for, or not at all.
export async function startResolver() {
  const codes = { servfail: 2, nxdomain: 3 };
  const resolver = createSocket("udp4");
  resolver.on("message", (query, { port, address }) => {
    const label = query.subarray(13, 13 + query[12]).toString("latin1");
    if (!(label in codes)) return;
    const answer = Buffer.from(query);
    answer[2] |= 0x80;
    answer[3] = 0x80 | codes[label];
    resolver.send(answer, port, address);
  });
  await new Promise((bound) => resolver.bind(53, "127.0.0.1", bound));
  return resolver;
}
