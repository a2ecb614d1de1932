// Addresses that are the same on every Solana cluster.

import { PublicKey } from "@solana/web3.js";

export const SYSTEM = new PublicKey("11111111111111111111111111111111");
export const NATIVE_LOADER = new PublicKey("NativeLoader1111111111111111111111111111111");
export const FEATURE = new PublicKey("Feature111111111111111111111111111111111111");
export const DISABLE_SBPF_V0_V1_V2_DEPLOYMENT = new PublicKey("B8JJXCy5amZyWG9r7EnUYLwzXSXTxG7GZ1qZ1qggo83g");
export const LOADER_V3_MINIMUM_EXTEND_PROGRAM_SIZE = new PublicKey("YbbRLkvenrocjGPGyoQE4wjnvYzTgfsk38NFmcYK7a5");
export const SYSVAR_OWNER = new PublicKey("Sysvar1111111111111111111111111111111111111");
export const LOADER_V2 = new PublicKey("BPFLoader2111111111111111111111111111111111");
export const LOADER_V3 = new PublicKey("BPFLoaderUpgradeab1e11111111111111111111111");
export const RENT_SYSVAR = new PublicKey("SysvarRent111111111111111111111111111111111");
export const CLOCK_SYSVAR = new PublicKey("SysvarC1ock11111111111111111111111111111111");
export const COMPUTE_BUDGET = new PublicKey("ComputeBudget111111111111111111111111111111");
export const TOKEN = new PublicKey("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");
export const TOKEN_2022 = new PublicKey("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb");
export const ASSOCIATED_TOKEN = new PublicKey("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");
export const LOOKUP_TABLE = new PublicKey("AddressLookupTab1e1111111111111111111111111");
export const MEMO = new PublicKey("MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr");
export const SQUADS_V4 = new PublicKey("SQDS4ep65T869zMMBKyuUq6aD6EgTu8psMjkvj52pCf");
export const SQUADS_V3 = new PublicKey("SMPLecH534NA9acpos4G6x7uf3LWbCAwZQE9e8ZekMu");
export const SPL_GOVERNANCE = new PublicKey("GovER5Lthms3bLBqWub97yVrMmEogzX7xNjdXpPPCVZw");
export const OTTER_VERIFY = new PublicKey("verifycLy8mB96wd9wqq3WDXQwM4oU6r42Th37Db9fC");
export const MINIMUM_EXTEND_PROGRAM_SIZE = new PublicKey("YbbRLkvenrocjGPGyoQE4wjnvYzTgfsk38NFmcYK7a5");
export const PROGRAM_METADATA = new PublicKey("ProgM6JCCvbYkfKqJYHePx4xxSUSqJp7rh8Lyv7nk7S");
