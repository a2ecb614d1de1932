// The accounts of a realm in SPL Governance: their bytes come from the official SDK's own schemas, at the addresses that
// the program would have used. The program itself is not bundled with litesvm, so no instruction of it runs here; what
// it wrote when it did run is in tests/solana/vectors.json, and custody.test.mjs compares.

import { createRequire } from "node:module";
import { PublicKey } from "@solana/web3.js";
import { SPL_GOVERNANCE } from "./ids.mjs";

const require = createRequire(import.meta.url);
const sdk = require("@solana/spl-governance");
// The SDK teaches its own copy of borsh, and of big numbers, to write its types; another copy would not know them.
const ofSdk = createRequire(require.resolve("@solana/spl-governance"));
const { serialize } = ofSdk("borsh");
const BN = ofSdk("bn.js");

const SCHEMA = sdk.getGovernanceAccountSchema(2);
const ROOM_IN_REALM = 128; // zeros behind the name, which the SDK's schema leaves out
const ROOM_IN_GOVERNANCE = 1;
const RESERVED_IN_REALM_CONFIG = 110;
const REALM_CONFIG = 293; // as if all four add-ins were set, however many are

const derived = (...seeds) => PublicKey.findProgramAddressSync(seeds.map((seed) => seed.toBuffer?.() ?? Buffer.from(seed)), SPL_GOVERNANCE)[0];
export const realmAddress = (name) => derived("governance", name);
export const realmConfigAddress = (realm) => derived("realm-config", realm);
export const governanceAddress = (realm, seed) => derived("account-governance", realm, seed);
export const nativeTreasuryAddress = (governance) => derived("native-treasury", governance);

const u64 = (value) => new BN(String(value));
const bytesOf = (value, room = 0) => Buffer.concat([Buffer.from(serialize(SCHEMA, value)), Buffer.alloc(room)]);
/// A share of yes votes in percent; null: this population has no vote.
const threshold = (percent) => new sdk.VoteThreshold(percent === null
  ? { type: sdk.VoteThresholdType.Disabled } : { type: sdk.VoteThresholdType.YesVotePercentage, value: percent });

/// `parts`: of ten thousand million, how many of the community's supply count as all of its votes.
export function realmData({ name, communityMint, councilMint, authority, parts = 10_000_000_000n }) {
  const realm = new sdk.Realm({
    communityMint, name, authority: authority ?? null, votingProposalCount: 0, reserved: new Uint8Array(6),
    config: new sdk.RealmConfig({
      councilMint: councilMint ?? null, useCommunityVoterWeightAddin: false, useMaxCommunityVoterWeightAddin: false,
      minCommunityTokensToCreateGovernance: u64(100), reserved: new Uint8Array(6),
      communityMintMaxVoteWeightSource: new sdk.MintMaxVoteWeightSource({
        type: sdk.MintMaxVoteWeightSourceType.SupplyFraction, value: u64(parts) }),
    }),
  });
  realm.accountType = sdk.GovernanceAccountType.RealmV2; // the class says version 1
  return bytesOf(realm, ROOM_IN_REALM);
}

/// `community`, `council`: percent of yes votes, or null; `holdUp` in seconds.
export function governanceData({ realm, seed, community, council, holdUp }) {
  const config = new sdk.GovernanceConfig({
    communityVoteThreshold: threshold(community), councilVoteThreshold: threshold(council),
    councilVetoVoteThreshold: threshold(40), communityVetoVoteThreshold: threshold(null),
    minCommunityTokensToCreateProposal: u64(1_000_000), minCouncilTokensToCreateProposal: u64(1),
    minInstructionHoldUpTime: holdUp, baseVotingTime: 259_200, votingCoolOffTime: 43_200, depositExemptProposalCount: 10,
    communityVoteTipping: sdk.VoteTipping.Early, councilVoteTipping: sdk.VoteTipping.Strict,
  });
  return bytesOf(new sdk.Governance({ accountType: sdk.GovernanceAccountType.GovernanceV2, realm, governedAccount: seed,
    config, reserved: new Uint8Array(120), proposalCount: 0, activeProposalCount: u64(0) }), ROOM_IN_GOVERNANCE);
}

/// Of each population the program that weighs its votes, if any.
export function realmConfigData({ realm, communityAddin, councilAddin, councilTokenType = sdk.GoverningTokenType.Liquid }) {
  const token = (voterWeightAddin, tokenType) => new sdk.GoverningTokenConfig({
    voterWeightAddin: voterWeightAddin ?? null, maxVoterWeightAddin: null, tokenType, reserved: new Uint8Array(8) });
  const config = bytesOf(new sdk.RealmConfigAccount({ realm, reserved: new Uint8Array(RESERVED_IN_REALM_CONFIG),
    communityTokenConfig: token(communityAddin, sdk.GoverningTokenType.Liquid),
    councilTokenConfig: token(councilAddin, councilTokenType) }));
  return Buffer.concat([config, Buffer.alloc(REALM_CONFIG - config.length)]);
}

export const MEMBERSHIP = sdk.GoverningTokenType.Membership;

/// A realm, one governance in it and the realm's configuration. The mints are the caller's to make.
export function placeRealm(chain, facts) {
  const realm = realmAddress(facts.name);
  const place = (at, data) => chain.place(at, { data, owner: SPL_GOVERNANCE, lamports: chain.rentExempt(data.length) });
  place(realm, realmData(facts));
  place(realmConfigAddress(realm), realmConfigData({ realm, ...facts }));
  place(governanceAddress(realm, facts.seed), governanceData({ realm, ...facts }));
}
