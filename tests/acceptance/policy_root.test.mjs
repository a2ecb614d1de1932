// What decides comes from a protected place, and from the change under test its files only: a fork that brings packs,
// a release, a trust file and endpoints of its own changes nothing, and one that plants links is refused.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { basename, join } from "node:path";
import { Cluster, folder, readyctl, root } from "./readyctl.mjs";

let cluster;
let world;
before(async () => {
  cluster = new Cluster();
  world = await cluster.healthy();
});
after(() => cluster.stop());

const gates = ["program", "release-freeze"];
const json = (value) => JSON.stringify(value);

/// Two checkouts side by side: the protected one, and that of the change.
let home;
let policy;
let change;
beforeEach(() => {
  home = folder();
  [policy, change] = ["policy", "change"].map((name) => join(home, name));
  mkdirSync(join(policy, "gates"), { recursive: true });
  for (const name of gates) cpSync(join(root, `gates/${name}.gates.json`), join(policy, `gates/${name}.gates.json`));
  for (const name of ["release.json", "endpoints.json"]) cpSync(join(world.out, name), join(policy, name));
  const key = readyctl("keygen", join(home, "key.pem"));
  writeFileSync(join(policy, "trust.json"), json({ apiVersion: "readyctl.trust/v1", keys: [JSON.parse(key.stdout.trim().split("\n").at(-1))],
    report: { threshold: 1, roles: ["release"] } }));
  mkdirSync(change);
  for (const name of ["artifact", "checkout"]) cpSync(join(world.out, name), join(change, name), { recursive: true });
});

const named = gates.map((name) => `gates/${name}.gates.json`);
const bounded = () => ["--policy-root", policy, "--change", change, "--release", "release.json", "--trust", "trust.json",
  "--phase", "pull-request", "--unsigned", "--format", "json"];
const run = (...more) => readyctl("run", ...named, ...bounded(), ...more);

/// What a run decided, without what differs between any two: the time, and what depends on it.
function decision(ran) {
  assert.ok(ran.stdout, ran.stderr);
  const { predicate, subject } = JSON.parse(ran.stdout);
  const findings = predicate.findings.map(({ pack, gate, kind, outcome, summary }) => ({ pack, gate, kind, outcome, summary }));
  return { status: ran.status, verdict: predicate.verdict, findings, packs: predicate.packs, trust: predicate.trust,
    subject: subject.filter(({ name }) => !name.includes("evidence")) };
}

function refused(ran, status, ...said) {
  assert.equal(ran.status, status, ran.stdout + ran.stderr);
  for (const word of said) assert.ok(ran.stderr.includes(word), `${word} is not in:\n${ran.stderr}`);
}

test("packs, release and trust file come from the policy, artifact and source from the change", () => {
  const decided = decision(run());
  assert.equal(decided.status, 0);
  assert.deepEqual(decided.packs.map(({ path }) => path), named.map((name) => join(policy, name)));
  // The files are those of the change: another artifact there is another outcome.
  writeFileSync(join(change, "artifact/program.so"), "not what was frozen");
  assert.equal(run().status, 1);
});

test("a fork that alters packs, release, trust file and endpoints in its checkout changes nothing", () => {
  const before = decision(run());
  const forged = JSON.parse(readFileSync(join(policy, "release.json")));
  writeFileSync(join(change, "release.json"), json({ ...forged, artifact: { ...forged.artifact, sha256: "0".repeat(64) } }));
  mkdirSync(join(change, "gates"));
  for (const name of gates) {
    writeFileSync(join(change, `gates/${name}.gates.json`), json({ apiVersion: "readyctl.gates/v1", name,
      phases: ["pull-request"], gates: [{ id: "g", kind: "artifact-hash", params: { path: "artifact/program.so", sha256: "0".repeat(64) } }] }));
  }
  for (const name of ["trust.json", "endpoints.json"]) writeFileSync(join(change, name), "{");
  assert.deepEqual(decision(run()), before);
  // Nor when the job works in the checkout of the change.
  const inside = ["-c", 'cd "$1" && shift && exec "$@"', "sh", change, process.env.READYCTL, "run", ...named, ...bounded()];
  assert.deepEqual(decision(spawnSync("sh", inside, { encoding: "utf8" })), before);
});

test("a run that asks the chain takes the list of endpoints from the policy", () => {
  writeFileSync(join(change, "endpoints.json"), json({ endpoints: [{ name: "liar", url: "http://127.0.0.1:1", headers: { x: "env:PATH" } }] }));
  const asked = readyctl("run", "gates/program.gates.json", "--policy-root", policy, "--change", change, "--release", "release.json",
    "--endpoints", "endpoints.json", "--phase", "post-deploy", "--unsigned", "--format", "json");
  assert.equal(asked.status, 0, asked.stderr);
  assert.ok(!asked.stdout.includes("liar"));
});

