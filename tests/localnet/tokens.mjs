// Mints and token accounts, made by the real SPL Token and Token-2022 programs.

import { SystemProgram } from "@solana/web3.js";
import { ExtensionType, createAssociatedTokenAccountIdempotentInstruction, createInitializeDefaultAccountStateInstruction,
  createInitializeMetadataPointerInstruction, createInitializeMint2Instruction, createInitializeMintCloseAuthorityInstruction,
  createInitializePausableConfigInstruction, createInitializePermanentDelegateInstruction, createInitializeTransferFeeConfigInstruction,
  createInitializeTransferHookInstruction, createMintToInstruction, getAssociatedTokenAddressSync, getMintLen,
} from "@solana/spl-token";
import { TOKEN } from "./ids.mjs";

/// The address derives also for owners that are PDAs, such as a treasury or a vault.
export const associatedTokenAddress = (mint, owner, program = TOKEN) =>
  getAssociatedTokenAddressSync(mint, owner, true, program);

/// Each extension of a mint: its type, and the instruction that must come before the mint is initialised.
const MINT_EXTENSIONS = {
  metadataPointer: [ExtensionType.MetadataPointer, (mint, program, { authority = null, metadataAddress }) =>
    createInitializeMetadataPointerInstruction(mint, authority, metadataAddress, program)],
  permanentDelegate: [ExtensionType.PermanentDelegate, (mint, program, delegate) =>
    createInitializePermanentDelegateInstruction(mint, delegate, program)],
  transferHook: [ExtensionType.TransferHook, (mint, program, { authority, hook }) =>
    createInitializeTransferHookInstruction(mint, authority, hook, program)],
  mintCloseAuthority: [ExtensionType.MintCloseAuthority, (mint, program, authority) =>
    createInitializeMintCloseAuthorityInstruction(mint, authority, program)],
  pausable: [ExtensionType.PausableConfig, (mint, program, authority) =>
    createInitializePausableConfigInstruction(mint, authority, program)],
  defaultAccountState: [ExtensionType.DefaultAccountState, (mint, program, state) =>
    createInitializeDefaultAccountStateInstruction(mint, state, program)],
  transferFee: [ExtensionType.TransferFeeConfig, (mint, program, { authority, basisPoints, maximum }) =>
    createInitializeTransferFeeConfigInstruction(mint, authority, authority, basisPoints, maximum, program)],
};

/// `mint` and `payer` sign. `extensions` maps names of MINT_EXTENSIONS to their arguments; an SPL Token mint has none.
export function createMint(chain, payer, { mint, decimals, authority, freezeAuthority = null, program = TOKEN, extensions = {} }) {
  const chosen = Object.entries(extensions).map(([name, argument]) => [...MINT_EXTENSIONS[name], argument]);
  const space = getMintLen(chosen.map(([type]) => type));
  chain.send([
    SystemProgram.createAccount({ fromPubkey: payer.publicKey, newAccountPubkey: mint.publicKey, space,
      lamports: chain.rentExempt(space), programId: program }),
    ...chosen.map(([, initialise, argument]) => initialise(mint.publicKey, program, argument)),
    createInitializeMint2Instruction(mint.publicKey, decimals, authority, freezeAuthority, program),
  ], [payer, mint]);
}

/// The associated token account of `owner`, made by the associated token account program; `amount` is minted to it.
export function createHolding(chain, payer, { mint, owner, authority, amount, program = TOKEN }) {
  const account = associatedTokenAddress(mint, owner, program);
  chain.send([
    createAssociatedTokenAccountIdempotentInstruction(payer.publicKey, account, owner, mint, program),
    createMintToInstruction(mint, account, authority.publicKey, amount, [], program),
  ], [payer, authority]);
  return account;
}
