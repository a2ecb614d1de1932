// What the command line takes, refuses, reads and overwrites: a slip of the fingers never changes what is decided.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { chmodSync, copyFileSync, existsSync, linkSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, watch, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Cluster, folder, readyctl, readyctlMeanwhile } from "./readyctl.mjs";

let cluster;
let world;
before(async () => {
  cluster = new Cluster();
  world = await cluster.healthy();
});
after(() => cluster.stop());

const sha256 = (path) => createHash("sha256").update(readFileSync(path)).digest("hex");

/// A pack of one gate that asks for a file of the release, so that no endpoint is needed.
const artifactGate = { id: "g", kind: "artifact-hash", params: { path: "${artifact.path}", sha256: "${artifact.sha256}" } };
function packIn(dir, name, gate = {}, more = {}) {
  const path = join(dir, `${name}.json`);
  writeFileSync(path, JSON.stringify({ apiVersion: "readyctl.gates/v1", name, gates: [{ ...artifactGate, ...gate }], ...more }));
  return path;
}
const failing = { params: { path: "${artifact.path}", sha256: "0".repeat(64) } };

/// The options of a run over the healthy release, which is unsigned unless a key is given.
const over = (...more) => ["--release", join(world.out, "release.json"), ...(more.includes("--key") ? [] : ["--unsigned"]), ...more];

function refused(run, status, ...said) {
  assert.equal(run.status, status, run.stdout + run.stderr);
  for (const word of said) assert.ok(run.stderr.includes(word), `${word} is not in:\n${run.stderr}`);
}

// --- lists ----------------------------------------------------------------------------------------------------------

test("an option takes one value, and what follows is a pack", () => {
  const dir = folder();
  const [good, bad] = [packIn(dir, "good"), packIn(dir, "bad", failing)];
  for (const option of [["--allow-root", dir], ["--set", "n=1"], ["--select", "good"], ["--select", "bad"]]) {
    const run = readyctl("run", good, ...option, bad, ...over("--format", "json"));
    const ran = JSON.parse(run.stdout).predicate.findings.map(({ pack }) => pack);
    assert.deepEqual(ran.sort(), ["bad", "good"], option.join(" "));
  }
  assert.equal(readyctl("run", good, "--allow-root", dir, bad, ...over()).status, 1);
  const linted = readyctl("lint", "--allow-root", dir, good, "--allow-root", dir, bad);
  assert.equal(linted.status, 0, linted.stderr);
  assert.equal(linted.stdout.trim().split("\n").length, 2);
});

test("options stand before the packs as well", () => {
  const dir = folder();
  const [good, bad] = [packIn(dir, "good"), packIn(dir, "bad", failing)];
  assert.equal(readyctl("run", ...over("--set", "n=1", "--rpc", "a=http://127.0.0.1:1"), good, bad).status, 1);
});

test("a root that is no folder", () => {
  const dir = folder();
  const good = packIn(dir, "good");
  refused(readyctl("run", "--allow-root", join(dir, "none"), good, ...over()), 66, "--allow-root", "none");
  refused(readyctl("lint", "--allow-root", good, good), 66, "--allow-root", good);
});

// --- endpoints ------------------------------------------------------------------------------------------------------

test("an endpoint is permitted a link-local address by its name, and the report says so", () => {
  const dir = folder();
  const good = packIn(dir, "good");
  const asked = ["--rpc", "a=http://127.0.0.1:1"];
  refused(readyctl("run", good, ...over(...asked, "--allow-link-local", "b")), 64, "--allow-link-local b", "no endpoint");
  const run = readyctl("run", good, ...over(...asked, "--allow-link-local", "a", "--format", "json"));
  assert.deepEqual(JSON.parse(run.stdout).predicate.weakened, ["--allow-link-local a", "--unsigned"]);
});

// --- keys -----------------------------------------------------------------------------------------------------------

