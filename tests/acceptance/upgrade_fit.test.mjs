// Code, time and history as the real loader has them: what the SVM makes of a program file, the gate says beforehand.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Cluster, askEndpoint, decideGate } from "./readyctl.mjs";
import { Chain } from "../localnet/chain.mjs";
import { previousElf, releaseElf, smallElf } from "../localnet/elf.mjs";
import { key } from "../localnet/keys.mjs";
import { deploy } from "../localnet/loader.mjs";
import { names } from "../localnet/world.mjs";

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

/// Whether the real loader deploys this code.
function isDeployed(elf) {
  const chain = new Chain();
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
  const declared = window({ acrossEpoch: true, except: ["6"] });
  assert.equal(declared.status, 0, declared.summary);
});
