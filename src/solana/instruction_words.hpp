// Instructions in words: what a person who is asked to sign would be agreeing to.
#pragma once

#include <map>
#include <string>

#include "solana/instruction.hpp"

namespace readyctl {

/// Words for the accounts that are not known by address, by their position in the instruction.
using AccountWords = std::map<std::size_t, std::string>;

/// What the instruction does, in one line: "upgrade program 9xQ… from buffer 4aB…, leftover lamports to 7cD…",
/// "transfer 5000000000 lamports (5 SOL) from … to …". Known are the loader, the System program, tokens, compute
/// budget, memo, Squads v4, and otter-verify by the name of the instruction. Anything else is its
/// program, its accounts by number and its data in hex, or by SHA-256 where that is longer than 64 bytes; so is what
/// does not decode. What `unknown` has words for is told by them, whatever its key.
std::string words_for(const Instruction& instruction, const AccountWords& unknown = {});

}  // namespace readyctl
