#include "solana/squads.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <string>

#include "base/hex.hpp"
#include "base/text.hpp"
#include "solana/anchor.hpp"
#include "solana/squads_reader.hpp"

namespace readyctl {
namespace {

struct AccountRow {
  SquadsAccount account;
  std::string_view name;
  std::string_view subject;
  Discriminator discriminator;
};

constexpr std::array<AccountRow, 9> rows = {{
    {SquadsAccount::multisig, "Multisig", "Squads Multisig", {0xe0, 0x74, 0x79, 0xba, 0x44, 0xa1, 0x4f, 0xec}},
    {SquadsAccount::proposal, "Proposal", "Squads Proposal", {0x1a, 0x5e, 0xbd, 0xbb, 0x74, 0x88, 0x35, 0x21}},
    {SquadsAccount::vault_transaction,
     "VaultTransaction",
     "Squads VaultTransaction",
     {0xa8, 0xfa, 0xa2, 0x64, 0x51, 0x0e, 0xa2, 0xcf}},
    {SquadsAccount::config_transaction,
     "ConfigTransaction",
     "Squads ConfigTransaction",
     {0x5e, 0x08, 0x04, 0x23, 0x71, 0x8b, 0x8b, 0x70}},
    {SquadsAccount::batch, "Batch", "Squads Batch", {0x9c, 0xc2, 0x46, 0x2c, 0x16, 0x58, 0x89, 0x2c}},
    {SquadsAccount::vault_batch_transaction,
     "VaultBatchTransaction",
     "Squads VaultBatchTransaction",
     {0xc4, 0x79, 0x2e, 0x24, 0x0c, 0x13, 0xfc, 0x07}},
    {SquadsAccount::spending_limit,
     "SpendingLimit",
     "Squads SpendingLimit",
     {0x0a, 0xc9, 0x1b, 0xa0, 0xda, 0xc3, 0xde, 0x98}},
    {SquadsAccount::program_config,
     "ProgramConfig",
     "Squads ProgramConfig",
     {0xc4, 0xd2, 0x5a, 0xe7, 0x90, 0x95, 0x8c, 0x3f}},
    {SquadsAccount::transaction_buffer,
     "TransactionBuffer",
     "Squads TransactionBuffer",
     {0x5a, 0x24, 0x23, 0xdb, 0x5d, 0xe1, 0x6e, 0x60}},
}};

const AccountRow& row_of(SquadsAccount account) { return rows.at(static_cast<std::size_t>(account)); }
static_assert(std::ranges::is_sorted(rows, {}, &AccountRow::account), "row_of indexes by the enum");

//    0  8B   discriminator           72  u16  threshold               94  u8   1 if a rent collector follows
//    8  32B  create key              74  u32  time lock, seconds      95  32B  rent collector, only if so
//   40  32B  config authority        78  u64  transaction index       then
//                                    86  u64  stale index                 u8   bump
//                                                                         u32  members, each 32B key, u8 permissions
static_assert(8 + 32 + 32 == 72 && 72 + 2 + 4 + 8 + 8 == 94);
constexpr std::size_t member_bytes = 32 + 1;

template <class Predicate>
std::size_t count_members(const Multisig& multisig, Predicate predicate) {
  const auto allowed = [&](const MultisigMember& member) { return predicate(member.permissions); };
  return static_cast<std::size_t>(std::count_if(multisig.members.begin(), multisig.members.end(), allowed));
}

}  // namespace

std::optional<SquadsAccount> squads_account(ByteView data) {
  if (data.size() < sizeof(Discriminator)) return std::nullopt;
  const auto matches = [&](const AccountRow& row) {
    return std::equal(row.discriminator.begin(), row.discriminator.end(), data.begin());
  };
  const auto found = std::find_if(rows.begin(), rows.end(), matches);
  return found == rows.end() ? std::nullopt : std::optional(found->account);
}

std::vector<std::string> names_of(Permissions permissions) {
  std::vector<std::string> names;
  if (permissions.can_initiate()) names.emplace_back("initiate");
  if (permissions.can_vote()) names.emplace_back("vote");
  if (permissions.can_execute()) names.emplace_back("execute");
  if (permissions.has_unknown_bits()) names.push_back("unknown permissions " + std::to_string(permissions.mask));
  return names;
}

std::string words_for(Permissions permissions) {
  const std::vector<std::string> names = names_of(permissions);
  return "may " + (names.empty() ? "do nothing" : join(names, ", "));
}

std::string_view words_for(SquadsAccount account) { return row_of(account).name; }

Reader squads_reader(SquadsAccount expected, ByteView data) {
  Reader reader(row_of(expected).subject, data);
  const ByteView discriminator = reader.bytes("discriminator", sizeof(Discriminator));
  const auto found = squads_account(data);
  if (reader.ok() && found != expected) {
    const std::string what = found ? " (" + std::string(words_for(*found)) + ")" : "";
    reader.fail("expected discriminator " + to_hex(row_of(expected).discriminator) + " at offset 0, found " +
                to_hex(discriminator) + what);
  }
  return reader;
}

std::size_t Multisig::proposers() const { return count_members(*this, std::mem_fn(&Permissions::can_initiate)); }
std::size_t Multisig::voters() const { return count_members(*this, std::mem_fn(&Permissions::can_vote)); }
std::size_t Multisig::executors() const { return count_members(*this, std::mem_fn(&Permissions::can_execute)); }

Result<Multisig> decode_multisig(ByteView data) {
  Reader reader = squads_reader(SquadsAccount::multisig, data);
  Multisig multisig;
  multisig.create_key = reader.pubkey("create key");
  multisig.config_authority = reader.pubkey("config authority");
  multisig.threshold = reader.u16("threshold");
  multisig.time_lock_seconds = reader.u32("time lock");
  multisig.transaction_index = reader.u64("transaction index");
  multisig.stale_transaction_index = reader.u64("stale transaction index");
  multisig.rent_collector = reader.option_pubkey("rent collector");
  multisig.bump = reader.u8("bump");
  multisig.members.resize(reader.count("members", member_bytes));
  for (MultisigMember& member : multisig.members) {
    member.key = reader.pubkey("member key");
    member.permissions.mask = reader.u8("member permissions");
  }
  return reader.finish(std::move(multisig));
}

}  // namespace readyctl
