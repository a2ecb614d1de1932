#include "solana/squads_v3.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/hex.hpp"
#include "base/invariant.hpp"
#include "solana/anchor.hpp"
#include "solana/reader.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

struct AccountRow {
  SquadsV3Account account;
  std::string_view name;
  std::string_view subject;
  Discriminator discriminator;
};

constexpr std::array<AccountRow, 3> rows = {{
    {SquadsV3Account::multisig, "Ms", "Squads v3 Ms", {0x46, 0x76, 0x09, 0x6c, 0xfe, 0xd7, 0x1f, 0x78}},
    {SquadsV3Account::transaction,
     "MsTransaction",
     "Squads v3 MsTransaction",
     {0xb6, 0x97, 0x68, 0xd8, 0xff, 0x01, 0x13, 0x9d}},
    {SquadsV3Account::instruction,
     "MsInstruction",
     "Squads v3 MsInstruction",
     {0xee, 0xb9, 0x7e, 0x95, 0xbd, 0x59, 0xff, 0x5c}},
}};

const AccountRow& row_of(SquadsV3Account account) { return rows.at(static_cast<std::size_t>(account)); }
static_assert(std::ranges::is_sorted(rows, {}, &AccountRow::account), "row_of indexes by the enum");

// Ms
//    0  8B   discriminator        12  u32  transaction index     21  32B  create key
//    8  u16  threshold            16  u32  change index          53  u8   allow external execute
//   10  u16  authority index      20  u8   bump                  54  vec  keys, 32B each
static_assert(8 + 2 + 2 + 4 + 4 + 1 + 32 + 1 == 54);

// MsTransaction
//    0  8B   discriminator        76  u32  authority index       82  u8   instructions
//    8  32B  creator              80  u8   authority bump        83  u8   bump
//   40  32B  multisig             81  u8   status                84  vec  approved, rejected, cancelled
//   72  u32  index                                               then  u8   executed index
static_assert(8 + 32 + 32 + 4 + 4 + 1 + 1 + 1 + 1 == 84);
constexpr std::size_t status_offset = 81;
constexpr auto status_max = static_cast<std::uint8_t>(SquadsV3Status::cancelled);
static_assert(status_max == 5);

// MsInstruction: discriminator, 32B program, vec of {32B key, u8 signer, u8 writable}, vec data, u8 index, u8 bump,
// u8 executed.
constexpr std::size_t account_meta_bytes = 32 + 1 + 1;

Reader reader_of(SquadsV3Account expected, ByteView data) {
  Reader reader(row_of(expected).subject, data);
  const ByteView discriminator = reader.bytes("discriminator", sizeof(Discriminator));
  const auto found = squads_v3_account(data);
  if (reader.ok() && found != expected) {
    const std::string what = found ? " (" + std::string(words_for(*found)) + ")" : "";
    reader.fail("expected discriminator " + to_hex(row_of(expected).discriminator) + " at offset 0, found " +
                to_hex(discriminator) + what);
  }
  return reader;
}

SquadsV3Status read_status(Reader& reader) {
  const std::uint8_t status = reader.u8("status");
  if (status > status_max) {
    reader.fail("expected status 0 to 5 at offset " + std::to_string(status_offset) + ", found " +
                std::to_string(status));
    return SquadsV3Status::draft;
  }
  return static_cast<SquadsV3Status>(status);
}

/// The seeds after the prefix that all Squads v3 addresses share.
Derived address_of(const std::vector<ByteView>& rest) {
  std::vector<ByteView> seeds{bytes_of("squad")};
  seeds.insert(seeds.end(), rest.begin(), rest.end());
  const auto found = find_program_address(seeds, known::squads_v3);
  invariant(found.has_value(), "seeds of fixed lengths have a program-derived address");
  return *found;
}

/// An index as a seed holds it: four bytes, lowest first.
std::array<std::uint8_t, 4> seed_of(std::uint32_t index) {
  std::array<std::uint8_t, 4> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(index >> (8 * i));
  return bytes;
}

}  // namespace

