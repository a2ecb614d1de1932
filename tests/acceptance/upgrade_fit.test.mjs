// Code, time and history as the real loader has them: what the SVM makes of a program file, the gate says beforehand.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRequire } from "node:module";
import { Cluster, askEndpoint, decideGate, root } from "./readyctl.mjs";
import { Chain } from "../localnet/chain.mjs";
import { previousElf, programCalling, releaseElf, smallElf } from "../localnet/elf.mjs";
import { LOADER_V3_MINIMUM_EXTEND_PROGRAM_SIZE } from "../localnet/ids.mjs";
import { key } from "../localnet/keys.mjs";
import { deploy, extendProgram } from "../localnet/loader.mjs";
import { board, boardVault } from "../localnet/variants/custody.mjs";
import { names } from "../localnet/world.mjs";

const { PublicKey } = createRequire(join(root, "tests/localnet/package.json"))("@solana/web3.js");

let cluster;
let world;
let release;
let changes; // of the program, newest first

before(async () => {
  cluster = new Cluster();
  world = await cluster.healthy();
  release = JSON.parse(readFileSync(join(world.out, "release.json"), "utf8"));
  changes = await askEndpoint(world, "getSignaturesForAddress", names.programdata.toBase58());
});
after(() => cluster.stop());

const decide = (kind, params) => decideGate(world, kind, params);

// --- elf-compatibility

/// Whether the real loader deploys this code, on a runtime of these features, as Chain takes them.
function isDeployed(elf, features) {
  const chain = new Chain(features);
  const authority = key("deployer");
  chain.place(authority.publicKey, { lamports: 1_000_000_000_000n });
  try {
    deploy(chain, { program: key("program"), buffer: key("buffer"), elf, authority, maxDataLen: elf.length + 64 });
    return true;
  } catch (error) {
    assert.match(error.message, /InvalidAccountData|InvalidProgramForExecution|ProgramFailedToCompile/);
    return false;
  }
}

const changed = (elf, change) => { const copy = Buffer.from(elf); change(copy); return copy; };

/// Where the header of the section with this name stands, and the file offset of a symbol name.
function sectionHeader(elf, name) {
  const at = Number(elf.readBigUInt64LE(40));
  const count = elf.readUInt16LE(60);
  const strings = Number(elf.readBigUInt64LE(at + elf.readUInt16LE(62) * 64 + 24));
  for (let i = 0; i < count; i += 1) {
    const start = strings + elf.readUInt32LE(at + i * 64);
    if (elf.toString("latin1", start, elf.indexOf(0, start)) === name) return { header: at + i * 64, nameAt: start };
  }
  throw new Error(`no section ${name}`);
}
const dynamicName = (elf, name) => {
  const at = elf.indexOf(`\0${name}\0`, Number(elf.readBigUInt64LE(sectionHeader(elf, ".dynstr").header + 24)), "latin1");
  assert.ok(at > 0, `no symbol ${name}`);
  return at + 1;
};

const code = [
  ["the token program", previousElf(), 0, "is code that the runtime accepts"],
  ["the associated token program", releaseElf(), 0, "is code that the runtime accepts"],
  ["the memo program", smallElf(), 0, "is code that the runtime accepts"],
  ["another machine", changed(smallElf(), (elf) => elf.writeUInt16LE(62, 18)), 1, "expected machine 247"],
  ["no shared object", changed(smallElf(), (elf) => elf.writeUInt16LE(2, 16)), 1, "the type (shared object)"],
  ["an entry elsewhere", changed(smallElf(), (elf) => elf.writeBigUInt64LE(8n, 24)), 1, "its entry is outside"],
  ["an odd entry", changed(smallElf(), (elf) => elf.writeBigUInt64LE(elf.readBigUInt64LE(24) + 4n, 24)), 1, "no multiple of 8"],
  ["no .text", changed(smallElf(), (elf) => elf.write(".tex_", sectionHeader(elf, ".text").nameAt)), 1, "0 sections .text"],
  ["a .bss", changed(smallElf(), (elf) => elf.write(".bss", sectionHeader(elf, ".dynsym").nameAt)), 1, "a section .bss"],
  ["a section out of the file", changed(smallElf(), (elf) => elf.writeBigUInt64LE(1n << 40n, sectionHeader(elf, ".text").header + 32)), 1, "leaves the file"],
  ["an unknown syscall", changed(smallElf(), (elf) => elf.write("sol_lag_", dynamicName(elf, "sol_log_"))), 1, "it calls sol_lag_, which is no syscall"],
  ["an SBPF version of the future", changed(smallElf(), (elf) => elf.writeUInt32LE(4, 48)), 1, "the loader refuses it"],
  ["half of a file", smallElf().subarray(0, smallElf().length >> 1), 1, "the loader refuses it"],
];

