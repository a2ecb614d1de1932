#include "solana/anchor_idl.hpp"

#include "base/inflate.hpp"
#include "solana/vectors.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

// Made by the official client, @coral-xyz/anchor 0.32.1.
const Vectors& recorded() { return vectors("anchor_idl"); }
Bytes account() { return unhex(text(recorded().at("account").at("hex"))); }

}  // namespace

TEST_CASE("an Anchor IDL account is read", "[solana]") {
  CHECK(anchor_idl_address(key(recorded().at("program"))).value() == key(recorded().at("idl_address")));
  const Bytes bytes = account();
  const AnchorIdl idl = decode_anchor_idl(bytes).value();
  const Vectors& decoded = recorded().at("account").at("decoded");
  CHECK(idl.authority == maybe_key(decoded.at("authority")));
  CHECK(idl.data.size() == decoded.at("data_len").get<std::size_t>());
  CHECK(text_of(inflate(idl.data, Deflated::zlib, 1000).value()) == text(decoded.at("inflated")));
}

TEST_CASE("hostile Anchor IDL accounts are refused", "[solana]") {
  Bytes bytes = account();
  for (std::size_t size = 0; size < bytes.size(); ++size) CHECK_FALSE(decode_anchor_idl(ByteView(bytes).first(size)));
  bytes.push_back(0);
  CHECK(decode_anchor_idl(bytes).value().data.size() == 107);
  bytes.at(43) = 0xff;
  CHECK_FALSE(decode_anchor_idl(bytes));
  bytes.at(0) = 0;
  CHECK(trouble(decode_anchor_idl(bytes)) == "Anchor IDL account: another discriminator");
}