std::optional<SquadsV3Account> squads_v3_account(ByteView data) {
  if (data.size() < sizeof(Discriminator)) return std::nullopt;
  const auto matches = [&](const AccountRow& row) {
    return std::equal(row.discriminator.begin(), row.discriminator.end(), data.begin());
  };
  const auto found = std::find_if(rows.begin(), rows.end(), matches);
  return found == rows.end() ? std::nullopt : std::optional(found->account);
}

std::string_view words_for(SquadsV3Account account) { return row_of(account).name; }

std::string_view words_for(SquadsV3Status status) {
  static constexpr std::array<std::string_view, 6> words = {"Draft",    "Active",   "ExecuteReady",
                                                            "Executed", "Rejected", "Cancelled"};
  return words.at(static_cast<std::size_t>(status));
}

Result<SquadsV3Multisig> decode_squads_v3_multisig(ByteView data) {
  Reader reader = reader_of(SquadsV3Account::multisig, data);
  SquadsV3Multisig multisig;
  multisig.threshold = reader.u16("threshold");
  multisig.authority_index = reader.u16("authority index");
  multisig.transaction_index = reader.u32("transaction index");
  multisig.change_index = reader.u32("change index");
  multisig.bump = reader.u8("bump");
  multisig.create_key = reader.pubkey("create key");
  multisig.allow_external_execute = reader.boolean("allow external execute");
  multisig.members = reader.pubkey_vec("keys");
  return reader.finish(std::move(multisig));
}

Result<SquadsV3Transaction> decode_squads_v3_transaction(ByteView data) {
  Reader reader = reader_of(SquadsV3Account::transaction, data);
  SquadsV3Transaction transaction;
  transaction.creator = reader.pubkey("creator");
  transaction.multisig = reader.pubkey("multisig");
  transaction.index = reader.u32("index");
  transaction.authority_index = reader.u32("authority index");
  transaction.authority_bump = reader.u8("authority bump");
  transaction.status = read_status(reader);
  transaction.instructions = reader.u8("instructions");
  transaction.bump = reader.u8("bump");
  transaction.approved = reader.pubkey_vec("approved");
  transaction.rejected = reader.pubkey_vec("rejected");
  transaction.cancelled = reader.pubkey_vec("cancelled");
  transaction.executed_index = reader.u8("executed index");
  return reader.finish(std::move(transaction));
}

Result<SquadsV3Instruction> decode_squads_v3_instruction(ByteView data) {
  Reader reader = reader_of(SquadsV3Account::instruction, data);
  SquadsV3Instruction stored;
  stored.instruction.program = reader.pubkey("program");
  stored.instruction.accounts.resize(reader.count("keys", account_meta_bytes));
  for (InstructionAccount& account : stored.instruction.accounts) {
    account.key = reader.pubkey("key");
    account.is_signer = reader.boolean("is signer");
    account.is_writable = reader.boolean("is writable");
  }
  stored.instruction.data = reader.byte_vec("instruction data");
  stored.index = reader.u8("instruction index");
  stored.bump = reader.u8("bump");
  stored.executed = reader.boolean("executed");
  return reader.finish(std::move(stored));
}

Derived squads_v3_multisig_address(const Pubkey& create_key) {
  return address_of({create_key.bytes, bytes_of("multisig")});
}

Pubkey squads_v3_authority_address(const Pubkey& multisig, std::uint32_t index) {
  if (index == 0) return multisig;
  const auto index_seed = seed_of(index);
  return address_of({multisig.bytes, index_seed, bytes_of("authority")}).address;
}

std::optional<std::uint32_t> squads_v3_authority_index_of(const Pubkey& authority, const Pubkey& multisig,
                                                          std::uint32_t indexes) {
  for (std::uint32_t index = 0; index < indexes; ++index) {
    if (squads_v3_authority_address(multisig, index) == authority) return index;
  }
  return std::nullopt;
}

Derived squads_v3_transaction_address(const Pubkey& multisig, std::uint32_t index) {
  const auto index_seed = seed_of(index);
  return address_of({multisig.bytes, index_seed, bytes_of("transaction")});
}

Derived squads_v3_instruction_address(const Pubkey& transaction, std::uint8_t index) {
  const std::array<std::uint8_t, 1> index_seed{index};
  return address_of({transaction.bytes, index_seed, bytes_of("instruction")});
}

}  // namespace readyctl
