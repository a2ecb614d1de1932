// Releases whose program is in the custody of a realm of SPL Governance: a community that votes, and a council. The
// realm's accounts are written, because litesvm does not bundle the program; the mints that vote are real.

import { AuthorityType, createSetAuthorityInstruction } from "@solana/spl-token";
import { LOADER_V3 } from "../ids.mjs";
import { address, key } from "../keys.mjs";
import { governanceAddress, nativeTreasuryAddress, placeRealm, realmAddress } from "../spl_governance.mjs";
import { createMint } from "../tokens.mjs";
import { names } from "../world.mjs";

const REALM = "Ready DAO";
const realm = realmAddress(REALM);
const governance = governanceAddress(realm, names.program);
const treasury = nativeTreasuryAddress(governance);
const otherGovernance = governanceAddress(realm, names.stranger);
const communityMint = address("community mint");
const councilMint = address("council mint");

const text = (key) => key.toBase58();
export const HEALTHY_REALM = Object.freeze({
  name: REALM, seed: names.program, communityMint, councilMint, authority: governance,
  community: 60, council: 51, holdUp: 172_800,
  communityMintAuthority: null, councilMintAuthority: treasury,
});

const DECLARED = Object.freeze({ "spl-governance": {
  governance: text(governance), realm: text(realm), minCommunityThreshold: 60, minCouncilThreshold: 51, minHoldUpHours: 48,
} });

/// A mint whose first authority, the deployer, gave it to `authority`, or up.
function mint(chain, label, authority) {
  const deployer = key("deployer");
  createMint(chain, deployer, { mint: key(label), decimals: 0, authority: deployer.publicKey });
  chain.send([createSetAuthorityInstruction(address(label), deployer.publicKey, AuthorityType.MintTokens, authority)], [deployer]);
}

export function buildRealm(chain, changed) {
  const facts = { ...HEALTHY_REALM, ...changed };
  mint(chain, "community mint", facts.communityMintAuthority);
  mint(chain, "council mint", facts.councilMintAuthority);
  placeRealm(chain, facts);
}

/// `realm` are facts of the realm that differ, `authority` who holds the program, `after` what happens to the chain then.
const custody = (name, differs, says, { realm: changed, authority = governance, declared = DECLARED, after = () => {}, ...rest } = {}) => ({
  name, differs, owner: says.length > 0 ? ["upgrade-authority"] : [], touches: ["programdata"], says: () => says,
  custody: declared, facts: { upgradeAuthority: authority },
  chain: (chain) => { buildRealm(chain, changed); after(chain); },
  ...rest,
});

const declaredToo = (more) => ({ "spl-governance": { ...DECLARED["spl-governance"], ...more } });
const refusesAccounts = [{ method: "getMultipleAccounts", status: 503 }, { method: "getAccountInfo", status: 503 }];

export const realmVariants = [
  custody("realm-governance", "A governance of a realm holds the program.", []),
  custody("realm-treasury", "The native treasury of that governance holds the program.", [], { authority: treasury }),
  custody("realm-threshold-lowered", "Ten percent of the community decide.",
    ["community vote threshold is 10 % yes, expected at least 60 % yes"], { realm: { community: 10 } }),
  custody("realm-council-lowered", "One percent of the council decides.",
    ["council vote threshold is 1 % yes, expected at least 51 % yes"], { realm: { council: 1 } }),
  custody("realm-community-silenced", "The community has no vote, and nobody declared that.",
    ["community vote threshold is disabled, which must be declared"], { realm: { community: null } }),
  custody("realm-hold-up-short", "What was voted can run an hour later.",
    ["hold-up time is 1 hour (3600 s), expected at least 48 hours"], { realm: { holdUp: 3600 } }),
  custody("realm-single-key", "A single key may change how the realm counts votes.",
    [`realm authority ${text(names.stranger)} may change how the realm counts votes, alone`],
    { realm: { authority: names.stranger } }),
  custody("realm-votes-printed", "A single key may make votes of the council.",
    [`council mint authority ${text(names.stranger)} may make votes alone`], { realm: { councilMintAuthority: names.stranger } }),
  custody("realm-votes-weighed", "Another program says how much a vote of the community weighs.",
    [`community votes are weighed by program ${text(names.stranger)}`], { realm: { communityAddin: names.stranger } }),
  custody("realm-supply-reduced", "A hundredth of the supply counts as all votes.",
    ["all community votes are taken to be"], { realm: { parts: 100_000_000n } }),
  custody("realm-other-governance", "Another governance of the same realm holds the program.",
    [`upgrade authority ${text(otherGovernance)} is neither governance ${text(governance)}`], { authority: otherGovernance }),
  custody("realm-nobody-can-sign", "The realm itself holds the program, for which nothing signs.",
    [`upgrade authority ${text(realm)} is the realm itself`], { authority: realm }),
  custody("realm-of-another", "The governance that was declared belongs to another realm.",
    ["is not at the address that its realm and seed derive to"],
    { after: (chain) => chain.patch(governance, (account) => { account.data.set(names.stranger.toBytes(), 1); }) }),
  custody("realm-imitated", "The governance's bytes are right, but the account is not the program's.",
    [`governance ${text(governance)} is owned by`, text(LOADER_V3)],
    { after: (chain) => chain.patch(governance, (account) => { account.owner = LOADER_V3; }) }),
  custody("realm-cut-short", "The account of the governance ends within its rules.", [`governance ${text(governance)} is none: Governance: expected`],
    { after: (chain) => chain.patch(governance, (account) => { account.data = account.data.subarray(0, 80); }) }),
  custody("realm-garbage", "The account of the governance holds a threshold of a kind that does not exist.",
    [`governance ${text(governance)} is none: Governance: expected 0 to 2 for community vote threshold at offset 69, found 255`],
    { after: (chain) => chain.patch(governance, (account) => { account.data[69] = 255; }) }),
  custody("realm-declared-otherwise", "What weighs the community's votes is declared.", [],
    { realm: { communityAddin: names.stranger }, declared: declaredToo({ voterWeightAddins: [text(names.stranger)] }) }),
  custody("realm-unreadable", "No node answers for accounts.", [],
    { inconclusive: true, overrides: { primary: refusesAccounts, fallback: refusesAccounts } }),
];
