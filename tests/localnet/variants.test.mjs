// A variant differs from the healthy release in what it says, and in nothing else.

import { call, differing, folderSnapshot, temporaryFolder } from "./testing.mjs";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import * as squads from "@sqds/multisig";
import { Connection, PublicKey } from "@solana/web3.js";
import { writeFolder } from "./folder.mjs";
import { address } from "./keys.mjs";
import { changeFolder, healthy, variantNamed, variants, worldOf } from "./releases.mjs";
import { digests, names } from "./world.mjs";

const KINDS = ["release-freeze", "artifact-hash", "program-hash", "program-state", "upgrade-authority", "rpc-health",
  "treasury-pda", "token-account", "token-mint", "balance"];

// Accounts that pay for building a world: no release is about them.
const ASIDE = [names.deployer, address("faucet")].map((key) => key.toBase58());
const nameOf = (text) => Object.entries(names).find(([, key]) => key.toBase58() === text)?.[0] ?? text;

function accountsOf(chain) {
  const snapshot = chain.snapshot();
  ASIDE.forEach((text) => snapshot.delete(text));
  return new Map([...snapshot].map(([text, account]) => [nameOf(text), account]));
}

describe("the variants", () => {
  let accounts;
  before(() => { accounts = accountsOf(worldOf(variantNamed("healthy"))); });

  // There are enough of them, each with a name of its own, a sentence, and a kind of gate that exists.
  test("are described", () => {
    assert.ok(variants.length >= 32);
    assert.equal(new Set(variants.map(({ name }) => name)).size, variants.length);
    for (const variant of variants) {
      assert.match(variant.differs, /^[A-Z].*\.$/, variant.name);
      assert.ok(variant.owner.length > 0 && variant.owner.every((kind) => KINDS.includes(kind)), variant.name);
      assert.ok(variant.touches.length > 0, variant.name);
    }
    for (const kind of KINDS) assert.ok(variants.some(({ owner }) => owner.includes(kind)), kind);
    assert.throws(() => variantNamed("typo"), /--list/);
  });

  // Exactly the accounts, files and nodes that a variant names differ from the healthy ones, and what its finding must
  // say is known.
  for (const variant of variants) {
    test(`${variant.name}: ${variant.differs}`, (context) => {
      // What a variant has no means to change is not built: worlds and folders are the same every time (next test).
      const folder = variant.folder && writeFolder(temporaryFolder(context), []);
      const files = folder && folderSnapshot(folder.out);
      const says = changeFolder(variant, folder);
      const touched = [
        ...(variant.facts || variant.chain ? differing(accounts, accountsOf(worldOf(variant))) : []),
        ...(folder ? differing(files, folderSnapshot(folder.out)) : []),
        ...new Set([...Object.keys(variant.nodes ?? {}), ...Object.keys(variant.overrides ?? {})]),
        ...(variant.facts?.clockLagSeconds ? ["clock"] : []),
      ];
      assert.deepEqual(touched.sort(), [...variant.touches].sort());
      assert.ok(says.length > 0);
      for (const words of says) assert.match(words, /^\S.*$/);
    });
  }
});

// Two builds of the healthy world and folder are the same, so that what a test saw once it sees again.
test("a world is the same every time, and shares nothing", (context) => {
  const [one, other] = [worldOf(variantNamed("healthy")), worldOf(variantNamed("healthy"))];
  assert.deepEqual(accountsOf(one), accountsOf(other));
  one.remove(names.program);
  assert.ok(other.account(names.program));
  const folders = [writeFolder(temporaryFolder(context), []), writeFolder(temporaryFolder(context), [])];
  assert.equal(folders[0].commit, folders[1].commit);
  assert.deepEqual(differing(folderSnapshot(folders[0].out), folderSnapshot(folders[1].out)), []);
});

// The official SDK reads our multisig, and its every field is what was asked.
test("the Squads SDK decodes the multisig", async (context) => {
  const running = await healthy({ out: temporaryFolder(context) });
  context.after(() => running.close());
  const account = await squads.accounts.Multisig.fromAccountAddress(new Connection(running.primary.url), names.multisig);
  assert.equal(account.threshold, 2);
  assert.equal(account.timeLock, 172_800);
  assert.equal(account.rentCollector, null);
  assert.ok(account.configAuthority.equals(PublicKey.default));
  assert.deepEqual(account.members.map(({ key, permissions }) => [key.toBase58(), permissions.mask]),
    ["alice", "bob", "carol"].map((name) => names[name]).sort((a, b) => Buffer.compare(a.toBuffer(), b.toBuffer()))
      .map((key) => [key.toBase58(), 7]));
  const derived = squads.getMultisigPda({ createKey: account.createKey });
  assert.ok(derived[0].equals(names.multisig));
  assert.equal(derived[1], account.bump);
  const { result } = await call(running.primary, "getAccountInfo", names.multisig.toBase58(), { encoding: "base64" });
  assert.equal(result.value.space, 132 + 3 * 33); // as if a rent collector were set
});

// The folder is a release: hashes are those of its files, its commit is the checkout's clean head, its tag is there.
test("the folder says what is in it", async (context) => {
  const running = await healthy({ out: temporaryFolder(context) });
  context.after(() => running.close());
  const manifest = JSON.parse(readFileSync(join(running.out, "release.json"), "utf8"));
  const git = (...args) => execFileSync("git", ["-C", join(running.out, "checkout"), ...args], { encoding: "utf8" }).trim();
  assert.equal(git("status", "--porcelain"), "");
  assert.equal(git("rev-parse", "HEAD"), manifest.source.commit);
  assert.equal(git("rev-parse", `${manifest.source.tag}^{commit}`), manifest.source.commit);
  assert.equal(git("cat-file", "-t", manifest.source.tag), "tag");
  assert.equal(git("remote", "get-url", "origin"), manifest.source.repository);
  assert.equal(manifest.artifact.sha256, digests.sha256);
  assert.notEqual(manifest.artifact.sha256, manifest.artifact.executableHash); // real binaries end in zeros
  assert.equal(manifest.cluster.genesisHash, (await call(running.primary, "getGenesisHash")).result);
  assert.equal((await call(running.fallback, "getGenesisHash")).result, manifest.cluster.genesisHash);
});
