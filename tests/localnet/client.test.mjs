// The official clients are content with the front: so it is the protocol, and not our idea of it.

import { call, serve } from "./testing.mjs";
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createSolanaRpc, address as kitAddress } from "@solana/kit";
import { AccountLayout, createTransferInstruction, TOKEN_PROGRAM_ID } from "@solana/spl-token";
import { ComputeBudgetProgram, Connection, Keypair, PublicKey, SystemProgram, Transaction, TransactionMessage,
  VersionedTransaction } from "@solana/web3.js";
import * as squads from "@sqds/multisig";
import { GENESIS_HASH, SLOTS } from "./chain.mjs";
import { releaseElf } from "./elf.mjs";
import { LOADER_V3, MEMO, SQUADS_V4, SYSTEM } from "./ids.mjs";
import { key } from "./keys.mjs";
import { PROGRAMDATA_HEADER } from "./loader.mjs";
import { Node } from "./rpc/node.mjs";
import { RpcServer } from "./rpc/server.mjs";
import { buildWorld, names } from "./world.mjs";

const keypair = (label) => Keypair.fromSeed(key(label).seed);

/// A legacy transfer from the fee payer, signed by the client itself.
async function transfer(connection, lamports) {
  const latest = await connection.getLatestBlockhash();
  const transaction = new Transaction({ ...latest, feePayer: names.feePayer })
    .add(SystemProgram.transfer({ fromPubkey: names.feePayer, toPubkey: names.stranger, lamports }));
  transaction.sign(keypair("fee payer"));
  return transaction;
}

