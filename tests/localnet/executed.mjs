// An endpoint that knows one multisig and all the transactions that it ever had, each a transfer that was executed and
// never closed, in the bytes of the official SDK. It answers thousands of accounts faster than the cluster does, which
// reads each out of the SVM.

import "./quiet.mjs";
import { createServer } from "node:http";
import { SystemProgram } from "@solana/web3.js";
import { CLOCK_SYSVAR, SQUADS_V4 } from "./ids.mjs";
import { address } from "./keys.mjs";
import { multisigAddress, placeMultisig, placeProposal, placeVaultTransaction, vaultAddress } from "./squads.mjs";

export const genesisHash = "11111111111111111111111111111112";
const [alice, bob, carol] = ["alice", "bob", "carol"].map(address);
const createKey = address("multisig with a history");
const multisigPda = multisigAddress(createKey);
const transfer = (lamports) => SystemProgram.transfer({ fromPubkey: vaultAddress(multisigPda, 0), toPubkey: alice, lamports });

/// The latest `active` ones are still voted on.
function place(chain, transactions, active) {
  const members = [alice, bob, carol].map((key) => ({ key, mask: 7 }));
  placeMultisig(chain, { createKey, members, threshold: 2, timeLock: 172_800, transactions, stale: 0 });
  for (let index = 1; index <= transactions; ++index) {
    placeVaultTransaction(chain, { multisigPda, index, creator: alice, instructions: [transfer(index)] });
    const status = index > transactions - active ? "Active" : "Executed";
    placeProposal(chain, { multisigPda, index, status, since: 1_700_000_000 + index, approved: status === "Active" ? [] : [alice, bob] });
  }
}

function answerOf(accounts, method, [first, config] = []) {
  const context = { slot: 1000 };
  const account = (key) => {
    const held = accounts.get(key);
    if (!held) return null;
    const { offset, length } = config.dataSlice ?? { offset: 0, length: held.data.length };
    return { lamports: held.lamports, owner: held.owner, executable: false, rentEpoch: 0, space: held.data.length,
      data: [held.data.subarray(offset, offset + length).toString("base64"), "base64"] };
  };
  if (method === "getGenesisHash") return genesisHash;
  if (method === "getLatestBlockhash") return { context, value: { blockhash: genesisHash, lastValidBlockHeight: 2000 } };
  if (method === "getAccountInfo") return { context, value: account(first) };
  if (method === "getSignaturesForAddress") return [];
  if (method === "getMultipleAccounts") return { context, value: first.map(account) };
  return null;
}

/// The Clock sysvar at slot 1000: slot, epoch_start_timestamp, epoch, leader_schedule_epoch, unix_timestamp.
function clock() {
  const data = Buffer.alloc(40);
  [1000n, 1_700_000_000n, 7n, 8n, 1_700_000_400n].forEach((value, i) => data.writeBigUInt64LE(value, 8 * i));
  return { data, lamports: 1_169_280, owner: "Sysvar1111111111111111111111111111111111111" };
}

/// Serves it: { multisig, url, close }. `onAccounts` hears how many accounts each request asks for.
export async function serveExecuted({ transactions, active = 0, latencyMs = 0, onAccounts = () => {} }) {
  const accounts = new Map();
  const rentExempt = (bytes) => (128 + bytes) * 6960;
  place({ rentExempt, place: (key, { data, lamports }) => accounts.set(key.toBase58(), { data, lamports, owner: SQUADS_V4.toBase58() }) }, transactions, active);
  accounts.set(CLOCK_SYSVAR.toBase58(), clock());
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const { id, method, params } = JSON.parse(Buffer.concat(chunks).toString());
      if (method === "getMultipleAccounts") onAccounts(params[0].length);
      const body = JSON.stringify({ jsonrpc: "2.0", id, result: answerOf(accounts, method, params) });
      setTimeout(() => response.writeHead(200, { "content-type": "application/json" }).end(body), latencyMs);
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    multisig: multisigPda.toBase58(),
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => { server.closeAllConnections(); server.close(); },
  };
}
