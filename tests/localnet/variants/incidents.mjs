// Releases in which is true what an incident was about, named after it (docs/incidents.md tells each). Before the cutover
// the upgrade is approved and its buffer staged; after it the release is deployed; in both the upgrade authority has a
// record of otter-verify. Each scenario is one of the two, and one fact. Beside the fields of every variant it has
//   incident             which of the page's; null for the two healthy ones
//   phase                when it is decided
//   inconclusive         also: the kinds that cannot be decided, where the others can

import { AuthorityType, AccountState, createApproveInstruction, createSetAuthorityInstruction } from "@solana/spl-token";
import { SystemProgram } from "@solana/web3.js";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SLOTS } from "../chain.mjs";
import { previousElf, releaseElf, smallElf, withoutTrailingZeros } from "../elf.mjs";
import { REPOSITORY, git } from "../folder.mjs";
import { DISABLE_SBPF_V0_V1_V2_DEPLOYMENT, FEATURE, MINIMUM_EXTEND_PROGRAM_SIZE } from "../ids.mjs";
import { address, key, sha256 } from "../keys.mjs";
import { close, writeBuffer } from "../loader.mjs";
import { placeRecord } from "../otter_verify.mjs";
import { ALL_PERMISSIONS, placeConfigTransaction, placeProposal } from "../squads.mjs";
import { HEALTHY, digests, names } from "../world.mjs";
import { asTreasury } from "./funds.mjs";
import { UPGRADE, activeSince, ago, propose, stage } from "./upgrade.mjs";

const { alice, multisig: multisigPda, program, stranger, treasury, treasuryTokenAccount, vault } = names;
const text = (key) => key.toBase58();
const hex = (bytes) => sha256(bytes).toString("hex");

/// The record of whoever holds the upgrade authority.
const signedOff = (chain, { commit }, signer = vault) =>
  placeRecord(chain, { signer, program, repository: REPOSITORY, commit, slot: SLOTS.upgraded });

const scenario = (phase, healthy, build) => (name, incident, differs, owner, says = [], { facts, chain, claims, ...rest } = {}) => ({
  name, incident, differs, phase, owner, says: () => says, touches: [],
  facts: { ...healthy, ...facts },
  chain: (made) => { build(made, rest); chain?.(made); },
  claims: claims ?? ((made, folder) => signedOff(made, folder, facts?.upgradeAuthority)),
  ...rest,
});

/// `staged` and `proposed` are what differs in the buffer and in the proposal.
const before = scenario("pre-execute", { transactions: UPGRADE, deployedElf: previousElf }, (chain, { staged, proposed }) => {
  stage(chain, staged);
  propose(chain, proposed);
});
const after = scenario("post-deploy", {}, () => {});

function proposeChange(chain, index, status, actions) {
  placeConfigTransaction(chain, { multisigPda, index, creator: alice, actions });
  placeProposal(chain, { multisigPda, index, status, since: ago(chain, 1), approved: [alice] });
}

/// A nonce account whose authority is a member, and which that member paid for.
function plantNonce(chain) {
  chain.send([SystemProgram.transfer({ fromPubkey: names.deployer, toPubkey: alice, lamports: 1_000_000_000n })], [key("deployer")]);
  chain.send([...SystemProgram.createNonceAccount({ fromPubkey: alice, noncePubkey: address("nonce"), authorizedPubkey: alice,
    lamports: chain.rentExempt(80) }).instructions], [key("member alice"), key("nonce")]);
}

// The release's file with the address of another program in it, as a file that was built for that one has.
const FOREIGN = Buffer.concat([releaseElf(), stranger.toBuffer()]);
function freezeForeign({ out }) {
  writeFileSync(join(out, "artifact/program.so"), FOREIGN);
  const path = join(out, "release.json");
  const release = JSON.parse(readFileSync(path, "utf8"));
  Object.assign(release.artifact, { sha256: hex(FOREIGN), executableHash: hex(withoutTrailingZeros(FOREIGN)) });
  writeFileSync(path, `${JSON.stringify(release, null, 2)}\n`);
}

