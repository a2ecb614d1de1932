// Faults of the machine: clocks, disks, signals, limits, environments.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { everything, response } from "./endpoint.mjs";
import { topic } from "./fault.mjs";
import { withFaultySystem } from "./faulty_system.mjs";
import { Release, readyctl, root } from "./release.mjs";

const release = new Release();
const go = join(root, "tests/evidence/go");
const year = 365 * 86_400;

/// An empty folder for outputs.
function outputs() {
  const path = release.path("outputs");
  mkdirSync(path);
  return path;
}

const args = (...more) => ["run", release.filePack, "--release", release.manifest, "--unsigned", ...more];
const shell = (line, argv, { before = [], ...how } = {}) => readyctl(argv, { before: [...before, "/bin/sh", "-c", line, "sh"], ...how });

// --- clocks -----------------------------------------------------------------------------------------------------------

const jumps = (when, says, jump) => ({ when, exit: 2, says, run: async () => {
  const folder = outputs();
  const endpoint = await release.endpoint();
  const run = await readyctl(["run", release.chainPack, "--release", release.manifest, "--unsigned", "--rpc", `main=${endpoint.url}`, "--report", join(folder, "r.json")],
    { environment: withFaultySystem({ jump }) });
  assert.deepEqual(readdirSync(folder), []);
  return run;
} });

/// A run on a machine whose clock is wrong by so much, over an endpoint that says what time it is.
const wrongClock = (when, says, clock) => ({ when, exit: 2, says, run: async () => {
  const endpoint = await release.endpoint({ when: everything, spoil: ({ healthy }) => response(healthy(), { headers: [`Date: ${new Date().toUTCString()}`] }) });
  return release.decide(release.chainPack, { main: endpoint.url }, { environment: withFaultySystem({ clock }) });
} });

/// rpc-health on such a machine, over an endpoint that does not say what time it is: the chain does.
const staleByClock = (when, exit, says, clock) => ({ when, exit, says, run: async () => {
  const endpoint = await release.endpoint();
  return release.decide(release.pack({ kind: "rpc-health", params: { minHealthy: 1, maxSlotLag: 50, maxBlockAgeSeconds: 60 } }), { main: endpoint.url }, { environment: withFaultySystem({ clock }) });
} });

const at = (when, time) => ({ when, exit: 64, says: ["--at"], run: () =>
  readyctl(["verify", join(go, "report.json"), "--trust", join(go, "trust.json"), "--at", time]) });

// --- signals ----------------------------------------------------------------------------------------------------------

/// A run that is sent these signals once it has asked an endpoint that never answers.
const signalled = (when, exit, says, signals) => ({ when, exit, says, run: async () => {
  const folder = outputs();
  let asked;
  const isAsked = new Promise((done) => { asked = done; });
  const endpoint = await release.endpoint({ when: everything, spoil: () => asked() });
  const child = spawn(process.env.READYCTL, ["run", release.chainPack, "--release", release.manifest, "--unsigned", "--rpc", `main=${endpoint.url}`,
    "--timeout", "5m", "--report", join(folder, "r.json"), "--format", "json"], { env: { PATH: process.env.PATH } });
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"]) child[stream].on("data", (data) => { output[stream] += data; });
  const ended = new Promise((done) => child.on("close", (status, signal) => done({ status, signal })));
  await isAsked;
  for (const signal of signals) child.kill(signal);
  const { status, signal } = await ended;
  assert.equal(output.stdout, "");
  assert.deepEqual(readdirSync(folder), []);
  return { status: status ?? 128 + { SIGHUP: 1, SIGKILL: 9 }[signal], said: output.stderr + (signal ? `ended by ${signal}` : "") };
} });

// --- disks ------------------------------------------------------------------------------------------------------------

/// A run whose report goes to `folder`, by a shell that has namespaces of its own and `prepare`s them.
const onDisk = (when, says, prepare, more = {}) => ({ when, exit: 73, says, run: async () => {
  const folder = outputs();
  assert.equal(process.getuid(), 0, "this test mounts a file system, which only root may: run it as root");
  const line = `${prepare.replaceAll("FOLDER", folder)} && { "$@"; s=$?; ls -A ${folder} >&2; exit $s; }`;
  const run = await shell(line, args("--report", join(folder, "r.json")), { ...more, before: ["unshare", "--mount"] });
  assert.ok(!run.stderr.includes("r.json.evidence\n") && !/^r\.json$/m.test(run.stderr), `something was left:\n${run.stderr}`);
  return run;
} });

