// inspect shows who holds a program as a tree down to the people, and what people have before them, on the real cluster.
// What cannot run there is written by the official SDKs, or as their IDL says: squads.mjs, spl_governance.mjs, squads_v3.mjs.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { approved, inspected, printedOf } from "./approved.mjs";
import { Cluster, readyctl, root } from "./readyctl.mjs";
import { board, boardVault } from "../localnet/variants/custody.mjs";
import { council, squadsV3 } from "../localnet/variants/inspections.mjs";
import { names } from "../localnet/world.mjs";

const squads = createRequire(join(root, "tests/localnet/package.json"))("@sqds/multisig");

let cluster;
before(async () => {
  cluster = new Cluster();
  await cluster.healthy();
});
after(() => cluster.stop());

const text = (key) => key.toBase58?.() ?? key;

/// What inspect says of an address: its text, and its JSON.
function inspect(world, address, ...more) {
  const run = (...format) => {
    const done = readyctl("inspect", text(address), "--endpoints", join(world.out, "endpoints.json"), ...more, ...format);
    assert.equal(done.status, 0, done.stderr);
    return done.stdout;
  };
  return { said: run(), json: JSON.parse(run("--format", "json")) };
}

const below = (node, ...path) => path.reduce((at, address) => {
  const found = at.holders.find((holder) => holder.address === text(address));
  assert.ok(found, `${text(address)} is not below ${at.address}`);
  return found;
}, node);

/// Lines of a tree, each two blanks deeper than the one it stands under.
function hasTree(said, lines) {
  const begin = said.indexOf(lines[0]);
  assert.ok(begin >= 0, `${lines[0]} is missing in\n${said}`);
  let at = begin;
  for (const line of lines) {
    const next = said.indexOf(line, at);
    assert.ok(next >= at, `${line} is missing after ${lines[0]} in\n${said}`);
    at = next;
  }
}

// Nothing that a person must compare is shortened.
const neverShortened = (said) => assert.ok(!/[1-9A-HJ-NP-Za-km-z]{4,}(…|\.\.\.)/.test(said), said);

test("a program under nested custody is shown down to the members of the board, with their permissions", async () => {
  const world = await cluster.serve("custody-nested");
  const { said, json } = inspect(world, names.program);
  hasTree(said, [
    `program ${text(names.program)}\n`, `programdata ${text(names.programdata)}\n`,
    `upgrade authority ${text(names.vault)}: vault 0 of multisig ${text(names.multisig)}, proven by derivation`,
    `multisig ${text(names.multisig)}: Squads v4 multisig, 2 of 3 voters must approve, time lock 2d 0h`,
    `member ${text(boardVault)}: may initiate, vote, execute; vault 0 of multisig ${text(board)}, proven by derivation`,
    `multisig ${text(board)}: Squads v4 multisig, 2 of 3 voters must approve, time lock 1d 0h`,
    `member ${text(names.carol)}: may initiate, vote, execute; a key`,
  ]);
  neverShortened(said);
  const multisig = below(json.authorityChain, names.programdata, names.vault, names.multisig);
  const person = below(multisig, boardVault, board, names.stranger);
  assert.deepEqual([person.role, person.kind, person.permissions], ["member", "key", ["initiate", "vote", "execute"]]);
});

test("a circle in the custody is a danger", async () => {
  const { json } = inspect(await cluster.serve("custody-circle"), names.program);
  assert.ok(json.dangers.some((danger) => danger.startsWith(`custody goes in a circle: member ${text(names.vault)}`)), json.dangers.join("\n"));
});

test("a multisig is shown with its pending transactions in words", async () => {
  const { said, json } = inspect(await cluster.serve("drift-time-lock"), names.multisig);
  const upgrade = `upgrade program ${text(names.program)} from buffer ${text(names.buffer)} by authority ${text(names.vault)}`;
  hasTree(said, ["transaction 5 (Approved since ", upgrade, "transaction 6 (Active since ", "set the time lock to 0 s"]);
  assert.deepEqual(json.pending.map(({ transactionIndex }) => transactionIndex), ["5", "6"]);
  assert.ok(json.pending[0].would[0].startsWith(upgrade));
  assert.deepEqual(json.pending[1].would, ["set the time lock to 0 s"]);
});

