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

const holderSeeds = (realm, mint, owner) => ["governance", realm, mint, owner];
export const tokenOwnerRecordAddress = (realm, mint, owner) => derived(...holderSeeds(realm, mint, owner));
const ROOM_IN_RECORD = 128; // reserved, and a list of locks

/// What a realm knows of somebody who has deposited `votes` of the mint.
export function placeVoter(chain, { realm, mint, owner, votes, delegate }) {
  const record = new sdk.TokenOwnerRecord({ realm, governingTokenMint: mint, governingTokenOwner: owner,
    governingTokenDepositAmount: u64(votes), unrelinquishedVotesCount: 0, totalVotesCount: 0, outstandingProposalCount: 0,
    version: 1, reserved: new Uint8Array(6), governanceDelegate: delegate ?? null });
  record.accountType = sdk.GovernanceAccountType.TokenOwnerRecordV2;
  placeGovernance(chain, tokenOwnerRecordAddress(realm, mint, owner), bytesOf(record, ROOM_IN_RECORD));
}

/// The proposal that was made with this seed, and the address of a transaction of its only choice.
export const proposalAddress = (governance, mint, seed) => derived("governance", governance, mint, seed);
const transactionAddress = (proposal, index) => derived("governance", proposal, Buffer.from([0]), Buffer.from([index, 0]));

/// A vote whose times are Unix seconds. `state` is a name of the SDK's, `instructions` are web3.js's, `voters` are
/// [{ owner, votes, approves }].
export function placeProposal(chain, { governance, mint, seed, name, proposer, realm, state, votingAt, completedAt, instructions, voters }) {
  const { Voting } = sdk.ProposalState;
  const at = proposalAddress(governance, mint, seed);
  const weight = (approves) => u64(voters.filter((voter) => voter.approves === approves).reduce((sum, { votes }) => sum + votes, 0));
  const isOpen = sdk.ProposalState[state] <= Voting;
  const proposal = new sdk.Proposal({ accountType: sdk.GovernanceAccountType.ProposalV2, governance, governingTokenMint: mint,
    state: sdk.ProposalState[state], tokenOwnerRecord: tokenOwnerRecordAddress(realm, mint, proposer), signatoriesCount: 1,
    signatoriesSignedOffCount: 1, voteType: sdk.VoteType.SINGLE_CHOICE, denyVoteWeight: weight(false), reserved1: 0,
    options: [new sdk.ProposalOption({ label: "Approve", voteWeight: weight(true), voteResult: isOpen ? 0 : 1,
      instructionsExecutedCount: 0, instructionsCount: 1, instructionsNextIndex: 1 })],
    abstainVoteWeight: null, startVotingAt: null, draftAt: u64(votingAt - 60), signingOffAt: u64(votingAt), votingAt: u64(votingAt),
    votingAtSlot: u64(1), votingCompletedAt: isOpen ? null : u64(completedAt), executingAt: null, closedAt: null, executionFlags: 0,
    maxVoteWeight: null, maxVotingTime: null, voteThreshold: null, name, descriptionLink: "", vetoVoteWeight: u64(0) });
  proposal.reserved = new Uint8Array(64); // the class forgets it
  placeGovernance(chain, at, bytesOf(proposal));
  const transaction = new sdk.ProposalTransaction({ proposal: at, optionIndex: 0, instructionIndex: 0, holdUpTime: 0,
    instructions: instructions.map((instruction) => sdk.createInstructionData(instruction)), executedAt: null, executionStatus: 0 });
  transaction.accountType = sdk.GovernanceAccountType.ProposalTransactionV2;
  placeGovernance(chain, transactionAddress(at, 0), bytesOf(transaction, 8));
  for (const { owner, votes, approves } of voters) {
    const vote = new sdk.VoteRecord({ accountType: sdk.GovernanceAccountType.VoteRecordV2, proposal: at, governingTokenOwner: owner,
      isRelinquished: false, voterWeight: u64(votes), vote: sdk.Vote.fromYesNoVote(approves ? sdk.YesNoVote.Yes : sdk.YesNoVote.No) });
    vote.accountType = sdk.GovernanceAccountType.VoteRecordV2;
    placeGovernance(chain, derived("governance", at, tokenOwnerRecordAddress(realm, mint, owner)), bytesOf(vote, 8));
  }
}

function placeGovernance(chain, at, data) {
  chain.place(at, { data, owner: SPL_GOVERNANCE, lamports: chain.rentExempt(data.length) });
}

/// A realm, one governance in it and the realm's configuration. The mints are the caller's to make.
export function placeRealm(chain, facts) {
  const realm = realmAddress(facts.name);
  placeGovernance(chain, realm, realmData(facts));
  placeGovernance(chain, realmConfigAddress(realm), realmConfigData({ realm, ...facts }));
  placeGovernance(chain, governanceAddress(realm, facts.seed), governanceData({ realm, ...facts }));
}
