// Whole outputs, as people see them, and two releases as they were decided once: a GO and a NO-GO, with the evidence.
// Plans are of the healthy release, whose folder is made for it: the same in every run, and no cluster behind it.
//
//   tests/evidence/NAME/   report.json, report.json.evidence and trust.json of one run over the localnet
//   tests/approved/*.txt   what the binary prints about them
//
// `node approved.mjs --write` decides and prints them anew; the difference is then for a person to read and commit.

import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Cluster, folder, root } from "./readyctl.mjs";
import { writeFolder } from "../localnet/folder.mjs";
import { council, squadsV3 } from "../localnet/variants/inspections.mjs";
import { names } from "../localnet/world.mjs";

export const recorded = { go: "healthy", "no-go": "authority-deployer" };
export const evidence = join(root, "tests/evidence");
export const approved = join(root, "tests/approved");

const packs = ["program", "release-freeze", "rpc-health", "treasury", "upgrade-authority"]
  .map((name) => `gates/${name}.gates.json`).concat("examples/vault-program/vault-program.gates.json");

/// Runs the binary in the project's folder, so that no path of this machine stands in what it writes.
export function here(...args) {
  return spawnSync(process.env.READYCTL, args,
    { cwd: root, encoding: "utf8", env: { PATH: process.env.PATH, HOME: "/nonexistent", TZ: "UTC" } });
}

const report = (name) => join("tests/evidence", name, "report.json");
const statementOf = (name) => JSON.parse(Buffer.from(JSON.parse(readFileSync(join(root, report(name)))).payload, "base64"));

/// One minute after the decision, so that what expires has not.
function soonAfter(name) {
  const decided = Date.parse(statementOf(name).predicate.decidedAt);
  return new Date(decided + 60_000).toISOString();
}

// Gates of its own, so that what is printed changes with `plan` and not with the packs.
const planned = join(folder(), "release");
writeFolder(planned, ["primary", "fallback"].map((name, i) => ({ name, provider: `local-${"ab"[i]}`, url: `http://127.0.0.1:${i + 1}` })));
writeFileSync(join(planned, "plan.gates.json"), JSON.stringify({ apiVersion: "readyctl.gates/v1", name: "cutover", phases: ["before", "after"], gates: [
  { id: "artifact", kind: "artifact-hash", params: { path: "${artifact.path}", sha256: "${artifact.sha256}" } },
  { id: "source", kind: "release-freeze", params: { checkout: "${checkout}", commit: "${source.commit}" } },
  { id: "endpoints", kind: "rpc-health", severity: "advisory", params: { minHealthy: 2, maxSlotLag: 50, maxBlockAgeSeconds: 120 } },
  { id: "payer", kind: "balance", params: { address: "${feePayer}", minLamports: "${feePayerMinLamports}" } },
  { id: "upgrade", kind: "upgrade-proposal", phase: ["before"], params: { program: "${program}", multisig: "${multisig}", transaction: "${transaction}" } },
  { id: "deployed", kind: "program-hash", phase: ["after"], params: { program: "${program}", path: "${artifact.path}" } },
] }));
const plan = (...more) => ["plan", join(planned, "plan.gates.json"), "--release", join(planned, "release.json"),
  "--endpoints", join(planned, "endpoints.json"), "--phase", "before", "--set", "transaction=5", ...more];

/// File name of tests/approved, and the command whose output it holds.
export const outputs = {
  "show-go.txt": () => ["show", report("go")],
  "show-no-go.txt": () => ["show", report("no-go")],
  "replay-go-explained.txt": () => ["replay", report("go"), "--explain"],
  "replay-no-go.txt": () => ["replay", report("no-go")],
  "verify-go.txt": () => ["verify", report("go"), "--trust", "tests/evidence/go/trust.json", "--at", soonAfter("go")],
  "verify-no-go.txt": () => ["verify", report("no-go"), "--trust", "tests/evidence/no-go/trust.json", "--at", soonAfter("no-go")],
  "verify-expired.txt": () => ["verify", report("go"), "--trust", "tests/evidence/go/trust.json", "--at", "2100-01-01T00:00:00Z"],
  "lint.txt": () => ["lint", ...packs],
  "plan.txt": () => plan(),
  "plan-json.txt": () => plan("--format", "json"),
};

