// The IDL on the chain is the release's, or the gate says where it differs. Neither of the programs that write such
// accounts runs in litesvm: the bytes are those that the official clients wrote (tests/solana/vectors.json names them),
// with the address of the program under test and the length and content of the case put into their fields.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { deflateSync, gzipSync } from "node:zlib";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import "../localnet/quiet.mjs";
import { PROGRAM_METADATA as METADATA } from "../localnet/ids.mjs";
import { idlAddress, idlData } from "../localnet/program_metadata.mjs";
import { healthy } from "../localnet/releases.mjs";
import { names } from "../localnet/world.mjs";
import { folder, readyctlMeanwhile, root, words } from "./readyctl.mjs";

const { PublicKey } = createRequire(join(root, "tests/localnet/package.json"))("@solana/web3.js");
const vectors = JSON.parse(readFileSync(join(root, "tests/solana/vectors.json"), "utf8"));
const { program, stranger } = names;
const idl = { address: program.toBase58(), metadata: { name: "vault_program", version: "1.2.0" }, instructions: [{ name: "deposit", args: [] }] };
const stale = { ...idl, metadata: { ...idl.metadata, version: "1.1.0" } };
const metadataAddress = idlAddress(program);
const metadata = (content, how) => idlData(program, content, how);

function anchor(content, authority) {
  const data = deflateSync(JSON.stringify(content));
  const header = Buffer.from(vectors.anchor_idl.account.hex, "hex").subarray(0, 44);
  authority.toBuffer().copy(header, 8);
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}

let world;
let anchorAddress;
before(async () => {
  world = await healthy({ out: join(folder(), "release") });
  mkdirSync(join(world.out, "target/idl"), { recursive: true });
  writeFileSync(join(world.out, "target/idl/vault.json"), JSON.stringify(idl, null, 2));
  const [base] = PublicKey.findProgramAddressSync([], program);
  anchorAddress = await PublicKey.createWithSeed(base, "anchor:idl", program);
});
after(() => world.close());

const place = (address, data, owner) => world.chain.place(address, { data, owner, lamports: world.chain.rentExempt(data.length) });

const decide = (params = {}) => decideGate({ id: "g", kind: "idl", params: { program: "${program}", path: "target/idl/vault.json", ...params } });

async function decideGate(gate) {
  const pack = join(folder(), "pack.json");
  writeFileSync(pack, JSON.stringify({ apiVersion: "readyctl.gates/v1", name: "p", phases: ["post-deploy"], gates: [gate] }));
  const run = await readyctlMeanwhile("run", pack, "--release", join(world.out, "release.json"),
    "--endpoints", join(world.out, "endpoints.json"), "--phase", "post-deploy", "--unsigned", "--format", "json");
  assert.ok(run.stdout, run.stderr);
  return { status: run.status, said: words(JSON.parse(run.stdout).predicate.findings[0]) };
}

async function decides(status, word, params) {
  const decided = await decide(params);
  assert.equal(decided.status, status, decided.said);
  assert.ok(decided.said.includes(word), `${word} is not in:\n${decided.said}`);
}

test("a program without an IDL fails", () => decides(1, `${metadataAddress} does not exist`));

test("the release's IDL passes, compressed either way", async () => {
  place(metadataAddress, metadata(idl), METADATA);
  await decides(0, `the upgrade authority of the program, ${names.vault}, may replace it`);
  place(metadataAddress, metadata(idl, { compression: 1, compress: gzipSync }), METADATA);
  await decides(0, "target/idl/vault.json");
});

test("the gate that docs/gate-packs.md shows is one", async () => {
  const page = readFileSync(join(root, "docs/gate-packs.md"), "utf8");
  const [gate] = [...page.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, text]) => JSON.parse(text)).filter(({ kind }) => kind === "idl");
  writeFileSync(join(world.out, gate.params.path), JSON.stringify(idl));
  const decided = await decideGate(gate);
  assert.equal(decided.status, 0, decided.said);
});

test("another IDL fails at the pointer where it differs", async () => {
  place(metadataAddress, metadata(stale), METADATA);
  await decides(1, "at /metadata/version");
});

test("a stale Anchor account beside it is named, and can be what is declared", async () => {
  place(metadataAddress, metadata(idl), METADATA);
  place(anchorAddress, anchor(stale, stranger), program);
  await decides(1, `the stale Anchor IDL account ${anchorAddress} beside it holds another IDL`);
  await decides(0, "holds another IDL", { otherMayDiffer: true });
  place(anchorAddress, anchor(idl, stranger), program);
  await decides(1, `authority of the IDL is ${stranger}`, { source: "anchor" });
  await decides(0, "target/idl/vault.json", { source: "anchor", authority: stranger.toBase58() });
});
