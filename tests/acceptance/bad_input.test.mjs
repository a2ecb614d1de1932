// Bad input gives a message that names what, where and what to do, the documented exit code, and no output file.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Cluster, folder, packs, readyctl } from "./readyctl.mjs";

let cluster;
let world;
before(async () => {
  cluster = new Cluster();
  world = await cluster.healthy();
});
after(() => cluster.stop());

const json = (value) => JSON.stringify(value, null, 1);
const gate = (more = {}) => ({ id: "g", kind: "balance", params: { address: "${feePayer}", minLamports: "1" }, ...more });
const pack = (gates, more = {}) => ({ apiVersion: "readyctl.gates/v1", name: "p", gates, ...more });

/// Runs a pack (an object, or text) over the healthy release, and gives { status, stderr, files } of the output folder.
function runWith(content, { release, more = [], files = {} } = {}) {
  const dir = folder();
  const inputs = join(dir, "in");
  const outputs = join(dir, "out");
  mkdirSync(inputs);
  mkdirSync(outputs);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(inputs, name), text);
  writeFileSync(join(inputs, "p.json"), typeof content === "string" ? content : json(content));
  const run = readyctl("run", join(inputs, "p.json"), "--release", release ?? join(world.out, "release.json"),
    "--unsigned", "--report", join(outputs, "r.json"), ...more);
  return { ...run, files: readdirSync(outputs) };
}

function refused(run, status, ...words) {
  assert.equal(run.status, status, run.stderr);
  for (const word of words) assert.ok(run.stderr.includes(word), `${word} is not in:\n${run.stderr}`);
  if (run.files) assert.deepEqual(run.files, []);
}

test("unknown key", () => refused(runWith(pack([gate({ severty: "advisory" })])), 65, "p.json:", "/gates/0/severty", "severity"));
test("duplicate key", () => refused(runWith('{"apiVersion":"readyctl.gates/v1","name":"p","name":"q","gates":[]}'), 65, "p.json", "name", "twice"));
test("misspelt kind", () => refused(runWith(pack([gate({ kind: "balence" })])), 65, "/gates/0/kind", "balance"));
test("misspelt phase", () => refused(runWith(pack([gate()], { phases: ["pre-execute"] }), { more: ["--phase", "pre-exekute"] }), 64, "pre-execute"));
test("no phase where packs declare some", () => refused(runWith(pack([gate()], { phases: ["pre-execute"] })), 64, "--phase", "pre-execute"));
test("duplicate id", () => refused(runWith(pack([gate(), gate()])), 65, "/gates/1/id", "twice"));
test("bad base58", () => refused(runWith(pack([gate({ params: { address: "0OIl", minLamports: "1" } })])), 65, "/gates/0/params/address"));
test("wrong-length key", () => refused(runWith(pack([gate({ params: { address: "2NEpo7TZRRrLZSi2U", minLamports: "1" } })])), 65, "/gates/0/params/address", "32"));
test("number out of range", () => refused(runWith(pack([gate({ kind: "rpc-health", params: { minHealthy: -1, maxSlotLag: 1, maxBlockAgeSeconds: 1 } })])), 65, "/gates/0/params/minHealthy", "-1"));
test("number beyond 64 bits", () => refused(runWith('{"apiVersion":"readyctl.gates/v1","name":"p","gates":[{"id":"g","kind":"balance","params":{"address":"x","minLamports":18446744073709551616}}]}'), 65, "18446744073709551616", "64 bits"));
test("amount beyond 64 bits", () => refused(runWith(pack([gate({ params: { address: "${feePayer}", minLamports: "18446744073709551616" } })])), 65, "64 bits"));
test("unresolved name", () => refused(runWith(pack([gate({ params: { address: "${feePayr}", minLamports: "1" } })])), 65, "${feePayr}", "${feePayer}"));
test("--set of a frozen name", () => refused(runWith(pack([gate()]), { more: ["--set", "feePayer=x"] }), 65, "feePayer", "frozen"));
test("--set that is no assignment", () => refused(runWith(pack([gate()]), { more: ["--set", "feePayer"] }), 64, "NAME=TEXT"));
test("include loop", () => refused(runWith(pack([gate()], { include: ["q.json"] }), { files: { "q.json": json(pack([gate()], { name: "q", include: ["p.json"] })) } }), 65, "includes itself"));
test("include outside the root", () => refused(runWith(pack([gate()], { include: ["../../../etc/hostname"] })), 65, "/include/0", "outside"));
test("include with another digest", () => refused(runWith(pack([gate()], { include: [{ path: "q.json", sha256: "0".repeat(64) }] }), { files: { "q.json": json(pack([gate()], { name: "q" })) } }), 65, "/include/0", "0".repeat(64)));
test("empty pack", () => refused(runWith(pack([])), 65, "no gate"));
test("only advisory gates", () => refused(runWith(pack([gate({ severity: "advisory" })])), 65, "advisory", "blocking"));
test("selection that matches nothing", () => refused(runWith(pack([gate()]), { more: ["--select", "p/h"] }), 64, "p/h", "p/g"));
test("missing pack", () => refused(readyctl("lint", "/nonexistent/p.json"), 66, "/nonexistent/p.json"));
test("missing release", () => refused(runWith(pack([gate()]), { release: "/nonexistent/release.json" }), 66, "release.json"));
test("missing key", () => refused(readyctl("run", packs[0], "--release", join(world.out, "release.json"), "--phase", "post-deploy", "--key", "/nonexistent/key", "--report", join(folder(), "r")), 66, "/nonexistent/key"));
test("neither key nor --unsigned", () => refused(readyctl("run", packs[0], "--release", join(world.out, "release.json"), "--phase", "post-deploy"), 64, "--key", "--unsigned"));
test("unknown option", () => refused(readyctl("gates", "--frobnicate"), 64, "frobnicate"));
test("output path not writable", () => refused(runWith(pack([gate()]), { more: ["--evidence", "/nonexistent/e"] }), 73, "/nonexistent/e"));
test("credentials in a URL on the command line", () => {
  const run = runWith(pack([gate()]), { more: ["--rpc", "main=https://rpc.example.org/?api-key=s3cr3tvalue"] });
  refused(run, 64, "--insecure-rpc-in-argv");
  assert.ok(!run.stderr.includes("s3cr3tvalue"));
});

