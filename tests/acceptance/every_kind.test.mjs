// Every kind of gate over one release shortly before its cutover. All pass. Where nodes are silent, whoever needs them is
// undecided. Over an account that holds what no program wrote, the gates that read it do not pass, and all others do.
// Where the bytes of accounts come from whose programs do not run here, squads.mjs, otter_verify.mjs and
// program_metadata.mjs say.

import "../localnet/quiet.mjs";
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LOADER_V3, PROGRAM_METADATA } from "../localnet/ids.mjs";
import { address } from "../localnet/keys.mjs";
import { recordAddress } from "../localnet/otter_verify.mjs";
import { idlAddress, idlData } from "../localnet/program_metadata.mjs";
import { release } from "../localnet/releases.mjs";
import { placeSpendingLimit, proposalAddress, spendingLimitAddress, transactionAddress } from "../localnet/squads.mjs";
import { names } from "../localnet/world.mjs";
import { askEndpoint, folder, readyctl, readyctlMeanwhile, words } from "./readyctl.mjs";

const text = (name) => names[name].toBase58();
const people = ["alice", "bob", "carol"].map(text);
const { multisig, program, vault } = names;
const limit = spendingLimitAddress(multisig, address("spending limit"));
const idl = { address: program.toBase58(), metadata: { name: "vault_program", version: "1.2.0" }, instructions: [] };

let world;
let changes; // of the program, newest first
let silent = false;
let garbled = false;

before(async () => {
  const isSilent = { method: "*", status: 503, when: () => silent };
  const isGarbled = { method: "getTransaction", when: () => garbled,
    change: (result) => result && { ...result, transaction: [Buffer.alloc(200, 0xff).toString("base64"), "base64"] } };
  world = await release("before-the-cutover", { out: join(folder(), "release"), overrides: [isSilent, isGarbled] });
  mkdirSync(join(world.out, "target/idl"), { recursive: true });
  writeFileSync(join(world.out, "target/idl/vault.json"), JSON.stringify(idl));
  const data = idlData(program, idl);
  world.chain.place(idlAddress(program), { data, owner: PROGRAM_METADATA, lamports: world.chain.rentExempt(data.length) });
  placeSpendingLimit(world.chain, { multisigPda: multisig, createKey: address("spending limit"), amount: 1_000_000_000, members: [names.alice] });
  changes = await askEndpoint(world, "getSignaturesForAddress", text("programdata"));
  const entry = ({ signature, slot }) => ({ signature, slot: String(slot) });
  writeFileSync(join(world.out, "upgrades.json"), JSON.stringify({ apiVersion: "readyctl.upgrades/v1", program: text("program"),
    upgrades: [entry(changes.at(-1)), entry(changes[1])] }));
});
after(() => world.close());

