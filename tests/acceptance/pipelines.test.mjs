// The job of docs/pipelines.md decides each phase, ends with the status of readyctl, and leaves the report and no key.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Cluster, folder, readyctl, root } from "./readyctl.mjs";
import { names } from "../localnet/world.mjs";

const page = readFileSync(join(root, "docs/pipelines.md"), "utf8");
const [, job] = page.match(/^```sh\n(#!\/usr\/bin\/env bash\n# gate\.sh[\s\S]*?)^```$/m);
const [verifying, ...others] = new Set(page.match(/readyctl verify "out\/\$PHASE\.json".*/g));
const proposed = { TRANSACTION: "5", BUFFER: names.buffer.toBase58() };

let cluster;
const home = folder();
let key;
before(async () => {
  cluster = new Cluster();
  await cluster.healthy();
  const made = readyctl("keygen", join(home, "operator.pem"));
  assert.equal(made.status, 0, made.stderr);
  key = readFileSync(join(home, "operator.pem")).toString("base64");
  const packs = readdirSync(join(root, "gates")).filter((name) => name.endsWith(".gates.json")).map((name) => join(root, "gates", name));
  writeFileSync(join(home, "trust.json"), JSON.stringify({ apiVersion: "readyctl.trust/v1", keys: [JSON.parse(made.stdout.trim().split("\n").at(-1))],
    report: { threshold: 1, roles: ["release"] }, packs: JSON.parse(readyctl("lint", ...packs, "--packs").stdout) }));
});
after(() => cluster.stop());

/// What a repository of releases holds, in the folder of a served release.
async function repository(variant, gates = join(root, "gates")) {
  const { out } = await cluster.serve(variant);
  symlinkSync(gates, join(out, "gates"));
  writeFileSync(join(out, "gate.sh"), job, { mode: 0o755 });
  symlinkSync(join(home, "trust.json"), join(out, "trust.json"));
  for (const name of ["bin", "tmp"]) mkdirSync(join(out, name));
  symlinkSync(process.env.READYCTL, join(out, "bin/readyctl"));
  return out;
}

const inside = (out, command, environment) => spawnSync("bash", ["--noprofile", "-c", command], { cwd: out, encoding: "utf8",
  env: { PATH: `${out}/bin:${process.env.PATH}`, TMPDIR: join(out, "tmp"), READYCTL_KEY: key, ...environment } });

for (const [variant, phase, status, says, environment] of [
  ["upgrade-active", "pull-request", 0, "GO", { READYCTL_KEY: "" }],
  ["upgrade-active", "pre-approve", 0, "GO", proposed],
  ["upgrade-approved", "pre-execute", 0, "GO", proposed],
  ["healthy", "post-deploy", 0, "GO"],
  ["authority-deployer", "post-deploy", 1, "NO-GO, a gate failed"],
]) {
  test(`${variant} in ${phase}: ${says}`, async () => {
    const out = await repository(variant);
    const ran = inside(out, './gate.sh "$PHASE"', { ...environment, PHASE: phase });
    assert.equal(ran.status, status, ran.stdout + ran.stderr);
    assert.ok(ran.stdout.endsWith(`\ngate.sh: ${says}\n`), ran.stdout);
    assert.deepEqual(readdirSync(join(out, "out")).sort(), [`${phase}.json`, `${phase}.json.evidence`]);
    assert.deepEqual(readdirSync(join(out, "tmp")), []);
    const verified = inside(out, verifying, { PHASE: phase });
    assert.equal(verified.status, phase === "pull-request" ? 3 : status, verified.stdout + verified.stderr);
  });
}

test("both pipelines verify alike", () => {
  assert.deepEqual(others, []);
});

test("what cannot be decided, and a job that is set up wrongly, are told apart", async () => {
  const gates = folder();
  copyFileSync(join(root, "gates/program.gates.json"), join(gates, "program.gates.json"));
  const silent = await repository("healthy", gates);
  writeFileSync(join(silent, "endpoints.json"), '{"endpoints": [{"name": "nobody", "url": "http://127.0.0.1:1"}]}');
  const undecided = inside(silent, "./gate.sh post-deploy");
  assert.equal(undecided.status, 2, undecided.stdout + undecided.stderr);
  assert.match(undecided.stdout, /gate\.sh: NO-GO, something could not be decided/);

  const out = await repository("upgrade-active");
  for (const [command, says] of [["./gate.sh pre-approve", /TRANSACTION/], ["READYCTL_KEY= ./gate.sh post-deploy", /READYCTL_KEY is not set/],
    ["READYCTL_KEY=- ./gate.sh post-deploy", /not base64/], ["./gate.sh", /which phase/]]) {
    const unset = inside(out, command);
    assert.equal(unset.status, 64, command);
    assert.match(unset.stderr, says);
  }
  const unknown = inside(out, "./gate.sh post-deployment");
  assert.equal(unknown.status, 64, unknown.stdout + unknown.stderr);
  assert.match(unknown.stdout, /gate\.sh: nothing was decided, exit status 64/);
  assert.deepEqual(readdirSync(join(out, "out")), []);
  assert.deepEqual(readdirSync(join(out, "tmp")), []);
});
