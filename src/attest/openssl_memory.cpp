#include "attest/openssl_memory.hpp"

#include <malloc.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace readyctl {
namespace {

void (*leave_without_memory)() = nullptr;

void* take(std::size_t size, const char*, int) {
  void* memory = std::malloc(size);
  if (memory == nullptr && size > 0) leave_without_memory();
  return memory;
}

void give_back(void* memory, const char*, int) {
  if (memory != nullptr) OPENSSL_cleanse(memory, ::malloc_usable_size(memory));
  std::free(memory);
}

// Never by realloc, which moves without wiping.
void* take_other(void* memory, std::size_t size, const char* file, int line) {
  void* other = size == 0 ? nullptr : take(size, file, line);
  if (other != nullptr && memory != nullptr) std::memcpy(other, memory, std::min(size, ::malloc_usable_size(memory)));
  give_back(memory, file, line);
  return other;
}

}  // namespace

bool wipe_openssl_memory(void (*leave)()) {
  leave_without_memory = leave;
  return CRYPTO_set_mem_functions(take, take_other, give_back) == 1;
}

}  // namespace readyctl
