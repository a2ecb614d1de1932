// Instructions of Squads v4 in words: what a member signs to propose, vote and execute.
//
// Source: Squads-Protocol/v4 instructions/*.rs, for the arguments and the order of accounts.
#pragma once

#include <string>

#include "solana/told_instruction.hpp"

namespace readyctl {

/// In one line: "approve proposal 9xQ… of multisig 4aB… as member 7cD…". What a vault would be made to do is told with
/// the instruction that creates it. An instruction that is not known, or whose arguments do not read, is told in full.
std::string squads_words(const ToldInstruction& instruction);

}  // namespace readyctl
