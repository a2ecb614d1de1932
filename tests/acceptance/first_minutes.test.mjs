// What a person does first: derive addresses, look at what is behind one, freeze a release, and have it decided.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Cluster, decide, folder, readyctl, root } from "./readyctl.mjs";

let cluster;
let world;
let release;
let endpoints;
before(async () => {
  cluster = new Cluster();
  world = await cluster.healthy();
  release = JSON.parse(readFileSync(join(world.out, "release.json"), "utf8"));
  endpoints = ["--endpoints", join(world.out, "endpoints.json")];
});
after(() => cluster.stop());

const inspect = (address, ...more) => readyctl("inspect", address, ...endpoints, ...more);

function prints(run, ...words) {
  assert.equal(run.status, 0, run.stderr);
  for (const word of words) assert.ok(run.stdout.includes(word), `${word} is not in:\n${run.stdout}`);
}

test("derive finds vault, programdata, PDA and associated token account offline", () => {
  const { multisig, vault, treasury, treasuryMint, treasuryTokenAccount } = release.values;
  prints(readyctl("derive", "vault", multisig), vault);
  prints(readyctl("derive", "pda", "--program", release.program, "--seed", "utf8:treasury"), treasury, "252");
  prints(readyctl("derive", "ata", "--wallet", treasury, "--mint", treasuryMint), treasuryTokenAccount);
  prints(readyctl("derive", "programdata", release.program), "4DM2PQsRUmaBPccxXf8S1xhnDW5UCybAuX77WWLHwUhH");
});

test("inspect explains a program, down to the members of its multisig", () => {
  prints(inspect(release.program, "--multisig", release.values.multisig), release.artifact.executableHash,
    release.values.vault, release.values.multisig, ...release.values.members);
});

test("inspect explains a multisig, a token account and a mint", () => {
  prints(inspect(release.values.multisig), "2 of 3", ...release.values.members, release.values.vault);
  prints(inspect(release.values.treasuryTokenAccount), release.values.treasuryMint, release.values.treasury, "250000000000");
  prints(inspect(release.values.rewardMint), "MetadataPointer");
});

test("a vault is proved by derivation, and a multisig that it is not of is refused", () => {
  prints(inspect(release.values.vault, "--multisig", release.values.multisig), release.values.multisig, "vault 0");
  prints(inspect(release.values.treasury, "--multisig", release.values.multisig), "none of its vaults 0 to 255 is this address");
});

test("inspect answers in JSON with the names that peers use", () => {
  const run = inspect(release.program, "--format", "json");
  assert.equal(run.status, 0, run.stderr);
  const text = JSON.stringify(JSON.parse(run.stdout));
  for (const name of ["programId", "programdataAddress", "authority", "lastDeploySlot", "dataLen"]) assert.ok(text.includes(`"${name}"`), name);
});

test("what freeze writes is decided like the release that was written by hand", () => {
  const path = join(world.out, "release.json");
  const byHand = release;
  rmSync(path);
  const values = Object.entries(byHand.values).flatMap(([name, value]) =>
    ["--value", typeof value === "string" ? `${name}=${value}` : `${name}:=${JSON.stringify(value)}`]);
  const frozen = readyctl("freeze", "--name", byHand.name, "--program", byHand.program, "--artifact", join(world.out, "artifact/program.so"),
    "--operator", byHand.operator, "--cluster", `localnet:${byHand.cluster.genesisHash}`, "--checkout", join(world.out, "checkout"),
    "--built-at", byHand.builtAt, ...values, ...endpoints, "--output", path);
  try {
    assert.equal(frozen.status, 0, frozen.stderr);
    assert.match(frozen.stderr, /warning: the program that is deployed now has the code of the artifact already/);
    const written = JSON.parse(readFileSync(path, "utf8"));
    assert.equal(written.source.commit, byHand.source.commit);
    assert.equal(written.source.tag, byHand.source.tag);
    assert.equal(written.source.repository, byHand.source.repository);
    assert.deepEqual(written.artifact, byHand.artifact);
    assert.equal(decide(world).status, 0);
    const again = readyctl("freeze", "--name", "x", "--program", byHand.program, "--artifact", join(world.out, "artifact/program.so"),
      "--operator", "x", "--cluster", `localnet:${byHand.cluster.genesisHash}`, "--checkout", join(world.out, "checkout"), "--output", path);
    assert.notEqual(again.status, 0);
  } finally {
    writeFileSync(path, `${JSON.stringify(byHand, null, 2)}\n`);
  }
});

test("freeze writes nothing when the tree is dirty", () => {
  const path = join(world.out, "dirty.json");
  const stray = join(world.out, "checkout/src/lib.rs");
  const before = readFileSync(stray);
  writeFileSync(stray, "changed\n");
  const run = readyctl("freeze", "--name", "x", "--program", release.program, "--artifact", join(world.out, "artifact/program.so"),
    "--operator", "x", "--cluster", `localnet:${release.cluster.genesisHash}`, "--checkout", join(world.out, "checkout"), "--output", path);
  writeFileSync(stray, before);
  assert.notEqual(run.status, 0);
  assert.match(run.stderr, /lib\.rs|clean|changed/);
  assert.ok(!existsSync(path));
});

test("the tests' script says before npm that it takes a minute", () => {
  assert.match(readFileSync(join(root, "tests/run.sh"), "utf8"), /^say "[^"]*npm[^"]*a minute"\n\(cd tests\/localnet && npm ci /m);
});
