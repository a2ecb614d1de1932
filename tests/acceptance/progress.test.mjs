// Whoever waits at a terminal sees what for; a pipe, a file and a pipeline see nothing of it. And what is waited for
// longest, the history of a multisig, is read in hundreds and decided again from its evidence.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { folder, readyctlIn } from "./readyctl.mjs";
import { genesisHash, serveExecuted } from "../localnet/executed.mjs";

const transactions = 2300;
const erase = "\r\x1b[K";
const dir = folder();
const path = (name) => join(dir, name);
const asked = [];
let served;
let command;

before(async () => {
  served = await serveExecuted({ transactions, active: 1, latencyMs: 150, onAccounts: (count) => asked.push(count) });
  writeFileSync(path("pack.json"), JSON.stringify({ apiVersion: "readyctl.gates/v1", name: "history",
    gates: [{ id: "g", kind: "pending-proposals", params: { multisig: served.multisig, except: [String(transactions)] } }] }));
  writeFileSync(path("release.json"), JSON.stringify({ apiVersion: "readyctl.release/v1", name: "history", program: served.multisig,
    cluster: { name: "history", genesisHash }, artifact: { path: "none", sha256: "0".repeat(64), executableHash: "0".repeat(64) },
    source: { repository: "https://git.example.org/x", commit: "0".repeat(40) }, builtAt: "2026-01-01T00:00:00Z", operator: "o" }));
  command = ["run", path("pack.json"), "--release", path("release.json"), "--rpc", `main=${served.url}`, "--unsigned"];
});
after(() => served.close());

/// Runs readyctl in a terminal of its own, made by script(1), its standard output in a file: { status, terminal }.
/// `pressed` is typed once progress is shown.
const inTerminal = (environment, ...args) => typing("", environment, ...args);
function typing(pressed, environment, ...args) {
  const quoted = [process.env.READYCTL, ...args].map((word) => `'${word}'`).join(" ");
  const env = { PATH: process.env.PATH, HOME: "/nonexistent", SHELL: "/bin/sh", TERM: "xterm", ...environment };
  return new Promise((done) => {
    const child = spawn("script", ["-qec", `${quoted} > '${path("stdout")}'`, "/dev/null"], { env, stdio: [pressed ? "pipe" : "ignore", "pipe", "inherit"] });
    let terminal = "";
    let waits = pressed !== "";
    child.stdout.on("data", (data) => {
      terminal += data;
      if (!waits || !terminal.includes("readyctl: ")) return;
      waits = false;
      child.stdin.write(pressed);
    });
    child.on("close", (status) => done({ status, terminal }));
  });
}

const lines = (terminal) => terminal.split(erase).slice(1);

test("a terminal shows gates, the list that is read, and the time, and is left empty", async () => {
  const { status, terminal } = await inTerminal({}, ...command);
  assert.equal(status, 0, terminal);
  assert.ok(terminal.startsWith(erase) && terminal.endsWith(erase), JSON.stringify(terminal));
  const shown = lines(terminal).filter((line) => line !== "");
  for (const line of shown) {
    assert.match(line, /^readyctl: gates decided 0 of 1, (proposals read [\d,]+ of 2,300|facts had [\d,]+ of [\d,]+ asked)(, \d+ s)?$/);
  }
  assert.ok(shown.some((line) => /proposals read (1,\d{3}|2,\d{3}) of 2,300/.test(line)), JSON.stringify(terminal));
  assert.match(readFileSync(path("stdout"), "utf8"), /^GO /);
});

