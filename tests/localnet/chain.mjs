// One chain: an SVM with the things around it that a node has and litesvm does not: slots that follow the
// wall clock, a blockhash for every slot, and a memory of the transactions.
//
// While a world is built, slots stand still and are chosen (`warp`), so that the bytes of every account are the
// same in every run. Once `start` is called, slots advance with time and never go back.

import { PublicKey, TransactionMessage, VersionedTransaction } from "@solana/web3.js";
import { Account, Clock, EpochSchedule, FailedTransactionMetadata, FeatureSet, LiteSvm, transactionError } from "./svm.mjs";
import { balancesOf, feeOf, readTransaction } from "./history.mjs";
import { encodeBase58 } from "./base58.mjs";
import { sha256 } from "./keys.mjs";
import { FEATURE, NATIVE_LOADER, SYSTEM, SYSVAR_OWNER } from "./ids.mjs";

/// litesvm's own programs carry slot 447 552 000 in their programdata, so nothing here may be older.
export const SLOTS = Object.freeze({ deployed: 448_000_000, upgraded: 449_000_000, now: 449_100_000 });
export const GENESIS_HASH = encodeBase58(sha256("readyctl localnet genesis"));
export const SLOTS_PER_EPOCH = 432_000;

const MILLISECONDS_PER_SLOT = 400;
const SKIPPED_SLOTS = 21_500_000; // slots that never had a block, so that a height is never mistaken for a slot
export const BLOCKHASH_AGE = 150; // blocks for which a blockhash stays valid
const RENT_EPOCH_EXEMPT = 18_446_744_073_709_551_615n;

/// Errors that refuse a transaction before it runs: no fee is taken and no node remembers it.
const ran = (err) => err === null || typeof err === "object";

export class Chain {
  #svm = new LiteSvm();
  #slot = SLOTS.deployed;
  #started = null;
  #touched = new Set();
  #origin; // unix seconds of SLOTS.now
  #clockLagSeconds;

  /// With `clockLagSeconds` the chain's own clock is that much behind the wall clock, as after a halt. Its runtime has the
  /// features that were active on mainnet when litesvm was made, those in `also` and not those in `without`. The accounts
  /// of features are those of mainnet whatever the runtime does.
  constructor({ clockLagSeconds = 0, also = [], without = [] } = {}) {
    if (also.length + without.length > 0) this.#setFeatures(also, without);
    this.#svm.setBlockhashCheck(false); // litesvm accepts only its latest; this chain checks them itself
    this.#svm.setTransactionHistory(1_000_000n);
    this.#svm.setEpochSchedule(new EpochSchedule(BigInt(SLOTS_PER_EPOCH), BigInt(SLOTS_PER_EPOCH), false, 0n, 0n));
    this.#clockLagSeconds = clockLagSeconds;
    this.#origin = Date.now() / 1000 - clockLagSeconds;
    this.history = new Map(); // signature -> record, oldest first
    this.#setClock();
  }

