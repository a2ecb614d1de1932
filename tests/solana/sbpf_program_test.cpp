#include "solana/sbpf_program.hpp"

#include <random>

#include "solana/syscalls.hpp"
#include "solana/vectors.hpp"
#include "support/sbpf.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

std::string objection_to(const Bytes& code) { return trouble(decode_sbpf_program(code)); }

bool refuses(const Bytes& code, const std::string& words) {
  INFO(objection_to(code));
  return objection_to(code).find(words) != std::string::npos;
}

Bytes with_bytes(Bytes code, std::size_t at, const Bytes& bytes) {
  std::copy(bytes.begin(), bytes.end(), code.begin() + static_cast<std::ptrdiff_t>(at));
  return code;
}

}  // namespace

// The published keys of two names, as syscall tables of other implementations hold them.
TEST_CASE("syscalls have their keys", "[solana]") {
  CHECK(syscall_key("sol_sha256") == 0x11f49d86);
  CHECK(syscall_key("sol_sha512") == 0x9229cdcc);
  CHECK(syscall_key("sol_big_mod_exp") == 0x780e4c15);
  for (const Syscall& one : syscalls()) {
    CHECK(syscall_named(one.name) == &one);
    CHECK(syscall_with_key(syscall_key(one.name)) == &one);
  }
  CHECK(syscall_named("sol_get_rich_") == nullptr);
  CHECK(syscall_with_key(1) == nullptr);
}

// What the loader would run, and what it calls, of both layouts.
TEST_CASE("programs are read as the loader reads them", "[solana]") {
  const auto program = decode_sbpf_program(program_calling("sol_log_"));
  REQUIRE(program);
  CHECK(program->code_offset == 64);
  CHECK(program->code_bytes == 16);
  CHECK(program->syscalls == std::vector<std::string>{"sol_log_"});
  CHECK(decode_sbpf_program(padded(program_calling("sol_log_"), 5000)));
  const auto strict = decode_sbpf_program(strict_program_calling(7));
  REQUIRE(strict);
  CHECK(strict->code_offset == 120);
  CHECK(strict->syscall_keys == std::vector<std::uint32_t>{7});
}

// Each rule of the lenient loader, broken alone.
TEST_CASE("damaged programs are refused by name", "[solana]") {
  const Bytes good = program_calling("sol_log_");
  CHECK(refuses(with_bytes(good, 7, {3}), "for the ABI at offset 7"));
  CHECK(refuses(program_calling("sol_log_", 0, {{".text", 1, 6, calling_code()}}), "it has 2 sections .text"));
  CHECK(refuses(linked(0, {{".code", 1, 6, calling_code()}}), "it has 0 sections .text"));
  CHECK(refuses(program_calling("sol_log_", 0, {{".bss.counter", 1, 3, Bytes(8)}}), "it has a section .bss.counter"));
  CHECK(refuses(program_calling("sol_log_", 0, {{".data", 1, 3, Bytes(8)}}), "its section .data is writable"));
  CHECK(decode_sbpf_program(program_calling("sol_log_", 0, {{".data", 1, 1, Bytes(8)}})));  // not in memory
  CHECK(refuses(with_bytes(good, 54, {0}), "the bytes of a program header"));               // there is none, and yet
  CHECK(decode_sbpf_program(program_calling("sol_log_", 0, {{".data", 1, 2, Bytes(8)}})));
  CHECK(decode_sbpf_program(program_calling("sol_log_", 0, {{".data.rel.ro", 1, 3, Bytes(8)}})));
  CHECK(refuses(with_bytes(good, 24, {80}), "its entry is outside of its section .text"));
  CHECK(refuses(with_bytes(good, 24, {65}), "its entry is no multiple of 8"));
  CHECK(refuses(with_bytes(good, 68, {5, 0, 0, 0}), "instruction 0 calls outside of its code"));
  CHECK(refuses(with_bytes(good, 200, {7}), "is of the unknown sort 7"));
  CHECK(refuses(with_bytes(good, 204, {9}), "refers to no symbol"));
  CHECK(refuses(with_bytes(good, 192, Bytes(8, 0xff)), "leaves the file"));
  CHECK(refuses(with_bytes(good, 88, Bytes{1}), "its table of relocations is nowhere"));
  CHECK(refuses(with_bytes(good, 62, {0, 0}), "it names no section of the names of sections"));
  CHECK(refuses(with_bytes(good, 40, {1}), "not at multiples of 8"));
  CHECK(refuses(program_calling("sol_log_", 0, {{".a_name_of_16_byt", 1, 0, Bytes(8)}}), "longer than 15 bytes"));
  CHECK(refuses(program_calling(std::string(64, 'a')), "whose name cannot be read"));
  CHECK(refuses(linked(0, {{".text", 1, 6, Bytes(12, 0x95)}}), "is no multiple of 8"));
}

// Each rule of the strict loader, broken alone.
TEST_CASE("damaged programs of SBPF v3 are refused by name", "[solana]") {
  const Bytes good = strict_program_calling(7);
  CHECK(refuses(with_bytes(good, 9, {1}), "expected zeros from offset 8 to 16"));
  CHECK(refuses(with_bytes(good, 56, {0}), "it has no program headers"));
  CHECK(refuses(with_bytes(good, 64, {2}), "is not to be loaded"));
  CHECK(refuses(with_bytes(good, 68, {4}), "it has no program header of its code"));
  CHECK(refuses(with_bytes(good, 68, {5}), "has flags 5, expected 1"));
  CHECK(refuses(with_bytes(good, 72, {128}), "begins at offset 128, expected 120"));
  CHECK(refuses(with_bytes(good, 84, {2}), "is at address 8589934592"));
  CHECK(refuses(with_bytes(good, 96, {24}), "leaves the file"));
  CHECK(refuses(with_bytes(good, 104, {24}), "another length in memory"));
  CHECK(refuses(with_bytes(good, 24, {16}), "its entry is outside of its code"));
  CHECK(refuses(with_bytes(good, 24, {4}), "its entry is no multiple of 8"));
}

// Every beginning of a program, and every byte of it spoiled, is refused in words or read.
TEST_CASE("hostile programs do no harm", "[solana]") {
  std::mt19937 random(20'261'126);
  for (const Bytes& good : {program_calling("sol_log_"), strict_program_calling(7)}) {
    for (std::size_t length = 0; length < good.size(); ++length) {
      const Bytes cut(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(length));
      const auto read = decode_sbpf_program(cut);
      if (read || read.error().what.empty()) FAIL("no words at " << length);
    }
    for (int round = 0; round < 20'000; ++round) {
      Bytes spoiled = good;
      for (std::size_t i = 0; i <= random() % 3; ++i)
        spoiled[random() % spoiled.size()] = static_cast<std::uint8_t>(random());
      const auto read = decode_sbpf_program(spoiled);
      if (read ? read->code_offset + read->code_bytes > spoiled.size() : read.error().what.empty()) FAIL(round);
    }
  }
}
