#include "solana/derive.hpp"

#include <algorithm>

#include "base/invariant.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

constexpr std::string_view marker = "ProgramDerivedAddress";
static_assert(marker.size() == 21);

Result<void> check_seeds(const std::vector<ByteView>& seeds, std::size_t count_max) {
  if (seeds.size() > count_max) {
    return malformed("", counted(seeds.size(), "seed") + ", expected at most " + std::to_string(count_max) +
                             " (MaxSeedLengthExceeded)");
  }
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    if (seeds[i].size() <= seed_bytes_max) continue;
    return malformed("", "seed " + std::to_string(i + 1) + " has " + counted(seeds[i].size(), "byte") +
                             ", expected at most " + std::to_string(seed_bytes_max) + " (MaxSeedLengthExceeded)");
  }
  return {};
}

Pubkey hash_of(const std::vector<ByteView>& seeds, const Pubkey& program) {
  Sha256Hasher hasher;
  for (const ByteView seed : seeds) hasher.update(seed);
  hasher.update(program.bytes);
  hasher.update(bytes_of(marker));
  return Pubkey{hasher.finish().bytes};
}

Derived sure_address(const std::vector<ByteView>& seeds, const Pubkey& program) {
  const auto found = find_program_address(seeds, program);
  invariant(found.has_value(), "seeds of fixed lengths have a program-derived address");
  return *found;
}

}  // namespace

Result<Pubkey> create_program_address(const std::vector<ByteView>& seeds, const Pubkey& program) {
  if (const auto fine = check_seeds(seeds, seeds_max); !fine) return failure(fine.error());
  const Pubkey address = hash_of(seeds, program);
  if (is_on_curve(address)) return malformed("", "the seeds give an address on the curve (InvalidSeeds)");
  return address;
}

Result<Derived> find_program_address(const std::vector<ByteView>& seeds, const Pubkey& program) {
  if (const auto fine = check_seeds(seeds, seeds_max - 1); !fine) return failure(fine.error());
  std::uint8_t bump = 255;
  std::vector<ByteView> with_bump = seeds;
  with_bump.emplace_back(&bump, 1);
  for (; bump > 0; --bump) {  // the runtime never tries 0
    const Pubkey address = hash_of(with_bump, program);
    if (!is_on_curve(address)) return Derived{address, bump};
  }
  return malformed("", "no bump from 255 to 1 gives an address off the curve");
}

Result<Pubkey> create_with_seed(const SeededAddress& from) {
  if (from.seed.size() > seed_bytes_max) {
    return malformed("", "the seed has " + counted(from.seed.size(), "byte") + ", expected at most " +
                             std::to_string(seed_bytes_max) + " (MaxSeedLengthExceeded)");
  }
  if (text_of(from.owner.bytes).ends_with(marker)) {
    return malformed("", "the owner ends in \"" + std::string(marker) + "\", as no owner may (IllegalOwner)");
  }
  Sha256Hasher hasher;
  hasher.update(from.base.bytes);
  hasher.update(bytes_of(from.seed));
  hasher.update(from.owner.bytes);
  return Pubkey{hasher.finish().bytes};
}

Derived associated_token_address(const AssociatedToken& of) {
  return sure_address({of.wallet.bytes, of.token_program.bytes, of.mint.bytes}, known::associated_token);
}

Derived programdata_address(const Pubkey& program) { return sure_address({program.bytes}, known::loader_v3); }

}  // namespace readyctl
