#include "attest/keypair_file.hpp"

#include <algorithm>

#include "attest/private_key.hpp"
#include "base/json.hpp"

namespace readyctl {
namespace {

tl::unexpected<Error> no_keypair(std::string what) {
  return malformed("", std::move(what), "expected what solana-keygen writes: [n,n,…], 64 integers from 0 to 255");
}

// The parsed numbers are the private key too, so they are overwritten before their memory is given back.
class WipedJson {
 public:
  explicit WipedJson(Json value) : value_(std::move(value)) {}
  ~WipedJson() {
    auto* const items = value_.get_ptr<Json::array_t*>();
    if (items == nullptr) return;
    for (Json& item : *items) {
      if (auto* number = item.get_ptr<Json::number_unsigned_t*>()) OPENSSL_cleanse(number, sizeof *number);
    }
  }
  WipedJson(const WipedJson&) = delete;
  WipedJson& operator=(const WipedJson&) = delete;

  const Json& value() const { return value_; }

 private:
  Json value_;
};

Result<Secret> decode_keypair(const Json& array) {
  if (!array.is_array()) return no_keypair("the keypair file holds no list");
  if (array.size() != keypair_bytes) {
    return no_keypair("the keypair file holds " + std::to_string(array.size()) + " integers; expected 64");
  }
  Secret keypair{Bytes(keypair_bytes)};
  for (std::size_t i = 0; i < keypair_bytes; ++i) {
    const bool byte = array[i].is_number_unsigned() && array[i].get<std::uint64_t>() <= 255;
    if (!byte) return no_keypair("item " + std::to_string(i) + " of the keypair file is no integer from 0 to 255");
    keypair.data()[i] = array[i].get<std::uint8_t>();
  }
  return keypair;
}

}  // namespace

Result<std::unique_ptr<Signer>> signer_from_keypair(std::string_view text) {
  auto parsed = parse_json(text, "");
  if (!parsed) return no_keypair("the keypair file is not JSON");  // the parser's own words would repeat the content
  const WipedJson json(std::move(*parsed));
  const auto keypair = decode_keypair(json.value());
  if (!keypair) return failure(keypair.error());

  auto signer = signer_from_seed(keypair->view().first<ed25519_seed_bytes>());
  if (!signer) return signer;
  const ByteView stated = keypair->view().subspan(ed25519_seed_bytes);
  const ByteView computed = ByteView((*signer)->public_key().spki()).last(stated.size());
  if (!std::equal(stated.begin(), stated.end(), computed.begin(), computed.end())) {
    return malformed("", "the public half of the keypair file is not its seed's", "the file is damaged; restore it");
  }
  return signer;
}

Secret write_keypair(ByteView keypair) {
  constexpr std::size_t characters_per_byte_max = 4;  // "255,"
  Bytes text;
  text.reserve(2 + keypair.size() * characters_per_byte_max);
  text.push_back('[');
  for (std::size_t i = 0; i < keypair.size(); ++i) {
    if (i > 0) text.push_back(',');
    const unsigned byte = keypair[i];
    if (byte >= 100) text.push_back(static_cast<std::uint8_t>('0' + byte / 100));
    if (byte >= 10) text.push_back(static_cast<std::uint8_t>('0' + byte / 10 % 10));
    text.push_back(static_cast<std::uint8_t>('0' + byte % 10));
  }
  text.push_back(']');
  return Secret(std::move(text));
}

}  // namespace readyctl
