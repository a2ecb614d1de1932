// A run that is ended, or refused by the system, at any of its steps: at every call that opens, writes, syncs, links,
// renames or removes a file. The tracer acts at the n-th such call, so the same steps are met each time.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { once } from "node:events";
import { spawn, spawnSync } from "node:child_process";
import { Cluster, folder, readyctl, root } from "./readyctl.mjs";

const STEPS = ["openat", "write", "fsync", "linkat", "renameat2", "unlink"];

let cluster;
let release;
let key;
let trust;
before(async () => {
  cluster = new Cluster();
  release = join((await cluster.healthy()).out, "release.json");
  key = join(folder(), "key.pem");
  const made = readyctl("keygen", key);
  assert.equal(made.status, 0, made.stderr);
  trust = join(folder(), "trust.json");
  const member = JSON.parse(/^\{ "name".*\}$/m.exec(made.stdout)[0]);
  writeFileSync(trust, JSON.stringify({ apiVersion: "readyctl.trust/v1", keys: [member],
    report: { threshold: 1, roles: member.roles } }));
});
after(() => cluster.stop());

const pack = join(root, "gates/program.gates.json");
const argumentsFor = (out) => ["run", pack, "--release", release, "--phase", "pull-request", "--key", key, "--report", join(out, "report.json")];

function emptyFolder() {
  const out = join(folder(), "out");
  mkdirSync(out);
  return out;
}

/// The run with the tracer's `options`, into a new folder.
function traced(options) {
  const out = emptyFolder();
  const run = spawnSync("strace", ["-f", "-qq", "-o", join(out, "..", "trace"), ...options, process.env.READYCTL, ...argumentsFor(out)],
    { encoding: "utf8", env: { PATH: process.env.PATH, HOME: "/nonexistent", TZ: "UTC" } });
  assert.equal(run.error, undefined);
  return { ...run, out, names: readdirSync(out) };
}

/// How often an undisturbed run makes a call.
function callsOf(call) {
  const run = traced(["-e", `trace=${call}`]);
  assert.equal(run.status, 0, run.stderr);
  return readFileSync(join(run.out, "..", "trace"), "utf8").split("\n").filter((line) => line.includes(`${call}(`)).length;
}

/// What may stand in the folder: whole files under their names, the report only with its evidence, and what the next run
/// does not mind.
function assertNothingHalf({ out, names }, where) {
  for (const name of names) {
    assert.match(name, /^(report\.json|report\.json\.evidence|\..*\.partial)$/, where);
  }
  if (!names.includes("report.json")) return;
  const checked = readyctl("verify", join(out, "report.json"), "--trust", trust, "--phase", "pull-request");
  assert.match(checked.stdout, /^yes +authentic/m, `${where}: ${checked.stdout}${checked.stderr}`);
  assert.match(checked.stdout, /^yes +complete/m, `${where}: ${checked.stdout}${checked.stderr}`);
}

function assertNextRunWorks({ out }, where) {
  const again = readyctl(...argumentsFor(out), "--overwrite");
  assert.equal(again.status, 0, `${where}: ${again.stderr}`);
  assert.ok(existsSync(join(out, "report.json")), where);
}

// The first calls are the dynamic linker's, long before the program begins; every third of them is tried.
function steps(call) {
  const all = callsOf(call);
  assert.ok(all > 0, call);
  const numbers = [];
  for (let n = 1; n <= all; n += n < all - 20 ? 3 : 1) numbers.push(n);
  return numbers;
}

test("a key that is being made has no name until it is whole", () => {
  let ended = 0;
  for (const call of STEPS) {
    for (let n = 1; n <= 40; ++n) {
      const out = emptyFolder();
      const made = spawnSync("strace", ["-f", "-qq", "-o", "/dev/null", "-e", `inject=${call}:signal=SIGKILL:when=${n}`, "-e", `trace=${call}`,
        process.env.READYCTL, "keygen", join(out, "key.pem")], { encoding: "utf8" });
      if (made.status === 0) break;
      ++ended;
      const where = `${call} ${n}`;
      for (const name of readdirSync(out)) {
        if (name === "key.pem") assert.match(readFileSync(join(out, name), "utf8"), /^-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n$/, where);
        else assert.match(name, /^\..*\.partial$/, where);
      }
    }
  }
  assert.ok(ended > 5);
});