/// What each kind is asked; all of it is true.
const asked = () => ({
  "artifact-hash": { path: "${artifact.path}", sha256: "${artifact.sha256}", executableHash: "${artifact.executableHash}" },
  balance: { address: text("feePayer"), minLamports: "1" },
  dependency: { programs: [{ program: "${program}", executableHash: "${previous.executableHash}", upgradeAuthority: text("vault") }] },
  "deployment-transaction": { program: "${program}", signature: changes[1].signature },
  "durable-nonces": { keys: [...people, text("vault")] },
  "elf-compatibility": { path: "${artifact.path}" },
  "elf-identity": { path: "${artifact.path}", deny: [text("stranger")] },
  "execution-window": { multisig: "${multisig}", transaction: "5", acrossEpoch: true },
  "freeze-held": { program: "${program}", executableHash: "${previous.executableHash}", upgradeAuthority: text("vault"),
    sinceSlot: String(changes[0].slot) },
  idl: { program: "${program}", path: "target/idl/vault.json" },
  "pending-proposals": { multisig: "${multisig}", except: ["5"] },
  "program-hash": { program: "${program}", executableHash: "${previous.executableHash}" },
  "program-state": { program: "${program}", capacityFor: "${artifact.path}" },
  "release-freeze": { checkout: "${checkout}", repository: "${source.repository}", commit: "${source.commit}", tag: "${source.tag}" },
  "role-separation": { roles: { deployer: [text("deployer")], signer: people }, signersOf: { multisig: "${multisig}", role: "signer" } },
  rollback: { program: "${program}", path: "${previous.path}" },
  "rpc-health": { minHealthy: 2, maxSlotLag: 50, maxBlockAgeSeconds: 120, reads: ["${program}"] },
  "signing-quorum": { multisig: "${multisig}", reachable: people.slice(0, 2) },
  "spending-limits": { multisig: "${multisig}", declared: [{ address: limit.toBase58(), period: "day", maxAmount: "1000000000" }] },
  "stray-buffers": { keys: [text("deployer"), text("vault")], explained: [text("buffer")] },
  "token-account": { address: "${treasuryTokenAccount}", mint: "${treasuryMint}", owner: "${treasury}" },
  "token-mint": { address: "${treasuryMint}", mintAuthority: "${mintAuthority}" },
  "treasury-pda": { address: "${treasury}", program: "${program}", seeds: "${treasurySeeds}", recipients: ["${treasuryTokenAccount}"] },
  "upgrade-authority": { program: "${program}", custody: { "squads-v4": { multisig: "${multisig}", minThreshold: 2, minTimelockHours: 48 } } },
  "upgrade-buffer": { buffer: text("buffer"), multisig: "${multisig}", path: "${artifact.path}" },
  "upgrade-history": { program: "${program}", path: "upgrades.json" },
  "upgrade-proposal": { program: "${program}", multisig: "${multisig}", transaction: "5", buffer: text("buffer"), executableNow: true },
  "upgrade-simulation": { program: "${program}", multisig: "${multisig}", transaction: "5", buffer: text("buffer") },
  "verified-build": { program: "${program}", repository: "${source.repository}", commit: "${source.commit}" },
});

/// Decides gates, one a kind: { status, findings by kind }.
async function decide(params) {
  const pack = join(folder(), "pack.json");
  const gates = Object.entries(params).map(([kind, params]) => ({ id: kind, kind, params }));
  writeFileSync(pack, JSON.stringify({ apiVersion: "readyctl.gates/v1", name: "p", gates }));
  const run = await readyctlMeanwhile("run", pack, "--release", join(world.out, "release.json"),
    "--endpoints", join(world.out, "endpoints.json"), "--unsigned", "--format", "json");
  assert.ok(run.stdout, run.stderr);
  const { findings } = JSON.parse(run.stdout).predicate;
  return { status: run.status, findings: new Map(findings.map((finding) => [finding.kind, finding])) };
}

const kindsBut = (outcome, findings) => [...findings].filter(([, finding]) => finding.outcome !== outcome).map(([kind]) => kind).sort();
const said = (findings) => [...findings].map(([kind, { outcome, summary }]) => `${kind}: ${outcome}, ${summary}`).join("\n");

test("every kind is asked, and passes", async () => {
  const listed = readyctl("gates").stdout.split("\n").filter((line) => /^\S/.test(line));
  assert.deepEqual(Object.keys(asked()), listed);
  const { status, findings } = await decide(asked());
  assert.deepEqual(kindsBut("pass", findings), [], said(findings));
  assert.equal(status, 0);
});

const OFFLINE = ["artifact-hash", "elf-identity", "release-freeze"];

test("where no node answers, no gate passes that needs one, and that is no answer either", async () => {
  silent = true;
  const { status, findings } = await decide(asked());
  silent = false;
  for (const [kind, { outcome, summary }] of findings) {
    // To rpc-health an endpoint that does not answer is an answer.
    const expected = OFFLINE.includes(kind) ? "pass" : kind === "rpc-health" ? "fail" : "inconclusive";
    assert.equal(outcome, expected, `${kind}: ${summary}`);
  }
  assert.equal(status, 1);
});

// --- hostile bytes

const OF_PROGRAM = ["dependency", "deployment-transaction", "freeze-held", "program-hash", "program-state", "rollback", "upgrade-authority",
  "upgrade-history", "upgrade-simulation", "verified-build"];