test("a proposal is shown with who approved, who has not, and when it can be executed first", async () => {
  const world = await cluster.serve("upgrade-too-early");
  const [proposal] = squads.getProposalPda({ multisigPda: names.multisig, transactionIndex: 5n });
  const { said, json } = inspect(world, proposal);
  const approving = [names.alice, names.bob].map(text).sort();
  assert.deepEqual([...json.approved].sort(), approving);
  assert.deepEqual(json.notVoted, [text(names.carol)]);
  assert.equal(json.approvals, json.threshold);
  // Approved a day ago, under a time lock of two.
  const wait = Date.parse(json.executableAt) - Date.now();
  assert.ok(wait > 0.9 * 86_400_000 && wait < 1.1 * 86_400_000, json.executableAt);
  assert.match(said, /executable +from \d{4}-\d\d-\d\dT[\d:]+Z \(in [^)]*\), after a time lock of 2d 0h/);
  assert.match(said, /approvals +2 of the 2 that are needed/);
  assert.match(said, new RegExp(`has not voted +${text(names.carol)}`));
  assert.ok(said.includes(`upgrade program ${text(names.program)} from buffer ${text(names.buffer)}`));
});

test("a program under the native treasury of a governance is shown down to the council, and through its multisig", async () => {
  const world = await cluster.serve("realm-voting");
  const { said, json } = inspect(world, names.program);
  hasTree(said, [
    `program ${text(names.program)}\n`,
    `upgrade authority ${text(council.treasury)}: the native treasury of governance ${text(council.governance)}, proven by derivation`,
    `governance ${text(council.governance)}: SPL governance of realm "Ready DAO" (${text(council.realm)})`,
    `realm ${text(council.realm)}: "Ready DAO"`,
    `realm authority ${text(council.governance)}: may change how votes are counted, and is the governance above`,
    `council mint ${text(council.mint)}: whoever deposits of it votes for the council; supply 5 base units`,
    `council mint authority ${text(names.deployer)}: may make votes alone; a key`,
    `council member ${text(names.alice)}: has 3 votes; a key`,
  ]);
  assert.ok(said.includes("council 51 % yes: at least 3 of 5 votes; hold-up time 2d 0h"), said);
  assert.ok(json.dangers.some((danger) => danger.startsWith(`one key, the council mint authority ${text(names.deployer)}`)));
  const members = below(json.authorityChain, names.programdata, council.treasury, council.governance, council.realm, council.mint);
  assert.equal(below(members, names.bob).votes, "1");
  assert.equal(below(members, names.stranger).role, "delegate");
  const person = below(members, names.vault1, names.multisig, names.carol);
  assert.deepEqual([person.kind, person.permissions], ["key", ["initiate", "vote", "execute"]]);
  neverShortened(said);
});

test("a program under a governance itself is shown down to the realm", async () => {
  const world = await cluster.serve("realm-governance");
  const { json } = inspect(world, names.program);
  assert.equal(json.custody.kind, "spl-governance");
  const node = below(json.authorityChain, names.programdata, council.governance);
  assert.equal(node.kind, "spl-governance-account");
  const realm = below(node, council.governance, council.realm);
  assert.deepEqual(realm.holders.map(({ role, kind }) => [role, kind]),
    [["realm authority", "governance-itself"], ["community mint", "mint"], ["council mint", "mint"]]);
});

