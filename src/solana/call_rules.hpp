// Which instructions a program may give to another: what a vault runs, the Squads program gives.
//
// Source: agave program-runtime/src/cpi.rs, check_authorized_program; the features that it asks are active on every
// public cluster.
#pragma once

#include "solana/instruction.hpp"

namespace readyctl {

/// False: the runtime refuses the call, whatever the instruction would do. The same instruction in a transaction, not
/// called by a program, may be accepted.
bool may_be_called(const Instruction& instruction);

}  // namespace readyctl
