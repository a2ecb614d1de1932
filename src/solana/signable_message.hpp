// A message as people pass it on, in text of base58 or base64: one that is to be signed, alone or within a whole
// transaction, or one that is to be imported into a multisig, which may be in the short form of the Squads SDK too.
//
// Source of what the Squads program imports: Squads-Protocol/v4 state/vault_transaction.rs,
// TryFrom<TransactionMessage>.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "solana/squads_transactions.hpp"
#include "solana/transaction.hpp"

namespace readyctl {

struct SignableMessage {
  std::string encoding;  ///< "base58", "base64"
  Bytes bytes;           ///< of the message
  Message message;
  std::optional<std::vector<Bytes>> signatures;  ///< of a whole transaction

  std::string form() const;
};

/// Errors (kind `malformed`): text that is neither; bytes that read as neither, or as more than one.
Result<SignableMessage> read_signable(std::string_view text);

/// What a vault would run once it is imported.
struct ExportedMessage {
  std::string encoding;  ///< "base58", "base64"
  std::string form;      ///< as SignableMessage says it, or "Squads transaction message"
  VaultTransactionMessage message;
};

/// The short form has no mark of its own: it is what reads as nothing else, to its last byte, and what the Squads
/// program would take. Errors as of read_signable.
Result<ExportedMessage> read_exported(std::string_view text);

}  // namespace readyctl
