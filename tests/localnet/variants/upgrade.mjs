// Releases whose upgrade is transaction 5 of the multisig, and what else may lie before its members: the program still
// holds the release before it, so that whatever is asked before a cutover can be asked of them. The accounts of the
// Squads program are written, because litesvm does not bundle it; the buffer is made by the loader's own instructions.

import { AddressLookupTableAccount, SystemProgram } from "@solana/web3.js";
import { SLOTS } from "../chain.mjs";
import { previousElf, releaseElf } from "../elf.mjs";
import { CLOCK_SYSVAR, DISABLE_SBPF_V0_V1_V2_DEPLOYMENT, FEATURE, LOADER_V3,
  LOADER_V3_MINIMUM_EXTEND_PROGRAM_SIZE, LOOKUP_TABLE, RENT_SYSVAR } from "../ids.mjs";
import { address, key } from "../keys.mjs";
import { setAuthority, setBufferAuthority, upgradeFrom, writeBuffer } from "../loader.mjs";
import { placeMultisig, placeProposal, placeVaultTransaction, setTimeLock } from "../squads.mjs";
import { names } from "../world.mjs";
import { BOARD, board, boardVault } from "./custody.mjs";

const { alice, bob, buffer, multisig, program, stranger, treasury, vault } = names;
const multisigPda = multisig;
export const UPGRADE = 5;
const DAY = 86_400;

/// Unix seconds, so many days before the chain's now.
export const ago = (chain, days) => chain.blockTime(SLOTS.now) - days * DAY;
const transfer = () => SystemProgram.transfer({ fromPubkey: vault, toPubkey: stranger, lamports: 1_000_000_000n });
const reviewed = (from = buffer) => upgradeFrom(program, from, treasury, vault);

/// The upgrade as it was reviewed, but for what is said.
export function propose(chain, { instructions = [reviewed()], status = "Approved", days = 3, approved = [alice, bob], index = UPGRADE, vaultIndex = 0, tables } = {}) {
  placeVaultTransaction(chain, { multisigPda, index, creator: alice, instructions, vaultIndex, tables });
  if (status) placeProposal(chain, { multisigPda, index, status, since: ago(chain, days), approved });
}

/// The buffer that is staged, written by the deployer and handed to the vault.
export function stage(chain, { elf = releaseElf(), authority = vault } = {}) {
  const deployer = key("deployer");
  chain.send([SystemProgram.transfer({ fromPubkey: names.deployer, toPubkey: vault, lamports: 3_000_000_000n })], [deployer]);
  writeBuffer(chain, { buffer: key("buffer 3"), elf, authority: deployer });
  if (authority) chain.send([setBufferAuthority(buffer, names.deployer, authority)], [deployer]);
}

/// The release without the bytes of a chunk.
function withHole(from, to) {
  const elf = Buffer.from(releaseElf());
  return elf.fill(0, from, to);
}

const release = (name, differs, owner, says, chain, { staged, ...facts } = {}) => ({
  name, differs, owner, touches: ["multisig"], says: () => says, facts: { transactions: UPGRADE, deployedElf: previousElf, ...facts },
  chain: (made) => {
    if (staged !== null) stage(made, staged);
    chain(made);
  },
});
const text = (key) => key.toBase58();

/// A lookup table that holds most of what an upgrade names, the loader among it.
export const upgradeTable = Object.freeze({
  address: address("upgrade table"), addresses: [CLOCK_SYSVAR, LOADER_V3, buffer, treasury, RENT_SYSVAR],
});

/// Written, because the program that makes tables wants a recent slot, and slots stand still while a world is built.
/// The program's own layout: the state, when it was made and last extended, an authority, then the addresses.
function placeTable(chain) {
  const header = Buffer.alloc(56);
  header.writeUInt32LE(1, 0);
  header.writeBigUInt64LE(2n ** 64n - 1n, 4);
  header.writeBigUInt64LE(BigInt(SLOTS.upgraded), 12);
  const data = Buffer.concat([header, ...upgradeTable.addresses.map((one) => one.toBuffer())]);
  chain.place(upgradeTable.address, { data, owner: LOOKUP_TABLE, lamports: chain.rentExempt(data.length) });
  return new AddressLookupTableAccount({ key: upgradeTable.address, state: AddressLookupTableAccount.deserialize(data) });
}

/// A feature account after its activation: written, because only an epoch that begins activates one.
export function activeSince(slot) {
  const data = Buffer.alloc(9, 1);
  data.writeBigUInt64LE(BigInt(slot), 1);
  return data;
}

/// A release with zeros after its end, for which the program has 8928 bytes too few.
const longElf = () => Buffer.concat([releaseElf(), Buffer.alloc(140_000 - releaseElf().length)]);

