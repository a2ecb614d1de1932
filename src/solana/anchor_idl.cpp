#include "solana/anchor_idl.hpp"

#include <algorithm>
#include <array>

#include "solana/derive.hpp"
#include "solana/reader.hpp"

namespace readyctl {
namespace {

//    0  8B  discriminator     8  32B  authority     40  u32  length     44  data
static_assert(8 + 32 == 40 && 40 + 4 == 44);
// The first bytes of SHA-256("internal:IdlAccount"): not in the name space of a program's own accounts.
constexpr std::array<std::uint8_t, 8> idl_discriminator = {0x18, 0x46, 0x62, 0xbf, 0x3a, 0x90, 0x7b, 0x9e};

}  // namespace

Result<AnchorIdl> decode_anchor_idl(ByteView account) {
  Reader reader("Anchor IDL account", account);
  const ByteView found = reader.bytes("discriminator", idl_discriminator.size());
  if (reader.ok() && !std::equal(found.begin(), found.end(), idl_discriminator.begin())) {
    reader.fail("another discriminator");
  }
  AnchorIdl idl;
  idl.authority = reader.nullable_pubkey("authority");
  idl.data = reader.bytes("data", reader.u32("length"));
  return reader.finish(idl);
}

Result<Pubkey> anchor_idl_address(const Pubkey& program) {
  const Pubkey base = find_program_address({}, program)->address;
  return create_with_seed({.base = base, .seed = "anchor:idl", .owner = program});
}

}  // namespace readyctl
