// What really happened to a program, by the loader's own instructions, and what the gates about it make of that.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Cluster, askEndpoint, decideGate } from "./readyctl.mjs";
import { names } from "../localnet/world.mjs";

let cluster;
let world;
let release;
let upgrade; // the transaction of the upgrade: { signature, slot }
let later; // the one that gave the authority to the vault

before(async () => {
  cluster = new Cluster();
  world = await cluster.healthy();
  release = JSON.parse(readFileSync(join(world.out, "release.json"), "utf8"));
  [later, upgrade] = await askEndpoint(world, "getSignaturesForAddress", names.programdata.toBase58());
});
after(() => cluster.stop());

const decide = (kind, params) => decideGate(world, kind, params);

function decides(status, words, kind, params) {
  test(`${kind}: ${words}`, () => {
    const decided = decide(kind, params());
    assert.equal(decided.status, status, decided.summary);
    assert.ok(decided.summary.includes(words), decided.summary);
  });
}

const program = () => names.program.toBase58();
const vault = () => names.vault.toBase58();
const deployed = (more) => ({ program: program(), ...more });
const frozen = (more) => deployed({ executableHash: release.artifact.executableHash, upgradeAuthority: vault(), ...more });

decides(0, "deployed program", "deployment-transaction", () =>
  deployed({ signature: upgrade.signature, signers: [names.deployer.toBase58()] }));
decides(1, "did not deploy or upgrade this program, but SetAuthority", "deployment-transaction", () =>
  deployed({ signature: later.signature }));
decides(1, "did not sign it", "deployment-transaction", () => deployed({ signature: upgrade.signature, signers: [vault()] }));

decides(0, "is as it was frozen", "freeze-held", () => frozen({ sinceSlot: String(later.slot) }));
decides(1, "SetAuthority in slot", "freeze-held", () => frozen({ sinceSlot: String(later.slot - 1) }));
decides(2, "does not reach back", "freeze-held", () => frozen({ sinceSlot: "1" }));

decides(0, "as audited", "dependency", () => ({ programs: [frozen({ deployedSlot: String(upgrade.slot) })] }));
decides(1, "upgrade authority of program", "dependency", () => ({ programs: [deployed({ upgradeAuthority: null })] }));

decides(0, "runs now", "rollback", () => deployed({ path: release.artifact.path }));
decides(1, "not what is deployed now", "rollback", () => deployed({ path: release.previous.path }));

decides(0, "no unexplained buffer", "stray-buffers", () => ({ keys: [names.deployer.toBase58(), vault()] }));
decides(0, "no unexplained durable nonce", "durable-nonces", () => ({ keys: [names.alice.toBase58(), vault()] }));
decides(0, "has no spending limit", "spending-limits", () => ({ multisig: names.multisig.toBase58() }));
decides(0, "that must be apart", "role-separation", () => ({
  roles: { deployer: [names.deployer.toBase58()], signer: ["alice", "bob", "carol"].map((name) => names[name].toBase58()) },
  signersOf: { multisig: names.multisig.toBase58(), role: "signer" } }));
decides(1, "only 1 voter can be reached", "signing-quorum", () => ({
  multisig: names.multisig.toBase58(), reachable: [names.alice.toBase58()] }));
