// Explains a message that somebody is asked to sign, from its bytes alone.
#pragma once

#include <cstdint>
#include <string_view>

#include "report/explanation.hpp"

namespace readyctl {

/// How many transactions of a multisig are derived, from the first, to say which of them an address belongs to.
inline constexpr std::uint64_t transactions_searched = 1000;

/// `text` is a message or a whole transaction, in base58 or base64: who signs it, what it does, what a hardware wallet
/// would show of it. Errors (kind `malformed`): text that is neither; bytes that read as neither, or as more than one.
Result<Explanation> explain_message(std::string_view text, std::uint64_t searched = transactions_searched);

}  // namespace readyctl
