// Releases in which the program is not what the manifest promises.

import { SLOTS } from "../chain.mjs";
import { previousElf, releaseElf } from "../elf.mjs";
import { LOADER_V2 } from "../ids.mjs";
import { key } from "../keys.mjs";
import { PROGRAMDATA_HEADER, close } from "../loader.mjs";
import { digests, names } from "../world.mjs";

const text = (name) => names[name].toBase58();
const middle = Math.floor(releaseElf().length / 2);

/// The release's binary with one bit changed, so that its hash is known for what a finding must say.
export function bytesWithOneChanged() {
  const bytes = releaseElf();
  bytes[middle] ^= 1;
  return bytes;
}

export const programVariants = [
  {
    name: "deployed-previous",
    differs: "The upgrade, at the promised slot, put the previous release's bytes again.",
    owner: ["program-hash"], about: "program", touches: ["programdata"],
    facts: { deployedElf: previousElf },
    says: () => [digests.executableHash, digests.previousExecutableHash],
  },
  {
    name: "deployed-one-byte",
    differs: "One byte in the middle of the deployed program is another.",
    owner: ["program-hash"], about: "program", touches: ["programdata"],
    // Written: the loader would take such a binary only if it still verified.
    chain: (chain) => chain.patch(names.programdata, (account) => { account.data[PROGRAMDATA_HEADER + middle] ^= 1; }),
    says: ({ hashOf }) => [digests.executableHash, hashOf(bytesWithOneChanged()), String(middle)],
  },
  {
    name: "program-closed",
    differs: "The program was closed after its release.",
    owner: ["program-state", "program-hash", "upgrade-authority"], about: "program", touches: ["programdata"],
    chain: (chain) => chain.send([close(names.program, names.deployer, names.vault)], [key("deployer")], { granted: [names.vault] }),
    says: () => ["closed"],
  },
  {
    name: "program-missing",
    differs: "Nothing was ever deployed at the program's address.",
    owner: ["program-state", "program-hash", "upgrade-authority"], about: "program", touches: ["program", "programdata"],
    facts: { program: false },
    says: () => [text("program")],
  },
  {
    name: "program-loader-v2",
    differs: "The program, with the same bytes, belongs to loader v2: nobody can upgrade it.",
    owner: ["program-state", "upgrade-authority"], about: "program", touches: ["program", "programdata"],
    facts: { program: false },
    // Written: clusters no longer deploy under loader v2.
    chain: (chain) => chain.place(names.program, { data: releaseElf(), owner: LOADER_V2, executable: true,
      lamports: chain.rentExempt(releaseElf().length) }),
    says: () => ["loader v2"],
  },
  {
    name: "program-not-executable",
    differs: "The program account is not executable.",
    owner: ["program-state"], about: "program", touches: ["program"],
    // Written: the loader sets the flag with the deployment and never clears it.
    chain: (chain) => chain.patch(names.program, (account) => { account.executable = false; }),
    says: () => ["executable"],
  },
  {
    name: "deployed-too-early",
    differs: "The release's bytes were put at an older slot than promised.",
    owner: ["program-state"], about: "deployedSlot", touches: ["programdata"],
    facts: { upgradeSlot: SLOTS.upgraded - 50_000 },
    says: () => [String(SLOTS.upgraded), String(SLOTS.upgraded - 50_000)],
  },
  {
    name: "capacity-too-small",
    differs: "The program holds this release but has no room for the next one.",
    owner: ["program-state"], about: "nextCapacity", touches: ["programdata"],
    facts: { maxDataLen: 110_000 },
    says: () => ["120000", "110000"],
  },
  {
    name: "authority-deployer",
    differs: "The upgrade authority is still the deployer's key.",
    owner: ["upgrade-authority"], about: "program", touches: ["programdata"],
    facts: { upgradeAuthority: names.deployer },
    says: () => [text("deployer"), text("vault")],
  },
  {
    name: "authority-multisig-account",
    differs: "The upgrade authority is the multisig account itself, for which nothing can sign.",
    owner: ["upgrade-authority"], about: "program", touches: ["programdata"],
    facts: { upgradeAuthority: names.multisig },
    says: () => [text("multisig"), text("vault")],
  },
  {
    name: "authority-other-vault",
    differs: "The upgrade authority is vault 1 of the multisig, not vault 0.",
    owner: ["upgrade-authority"], about: "program", touches: ["programdata"],
    facts: { upgradeAuthority: names.vault1 },
    says: () => [text("vault1"), text("vault")],
  },
  {
    name: "authority-none",
    differs: "The upgrade authority was given up: the program is immutable.",
    owner: ["upgrade-authority"], about: "program", touches: ["programdata"],
    facts: { upgradeAuthority: null },
    says: () => ["immutable"],
  },
];
