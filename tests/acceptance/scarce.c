// Loaded before the binary under test: the allocation with the number SCARCE_FROM fails, and with SCARCE_EVER all that
// follow it.
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

void* __libc_malloc(size_t);

static long left;  // until one fails; 0 before the first, and negative when no more fail

void* malloc(size_t size) {
  if (left == 0) left = atol(getenv("SCARCE_FROM"));
  if (left < 0 || --left > 0) return __libc_malloc(size);
  left = getenv("SCARCE_EVER") ? 1 : -1;
  errno = ENOMEM;
  return NULL;
}
