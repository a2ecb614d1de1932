#include "attest/envelope.hpp"

#include <charconv>

#include "base/text.hpp"

namespace readyctl {
namespace {

constexpr std::string_view pae_version = "DSSEv1";

Result<void> no_room(std::string what) { return failure({ErrorKind::usage, "", std::move(what), {}}); }

// Takes "<decimal length> <that many bytes>" off the front of `rest`.
std::optional<std::string_view> take_counted(std::string_view& rest) {
  std::size_t size = 0;
  const auto [end, trouble] = std::from_chars(rest.data(), rest.data() + rest.size(), size);
  const auto digits = static_cast<std::size_t>(end - rest.data());
  const bool framed = trouble == std::errc() && digits < rest.size() && *end == ' ';
  if (!framed || size > rest.size() - digits - 1) return std::nullopt;
  const std::string_view counted = rest.substr(digits + 1, size);
  rest.remove_prefix(digits + 1 + size);
  return counted;
}

}  // namespace

Bytes pae(std::string_view type, ByteView body) {
  std::string head(pae_version);
  head += ' ' + std::to_string(type.size()) + ' ';
  head += type;
  head += ' ' + std::to_string(body.size()) + ' ';
  Bytes encoded;
  encoded.reserve(head.size() + body.size());
  encoded.insert(encoded.end(), head.begin(), head.end());
  encoded.insert(encoded.end(), body.begin(), body.end());
  return encoded;
}

std::optional<std::string> payload_type_of(ByteView encoded) {
  std::string_view rest = text_of(encoded);
  if (!rest.starts_with(pae_version) || !rest.substr(pae_version.size()).starts_with(' ')) return std::nullopt;
  rest.remove_prefix(pae_version.size() + 1);
  const auto type = take_counted(rest);
  if (!type || !rest.starts_with(' ')) return std::nullopt;
  rest.remove_prefix(1);
  const auto body = take_counted(rest);
  const bool whole = body && pae(*type, bytes_of(*body)).size() == encoded.size() && rest.empty();
  if (!whole) return std::nullopt;
  return std::string(*type);
}

Result<void> require_room_for(const PublicKey& key, const Envelope& envelope) {
  if (envelope.signatures.size() >= envelope_signatures_max) {
    return no_room("the envelope holds " + std::to_string(envelope_signatures_max) + " signatures, which is the most");
  }
  if (!signatures_by(key, envelope).empty()) {
    return no_room("the key " + to_string(key) + " has signed this already; a key counts once");
  }
  return {};
}

Result<void> add_signature(Envelope& envelope, Signer& signer) {
  if (const auto room = require_room_for(signer.public_key(), envelope); !room) return room;
  auto signature = signer.sign(pae(envelope.payload_type, envelope.payload));
  if (!signature) return failure(signature.error());
  envelope.signatures.push_back({.keyid = {}, .sig = std::move(*signature)});
  return {};
}

std::vector<std::size_t> signatures_by(const PublicKey& key, const Envelope& envelope) {
  if (envelope.signatures.empty()) return {};
  const Bytes signed_bytes = pae(envelope.payload_type, envelope.payload);
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < envelope.signatures.size(); ++i) {
    if (verify_signature(key, signed_bytes, envelope.signatures[i].sig)) positions.push_back(i);
  }
  return positions;
}

Result<void> require_in_toto(const Envelope& envelope) {
  const std::string_view type = envelope.payload_type;
  const bool generic = type == in_toto_payload_type;
  const bool specific = type.starts_with("application/vnd.in-toto.") && type.ends_with("+json");
  if (generic || specific) return {};
  return failure(
      {ErrorKind::not_relied, "",
       "the payload type is \"" + printable(type) + "\"; expected \"" + std::string(in_toto_payload_type) + "\"",
       "what was signed here is not a readiness report"});
}

}  // namespace readyctl
