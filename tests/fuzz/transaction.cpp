// Transactions and messages: legacy, version 0 and version 1.
#include "solana/transaction.hpp"

#include <algorithm>

#include "fuzz/property.hpp"
#include "solana/build_transaction.hpp"

using namespace readyctl;

namespace {

void check_message(ByteView bytes, const Message& message) {
  Bytes spelled;
  for (const Pubkey& key : message.keys) spelled.insert(spelled.end(), key.bytes.begin(), key.bytes.end());
  fuzz::require(
      spelled.empty() || std::search(bytes.begin(), bytes.end(), spelled.begin(), spelled.end()) != bytes.end(),
      "the keys stand in the transaction, one after the other");
  std::vector<InstructionAccount> keys;
  for (std::size_t i = 0; i < message.keys.size(); ++i) {
    keys.push_back({message.keys[i], message.is_signer(i), message.is_writable(i)});
  }
  for (const CompiledInstruction& compiled : message.instructions) {
    const auto instruction = resolve(compiled, keys);
    if (instruction) {
      fuzz::require(instruction->accounts.size() == compiled.account_indexes.size(), "every account is resolved");
    }
  }
}

}  // namespace

FUZZ_TARGET(transaction) {
  const ByteView bytes(data, size);
  if (const auto message = decode_message(bytes)) check_message(bytes, *message);
  const auto transaction = decode_transaction(bytes);
  if (!transaction) return 0;
  check_message(bytes, transaction->message);
  for (const Bytes& signature : transaction->signatures) fuzz::require(signature.size() == 64, "signatures are whole");
  const Bytes built = unsigned_transaction(transaction->message);
  const auto again = decode_transaction(built);
  fuzz::require(again && again->message.keys == transaction->message.keys, "what is built can be decoded");
  fuzz::require(unsigned_transaction(again->message) == built, "and spells the bytes that it was read from");
  const auto message = decode_message(message_bytes(bytes, *transaction));
  fuzz::require(message && message->keys == transaction->message.keys, "a transaction holds its message");
  Bytes longer(data, data + size);
  longer.push_back(0xff);
  fuzz::require(!decode_transaction(longer), "nothing may follow a transaction");
  return 0;
}
