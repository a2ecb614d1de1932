// Releases whose program is in the custody of a Squads v3 multisig. All of its accounts are written (squads_v3.mjs says
// where the bytes come from).

import { SystemProgram } from "@solana/web3.js";
import { SQUADS_V4 } from "../ids.mjs";
import { address } from "../keys.mjs";
import { close } from "../loader.mjs";
import { authorityAddress, msAddress, placeMs, placeMsTransaction } from "../squads_v3.mjs";
import { names } from "../world.mjs";

const createKey = address("squads v3 create key");
export const ms = msAddress(createKey);
const vault = authorityAddress(ms, 1);
const { alice, bob, carol, stranger, treasury } = names;

const text = (key) => key.toBase58();
export const HEALTHY_MS = Object.freeze({ createKey, members: [alice, bob, carol], threshold: 2 });
const DECLARED = Object.freeze({ "squads-v3": {
  multisig: text(ms), minMembers: 3, minThreshold: 2, members: [alice, bob, carol].map(text).sort(),
} });
const anybody = Object.freeze({ "squads-v3": { multisig: text(ms), minMembers: 3, minThreshold: 2 } });

/// `breaks`: how many observations the difference shows in, where that is not one.
const custody = (name, differs, says, { ms: changed, authority = vault, declared = DECLARED, after = () => {}, ...rest } = {}) => ({
  name, differs, owner: says.length > 0 ? ["upgrade-authority"] : [], touches: ["programdata"], says: () => says,
  custody: declared, facts: { upgradeAuthority: authority },
  chain: (chain) => { placeMs(chain, { ...HEALTHY_MS, ...changed }); after(chain); },
  ...rest,
});
const refusesAccounts = [{ method: "getMultipleAccounts", status: 503 }, { method: "getAccountInfo", status: 503 }];

export const squadsV3Variants = [
  custody("squads-v3", "The default vault of a Squads v3 multisig holds the program.", []),
  custody("squads-v3-one-of-three", "Any one member can approve.", ["threshold is 1 of 3"], { ms: { threshold: 1 } }),
  custody("squads-v3-member-replaced", "One of the three members is somebody else.", [text(stranger), text(carol)],
    { ms: { members: [alice, bob, stranger] }, breaks: 2 }),
  custody("squads-v3-two-members", "The multisig has two members.", ["members"], { ms: { members: [alice, bob] }, declared: anybody }),
  custody("squads-v3-other-authority", "Another authority of the same multisig holds the program.",
    ["is authority 2 of the same multisig"], { authority: authorityAddress(ms, 2) }),
  custody("squads-v3-key", "A key holds the program.", [`upgrade authority ${text(stranger)} is not authority 1`], { authority: stranger }),
  custody("squads-v3-unknown-holders", "One member is an address for which a program signs.",
    [`member ${text(treasury)} is off the curve`], { ms: { members: [alice, bob, treasury] }, declared: anybody }),
  custody("squads-v3-is-v4", "The account at the multisig's address is of version 4.",
    ["not by", "declare it under \\\"squads-v4\\\""], { after: (chain) => chain.patch(ms, (account) => { account.owner = SQUADS_V4; }) }),
  custody("squads-v3-missing", "There is no account at the multisig's address.", [`multisig ${text(ms)} does not exist`],
    { after: (chain) => chain.remove(ms) }),
  // The count of members is the last number before them.
  custody("squads-v3-crowded", "The account counts more members than it has room for.", ["Squads v3 Ms: expected room for"],
    { after: (chain) => chain.patch(ms, (account) => { account.data.writeUInt32LE(0xffffffff, 54); }) }),
  custody("squads-v3-unreadable", "No node answers for accounts.", [],
    { inconclusive: true, overrides: { primary: refusesAccounts, fallback: refusesAccounts } }),
];

/// Multisigs that have had three transactions, the first of them void, and what stands in the third: pending-proposals
/// decides these.
const queue = (name, differs, says, status, instructions, { changedAt = 1, ...rest } = {}) => ({
  name, differs, says: () => says, owner: says.length > 0 ? ["pending-proposals"] : [], touches: ["programdata"],
  facts: { upgradeAuthority: vault },
  chain: (chain) => {
    placeMs(chain, { ...HEALTHY_MS, transactions: 3, changedAt });
    placeMsTransaction(chain, { ms, index: 1, creator: stranger, status: "Active", instructions: [transfer] });
    placeMsTransaction(chain, { ms, index: 2, creator: alice, status: "Executed", approved: [alice, bob], instructions: [transfer] });
    placeMsTransaction(chain, { ms, index: 3, creator: alice, status, approved: [alice, bob], instructions });
  },
  ...rest,
});
const transfer = SystemProgram.transfer({ fromPubkey: vault, toPubkey: stranger, lamports: 1_000_000_000 });

export const squadsV3Queues = [
  queue("squads-v3-nothing-open", "All is executed, cancelled or void.", [], "Cancelled", [transfer]),
  queue("squads-v3-open-transfer", "Members vote on a transfer.", ["transaction 3 (Active) would transfer 1000000000 lamports"], "Active", [transfer]),
  queue("squads-v3-open-close", "What is approved closes the program after a transfer.",
    ["transaction 3 (ExecuteReady) would", "transfer 1000000000 lamports", "close program"], "ExecuteReady", [transfer, close(names.program, stranger, vault)]),
  queue("squads-v3-void-and-approved", "What was approved before the members changed can still be executed.",
    ["transaction 3 (ExecuteReady, stale, and executable all the same)"], "ExecuteReady", [transfer], { changedAt: 3 }),
  queue("squads-v3-void", "What was voted on before the members changed is void.", [], "Active", [transfer], { changedAt: 3 }),
];
