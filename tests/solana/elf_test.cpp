#include "solana/elf.hpp"

#include "solana/vectors.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

/// The header of a real program, followed by as many zeros as make its tables fit.
Bytes program(const std::string& label) {
  Bytes code = unhex(case_named(vectors("elf_headers").at("cases"), label).at("first64_hex"));
  code.resize(200'000);
  return code;
}

/// The same program with one byte of its header replaced.
Bytes with_byte(const std::string& label, std::size_t at, std::uint8_t value) {
  Bytes code = program(label);
  code.at(at) = value;
  return code;
}

}  // namespace

// Headers of real programs are read as the tools that made them wrote them.
TEST_CASE("headers of real programs are read", "[solana]") {
  for (const Vectors& one : vectors("elf_headers").at("cases")) {
    INFO(one.dump());
    const auto header = decode_elf(program(one.at("label")));
    REQUIRE(header.has_value());
    CHECK(header->type == one.at("e_type").get<int>());
    CHECK(header->machine == one.at("e_machine").get<int>());
    CHECK(header->entry == number(one.at("e_entry")));
    CHECK(header->sbpf_version == one.at("e_flags_sbpf_version").get<unsigned>());
    CHECK(header->program_headers.offset == number(one.at("e_phoff")));
    CHECK(header->program_headers.count == one.at("e_phnum").get<int>());
  }
}

// What is no SBF program is refused, and the error says by which field.
TEST_CASE("foreign files are refused by name", "[solana]") {
  CHECK(trouble(decode_elf(with_byte("memo", 0, 'M'))) ==
        "SBF program: expected ELF magic 7f454c46 at offset 0, found 4d454c46");
  CHECK(trouble(decode_elf(with_byte("memo", 4, 1))) ==
        "SBF program: expected 2 for the class (64-bit) at offset 4, found 1");
  CHECK(trouble(decode_elf(with_byte("memo", 5, 2))) ==
        "SBF program: expected 1 for the byte order (little-endian) at offset 5, found 2");
  CHECK(trouble(decode_elf(with_byte("memo", 16, 2))) ==
        "SBF program: expected 3 for the type (shared object), found 2");
  CHECK(trouble(decode_elf(with_byte("associated token account", 18, 62))) ==
        "SBF program: expected machine 247 (BPF) or 263 (SBPF) at offset 18, found 62");
  CHECK(trouble(decode_elf(with_byte("memo", 48, 5))) ==
        "SBF program: expected SBPF version 0 to 4 at offset 48, found 5");
  CHECK(trouble(decode_elf({})) == "SBF program: expected 4 bytes of ELF magic at offset 0, the data has 0 bytes");
}

// From version 3 on, only one machine and one place for program headers is left.
TEST_CASE("strict SBPF versions are checked strictly", "[solana]") {
  CHECK(trouble(decode_elf(with_byte("memo", 48, 3))) ==
        "SBF program: expected 247 for the machine of SBPF v3 and later, found 263");
  CHECK(trouble(decode_elf(with_byte("sbpf strict_header test", 32, 72))) ==
        "SBF program: expected 64 for the offset of the program headers, found 72");
  CHECK(trouble(decode_elf(with_byte("sbpf strict_header test", 54, 32))) ==
        "SBF program: expected 56 for the bytes of a program header, found 32");
}

// A table of headers must lie inside the file, also when its offset would wrap around.
TEST_CASE("header tables stay inside the file", "[solana]") {
  Bytes cut = program("memo");
  cut.resize(64 + 4 * 56 - 1);
  CHECK(trouble(decode_elf(cut)) ==
        "SBF program: expected 4 × 56 bytes of program headers at offset 64, the file has 287 bytes");
  Bytes wrapped = program("memo");
  std::fill_n(wrapped.begin() + 40, 8, 0xff);
  CHECK(trouble(decode_elf(wrapped)).find("of section headers at offset 18446744073709551615") != std::string::npos);
}