for (const [what, plant, reads] of [
  ["an artifact that is a link out of it", "artifact/program.so", "/etc/passwd"],
  ["an artifact that is a link to the policy", "artifact/program.so", "../../policy/release.json"],
  ["a folder that is a link out of it", "artifact", "/etc"],
  ["a link into /proc", "artifact/program.so", "/proc/self/environ"],
  ["a link to a device", "artifact/program.so", "/dev/zero"],
]) {
  test(`a change with ${what} is not followed`, () => {
    rmSync(join(change, plant), { recursive: true });
    symlinkSync(reads, join(change, plant));
    const decided = decision(run());
    assert.equal(decided.status, 2);
    const finding = decided.findings.find(({ kind }) => kind === "artifact-hash");
    assert.equal(finding.outcome, "inconclusive");
    assert.match(finding.summary, /lies outside/);
  });
}

test("a change whose source is a link out of it is not followed", () => {
  renameSync(join(change, "checkout"), join(home, "elsewhere"));
  symlinkSync("../elsewhere", join(change, "checkout"));
  const decided = decision(run());
  assert.equal(decided.status, 2);
  assert.match(decided.findings.find(({ kind }) => kind === "release-freeze").summary, /lies outside/);
});

test("a name that leads out of the policy is refused, whatever it names", () => {
  for (const name of ["release.json", "gates", "trust.json", "endpoints.json"]) {
    if (existsSync(join(policy, name))) cpSync(join(policy, name), join(change, name), { recursive: true });
  }
  symlinkSync("../change", join(policy, "link"));
  const one = named[0];
  const rest = ["--policy-root", policy, "--change", change, "--phase", "pull-request", "--unsigned"];
  for (const out of ["../change", "link", change]) {
    refused(readyctl("run", `${out}/${one}`, "--release", "release.json", ...rest), 66, "lies outside", one);
    refused(readyctl("run", one, "--release", `${out}/release.json`, ...rest), 66, "lies outside", "release.json");
    refused(readyctl("run", one, "--release", "release.json", "--trust", `${out}/trust.json`, ...rest), 66, "lies outside", "trust.json");
    if (out !== change) refused(readyctl("run", one, "--release", "release.json", "--endpoints", `${out}/endpoints.json`, ...rest), 66, "lies outside", "endpoints.json");
    refused(readyctl("plan", `${out}/${one}`, "--release", "release.json", ...rest.slice(0, -1)), 66, "lies outside");
    refused(readyctl("lint", `${out}/${one}`, "--policy-root", policy), 66, "lies outside");
  }
});

test("an absolute name within the policy is one of its own", () => {
  const ran = readyctl("run", ...named.map((name) => join(policy, name)), ...bounded());
  assert.deepEqual(decision(ran), decision(run()));
});

test("what is in the change cannot be included", () => {
  writeFileSync(join(policy, "gates/greedy.json"), json({ apiVersion: "readyctl.gates/v1", name: "greedy", include: ["../../change/more.json"] }));
  writeFileSync(join(change, "more.json"), json({ apiVersion: "readyctl.gates/v1", name: "more", gates: [] }));
  refused(readyctl("run", "gates/greedy.json", ...bounded()), 65, "lies outside");
  refused(readyctl("run", "gates/greedy.json", "--allow-root", "../change", ...bounded()), 66, "lies outside", "--allow-root");
});

test("plan looks where run does", () => {
  const planned = readyctl("plan", ...named, "--policy-root", policy, "--change", change, "--release", "release.json", "--phase", "pull-request");
  assert.equal(planned.status, 0, planned.stderr);
  assert.equal(readyctl("lint", ...named, "--policy-root", policy).status, 0);
});

test("the two folders lie side by side", () => {
  const one = (...options) => readyctl("run", ...named, "--release", "release.json", "--phase", "pull-request", "--unsigned", ...options);
  refused(one("--policy-root", policy), 64, "--change");
  refused(one("--change", change), 64, "--policy-root");
  mkdirSync(join(policy, "inside"));
  refused(one("--policy-root", policy, "--change", join(policy, "inside")), 64, "one within the other");
  refused(one("--policy-root", join(change, "artifact"), "--change", change), 64, "one within the other");
  refused(one("--policy-root", policy, "--change", policy), 64, "one within the other");
  symlinkSync(policy, join(home, "alias"));
  refused(one("--policy-root", policy, "--change", join(home, "alias")), 64, "one within the other");
  refused(one("--policy-root", join(home, "none"), "--change", change), 66, "none");
});

test("no report is written into the change, where a link could lead it elsewhere", () => {
  symlinkSync(policy, join(change, "out"));
  for (const place of [change, join(change, "out")]) {
    refused(run("--report", join(place, "r.json")), 64, "--report", "--change");
  }
  // By another name of the change, and by a way that only normalisation takes out of it.
  symlinkSync(home, join(home, "workspace"));
  refused(run("--report", join(home, "workspace", basename(change), "out", "r.json")), 64, "--report", "--change");
  refused(run("--report", `${home}/workspace/${basename(change)}/out/../r.json`), 64, "--report", "--change");
  assert.ok(!readdirSync(policy).includes("r.json"));
  assert.equal(run("--report", join(home, "r.json")).status, 0);
  assert.equal(run("--report", `${change}/../beside.json`).status, 0);  // as a relative path from within the change is
});
