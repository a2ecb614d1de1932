// Instructions in words: the first byte chooses the program, the second how many accounts there are.
#include "solana/instruction_words.hpp"

#include <array>

#include "fuzz/property.hpp"
#include "solana/loader_instructions.hpp"
#include "solana/well_known.hpp"

using namespace readyctl;

FUZZ_TARGET(instruction) {
  static constexpr std::array programs{known::loader_v3, known::system_program, known::token, known::compute_budget,
                                       known::squads_v4, known::otter_verify,   known::memo,  known::clock};
  if (size < 2) return 0;
  Instruction instruction;
  instruction.program = programs.at(data[0] % programs.size());
  instruction.accounts.resize(data[1] % 9);
  instruction.data.assign(data + 2, data + size);
  const std::string words = words_for(instruction);
  fuzz::require(!words.empty() && words.find('\n') == std::string::npos, "an instruction is one line");
  const auto decoded = decode_loader_instruction(instruction.data);
  if (decoded) fuzz::require(decoded->unread_bytes <= instruction.data.size(), "what is not read is in the data");
  return 0;
}
