// A message that is to be signed, as people pass it on: text in base58 or base64, alone or within a whole transaction.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "solana/transaction.hpp"

namespace readyctl {

struct SignableMessage {
  std::string encoding;  ///< "base58", "base64"
  Bytes bytes;           ///< of the message
  Message message;
  std::optional<std::vector<Bytes>> signatures;  ///< of a whole transaction

  std::string form() const { return signatures ? "whole transaction" : "message"; }
};

/// Errors (kind `malformed`): text that is neither; bytes that read as neither, or as more than one.
Result<SignableMessage> read_signable(std::string_view text);

}  // namespace readyctl
