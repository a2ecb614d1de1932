// A signed report is verified, replayed without a network, signed again, and refused when anything of it changed.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Cluster, folder, packs, readyctl } from "./readyctl.mjs";

let cluster;
let world;
let dir;
let report;
let trust;

const sha256 = (path) => createHash("sha256").update(readFileSync(path)).digest("hex");
const publicKey = (key) => execFileSync("openssl", ["pkey", "-in", key, "-pubout"], { encoding: "utf8" });

before(async () => {
  cluster = new Cluster();
  world = await cluster.healthy();
  dir = folder();
  report = join(dir, "report.json");
  trust = join(dir, "trust.json");
  for (const [name, type] of [["ops", "ed25519"], ["security", "p256"], ["stranger", "solana"]]) {
    assert.equal(readyctl("keygen", join(dir, name), "--type", type).status, 0);
  }
  const keys = ["ops", "security"].map((name) => ({ name, key: publicKey(join(dir, name)), roles: ["release"] }));
  writeFileSync(trust, JSON.stringify({ apiVersion: "readyctl.trust/v1", keys, report: { threshold: 2, roles: ["release"] }, packs: packs.map(sha256) }));
  const run = readyctl("run", ...packs, "--release", join(world.out, "release.json"), "--endpoints", join(world.out, "endpoints.json"),
    "--phase", "post-deploy", "--key", join(dir, "ops"), "--report", report);
  assert.equal(run.status, 0, run.stderr);
});
after(() => cluster.stop());

test("one signature of two is not enough, and sign adds the second after a replay", () => {
  const before = readyctl("verify", report, "--trust", trust);
  assert.equal(before.status, 3);
  assert.match(before.stdout, /NO {3}authentic/);
  const signed = readyctl("sign", report, "--key", join(dir, "security"));
  assert.equal(signed.status, 0, signed.stderr);
  assert.match(signed.stdout, /^GO /);
  const after = readyctl("verify", report, "--trust", trust, "--phase", "post-deploy",
    "--release", join(world.out, "release.json"), "--artifact", join(world.out, "artifact/program.so"));
  assert.equal(after.status, 0, after.stdout + after.stderr);
  for (const question of ["authentic", "complete", "bound", "in time"]) assert.match(after.stdout, new RegExp(`yes  ${question}`));
});

test("a stranger's signature never counts", () => {
  const copy = join(dir, "copy.json");
  writeFileSync(copy, readFileSync(report));
  assert.equal(readyctl("sign", copy, "--key", join(dir, "stranger"), "--evidence", `${report}.evidence`).status, 0);
  const verified = readyctl("verify", copy, "--trust", trust, "--evidence", `${report}.evidence`);
  assert.equal(verified.status, 0, verified.stdout);
  assert.ok(!verified.stdout.includes("stranger"));
});

// Another version's words are not compared, so nobody puts a name to them unseen.
test("a report of another version is shown as such, and not signed", () => {
  const [plain, altered] = ["plain.json", "altered.json"].map((name) => join(dir, name));
  assert.equal(readyctl("run", packs[0], "--release", join(world.out, "release.json"), "--endpoints", join(world.out, "endpoints.json"),
    "--phase", "post-deploy", "--unsigned", "--report", plain).status, 0);
  const envelope = JSON.parse(readFileSync(plain, "utf8"));
  const payload = Buffer.from(envelope.payload, "base64").toString("utf8");
  const words = payload.replace(/"version":"0\.1\.0"/, '"version":"0.0.9"')
    .replace(/"summary":"[^"]*"/, '"summary":"audited and approved"');
  writeFileSync(altered, readFileSync(plain, "utf8").replace(envelope.payload, Buffer.from(words).toString("base64")));
  const evidence = ["--evidence", `${plain}.evidence`];
  const replayed = readyctl("replay", altered, ...evidence);
  assert.equal(replayed.status, 0, replayed.stderr);
  assert.match(replayed.stdout, /written by readyctl 0\.0\.9.*were not compared/);
  const untouched = readFileSync(altered);
  const refused = readyctl("sign", altered, "--key", join(dir, "ops"), ...evidence);
  assert.equal(refused.status, 3);
  assert.match(refused.stderr, /written by readyctl 0\.0\.9/);
  assert.deepEqual(readFileSync(altered), untouched);
  const signed = readyctl("sign", plain, "--key", join(dir, "ops"));
  assert.equal(signed.status, 0, signed.stderr);
  assert.match(signed.stdout, /no evidence can bear it out:\n {2}tool .*\n {2}trust .*\n {2}previous .*\n {2}weakened .*--unsigned/);
});

test("an expired report is not to be relied on", () => {
  const later = readyctl("verify", report, "--trust", trust, "--at", "2099-01-01T00:00:00Z");
  assert.equal(later.status, 3);
  assert.match(later.stdout, /NO {3}in time: expired/);
});

test("replay needs no network: it decides in a namespace without interfaces", () => {
  const replayed = spawnSync("unshare", ["--net", process.env.READYCTL, "replay", report], { encoding: "utf8" });
  assert.equal(replayed.status, 0, replayed.stderr);
  assert.match(replayed.stdout, /everything that follows from it came out the same/);
});

test("the verdict can be had without readyctl", () => {
  const envelope = JSON.parse(readFileSync(report, "utf8"));
  const statement = JSON.parse(Buffer.from(envelope.payload, "base64"));
  assert.equal(statement.predicate.verdict, "go");
  assert.equal(envelope.payloadType, "application/vnd.in-toto+json");
});

test("OpenSSL alone verifies the signature", () => {
  const envelope = JSON.parse(readFileSync(report, "utf8"));
  const body = Buffer.from(envelope.payload, "base64");
  const type = envelope.payloadType;
  writeFileSync(join(dir, "pae"), Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${body.length} `), body]));
  writeFileSync(join(dir, "sig"), Buffer.from(envelope.signatures[0].sig, "base64"));
  writeFileSync(join(dir, "ops.pub"), publicKey(join(dir, "ops")));
  const verified = execFileSync("openssl", ["pkeyutl", "-verify", "-pubin", "-inkey", join(dir, "ops.pub"), "-rawin",
    "-in", join(dir, "pae"), "-sigfile", join(dir, "sig")], { encoding: "utf8" });
  assert.match(verified, /Verified Successfully/);
});

// Every thousandth byte here; the tests of envelope and evidence flip each byte of small ones.
test("a flipped byte of report or evidence is refused", () => {
  for (const [name, flag] of [[report, "report"], [`${report}.evidence`, "evidence"]]) {
    const bytes = readFileSync(name);
    const step = Math.floor(bytes.length / 60);
    for (let at = 3; at < bytes.length; at += step) {
      const changed = Buffer.from(bytes);
      changed[at] ^= 1;
      const path = join(dir, `flipped-${flag}`);
      writeFileSync(path, changed);
      const args = flag === "report" ? [path, "--evidence", `${report}.evidence`] : [report, "--evidence", path];
      const verified = readyctl("verify", ...args, "--trust", trust);
      assert.ok([3, 65].includes(verified.status), `byte ${at} of ${flag}: exit ${verified.status}\n${verified.stdout}`);
    }
  }
});

test("no output names an endpoint's address", () => {
  const { port } = new URL(world.endpoints[0].url);
  for (const path of [report, `${report}.evidence`]) {
    const text = readFileSync(path, "latin1");
    assert.ok(!text.includes(`127.0.0.1:${port}`), path);
    const payload = path === report ? Buffer.from(JSON.parse(text).payload, "base64").toString() : text;
    assert.ok(!payload.includes("127.0.0.1"), path);
  }
});
