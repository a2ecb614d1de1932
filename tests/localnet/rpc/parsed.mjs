// jsonParsed for mints and token accounts, in the shape of Agave's account decoder. Every other account is left to
// the caller, which falls back to base64, as a node does for a program it has no parser for.

import { PublicKey } from "@solana/web3.js";
import { ACCOUNT_SIZE, AccountState, ExtensionType, MINT_SIZE, getExtensionData, getExtensionTypes, unpackAccount,
  unpackMint, getMetadataPointerState, getMintCloseAuthority, getPermanentDelegate, getTransferHook } from "@solana/spl-token";
import { TOKEN, TOKEN_2022 } from "../ids.mjs";
import { tokenAmount } from "../history.mjs";

const TYPE_OFFSET = 165; // Token-2022: 1 is a mint, 2 an account

const text = (pubkey) => pubkey?.toBase58() ?? null;
const optional = (pubkey) => (!pubkey || pubkey.equals(PublicKey.default) ? null : pubkey.toBase58());

export function kindOf(data) {
  if (data.length === MINT_SIZE || (data.length > TYPE_OFFSET && data[TYPE_OFFSET] === 1)) return "mint";
  if (data.length === ACCOUNT_SIZE || (data.length > TYPE_OFFSET && data[TYPE_OFFSET] === 2)) return "account";
  return null;
}

/// { program, parsed, space }, or null when this is nothing we parse.
export function parsedData(chain, account, data) {
  const owner = new PublicKey(account.owner());
  if (!owner.equals(TOKEN) && !owner.equals(TOKEN_2022)) return null;
  const kind = kindOf(data);
  const info = { data, owner, lamports: 0, executable: false };
  try {
    const parsed = kind === "mint" ? mint(info, owner) : kind === "account" ? tokenAccount(chain, info, owner) : null;
    return parsed && { program: owner.equals(TOKEN) ? "spl-token" : "spl-token-2022", parsed, space: data.length };
  } catch {
    return null; // uninitialised or malformed: a node shows the bytes
  }
}

function mint(info, program) {
  const state = unpackMint(PublicKey.default, info, program);
  if (!state.isInitialized) return null;
  return {
    info: {
      decimals: state.decimals,
      freezeAuthority: text(state.freezeAuthority),
      isInitialized: state.isInitialized,
      mintAuthority: text(state.mintAuthority),
      supply: state.supply.toString(),
      ...extensions(state, (type) => mintExtension(type, state)),
    },
    type: "mint",
  };
}

function tokenAccount(chain, info, program) {
  const state = unpackAccount(PublicKey.default, info, program);
  const decimals = chain.account(state.mint)?.data()[44];
  if (decimals === undefined || !state.isInitialized) return null;
  return {
    info: {
      ...(state.closeAuthority && { closeAuthority: text(state.closeAuthority) }),
      ...(state.delegate && { delegate: text(state.delegate), delegatedAmount: tokenAmount(state.delegatedAmount, decimals) }),
      ...extensions(state, (type) => (type === ExtensionType.ImmutableOwner ? { extension: "immutableOwner" } : null)),
      isNative: state.isNative,
      mint: text(state.mint),
      owner: text(state.owner),
      ...(state.isNative && { rentExemptReserve: tokenAmount(state.rentExemptReserve, decimals) }),
      state: info.data[108] === AccountState.Frozen ? "frozen" : "initialized",
      tokenAmount: tokenAmount(state.amount, decimals),
    },
    type: "account",
  };
}

function extensions(state, describe) {
  if (state.tlvData.length === 0) return {};
  return { extensions: getExtensionTypes(state.tlvData)
    .map((type) => describe(type, getExtensionData(type, state.tlvData)) ?? { extension: "unparseableExtension" }) };
}

function mintExtension(type, state) {
  switch (type) {
    case ExtensionType.MetadataPointer: {
      const pointer = getMetadataPointerState(state);
      return { extension: "metadataPointer",
        state: { authority: optional(pointer.authority), metadataAddress: optional(pointer.metadataAddress) } };
    }
    case ExtensionType.MintCloseAuthority:
      return { extension: "mintCloseAuthority", state: { closeAuthority: optional(getMintCloseAuthority(state).closeAuthority) } };
    case ExtensionType.PermanentDelegate:
      return { extension: "permanentDelegate", state: { delegate: optional(getPermanentDelegate(state).delegate) } };
    case ExtensionType.TransferHook: {
      const hook = getTransferHook(state);
      return { extension: "transferHook", state: { authority: optional(hook.authority), programId: optional(hook.programId) } };
    }
    default:
      return null;
  }
}
