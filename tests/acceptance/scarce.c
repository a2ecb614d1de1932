// Loaded before the binary under test: of the allocations since main began the one with the number SCARCE_FROM fails, and
// with SCARCE_EVER all that follow it.
#define _GNU_SOURCE
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/resource.h>

void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);
void* __libc_memalign(size_t, size_t);

static long left = -1;  // until one fails; negative before main, and when no more fail

// The first thing that main does.
int setrlimit(__rlimit_resource_t resource, const struct rlimit* limit) {
  left = atol(getenv("SCARCE_FROM"));
  return prlimit(0, resource, limit, NULL);
}

static int is_refused(void) {
  if (left < 0 || --left > 0) return 0;
  left = getenv("SCARCE_EVER") ? 1 : -1;
  errno = ENOMEM;
  return 1;
}

void* malloc(size_t size) { return is_refused() ? NULL : __libc_malloc(size); }
void* calloc(size_t count, size_t size) { return is_refused() ? NULL : __libc_calloc(count, size); }
void* realloc(void* memory, size_t size) { return is_refused() ? NULL : __libc_realloc(memory, size); }
void* aligned_alloc(size_t alignment, size_t size) { return is_refused() ? NULL : __libc_memalign(alignment, size); }
