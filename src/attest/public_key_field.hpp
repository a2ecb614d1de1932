// A public key as a field of a file that a person writes. Internal to attest.
#pragma once

#include "attest/public_key.hpp"
#include "base/fields.hpp"

namespace readyctl {

/// PEM has line feeds, which other string fields refuse. The member is optional because no key is a default.
template <>
struct FieldType<std::optional<PublicKey>> {
  static Result<std::optional<PublicKey>> read(const Json& value, const Place& place) {
    if (!value.is_string()) return place.malformed("expected a string, found " + std::string(words_for_type(value)));
    auto key = parse_public_key(value.get<std::string>());
    if (!key) return place.malformed(key.error().what, key.error().hint);
    return std::optional<PublicKey>(std::move(*key));
  }
  static Json schema(Placeholders) { return {{"type", "string"}}; }
  static std::string words() { return "public key, base58 of Ed25519 or PEM"; }
};

}  // namespace readyctl