  #setFeatures(also, without) {
    const features = new FeatureSet();
    for (const { address } of this.programAccounts(FEATURE)) features.activate(address.toBytes(), 0n);
    for (const feature of also) features.activate(feature.toBytes(), 0n);
    for (const feature of without) features.deactivate(feature.toBytes());
    this.#svm.setFeatureSet(features);
    this.#svm.setBuiltins(); // the loaders, which read the features when they are made
  }

  // --- time -----------------------------------------------------------------------------------------------

  start() {
    this.#origin = Date.now() / 1000 - this.#clockLagSeconds; // building took a while
    this.warp(SLOTS.now);
    this.#started = performance.now(); // monotonic: a stepped wall clock must not turn slots back
  }

  /// The newest slot. Once started, the SVM's Clock is moved along.
  slot() {
    if (this.#started !== null) {
      const slot = SLOTS.now + Math.floor((performance.now() - this.#started) / MILLISECONDS_PER_SLOT);
      if (slot !== this.#slot) this.warp(slot);
    }
    return this.#slot;
  }

  warp(slot) {
    this.#slot = slot;
    this.#setClock();
  }

  #setClock() {
    const epoch = Math.floor(this.#slot / SLOTS_PER_EPOCH);
    const epochStart = this.blockTime(epoch * SLOTS_PER_EPOCH);
    this.#svm.setClock(new Clock(BigInt(this.#slot), BigInt(epochStart), BigInt(epoch), BigInt(epoch + 1),
      BigInt(this.blockTime(this.#slot))));
  }

  blockTime(slot) {
    return Math.floor(this.#origin + ((slot - SLOTS.now) * MILLISECONDS_PER_SLOT) / 1000);
  }

  blockHeight(slot) {
    return slot - SKIPPED_SLOTS;
  }

  /// The blockhash of a slot. A node on a fork (`fork` not empty) has other ones.
  blockhash(slot, fork = "") {
    return encodeBase58(sha256(`readyctl localnet blockhash ${fork} ${slot}`));
  }

  /// The slot of a blockhash that is still valid at `slot`, or null.
  slotOfBlockhash(blockhash, slot, fork = "") {
    for (let candidate = slot; candidate > slot - BLOCKHASH_AGE; candidate -= 1) {
      if (this.blockhash(candidate, fork) === blockhash) return candidate;
    }
    return null;
  }

  // --- accounts -------------------------------------------------------------------------------------------

  account(address) {
    return this.#svm.getAccount(address.toBytes());
  }

  programAccounts(program) {
    return this.#svm.getProgramAccounts(program.toBytes())
      .map((entry) => ({ address: new PublicKey(entry.address), account: entry.account() }))
      .filter(({ account }) => account.lamports() > 0n);
  }

  rentExempt(space) {
    return Number(this.#svm.minimumBalanceForRentExemption(BigInt(space)));
  }

  /// Writes an account's bytes, which no instruction can do: for programs that are not bundled, and for states that
  /// the real program would refuse. Each caller says why.
  place(address, { data = new Uint8Array(), owner = SYSTEM, lamports, executable = false }) {
    this.#touched.add(address.toBase58());
    this.#svm.setAccount(address.toBytes(),
      new Account(BigInt(lamports), Uint8Array.from(data), owner.toBytes(), executable, RENT_EPOCH_EXEMPT));
  }

  /// Rewrites an existing account; `change` gets { data, owner, lamports, executable } and alters it in place.
  patch(address, change) {
    const account = this.account(address);
    const fields = { data: Buffer.from(account.data()), owner: new PublicKey(account.owner()),
      lamports: account.lamports(), executable: account.executable() };
    change(fields);
    this.place(address, fields);
  }

  remove(address) {
    this.place(address, { lamports: 0n });
  }

  /// Every account that this world has made or used, by address: what differs between two worlds. Builtin programs and
  /// sysvars are left out: they are every chain's.
  snapshot() {
    const accounts = new Map();
    for (const text of [...this.#touched].sort()) {
      const account = this.account(new PublicKey(text));
      if (!account) continue;
      const owner = new PublicKey(account.owner());
      if (owner.equals(NATIVE_LOADER) || owner.equals(SYSVAR_OWNER)) continue;
      const head = [account.lamports(), owner.toBase58(), account.executable()].join(" ");
      accounts.set(text, `${head} ${account.data().length} ${sha256(account.data()).toString("hex")}`);
    }
    return accounts;
  }

  // --- transactions ---------------------------------------------------------------------------------------

  /// Signs and executes instructions; the first signer pays. A failure is thrown with the program's log.
  ///
  /// `granted` are addresses without a private key that the instructions name as signers. On a cluster their
  /// program would sign for them by calling on; here verification is off for this one transaction, and the
  /// instruction that runs is the real one.
  send(instructions, signers, { granted = [] } = {}) {
    // Version 0, because web3.js keeps the data of legacy messages in base58, which is slow for a deployment.
    const message = new TransactionMessage({ payerKey: signers[0].publicKey, instructions,
      recentBlockhash: this.blockhash(this.slot()) }).compileToV0Message();
    const transaction = new VersionedTransaction(message);
    const bytes = message.serialize();
    for (const signer of signers) transaction.addSignature(signer.publicKey, signer.sign(bytes));
    if (granted.length > 0) this.#svm.setSigverify(false);
    const record = this.execute(transaction.serialize());
    this.#svm.setSigverify(true);
    if (record.err !== null) {
      throw new Error(`transaction failed: ${JSON.stringify(record.err)}\n${record.logs.join("\n")}`);
    }
    return record;
  }

  /// Executes the bytes of a signed transaction and remembers it, as a leader would.
  execute(bytes) {
    const slot = this.slot();
    const read = readTransaction(this.#svm, bytes);
    const before = balancesOf(this.#svm, read.keys);
    const result = this.#svm.sendVersionedTransaction(bytes);
    const failed = result instanceof FailedTransactionMetadata;
    const record = {
      ...read, slot, bytes: Buffer.from(bytes), fee: feeOf(read.message), before,
      after: balancesOf(this.#svm, read.keys), ...outcome(failed ? result.meta() : result),
      err: failed ? transactionError(result.err()) : null,
    };
    if (ran(record.err)) {
      this.history.set(record.signature, record);
      for (const pubkey of read.keys) this.#touched.add(pubkey.toBase58());
    }
    return record;
  }

  /// Runs a transaction without keeping its effects. `verify` says whether signatures are checked.
  simulate(bytes, { verify }) {
    this.slot();
    const read = readTransaction(this.#svm, bytes);
    const before = balancesOf(this.#svm, read.keys);
    this.#svm.setSigverify(verify);
    const result = this.#svm.simulateVersionedTransaction(bytes);
    this.#svm.setSigverify(true);
    const failed = result instanceof FailedTransactionMetadata;
    return { ...read, before, fee: feeOf(read.message), ...outcome(result.meta()),
      err: failed ? transactionError(result.err()) : null,
      postAccounts: failed ? new Map() : new Map(result.postAccounts()
        .map((entry) => [encodeBase58(entry.address), entry.account()])) };
  }
}

function outcome(meta) {
  const returned = meta.returnData();
  return {
    logs: meta.logs(),
    units: meta.computeUnitsConsumed(),
    inner: meta.innerInstructions().map((list) => list.map((entry) => ({
      programIdIndex: entry.instruction().programIdIndex(),
      accounts: [...entry.instruction().accounts()],
      data: encodeBase58(entry.instruction().data()),
      stackHeight: entry.stackHeight(),
    }))),
    returnData: returned.data().length === 0 ? null
      : { programId: encodeBase58(returned.programId()), data: [Buffer.from(returned.data()).toString("base64"), "base64"] },
  };
}
