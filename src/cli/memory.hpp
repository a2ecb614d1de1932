// What this process holds in memory, keys and URLs among it, is nobody else's; and what becomes of it without memory.
#pragma once

namespace readyctl {

/// No core file is written of this process, and no other process of the same user may look into it (ptrace,
/// /proc/PID/mem). From the first moment to the last: who asks for a URL or a key, and when, need not be known here.
/// What it starts, such as an external signer, can be looked into again, and writes no core file either.
void keep_memory_private();

/// Says on standard error that there was not enough memory, and what was done before, which takes none.
void say_out_of_memory();

/// Says so, and ends the process with the status of a defect.
[[noreturn]] void leave_without_memory();

/// Says on standard error that copies of private keys may stay in memory, because OpenSSL was used before main began.
void say_keys_may_stay();

/// From now on a lack of memory that nobody catches, because it comes before a command runs or in a destructor, is said
/// as above, and the process leaves with the status of a defect and by no signal.
void end_without_memory();

}  // namespace readyctl
