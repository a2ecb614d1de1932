// Runs inside namespaces of its own (see network_namespace.test.mjs): a network with a resolver that does what a host name
// says, and an interface that swallows all that is sent. Prints what each run said, as JSON.

import { execFileSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { writeFileSync } from "node:fs";
import { Release } from "./release.mjs";

const release = new Release();
await release.start();

const ip = (...args) => execFileSync("ip", args);
ip("link", "set", "lo", "up");
// One end of a cable; what is sent to those neighbours comes out at the other end, where it is for nobody.
ip("link", "add", "hole", "type", "veth", "peer", "name", "nobody");
for (const end of ["hole", "nobody"]) ip("link", "set", end, "up");
for (const [own, neighbour] of [["198.51.100.1/24", "198.51.100.2"], ["2001:db8::1/64", "2001:db8::2"]]) {
  ip("addr", "add", own, "dev", "hole", ...(own.includes(":") ? ["nodad"] : []));
  ip("neigh", "add", neighbour, "lladdr", "02:00:00:00:00:02", "dev", "hole", "nud", "permanent");
}

function replace(path, content) {
  const file = release.write("replaced", content);
  execFileSync("mount", ["--bind", file, path]);
}
// The longest that the resolver of the system can be told to wait, several times over.
replace("/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:30 attempts:5\n");
replace("/etc/hosts", "127.0.0.1 localhost two.example.org\n2001:db8::2 two.example.org\n");

/// A resolver that answers with the code that the name's first label asks for, or not at all.
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

const sound = await release.endpoint();
const short = { timeout: "1s" };
const runs = {
  nxdomain: [{ main: "http://nxdomain.rpc.example.org" }],
  servfail: [{ main: "http://servfail.rpc.example.org" }],
  silent: [{ main: "http://silent.rpc.example.org" }, short],
  "nxdomain, then sound": [{ main: "http://nxdomain.rpc.example.org", backup: sound.url }],
  "silent, then sound": [{ main: "http://silent.rpc.example.org", backup: sound.url }],
  "proxy nxdomain": [{ main: "http://192.0.2.1" }, { environment: { http_proxy: "http://nxdomain.proxy.example.org:3128" } }],
  "black hole": [{ main: "http://[2001:db8::2]" }, short],
  "black hole, long": [{ main: "http://198.51.100.2" }, { timeout: "30s" }],
  "black hole, then sound": [{ main: "http://[2001:db8::2]", backup: sound.url }],
  "two addresses": [{ main: `http://two.example.org:${sound.port}` }],
  "no route": [{ main: "http://192.0.2.1" }],
};
const done = await Promise.all(Object.entries(runs).map(async ([name, [urls, how]]) => {
  const { status, said } = await release.decide(release.chainPack, urls, how);
  return [name, { status, said }];
}));
process.stdout.write(JSON.stringify(Object.fromEntries(done)));
resolver.close();
await release.stop();
