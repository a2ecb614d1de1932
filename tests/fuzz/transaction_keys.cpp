// The keys of a transaction: legacy, version 0 and version 1.
#include "solana/transaction_keys.hpp"

#include <algorithm>

#include "fuzz/property.hpp"

using namespace readyctl;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView transaction(data, size);
  const auto keys = decode_transaction_keys(transaction);
  if (!keys) return 0;
  Bytes spelled;
  for (const Pubkey& key : *keys) spelled.insert(spelled.end(), key.bytes.begin(), key.bytes.end());
  fuzz::require(
      std::search(transaction.begin(), transaction.end(), spelled.begin(), spelled.end()) != transaction.end() ||
          spelled.empty(),
      "the keys stand in the transaction, one after the other");
  Bytes longer(data, data + size);
  longer.push_back(0xff);
  fuzz::require(decode_transaction_keys(longer) == *keys, "nothing after the keys is read");
  return 0;
}
