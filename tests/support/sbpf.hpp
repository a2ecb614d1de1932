// Small programs as a linker writes them: SBPF v0 to v2 with sections, relocations and symbols, and v3 with one
// segment.
#pragma once

#include <string>
#include <vector>

#include "support/programs.hpp"

namespace readyctl::test {

/// A section of a made-up program; its place in the file follows from the order.
struct MadeSection {
  std::string name;
  std::uint32_t type = 1;
  std::uint64_t flags = 2;
  Bytes data;
  bool has_address = true;
};

inline void put_little(Bytes& out, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i)
    out.push_back(i < 8 ? static_cast<std::uint8_t>(value >> (8 * i)) : std::uint8_t{0});
}

/// Two instructions: a call of what a relocation names, and the end.
inline Bytes calling_code() { return {0x85, 0x10, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x95, 0, 0, 0, 0, 0, 0, 0}; }

inline Bytes elf_header_of(std::uint32_t version, std::uint64_t entry, std::uint16_t segments,
                           std::uint64_t sections_at, std::uint16_t sections) {
  Bytes data{0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  put_little(data, 3, 2);
  put_little(data, 247, 2);
  put_little(data, 1, 4);
  put_little(data, entry, 8);
  put_little(data, 64, 8);
  put_little(data, sections_at, 8);
  put_little(data, version, 4);
  put_little(data, 64, 2);
  put_little(data, 56, 2);
  put_little(data, segments, 2);
  put_little(data, 64, 2);
  put_little(data, sections, 2);
  put_little(data, sections == 0 ? 0 : sections - 1U, 2);
  return data;
}

/// A file of these sections, .text first at offset 64; the last section, of their names, is added.
inline Bytes linked(std::uint32_t version, std::vector<MadeSection> sections) {
  Bytes names{0};
  std::vector<std::uint64_t> name_offsets;
  sections.push_back({".shstrtab", 3, 0, {}, false});
  for (const MadeSection& one : sections) {
    name_offsets.push_back(names.size());
    put(names, bytes_of(one.name));
    names.push_back(0);
  }
  sections.back().data = names;
  Bytes body;
  Bytes headers(64);
  for (std::size_t i = 0; i < sections.size(); ++i) {
    body.resize((body.size() + 7) / 8 * 8);
    const MadeSection& one = sections[i];
    const std::uint64_t offset = 64 + body.size();
    put_little(headers, name_offsets[i], 4);
    put_little(headers, one.type, 4);
    put_little(headers, one.flags, 8);
    put_little(headers, one.has_address ? offset : 0, 8);
    put_little(headers, offset, 8);
    put_little(headers, one.data.size(), 8);
    put_little(headers, 0, 24);
    put(body, one.data);
  }
  body.resize((body.size() + 7) / 8 * 8);
  Bytes file = elf_header_of(version, 64, 0, 64 + body.size(), static_cast<std::uint16_t>(sections.size() + 1));
  put(file, body);
  put(file, headers);
  return file;
}

/// A program whose first instruction calls `syscall`, by relocation.
inline Bytes program_calling(const std::string& syscall, std::uint32_t version = 0,
                             const std::vector<MadeSection>& more = {}) {
  // .text is 16 bytes from 64, .dynamic 64 from 80, .dynsym 48 from 144, .rel.dyn 16 from 192, .dynstr from 208.
  Bytes dynamic;
  for (const std::uint64_t word : {17U, 192U, 18U, 16U, 19U, 16U, 6U, 144U}) put_little(dynamic, word, 8);
  Bytes symbols(24);
  put_little(symbols, 1, 4);
  put_little(symbols, 0x10, 4);
  put_little(symbols, 0, 16);
  symbols.resize(48);
  Bytes relocations;
  put_little(relocations, 64, 8);
  put_little(relocations, 10, 4);
  put_little(relocations, 1, 4);
  Bytes strings{0};
  put(strings, bytes_of(syscall));
  strings.push_back(0);
  std::vector<MadeSection> sections = {{".text", 1, 6, calling_code()},
                                       {".dynamic", 6, 3, dynamic},
                                       {".dynsym", 11, 2, symbols},
                                       {".rel.dyn", 9, 2, relocations},
                                       {".dynstr", 3, 2, strings}};
  sections.insert(sections.end(), more.begin(), more.end());
  return linked(version, sections);
}

/// A program of SBPF v3 whose first instruction calls the syscall with this key.
inline Bytes strict_program_calling(std::uint32_t key, std::uint32_t version = 3) {
  Bytes file = elf_header_of(version, std::uint64_t{1} << 32, 1, 0, 0);
  put_little(file, 1, 4);
  put_little(file, 1, 4);
  put_little(file, 64 + 56, 8);
  for (int i = 0; i < 2; ++i) put_little(file, std::uint64_t{1} << 32, 8);
  for (int i = 0; i < 2; ++i) put_little(file, 16, 8);
  put_little(file, 0, 8);
  put(file, Bytes{0x85, 0, 0, 0});
  put_u32(file, key);
  put(file, Bytes{0x95, 0, 0, 0, 0, 0, 0, 0});
  return file;
}

}  // namespace readyctl::test
