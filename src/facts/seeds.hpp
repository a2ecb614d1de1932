// Seeds of program-derived addresses, as people write them: {"utf8": "treasury"} in a pack, utf8:treasury on the
// command line. One table names the forms of both.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "facts/field_types.hpp"
#include "solana/derive.hpp"

namespace readyctl {

/// A u64 seed; a string of digits like every number of 64 bits.
struct SeedNumber {
  std::uint64_t value = 0;
};

template <>
struct FieldType<SeedNumber> : U64Field<SeedNumber> {
  static std::string words() { return "whole number of 64 bits, a string of digits"; }
};

/// One seed, written the way the program writes it.
struct Seed {
  std::optional<std::string> utf8;
  std::optional<HexBytes> hex;
  std::optional<Pubkey> pubkey;
  std::optional<std::uint8_t> u8;
  std::optional<std::uint16_t> u16le;
  std::optional<std::uint32_t> u32le;
  std::optional<SeedNumber> u64le;

  static constexpr Choice choice = Choice::exactly_one;
  static constexpr auto fields() {
    return std::tuple{
        optional("utf8", &Seed::utf8, "the bytes of this text"),
        optional("hex", &Seed::hex, "these bytes"),
        optional("pubkey", &Seed::pubkey, "the 32 bytes of this address"),
        optional("u8", &Seed::u8, "one byte"),
        optional("u16le", &Seed::u16le, "two bytes, the low one first"),
        optional("u32le", &Seed::u32le, "four bytes, the low one first"),
        optional("u64le", &Seed::u64le, "eight bytes, the low one first"),
    };
  }

  Bytes bytes() const;
};

/// FORM:VALUE with the forms of Seed: utf8:treasury, hex:00ff, pubkey:9xQ…, u8:7, u16le:…, u32le:…, u64le:…. Errors
/// (kind `usage`): no such form, or a value that the form refuses.
Result<Seed> parse_seed(std::string_view text);

/// The bytes of each seed, in their order.
std::vector<Bytes> bytes_of(const std::vector<Seed>& seeds);

/// find_program_address over seeds that own their bytes.
Result<Derived> find_program_address(const std::vector<Seed>& seeds, const Pubkey& program);

}  // namespace readyctl
