// The code of a program as the loader reads it.
#include "solana/sbpf_program.hpp"

#include "fuzz/property.hpp"

using namespace readyctl;

FUZZ_TARGET(sbpf_program) {
  const ByteView code(data, size);
  const auto program = decode_sbpf_program(code);
  if (!program) {
    fuzz::require(!program.error().what.empty(), "what is refused is refused in words");
    return 0;
  }
  fuzz::require(decode_elf(code).has_value(), "what the loader accepts has a valid header");
  fuzz::require(program->code_bytes > 0 && program->code_bytes % 8 == 0, "its code is whole instructions");
  fuzz::require(program->code_offset <= size && program->code_bytes <= size - program->code_offset,
                "its code is in the file");
  fuzz::require(program->syscalls.empty() || program->syscall_keys.empty(), "syscalls have names or keys");
  Bytes padded(data, data + size);
  padded.resize(size + 32, 0);
  fuzz::require(decode_sbpf_program(padded).has_value(), "trailing zeros do no harm");
  return 0;
}