// The line that keygen prints for it is an entry of a trust file, whatever the key.
for (const type of ["ed25519", "p256", "solana"]) {
  test(`the trust entry of a new ${type} key`, () => {
    const dir = folder();
    const [key, report, trust] = ["key", "r.json", "trust.json"].map((name) => join(dir, name));
    const entry = JSON.parse(readyctl("keygen", key, "--type", type).stdout.trim().split("\n").at(-1));
    const pack = packIn(dir, "p");
    assert.equal(readyctl("run", pack, ...over("--key", key, "--report", report)).status, 0);
    writeFileSync(trust, JSON.stringify({ apiVersion: "readyctl.trust/v1", keys: [entry],
      report: { threshold: 1, roles: entry.roles }, packs: [sha256(pack)] }));
    const verified = readyctl("verify", report, "--trust", trust);
    assert.equal(verified.status, 0, verified.stdout + verified.stderr);
  });
}

// --- signals --------------------------------------------------------------------------------------------------------

/// A signer of a new key whose command is this script. It says that it has started by making the file `started`.
function externalSigner(dir, script) {
  const key = join(dir, "inner.pem");
  if (!existsSync(key)) assert.equal(readyctl("keygen", key, "--type", "p256").status, 0);
  const publicKey = execFileSync("openssl", ["pkey", "-in", key, "-pubout"], { encoding: "utf8" });
  const path = join(dir, "signer.json");
  writeFileSync(path, JSON.stringify({ apiVersion: "readyctl.signer/v1", command: ["/bin/sh", "-c", script.replaceAll("\n", "; ")], publicKey }));
  chmodSync(path, 0o600);
  return path;
}
const signs = (dir) => `cat > ${dir}/request; sed 's/.*"message":"\\([^"]*\\)".*/\\1/' ${dir}/request | base64 -d > ${dir}/message
  openssl dgst -sha256 -sign ${dir}/inner.pem -out ${dir}/signature ${dir}/message
  printf '{"signature":"%s"}\\n' "$(base64 -w0 ${dir}/signature)"`;

/// Starts readyctl, sends these signals when the signer has started, and gives { status, stdout, stderr }.
async function interruptedBy(signals, dir, args) {
  const started = new Promise((done) => {
    const watcher = watch(dir, (_, name) => {
      if (name !== "started") return;
      watcher.close();
      done();
    });
  });
  const child = spawn(process.env.READYCTL, args, { env: { PATH: process.env.PATH } });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (data) => { output.stdout += data; });
  child.stderr.on("data", (data) => { output.stderr += data; });
  const ended = new Promise((done) => child.on("close", (status) => done(status)));
  await started;
  for (const signal of signals) child.kill(signal);
  return { status: await ended, ...output };
}

for (const [signals, status] of [[["SIGTERM"], 143], [["SIGINT"], 130], [["SIGINT", "SIGINT"], 130]]) {
  test(`${signals.join(" and ")} while a signer runs`, async () => {
    const dir = folder();
    const out = join(dir, "out");
    mkdirSync(out);
    const signer = externalSigner(dir, `: > ${dir}/started; exec tail -f /dev/null`);
    const run = await interruptedBy(signals, dir,
      ["run", packIn(dir, "p"), ...over("--key", signer, "--report", join(out, "r.json"), "--format", "json")]);
    assert.equal(run.status, status, run.stderr);
    assert.equal(run.stdout, "");
    if (signals.length === 1) assert.match(run.stderr, /nothing was written/);
    assert.deepEqual(readdirSync(out), []);
  });
}

test("a signal while sign waits for a signer leaves the report as it was", async () => {
  const dir = folder();
  const report = join(dir, "r.json");
  assert.equal(readyctl("run", packIn(dir, "p"), ...over("--report", report)).status, 0);
  const content = readFileSync(report, "utf8");
  const signer = externalSigner(dir, `: > ${dir}/started; exec tail -f /dev/null`);
  const run = await interruptedBy(["SIGTERM"], dir, ["sign", report, "--key", signer]);
  assert.equal(run.status, 143, run.stderr);
  assert.equal(readFileSync(report, "utf8"), content);
});

