// ELF headers of Solana programs: is this file an SBF program at all, and of which version?
//
// Source: anza-xyz/sbpf elf_parser/consts.rs, elf.rs, program.rs. Only the headers are read; what the loader further
// demands of sections, segments and instructions is for the loader to say.
#pragma once

#include <cstdint>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace readyctl {

inline constexpr std::size_t elf_header_bytes = 64;

inline constexpr std::uint16_t elf_machine_bpf = 247;   ///< EM_BPF
inline constexpr std::uint16_t elf_machine_sbpf = 263;  ///< EM_SBPF, of older Solana toolchains; SBPF v0 to v2 only
inline constexpr std::uint16_t elf_type_shared = 3;     ///< ET_DYN
inline constexpr std::uint32_t sbpf_version_max = 4;

/// Where a table of headers stands in the file.
struct ElfTable {
  std::uint64_t offset = 0;
  std::uint16_t entry_bytes = 0;
  std::uint16_t count = 0;
};

struct ElfHeader {
  std::uint16_t type = 0;          ///< e_type
  std::uint16_t machine = 0;       ///< e_machine: elf_machine_bpf or elf_machine_sbpf
  std::uint32_t sbpf_version = 0;  ///< e_flags: 0 to sbpf_version_max
  std::uint64_t entry = 0;         ///< e_entry, a virtual address
  ElfTable program_headers;
  ElfTable section_headers;  ///< not checked for SBPF v3 and later, which does not need them
};

/// The header of an SBF program. `code` is the whole file or account code; trailing zeros do no harm. Errors (kind
/// `malformed`): shorter than 64 bytes; no ELF magic; not 64-bit, little-endian, version 1; a machine that is not SBF;
/// a reserved SBPF version; v0 to v2 that is no shared object; v3 and later with machine 263 or with program headers
/// elsewhere than right after the header; a header table that leaves the file.
Result<ElfHeader> decode_elf(ByteView code);

}  // namespace readyctl
