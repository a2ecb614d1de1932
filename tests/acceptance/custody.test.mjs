// Who holds a program is looked for down to the people: through multisigs that are members of multisigs, realms of SPL
// Governance, and multisigs of Squads v3. None of their programs runs in litesvm: squads.mjs, spl_governance.mjs and
// squads_v3.mjs say where the bytes come from, and the last tests compare.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Cluster, decideGate, readyctl, root, words } from "./readyctl.mjs";
import { Chain } from "../localnet/chain.mjs";
import { LOADER_V3 } from "../localnet/ids.mjs";
import { custodies, queues } from "../localnet/releases.mjs";
import { MEMBERSHIP, governanceAddress, governanceData, nativeTreasuryAddress, realmAddress, realmConfigAddress, realmConfigData,
  realmData } from "../localnet/spl_governance.mjs";
import { ALL_PERMISSIONS, placeConfigTransaction, placeMultisig, placeProposal, placeSpendingLimit, placeVaultTransaction,
} from "../localnet/squads.mjs";
import { authorityAddress, msAddress, msData, msInstructionData, msTransactionData } from "../localnet/squads_v3.mjs";
import { ms as squadsV3 } from "../localnet/variants/squads_v3.mjs";

let cluster;
before(async () => {
  cluster = new Cluster();
  await cluster.healthy();
});
after(() => cluster.stop());

function decide(world, custody) {
  const path = join(world.out, "custody.gates.json");
  writeFileSync(path, JSON.stringify({ apiVersion: "readyctl.gates/v1", name: "custody",
    gates: [{ id: "down-to-the-people", kind: "upgrade-authority", params: { program: "${program}", custody } }] }));
  const run = readyctl("run", path, "--release", join(world.out, "release.json"), "--endpoints", join(world.out, "endpoints.json"),
    "--unsigned", "--format", "json");
  assert.ok(run.stdout, run.stderr);
  return { status: run.status, finding: JSON.parse(run.stdout).predicate.findings[0] };
}

for (const { name, differs, owner, custody, breaks = 1, inconclusive } of custodies) {
  const [status, outcome, verdict] = inconclusive ? [2, "inconclusive", "undecided"] : owner.length > 0 ? [1, "fail", "NO-GO"] : [0, "pass", "GO"];
  test(`${name} is ${verdict}: ${differs}`, async () => {
    const world = await cluster.serve(name);
    const decided = decide(world, custody);
    assert.equal(decided.finding.outcome, outcome, decided.finding.summary);
    assert.equal(decided.status, status);
    for (const word of world.variant.says) assert.ok(words(decided.finding).includes(word), `it does not say ${word}: ${decided.finding.summary}`);
    const broken = (decided.finding.observations ?? []).filter(({ holds }) => !holds);
    assert.equal(broken.length, outcome === "fail" ? breaks : 0, `not the difference alone: ${JSON.stringify(broken, null, 1)}`);
  });
}

test("a board that nobody declared is NO-GO, and GO with a caveat where the pack accepts not to know it", async () => {
  const world = await cluster.serve("custody-nested");
  const { nested, ...declared } = custodies.find(({ name }) => name === "custody-nested").custody["squads-v4"];
  const { status, finding } = decide(world, { "squads-v4": declared });
  assert.equal(status, 1);
  assert.match(finding.summary, /holders of member \w+ of multisig \w+ are not known/);
  const unproven = finding.summary.match(/member (\w+) of/)[1];
  const accepted = decide(world, { "squads-v4": { ...declared, unprovenMembers: [unproven] } });
  assert.equal(accepted.status, 0);
  assert.ok(accepted.finding.summary.includes("is not known, which the pack accepts"));
});

for (const { name, differs, owner } of queues) {
  test(`${name} is ${owner.length > 0 ? "NO-GO" : "GO"}: ${differs}`, async () => {
    const world = await cluster.serve(name);
    const { status, summary } = decideGate(world, "pending-proposals", { multisig: squadsV3.toBase58() });
    assert.equal(status, owner.length > 0 ? 1 : 0, summary);
    for (const word of world.variant.says) assert.ok(summary.includes(word), summary);
    assert.ok(!summary.includes("transaction 1") && !summary.includes("transaction 2"), summary);
  });
}

// --- The bytes that the localnet writes are those that the programs, or their SDKs, wrote.