for (const [what, elf, status, words] of code) {
  test(`elf-compatibility and the loader agree on ${what}`, () => {
    const path = join(world.out, "artifact/candidate.so");
    writeFileSync(path, elf);
    const decided = decide("elf-compatibility", { path: "artifact/candidate.so" });
    assert.equal(decided.status, status, decided.summary);
    assert.ok(decided.summary.includes(words), decided.summary);
    assert.equal(isDeployed(elf), status === 0);
  });
}

// --- upgrade-history

const entry = ({ signature, slot }, more) => ({ signature, slot: String(slot), ...more });

function history(upgrades, more) {
  writeFileSync(join(world.out, "upgrades.json"), JSON.stringify({
    apiVersion: "readyctl.upgrades/v1", program: names.program.toBase58(), upgrades, ...more }));
  return decide("upgrade-history", { program: names.program.toBase58(), path: "upgrades.json" });
}

test("upgrade-history: the list and the loader's own instructions agree", () => {
  const [authority, upgrade, ...earlier] = changes;
  const deployment = earlier.at(-1);
  const last = entry(upgrade, { action: "upgrade", executableHash: release.artifact.executableHash });
  const whole = history([entry(deployment, { action: "deploy" }), last]);
  assert.equal(whole.status, 0, whole.summary);
  const everything = history([entry(deployment), last, entry(authority, { action: "set-authority" })],
    { covers: ["deploy", "upgrade", "set-authority"] });
  assert.equal(everything.status, 0, everything.summary);
  const forgotten = history([entry(deployment)]);
  assert.equal(forgotten.status, 1);
  assert.ok(forgotten.summary.includes(`Upgrade in slot ${upgrade.slot} by transaction ${upgrade.signature}`), forgotten.summary);
  const invented = history([entry(deployment), last, entry({ signature: "1".repeat(64), slot: 5 })]);
  assert.equal(invented.status, 1);
  assert.ok(invented.summary.includes("is not in the history of the program"), invented.summary);
});

// --- execution-window

const window = (more) => decide("execution-window", { multisig: names.multisig.toBase58(), transaction: "5", ...more });

test("execution-window: an approved upgrade, its time lock and its window by the chain's clock", async () => {
  world = await cluster.serve("upgrade-approved");
  const within = window({ acrossEpoch: true });
  assert.equal(within.status, 0, within.summary);
  assert.ok(within.summary.includes("can be executed from"), within.summary);
  const over = window({ acrossEpoch: true, notAfter: "2020-01-01T00:00:00Z" });
  assert.equal(over.status, 1);
  assert.ok(over.summary.includes("the window is over since 2020-01-01T00:00:00Z"), over.summary);
  const early = window({ acrossEpoch: true, notBefore: "9000-01-01T00:00:00Z" });
  assert.equal(early.status, 1);
  assert.ok(early.summary.includes("before the window opens at 9000-01-01T00:00:00Z"), early.summary);
});

test("execution-window: a proposal that would take the time lock away", async () => {
  world = await cluster.serve("drift-time-lock");
  const undeclared = window({ acrossEpoch: true });
  assert.equal(undeclared.status, 1);
  assert.ok(undeclared.summary.includes("would set the time lock to 0 s, after which it could be executed from"), undeclared.summary);
  // It waits for the time lock of two days itself.
  const closing = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+/, "");
  const before = window({ acrossEpoch: true, notAfter: closing });
  assert.equal(before.status, 0, before.summary);
  assert.ok(before.summary.includes("but only after the window closes"), before.summary);
  const declared = window({ acrossEpoch: true, except: ["6"] });
  assert.equal(declared.status, 0, declared.summary);
});

test("execution-window: a board that may take the time lock away, and one that would", async () => {
  world = await cluster.serve("upgrade-guarded");
  const guarded = () => window({ acrossEpoch: true, configAuthorityVault: { multisig: board.toBase58() } });
  const quiet = guarded();
  assert.equal(quiet.status, 0, quiet.summary);
  assert.ok(quiet.summary.includes("nothing that lies before its own members does"), quiet.summary);
  const unnamed = window({ acrossEpoch: true });
  assert.equal(unnamed.status, 1);
  assert.ok(unnamed.summary.includes(`config authority is ${boardVault.toBase58()}`), unnamed.summary);
  world = await cluster.serve("upgrade-guarded-change");
  const would = guarded();
  assert.equal(would.status, 1);
  assert.ok(would.summary.includes("transaction 4 (Active since"), would.summary);
  assert.ok(would.summary.includes(`of the config authority's multisig would set the time lock to 0 s of multisig ${names.multisig.toBase58()}`), would.summary);
});