test("a governance says who can pass what, and its realm, voter and proposal are explained", async () => {
  const world = await cluster.serve("realm-voting");
  const governance = inspect(world, council.governance);
  assert.equal(governance.json.kind, "spl-governance");
  assert.match(governance.said, /council vote +51 % yes: at least 3 of 5 votes/);
  assert.match(governance.said, /hold-up time +2d 0h from the end of the vote to execution/);
  assert.match(governance.said, /voting time +3d 0h, then 12h 0min for no and veto only/);
  assert.equal(governance.json.nativeTreasury, text(council.treasury));
  assert.deepEqual(governance.json.realm.councilMembers.find(({ key }) => key === text(names.bob)),
    { key: text(names.bob), votes: "1", delegate: text(names.stranger) });

  const realm = inspect(world, council.realm);
  assert.deepEqual([realm.json.kind, realm.json.name, realm.json.authority], ["spl-governance-realm", "Ready DAO", text(council.governance)]);

  const voter = inspect(world, council.voter);
  assert.deepEqual([voter.json.kind, voter.json.tokenOwner, voter.json.delegate],
    ["spl-governance-token-owner-record", text(names.bob), text(names.stranger)]);

  const proposal = inspect(world, council.proposal);
  assert.equal(proposal.json.kind, "spl-governance-proposal");
  assert.equal(proposal.json.name, "Upgrade to 1.2.0");
  assert.equal(proposal.json.proposer, text(names.alice));
  assert.deepEqual(proposal.json.votes.map(({ key, vote, weight }) => [key, vote, weight]).sort(),
    [[text(names.alice), "yes", "3"], [text(names.bob), "no", "1"]].sort());
  assert.deepEqual(proposal.json.notVoted, [text(names.vault1)]);
  assert.ok(proposal.json.would[0].would[0].startsWith(`upgrade program ${text(names.program)} from buffer ${text(names.buffer)}`));
  // The vote ended a day ago, and two days must pass.
  const wait = Date.parse(proposal.json.executableAt) - Date.now();
  assert.ok(wait > 0.9 * 86_400_000 && wait < 1.1 * 86_400_000, proposal.json.executableAt);
});

test("a program under a Squads v3 authority is shown down to the members", async () => {
  const world = await cluster.serve("squads-v3-voting");
  const { said, json } = inspect(world, names.program);
  hasTree(said, [
    `upgrade authority ${text(squadsV3.vault)}: authority 1 of Squads v3 multisig ${text(squadsV3.ms)}, proven by derivation`,
    `multisig ${text(squadsV3.ms)}: Squads v3 multisig, 2 of 3 members must approve, no time lock`,
    "may initiate, vote, execute; a key",
  ]);
  const person = below(json.authorityChain, names.programdata, squadsV3.vault, squadsV3.ms, names.carol);
  assert.deepEqual(person.permissions, ["initiate", "vote", "execute"]);
  assert.ok(json.dangers.includes("no time lock: nobody has time to react to an approval"));
});

test("a Squads v3 multisig is shown with its authorities and its pending transactions, and one of these with its votes", async () => {
  const world = await cluster.serve("squads-v3-voting");
  const { said, json } = inspect(world, squadsV3.ms);
  assert.equal(json.kind, "squads-v3-multisig");
  assert.deepEqual(json.authorities, [text(squadsV3.ms), text(squadsV3.vault)]);
  assert.deepEqual(json.pending.map(({ transactionIndex, state }) => [transactionIndex, state]), [["2", "Active"]]);
  hasTree(said, ["transaction 2 (Active), which would", `give the authority of ${text(names.programdata)} from ${text(squadsV3.vault)} to ${text(names.stranger)}`, "transfer 5000000000 lamports (5 SOL)"]);

  const waiting = inspect(world, squadsV3.waiting);
  assert.deepEqual(waiting.json.approved, [text(names.bob)]);
  assert.deepEqual(waiting.json.notVoted, [names.alice, names.carol].sort((a, b) => Buffer.compare(a.toBuffer(), b.toBuffer())).map(text));
  assert.equal(waiting.json.would.length, 2);
  assert.match(waiting.said, /executable +as soon as it is approved: Squads v3 has no time lock/);
});
for (const [file, { variant, address, more = [] }] of Object.entries(inspected)) {
  test(`${file} is what was approved`, async () => {
    const world = await cluster.serve(variant);
    assert.equal(printedOf(world, address, more), readFileSync(join(approved, file), "utf8"));
  });
}
