// Loaded before the binary under test: writes the name of each function that initialises libcurl or libgit2 to the file
// INITIALISED names, when it is called.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

static void* seen(const char* name) {
  FILE* file = fopen(getenv("INITIALISED"), "a");
  fprintf(file, "%s\n", name);
  fclose(file);
  return dlsym(RTLD_NEXT, name);
}

int curl_global_init(long flags) { return ((int (*)(long))seen("curl_global_init"))(flags); }
void* curl_multi_init(void) { return ((void* (*)(void))seen("curl_multi_init"))(); }
void* curl_easy_init(void) { return ((void* (*)(void))seen("curl_easy_init"))(); }
int git_libgit2_init(void) { return ((int (*)(void))seen("git_libgit2_init"))(); }