describe("@solana/web3.js", () => {
  let connection;
  let front;

  before(async () => {
    const chain = buildWorld();
    chain.start();
    front = new RpcServer(new Node(chain));
    connection = new Connection(await front.listen(), "finalized");
  });
  after(() => front.close());

  // Where the chain is: identity, slots, heights, epochs and times agree with one another.
  test("tells cluster, slots and time", async () => {
    assert.equal(await connection.getGenesisHash(), GENESIS_HASH);
    assert.equal((await connection.getVersion())["solana-core"], "4.0.2");
    const slot = await connection.getSlot();
    assert.ok(slot >= SLOTS.now);
    const epoch = await connection.getEpochInfo();
    assert.ok(epoch.absoluteSlot >= slot);
    assert.equal(epoch.epoch * epoch.slotsInEpoch + epoch.slotIndex, epoch.absoluteSlot);
    assert.ok(await connection.getBlockHeight() < slot);
    assert.equal((await connection.getEpochSchedule()).getEpoch(epoch.absoluteSlot), epoch.epoch);
    assert.ok(Math.abs(await connection.getBlockTime(slot) - Date.now() / 1000) < 60);
    assert.equal(await connection.getFirstAvailableBlock(), 0);
    assert.equal(await connection.getMinimumBalanceForRentExemption(165), 2_039_280);
    assert.equal((await connection.getRecentPrioritizationFees()).length, 150);
  });

  // An account is read whole, sliced, and among others; one that does not exist is null in its place.
  test("reads accounts", async () => {
    const program = await connection.getAccountInfo(names.program);
    assert.ok(program.executable && program.owner.equals(LOADER_V3));
    assert.ok(new PublicKey(program.data.subarray(4)).equals(names.programdata));
    const [programdata, nothing] = await connection.getMultipleAccountsInfo([names.programdata, new PublicKey(key("nobody").publicKey)]);
    assert.equal(nothing, null);
    assert.ok(programdata.data.subarray(PROGRAMDATA_HEADER, PROGRAMDATA_HEADER + releaseElf().length).equals(releaseElf()));
    const header = await connection.getAccountInfo(names.programdata, { dataSlice: { offset: 12, length: 33 } });
    assert.ok(new PublicKey(header.data.subarray(1)).equals(names.vault));
    assert.equal(await connection.getBalance(names.feePayer), 2_000_000_000);
  });

  // Accounts of a program are found by size and by what their bytes hold.
  test("finds accounts of a program", async () => {
    const discriminator = Buffer.from(squads.accounts.multisigDiscriminator).toString("base64");
    const found = await connection.getProgramAccounts(SQUADS_V4,
      { filters: [{ memcmp: { offset: 0, bytes: discriminator, encoding: "base64" } }] });
    assert.deepEqual(found.map(({ pubkey }) => pubkey.toBase58()), [names.multisig.toBase58()]);
    const holders = await connection.getProgramAccounts(TOKEN_PROGRAM_ID,
      { filters: [{ dataSize: 165 }, { memcmp: { offset: 32, bytes: names.treasury.toBase58() } }] });
    assert.ok(holders[0].pubkey.equals(names.treasuryTokenAccount));
    assert.equal(holders.length, 1);
  });

  // Token accounts are found by owner, decoded by the client's own layout, and parsed by the node.
  test("reads tokens", async () => {
    const { value } = await connection.getTokenAccountsByOwner(names.treasury, { mint: names.treasuryMint });
    assert.equal(AccountLayout.decode(value[0].account.data).amount, 250_000_000_000n);
    const balance = await connection.getTokenAccountBalance(names.treasuryTokenAccount);
    assert.deepEqual(balance.value, { amount: "250000000000", decimals: 6, uiAmount: 250_000, uiAmountString: "250000" });
    const parsed = (await connection.getParsedAccountInfo(names.rewardTokenAccount)).value.data;
    assert.equal(parsed.program, "spl-token-2022");
    assert.equal(parsed.parsed.info.owner, names.vault.toBase58());
    assert.deepEqual(parsed.parsed.info.extensions, [{ extension: "immutableOwner" }]);
    const mint = (await connection.getParsedAccountInfo(names.rewardMint)).value.data.parsed;
    assert.equal(mint.type, "mint");
    assert.equal(mint.info.mintAuthority, null);
    assert.equal(mint.info.extensions[0].extension, "metadataPointer");
    const raw = (await connection.getParsedAccountInfo(names.program)).value.data;
    assert.ok(Buffer.isBuffer(raw)); // no parser for this owner: bytes
  });

  // A transaction is priced, simulated, sent, found by polling, and read back in full.
  test("sends a transaction and tells of it", async () => {
    const transaction = await transfer(connection, 1_000_000);
    assert.equal((await connection.getFeeForMessage(transaction.compileMessage())).value, 5000);
    const simulated = await connection.simulateTransaction(transaction);
    assert.equal(simulated.value.err, null);
    const signature = await connection.sendRawTransaction(transaction.serialize());
    const { value: [status] } = await connection.getSignatureStatuses([signature]);
    assert.equal(status.confirmationStatus, "finalized");
    const read = await connection.getTransaction(signature, { maxSupportedTransactionVersion: 0 });
    assert.deepEqual([read.meta.err, read.meta.fee, read.version], [null, 5000, "legacy"]);
    assert.equal(read.meta.preBalances[0] - read.meta.postBalances[0], 1_005_000);
    const parsed = await connection.getParsedTransaction(signature, { maxSupportedTransactionVersion: 0 });
    assert.ok(parsed.transaction.message.accountKeys[0].signer);
    assert.ok(parsed.transaction.message.instructions[0].programId.equals(SYSTEM));
    assert.equal((await connection.getSignaturesForAddress(names.stranger))[0].signature, signature);
    assert.ok(await connection.getBlockTime(read.slot) === read.blockTime);
  });

  // The same transaction cannot run twice, and one with a stale blockhash not once.
  test("refuses a repeated and a stale transaction", async () => {
    const transaction = await transfer(connection, 2_000_000);
    await connection.sendRawTransaction(transaction.serialize());
    await assert.rejects(connection.sendRawTransaction(transaction.serialize()), /already been processed/);
    const stale = new Transaction({ feePayer: names.feePayer, blockhash: key("no hash").publicKey.toBase58(), lastValidBlockHeight: 1 })
      .add(SystemProgram.transfer({ fromPubkey: names.feePayer, toPubkey: names.stranger, lamports: 1_000_000 }));
    stale.sign(keypair("fee payer"));
    await assert.rejects(connection.sendRawTransaction(stale.serialize()), /Blockhash not found/);
    assert.equal((await connection.isBlockhashValid(transaction.recentBlockhash)).value, true);
    assert.equal((await connection.isBlockhashValid(stale.recentBlockhash)).value, false);
  });

  // A program's refusal is told with its error and its log; with preflight skipped it lands, and costs the fee.
  test("tells of a failed transaction", async () => {
    const latest = await connection.getLatestBlockhash();
    const message = new TransactionMessage({ payerKey: names.feePayer, recentBlockhash: latest.blockhash, instructions: [
      ComputeBudgetProgram.setComputeUnitLimit({ units: 100_000 }),
      ComputeBudgetProgram.setComputeUnitPrice({ microLamports: 1_000_000 }),
      createTransferInstruction(names.treasuryTokenAccount, names.treasuryReserve, names.feePayer, 1n),
    ] }).compileToV0Message();
    const transaction = new VersionedTransaction(message);
    transaction.sign([keypair("fee payer")]);
    await assert.rejects(connection.sendTransaction(transaction), /custom program error: 0x4/);
    const signature = await connection.sendTransaction(transaction, { skipPreflight: true });
    const { value: [status] } = await connection.getSignatureStatuses([signature]);
    assert.deepEqual(status.err, { InstructionError: [2, { Custom: 4 }] });
    const read = await connection.getTransaction(signature, { maxSupportedTransactionVersion: 0 });
    assert.equal(read.version, 0);
    assert.equal(read.meta.fee, 105_000); // 5000, and 100 000 units at one lamport each
    assert.equal(read.meta.preBalances[0] - read.meta.postBalances[0], 105_000);
    assert.equal(read.meta.preTokenBalances.length, 2);
    await assert.rejects(connection.getTransaction(signature), /-32015|not supported by the requesting client/);
  });

  // An address's history comes newest first and can be paged; a program's history is that of its deployment.
  test("pages through a history", async () => {
    const all = await connection.getSignaturesForAddress(names.programdata);
    assert.deepEqual(all.map(({ slot }) => slot), [SLOTS.upgraded, SLOTS.upgraded, SLOTS.deployed]);
    const first = await connection.getSignaturesForAddress(names.programdata, { limit: 1 });
    const rest = await connection.getSignaturesForAddress(names.programdata, { before: first[0].signature });
    assert.deepEqual([...first, ...rest], all);
    const newer = await connection.getSignaturesForAddress(names.programdata, { until: all[1].signature });
    assert.deepEqual(newer, first);
    const old = all[2].signature;
    assert.deepEqual((await connection.getSignatureStatuses([old])).value, [null]); // beyond the recent ones
    assert.equal((await connection.getSignatureStatuses([old], { searchTransactionHistory: true })).value[0].slot, SLOTS.deployed);
  });

  // The faucet pays; two equal requests are two payments.
  test("airdrops", async () => {
    const to = key("poor").publicKey;
    await assert.rejects(connection.requestAirdrop(to, 7), /airdrop request failed/); // not even rent exempt
    await connection.requestAirdrop(to, 1_000_000_000);
    await connection.requestAirdrop(to, 1_000_000_000);
    await connection.requestAirdrop(to, 7);
    assert.equal(await connection.getBalance(to), 2_000_000_007);
  });

  // A memo is told with the signature that carried it, as a node does.
  test("shows memos", async () => {
    const transaction = await transfer(connection, 3_000_000);
    transaction.add({ keys: [], programId: MEMO, data: Buffer.from("hello") });
    transaction.sign(keypair("fee payer"));
    const signature = await connection.sendRawTransaction(transaction.serialize(), { skipPreflight: true });
    const [newest] = await connection.getSignaturesForAddress(names.feePayer, { limit: 1 });
    assert.deepEqual([newest.signature, newest.memo], [signature, "[5] hello"]);
  });
});