for (const [signal, status] of [["SIGKILL", null], ["SIGTERM", 143], ["SIGINT", 130]]) {
  test(`${signal} at any step leaves nothing half-written`, () => {
    for (const call of STEPS) {
      for (const n of steps(call)) {
        const where = `${signal} at ${call} ${n}`;
        const run = traced(["-e", `inject=${call}:signal=${signal}:when=${n}`, "-e", `trace=${call}`]);
        assertNothingHalf(run, where);
        // Before the handler is there, a signal ends the process as it ends any; what was written whole stays.
        if (status !== null && run.signal === null) assert.ok([0, status].includes(run.status), `${where}: ${run.status} ${run.stderr}`);
        if (run.status === status && status !== null) assert.ok(!run.names.includes("report.json"), where);
        if (run.names.length > 0) assertNextRunWorks(run, where);
      }
    }
  });
}

/// The run, sent a signal after `wait` ms unless it has ended by then.
async function cutShort(signal, wait) {
  const out = emptyFolder();
  const child = spawn(process.env.READYCTL, argumentsFor(out), { env: { PATH: process.env.PATH, HOME: "/nonexistent", TZ: "UTC" }, stdio: "ignore" });
  const timer = setTimeout(() => child.kill(signal), wait);
  const [status, ended] = await once(child, "exit");
  clearTimeout(timer);
  return { status, signal: ended, out, names: readdirSync(out) };
}

// The moments are nobody's choice, so that also what is no call of the system is met. READYCTL_KILLS tries more.
test("a signal at any moment leaves nothing half-written", async () => {
  const started = performance.now();
  assert.equal((await cutShort("SIGTERM", 60_000)).status, 0);
  const whole = performance.now() - started;
  const statuses = { SIGKILL: [null], SIGTERM: [143, null], SIGINT: [130, null] };  // none before the handlers are there
  for (let i = 0; i < Number(process.env.READYCTL_KILLS ?? 90); ++i) {
    const [signal, expected] = Object.entries(statuses)[i % 3];
    const wait = Math.random() * whole;
    const run = await cutShort(signal, wait);
    const where = `${signal} after ${wait} of ${whole} ms`;
    assertNothingHalf(run, where);
    assert.ok([0, ...expected].includes(run.status), `${where}: ${run.status}`);
    if (run.status !== 0 && run.status !== null) assert.ok(!run.names.includes("report.json"), where);
    if (run.names.length > 0) assertNextRunWorks(run, where);
  }
});

const REFUSALS = [
  ["a full disk", "write", "ENOSPC"],
  ["a quota", "write", "EDQUOT"],
  ["a disk that fails to sync", "fsync", "EIO"],
  ["a name that cannot be given", "linkat", "EIO"],
  ["a name that cannot be changed", "renameat2", "EROFS"],
];
for (const [words, call, error] of REFUSALS) {
  test(`${words} is an output that could not be written, and nothing is left under its name`, () => {
    let refused = 0;
    for (const n of steps(call)) {
      const where = `${error} of ${call} ${n}`;
      const run = traced(["-e", `inject=${call}:error=${error}:when=${n}+`, "-e", `trace=${call}`]);
      assertNothingHalf(run, where);
      assert.ok([0, 73].includes(run.status), `${where}: ${run.status} ${run.stderr}`);
      if (run.status === 73) ++refused;
    }
    assert.ok(refused > 0, `${call} was never refused`);
  });
}

test("no descriptor left is said, whichever file wanted it", () => {
  let refused = 0;
  for (const n of steps("openat")) {
    const run = traced(["-e", `inject=openat:error=EMFILE:when=${n}+`, "-e", "trace=openat"]);
    const where = `openat ${n}`;
    assertNothingHalf(run, where);
    if (/cannot open shared object/.test(run.stderr)) continue;  // the dynamic linker's; the program has not begun
    assert.ok([0, 2, 65, 66, 70, 73].includes(run.status), `${where}: ${run.status} ${run.signal} ${run.stderr}`);
    if (run.status === 0) continue;
    assert.match(run.stderr + run.stdout, /Too many open files/, where);
    ++refused;
  }
  assert.ok(refused > 0);
});
