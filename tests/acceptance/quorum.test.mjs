// Three providers over one cluster, and one of them lies about an account: the majority decides, the liar is named, and
// an auditor counts the votes again from the files.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { folder, readyctl, readyctlMeanwhile } from "./readyctl.mjs";
import { release } from "../localnet/releases.mjs";
import { Node } from "../localnet/rpc/node.mjs";
import { RpcServer } from "../localnet/rpc/server.mjs";
import { names } from "../localnet/world.mjs";

const dir = folder();
const path = (name) => join(dir, name);
const out = path("release");
const account = names.feePayer.toBase58();
const pack = path("p.gates.json");
let served;
let third;

/// Says of the account that it holds one lamport.
const lie = {
  method: "getMultipleAccounts",
  when: ([addresses]) => addresses.includes(account),
  change: (result, [addresses]) => ({
    ...result, value: result.value.map((one, i) => (addresses[i] === account ? { ...one, lamports: 1n } : one)),
  }),
};

before(async () => {
  writeFileSync(pack, JSON.stringify({ apiVersion: "readyctl.gates/v1", name: "p",
    gates: [{ id: "payer", kind: "balance", params: { address: account, minLamports: "1000" } }] }));
  served = await release("healthy", { out, overrides: [{ endpoint: "primary", ...lie }] });
  third = new RpcServer(new Node(served.chain, { name: "third" }));
  const endpoints = [...served.endpoints, { name: "third", url: await third.listen(), provider: "local-c" }];
  writeFileSync(path("three.json"), JSON.stringify({ endpoints }));
  writeFileSync(path("two.json"), JSON.stringify({ endpoints: endpoints.slice(0, 2) }));
  writeFileSync(path("same.json"), JSON.stringify({ endpoints: endpoints.map((one) => ({ ...one, provider: "acme" })) }));
});
after(() => Promise.all([served.close(), third.close()]));

const over = (file, ...more) => ["run", pack, "--release", join(out, "release.json"), "--endpoints", path(file), ...more];
const decide = async (file, ...more) => {
  const run = await readyctlMeanwhile(...over(file, "--unsigned", "--format", "json", ...more));
  const predicate = run.stdout ? JSON.parse(run.stdout).predicate : null;
  return { ...run, snapshot: predicate?.snapshot, finding: predicate?.findings[0], weakened: predicate?.weakened };
};

test("the majority decides, and the liar is named", async () => {
  const { status, stderr, snapshot, finding, weakened } = await decide("three.json");
  assert.equal(status, 0, stderr);
  assert.equal(snapshot.quorum, 2);
  // The liar's clock is right.
  assert.equal(snapshot.restsOn, "the word of 2 of 3 providers that agree, for each fact: fallback, primary, third");
  assert.deepEqual(snapshot.endpoints, ["fallback", "primary", "third"]);
  assert.deepEqual(snapshot.contradicted, [{ by: "primary", facts: [finding.facts[0]] }]);
  assert.match(finding.summary, new RegExp(`contradicted by primary about account ${account}`));
  assert.deepEqual(weakened, ["--unsigned"]);
  const shown = await readyctlMeanwhile(...over("three.json", "--unsigned"));
  assert.match(shown.stdout, new RegExp(`Contradicted by endpoint primary, which says otherwise about account ${account}`));
});

test("with two providers the first one's word counts, and with one of three if that is said", async () => {
  const two = await decide("two.json");
  assert.equal(two.status, 1);
  assert.equal(two.snapshot.quorum, 1);
  assert.match(two.snapshot.restsOn, /^the word of one endpoint, primary/);
  const one = await decide("three.json", "--quorum", "1");
  assert.equal(one.status, 1);
  assert.deepEqual(one.weakened, ["--unsigned", "--quorum 1"]);
  const same = await decide("same.json");
  assert.equal(same.snapshot.quorum, 1);
});