/// File name of tests/approved, and what of a cluster is inspected.
export const inspected = {
  "inspect-program.txt": { variant: "custody-nested", address: names.program },
  "inspect-multisig.txt": { variant: "drift-time-lock", address: names.multisig },
  "inspect-governance.txt": { variant: "realm-voting", address: council.governance },
  "inspect-governance.json": { variant: "realm-voting", address: council.governance, more: ["--format", "json"] },
  "inspect-proposal.txt": { variant: "realm-voting", address: council.proposal },
  "inspect-squads-v3.txt": { variant: "squads-v3-voting", address: squadsV3.ms },
};

/// What inspect prints of a served release. When that was is the only thing that no two runs share.
export function printedOf(world, address, more) {
  const args = ["inspect", address.toBase58(), ...more];
  const run = here(...args, "--endpoints", join(world.out, "endpoints.json"));
  const text = `$ readyctl ${args.join(" ")} --endpoints …\n${run.stdout}${run.stderr}exit status ${run.status}\n`;
  return text.replace(/\d{4}-\d\d-\d\dT[\d:]+Z/g, "…").replace(/ \(in [^)]*\)/g, " (in …)").replace(/slot"?:? 449\d+(?=,)/g, "slot …");
}

/// What a command prints and how it ends. How long ago a moment was is the only thing that no two runs share, besides
/// where the folder of a plan is.
export function printed(args) {
  const run = here(...args);
  const text = `$ readyctl ${args.join(" ")}\n${run.stdout}${run.stderr}exit status ${run.status}\n`;
  return text.replaceAll(planned, "RELEASE").replace(/(\d\d:\d\d UTC), (in )?[^)]*?( ago)?\)/g, "$1, …)").replace(/, [^,\n]* ago; decide again/g, ", … ago; decide again");
}

async function record(name, variant) {
  const to = join(evidence, name);
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  const cluster = new Cluster();
  await cluster.healthy();
  const world = await cluster.serve(variant);
  const key = join(folder(), "key");
  const publicKey = /Public key +(\S+)/.exec(here("keygen", key, "--type", "solana").stdout)[1];
  const run = here("run", ...packs, "--release", join(world.out, "release.json"), "--endpoints", join(world.out, "endpoints.json"),
    "--phase", "post-deploy", "--key", key, "--report", join(to, "report.json"));
  cluster.stop();
  if (![0, 1].includes(run.status)) throw new Error(run.stdout + run.stderr);
  const digests = packs.map((pack) => createHash("sha256").update(readFileSync(join(root, pack))).digest("hex"));
  writeFileSync(join(to, "trust.json"), `${JSON.stringify({ apiVersion: "readyctl.trust/v1",
    keys: [{ name: "ops", key: publicKey, roles: ["release"] }], report: { threshold: 1, roles: ["release"] }, packs: digests }, null, 2)}\n`);
}

async function writeInspected() {
  const cluster = new Cluster();
  await cluster.healthy();
  for (const [file, { variant, address, more = [] }] of Object.entries(inspected)) {
    writeFileSync(join(approved, file), printedOf(await cluster.serve(variant), address, more));
  }
  cluster.stop();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2] !== "--write") throw new Error("node approved.mjs --write");
  for (const [name, variant] of Object.entries(recorded)) await record(name, variant);
  rmSync(approved, { recursive: true, force: true });
  mkdirSync(approved, { recursive: true });
  for (const [file, args] of Object.entries(outputs)) writeFileSync(join(approved, file), printed(args()));
  await writeInspected();
  execFileSync("git", ["-C", root, "status", "--short", "tests/evidence", "tests/approved"], { stdio: "inherit" });
}
