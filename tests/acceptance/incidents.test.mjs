// What would have stopped an incident does. Every scenario is decided with all the packs that ship, those of the example
// and a few gates more: before and after a cutover that is healthy all of them pass; in a scenario those fail that
// docs/incidents.md names, for what the incident was about, and no other.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Cluster, decideGate, folder, packs, readyctl, root, words } from "./readyctl.mjs";
import { incidents } from "../localnet/releases.mjs";
import { recordAddress, recordData } from "../localnet/otter_verify.mjs";
import { names } from "../localnet/world.mjs";

const text = (name) => names[name].toBase58();
const buffer = text("buffer");
const people = ["alice", "bob", "carol"].map(text);
const gate = (id, kind, params) => ({ id, kind, params });

/// What no pack that ships asks, because only a project knows whom and what to name.
const pack = join(folder(), "incidents.gates.json");
writeFileSync(pack, JSON.stringify({
  apiVersion: "readyctl.gates/v1", name: "incidents", phases: ["pre-execute", "post-deploy"],
  gates: [
    gate("source-is-ours", "verified-build", { program: "${program}", repository: "${source.repository}", commit: "${source.commit}" }),
    gate("nothing-signed-long-ago", "durable-nonces", { keys: [...people, text("vault"), text("deployer")] }),
    gate("no-other-buffer", "stray-buffers", { keys: [text("vault"), text("deployer")], explained: [buffer] }),
    gate("file-is-of-this-program", "elf-identity", { path: "${artifact.path}", program: "${program}", deny: [text("stranger")] }),
  ],
}));
const everything = [...packs, join(root, "gates/upgrade.gates.json"), pack];

let cluster;
before(async () => {
  cluster = new Cluster();
  await cluster.healthy();
});
after(() => cluster.stop());

function decide(world, phase) {
  const proposed = phase === "pre-execute" ? ["--set", "transaction=5", "--set", `buffer=${buffer}`] : [];
  const run = readyctl("run", ...everything, "--release", join(world.out, "release.json"), "--endpoints", join(world.out, "endpoints.json"),
    "--phase", phase, ...proposed, "--unsigned", "--format", "json");
  assert.ok(run.stdout, run.stderr);
  const findings = JSON.parse(run.stdout).predicate.findings;
  return { status: run.status, findings: findings.filter(({ severity, outcome }) => severity === "blocking" && outcome !== "skipped") };
}

const verdict = ({ owner, inconclusive }) => (owner.length > 0 ? "NO-GO" : inconclusive ? "undecided" : "GO");

for (const scenario of incidents) {
  const { name, differs, phase, owner, inconclusive } = scenario;
  test(`${name} is ${verdict(scenario)}: ${differs}`, async () => {
    const world = await cluster.serve(name);
    const { status, findings } = decide(world, phase);
    const outcomes = findings.map(({ gate, outcome, summary }) => `${gate}: ${outcome}, ${summary}`).join("\n");
    for (const { kind, outcome, gate, summary } of findings) {
      if (owner.includes(kind) && outcome === "fail") continue;
      assert.ok(outcome === "pass" || (inconclusive && outcome === "inconclusive"), `${gate}: ${outcome}, ${summary}`);
    }
    const failed = findings.filter(({ outcome }) => outcome === "fail");
    assert.deepEqual([...new Set(failed.map(({ kind }) => kind))].sort(), [...owner].sort(), outcomes);
    const open = findings.filter(({ outcome }) => outcome === "inconclusive").map(({ kind }) => kind);
    if (Array.isArray(inconclusive)) assert.deepEqual([...new Set(open)].sort(), inconclusive, outcomes);
    assert.equal(open.length > 0, Boolean(inconclusive), outcomes);
    assert.equal(status, owner.length > 0 ? 1 : inconclusive ? 2 : 0, outcomes);
    const said = failed.map(words).join("\n");
    for (const word of world.variant.says) assert.ok(said.includes(word), `nobody says ${word}:\n${said}`);
  });
}

// SIMD-0431 made extensions fail that had worked: what is planned is judged by the rules in force.
test("simd-0431: a plan to add 4096 bytes is GO until the feature is active, and then one to add 10240", async () => {
  const plan = (world, extend, simulation) => decideGate(world, "upgrade-simulation", { program: text("program"),
    multisig: text("multisig"), buffer, transaction: "5", extend, feePayer: text("deployer"), simulation });
  const decides = (decided, status, word) => {
    assert.equal(decided.status, status, decided.summary);
    assert.ok(decided.summary.includes(word), decided.summary);
  };
  decides(plan(await cluster.serve("simd-0431-before"), 4096, "where-allowed"), 0, "must first be extended by 4096 bytes");
  const active = await cluster.serve("simd-0431-small-extend");
  decides(plan(active, 4096), 1, "10240");
  decides(plan(active, 10_240), 0, "once there is room");
});

// The page for people and the scenarios are the same list: each scenario stands in its table with the gates that stop it.
describe("docs/incidents.md", () => {
  const page = readFileSync(join(root, "docs/incidents.md"), "utf8");
  const rows = page.split("\n").filter((line) => /^\| `/.test(line))
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()))
    .map(([name, differs, gates]) => ({ name: name.replaceAll("`", ""), differs, gates: [...gates.matchAll(/`([^`]+)`/g)].map(([, kind]) => kind) }));

  test("has every scenario, and no other", () => {
    assert.deepEqual(rows.map(({ name }) => name).sort(), incidents.filter(({ incident }) => incident).map(({ name }) => name).sort());
  });

  test("names the gates that stop it", () => {
    for (const { name, differs, gates } of rows) {
      const scenario = incidents.find((one) => one.name === name);
      assert.equal(differs, scenario.differs, name);
      const undecided = Array.isArray(scenario.inconclusive) ? scenario.inconclusive : [];
      assert.deepEqual(gates.sort(), [...scenario.owner, ...undecided].sort(), name);
    }
  });
});

// The bytes of a record are those of the vectors.
test("a verification record is written as its program writes it", () => {
  const { PublicKey } = createRequire(join(root, "tests/localnet/package.json"))("@solana/web3.js");
  const { build_params_account: { hex, decoded }, pdas } = JSON.parse(readFileSync(join(root, "tests/solana/vectors.json"), "utf8")).otter_verify;
  const [signer, program] = [new PublicKey(decoded.signer), new PublicKey(decoded.address)];
  assert.equal(recordAddress(signer, program).toBase58(), pdas[0].address);
  const written = recordData({ signer, program, version: decoded.version, repository: decoded.git_url, commit: decoded.commit,
    args: decoded.args, slot: decoded.deploy_slot });
  assert.equal(written.toString("hex"), hex);
});
