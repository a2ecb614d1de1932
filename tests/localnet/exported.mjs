// A transaction of the vault in every form in which official libraries export one.

import * as squads from "@sqds/multisig";
import { AddressLookupTableAccount, SystemProgram, Transaction, TransactionMessage, VersionedTransaction } from "@solana/web3.js";
import { encodeBase58 } from "./base58.mjs";
import { upgradeFrom } from "./loader.mjs";
import { names } from "./world.mjs";
import { upgradeTable } from "./variants/upgrade.mjs";

const { buffer, program, stranger, treasury, vault } = names;
const recentBlockhash = encodeBase58(Buffer.alloc(32, 7));
const table = new AddressLookupTableAccount({ key: upgradeTable.address,
  state: { deactivationSlot: 2n ** 64n - 1n, lastExtendedSlot: 0, lastExtendedSlotStartIndex: 0, addresses: upgradeTable.addresses } });

/// The upgrade as it was reviewed, but for what is said.
export const upgradeOf = ({ from = buffer, spill = treasury } = {}) => upgradeFrom(program, from, spill, vault);
export const theft = () => SystemProgram.transfer({ fromPubkey: vault, toPubkey: stranger, lamports: 1_000_000_000n });

const message = (instructions) => new TransactionMessage({ payerKey: vault, recentBlockhash, instructions });
const base64 = (bytes) => Buffer.from(bytes).toString("base64");
const base58 = (bytes) => encodeBase58(Buffer.from(bytes));
const compact = (instructions, tables) => squads.utils.transactionMessageToMultisigTransactionMessageBytes(
  { message: message(instructions), addressLookupTableAccounts: tables, vaultPda: vault });

export const forms = {
  "legacy message in base58": (instructions) => base58(message(instructions).compileToLegacyMessage().serialize()),
  "version 0 message in base64": (instructions) => base64(message(instructions).compileToV0Message().serialize()),
  "whole legacy transaction in base64": (instructions) => base64(new Transaction({ feePayer: vault, recentBlockhash })
    .add(...instructions).serialize({ requireAllSignatures: false })),
  "whole version 0 transaction in base58": (instructions) =>
    base58(new VersionedTransaction(message(instructions).compileToV0Message()).serialize()),
  "Squads message in base64": (instructions) => base64(compact(instructions)),
  "Squads message in base58": (instructions) => base58(compact(instructions)),
};

/// A Squads message that takes accounts out of the table, and the loader too.
export const fromTable = (instructions) => base64(compact(instructions, [table]));
