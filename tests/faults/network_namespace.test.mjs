// Faults of a network as a whole: names that are not resolved, addresses that lead nowhere. They are met in a network
// namespace of their own (network_of_its_own.mjs), which only root may make.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { topic } from "./fault.mjs";

let runs;

async function runInNamespace() {
  assert.equal(process.getuid(), 0, "these tests make network and mount namespaces, which only root may: run them as root");
  const inside = fileURLToPath(new URL("network_of_its_own.mjs", import.meta.url));
  const child = spawn("unshare", ["--net", "--mount", process.execPath, inside], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (data) => { said += data; });
  const status = await new Promise((done) => child.on("close", done));
  assert.equal(status, 0, said);
  runs = JSON.parse(said);
}

/// What happened in the namespace under this name.
const happened = (when, exit, says, name, check = () => {}) => ({ when, exit, says, run: async () => {
  const run = runs[name];
  assert.ok(run, `there is no run "${name}"`);
  check(run);
  return run;
} });

const goesOn = (when, name) => happened(`${when}, and a second endpoint answers`, 0, ["pass"], name);

topic("The network as a whole", import.meta.url, [
  { number: 1, is: "the host name cannot be resolved", note: "The endpoint is named and not its host, which may be a credential. A resolver that never answers does not hold a run beyond its deadline.", cases: [
    happened("there is no such name", 2, ["main: ", "its host name could not be resolved", "attempts)"], "nxdomain", ({ said }) => assert.ok(!said.includes("rpc.example.org"), said)),
    happened("the resolver fails", 2, ["main: ", "its host name could not be resolved"], "servfail"),
    happened("the resolver never answers", 2, ["no answer within the 1 s that the run has"], "silent"),
    goesOn("there is no such name", "nxdomain, then sound"),
    goesOn("the resolver never answers", "silent, then sound"),
    happened("the proxy's name cannot be resolved", 2, ["the proxy's host name could not be resolved"], "proxy nxdomain"),
  ] },
  { number: 3, is: "an address that swallows everything", cases: [
    happened("nothing ever comes back", 2, ["no answer within the 1 s that the run has"], "black hole"),
    happened("no connection within its own time-out", 2, ["no connection within the connect time-out"], "black hole, long"),
    goesOn("nothing ever comes back", "black hole, then sound"),
    happened("IPv6 is swallowed and IPv4 answers", 0, ["pass"], "two addresses"),
    happened("no route leads there", 2, ["Network is unreachable"], "no route"),
  ] },
], { setUp: runInNamespace });
