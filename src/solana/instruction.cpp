#include "solana/instruction.hpp"

#include <algorithm>

namespace readyctl {

std::optional<Pubkey> Instruction::account(std::size_t position) const {
  return position < accounts.size() ? std::optional(accounts[position].key) : std::nullopt;
}

bool Instruction::names(const Pubkey& address) const {
  return std::any_of(accounts.begin(), accounts.end(),
                     [&](const InstructionAccount& one) { return one.key == address; });
}

Result<Instruction> resolve(const CompiledInstruction& compiled, const std::vector<InstructionAccount>& keys) {
  if (compiled.program_id_index >= keys.size())
    return malformed("", "an instruction names a program that is not there");
  Instruction instruction{keys[compiled.program_id_index].key, {}, compiled.data};
  for (const std::uint8_t index : compiled.account_indexes) {
    if (index >= keys.size()) return malformed("", "an instruction names an account that is not there");
    instruction.accounts.push_back(keys[index]);
  }
  return instruction;
}

}  // namespace readyctl
