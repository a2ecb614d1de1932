#include "solana/transaction.hpp"

#include <string>

#include "solana/reader.hpp"

namespace readyctl {
namespace {

constexpr std::size_t signature_bytes = 64;
constexpr std::uint8_t version_flag = 0x80;
constexpr std::uint8_t version_1 = version_flag | 1;

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

Bytes read_bytes(Reader& reader, std::string_view field, std::size_t size) {
  const ByteView view = reader.bytes(field, size);
  return {view.begin(), view.end()};
}

Bytes read_list(Reader& reader, std::string_view field) {
  return read_bytes(reader, field, compact_u16(reader, field));
}

std::vector<Bytes> read_signatures(Reader& reader, std::size_t count) {
  std::vector<Bytes> signatures;
  for (std::size_t i = 0; i < count && reader.ok(); ++i) {
    signatures.push_back(read_bytes(reader, "signature", signature_bytes));
  }
  return signatures;
}

void read_keys(Reader& reader, std::size_t count, Message& message) {
  for (std::size_t i = 0; i < count && reader.ok(); ++i) message.keys.push_back(reader.pubkey("key"));
  const bool fits = message.signers <= count && message.readonly_signers <= message.signers &&
                    message.readonly_others <= count - message.signers;
  if (reader.ok() && !fits) reader.fail("the header counts more keys than there are");
}

void read_header(Reader& reader, std::uint8_t signers, Message& message) {
  message.signers = signers;
  message.readonly_signers = reader.u8("read-only signers");
  message.readonly_others = reader.u8("read-only keys");
}

Message read_message(Reader& reader) {
  Message message;
  std::uint8_t first = reader.u8("version or header");
  if (first > version_flag) reader.fail("version " + std::to_string(first & 0x7f) + " is not known");
  const bool is_v0 = first == version_flag;
  if (is_v0) first = reader.u8("signers");
  if (is_v0) message.version = 0;
  read_header(reader, first, message);
  read_keys(reader, compact_u16(reader, "number of keys"), message);
  message.blockhash = reader.pubkey("blockhash");
  const std::size_t instructions = compact_u16(reader, "number of instructions");
  for (std::size_t i = 0; i < instructions && reader.ok(); ++i) {
    CompiledInstruction instruction;
    instruction.program_id_index = reader.u8("program");
    instruction.account_indexes = read_list(reader, "account indexes");
    instruction.data = read_list(reader, "instruction data");
    message.instructions.push_back(std::move(instruction));
  }
  const std::size_t lookups = is_v0 ? compact_u16(reader, "number of lookups") : 0;
  for (std::size_t i = 0; i < lookups && reader.ok(); ++i) {
    AddressTableLookup lookup;
    lookup.table = reader.pubkey("lookup table");
    lookup.writable_indexes = read_list(reader, "writable indexes");
    lookup.readonly_indexes = read_list(reader, "read-only indexes");
    message.lookups.push_back(std::move(lookup));
  }
  return message;
}

// Bits 0 and 1 together are one value of eight bytes, bits 2, 3 and 4 one of four bytes each.
MessageConfig read_config(Reader& reader, std::uint32_t mask) {
  const auto value = [&](std::uint32_t bit, std::string_view field) {
    return (mask & bit) != 0 ? std::optional(reader.u32(field)) : std::nullopt;
  };
  MessageConfig config;
  if ((mask & 3U) != 0) config.priority_fee_lamports = reader.u64("priority fee");
  config.compute_units = value(4, "compute units");
  config.loaded_accounts_bytes = value(8, "size of loaded accounts");
  config.heap_bytes = value(16, "heap");
  return config;
}

Message read_version_1(Reader& reader) {
  Message message;
  message.version = 1;
  reader.u8("version");
  read_header(reader, reader.u8("signers"), message);
  const std::uint32_t mask = reader.u32("config mask");
  const bool half_a_fee = (mask & 3U) == 1 || (mask & 3U) == 2;
  if (half_a_fee || mask > 0x1f) reader.fail("the config mask is not known");
  message.blockhash = reader.pubkey("lifetime");
  message.instructions.resize(reader.u8("number of instructions"));
  read_keys(reader, reader.u8("number of keys"), message);
  message.config = read_config(reader, mask);
  for (CompiledInstruction& instruction : message.instructions) {
    instruction.program_id_index = reader.u8("program");
    instruction.account_indexes.resize(reader.u8("number of account indexes"));
    instruction.data.resize(reader.u16("length of data"));
  }
  for (CompiledInstruction& instruction : message.instructions) {
    instruction.account_indexes = read_bytes(reader, "account indexes", instruction.account_indexes.size());
    instruction.data = read_bytes(reader, "instruction data", instruction.data.size());
  }
  return message;
}

bool is_version_1(ByteView bytes) { return !bytes.empty() && bytes.front() == version_1; }

template <class T>
Result<T> whole(Reader& reader, T value) {
  if (reader.ok() && !reader.rest().empty()) reader.fail("bytes are left over");
  return reader.finish(std::move(value));
}

}  // namespace

bool Message::is_writable(std::size_t index) const {
  if (index < signers) return index < static_cast<std::size_t>(signers - readonly_signers);
  return index < keys.size() - readonly_others;
}

Result<Transaction> decode_transaction(ByteView transaction) {
  Reader reader("transaction", transaction);
  Transaction result;
  if (is_version_1(transaction)) {
    result.message = read_version_1(reader);
    result.signatures = read_signatures(reader, result.message.signers);
    return whole(reader, std::move(result));
  }
  result.signatures = read_signatures(reader, compact_u16(reader, "number of signatures"));
  result.message = read_message(reader);
  return whole(reader, std::move(result));
}

Result<Message> decode_message(ByteView message) {
  Reader reader("message", message);
  return whole(reader, is_version_1(message) ? read_version_1(reader) : read_message(reader));
}

ByteView message_bytes(ByteView transaction, const Transaction& decoded) {
  const std::size_t signatures = decoded.signatures.size() * signature_bytes;
  if (is_version_1(transaction)) return transaction.first(transaction.size() - signatures);
  Reader reader("transaction", transaction);
  compact_u16(reader, "number of signatures");
  return transaction.subspan(reader.offset() + signatures);
}

}  // namespace readyctl