test("a signature that was added while a signer worked is not lost, and the report stays as private as it was", () => {
  const dir = folder();
  const report = join(dir, "r.json");
  assert.equal(readyctl("run", packIn(dir, "p"), ...over("--report", report)).status, 0);
  chmodSync(report, 0o600);
  assert.equal(readyctl("keygen", join(dir, "other")).status, 0);
  const signer = externalSigner(dir, `${process.env.READYCTL} sign ${report} --key ${join(dir, "other")} > ${dir}/said 2>&1; ${signs(dir)}`);
  const signatures = () => JSON.parse(readFileSync(report, "utf8")).signatures.length;
  const late = readyctl("sign", report, "--key", signer);
  refused(late, 73, "was changed while it was being signed");
  assert.equal(signatures(), 1);
  assert.equal(statSync(report).mode & 0o777, 0o600);
  assert.equal(readyctl("sign", report, "--key", join(dir, "inner.pem")).status, 0);
  assert.equal(signatures(), 2);
});

test("a report that cannot be put into place leaves the older evidence alone", () => {
  const dir = folder();
  const out = join(dir, "out");
  mkdirSync(out);
  const report = join(out, "r.json");
  writeFileSync(`${report}.evidence`, "older");
  const signer = externalSigner(dir, `mkdir ${report}; ${signs(dir)}`);
  refused(readyctl("run", packIn(dir, "p"), ...over("--key", signer, "--report", report, "--overwrite")), 73, "directory");
  assert.equal(readFileSync(`${report}.evidence`, "utf8"), "older");
  assert.deepEqual(readdirSync(out).sort(), ["r.json", "r.json.evidence"]);
});

test("a signer that fails leaves nothing", () => {
  const dir = folder();
  const out = join(dir, "out");
  mkdirSync(out);
  const signer = externalSigner(dir, "exit 3");
  refused(readyctl("run", packIn(dir, "p"), ...over("--key", signer, "--report", join(out, "r.json"))), 66, "status 3");
  assert.deepEqual(readdirSync(out), []);
});

// --- outputs --------------------------------------------------------------------------------------------------------

test("a report is not replaced unless that is said", () => {
  const dir = folder();
  const report = join(dir, "r.json");
  const run = (...more) => readyctl("run", packIn(dir, "p"), ...over("--report", report, ...more));
  assert.equal(run().status, 0);
  const before = sha256(report);
  refused(run(), 73, report, "exists already", "--overwrite");
  assert.equal(sha256(report), before);
  assert.equal(run("--overwrite").status, 0);
  assert.notEqual(sha256(report), before);
  assert.equal(readyctl("replay", report).status, 0);
  assert.deepEqual(readdirSync(dir).sort(), ["p.json", "r.json", "r.json.evidence"]);
});

test("outputs that are no files", () => {
  const dir = folder();
  const pack = packIn(dir, "p");
  execFileSync("mkfifo", [join(dir, "fifo")]);
  symlinkSync("/dev/null", join(dir, "null"));
  for (const name of ["fifo", "null"]) {
    refused(readyctl("run", pack, ...over("--overwrite", "--report", join(dir, name))), 73, name);
    refused(readyctl("run", pack, ...over("--overwrite", "--report", join(dir, "r.json"), "--evidence", join(dir, name))), 73, name);
  }
  assert.ok(statSync(join(dir, "fifo")).isFIFO());
  assert.ok(!existsSync(join(dir, "r.json")));
});

test("outputs that are an input or each other", () => {
  const dir = folder();
  const included = packIn(dir, "q");
  const pack = packIn(dir, "p", {}, { include: ["q.json"] });
  const key = join(dir, "key.pem");
  assert.equal(readyctl("keygen", key).status, 0);
  const endpoints = join(dir, "endpoints.json");
  copyFileSync(join(world.out, "endpoints.json"), endpoints);
  linkSync(pack, join(dir, "hard.json"));
  symlinkSync(dir, join(dir, "here"));
  const artifact = join(world.out, world.release?.artifact?.path ?? "artifact/program.so");
  const inputs = [pack, included, key, endpoints, join(dir, "hard.json"), join(dir, "here/p.json"), artifact, join(world.out, "release.json")];
  const before = inputs.map(sha256);
  const report = join(dir, "r.json");
  const args = over("--key", key, "--endpoints", endpoints, "--overwrite");
  for (const input of inputs) {
    refused(readyctl("run", pack, ...args, "--report", input), 64, "the same file", input);
    refused(readyctl("run", pack, ...args, "--report", report, "--evidence", input), 64, "the same file", input);
  }
  refused(readyctl("run", pack, ...args, "--report", report, "--evidence", report), 64, "the same file");
  refused(readyctl("run", pack, ...args, "--report", report, "--evidence", join(dir, "here/r.json")), 64, "the same file");
  assert.deepEqual(inputs.map(sha256), before);
  assert.ok(!existsSync(report));
});

