// ToldInstruction: an instruction as its words are made of it.
#pragma once

#include "solana/instruction_words.hpp"

namespace readyctl {

struct ToldInstruction : Instruction {
  ToldInstruction(Instruction instruction, AccountWords unknown_accounts)
      : Instruction(std::move(instruction)), unknown(std::move(unknown_accounts)) {}

  AccountWords unknown;

  /// The account with this position: its address, its words when the address is not known, or that it is missing.
  std::string words(std::size_t position) const;
};

/// "no data", "data 03e8", or the SHA-256 of what is longer than 64 bytes.
std::string data_words(ByteView data);

/// What is not understood is told in full, so that two people can compare it.
std::string plain_words(const ToldInstruction& instruction);

}  // namespace readyctl