const TOO_LONG = Buffer.concat([releaseElf(), Buffer.alloc(HEALTHY.maxDataLen + 4096 - releaseElf().length)]);

/// The public fix, committed after what was frozen.
function commitFix({ checkout }) {
  writeFileSync(join(checkout, "src/fix.rs"), "//! Says what everybody may now read.\n");
  git(checkout, "add", "--all");
  git(checkout, "commit", "--quiet", "--message", "Check the signer");
}

const DEVNET = "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG";
const refuses = (method) => [{ method, error: { code: -32603, message: "Internal error" } }];
const cannot = (method) => [{ method, error: { code: -32601, message: "Method not found" } }];
// What the fallback answers for accounts: a lamport more than there is.
const oneMore = (account) => account && { ...account, lamports: BigInt(account.lamports) + 1n };
const DISAGREES = [
  { method: "getMultipleAccounts", change: (result) => ({ ...result, value: result.value.map(oneMore) }) },
  { method: "getAccountInfo", change: (result) => ({ ...result, value: oneMore(result.value) }) },
];
const FIFTY_ONE_MINUTES = (51 * 60 * 1000) / 400; // in slots

const activate = (chain, feature) => chain.place(feature, { data: activeSince(SLOTS.deployed), owner: FEATURE, lamports: 1_000_000n });
const withExtension = (extension) => ({ rewardMintExtensions: { ...HEALTHY.rewardMintExtensions, ...extension } });
const twelve = Array.from({ length: 12 }, (_, i) => ({ key: address(`saga member ${i + 1}`), mask: ALL_PERMISSIONS }));

