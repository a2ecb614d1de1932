// A program's code as the loader reads it before it accepts it: what of the file would run, and which syscalls it
// calls.
//
// Source: anza-xyz/sbpf src/elf.rs (load_with_lenient_parser for SBPF v0 to v2, load_with_strict_parser from v3 on,
// both with reject_broken_elfs, as for deployment), src/elf_parser/mod.rs, src/verifier.rs (the length of the code
// only). That every instruction is one that exists is the verifier's to say, and not looked at here.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "solana/elf.hpp"

namespace readyctl {

struct SbpfProgram {
  ElfHeader header;
  std::uint64_t code_offset = 0;  ///< in the file
  std::uint64_t code_bytes = 0;
  std::vector<std::string> syscalls;        ///< v0 to v2: the names it calls, each once
  std::vector<std::uint32_t> syscall_keys;  ///< from v3 on: the keys it calls, each once
};

/// `code` is the whole file or account code; trailing zeros do no harm. Errors (kind `malformed`): as of decode_elf;
/// whatever else the loader would refuse, the first of it, by name.
Result<SbpfProgram> decode_sbpf_program(ByteView code);

}  // namespace readyctl
