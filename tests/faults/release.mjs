// A healthy release with its cluster in this process, and the real binary that decides it.

import "../localnet/quiet.mjs";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Endpoint, facts } from "./endpoint.mjs";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/// How long a process may take before it counts as hanging: far longer than any does on a busy machine.
const hangs = 60_000;

/// Runs the binary to its end: { status, stdout, stderr, said }. `before` is a command that runs it, such as prlimit.
export function readyctl(args, { environment = {}, before = [], cwd } = {}) {
  return new Promise((done, failed) => {
    const [program, ...rest] = [...before, process.env.READYCTL, ...args];
    const env = { PATH: process.env.PATH, HOME: "/nonexistent", TZ: "UTC", ...environment };
    // Where a binary that counts its lines is to write them.
    if (process.env.LLVM_PROFILE_FILE) env.LLVM_PROFILE_FILE = process.env.LLVM_PROFILE_FILE;
    const child = spawn(program, rest, { env, cwd });
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (data) => { output.stdout += data; });
    child.stderr.on("data", (data) => { output.stderr += data; });
    const timer = setTimeout(() => child.kill("SIGKILL"), hangs);
    child.on("error", failed);
    child.on("close", (status, signal) => {
      clearTimeout(timer);
      const said = output.stdout + output.stderr;
      if (signal) return failed(new Error(`ended by ${signal}${signal === "SIGKILL" ? ": it hung" : ""}:\n${said}`));
      done({ ...output, status, said });
    });
  });
}

/// All that a finding says.
const wordsOf = ({ outcome, cause, summary, observations }) => [`${outcome}${cause ? ` (${cause.class})` : ""}: ${summary}`,
  ...observations.map(({ what, expected = "-", observed }) => `${what}: expected ${expected}, observed ${observed}`)].join("\n");

/// The healthy release of one test file.
export class Release {
  opened = [];
  files = 0;

  async start() {
    const { healthy } = await import("../localnet/releases.mjs");
    this.home = mkdtempSync(join(tmpdir(), "readyctl-faults-"));
    this.out = join(this.home, "release");
    this.world = await healthy({ out: this.out });
    this.node = this.world.primary.node;
    this.manifest = join(this.out, "release.json");
  }

  async stop() {
    for (const endpoint of this.opened) endpoint.stop();
    await this.world.close();
    rmSync(this.home, { recursive: true, force: true });
  }

  /// A new path, to write to.
  path(name) {
    this.files += 1;
    return join(this.home, `${this.files}-${name}`);
  }

  write(name, content) {
    const path = this.path(name);
    writeFileSync(path, typeof content === "string" || Buffer.isBuffer(content) ? content : JSON.stringify(content));
    return path;
  }

  /// A pack of these gates, each { kind, params, … }.
  pack(...gates) {
    return this.packNamed("p", ...gates);
  }

  packNamed(name, ...gates) {
    return this.write("pack.json", { apiVersion: "readyctl.gates/v1", name, gates: gates.map((gate, i) => ({ id: `g${i}`, ...gate })) });
  }

  /// A gate that needs one fact of the chain, and passes.
  chainGate = { kind: "balance", params: { address: "${feePayer}", minLamports: "1" } };

  get chainPack() {
    return this.pack(this.chainGate);
  }

  /// A gate that needs no endpoint, and passes.
  fileGate = { kind: "artifact-hash", params: { path: "${artifact.path}", sha256: "${artifact.sha256}" } };

  get filePack() {
    return this.pack(this.fileGate);
  }

  async endpoint(options) {
    const endpoint = await Endpoint.start(this.node, options);
    this.opened.push(endpoint);
    return endpoint;
  }

  /// Decides a pack over these endpoints, { name: URL }: { status, said, predicate }.
  async decide(pack, urls, { more = [], timeout = "20s", ...how } = {}) {
    const rpc = Object.entries(urls).flatMap(([name, url]) => ["--rpc", `${name}=${url}`]);
    const run = await readyctl(["run", pack, "--release", this.manifest, ...rpc, "--timeout", timeout, "--unsigned", "--format", "json", ...more], how);
    const predicate = run.status <= 2 ? JSON.parse(run.stdout).predicate : null;
    return { ...run, predicate, said: (predicate?.findings.map(wordsOf) ?? []).join("\n") + run.stderr };
  }

  /// A case: the only endpoint misbehaves so, and the gate that asked it is inconclusive with this cause; with a sound
  /// endpoint behind it the same gate passes. `alone` leaves the second half out; `check` sees the endpoint afterwards.
  overEndpoint(when, cause, says, spoil, { on = facts, secure, onConnection, alone = false, check, ...how } = {}) {
    const run = async () => {
      const endpoint = await this.endpoint({ spoil, when: on, secure, onConnection });
      return this.#undecided(endpoint.url, cause, { alone, check: () => check?.(endpoint), ...how });
    };
    return { when, exit: 2, says, run };
  }

  /// The same over an endpoint that is nothing but a URL.
  overUrl(when, cause, says, url, how = {}) {
    return { when, exit: 2, says, run: async () => this.#undecided(typeof url === "function" ? await url() : url, cause, how) };
  }

  async #undecided(url, cause, { alone, check, ...how }) {
    const run = await this.decide(this.chainPack, { main: url }, how);
    if (run.predicate) {
      const [finding] = run.predicate.findings;
      assert.equal(finding.outcome, "inconclusive", run.said);
      assert.ok([cause].flat().includes(finding.cause.class), run.said);
      assert.ok(finding.summary.includes("main: "), `the endpoint is not named:\n${run.said}`);
    }
    check?.();
    if (alone) return run;
    const both = await this.decide(this.chainPack, { main: url, backup: this.world.endpoints[1].url }, how);
    assert.equal(both.status, 0, `with a sound endpoint behind it: ${both.said}`);
    return run;
  }
}
