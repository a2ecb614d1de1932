#include "attest/openssl_memory.hpp"
#include "cli/cli.hpp"
#include "cli/memory.hpp"
#include "cli/standard_descriptors.hpp"

int main(int argc, char** argv) {
  readyctl::take_standard_descriptors();
  readyctl::keep_memory_private();
  readyctl::end_without_memory();
  if (!readyctl::wipe_openssl_memory(readyctl::leave_without_memory)) readyctl::say_keys_may_stay();
  return readyctl::run_command_line(argc, argv);
}
