// Squads v3 (squads-mpl): a multisig without roles, without a time lock, and without a config authority. Whoever is a
// member may do everything, and what is approved may be executed at once.
//
// Source: Squads-Protocol/squads-mpl programs/squads-mpl/src/state.rs, sdk/src/address.ts. Accounts are longer than the
// value they hold; bytes after the value are never read.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "solana/derive.hpp"
#include "solana/instruction.hpp"
#include "solana/pubkey.hpp"

namespace readyctl {

/// The accounts of the Squads v3 program, by their discriminator.
enum class SquadsV3Account { multisig, transaction, instruction };

/// What the first eight bytes say; none for fewer bytes or any other discriminator.
std::optional<SquadsV3Account> squads_v3_account(ByteView data);

/// The account's name in the program: "Ms", "MsTransaction", "MsInstruction".
std::string_view words_for(SquadsV3Account account);

/// The program's Ms.
struct SquadsV3Multisig {
  std::uint16_t threshold = 0;          ///< approvals a transaction needs
  std::uint16_t authority_index = 0;    ///< of the last authority handed out; a help for clients, it limits nothing
  std::uint32_t transaction_index = 0;  ///< of the last transaction created; 0: none yet
  std::uint32_t change_index = 0;       ///< transactions up to this one can neither be activated nor voted on any more
  std::uint8_t bump = 0;
  Pubkey create_key;
  bool allow_external_execute = false;  ///< deprecated
  std::vector<Pubkey> members;          ///< `keys` as stored: neither sorted nor made unique here
};

/// Errors (kind `malformed`): another account of the program, by name, or another discriminator; data that ends before
/// the value does; more members than the data has room for; a flag other than 0 or 1.
Result<SquadsV3Multisig> decode_squads_v3_multisig(ByteView data);

/// Numbered as stored.
enum class SquadsV3Status : std::uint8_t { draft, active, execute_ready, executed, rejected, cancelled };

/// "Draft", "Active", "ExecuteReady", …
std::string_view words_for(SquadsV3Status status);

/// The program's MsTransaction: what members vote on. Its instructions are accounts of their own.
struct SquadsV3Transaction {
  Pubkey creator;
  Pubkey multisig;
  std::uint32_t index = 0;
  std::uint32_t authority_index = 0;  ///< of the authority that signs
  std::uint8_t authority_bump = 0;
  SquadsV3Status status = SquadsV3Status::draft;
  std::uint8_t instructions = 0;  ///< how many there are: the last instruction index
  std::uint8_t bump = 0;
  std::vector<Pubkey> approved;
  std::vector<Pubkey> rejected;
  std::vector<Pubkey> cancelled;
  std::uint8_t executed_index = 0;  ///< of the last instruction that ran, where they run one by one
};

/// Errors (kind `malformed`): as above; a status other than 0 to 5.
Result<SquadsV3Transaction> decode_squads_v3_transaction(ByteView data);

/// The program's MsInstruction.
struct SquadsV3Instruction {
  Instruction instruction;
  std::uint8_t index = 0;  ///< within its transaction; the first has index 1
  std::uint8_t bump = 0;
  bool executed = false;  ///< deprecated
};

/// Errors (kind `malformed`): as above.
Result<SquadsV3Instruction> decode_squads_v3_instruction(ByteView data);

// The following never fail: their seeds have fixed lengths.

/// The multisig that was created with this key.
Derived squads_v3_multisig_address(const Pubkey& create_key);

/// The authority with this index, which holds funds and powers: 1 is the default vault. Index 0 means the multisig
/// account itself, which signs for the program's own instructions and for nothing else: what it holds is lost.
Pubkey squads_v3_authority_address(const Pubkey& multisig, std::uint32_t index);

/// The index below `indexes` with which the multisig derives to `authority`, 0 where it is the multisig itself; none
/// where it does not.
std::optional<std::uint32_t> squads_v3_authority_index_of(const Pubkey& authority, const Pubkey& multisig,
                                                          std::uint32_t indexes);

/// The transaction with this index; the first has index 1.
Derived squads_v3_transaction_address(const Pubkey& multisig, std::uint32_t index);

/// The instruction with this index of the transaction at this address; the first has index 1.
Derived squads_v3_instruction_address(const Pubkey& transaction, std::uint8_t index);

}  // namespace readyctl
