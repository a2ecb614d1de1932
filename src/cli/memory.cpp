#include "cli/memory.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace readyctl {

void keep_memory_private() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);  // also for a core_pattern that is a pipe, which heeds no limit
}

}  // namespace readyctl
