// Which accounts a transaction names.
//
// Sources: solana-sdk short-vec, message legacy.rs and versions; SIMD-0385 for version 1.
//
//   legacy, v0   compact-u16 signatures, 64 bytes each · [0x80 for v0] · header 3 · compact-u16 keys, 32 bytes each · …
//   v1           0x81 · header 3 · config mask 4 · lifetime 32 · instructions u8 · keys u8 · keys, 32 bytes each · …
#pragma once

#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "solana/pubkey.hpp"

namespace readyctl {

/// The keys in the transaction itself, in its order; the first pays. Those that it takes out of lookup tables are not
/// among them. Nothing after the keys is read. Errors (kind `malformed`): data that ends before the keys do, a length
/// that is not written the shortest way, another version.
Result<std::vector<Pubkey>> decode_transaction_keys(ByteView transaction);

}  // namespace readyctl
