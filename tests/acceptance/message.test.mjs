// What a member is asked to sign is told in words, offline: messages made by the official clients of Solana and Squads.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { test } from "node:test";
import { join } from "node:path";
import { readyctl, root } from "./readyctl.mjs";
import "../localnet/quiet.mjs";

const require = createRequire(join(root, "tests/localnet/package.json"));
const squads = require("@sqds/multisig");
const bs58 = require("bs58").default ?? require("bs58");
const {
  AddressLookupTableAccount, ComputeBudgetProgram, Keypair, MessageV0, PublicKey, SystemProgram, SYSVAR_CLOCK_PUBKEY,
  SYSVAR_RENT_PUBKEY, Transaction, TransactionInstruction, TransactionMessage, VersionedTransaction,
} = require("@solana/web3.js");

const keypair = (seed) => Keypair.fromSeed(new Uint8Array(32).fill(seed));
const address = (seed) => keypair(seed).publicKey;
const member = keypair(1);
const multisigPda = squads.getMultisigPda({ createKey: address(2) })[0];
const vault = squads.getVaultPda({ multisigPda, index: 0 })[0];
const transactionIndex = 5n;
const transaction = squads.getTransactionPda({ multisigPda, index: transactionIndex })[0];
const proposal = squads.getProposalPda({ multisigPda, transactionIndex })[0];
const blockhash = address(3).toBase58();
const [program, buffer] = [address(4), address(5)];
const LOADER = new PublicKey("BPFLoaderUpgradeab1e11111111111111111111111");
const base64 = (bytes) => Buffer.from(bytes).toString("base64");

const upgrade = new TransactionInstruction({
  programId: LOADER,
  data: Buffer.from([3, 0, 0, 0]),
  keys: [PublicKey.findProgramAddressSync([program.toBuffer()], LOADER)[0], program, buffer, member.publicKey,
    SYSVAR_RENT_PUBKEY, SYSVAR_CLOCK_PUBKEY, vault]
    .map((pubkey, i) => ({ pubkey, isSigner: i === 6, isWritable: i < 4 })),
});
const innerMessage = new TransactionMessage({ payerKey: vault, recentBlockhash: blockhash, instructions: [upgrade] });
const approve = squads.instructions.proposalApprove({ multisigPda, transactionIndex, member: member.publicKey, memo: "looks good" });

function messageOf(instructions, version = "v0", tables = []) {
  const message = new TransactionMessage({ payerKey: member.publicKey, recentBlockhash: blockhash, instructions });
  return (version === "legacy" ? message.compileToLegacyMessage() : message.compileToV0Message(tables)).serialize();
}

function inspect(text, ...more) {
  const run = readyctl("inspect", "--message", text, ...more);
  assert.equal(run.status, 0, run.stderr);
  return run.stdout;
}
const inspectJson = (text) => JSON.parse(inspect(text, "--format", "json"));
const hasAll = (text, ...words) => { for (const word of words) assert.ok(text.includes(word), `${word} is not in:\n${text}`); };

test("an approval is told with multisig, proposal, member and memo, and which transaction it is about", () => {
  const bytes = messageOf([ComputeBudgetProgram.setComputeUnitPrice({ microLamports: 1000 }), approve]);
  const digest = createHash("sha256").update(bytes).digest();
  for (const text of [base64(bytes), bs58.encode(bytes)]) {
    const said = inspect(text);
    hasAll(said, `approve proposal ${proposal} of multisig ${multisigPda} as member ${member.publicKey}, with the memo "looks good"`,
      "pay a priority fee of 1000 micro-lamports", bs58.encode(digest), digest.toString("hex"), "transaction 5 of its multisig",
      `readyctl inspect ${transaction}`, `${member.publicKey}, who pays the fee`, "blind signing must be allowed",
      "instruction 2 calls SQDS4ep65T869zMMBKyuUq6aD6EgTu8psMjkvj52pCf");
    assert.ok(!said.includes("Danger"), said);
  }
  const json = inspectJson(base64(bytes));
  assert.equal(json.messageHash, bs58.encode(digest));
  assert.equal(json.sha256, digest.toString("hex"));
  assert.deepEqual(json.squadsTransactions, [{ index: "5", address: transaction.toBase58() }]);
  assert.deepEqual(json.instructions[1].accounts.map(({ key }) => key), [multisigPda, member.publicKey, proposal].map(String));
  assert.deepEqual([json.expires, json.blockhash, json.blindSigning.needed], [true, blockhash, true]);
});

test("what a vault would be made to do is told with the transaction that creates it", () => {
  const create = squads.instructions.vaultTransactionCreate({
    multisigPda, transactionIndex, creator: member.publicKey, rentPayer: member.publicKey, vaultIndex: 0, ephemeralSigners: 0,
    transactionMessage: innerMessage, memo: "1.2.0",
  });
  const propose = squads.instructions.proposalCreate({ multisigPda, transactionIndex, creator: member.publicKey });
  hasAll(inspect(base64(messageOf([create, propose]))),
    `create transaction ${transaction} of multisig ${multisigPda} as member ${member.publicKey}`, 'memo "1.2.0"',
    `vault 0 would upgrade program ${program} from buffer ${buffer} by authority ${vault}, leftover lamports to ${member.publicKey}`,
    `put transaction 5 of multisig ${multisigPda} to the vote as proposal ${proposal}`);
});