test("without colour it is the same line; inspect has it too", async () => {
  const run = await inTerminal({ NO_COLOR: "1" }, ...command);
  assert.ok(lines(run.terminal).length > 1, JSON.stringify(run.terminal));
  const inspected = await inTerminal({}, "inspect", served.multisig, "--rpc", `main=${served.url}`);
  assert.equal(inspected.status, 0);
  assert.match(inspected.terminal, /^\r\x1b\[Kreadyctl: (facts had|proposals read)/);
  assert.ok(inspected.terminal.endsWith(erase));
});

test("Ctrl-C leaves no line of it behind", async () => {
  const of = ["--rpc", `main=${served.url}`];
  for (const args of [command, ["inspect", served.multisig, ...of]]) {
    const { status, terminal } = await typing("\x03", {}, ...args);
    assert.equal(status, 130, terminal);
    assert.match(terminal.split(erase).at(-1), /interrupted: nothing/, JSON.stringify(terminal));
  }
});

test("Ctrl-C during a freeze leaves no line of it behind, and no release", async () => {
  const checkout = path("checkout");
  mkdirSync(checkout);
  writeFileSync(join(checkout, "source.txt"), "x");
  const git = (...args) => execFileSync("git", ["-C", checkout, "-c", "user.name=x", "-c", "user.email=x@example.org", ...args]);
  git("init", "-q");
  git("remote", "add", "origin", "https://git.example.org/x");
  git("add", ".");
  git("commit", "-q", "-m", "x");
  writeFileSync(path("program.so"), "\x7fELF");
  const before = readdirSync(dir);
  const slow = await serveExecuted({ transactions: 1, latencyMs: 2000 });
  const { status, terminal } = await typing("\x03", {}, "freeze", "--name", "x", "--program", served.multisig, "--artifact", path("program.so"),
    "--operator", "x", "--checkout", checkout, "--cluster", `history:${genesisHash}`, "--output", path("frozen.json"), "--rpc", `main=${slow.url}`);
  slow.close();
  assert.equal(status, 130, terminal);
  assert.match(terminal.split(erase).at(-1), /interrupted: nothing was written/, JSON.stringify(terminal));
  assert.deepEqual(readdirSync(dir).filter((name) => name !== "stdout"), before.filter((name) => name !== "stdout"));
});

test("what goes wrong is said on a line of its own", async () => {
  const { status, terminal } = await inTerminal({}, "inspect", served.multisig.replace(/.$/, (last) => (last === "z" ? "y" : "z")),
    "--rpc", `main=${served.url}`);
  assert.equal(status, 66, terminal);
  assert.match(terminal.split(erase).at(-1), /^(\x1b\[\S*m)?readyctl: /);
});

test("a dumb terminal, a pipeline's terminal, a pipe and a file see nothing of it", async () => {
  for (const environment of [{ TERM: "dumb" }, { TERM: "" }, { CI: "true" }]) {
    const { status, terminal } = await inTerminal(environment, ...command);
    assert.deepEqual({ status, terminal }, { status: 0, terminal: "" }, JSON.stringify(environment));
  }
  const piped = await readyctlIn({ TERM: "xterm" }, ...command);
  assert.equal(piped.status, 0);
  assert.equal(piped.stderr, "");
  assert.ok(!piped.stdout.includes("\r"));
  const filed = await inTerminal({}, ...command, "--format", "json", "--report", path("filed.json"));
  assert.equal(filed.status, 0);
  for (const file of ["stdout", "filed.json", "filed.json.evidence"]) assert.ok(!readFileSync(path(file)).includes("gates decided"), file);
});

test("a long history is asked for in hundreds, no more of it than is needed, and is decided again from its evidence", async () => {
  asked.length = 0;
  const run = await readyctlIn({}, ...command, "--report", path("report.json"), "--format", "json");
  assert.equal(run.status, 0, run.stderr);
  const { findings: [finding], cost } = JSON.parse(run.stdout).predicate;
  assert.ok(finding.summary.includes(`no other transaction that can be executed, of ${transactions}`), finding.summary);
  assert.deepEqual(asked, [2, ...Array(transactions / 100).fill(100), 1]); // the clock with the multisig, and at the end
  assert.equal(finding.facts.length, transactions + 1);
  assert.equal(cost.depth, 4);
  const replayed = await readyctlIn({}, "replay", path("report.json"));
  assert.equal(replayed.status, 0, replayed.stderr);
  assert.match(replayed.stdout, /everything that follows from it came out the same/);
});