export const incidentVariants = [
  before("before-the-cutover", null, "The upgrade was approved, its buffer is staged.", []),
  after("after-the-cutover", null, "The release is deployed.", []),

  // --- who decides
  after("drift-no-time-lock", "drift", "The council was moved to a multisig without a time lock.", ["upgrade-authority"],
    ["time lock is 0 hours (0 s)"], { facts: { timeLock: 0 } }),
  before("drift-time-lock", "drift", "A second proposal takes the time lock away.", ["pending-proposals"],
    ["transaction 6", "set the time lock to 0 s"], { facts: { transactions: 6 },
      chain: (chain) => proposeChange(chain, 6, "Active", [{ __kind: "SetTimeLock", newTimeLock: 0 }]) }),
  before("drift-nonces", "drift", "A member made a durable nonce, over which something may be signed already.", ["durable-nonces"],
    [text(address("nonce")), text(alice)], { chain: plantNonce }),
  after("saga-dao-one-of-twelve", "saga-dao", "Any one of twelve members can approve.", ["upgrade-authority"],
    ["threshold is 1 of 12 voters"], { facts: { members: twelve, threshold: 1 } }),
  after("flex-multisig-account", "flex", "The upgrade authority is the multisig account, for which nothing signs.",
    ["upgrade-authority"], [text(multisigPda), text(vault)], { facts: { upgradeAuthority: multisigPda } }),

  // --- where the money is
  after("step-finance-owner-key", "step-finance", "A person's key owns the token account of the treasury.", ["token-account"],
    [text(stranger), text(treasury)], { chain: (chain) =>
      asTreasury(chain, createSetAuthorityInstruction(treasuryTokenAccount, treasury, AuthorityType.AccountOwner, stranger)) }),
  after("step-finance-delegate", "step-finance", "A person's key may move tokens of the treasury.", ["token-account"],
    [text(stranger)], { chain: (chain) => asTreasury(chain, createApproveInstruction(treasuryTokenAccount, stranger, treasury, 1_000_000n)) }),
  after("step-finance-close-authority", "step-finance", "A person's key may close the token account of the treasury.", ["token-account"],
    [text(stranger)], { chain: (chain) =>
      asTreasury(chain, createSetAuthorityInstruction(treasuryTokenAccount, treasury, AuthorityType.CloseAccount, stranger)) }),
  after("zolana-175-front-run", "init-front-run", "Somebody else's program has the account at the treasury's address.", ["treasury-pda"],
    [text(stranger)], { chain: (chain) => asTreasury(chain, SystemProgram.assign({ accountPubkey: treasury, programId: stranger })) }),
  after("token-2022-permanent-delegate", "token-2022", "A permanent delegate may take anybody's reward tokens.", ["token-mint"],
    ["PermanentDelegate", text(stranger)], { facts: withExtension({ permanentDelegate: stranger }) }),
  after("token-2022-pausable", "token-2022", "Somebody may stop every transfer of the reward token.", ["token-mint", "token-account"],
    ["Pausable"], { facts: withExtension({ pausable: stranger }) }),
  // An account of such a mint carries an extension too: the program adds it by itself.
  after("token-2022-transfer-hook", "token-2022", "Every transfer of the reward token calls another program.",
    ["token-mint", "token-account"], ["TransferHook"], { facts: withExtension({ transferHook: { authority: stranger, hook: stranger } }) }),
  after("token-2022-fee", "token-2022", "Every transfer of the reward token pays a fee.", ["token-mint", "token-account"],
    ["TransferFee"], { facts: withExtension({ transferFee: { authority: stranger, basisPoints: 50, maximum: 1_000_000n } }) }),
  after("token-2022-default-frozen", "token-2022", "New accounts of the reward token are frozen.", ["token-mint"], ["DefaultAccountState"],
    // Written: the program takes a default of frozen only beside a freeze authority, which would be a second fact.
    { facts: withExtension({ defaultAccountState: AccountState.Initialized }), chain: (chain) =>
      chain.patch(names.rewardMint, ({ data }) => { data[data.indexOf(Buffer.from([6, 0, 1, 0, 1])) + 4] = AccountState.Frozen; }) }),

  // --- what is deployed
  before("optifi-close", "optifi", "A second proposal closes the program.", ["pending-proposals"],
    ["transaction 6", "close program", text(program)], { facts: { transactions: 6 }, chain: (chain) =>
      propose(chain, { index: 6, status: "Active", approved: [alice], instructions: [close(program, stranger, vault)] }) }),
  before("optifi-stray-buffer", "optifi", "A buffer of an abandoned deployment holds lamports that somebody will want back.", ["stray-buffers"],
    [text(address("stray buffer"))], { chain: (chain) =>
      writeBuffer(chain, { buffer: key("stray buffer"), elf: smallElf(), authority: key("deployer") }) }),
  after("wormhole-not-deployed", "wormhole", "The fix is tagged and said to be live, and the release before it runs.", ["program-hash"],
    [digests.executableHash, digests.previousExecutableHash], { facts: { deployedElf: previousElf } }),
  before("wormhole-fix-in-public", "wormhole", "The fix lies in the repository for all to read, and is not in the release.", ["release-freeze"],
    ["not the frozen commit"], { folder: commitFix }),
  before("github-workflows-2-foreign-file", "github-workflows-2", "The frozen file was built for another program.", ["elf-identity"],
    [`address ${text(stranger)} is in it`], { staged: { elf: FOREIGN }, folder: freezeForeign }),
  before("github-workflows-2-overwritten", "github-workflows-2", "Another program's code was deployed to this one's address.", ["program-hash"],
    [hex(withoutTrailingZeros(smallElf()))], { facts: { deployedElf: smallElf } }),
  before("explorer-426-badge-of-a-stranger", "explorer-426", "The only record of the program's source is a stranger's.", ["verified-build"],
    ["does not exist"], { claims: (chain, folder) => signedOff(chain, folder, stranger) }),
  before("explorer-426-stranger-beside", "explorer-426", "A stranger has a newer record that names another source.", [], [],
    { claims: (chain, folder) => {
      signedOff(chain, folder);
      placeRecord(chain, { signer: stranger, program, repository: "https://git.example.org/someone/fork", commit: folder.parent,
        slot: SLOTS.now });
    } }),

  // --- whether the upgrade will execute
  before("metadao-398-staled", "metadao-398", "A change of the multisig was executed after the upgrade was proposed, and made it stale.",
    ["upgrade-proposal"], ["stale"], { facts: { transactions: 6, stale: 6 },
      chain: (chain) => proposeChange(chain, 6, "Executed", [{ __kind: "ChangeThreshold", newThreshold: 2 }]) }),
  before("metadao-398-about-to", "metadao-398", "A change of the multisig is open that would make the upgrade stale.", ["pending-proposals"],
    ["transaction 6", "threshold"], { facts: { transactions: 6 },
      chain: (chain) => proposeChange(chain, 6, "Active", [{ __kind: "ChangeThreshold", newThreshold: 2 }]) }),
  before("public-v4-client-24", "public-v4-client-24", "The program has less room than the buffer holds.", ["upgrade-simulation"],
    ["room for 131072 bytes", "the buffer holds 140000", "ExtendProgram must add at least"],
    { staged: { elf: Buffer.concat([releaseElf(), Buffer.alloc(140_000 - releaseElf().length)]) } }),
  before("simd-0500-refused", "simd-0500", "The cluster no longer deploys code below SBPF v3.", ["elf-compatibility"],
    ["SBPF version 0", text(DISABLE_SBPF_V0_V1_V2_DEPLOYMENT)], { chain: (chain) => activate(chain, DISABLE_SBPF_V0_V1_V2_DEPLOYMENT) }),
  // incidents.test.mjs plans to add the bytes that are missing here. The SVM has every feature, so that a node of a cluster
  // where this one is not active yet cannot simulate.
  before("simd-0431-before", "simd-0431", "The program has 4096 bytes too little, and extensions may be small.", ["upgrade-simulation"],
    ["ExtendProgram must add at least 4096 bytes"], { staged: { elf: TOO_LONG }, chain: (chain) => chain.remove(MINIMUM_EXTEND_PROGRAM_SIZE),
      overrides: { primary: cannot("simulateTransaction"), fallback: cannot("simulateTransaction") } }),
  before("simd-0431-small-extend", "simd-0431", "The program has 4096 bytes too little, and an extension adds at least 10240 by now.",
    ["upgrade-simulation"], ["ExtendProgram must add at least 10240 bytes"], { staged: { elf: TOO_LONG } }),

  // --- the buffer between review and execution
  before("buffer-swapped", "buffer-swap", "The buffer holds another program than the one that was reviewed.", ["upgrade-buffer"], ["differs"],
    { staged: { elf: previousElf() } }),
  before("buffer-still-writable", "buffer-swap", "Whoever proposed the upgrade can still write to the buffer.",
    ["upgrade-buffer", "upgrade-simulation"], [text(names.deployer), "can still write"], { staged: { authority: null } }),
  before("buffer-consumed", "expired-buffers", "The buffer is gone: buffers do not expire, somebody used or closed it.",
    ["upgrade-buffer", "upgrade-simulation"], [text(names.buffer), "does not exist"], { chain: (chain) => chain.remove(names.buffer) }),

  // --- whom we ask
  before("wrong-cluster", "wrong-cluster", "Both endpoints are nodes of another cluster.", ["rpc-health"], [DEVNET],
    { inconclusive: true, nodes: { primary: { genesisHash: DEVNET }, fallback: { genesisHash: DEVNET } } }),
  before("doublezero-3227-stale", "stale-rpc", "One provider's node is 51 minutes behind.", ["rpc-health"], ["fallback"],
    { nodes: { fallback: { behind: FIFTY_ONE_MINUTES } } }),
  before("across-1454-disagreement", "stale-rpc", "One provider answers other bytes than the other.", ["rpc-health"], [text(program)],
    { overrides: { fallback: DISAGREES } }),
  before("percolator-rpc-error", "percolator", "Every node answers with an error when asked who has nonces and buffers.", [], [],
    { inconclusive: ["durable-nonces", "stray-buffers"],
      overrides: { primary: refuses("getProgramAccounts"), fallback: refuses("getProgramAccounts") } }),
];
