#include "solana/transaction_keys.hpp"

#include "solana/reader.hpp"

namespace readyctl {
namespace {

constexpr std::size_t signature_bytes = 64;
constexpr std::uint8_t version_flag = 0x80;

// Seven bits a byte, the low ones first, at most three bytes.
std::size_t compact_u16(Reader& reader, std::string_view field) {
  std::size_t value = 0;
  for (unsigned at = 0; at < 3; ++at) {
    const std::uint8_t byte = reader.u8(field);
    value |= static_cast<std::size_t>(byte & 0x7f) << (7 * at);
    if ((byte & 0x80) != 0) continue;
    if (at > 0 && byte == 0) reader.fail(std::string(field) + " is not written the shortest way");
    if (value > 0xffff) break;
    return value;
  }
  reader.fail(std::string(field) + " does not fit into 16 bits");
  return 0;
}

std::size_t skip_to_keys(Reader& reader) {
  const ByteView all = reader.rest();
  if (!all.empty() && all.front() == (version_flag | 1)) {
    reader.bytes("version and header", 4);
    reader.bytes("config mask and lifetime", 4 + 32);
    reader.u8("number of instructions");
    return reader.u8("number of keys");
  }
  const std::size_t signatures = compact_u16(reader, "number of signatures");
  reader.bytes("signatures", signatures * signature_bytes);
  const std::uint8_t first = reader.u8("version or header");
  if (first > version_flag) reader.fail("version " + std::to_string(first & 0x7f) + " is not known");
  reader.bytes("header", first == version_flag ? 3 : 2);
  return compact_u16(reader, "number of keys");
}

}  // namespace

Result<std::vector<Pubkey>> decode_transaction_keys(ByteView transaction) {
  Reader reader("transaction", transaction);
  const std::size_t count = skip_to_keys(reader);
  std::vector<Pubkey> keys;
  for (std::size_t i = 0; i < count && reader.ok(); ++i) keys.push_back(reader.pubkey("key"));
  return reader.finish(std::move(keys));
}

}  // namespace readyctl
