// Releases whose people have something before them: a council that votes on an upgrade, and the members of a Squads v3
// multisig. All of these accounts are written; spl_governance.mjs and squads_v3.mjs say where the bytes come from.

import { SystemProgram } from "@solana/web3.js";
import { SLOTS } from "../chain.mjs";
import { address, key } from "../keys.mjs";
import { setAuthority, upgradeFrom } from "../loader.mjs";
import { governanceAddress, nativeTreasuryAddress, placeProposal, placeVoter, proposalAddress, realmAddress, tokenOwnerRecordAddress } from "../spl_governance.mjs";
import { authorityAddress, msAddress, msTransactionAddress, placeMs, placeMsTransaction } from "../squads_v3.mjs";
import { createHolding } from "../tokens.mjs";
import { names } from "../world.mjs";
import { HEALTHY_REALM, buildRealm } from "./realm.mjs";
import { HEALTHY_MS } from "./squads_v3.mjs";

const { alice, bob, carol, stranger, vault1 } = names;
const DAY = 86_400;
const ago = (chain, days) => chain.blockTime(SLOTS.now) - days * DAY;

const realm = realmAddress(HEALTHY_REALM.name);
const mint = HEALTHY_REALM.councilMint;
const governance = governanceAddress(realm, HEALTHY_REALM.seed);
const treasury = nativeTreasuryAddress(governance);
const seed = address("proposal seed");

/// Where what is inspected is.
export const council = Object.freeze({ realm, mint, governance, treasury, proposal: proposalAddress(governance, mint, seed),
  voter: tokenOwnerRecordAddress(realm, mint, bob) });

// Three seats: two people, and a vault of the release's own multisig, behind which are three people.
const seats = [{ owner: alice, votes: 3 }, { owner: bob, votes: 1, delegate: stranger }, { owner: vault1, votes: 1 }];

function seat(chain) {
  const deployer = key("deployer");
  buildRealm(chain, { councilMintAuthority: deployer.publicKey, authority: governance });
  createHolding(chain, deployer, { mint, owner: realm, authority: deployer, amount: 5n });
  for (const one of seats) placeVoter(chain, { realm, mint, ...one });
}

function propose(chain) {
  placeProposal(chain, { governance, mint, seed, realm, name: "Upgrade to 1.2.0", proposer: alice, state: "Succeeded",
    votingAt: ago(chain, 4), completedAt: ago(chain, 1), instructions: [upgradeFrom(names.program, names.buffer, stranger, treasury)],
    voters: [{ owner: alice, votes: 3, approves: true }, { owner: bob, votes: 1, approves: false }] });
}

const ms = msAddress(HEALTHY_MS.createKey);
const msVault = authorityAddress(ms, 1);

/// Where what is inspected is.
export const squadsV3 = Object.freeze({ ms, vault: msVault, waiting: msTransactionAddress(ms, 2) });

function buildMs(chain) {
  placeMs(chain, { ...HEALTHY_MS, transactions: 2 });
  placeMsTransaction(chain, { ms, index: 1, creator: alice, status: "Executed", approved: [alice, bob], instructions: [] });
  placeMsTransaction(chain, { ms, index: 2, creator: bob, status: "Active", approved: [bob], instructions: [
    setAuthority(names.program, msVault, stranger),
    SystemProgram.transfer({ fromPubkey: msVault, toPubkey: carol, lamports: 5_000_000_000n }),
  ] });
}

const inspection = (name, differs, upgradeAuthority, chain) =>
  ({ name, differs, owner: [], touches: ["programdata"], says: () => [], facts: { upgradeAuthority }, chain });

export const inspectionVariants = [
  inspection("realm-voting", "A council holds the program, and has voted to upgrade it.", treasury,
    (chain) => { seat(chain); propose(chain); }),
  inspection("squads-v3-voting", "A Squads v3 multisig holds the program, and votes on giving it away.", msVault, buildMs),
];
