#include "solana/signable_message.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"
#include "solana/base58.hpp"

namespace readyctl {
namespace {

struct Attempts {
  std::vector<SignableMessage> readings;
  std::vector<std::string> objections;
};

void try_bytes(const std::string& encoding, const Bytes& bytes, Attempts& attempts) {
  const auto message = decode_message(bytes);
  if (message) attempts.readings.push_back({encoding, bytes, *message, std::nullopt});
  const auto transaction = decode_transaction(bytes);
  if (transaction) {
    const ByteView signed_bytes = message_bytes(bytes, *transaction);
    attempts.readings.push_back(
        {encoding, {signed_bytes.begin(), signed_bytes.end()}, transaction->message, transaction->signatures});
  }
  if (message || transaction) return;
  attempts.objections.push_back("in " + encoding + " it is " + counted(bytes.size(), "byte") + ", but as a " +
                                to_string(message.error()) + "; as a " + to_string(transaction.error()));
}

}  // namespace

Result<SignableMessage> read_signable(std::string_view untrimmed) {
  const std::string place;
  const std::string_view text = trimmed(untrimmed);
  if (text.empty()) return malformed(place, "is empty", "give a message or a transaction in base58 or base64");
  Attempts attempts;
  const auto base58 = from_base58(text);
  if (base58) try_bytes("base58", *base58, attempts);
  const auto base64 = from_any_base64(text);
  if (base64) try_bytes("base64", *base64, attempts);
  if (!base58 && !base64) {
    attempts.objections.push_back("as base58: " + to_string(base58.error()));
    attempts.objections.push_back("as base64: " + to_string(base64.error()));
  }
  if (attempts.readings.empty()) {
    return malformed(place, "is no message and no transaction: " + join(attempts.objections, "; "),
                     "give the bytes that are to be signed, or the whole transaction, in base58 or base64");
  }
  if (attempts.readings.size() > 1) {
    return malformed(place,
                     "reads as a " + attempts.readings[0].form() + " in " + attempts.readings[0].encoding +
                         " and as a " + attempts.readings[1].form() + " in " + attempts.readings[1].encoding,
                     "do not sign what means two things; ask for it in another encoding, or for the message alone");
  }
  return std::move(attempts.readings.front());
}

}  // namespace readyctl