export const upgradeVariants = [
  release("upgrade-approved", "The upgrade was approved three days ago.", [], [], (chain) => propose(chain)),
  release("upgrade-by-table", "The upgrade takes its accounts from a lookup table.", [], [],
    (chain) => propose(chain, { tables: [placeTable(chain)] })),
  release("upgrade-active", "The upgrade lacks an approval.", [], [], (chain) => propose(chain, { status: "Active", approved: [alice] })),
  release("upgrade-too-early", "The upgrade was approved a day ago, and the time lock is two days.", ["upgrade-proposal"],
    ["time lock", "it can be executed in"], (chain) => propose(chain, { days: 1 })),
  release("upgrade-other-buffer", "The upgrade is from another buffer than the one that was reviewed.", ["upgrade-proposal", "upgrade-simulation"],
    [text(stranger), text(buffer)], (chain) => propose(chain, { instructions: [reviewed(stranger)] })),
  release("upgrade-sbpf-refused", "The cluster no longer deploys code below SBPF v3.", ["elf-compatibility"],
    ["SBPF version 0", text(DISABLE_SBPF_V0_V1_V2_DEPLOYMENT)], (chain) => {
      propose(chain);
      chain.place(DISABLE_SBPF_V0_V1_V2_DEPLOYMENT, { data: activeSince(SLOTS.deployed), owner: FEATURE, lamports: 1_000_000n });
    }),
  release("upgrade-without-features", "Nobody ever proposed a feature on the cluster, whatever its runtime does.", [], [], (chain) => {
    propose(chain);
    for (const { address: feature } of chain.programAccounts(FEATURE)) chain.remove(feature);
  }),
  release("upgrade-and-theft", "The upgrade also moves lamports of the vault.", ["upgrade-proposal"],
    ["instruction 2", "transfer 1000000000 lamports", text(stranger)], (chain) => propose(chain, { instructions: [reviewed(), transfer()] })),
  release("upgrade-of-authority", "The transaction gives the upgrade authority away instead.", ["upgrade-proposal", "upgrade-simulation"],
    ["give the authority", text(stranger)], (chain) => propose(chain, { instructions: [setAuthority(program, vault, stranger)] })),
  release("upgrade-stale", "The rules changed after the upgrade was proposed.", ["upgrade-proposal"], ["stale"],
    (chain) => propose(chain), { stale: UPGRADE }),
  release("upgrade-cancelled", "The members cancelled the upgrade.", ["upgrade-proposal"], ["Cancelled"],
    (chain) => propose(chain, { status: "Cancelled" })),
  release("upgrade-missing", "Nobody proposed an upgrade.", ["upgrade-proposal", "upgrade-simulation"], ["no such transaction"], () => {}),
  // A proposal names a buffer by its address; whoever can still write to it decides what is deployed.
  release("buffer-not-handed-over", "The deployer is still the authority of the buffer.", ["upgrade-buffer", "upgrade-simulation"],
    [text(names.deployer), "can still write"], (chain) => propose(chain), { staged: { authority: null } }),
  release("buffer-incomplete", "A chunk of the buffer was never written.", ["upgrade-buffer", "upgrade-simulation"],
    ["empty from byte 4000 to byte 5000", "a chunk was not written"], (chain) => propose(chain), { staged: { elf: withHole(4000, 5000) } }),
  release("buffer-missing", "There is no buffer.", ["upgrade-buffer", "upgrade-simulation"], ["does not exist"], (chain) => propose(chain), { staged: null }),
  // public-v4-client#24: every vote was given, and the upgrade failed because programdata was too small.
  release("upgrade-without-room", "The program has less room than the buffer holds.", ["upgrade-simulation"],
    ["room for 131072 bytes", "the buffer holds 140000", "ExtendProgram must add at least 10240 bytes", "ProgramData account not large enough"],
    (chain) => propose(chain), { staged: { elf: longElf() } }),
  // SIMD-0431 is as on mainnet above: active.
  release("upgrade-any-extension", "It has, on a cluster where an extension may add any number of bytes.", ["upgrade-simulation"],
    ["ExtendProgram must add at least 8928 bytes"], (chain) => {
      propose(chain);
      chain.remove(LOADER_V3_MINIMUM_EXTEND_PROGRAM_SIZE);
    }, { staged: { elf: longElf() }, without: [LOADER_V3_MINIMUM_EXTEND_PROGRAM_SIZE] }),
  // The loader looks at the code only when it upgrades: no arithmetic finds this.
  release("upgrade-of-no-program", "The buffer holds what the loader does not take for a program.",
    ["upgrade-buffer", "upgrade-simulation"], ["simulation of the upgrade", "InvalidAccountData"], (chain) => propose(chain),
    { staged: { elf: withHole(0, 64) } }),
  // Who may take the time lock away is a board, and the board has it before its members.
  release("upgrade-guarded", "A board may change the multisig without its vote.", [], [], (chain) => {
    propose(chain);
    placeMultisig(chain, BOARD);
  }, { configAuthority: boardVault }),
  release("upgrade-guarded-change", "It may, and would take the time lock away.", [], [], (chain) => {
    propose(chain);
    placeMultisig(chain, BOARD);
    placeVaultTransaction(chain, { multisigPda: board, index: 4, creator: names.carol, instructions: [setTimeLock(multisig, boardVault, 0)] });
    placeProposal(chain, { multisigPda: board, index: 4, status: "Active", since: ago(chain, 1), approved: [names.carol] });
  }, { configAuthority: boardVault }),
  // What was approved before the rules changed is executed whenever somebody likes.
  release("stale-approved", "An old approved transaction moves lamports of the vault.", ["pending-proposals"],
    ["transaction 2", "stale, and executable all the same", "transfer 1000000000 lamports"], (chain) => {
      propose(chain);
      propose(chain, { index: 2, instructions: [transfer()], days: 300 });
    }),
  release("twenty-pending", "Twenty other transactions wait for votes.", ["pending-proposals"],
    ["transaction 6 (Active", "transaction 25 (Active"], (chain) => {
      propose(chain);
      for (let index = 6; index <= 25; ++index) propose(chain, { instructions: [transfer()], status: "Active", approved: [], index });
    }, { transactions: 25 }),
  release("unproposed", "A transaction waits for its proposal.", ["pending-proposals"], ["transaction 4", "no proposal yet"],
    (chain) => {
      propose(chain);
      propose(chain, { index: 4, status: null, instructions: [transfer()] });
    }),
];
