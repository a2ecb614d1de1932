// The IDL account of programs that Anchor made before its version 1.0. The program itself owns it.
//
// Source: coral-xyz/anchor 0.31 lang/src/idl.rs, lang/syn/src/codegen/program/idl.rs.
#pragma once

#include <optional>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "solana/pubkey.hpp"

namespace readyctl {

struct AnchorIdl {
  std::optional<Pubkey> authority;  ///< who may write it; none: nobody any more
  ByteView data;                    ///< a view into what was decoded: a zlib stream of JSON
};

/// Errors (kind `malformed`): another discriminator; data shorter than it claims. Bytes after the data are never read.
Result<AnchorIdl> decode_anchor_idl(ByteView account);

/// Where a program's IDL is. Errors: those of create_with_seed, for what is no program's address.
Result<Pubkey> anchor_idl_address(const Pubkey& program);

}  // namespace readyctl
