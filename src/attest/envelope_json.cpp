// The JSON of envelopes: our own form, which has one spelling, and the forms of others.
#include <algorithm>

#include "attest/envelope.hpp"
#include "base/base64.hpp"
#include "base/invariant.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace readyctl {
namespace {

struct Dialect {
  Result<Bytes> (*read_base64)(std::string_view);
  bool unknown_keys;  // whether keys that we do not know are passed over
  bool keyid_required;
};

constexpr Dialect native{.read_base64 = from_base64, .unknown_keys = false, .keyid_required = true};
constexpr Dialect foreign{.read_base64 = from_any_base64, .unknown_keys = true, .keyid_required = false};

tl::unexpected<Error> tampered(const std::string& name, std::string what, std::string hint = {}) {
  return failure({ErrorKind::not_relied, name, std::move(what), std::move(hint)});
}

// Reads the members of one object of an envelope; `part` names it in errors.
class PartReader {
 public:
  PartReader(const Json& object, const std::string& name, std::string part)
      : object_(object), name_(name), part_(std::move(part)) {}

  Result<void> require_object(const Dialect& dialect, const std::vector<std::string>& known) const {
    if (!object_.is_object()) return wrong("is " + std::string(words_for_type(object_)) + "; expected an object");
    if (dialect.unknown_keys) return {};
    for (const auto& item : object_.items()) {
      if (std::find(known.begin(), known.end(), item.key()) != known.end()) continue;
      return wrong("has an unknown key \"" + printable(item.key()) + "\"", suggestion(item.key(), known));
    }
    return {};
  }

  Result<std::string> text(const std::string& key) const {
    const auto found = object_.find(key);
    if (found == object_.end()) return wrong("has no \"" + key + "\"");
    if (!found->is_string()) {
      return wrong("has " + std::string(words_for_type(*found)) + " as \"" + key + "\"; expected a string");
    }
    return found->get<std::string>();
  }

  Result<Bytes> base64(const std::string& key, const Dialect& dialect, const std::string& words) const {
    const auto encoded = text(key);
    if (!encoded) return failure(encoded.error());
    auto bytes = dialect.read_base64(*encoded);
    if (!bytes) return tampered(name_, words + " is damaged: " + bytes.error().what);
    return bytes;
  }

  tl::unexpected<Error> wrong(std::string what, std::string hint = {}) const {
    return malformed(name_, part_ + " " + std::move(what), std::move(hint));
  }

 private:
  const Json& object_;
  const std::string& name_;
  std::string part_;
};

Result<Envelope::Signature> read_signature(const Json& json, const Dialect& dialect, const std::string& name,
                                           std::size_t number) {
  const std::string words = "signature " + std::to_string(number);
  const PartReader reader(json, name, words);
  if (const auto object = reader.require_object(dialect, {"keyid", "sig"}); !object) return failure(object.error());
  Envelope::Signature signature;
  if (dialect.keyid_required || json.contains("keyid")) {
    auto keyid = reader.text("keyid");
    if (!keyid) return failure(keyid.error());
    signature.keyid = std::move(*keyid);
  }
  auto sig = reader.base64("sig", dialect, words);
  if (!sig) return failure(sig.error());
  signature.sig = std::move(*sig);
  return signature;
}

Result<Envelope> read_envelope(const Json& json, const Dialect& dialect, const std::string& name) {
  const PartReader reader(json, name, "the envelope");
  const auto object = reader.require_object(dialect, {"payload", "payloadType", "signatures"});
  if (!object) return failure(object.error());
  auto payload = reader.base64("payload", dialect, "the payload");
  if (!payload) return failure(payload.error());
  auto type = reader.text("payloadType");
  if (!type) return failure(type.error());

  const auto signatures = json.find("signatures");
  if (signatures == json.end() || !signatures->is_array()) return reader.wrong("has no list \"signatures\"");
  if (signatures->size() > envelope_signatures_max) {
    return tampered(name, "the envelope has " + std::to_string(signatures->size()) + " signatures; at most " +
                              std::to_string(envelope_signatures_max) + " are read");
  }
  Envelope envelope{.payload = std::move(*payload), .payload_type = std::move(*type), .signatures = {}};
  for (std::size_t i = 0; i < signatures->size(); ++i) {
    auto signature = read_signature((*signatures)[i], dialect, name, i + 1);
    if (!signature) return failure(signature.error());
    envelope.signatures.push_back(std::move(*signature));
  }
  return envelope;
}

std::string without_carriage_returns(std::string_view text) {
  std::string kept;
  std::copy_if(text.begin(), text.end(), std::back_inserter(kept), [](char c) { return c != '\r'; });
  return kept;
}

// Why a text that reads as an envelope is not the text that we would have written.
tl::unexpected<Error> not_canonical(std::string_view text, const Envelope& envelope, const std::string& canonical,
                                    const std::string& name) {
  for (std::size_t i = 0; i < envelope.signatures.size(); ++i) {
    if (envelope.signatures[i].keyid.empty()) continue;
    return tampered(name, "not canonical: signature " + std::to_string(i + 1) +
                              " has a keyid, which nobody signed; it must be empty");
  }
  if (without_carriage_returns(text) == canonical) {
    return tampered(name, "not canonical: line ends were changed to CRLF",
                    "git or mail did this; fetch the file as binary");
  }
  const auto differ = std::mismatch(text.begin(), text.end(), canonical.begin(), canonical.end());
  const auto at = static_cast<std::size_t>(differ.first - text.begin());
  return tampered(name,
                  "not canonical: the byte at offset " + std::to_string(at) + " of " + std::to_string(text.size()) +
                      " is not what readyctl writes there",
                  "a report must stay byte for byte as it was written; another tool may have formatted it");
}

}  // namespace

std::string serialise(const Envelope& envelope) {
  Json signatures = Json::array();
  for (const auto& signature : envelope.signatures) {
    signatures.push_back({{"keyid", ""}, {"sig", to_base64(signature.sig)}});
  }
  const Json json = {{"payload", to_base64(envelope.payload)},
                     {"payloadType", envelope.payload_type},
                     {"signatures", std::move(signatures)}};
  const auto text = canonical_json(json);
  invariant(text.has_value(), "an envelope holds only text, so it has a canonical form");
  return *text + "\n";
}

Result<Envelope> parse_envelope(std::string_view text, const std::string& name) {
  const auto json = parse_json(text, name);
  if (!json) return failure(json.error());
  if (json->is_object() && json->contains("apiVersion")) {
    return malformed(name, "is no report: it says apiVersion " + printable((*json)["apiVersion"].dump()),
                     "a report is what `readyctl run --report FILE` writes");
  }
  auto envelope = read_envelope(*json, native, name);
  if (!envelope) return envelope;
  const std::string canonical = serialise(*envelope);
  if (text != canonical) return not_canonical(text, *envelope, canonical, name);
  return envelope;
}

Result<Envelope> parse_foreign_envelope(std::string_view text, const std::string& name) {
  const auto json = parse_json(text, name);
  if (!json) return failure(json.error());
  auto envelope = read_envelope(*json, foreign, name);
  if (envelope && envelope->signatures.empty()) return tampered(name, "the envelope has no signature");
  return envelope;
}

}  // namespace readyctl
