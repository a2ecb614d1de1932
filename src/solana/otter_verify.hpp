// otter-verify: a record on chain of which source a program was built from. Anyone can write one for any program; whose
// it is stands in its address. It holds no hash, so it proves nothing until somebody builds that source.
//
// Source: otter-sec/otter-verify programs/otter-verify/src/lib.rs.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "solana/amounts.hpp"
#include "solana/pubkey.hpp"

namespace readyctl {

struct BuildParams {
  Pubkey program;
  Pubkey signer;        ///< who wrote it
  std::string version;  ///< of the tool that wrote it
  std::string repository;
  std::string commit;  ///< as it was given: a branch or a tag too
  std::vector<std::string> arguments;
  Slot deploy_slot;  ///< of the program when it was written
};

/// Errors (kind `malformed`): another discriminator; data that ends before the value does, or goes on after it.
Result<BuildParams> decode_build_params(ByteView data);

/// Where the record of `signer` for `program` stands.
Pubkey build_params_address(const Pubkey& signer, const Pubkey& program);

}  // namespace readyctl
