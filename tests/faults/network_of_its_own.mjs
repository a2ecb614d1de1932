// Runs inside namespaces of its own (see network_namespace.test.mjs): a network with a resolver that does what a host name
// says, and an interface that swallows all that is sent. Prints what each run said, as JSON.

import { Release } from "./release.mjs";
import { makeNetwork, replace, resolverConfiguration, startResolver, swallowing } from "./namespaces.mjs";

const release = new Release();
await release.start();

makeNetwork();
replace("/etc/resolv.conf", release.write("resolv.conf", resolverConfiguration));
replace("/etc/hosts", release.write("hosts", `127.0.0.1 localhost two.example.org\n${swallowing.ipv6} two.example.org\n`));
const resolver = await startResolver();

const sound = await release.endpoint();
const short = { timeout: "1s" };
const runs = {
  nxdomain: [{ main: "http://nxdomain.rpc.example.org" }],
  servfail: [{ main: "http://servfail.rpc.example.org" }],
  silent: [{ main: "http://silent.rpc.example.org" }, short],
  "nxdomain, then sound": [{ main: "http://nxdomain.rpc.example.org", backup: sound.url }],
  "silent, then sound": [{ main: "http://silent.rpc.example.org", backup: sound.url }],
  "proxy nxdomain": [{ main: "http://192.0.2.1" }, { environment: { http_proxy: "http://nxdomain.proxy.example.org:3128" } }],
  "black hole": [{ main: `http://[${swallowing.ipv6}]` }, short],
  "black hole, long": [{ main: `http://${swallowing.ipv4}` }, { timeout: "30s" }],
  "black hole, then sound": [{ main: `http://[${swallowing.ipv6}]`, backup: sound.url }],
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
