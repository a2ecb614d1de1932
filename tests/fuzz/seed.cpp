// Seeds of addresses, as the command line takes them.
#include "facts/seeds.hpp"

#include "fuzz/property.hpp"

using namespace readyctl;

FUZZ_TARGET(seed) {
  const std::string text = fuzz::text_in(data, size);
  const auto seed = parse_seed(text);
  if (!seed) return 0;
  const Bytes bytes = seed->bytes();
  fuzz::require(bytes.size() <= size + 1, "a seed is no longer than its text, but for the eight bytes of u64le:1");
  const auto derived = find_program_address({*seed}, Pubkey{});
  fuzz::require(derived.has_value() == (bytes.size() <= seed_bytes_max), "a seed of at most 32 bytes gives an address");
  return 0;
}