const { PublicKey, SystemProgram } = createRequire(join(root, "tests/localnet/package.json"))("@solana/web3.js");
const vectors = JSON.parse(readFileSync(join(root, "tests/solana/vectors.json"), "utf8"));
const keyOf = (text) => new PublicKey(text);
const same = (what, written, expected) => assert.equal(written.toString("hex"), expected.hex ?? expected, what);

test("a multisig and what is before its members are written as the Squads program wrote them", () => {
  const { facts, ...executed } = vectors.squads_v4_executed;
  const chain = new Chain();
  const members = facts.members.map(keyOf);
  const [alice, bob] = members;
  const multisigPda = keyOf(executed.multisig.address);
  placeMultisig(chain, { createKey: keyOf(facts.create_key), members: members.map((key) => ({ key, mask: ALL_PERMISSIONS })),
    threshold: facts.threshold, timeLock: facts.time_lock, transactions: facts.transactions, stale: 0 });
  const transfer = SystemProgram.transfer({ fromPubkey: keyOf(facts.vault), toPubkey: keyOf(facts.recipient), lamports: BigInt(facts.lamports) });
  placeVaultTransaction(chain, { multisigPda, index: 1, creator: alice, instructions: [transfer] });
  // The program keeps votes sorted.
  placeProposal(chain, { multisigPda, index: 1, status: "Approved", since: Number(facts.approved_at), approved: [bob, alice] });
  placeConfigTransaction(chain, { multisigPda, index: 2, creator: alice, actions: [{ __kind: "SetTimeLock", newTimeLock: 0 }] });
  placeSpendingLimit(chain, { multisigPda, createKey: keyOf(facts.limit_create_key), amount: 1_000_000_000, members: [alice],
    lastReset: Number(facts.limit_last_reset) });
  const { source, ...accounts } = executed;
  for (const [what, { address, hex }] of Object.entries(accounts)) same(what, Buffer.from(chain.account(keyOf(address)).data()), hex);
});

test("a realm is written as the governance program wrote it", () => {
  const { facts, ...executed } = vectors.spl_governance.executed;
  const realm = realmAddress(facts.name);
  const governance = governanceAddress(realm, keyOf(facts.seed));
  assert.equal(realm.toBase58(), executed.realm.address);
  assert.equal(governance.toBase58(), executed.governance.address);
  assert.equal(realmConfigAddress(realm).toBase58(), executed.realm_config.address);
  assert.equal(nativeTreasuryAddress(governance).toBase58(), executed.native_treasury);
  same("realm", realmData({ name: facts.name, communityMint: keyOf(facts.community_mint), councilMint: keyOf(facts.council_mint),
    authority: governance }), executed.realm);
  same("governance", governanceData({ realm, seed: keyOf(facts.seed), community: 60, council: 51, holdUp: 172_800 }), executed.governance);
  same("realm config", realmConfigData({ realm, councilAddin: keyOf(facts.council_voter_weight_addin), councilTokenType: MEMBERSHIP }),
    executed.realm_config);
});

test("a Squads v3 multisig and its transactions are written as the published IDL writes them", () => {
  const { ms_account: { decoded, hex }, ms_transaction_account, ms_instruction_account } = vectors.squads_v3;
  const createKey = keyOf(decoded.create_key);
  const ms = msAddress(createKey);
  assert.equal(ms.toBase58(), vectors.squads_v3.ms);
  assert.equal(authorityAddress(ms, 1).toBase58(), vectors.squads_v3.authorities[0].address);
  same("Ms", msData({ createKey, members: decoded.keys.map(keyOf), threshold: 2, transactions: 5, changedAt: 4 }), hex);
  const [one, two, three] = decoded.keys.map(keyOf);
  same("MsTransaction", msTransactionData({ ms, index: 300, creator: one, status: "ExecuteReady", count: 2, approved: [one, two],
    rejected: [three], executed: 1 }), ms_transaction_account);
  const keys = [{ pubkey: ms, isSigner: true, isWritable: false }, { pubkey: two, isSigner: false, isWritable: true }];
  const written = msInstructionData({ ms, transaction: 1, index: 1,
    instruction: { programId: LOADER_V3, keys, data: Buffer.from([3, 0, 0, 0]) } });
  same("MsInstruction", written, ms_instruction_account);
});
