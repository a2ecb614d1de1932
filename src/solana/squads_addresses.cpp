// Addresses of the Squads v4 program. Source: Squads-Protocol/v4 state/seeds.rs, sdk/rs/src/pda.rs.
#include "base/invariant.hpp"
#include "solana/derive.hpp"
#include "solana/squads_vaults.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

/// The seeds after the prefix that all Squads addresses share.
Derived squads_address(const std::vector<ByteView>& rest) {
  std::vector<ByteView> seeds{bytes_of("multisig")};
  seeds.insert(seeds.end(), rest.begin(), rest.end());
  const auto found = find_program_address(seeds, known::squads_v4);
  invariant(found.has_value(), "seeds of fixed lengths have a program-derived address");
  return *found;
}

/// The bytes of an integer, lowest first, as a seed holds them.
template <class T>
std::array<std::uint8_t, sizeof(T)> seed_of(T value) {
  std::array<std::uint8_t, sizeof(T)> bytes{};
  for (std::size_t i = 0; i < sizeof(T); ++i) bytes[i] = static_cast<std::uint8_t>(value >> (8 * i));
  return bytes;
}

}  // namespace

Derived squads_program_config_address() { return squads_address({bytes_of("program_config")}); }

Derived multisig_address(const Pubkey& create_key) { return squads_address({bytes_of("multisig"), create_key.bytes}); }

Derived vault_address(const Pubkey& multisig, std::uint8_t index) {
  const auto index_seed = seed_of(index);
  return squads_address({multisig.bytes, bytes_of("vault"), index_seed});
}

std::optional<std::uint8_t> vault_index_of(const Pubkey& vault, const Pubkey& multisig, unsigned indexes) {
  for (unsigned index = 0; index < indexes; ++index) {
    const auto candidate = static_cast<std::uint8_t>(index);
    if (vault_address(multisig, candidate).address == vault) return candidate;
  }
  return std::nullopt;
}

Derived transaction_address(const Pubkey& multisig, std::uint64_t index) {
  const auto index_seed = seed_of(index);
  return squads_address({multisig.bytes, bytes_of("transaction"), index_seed});
}

Derived proposal_address(const Pubkey& multisig, std::uint64_t index) {
  const auto index_seed = seed_of(index);
  return squads_address({multisig.bytes, bytes_of("transaction"), index_seed, bytes_of("proposal")});
}

Derived batch_transaction_address(const Pubkey& multisig, const BatchItem& item) {
  const auto batch_seed = seed_of(item.batch_index);
  const auto item_seed = seed_of(item.transaction_index);
  return squads_address(
      {multisig.bytes, bytes_of("transaction"), batch_seed, bytes_of("batch_transaction"), item_seed});
}

Derived spending_limit_address(const SpendingLimitOf& of) {
  return squads_address({of.multisig.bytes, bytes_of("spending_limit"), of.create_key.bytes});
}

Derived ephemeral_signer_address(const Pubkey& transaction, std::uint8_t index) {
  const auto index_seed = seed_of(index);
  return squads_address({transaction.bytes, bytes_of("ephemeral_signer"), index_seed});
}

Derived transaction_buffer_address(const TransactionBufferOf& of) {
  const auto index_seed = seed_of(of.index);
  return squads_address({of.multisig.bytes, bytes_of("transaction_buffer"), of.creator.bytes, index_seed});
}

}  // namespace readyctl