// --- features

// The feature that a finding names is the one that the runtime asks: nothing else is different between the two runs.
const gated = ["sol_blake3", "sol_curve_validate_point", "sol_curve_group_op", "sol_curve_multiscalar_mul", "sol_curve_decompress",
  "sol_curve_pairing_map", "sol_get_last_restart_slot", "sol_alt_bn128_group_op", "sol_alt_bn128_compression", "sol_big_mod_exp",
  "sol_poseidon", "sol_sha512", "sol_remaining_compute_units", "sol_get_sysvar", "sol_get_epoch_stake"];

function decideCall(syscall) {
  writeFileSync(join(world.out, "artifact/candidate.so"), programCalling(syscall));
  return decide("elf-compatibility", { path: "artifact/candidate.so" });
}

test("elf-compatibility names the feature of a syscall that the runtime asks", async () => {
  world = await cluster.serve("upgrade-without-features");
  assert.ok(isDeployed(programCalling("sol_log_")));
  for (const syscall of gated) {
    const { status, summary } = decideCall(syscall);
    assert.equal(status, 1, summary);
    const feature = summary.match(new RegExp(`syscall ${syscall} needs feature \\w+ \\((\\w+)\\), which is not proposed`))?.[1];
    assert.ok(feature, summary);
    assert.ok(isDeployed(programCalling(syscall), { also: [new PublicKey(feature)] }), `${syscall} with ${feature}`);
    assert.ok(!isDeployed(programCalling(syscall), { without: [new PublicKey(feature)] }), `${syscall} without ${feature}`);
  }
});

test("elf-compatibility knows the syscalls that a feature takes away, or the runtime has", async () => {
  assert.equal(decideCall("sol_get_fees_sysvar").status, 0);
  const { summary } = decideCall("sol_alloc_free_");
  assert.ok(summary.includes("it calls sol_alloc_free_, which no new program may call"), summary);
  assert.ok(!isDeployed(programCalling("sol_alloc_free_")));
  world = await cluster.serve("healthy");
  const refused = decideCall("sol_get_fees_sysvar");
  const feature = refused.summary.match(/syscall sol_get_fees_sysvar is refused by feature \w+ \((\w+)\)/)?.[1];
  assert.ok(feature, refused.summary);
  assert.ok(!isDeployed(programCalling("sol_get_fees_sysvar")));
  assert.ok(isDeployed(programCalling("sol_get_fees_sysvar"), { without: [new PublicKey(feature)] }));
});

// SIMD-0431: small extensions are refused once its feature is active, and the last one up to the limit is not.
test("upgrade-simulation and the loader agree on the steps of an extension", async () => {
  const extend = (bytes) => decide("upgrade-simulation", { program: names.program.toBase58(), multisig: names.multisig.toBase58(),
    buffer: names.buffer.toBase58(), transaction: "5", feePayer: names.deployer.toBase58(), extend: bytes });
  const isTaken = (bytes, without = []) => {
    const chain = new Chain({ without });
    const authority = key("deployer");
    chain.place(authority.publicKey, { lamports: 1_000_000_000_000n });
    deploy(chain, { program: key("program"), buffer: key("buffer"), elf: smallElf(), authority, maxDataLen: 131_072 });
    chain.warp(chain.slot() + 1);
    try {
      chain.send([extendProgram(names.program, authority.publicKey, bytes)], [authority]);
      return true;
    } catch (error) {
      assert.match(error.message, /requires a minimum of 10240 additional bytes/);
      return false;
    }
  };
  world = await cluster.serve("upgrade-without-room");
  const small = extend(9000);
  assert.equal(small.status, 1);
  assert.ok(small.summary.includes("the extension that is planned adds 9000 bytes, but ExtendProgram must add at least 10240"), small.summary);
  assert.ok(!isTaken(9000));
  const enough = extend(10_240);
  assert.equal(enough.status, 0, enough.summary);
  assert.ok(enough.summary.includes("the program must first be extended by 10240 bytes, in an earlier slot"), enough.summary);
  assert.ok(isTaken(10_240));
  world = await cluster.serve("upgrade-any-extension");
  const before = extend(9000);
  assert.equal(before.status, 0, before.summary);
  assert.ok(isTaken(9000, [LOADER_V3_MINIMUM_EXTEND_PROGRAM_SIZE]));
  assert.equal(extend(8000).status, 1); // 8928 are missing
});
