// The signature of a transaction, as a parameter of a gate.
#pragma once

#include <string>

#include "base/fields.hpp"
#include "solana/base58.hpp"

namespace readyctl {

/// 64 bytes in base58.
struct TransactionSignature {
  std::string text;
};

template <>
struct FieldType<TransactionSignature> {
  static Result<TransactionSignature> read(const Json& value, const Place& place) {
    const auto text = FieldType<std::string>::read(value, place);
    if (!text) return failure(text.error());
    const auto bytes = from_base58(*text);
    if (bytes && bytes->size() == 64) return TransactionSignature{*text};
    return place.malformed("\"" + printable(*text) + "\" is no signature of a transaction",
                           "expected base58 of 64 bytes");
  }
  static Json schema(Placeholders) { return {{"type", "string"}, {"pattern", "^[1-9A-HJ-NP-Za-km-z]{64,88}$"}}; }
  static std::string words() { return "signature of a transaction, base58"; }
};

}  // namespace readyctl
