// Facts about histories that are longer than one answer.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "facts/history.hpp"

namespace readyctl::facts {

/// The most that an endpoint lists at once.
inline constexpr std::uint32_t signatures_a_page = 1000;

/// The transactions that name the address and are older than the transaction `before`, newest first, a page of them.
/// Without `before`, the latest.
Fact<std::vector<SignatureSeen>> signatures_page(const Pubkey& address, const std::optional<std::string>& before);

}  // namespace readyctl::facts
