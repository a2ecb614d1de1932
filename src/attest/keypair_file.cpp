#include "attest/keypair_file.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "attest/private_key.hpp"
#include "base/text.hpp"

namespace readyctl {
namespace {

tl::unexpected<Error> no_keypair(std::string what) {
  return malformed("", std::move(what), "expected what solana-keygen writes: [n,n,…], 64 integers from 0 to 255");
}

// Reads the list straight into memory that is wiped. The JSON parser of everything else would leave the key behind in
// buffers that are not ours to wipe.
class KeypairReader {
 public:
  explicit KeypairReader(std::string_view text) : rest_(trimmed(text)) {}

  Result<Secret> read() {
    if (!take('[')) return no_keypair("the keypair file holds no list");
    std::size_t count = 0;
    bool more = !take(']');
    while (more) {
      const auto item = take_item();
      if (item.empty()) return no_keypair("the keypair file is not JSON");
      const auto byte = byte_of(item);
      if (!byte && !bad_) bad_ = count;
      if (byte && count < keypair_bytes) keypair_.data()[count] = *byte;
      ++count;
      if (!take(',')) {
        if (!take(']')) return no_keypair("the keypair file is not JSON");
        more = false;
      }
    }
    if (!rest_.empty()) return no_keypair("the keypair file is not JSON: something follows the list");
    if (count != keypair_bytes) {
      return no_keypair("the keypair file holds " + std::to_string(count) + " integers; expected 64");
    }
    if (bad_) return no_keypair("item " + std::to_string(*bad_) + " of the keypair file is no integer from 0 to 255");
    return std::move(keypair_);
  }

 private:
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_ = trimmed(rest_.substr(1));
    return true;
  }

  std::string_view take_item() {
    const std::string_view item = rest_.substr(0, rest_.find_first_of(",[] \t\r\n"));
    rest_ = trimmed(rest_.substr(item.size()));
    return item;
  }

  static std::optional<std::uint8_t> byte_of(std::string_view item) {
    std::uint8_t byte = 0;
    const auto [end, error] = std::from_chars(item.data(), item.data() + item.size(), byte);
    const bool is_plain = item.size() == 1 || !item.starts_with('0');  // JSON writes no zeros in front
    if (error != std::errc() || end != item.data() + item.size() || !is_plain) return std::nullopt;
    return byte;
  }

  std::string_view rest_;
  Secret keypair_{Bytes(keypair_bytes)};
  std::optional<std::size_t> bad_;
};

}  // namespace

Result<std::unique_ptr<Signer>> signer_from_keypair(std::string_view text) {
  const auto keypair = KeypairReader(text).read();
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
