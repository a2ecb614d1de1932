#include "solana/elf.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/hex.hpp"
#include "base/text.hpp"
#include "solana/reader.hpp"

namespace readyctl {
namespace {

constexpr std::array<std::uint8_t, 4> magic = {0x7f, 'E', 'L', 'F'};
constexpr std::uint8_t class_64_bit = 2;
constexpr std::uint8_t little_endian = 1;
constexpr std::uint8_t format_version = 1;
constexpr std::uint32_t first_strict_version = 3;
constexpr std::uint16_t program_header_bytes = 56;
constexpr std::uint16_t section_header_bytes = 64;

//    0  4B   magic 7f 45 4c 46     20  u32  format version      52  u16  bytes of this header
//    4  u8   2: 64-bit             24  u64  entry               54  u16  bytes of a program header
//    5  u8   1: little-endian      32  u64  program headers     56  u16  program headers
//    6  u8   1: format version     40  u64  section headers     58  u16  bytes of a section header
//    7  9B   OS and ABI, padding   48  u32  SBPF version        60  u16  section headers
//   16  u16  type  18 u16 machine                               62  u16  index of the section of names
static_assert(4 + 1 + 1 + 1 + 9 + 2 + 2 + 4 + 8 + 8 + 8 + 4 + 2 + 2 + 2 + 2 + 2 + 2 == elf_header_bytes);

void expect_table_inside(Reader& reader, std::string_view name, const ElfTable& table, std::uint64_t file_bytes) {
  const std::uint64_t bytes = std::uint64_t{table.entry_bytes} * table.count;
  if (bytes <= file_bytes && table.offset <= file_bytes - bytes) return;
  reader.fail("expected " + std::to_string(table.count) + " × " + std::to_string(table.entry_bytes) + " bytes of " +
              std::string(name) + " at offset " + std::to_string(table.offset) + ", the file has " +
              counted(file_bytes, "byte"));
}

void expect(Reader& reader, std::string_view name, std::uint64_t found, std::uint64_t expected) {
  if (found == expected) return;
  reader.fail("expected " + std::to_string(expected) + " for " + std::string(name) + ", found " +
              std::to_string(found));
}

void check_program(Reader& reader, const ElfHeader& header, std::uint64_t file_bytes) {
  if (header.machine != elf_machine_bpf && header.machine != elf_machine_sbpf) {
    reader.fail("expected machine 247 (BPF) or 263 (SBPF) at offset 18, found " + std::to_string(header.machine));
  }
  if (header.sbpf_version > sbpf_version_max) {
    reader.fail("expected SBPF version 0 to " + std::to_string(sbpf_version_max) + " at offset 48, found " +
                std::to_string(header.sbpf_version));
  }
  const bool strict = header.sbpf_version >= first_strict_version;
  if (strict) {
    expect(reader, "the machine of SBPF v3 and later", header.machine, elf_machine_bpf);
    expect(reader, "the offset of the program headers", header.program_headers.offset, elf_header_bytes);
  } else {
    expect(reader, "the type (shared object)", header.type, elf_type_shared);
  }
  expect(reader, "the bytes of a program header", header.program_headers.entry_bytes, program_header_bytes);
  expect_table_inside(reader, "program headers", header.program_headers, file_bytes);
  if (strict) return;
  expect(reader, "the bytes of a section header", header.section_headers.entry_bytes, section_header_bytes);
  expect_table_inside(reader, "section headers", header.section_headers, file_bytes);
}

}  // namespace

Result<ElfHeader> decode_elf(ByteView code) {
  Reader reader("SBF program", code);
  const ByteView found_magic = reader.bytes("ELF magic", magic.size());
  if (reader.ok() && !std::equal(found_magic.begin(), found_magic.end(), magic.begin())) {
    reader.fail("expected ELF magic 7f454c46 at offset 0, found " + to_hex(found_magic));
  }
  expect(reader, "the class (64-bit) at offset 4", reader.u8("class"), class_64_bit);
  expect(reader, "the byte order (little-endian) at offset 5", reader.u8("byte order"), little_endian);
  expect(reader, "the format version at offset 6", reader.u8("format version"), format_version);
  reader.bytes("OS and ABI", 9);
  ElfHeader header;
  header.type = reader.u16("type");
  header.machine = reader.u16("machine");
  expect(reader, "the format version at offset 20", reader.u32("format version"), format_version);
  header.entry = reader.u64("entry");
  header.program_headers.offset = reader.u64("program header offset");
  header.section_headers.offset = reader.u64("section header offset");
  header.sbpf_version = reader.u32("SBPF version");
  expect(reader, "the bytes of this header at offset 52", reader.u16("header bytes"), elf_header_bytes);
  header.program_headers.entry_bytes = reader.u16("program header bytes");
  header.program_headers.count = reader.u16("program header count");
  header.section_headers.entry_bytes = reader.u16("section header bytes");
  header.section_headers.count = reader.u16("section header count");
  reader.u16("section of names");
  if (reader.ok()) check_program(reader, header, code.size());
  return reader.finish(header);
}

}  // namespace readyctl
