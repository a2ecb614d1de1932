// The real binary and the real cluster, for acceptance tests.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const binary = process.env.READYCTL;
if (!binary) throw new Error("set READYCTL to the binary under test");

export const packs = ["program", "release-freeze", "rpc-health", "treasury", "upgrade-authority"]
  .map((name) => join(root, "gates", `${name}.gates.json`))
  .concat(join(root, "examples/vault-program/vault-program.gates.json"));

/// What the binary finds in its environment: little, and where it is to count the lines that it runs.
const environment = { PATH: process.env.PATH, HOME: "/nonexistent", TZ: "UTC" };
if (process.env.LLVM_PROFILE_FILE) environment.LLVM_PROFILE_FILE = process.env.LLVM_PROFILE_FILE;

export const folder = () => mkdtempSync(join(tmpdir(), "readyctl-acceptance-"));

/// Runs the binary to its end: { status, stdout, stderr }.
export function readyctl(...args) {
  return spawnSync(binary, args, { encoding: "utf8", env: environment });
}

/// Like readyctl, without blocking the process, for when this process is the server that the binary asks.
export const readyctlMeanwhile = (...args) => readyctlIn({}, ...args);

/// The same, with more environment.
export function readyctlIn(more, ...args) {
  return new Promise((done) => {
    const env = { ...environment, ...more };
    const child = spawn(binary, args, { env });
    const output = { status: null, stdout: "", stderr: "" };
    child.stdout.on("data", (data) => { output.stdout += data; });
    child.stderr.on("data", (data) => { output.stderr += data; });
    child.on("close", (status) => done({ ...output, status }));
  });
}

/// A cluster in a process of its own that serves one release after the other.
export class Cluster {
  /// `options` are those of cluster.mjs.
  constructor(...options) {
    const localnet = join(root, "tests/localnet");
    this.home = folder();
    this.count = 0;
    this.first = join(this.home, "first");
    this.child = spawn(process.execPath, [join(localnet, "cluster.mjs"), "--out", this.first, ...options],
      { stdio: ["pipe", "pipe", "inherit"] });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  /// The healthy release that every cluster starts with.
  async healthy() {
    return JSON.parse((await this.lines.next()).value);
  }

  /// Ends the release that is being served, and serves this one.
  async serve(variant) {
    const out = join(this.home, `${variant}-${this.count++}`);
    this.child.stdin.write(`${variant} ${out}\n`);
    return JSON.parse((await this.lines.next()).value);
  }

  stop() {
    this.child.stdin.end();
  }
}

/// Decides a served release: { status, statement, stderr }.
export function decide(world, phase = "post-deploy", ...more) {
  const run = readyctl("run", ...packs, "--release", join(world.out, "release.json"),
    "--endpoints", join(world.out, "endpoints.json"), "--phase", phase, "--unsigned", "--format", "json", ...more);
  return { status: run.status, stderr: run.stderr, statement: run.stdout ? JSON.parse(run.stdout) : null };
}

/// Decides one gate over a served release: { status, summary }.
export function decideGate(world, kind, params) {
  const pack = join(folder(), "pack.json");
  writeFileSync(pack, JSON.stringify({ apiVersion: "readyctl.gates/v1", name: "p", gates: [{ id: "g", kind, params }] }));
  const run = readyctl("run", pack, "--release", join(world.out, "release.json"), "--endpoints", join(world.out, "endpoints.json"),
    "--unsigned", "--format", "json");
  if (!run.stdout) throw new Error(run.stderr);
  return { status: run.status, summary: JSON.parse(run.stdout).predicate.findings[0].summary };
}

/// What the first endpoint of a served release answers.
export async function askEndpoint(world, method, ...params) {
  const { url } = JSON.parse(readFileSync(join(world.out, "endpoints.json"), "utf8")).endpoints[0];
  const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }) });
  return (await answer.json()).result;
}

/// All that a finding says, in one string.
export const words = (finding) => JSON.stringify([finding.summary, finding.observations]);