// The newer official client, which types every integer as bigint, reads the same.
test("@solana/kit is content too", async (context) => {
  const chain = buildWorld();
  chain.start();
  const front = await serve(context, chain);
  const rpc = createSolanaRpc(front.url);
  assert.equal(await rpc.getGenesisHash().send(), GENESIS_HASH);
  const { context: { slot }, value } = await rpc.getMultipleAccounts([kitAddress(names.multisig.toBase58())], { encoding: "base64+zstd" }).send();
  assert.ok(slot >= BigInt(SLOTS.now));
  assert.equal(value[0].owner, SQUADS_V4.toBase58());
  const info = await rpc.getEpochInfo().send();
  assert.equal(typeof info.absoluteSlot, "bigint");
  const [newest] = await rpc.getSignaturesForAddress(kitAddress(names.programdata.toBase58()), { limit: 1 }).send();
  const read = await rpc.getTransaction(newest.signature, { encoding: "base64", maxSupportedTransactionVersion: 0 }).send();
  assert.equal(read.slot, BigInt(SLOTS.upgraded));
  await assert.rejects(rpc.getBalance(kitAddress(names.multisig.toBase58()), { minContextSlot: 999_999_999_999n }).send(), /context slot/i);
  assert.equal((await call(front, "getHealth")).result, "ok");
});
