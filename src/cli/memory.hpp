// What this process holds in memory, keys and URLs among it, is nobody else's.
#pragma once

namespace readyctl {

/// No core file is written of this process, and no other process of the same user may look into it (ptrace,
/// /proc/PID/mem). From the first moment to the last: who asks for a URL or a key, and when, need not be known here.
/// What it starts, such as an external signer, can be looked into again, and writes no core file either.
void keep_memory_private();

}  // namespace readyctl