const OF_MULTISIG = ["execution-window", "pending-proposals", "role-separation", "signing-quorum", "spending-limits", "upgrade-authority",
  "upgrade-buffer", "upgrade-proposal", "upgrade-simulation"];
// The kinds that read an account, and how many of its bytes a node filters by, which are left.
const read = [
  ["programdata", () => names.programdata, OF_PROGRAM],
  ["the program", () => program, OF_PROGRAM],
  ["the multisig", () => multisig, OF_MULTISIG],
  ["the transaction", () => transactionAddress(multisig, 5), ["upgrade-proposal", "upgrade-simulation"]],
  ["the proposal", () => proposalAddress(multisig, 5), ["execution-window", "upgrade-proposal"]],
  ["the spending limit", () => limit, ["spending-limits"], 40],
  ["the buffer", () => names.buffer, ["upgrade-buffer", "upgrade-simulation"]],
  ["the treasury's token account", () => names.treasuryTokenAccount, ["token-account", "treasury-pda"]],
  ["the treasury's mint", () => names.treasuryMint, ["token-mint"]],
  ["the record of the build", () => recordAddress(vault, program), ["verified-build"]],
  ["the IDL", () => idlAddress(program), ["idl"]],
];
const forms = [
  ["no bytes", () => Buffer.alloc(0)],
  ["its first ten bytes", (data) => data.subarray(0, 10)],
  ["as many bytes of 0xff", (data) => Buffer.alloc(data.length, 0xff)],
];

for (const [what, find, kinds, filtered = 0] of read) {
  for (const [form, damage] of forms) {
    test(`${what} holds ${form}: ${kinds.join(", ")} do not pass, and all others do`, async () => {
      let whole;
      world.chain.patch(find(), (account) => {
        whole = { ...account };
        account.data = Buffer.concat([account.data.subarray(0, filtered), damage(account.data.subarray(filtered))]);
        account.executable = false; // the SVM holds no executable account whose bytes are no program's
      });
      const { status, findings } = await decide(asked());
      world.chain.place(find(), whole);
      assert.deepEqual(kindsBut("pass", findings), [...kinds].sort(), said(findings));
      assert.ok([1, 2].includes(status));
    });
  }
}

test("transactions that are no transactions: whoever reads the history does not pass, and all others do", async () => {
  garbled = true;
  const { findings } = await decide(asked());
  garbled = false;
  assert.deepEqual(kindsBut("pass", findings), ["deployment-transaction", "upgrade-history"], said(findings));
});

test("an account that looks like a nonce of ours from outside, and one that looks like our buffer, are not passed over", async () => {
  const chain = world.chain;
  const strange = Buffer.alloc(80, 0xff);
  names.alice.toBuffer().copy(strange, 8);
  chain.place(address("strange nonce"), { data: strange, lamports: chain.rentExempt(80) });
  const empty = Buffer.concat([Buffer.from([1, 0, 0, 0, 1]), names.deployer.toBuffer()]);
  chain.place(address("strange buffer"), { data: empty, owner: LOADER_V3, lamports: chain.rentExempt(37) });
  const { findings } = await decide(asked());
  chain.remove(address("strange nonce"));
  chain.remove(address("strange buffer"));
  assert.deepEqual(kindsBut("pass", findings), ["durable-nonces", "stray-buffers"], said(findings));
});

// --- what each kind says when one thing that it was asked is not so

