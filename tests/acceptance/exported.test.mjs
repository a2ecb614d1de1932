// A transaction that is made by one tool and imported into the multisig by another is judged from its file before the
// import, and proved to be what was imported after it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Cluster, decideGate } from "./readyctl.mjs";
import { forms, fromTable, theft, upgradeOf } from "../localnet/exported.mjs";
import { upgradeTable } from "../localnet/variants/upgrade.mjs";
import { names } from "../localnet/world.mjs";

const { buffer, multisig, program, stranger, treasury } = names;

let cluster;
let world;
before(async () => {
  cluster = new Cluster();
  await cluster.healthy();
});
after(() => cluster.stop());

function decide(text, more = {}) {
  writeFileSync(join(world.out, "upgrade.txt"), `${text}\n`);
  const address = (key) => key.toBase58();
  return decideGate(world, "upgrade-proposal", { program: address(program), multisig: address(multisig), buffer: address(buffer),
    spill: address(treasury), message: "upgrade.txt", ...more });
}
const passes = ({ status, summary }, words) => {
  assert.equal(status, 0, summary);
  assert.ok(summary.includes(words), summary);
};
const fails = ({ status, summary }, words) => {
  assert.equal(status, 1, summary);
  assert.ok(summary.includes(words), summary);
};

test("an export is judged before it is imported, in every form", async () => {
  world = await cluster.serve("upgrade-missing");
  for (const exported of Object.values(forms)) {
    passes(decide(exported([upgradeOf()])), "nobody can vote on it before it is imported");
    fails(decide(exported([upgradeOf({ from: stranger })])), `buffer is ${stranger.toBase58()}`);
    fails(decide(exported([upgradeOf(), theft()])), "instruction 2 is not allowed beside the upgrade");
    fails(decide(exported([upgradeOf()]), { transaction: "5" }), "no such transaction, or it was closed");
  }
  fails(decide("not an export"), "is no message, no transaction and no Squads transaction message");
  fails(decide(fromTable([upgradeOf()])), `lookup table ${upgradeTable.address.toBase58()} does not exist`);
});

test("what was imported is proved to be the export, in every form", async () => {
  world = await cluster.serve("upgrade-approved");
  const imported = (text) => decide(text, { transaction: "5" });
  const kept = upgradeOf();
  kept.data = Buffer.concat([kept.data, Buffer.from([1])]);
  for (const exported of Object.values(forms)) {
    passes(imported(exported([upgradeOf()])), "and does nothing else");
    fails(imported(exported([kept])), "it is not what was exported: instruction 1 data is 03000000, in the file 0300000001");
    fails(imported(exported([upgradeOf({ spill: stranger })])), "instruction 1 account 4 is");
    fails(imported(exported([upgradeOf(), theft()])), "instruction 2 is nothing, in the file transfer 1000000000 lamports");
  }
});

test("what the import added is named", async () => {
  world = await cluster.serve("upgrade-and-theft");
  fails(decide(forms["Squads message in base64"]([upgradeOf()]), { transaction: "5" }),
    "it is not what was exported: instruction 2 is transfer 1000000000 lamports");
});

// Which of them holds an account in a table, and which names it, makes no difference; the SDK takes the loader from it too.
test("accounts out of a lookup table are those that are named", async () => {
  world = await cluster.serve("upgrade-by-table");
  passes(decide(fromTable([upgradeOf()])), "nobody can vote on it before it is imported");
  for (const text of [fromTable([upgradeOf()]), ...Object.values(forms).map((exported) => exported([upgradeOf()]))]) {
    passes(decide(text, { transaction: "5" }), "and does nothing else");
  }
});
