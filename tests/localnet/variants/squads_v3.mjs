// Releases whose program is in the custody of a Squads v3 multisig. All of its accounts are written (squads_v3.mjs says
// where the bytes come from).

import { SQUADS_V4 } from "../ids.mjs";
import { address } from "../keys.mjs";
import { authorityAddress, msAddress, placeMs } from "../squads_v3.mjs";
import { names } from "../world.mjs";

const createKey = address("squads v3 create key");
const ms = msAddress(createKey);
const vault = authorityAddress(ms, 1);
const { alice, bob, carol, stranger, treasury } = names;

const text = (key) => key.toBase58();
const HEALTHY_MS = Object.freeze({ createKey, members: [alice, bob, carol], threshold: 2 });
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
