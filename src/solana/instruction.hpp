// Instruction: what one program is told to do, with every account by its address.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "solana/pubkey.hpp"

namespace readyctl {

/// One instruction as messages hold it; indexes count the static keys first, then looked-up writable ones, then
/// looked-up read-only ones.
struct CompiledInstruction {
  std::uint8_t program_id_index = 0;
  Bytes account_indexes;
  Bytes data;
};

/// Accounts that a message takes from an address lookup table.
struct AddressTableLookup {
  Pubkey table;
  Bytes writable_indexes;
  Bytes readonly_indexes;
};

struct InstructionAccount {
  Pubkey key;
  bool is_signer = false;
  bool is_writable = false;
  auto operator<=>(const InstructionAccount&) const = default;
};

struct Instruction {
  Pubkey program;
  std::vector<InstructionAccount> accounts;
  Bytes data;

  /// The address of an account by its position; none when there are fewer.
  std::optional<Pubkey> account(std::size_t position) const;

  /// Whether the address is one of its accounts, at any position.
  bool names(const Pubkey& address) const;
};

/// The instruction with its indexes replaced by what they mean. Errors (kind `malformed`): an index past all keys.
Result<Instruction> resolve(const CompiledInstruction& compiled, const std::vector<InstructionAccount>& keys);

}  // namespace readyctl
