// Releases whose multisig is two people and a board: the third member is the vault of another multisig. The gate that is
// told so must look through it. All of these accounts are written: litesvm does not bundle the Squads program.

import { address } from "../keys.mjs";
import { ALL_PERMISSIONS, multisigAddress, placeMultisig, vaultAddress } from "../squads.mjs";
import { member, names } from "../world.mjs";

const createKey = address("board create key");
const seat = (key) => ({ key, mask: ALL_PERMISSIONS });

/// The board, and the vault that is its seat in the multisig.
export const board = multisigAddress(createKey);
export const boardVault = vaultAddress(board, 0);

const text = (key) => key.toBase58();
export const BOARD = Object.freeze({
  createKey, members: [member("carol"), member("stranger"), seat(address("board member"))], threshold: 2, timeLock: 86_400,
});

const DECLARED = Object.freeze({ "squads-v4": {
  multisig: names.multisig.toBase58(), minMembers: 3, minThreshold: 2, minTimelockHours: 48,
  nested: [{ multisig: board.toBase58(), minMembers: 3, minThreshold: 2, minTimelockHours: 24 }],
} });

/// `breaks`: how many observations the difference shows in, where that is not one.
const custody = (name, differs, says, { board: changed, third = boardVault, breaks } = {}) => ({
  name, differs, owner: says.length > 0 ? ["upgrade-authority"] : [], touches: ["multisig"], says: () => says,
  custody: DECLARED, breaks,
  facts: { members: [member("alice"), member("bob"), seat(third)] },
  chain: (chain) => placeMultisig(chain, { ...BOARD, ...changed }),
});

export const custodyVariants = [
  custody("custody-nested", "The third member is the vault of a board of three people.", []),
  custody("custody-nested-open", "Any one person of the board can act for it.",
    [`multisig ${text(board)}: threshold is 1 of 3 voters`], { board: { threshold: 1 } }),
  custody("custody-nested-controlled", "A key can replace the people of the board alone.",
    [`multisig ${text(board)}: config authority ${text(names.stranger)}`], { board: { configAuthority: names.stranger } }),
  custody("custody-unknown-holders", "Nobody said whose vault the third member is.",
    [text(names.treasury), "are not known"], { third: names.treasury, breaks: 2 }),
  // The same mistake as with an upgrade authority: the account of a multisig signs for nothing.
  custody("custody-nobody-can-sign", "The third member is the board's account and not its vault.",
    [text(board), "the account of a multisig and not a vault of it"], { third: board, breaks: 2 }),
  custody("custody-circle", "The multisig's own vault is a member of the board.",
    ["custody goes in a circle", text(names.multisig), text(board)], { board: { members: [member("carol"), member("stranger"), seat(names.vault)] } }),
  custody("custody-two-votes", "One person is a member of both, and has two of the three votes.",
    [text(names.alice), "so fewer people than approvals"], { board: { members: [member("alice"), member("carol"), member("stranger")], threshold: 2 } }),
];
