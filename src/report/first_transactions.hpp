// First transactions: which transaction of a Squads v4 multisig a message is about, by derivation alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "solana/message_words.hpp"

namespace readyctl {

struct NumberedTransaction {
  std::uint64_t index = 0;
  Pubkey address;  ///< of the transaction's account

  auto operator<=>(const NumberedTransaction&) const = default;
};

/// The first transactions of multisigs. Each is derived when it is needed and once only: a message can name one
/// multisig a hundred times.
class FirstTransactions {
 public:
  /// Transactions 1 to `searched` of each multisig are known.
  explicit FirstTransactions(std::uint64_t searched) : searched_(searched) {}

  /// The one whose account or proposal has this address.
  std::optional<NumberedTransaction> find(const Pubkey& multisig, const Pubkey& address);

  /// How many were derived so far, of all multisigs together.
  std::size_t derived() const { return derived_; }

 private:
  struct Derived {
    std::uint64_t count = 0;
    std::map<Pubkey, NumberedTransaction> by_address;
  };

  std::uint64_t searched_;
  std::size_t derived_ = 0;
  std::map<Pubkey, Derived> of_;
};

/// Those that the message names to the Squads program, each once, in the order of its instructions; nothing where no
/// instruction is for that program.
std::optional<std::vector<NumberedTransaction>> transactions_named(const Message& message,
                                                                   const std::vector<MessageAccount>& accounts,
                                                                   FirstTransactions& transactions);

}  // namespace readyctl