test("changes of the multisig, by vote and without one, are told", () => {
  const create = squads.instructions.configTransactionCreate({
    multisigPda, transactionIndex, creator: member.publicKey, rentPayer: member.publicKey,
    actions: [{ __kind: "SetTimeLock", newTimeLock: 0 }, { __kind: "RemoveMember", oldMember: address(7) }],
  });
  hasAll(inspect(base64(messageOf([create]))), "would change the multisig itself: set the time lock to 0 s; remove member " + address(7));
  const alone = squads.instructions.multisigAddMember({
    multisigPda, configAuthority: member.publicKey, rentPayer: member.publicKey, newMember: { key: address(8), permissions: { mask: 7 } },
  });
  hasAll(inspect(base64(messageOf([alone]))), `add member ${address(8)} who may initiate, vote, execute of multisig ${multisigPda}, without a vote`);
});

test("an execution names transaction and member; a rejection and a cancellation are no approvals", () => {
  const execute = squads.generated.createVaultTransactionExecuteInstruction(
    { multisig: multisigPda, proposal, transaction, member: member.publicKey });
  const reject = squads.instructions.proposalReject({ multisigPda, transactionIndex, member: member.publicKey });
  const cancel = squads.instructions.proposalCancel({ multisigPda, transactionIndex, member: member.publicKey });
  hasAll(inspect(base64(messageOf([execute, reject, cancel]))),
    `execute transaction ${transaction} of multisig ${multisigPda} as member ${member.publicKey}`,
    `reject proposal ${proposal}`, `vote to cancel proposal ${proposal}`);
});

test("a whole transaction is told like its message, legacy and version 0, and who has signed", () => {
  const legacy = new Transaction({ feePayer: member.publicKey, recentBlockhash: blockhash }).add(approve,
    SystemProgram.transfer({ fromPubkey: address(6), toPubkey: program, lamports: 5 }));
  legacy.partialSign(member);
  const json = inspectJson(base64(legacy.serialize({ requireAllSignatures: false })));
  assert.equal(json.messageHash, bs58.encode(createHash("sha256").update(legacy.serializeMessage()).digest()));
  assert.deepEqual([json.form, json.version, json.signers.length], ["transaction", "legacy", 2]);
  assert.equal(json.signers[0].signature, bs58.encode(legacy.signature));
  assert.equal(json.signers[1].signature, null);
  assert.deepEqual(json.instructions.map(({ words }) => words.split(" ")[0]), ["approve", "transfer"]);

  const versioned = new VersionedTransaction(MessageV0.deserialize(messageOf([approve])));
  versioned.sign([member]);
  const v0 = inspectJson(bs58.encode(versioned.serialize()));
  assert.deepEqual([v0.form, v0.version, v0.encoding], ["transaction", 0, "base58"]);
});

test("a durable nonce is said loudly, because such a transaction does not expire", () => {
  const nonce = address(9);
  const advance = SystemProgram.nonceAdvance({ noncePubkey: nonce, authorizedPubkey: member.publicKey });
  const text = base64(messageOf([advance, approve]));
  hasAll(inspect(text), "Danger: IT DOES NOT EXPIRE", nonce.toBase58());
  const json = inspectJson(text);
  assert.deepEqual([json.expires, json.durableNonce.account, json.blockhash], [false, nonce.toBase58(), undefined]);
  assert.equal(inspectJson(base64(messageOf([approve, advance]))).expires, true);
});

test("what lies in lookup tables is not known, and is said to be signed blind", () => {
  const table = new AddressLookupTableAccount({
    key: address(10), state: { deactivationSlot: 2n ** 64n - 1n, lastExtendedSlot: 0, lastExtendedSlotStartIndex: 0, addresses: [proposal, buffer] },
  });
  const text = base64(messageOf([approve], "v0", [table]));
  hasAll(inspect(text), `approve proposal entry 0 of lookup table ${table.key}`, "Danger: 1 account lies in lookup tables", "signs blind",
    "because it uses lookup tables");
  const json = inspectJson(text);
  assert.deepEqual(json.instructions[0].accounts[2], { lookupTable: table.key.toBase58(), entry: 0, signer: false, writable: true });
  assert.deepEqual(json.lookupTables, [table.key.toBase58()]);
});

test("what a device understands need not be signed blind", () => {
  const transfer = SystemProgram.transfer({ fromPubkey: member.publicKey, toPubkey: program, lamports: 1_500_000_000 });
  const json = inspectJson(base64(messageOf([transfer], "legacy")));
  assert.deepEqual(json.blindSigning, { because: [], needed: false });
  hasAll(json.instructions[0].words, "transfer 1500000000 lamports (1.5 SOL)");
  assert.equal(inspectJson(base64(messageOf([transfer, transfer, transfer, transfer, transfer]))).blindSigning.needed, true);
});

test("what is no message is refused with 65, and what cannot be combined with 64", () => {
  const bytes = messageOf([approve]);
  const refused = (status, text, ...more) => {
    const run = readyctl("inspect", "--message", text, ...more);
    assert.equal(run.status, status, run.stderr);
    assert.equal(run.stdout, "");
    return run.stderr;
  };
  hasAll(refused(65, "!?"), "is no message and no transaction", "as base58", "as base64");
  hasAll(refused(65, ""), "is empty");
  hasAll(refused(65, base64(bytes.subarray(0, -1))), "the data has 195 bytes");
  hasAll(refused(65, base64([...bytes, 0])), "bytes are left over");
  hasAll(refused(65, member.publicKey.toBase58()), "is no message and no transaction");
  hasAll(refused(64, base64(bytes), member.publicKey.toBase58()), "leave out the address");
  hasAll(refused(64, base64(bytes), "--rpc", "a=http://127.0.0.1:1"), "endpoints");
  assert.equal(readyctl("inspect").status, 64);
});