// --- words ------------------------------------------------------------------------------------------------------------

const nasty = "\u001b[2J\u001b]0;GO\u0007\u202eOG\u2066\r\nGO\u0085";

/// What an endpoint says, as text for people.
const spoken = (when, exit, says, spoil, pack = () => release.chainPack) => ({ when, exit, says, run: async () => {
  const endpoint = await release.endpoint({ spoil });
  const run = await readyctl(["run", pack(), "--release", release.manifest, "--unsigned", "--rpc", `main=${endpoint.url}`, "--timeout", "20s"]);
  assert.ok(!/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(run.said), JSON.stringify(run.said));
  assert.ok(!/^GO\b/m.test(run.said), run.said);
  return run;
} });

/// A folder with a locale that writes 1.000,5 where others write 1,000.5: Debian installs none.
let folderOfLocales;
function locales() {
  if (folderOfLocales) return folderOfLocales;
  const folder = release.path("locales");
  mkdirSync(folder);
  const made = spawnSync("localedef", ["-i", "de_DE", "-f", "UTF-8", join(folder, "de_DE.UTF-8")], { encoding: "utf8" });
  assert.equal(made.status, 0, made.stderr);
  folderOfLocales = folder;
  return folder;
}

const environments = [{ LC_ALL: "C" }, { LC_ALL: "de_DE.UTF-8" }, { LC_ALL: "", LANG: "C.UTF-8", LC_NUMERIC: "de_DE.UTF-8" }, { TZ: "Pacific/Kiritimati" }, { TERM: "" }, { TERM: "xterm-256color" }, { HOME: "" }];

