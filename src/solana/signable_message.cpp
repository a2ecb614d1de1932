#include "solana/signable_message.hpp"

#include <algorithm>

#include "base/base64.hpp"
#include "base/text.hpp"
#include "solana/base58.hpp"

namespace readyctl {
namespace {

/// Bytes that the text may stand for.
struct Spelling {
  std::string encoding;
  Bytes bytes;
};

/// What is looked for: how its absence is told, and what to give instead.
struct Wanted {
  std::string absence;
  std::string hint;
};

Result<std::vector<Spelling>> spellings_of(std::string_view text, const Wanted& wanted) {
  const std::string place;
  if (text.empty()) return malformed(place, "is empty", "give a message or a transaction in base58 or base64");
  std::vector<Spelling> spellings;
  const auto base58 = from_base58(text);
  if (base58) spellings.push_back({"base58", *base58});
  const auto base64 = from_any_base64(text);
  if (base64) spellings.push_back({"base64", *base64});
  if (!spellings.empty()) return spellings;
  return malformed(place,
                   "is " + wanted.absence + ": as base58: " + to_string(base58.error()) +
                       "; as base64: " + to_string(base64.error()),
                   wanted.hint);
}

// What was read, each with its form, and why each attempt that failed did.
template <class T>
struct Attempts {
  std::vector<std::pair<std::string, T>> readings;
  std::vector<std::string> objections;
};

template <class T>
Result<T> only_one(Attempts<T> attempts, const Wanted& wanted) {
  const std::string place;
  if (attempts.readings.empty()) {
    return malformed(place, "is " + wanted.absence + ": " + join(attempts.objections, "; "), wanted.hint);
  }
  if (attempts.readings.size() > 1) {
    return malformed(place,
                     "reads as a " + attempts.readings[0].first + " in " + attempts.readings[0].second.encoding +
                         " and as a " + attempts.readings[1].first + " in " + attempts.readings[1].second.encoding,
                     "do not sign what means two things; ask for it in another encoding, or for the message alone");
  }
  return std::move(attempts.readings.front().second);
}

void try_signable(const Spelling& spelling, Attempts<SignableMessage>& attempts) {
  const auto& [encoding, bytes] = spelling;
  const auto add = [&](SignableMessage reading) {
    std::string form = reading.form();
    attempts.readings.emplace_back(std::move(form), std::move(reading));
  };
  const auto message = decode_message(bytes);
  if (message) add({encoding, bytes, *message, std::nullopt});
  const auto transaction = decode_transaction(bytes);
  if (transaction) {
    const ByteView signed_bytes = message_bytes(bytes, *transaction);
    add({encoding, {signed_bytes.begin(), signed_bytes.end()}, transaction->message, transaction->signatures});
  }
  if (message || transaction) return;
  attempts.objections.push_back("in " + encoding + " it is " + counted(bytes.size(), "byte") + ", but as a " +
                                to_string(message.error()) + "; as a " + to_string(transaction.error()));
}

// The header must count keys that are there, and every index name one, or the Squads program refuses the import.
std::optional<std::string> objection_to(const VaultTransactionMessage& message) {
  std::size_t keys = message.account_keys.size();
  const bool counts = message.signers <= keys && message.writable_signers <= message.signers &&
                      message.writable_non_signers <= keys - message.signers;
  if (!counts) return "the header counts more keys than there are";
  for (const AddressTableLookup& one : message.lookups) {
    keys += one.writable_indexes.size() + one.readonly_indexes.size();
  }
  for (const CompiledInstruction& one : message.instructions) {
    const auto is_past = [&](std::uint8_t index) { return index >= keys; };
    if (is_past(one.program_id_index) || std::any_of(one.account_indexes.begin(), one.account_indexes.end(), is_past)) {
      return "an index is past all keys";
    }
  }
  return std::nullopt;
}

Result<VaultTransactionMessage> decode_importable(ByteView bytes) {
  auto message = decode_compact_message(bytes);
  const auto objection = message ? objection_to(*message) : std::nullopt;
  if (objection) return malformed("vault transaction message", *objection);
  return message;
}

void try_exported(const Spelling& spelling, Attempts<ExportedMessage>& attempts) {
  Attempts<SignableMessage> signable;
  try_signable(spelling, signable);
  for (auto& [form, reading] : signable.readings) {
    attempts.readings.emplace_back(
        form, ExportedMessage{reading.encoding, form, as_vault_message(std::move(reading.message))});
  }
  auto compact = decode_importable(spelling.bytes);
  if (compact) {
    const std::string form = "Squads transaction message";
    attempts.readings.emplace_back(form, ExportedMessage{spelling.encoding, form, std::move(*compact)});
  }
  if (compact || !signable.readings.empty()) return;
  attempts.objections.push_back(join(signable.objections, "") + "; as a " + to_string(compact.error()));
}

template <class T>
Result<T> read_as(std::string_view text, const Wanted& wanted, void (*attempt)(const Spelling&, Attempts<T>&)) {
  const auto spellings = spellings_of(trimmed(text), wanted);
  if (!spellings) return failure(spellings.error());
  Attempts<T> attempts;
  for (const Spelling& one : *spellings) attempt(one, attempts);
  return only_one(std::move(attempts), wanted);
}

}  // namespace

// Two returns, because GCC 12 warns of reading past "message" where one expression chooses between the literals.
std::string SignableMessage::form() const {
  if (signatures) return "whole transaction";
  return "message";
}

Result<SignableMessage> read_signable(std::string_view text) {
  const Wanted wanted{"no message and no transaction",
                      "give the bytes that are to be signed, or the whole transaction, in base58 or base64"};
  return read_as(text, wanted, try_signable);
}

Result<ExportedMessage> read_exported(std::string_view text) {
  const Wanted wanted{"no message, no transaction and no Squads transaction message",
                      "give what was exported in base58 or base64, and nothing else"};
  return read_as(text, wanted, try_exported);
}

}  // namespace readyctl