const other = "11".repeat(20);
const hash = "22".repeat(32);
const signer = { multisig: "${multisig}", role: "signer" };
const refused = [
  ["balance", { minLamports: "9000000000000000" }, "9000000000000000"],
  ["balance", { maxLamports: "1" }, "2000000000"],
  ["balance", { owner: text("stranger") }, text("stranger")],
  ["dependency", { programs: [{ program: "${program}", executableHash: hash, upgradeAuthority: text("vault") }] }, hash],
  ["dependency", { programs: [{ program: "${program}", deployedSlot: "7", upgradeAuthority: text("vault") }] }, "449000000"],
  ["dependency", { programs: [{ program: "${program}", upgradeAuthority: text("stranger") }] }, text("stranger")],
  ["dependency", { programs: [{ program: text("stranger"), upgradeAuthority: null }] }, text("stranger")],
  ["deployment-transaction", { signature: () => changes[0].signature }, "did not deploy or upgrade this program"],
  ["deployment-transaction", { signers: [text("alice")] }, "did not sign it"],
  ["execution-window", { transaction: "4" }, "transaction 4"],
  ["execution-window", { notAfter: "2020-01-01T00:00:00Z" }, "the window is over"],
  ["freeze-held", { executableHash: hash }, hash],
  ["freeze-held", { upgradeAuthority: text("stranger") }, text("stranger")],
  ["freeze-held", { sinceSlot: () => String(changes[0].slot - 1) }, "SetAuthority"],
  ["idl", { authority: text("stranger") }, text("stranger")],
  ["pending-proposals", { except: [] }, "transaction 5 (Approved"],
  ["pending-proposals", { except: ["5", "9"] }, "transaction 9 is excepted"],
  ["program-hash", { executableHash: hash }, hash],
  ["program-state", { deployedSlot: "7" }, "449000000"],
  ["program-state", { capacityFor: 10_000_000 }, "10000000"],
  ["role-separation", { roles: { deployer: [people[0]], signer: people } }, people[0]],
  ["role-separation", { deny: [people[1]] }, people[1]],
  ["role-separation", { roles: { signer: people.slice(1) }, signersOf: signer }, people[0]],
  ["role-separation", { roles: { signer: [...people, text("stranger")] }, signersOf: signer }, text("stranger")],
  ["rollback", { path: "${artifact.path}" }, "not what is deployed now"],
  ["rpc-health", { minHealthy: 3 }, "2 of 2"],
  ["rpc-health", { minProviders: 3 }, "provider"],
  ["rpc-health", { methods: ["getNothing"] }, "getNothing"],
  ["signing-quorum", { reachable: people.slice(0, 1) }, "only 1 voter can be reached"],
  ["signing-quorum", { reachable: [...people, text("stranger")] }, text("stranger")],
  ["signing-quorum", { executor: people[0] }, people[0]],
  ["signing-quorum", { executor: text("stranger") }, text("stranger")],
  ["spending-limits", { declared: [] }, limit.toBase58()],
  ["spending-limits", { declared: [{ address: limit.toBase58(), period: "day", maxAmount: "999999999" }] }, "1000000000"],
  ["spending-limits", { declared: [{ address: limit.toBase58(), period: "day", members: [people[1]] }] }, people[0]],
  ["spending-limits", { declared: [{ address: limit.toBase58(), period: "day", destinations: [text("stranger")] }] }, text("stranger")],
  ["stray-buffers", { explained: [] }, text("buffer")],
  ["treasury-pda", { seeds: [{ utf8: "treasure" }] }, "derive"],
  ["treasury-pda", { recipients: ["${rewardTokenAccount}"] }, text("rewardTokenAccount")],
  ["upgrade-buffer", { path: "${previous.path}" }, "differs"],
  ["upgrade-proposal", { transaction: "4" }, "no such transaction"],
  ["upgrade-proposal", { buffer: text("stranger") }, text("stranger")],
  ["upgrade-proposal", { spill: text("stranger") }, text("stranger")],
  ["upgrade-proposal", { status: ["draft"] }, "Approved"],
  ["upgrade-proposal", { minApprovals: 3 }, "2"],
  ["verified-build", { repository: "https://git.example.org/someone/fork" }, "someone/fork"],
  ["verified-build", { commit: other }, other],
  ["verified-build", { arguments: ["--library-name", "other"] }, "--library-name"],
];

const plain = (value) => (typeof value === "function" ? value() : value);
for (const [kind, change, word] of refused) {
  test(`${kind} fails with ${JSON.stringify(change).slice(0, 80)}`, async () => {
    const changed = Object.fromEntries(Object.entries(change).map(([name, value]) => [name, plain(value)]));
    const { status, findings } = await decide({ [kind]: { ...asked()[kind], ...changed } });
    const finding = findings.get(kind);
    assert.equal(finding.outcome, "fail", finding.summary);
    assert.equal(status, 1);
    assert.ok(words(finding).includes(word), words(finding));
  });
}