topic("Clocks, disks, signals, limits", import.meta.url, [
  { number: 81, is: "the clock is set during the run", note: "Durations are measured by a clock that is never set. A run whose wall clock jumps ends undecided, without a report.", cases: [
    jumps("an hour forward", ["the clock of this machine jumped forward by", "nothing was decided and nothing was written"], 3600),
    jumps("an hour backward", ["the clock of this machine jumped backward by", "nothing was decided and nothing was written"], -3600),
  ] },
  { number: 82, is: "the clock is wrong by years", cases: [
    wrongClock("1970", ["the clock of this machine says 19", "one of the two is wrong"], -56 * year),
    wrongClock("2099", ["the clock of this machine says 20", "one of the two is wrong"], 73 * year),
    staleByClock("1970, and nobody says what time it is", 1, ["0 of 1 endpoint healthy"], -56 * year),
    staleByClock("2099, and nobody says what time it is", 1, ["0 of 1 endpoint healthy", "block"], 73 * year),
  ] },
  { number: 83, is: "times that are none", cases: [
    at("another zone", "2026-11-21T08:56:14+02:00"), at("a leap second", "2016-12-31T23:59:60Z"), at("year 10000", "10000-01-01T00:00:00Z"),
    at("before year 0", "-0001-01-01T00:00:00Z"), at("no day", "2026-02-30T00:00:00Z"), at("seconds since 1970", "1764000000"),
    { when: "in a release", exit: 65, says: ["/builtAt"], run: () => {
      const content = JSON.parse(readFileSync(release.manifest, "utf8"));
      return readyctl(["run", release.filePack, "--release", release.write("release.json", { ...content, builtAt: "2026-03-02 10:15" }), "--unsigned"]);
    } },
  ] },
  { number: 84, is: "the disk is full, or takes nothing", cases: [
    onDisk("full", ["cannot be", "No space left on device"], "mount -t tmpfs -o size=16k none FOLDER && dd if=/dev/zero of=FOLDER/filler bs=1k count=16 2>/dev/null"),
    onDisk("no more files", ["No space left on device"], "mount -t tmpfs -o nr_inodes=1 none FOLDER"),
    onDisk("read-only", ["Read-only file system"], "mount -t tmpfs -o ro none FOLDER"),
    onDisk("what was written does not reach it", ["cannot be written: Input/output error"], "true", { environment: { get LD_PRELOAD() { return withFaultySystem({ sync: true }).LD_PRELOAD; }, FAULTY_SYNC: "1" } }),
    { when: "no file may become so long", exit: 73, says: ["File too large"], run: () => readyctl(args("--report", release.path("limited.json")), { before: ["prlimit", "--fsize=512"] }) },
    { when: "a folder that is not there", exit: 73, says: ["/nonexistent/r.json"], run: () => readyctl(args("--report", "/nonexistent/r.json")) },
  ] },
  { number: 85, is: "nobody takes what is printed", cases: [
    { when: "standard output is full", exit: 73, says: ["standard output: cannot be written", "nothing was written anywhere else"], run: () => shell('"$@" > /dev/full', args()) },
    { when: "standard output is closed", exit: 73, says: ["standard output: cannot be written"], run: () => shell('"$@" >&-', args()) },
    // Whatever is opened next gets the number of what is closed: never the evidence.
    { when: "standard input, output and error are closed", exit: 73, says: [], run: async () => {
      const report = release.path("closed.json");
      const run = await shell('"$@" <&- >&- 2>&-', args("--report", report));
      assert.equal((await readyctl(["replay", report])).status, 0);
      return run;
    } },
    { when: "the pipe is closed", exit: 73, says: ["standard output: cannot be written"], run: () => shell('pipe=$(mktemp -u) && mkfifo "$pipe" && exec 3<>"$pipe" 4>"$pipe" 3<&- && rm "$pipe" && exec "$@" >&4 4>&-', args()) },
    { when: "standard output is full, and there is a report", exit: 73, says: ["and its evidence are written"], run: async () => {
      const report = release.path("report.json");
      const run = await shell('"$@" > /dev/full', args("--report", report));
      assert.equal((await readyctl(["replay", report])).status, 0);
      return run;
    } },
    { when: "standard error is full", exit: 0, says: ["GO"], run: () => shell('"$@" 2> /dev/full', args()) },
  ] },
  { number: 86, is: "interrupted", note: "SIGHUP has its usual effect, so that nohup has its own: the process ends at once, and nothing is there.", cases: [
    signalled("SIGINT", 130, ["interrupted: nothing was decided and nothing was written"], ["SIGINT"]),
    signalled("SIGTERM", 143, ["interrupted: nothing was decided and nothing was written"], ["SIGTERM"]),
    signalled("SIGHUP", 129, ["ended by SIGHUP"], ["SIGHUP"]),
    signalled("SIGTERM, and again", 143, [], ["SIGTERM", "SIGTERM"]),
  ] },
  { number: 87, is: "killed", note: "There is nothing to resume: what is being written has no name until it is whole.", cases: [
    signalled("SIGKILL", 137, ["ended by SIGKILL"], ["SIGKILL"]),
  ] },
  { number: 88, is: "few descriptors, little memory", cases: [
    { when: "32 descriptors", exit: 0, says: ["GO"], run: () => readyctl(["run", release.pack(release.fileGate, release.chainGate), "--release", release.manifest, "--unsigned", "--rpc", `main=${release.world.endpoints[0].url}`], { before: ["prlimit", "--nofile=32"] }) },
    { when: "fewer descriptors than a connection takes", exit: 66, says: ["Too many open files", "ulimit -n"], run: () => readyctl(["inspect", "1".repeat(32), "--rpc", `main=${release.world.endpoints[0].url}`], { before: ["prlimit", "--nofile=4"] }) },
    { when: "64 MB of data", exit: 0, says: ["GO"], run: () => readyctl(["run", release.pack(release.fileGate, release.chainGate), "--release", release.manifest, "--unsigned", "--rpc", `main=${release.world.endpoints[0].url}`], { before: ["prlimit", `--data=${64 << 20}`] }) },
    { when: "less memory than an answer takes", exit: 70, says: ["out of memory"], run: async () => {
      const endpoint = await release.endpoint({ spoil: ({ healthy }) => response(Buffer.concat([Buffer.from(healthy()), Buffer.alloc(14_000_000, " ")])) });
      return release.decide(release.chainPack, { main: endpoint.url }, { before: ["prlimit", `--data=${16 << 20}`] });
    } },
  ] },
  { number: 89, is: "locale, time zone, terminal, HOME", cases: environments.map((environment) => ({ when: Object.entries(environment).map(([name, value]) => `${name}=${value}`).join(" "), exit: 0, says: [], run: async () => {
    const still = (text) => text.replace(/\(.*?ago\)|\(.*?in .*?\)/g, "");
    let last;
    for (const argv of [["show", join(go, "report.json"), "--format", "json"], ["gates", "--format", "json"], ["replay", join(go, "report.json")]]) {
      const plain = await readyctl(argv, { environment: { LC_ALL: "C.UTF-8" } });
      last = await readyctl(argv, { environment: { LOCPATH: locales(), ...environment } });
      assert.equal(still(last.stdout), still(plain.stdout));
    }
    return last;
  } })) },
  { number: 90, is: "control characters in what an endpoint says", cases: [
    spoken("in an error", 2, ["\\x1b[2J"], ({ id }) => JSON.stringify({ jsonrpc: "2.0", id, error: { code: -1, message: nasty } })),
    spoken("in a type", 2, ["malformed"], ({ id }) => JSON.stringify({ jsonrpc: "2.0", id, result: { context: { slot: 1 }, value: [{ owner: nasty, lamports: 1, executable: false, data: ["", nasty] }] } })),
    spoken("instead of an object", 2, ["its result is a string"], ({ id }) => JSON.stringify({ jsonrpc: "2.0", id, result: nasty })),
  ] },
  { number: 91, is: "secrets in what can be seen", note: "What an endpoint does with credentials is fault 17. Keys and tokens come from files and the environment; no option takes one.", cases: [
    { when: "no option takes a secret", exit: 0, says: [], run: async () => {
      const help = await readyctl(["run", "--help"]);
      assert.ok(!/--(password|token|secret|passphrase|api-?key)/i.test(help.stdout), help.stdout);
      return { status: help.status, said: "" };
    } },
    { when: "a variable that holds no URL", exit: 64, says: ["expected a URL"], run: async () => {
      const run = await release.decide(release.chainPack, { main: "env:RPC_URL" }, { environment: { RPC_URL: "s3cr3t-that-is-no-url" } });
      assert.ok(!run.said.includes("s3cr3t"), run.said);
      return run;
    } },
    { when: "a key file that is none", exit: 65, says: ["key.pem"], run: async () => {
      const key = release.write("key.pem", "[1,2,3,s3cr3t]");
      chmodSync(key, 0o600);
      const run = await readyctl(["run", release.filePack, "--release", release.manifest, "--key", key, "--report", release.path("r.json")]);
      assert.ok(!run.said.includes("s3cr3t"), run.said);
      return run;
    } },
  ] },
  { number: 92, is: "notifications that do not arrive", awaits: "notifications" },
  { number: 93, is: "there are no random bytes", cases: [
    { when: "for the salts of a run", exit: 70, says: ["the system gives random bytes"], run: async () => {
      const folder = outputs();
      const run = await readyctl(args("--report", join(folder, "r.json")), { environment: withFaultySystem({ random: true }) });
      assert.deepEqual(readdirSync(folder), []);
      return run;
    } },
    { when: "for a new key", exit: 70, says: ["random"], run: async () => {
      const key = release.path("key.pem");
      const run = await readyctl(["keygen", key], { environment: withFaultySystem({ random: true }) });
      assert.ok(!existsSync(key));
      return run;
    } },
  ] },
  { number: 94, is: "a defect of readyctl", note: "A broken assertion ends the process; `readyctl --version` and the digest of the binary are for the report of it.", cases: [
    { when: "an assertion that does not hold", exit: 70, says: ["readyctl: defect: "], run: async () => {
      const folder = outputs();
      const run = await readyctl(args("--report", join(folder, "r.json")), { environment: withFaultySystem({ random: true }) });
      assert.equal(run.stdout, "");
      assert.deepEqual(readdirSync(folder), []);
      return run;
    } },
  ] },
], { setUp: () => release.start(), tearDown: () => release.stop() });