/// A JSON-RPC endpoint that answers with what `answer` makes of each request: text, or nothing for HTTP 500.
async function endpoint(answer) {
  const server = createServer(async (request, response) => {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    const body = await answer(Buffer.concat(pieces).toString());
    response.writeHead(body ? 200 : 500, { "content-type": "application/json" });
    response.end(body ?? "");
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { url: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}
const askWorld = async (body) => (await fetch(world.endpoints[0].url, { method: "POST", body, headers: { "content-type": "application/json" } })).text();
const freezeInto = (output, ...more) => readyctlMeanwhile("freeze", "--name", "x", "--program", JSON.parse(readFileSync(join(world.out, "release.json"), "utf8")).program,
  "--artifact", join(world.out, "artifact/program.so"), "--checkout", join(world.out, "checkout"), "--operator", "x", "--output", output, ...more);

test("freeze does not replace a release that came to be while the chain was read", async () => {
  const output = join(world.out, "meanwhile.json");
  const slow = await endpoint((body) => { writeFileSync(output, "precious"); return askWorld(body); });
  const { cluster: { name, genesisHash } } = JSON.parse(readFileSync(join(world.out, "release.json"), "utf8"));
  const run = await freezeInto(output, "--cluster", `${name}:${genesisHash}`, "--rpc", `slow=${slow.url}`);
  slow.stop();
  refused(run, 73, "exists already");
  assert.equal(readFileSync(output, "utf8"), "precious");
});

// The first endpoint knows its cluster and nothing else; what the second one says is of another cluster.
test("freeze and inspect take no answer of another cluster than the first endpoint's", async () => {
  const output = join(world.out, "mixed.json");
  const mainnet = await endpoint((body) => {
    const { id, method } = JSON.parse(body);
    if (method === "getGenesisHash") return JSON.stringify({ jsonrpc: "2.0", id, result: "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d" });
  });
  const rpc = ["--rpc", `first=${mainnet.url}`, "--rpc", `second=${world.endpoints[0].url}`];
  const run = await freezeInto(output, ...rpc);
  const { program } = JSON.parse(readFileSync(join(world.out, "release.json"), "utf8"));
  const inspected = await readyctlMeanwhile("inspect", program, ...rpc);
  mainnet.stop();
  refused(run, 66, "it is on another cluster");
  assert.ok(!existsSync(output));
  refused(inspected, 66, "it is on another cluster");
  assert.equal(inspected.stdout, "");
});

test("freeze does not write over the artifact", () => {
  const artifact = join(world.out, "artifact/program.so");
  const before = sha256(artifact);
  const release = JSON.parse(readFileSync(join(world.out, "release.json"), "utf8"));
  refused(readyctl("freeze", "--name", "x", "--program", release.program, "--artifact", artifact, "--operator", "x", "--cluster", "devnet",
    "--checkout", join(world.out, "checkout"), "--output", join(dirname(artifact), "program.so"), "--force"), 64, "checkout");
  refused(readyctl("freeze", "--name", "x", "--program", release.program, "--artifact", artifact, "--operator", "x", "--cluster", "devnet",
    "--checkout", dirname(artifact), "--output", artifact, "--force"), 64, "the same file");
  assert.equal(sha256(artifact), before);
});

// --- what is said at the end ----------------------------------------------------------------------------------------

const shell = (line, ...args) => spawnSync("/bin/bash", ["-c", line, "sh", process.env.READYCTL, ...args],
  { encoding: "utf8", env: { PATH: process.env.PATH, HOME: "/nonexistent" } });

test("a run says what it wrote, who signed it, and what comes next", () => {
  const dir = folder();
  const [pack, key, report] = [packIn(dir, "p"), join(dir, "k"), join(dir, "r.json")];
  const publicKey = /Public key +(\S+)/.exec(readyctl("keygen", key, "--type", "solana").stdout)[1];
  const run = readyctl("run", pack, ...over("--key", key, "--report", report));
  assert.ok(run.stdout.endsWith(
    `Report ${report}, evidence ${report}.evidence, signed by ${publicKey}. Next: readyctl verify ${report} --trust FILE\n`), run.stdout);
  const unsigned = readyctl("run", pack, ...over("--report", report, "--overwrite"));
  assert.ok(unsigned.stdout.endsWith(`signed by nobody. Next: readyctl sign ${report} --key FILE\n`), unsigned.stdout);
  assert.ok(readyctl("run", pack, ...over()).stdout.includes("Nothing was written"));
  const json = readyctl("run", pack, ...over("--format", "json", "--report", report, "--overwrite"));
  assert.equal(JSON.parse(json.stdout).predicate.verdict, "go");
});

test("what was written is said although standard output is full", () => {
  const dir = folder();
  const [pack, key, report] = [packIn(dir, "p"), join(dir, "k.pem"), join(dir, "r.json")];
  readyctl("keygen", key);
  refused(shell('b=$1; shift; "$b" run "$@" >/dev/full', pack, ...over("--report", report)), 73, `the report ${report} and its evidence are written`);
  assert.ok(existsSync(`${report}.evidence`));
  refused(shell('b=$1; shift; "$b" sign "$@" >/dev/full', report, "--key", key), 73, `the signature is added to ${report}`);
  assert.equal(JSON.parse(readFileSync(report, "utf8")).signatures.length, 1);
  refused(shell('b=$1; shift; "$b" run "$@" >/dev/full', pack, ...over()), 73, "nothing was written anywhere else");
});

test("a reader who has seen enough is no error of what only shows", () => {
  const quiet = shell('set -o pipefail; b=$1; for i in 1 2 3 4 5; do "$b" schema | head -c 1 >/dev/null || exit $?; done');
  assert.deepEqual([quiet.status, quiet.stderr], [0, ""]);
  const pack = packIn(folder(), "p");
  const decided = shell('b=$1; shift; { sleep 1; "$b" run "$@"; echo "status $?" >&2; } | true', pack, ...over());
  assert.match(decided.stderr, /standard output: cannot be written[\s\S]*status 73/);
});

test("verify says what weakened a report that was signed later", () => {
  const dir = folder();
  const [pack, key, report, trust] = [packIn(dir, "p"), join(dir, "k.pem"), join(dir, "r.json"), join(dir, "trust.json")];
  const entry = JSON.parse(readyctl("keygen", key).stdout.trim().split("\n").at(-1));
  assert.equal(readyctl("run", pack, ...over("--report", report)).status, 0);
  assert.equal(readyctl("sign", report, "--key", key).status, 0);
  writeFileSync(trust, JSON.stringify({ apiVersion: "readyctl.trust/v1", keys: [entry],
    report: { threshold: 1, roles: entry.roles }, packs: [sha256(pack)] }));
  const verified = readyctl("verify", report, "--trust", trust);
  assert.equal(verified.status, 0, verified.stdout);
  for (const line of ["weakened by --unsigned", "facts rest on local facts only"]) assert.ok(verified.stdout.includes(line), verified.stdout);
});

// --- values ---------------------------------------------------------------------------------------------------------

test("a value that no canonical form has", () => {
  const pack = packIn(folder(), "p");
  refused(readyctl("run", pack, ...over("--set", "n:=9007199254740993")), 64, "--set", "2^53");
  refused(readyctl("run", pack, ...over("--set", "n:=[{\"m\":9007199254740993}]")), 64, "--set", "2^53");
});

test("bytes that are no UTF-8", () => {
  const pack = packIn(folder(), "p");
  const shell = (line) => spawnSync("/bin/sh", ["-c", line, "sh", process.env.READYCTL, pack, ...over()], { encoding: "utf8" });
  refused(shell('b=$1; p=$2; shift 2; "$b" run "$p" "$@" --set "n=$(printf "\\377")"'), 64, "UTF-8", "\\xff");
  refused(shell('b=$1; p=$2; shift 2; "$b" run "$(printf "p\\377.json")" "$@"'), 64, "UTF-8", "p\\xff.json");
});

test("a field of the release is not set from the command line, also where this release leaves it out", () => {
  const dir = folder();
  const release = JSON.parse(readFileSync(join(world.out, "release.json"), "utf8"));
  delete release.previous;
  const path = join(world.out, "without-previous.json");
  writeFileSync(path, JSON.stringify(release));
  const pack = packIn(dir, "p", { params: { path: "${artifact.path}", sha256: "${artifact.sha256}", executableHash: "${previous.executableHash}" } });
  for (const name of ["previous.executableHash", "previous.anything", "program", "source.tag"]) {
    refused(readyctl("run", pack, "--release", path, "--unsigned", "--set", `${name}=${release.artifact.executableHash}`), 65, name, "release.json");
  }
  const run = readyctl("run", pack, "--release", path, "--unsigned");
  refused(run, 65, "${previous.executableHash}");
  assert.ok(!run.stderr.includes("--set previous"), run.stderr);
});

// --- previous, keys -------------------------------------------------------------------------------------------------

test("the previous report is one, and on the same program", () => {
  const dir = folder();
  const pack = packIn(dir, "p");
  const first = join(dir, "first.json");
  assert.equal(readyctl("run", pack, ...over("--report", first)).status, 0);
  const run = (previous, release = join(world.out, "release.json")) =>
    readyctl("run", pack, "--release", release, "--unsigned", "--previous", previous, "--format", "json");
  const good = run(first);
  assert.equal(good.status, 0, good.stderr);
  assert.equal(JSON.parse(good.stdout).predicate.previous, sha256(first));
  refused(run(pack), 65, pack);
  const content = JSON.parse(readFileSync(join(world.out, "release.json"), "utf8"));
  const other = (name, change) => {
    const path = join(world.out, name);
    writeFileSync(path, JSON.stringify({ ...content, ...change }));
    return path;
  };
  refused(run(first, other("other-program.json", { program: "SQDS4ep65T869zMMBKyuUq6aD6EgTu8psMjkvj52pCf" })), 64, "--previous", "program");
  refused(run(first, other("other-cluster.json", { cluster: "devnet" })), 64, "--previous", "cluster");
});

test("one key in two files signs once", () => {
  const dir = folder();
  const key = join(dir, "key.pem");
  assert.equal(readyctl("keygen", key).status, 0);
  copyFileSync(key, join(dir, "copy.pem"));
  for (const second of [key, join(dir, "copy.pem")]) {
    refused(readyctl("run", packIn(dir, "p"), ...over("--key", key, "--key", second, "--report", join(dir, "r.json"))), 64, "same key", second);
  }
  assert.ok(!existsSync(join(dir, "r.json")));
});

// --- words ----------------------------------------------------------------------------------------------------------

test("what a file or its name says cannot steer a terminal", () => {
  const dir = folder();
  const name = join(dir, "p\u001b[2J\nGO.json");
  writeFileSync(name, readFileSync(packIn(dir, "p")));
  const bad = join(dir, "bad.json");
  writeFileSync(bad, '{"a\\u001b[2J\\nGO": 1, "a\\u001b[2J\\nGO": 2}');
  const version = join(dir, "v.json");
  writeFileSync(version, '{"apiVersion": "x\\u001b]0;\\nGO"}');
  const runs = [readyctl("lint", name), readyctl("lint", bad), readyctl("lint", `${name}.none`), readyctl("keygen", join(dir, "k\u001b[2J\nGO")),
    readyctl("run", name, ...over("--key", version, "--report", join(dir, "r"))), readyctl("verify", bad, "--trust", version),
    readyctl("gates", "x\u001b[2J\nGO"), readyctl("run", packIn(dir, "q"), ...over("--phase", "\u001b\nGO")),
    readyctl("\u001b[2J\nGO"), readyctl("run", "--\u001b[2J\nGO"), readyctl("gates", "--format", "\u001b[2J\nGO")];
  for (const { stdout, stderr } of runs) {
    assert.ok(!(stdout + stderr).includes("\u001b"), JSON.stringify(stdout + stderr));
    assert.ok(!/^\s*GO/m.test(stdout + stderr), JSON.stringify(stdout + stderr));
  }
});

test("a hint has a line of its own", () => {
  assert.match(readyctl("gates", "balence").stderr, /\n {4}did you mean "balance"\?\n/);
});

test("diagnostics are plain where colour is not wanted", () => {
  for (const env of [{ TERM: "xterm-256color", NO_COLOR: "1" }, { TERM: "dumb" }, { TERM: "xterm-256color" }]) {
    const run = spawnSync("script", ["-qec", `'${process.env.READYCTL}' gates balence 1>/dev/null`, "/dev/null"],
      { encoding: "utf8", env: { PATH: process.env.PATH, ...env } });
    assert.match(run.stdout, /did you mean/);
    const coloured = run.stdout.includes("\u001b[");
    assert.equal(coloured, env.TERM !== "dumb" && !env.NO_COLOR, JSON.stringify(env));
  }
});

test("the nearest name is said of what does not exist", () => {
  refused(readyctl("vrify", "r.json", "--trust", "t.json"), 64, "vrify", 'did you mean "verify"?');
  refused(readyctl("derive", "vualt", "x"), 64, "vualt", 'did you mean "vault"?');
  refused(readyctl("run", "--relase", "release.json"), 64, "--relase", 'did you mean "--release"?');
  refused(readyctl("verify", "r.json", "--turst=t.json"), 64, "--turst", 'did you mean "--trust"?');
  refused(readyctl("frobnicate"), 64, "frobnicate", "run");
  refused(readyctl(), 64, "run");
  assert.ok(!readyctl("run", "--relase", "release.json").stderr.includes("--release is required"));
});

test("an index is decimal", () => {
  const multisig = "SQDS4ep65T869zMMBKyuUq6aD6EgTu8psMjkvj52pCf";
  const of = (index) => readyctl("derive", "vault", multisig, "--index", index);
  assert.match(of("10").stdout, /vault index +10\n/);
  for (const index of ["010", "0x10", "256", "-1", "", "1.0"]) refused(of(index), 64, "--index");
});

test("a selection and a phase that match nothing are mistakes of the command line", () => {
  const dir = folder();
  refused(readyctl("run", packIn(dir, "p"), ...over("--select", "p/h")), 64, "p/h", "p/g");
  refused(readyctl("run", packIn(dir, "p"), ...over("--phase", "late")), 64, "late");
  const phased = packIn(dir, "phased", { phase: ["a"] }, { phases: ["a", "b"] });
  refused(readyctl("run", phased, ...over("--phase", "b")), 64, "phase b");
});

// --- clusters -------------------------------------------------------------------------------------------------------

test("a cluster's name proves nothing", () => {
  const dir = folder();
  const report = join(dir, "r.json");
  const pack = packIn(dir, "p");
  const key = join(dir, "key");
  const publicKey = /Public key +(\S+)/.exec(readyctl("keygen", key).stdout)[1];
  assert.equal(readyctl("run", pack, ...over("--key", key, "--report", report)).status, 0);
  const release = JSON.parse(readFileSync(join(world.out, "release.json"), "utf8"));
  const verify = (about) => {
    const trust = join(dir, "trust.json");
    writeFileSync(trust, JSON.stringify({ apiVersion: "readyctl.trust/v1", keys: [{ name: "k", key: publicKey, roles: ["r"] }],
      report: { threshold: 1, roles: ["r"] }, packs: [sha256(pack)], cluster: about }));
    return readyctl("verify", report, "--trust", trust);
  };
  assert.equal(verify(release.cluster.genesisHash).status, 0);
  assert.equal(verify("devnet").status, 3);
  refused(verify(release.cluster.name), 65, "/cluster", "genesis hash");
});

test("a release does not take a public cluster's name, nor a hash for one", () => {
  const dir = folder();
  const content = JSON.parse(readFileSync(join(world.out, "release.json"), "utf8"));
  const { genesisHash } = content.cluster;
  for (const name of ["devnet", "mainnet-beta", "testnet", genesisHash, "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d"]) {
    const path = join(world.out, "named.json");
    writeFileSync(path, JSON.stringify({ ...content, cluster: { name, genesisHash } }));
    refused(readyctl("run", packIn(dir, "p"), "--release", path, "--unsigned"), 65, "/cluster/");
  }
});
