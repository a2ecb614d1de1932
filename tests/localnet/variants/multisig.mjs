// Releases in which the people behind the vault are not those, or not bound as, the manifest promises. All of these
// accounts are written: litesvm does not bundle the Squads program. Which ones it would refuse is said.

import { SYSTEM } from "../ids.mjs";
import { member, names } from "../world.mjs";

const text = (name) => names[name].toBase58();
const multisigIs = (name, differs, facts, says) =>
  ({ name, differs, owner: ["upgrade-authority"], about: "multisig", touches: ["multisig"], facts, says });

const VOTE = 2;
const ALL_BUT_VOTE = 7 & ~VOTE;

export const multisigVariants = [
  multisigIs("threshold-one", "One member alone can approve.", { threshold: 1 }, () => ["threshold"]),
  multisigIs("timelock-none", "An approved proposal can execute at once.", { timeLock: 0 }, () => ["48", "0"]),
  multisigIs("timelock-one-hour", "An approved proposal can execute after an hour.", { timeLock: 3600 }, () => ["48"]),
  multisigIs("config-authority", "A single key may change members, threshold and time lock without a vote.",
    { configAuthority: names.stranger }, () => [text("stranger")]),
  multisigIs("two-voters", "Of the three members only two can vote.",
    { members: [member("alice"), member("bob"), member("carol", ALL_BUT_VOTE)] }, () => [text("carol")]),
  // The program refuses this one (its invariant is threshold <= voters).
  multisigIs("threshold-unreachable", "Of the three members only one can vote, and the threshold is two.",
    { members: [member("alice"), member("bob", ALL_BUT_VOTE), member("carol", ALL_BUT_VOTE)] }, () => [text("bob"), text("carol")]),
  // The program refuses this one (its members are sorted and unique).
  multisigIs("member-duplicate", "One key is listed twice, so three members are two people.",
    { members: [member("alice"), member("bob"), member("bob")] }, () => [text("bob")]),
  multisigIs("member-replaced", "One of the three members is somebody else.",
    { members: [member("alice"), member("bob"), member("stranger")] }, () => [text("stranger"), text("carol")]),
  multisigIs("member-added", "A fourth member was added.",
    { members: [member("alice"), member("bob"), member("carol"), member("stranger")] }, () => [text("stranger")]),
  multisigIs("member-removed", "The multisig has two members.",
    { members: [member("alice"), member("bob")] }, () => [text("carol")]),
  {
    ...multisigIs("multisig-missing", "There is no account at the multisig's address.", {}, () => [text("multisig")]),
    chain: (chain) => chain.remove(names.multisig),
  },
  {
    ...multisigIs("multisig-imitated", "The multisig's bytes are right, but the account is not the Squads program's.", {},
      () => [text("multisig"), SYSTEM.toBase58()]),
    chain: (chain) => chain.patch(names.multisig, (account) => { account.owner = SYSTEM; }),
  },
  {
    ...multisigIs("multisig-other-kind", "The Squads account at the multisig's address is a proposal, by its discriminator.", {},
      () => ["discriminator"]),
    chain: (chain) => chain.patch(names.multisig, (account) => { account.data.set(Buffer.from("1a5ebdbb74883521", "hex")); }),
  },
];