test("when all must agree a lie is a contradiction, and says what each said", async () => {
  const { status, finding, snapshot } = await decide("three.json", "--quorum", "3");
  assert.equal(status, 2);
  assert.equal(finding.outcome, "inconclusive");
  assert.deepEqual(finding.cause, { class: "contradiction", retry: "other-endpoint" });
  for (const name of ["primary", "fallback", "third"]) assert.ok(finding.summary.includes(`${name}: `), finding.summary);
  assert.equal(snapshot.quorum, 3);
  const two = await decide("two.json", "--quorum", "2");
  assert.equal(two.status, 2);
  assert.equal(two.finding.cause.class, "contradiction");
});

test("more than there are is refused, with who there is", () => {
  for (const command of ["run", "plan"]) {
    const refused = (file, quorum, ...words) => {
      const [, ...args] = over(file, "--quorum", quorum, ...(command === "run" ? ["--unsigned"] : []));
      const run = readyctl(command, ...args);
      assert.equal(run.status, 64, run.stderr);
      for (const word of words) assert.ok(run.stderr.includes(word), run.stderr);
    };
    refused("three.json", "4", "--quorum 4", "1 to 3", "primary, fallback, third");
    refused("three.json", "0", "--quorum 0", "1 to 3");
    refused("same.json", "2", "1 to 1", "primary with fallback with third");
  }
  const run = readyctl("run", pack, "--release", join(out, "release.json"), "--unsigned", "--quorum", "2");
  assert.equal(run.status, 64, run.stderr);
  assert.match(run.stderr, /no endpoint/);
});

test("an auditor counts the votes again, and sees who contradicted", async () => {
  const report = path("report.json");
  assert.equal(readyctl("keygen", path("ops"), "--type", "ed25519").status, 0);
  const run = await readyctlMeanwhile(...over("three.json", "--key", path("ops"), "--report", report));
  assert.equal(run.status, 0, run.stderr);
  const publicKey = execFileSync("openssl", ["pkey", "-in", path("ops"), "-pubout"], { encoding: "utf8" });
  const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
  writeFileSync(path("trust.json"), JSON.stringify({ apiVersion: "readyctl.trust/v1", keys: [{ name: "ops", key: publicKey, roles: ["release"] }],
    report: { threshold: 1, roles: ["release"] }, packs: [sha256(readFileSync(pack))] }));
  const verified = readyctl("verify", report, "--trust", path("trust.json"));
  assert.equal(verified.status, 0, verified.stdout + verified.stderr);
  assert.match(verified.stdout, /contradicted by endpoint primary/);
  const replayed = readyctl("replay", report);
  assert.equal(replayed.status, 0, replayed.stderr);

  // The digest of an agreeing answer is that of the answer that decides: line of JSON, then the data (none here).
  const evidence = readFileSync(`${report}.evidence`, "utf8");
  const record = JSON.parse(evidence.split("\n").find((line) => line.includes(`"account":"${account}"`)));
  const { encoding, ...head } = record.observations.at(-1).head;
  assert.deepEqual(record.agreeing.map((one) => one.sha256), [sha256(`${JSON.stringify(head)}\n`)]);
  assert.deepEqual([record.observations.at(-1).from, record.agreeing[0].from].sort(), ["fallback", "third"]);
  assert.equal(record.observations[0].from, "primary");
  assert.equal(record.observations[0].head.lamports, "1");

  for (const [what, changed] of [
    ["an agreement", evidence.replace(`"sha256":"${record.agreeing[0].sha256}"`, `"sha256":"${"0".repeat(64)}"`)],
    ["the liar's name", evidence.replace('"from":"primary"', '"from":"another"')],
  ]) {
    assert.notEqual(changed, evidence, what);
    writeFileSync(path("changed.evidence"), changed);
    for (const args of [["replay", report], ["verify", report, "--trust", path("trust.json")]]) {
      assert.equal(readyctl(...args, "--evidence", path("changed.evidence")).status, 3, what);
    }
  }
});