// A pack may name a file, and the file may be a link; neither reads outside the release's folder.
test("symlink out of the root", () => {
  symlinkSync("/etc/hostname", join(world.out, "artifact/link.so"));
  const run = runWith(pack([{ id: "g", kind: "artifact-hash", params: { path: "artifact/link.so", sha256: "0".repeat(64) } }]), { more: ["--format", "json"] });
  assert.equal(run.status, 2, run.stderr);
  const [finding] = JSON.parse(run.stdout).predicate.findings;
  assert.equal(finding.outcome, "inconclusive");
  assert.match(finding.summary, /outside/);
});

// A key that others can read is refused before anything is decided, also for root.
test("key file that others can read", () => {
  const dir = folder();
  const key = join(dir, "key.pem");
  assert.equal(readyctl("keygen", key).status, 0);
  chmodSync(key, 0o644);
  const run = readyctl("run", packs[0], "--release", join(world.out, "release.json"), "--phase", "post-deploy",
    "--key", key, "--report", join(dir, "r.json"));
  refused(run, 66, key, "chmod 600");
  assert.ok(!existsSync(join(dir, "r.json")));
});

function signedReport() {
  const dir = folder();
  const report = join(dir, "r.json");
  assert.equal(readyctl("run", ...packs, "--release", join(world.out, "release.json"), "--endpoints", join(world.out, "endpoints.json"),
    "--phase", "post-deploy", "--unsigned", "--report", report).status, 0);
  return report;
}

test("evidence missing", () => {
  const report = signedReport();
  refused(readyctl("replay", report, "--evidence", "/nonexistent/e"), 66, "/nonexistent/e");
});

test("evidence truncated", () => {
  const report = signedReport();
  const evidence = readFileSync(`${report}.evidence`);
  writeFileSync(`${report}.evidence`, evidence.subarray(0, evidence.length - 100));
  refused(readyctl("replay", report), 3, "record", "cut off");
});

test("report of a newer schema", () => {
  const report = signedReport();
  const envelope = JSON.parse(readFileSync(report, "utf8"));
  const payload = Buffer.from(envelope.payload, "base64").toString().replace("readiness-report/v1", "readiness-report/v2");
  envelope.payload = Buffer.from(payload).toString("base64");
  writeFileSync(report, `${JSON.stringify(envelope)}\n`);
  refused(readyctl("replay", report), 65, "readiness-report/v2", "newer");
});

test("a directory instead of a report", () => refused(readyctl("replay", folder()), 66, "directory"));

