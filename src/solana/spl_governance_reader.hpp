// What the decoders of SPL Governance share: the byte that every account begins with, and the enums in accounts.
#pragma once

#include "solana/reader.hpp"
#include "solana/spl_governance.hpp"

namespace readyctl {

/// The type, which `accepts` must accept. The reader has failed when it does not: `expected` and what is there instead
/// are named.
GovernanceAccount read_governance_type(Reader& reader, bool (*accepts)(GovernanceAccount), std::string_view expected);

VoteThreshold read_threshold(Reader& reader, std::string_view field);

/// A byte that numbers one of `size` things.
template <class Enum>
Enum read_enum(Reader& reader, std::string_view field, std::uint8_t size) {
  const std::size_t at = reader.offset();
  const std::uint8_t value = reader.u8(field);
  if (value < size) return static_cast<Enum>(value);
  reader.fail("expected 0 to " + std::to_string(size - 1) + " for " + std::string(field) + " at offset " +
              std::to_string(at) + ", found " + std::to_string(value));
  return Enum{};
}

}  // namespace readyctl
