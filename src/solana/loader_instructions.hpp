// Instructions of loader v3: what a transaction would do to a program's code and to who may replace it.
//
// Source: solana-sdk loader-v3-interface instruction.rs, with the tags that were removed in 2026 and the trailing bytes
// of SIMD-0430 and SIMD-0432.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "solana/instruction.hpp"

namespace readyctl {

/// Numbered as on the wire. `migrate` and `extend_checked` stand only in old transactions; the loader refuses them.
enum class LoaderAction : std::uint8_t {
  initialize_buffer,
  write,
  deploy,
  upgrade,
  set_authority,
  close,
  extend,
  set_authority_checked,
  migrate,
  extend_checked,
};

/// "InitializeBuffer", "Write", "DeployWithMaxDataLen", …: as the interface names them.
std::string_view words_for(LoaderAction action);

struct LoaderInstruction {
  LoaderAction action = LoaderAction::initialize_buffer;
  std::uint32_t offset = 0;            ///< write: where in the code of the buffer
  ByteView bytes;                      ///< write: a view into the data that was decoded
  std::uint64_t max_data_len = 0;      ///< deploy: room for code, bytes
  std::uint32_t additional_bytes = 0;  ///< extend, extend_checked
  /// The byte that may follow: deploy and upgrade, whether the buffer is closed; close, whether a tombstone stays. What
  /// its absence means depends on the features that are active.
  std::optional<bool> option;
  std::size_t unread_bytes = 0;  ///< after all that; the loader does not look at them
};

/// Errors (kind `malformed`): shorter than its fields; a tag above 9; a write whose length is longer than the data. A
/// byte other than 0 or 1 in the place of an option is unread.
Result<LoaderInstruction> decode_loader_instruction(ByteView data);

/// The instruction decoded when it is an Upgrade of loader v3.
std::optional<LoaderInstruction> as_upgrade(const Instruction& instruction);

struct UpgradeAccounts {
  Pubkey program;
  Pubkey buffer;
  Pubkey spill;
  Pubkey authority;
};

/// Upgrade, without the byte that may follow: the buffer is closed.
Instruction upgrade_instruction(const UpgradeAccounts& of);

/// ExtendProgram, for which `payer` pays.
Instruction extend_instruction(const Pubkey& program, const Pubkey& payer, std::uint32_t additional_bytes);

}  // namespace readyctl
