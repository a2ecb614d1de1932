#include "solana/squads_config.hpp"

#include "base/text.hpp"
#include "solana/names.hpp"
#include "solana/squads_reader.hpp"

namespace readyctl {
namespace {

// ConfigTransaction                             Batch
//    0  8B   discriminator  72  u64  index         0  8B   discriminator  72  u64  index         82  u8   vault bump
//    8  32B  multisig       80  u8   bump          8  32B  multisig       80  u8   bump          83  u32  size
//   40  32B  creator        81  vec  actions      40  32B  creator        81  u8   vault index   87  u32  executed
static_assert(8 + 32 + 32 == 72 && 72 + 8 + 1 == 81 && 81 + 1 + 1 == 83 && 83 + 4 == 87);

constexpr std::size_t action_bytes_min = 2;  // the tag, and the empty option of a rent collector

AddSpendingLimit read_spending_limit(Reader& reader) {
  AddSpendingLimit limit;
  limit.create_key = reader.pubkey("create key");
  limit.vault_index = reader.u8("vault index");
  limit.mint = reader.nullable_pubkey("mint");
  limit.amount = reader.u64("amount");
  limit.period = read_spending_period(reader);
  limit.members = reader.pubkey_vec("members");
  limit.destinations = reader.pubkey_vec("destinations");
  return limit;
}

std::string listed(const std::vector<Pubkey>& keys, const std::string& nobody) {
  std::vector<std::string> words;
  for (const Pubkey& key : keys) words.push_back(named(key));
  return words.empty() ? nobody : join(words, ", ");
}

struct ActionWords {
  std::string operator()(const AddMember& action) const {
    return "add member " + named(action.member.key) + " who " + words_for(action.member.permissions);
  }
  std::string operator()(const RemoveMember& action) const { return "remove member " + named(action.key); }
  std::string operator()(const ChangeThreshold& action) const {
    return "change the threshold to " + std::to_string(action.threshold);
  }
  std::string operator()(const SetTimeLock& action) const {
    return "set the time lock to " + std::to_string(action.seconds) + " s";
  }
  std::string operator()(const AddSpendingLimit& limit) const {
    const std::string unit = limit.mint ? " base units of mint " + named(*limit.mint) : " lamports";
    return "let each of " + listed(limit.members, "nobody") + " alone spend " + std::to_string(limit.amount) + unit +
           " " + std::string(words_for(limit.period)) + " from vault " + std::to_string(limit.vault_index) + " to " +
           listed(limit.destinations, "anybody");
  }
  std::string operator()(const RemoveSpendingLimit& action) const {
    return "remove spending limit " + to_string(action.address);
  }
  std::string operator()(const SetRentCollector& action) const {
    return action.key ? "let " + named(*action.key) + " collect rent" : "let nobody collect rent";
  }
};

}  // namespace

std::string words_for(const ConfigAction& action) { return std::visit(ActionWords{}, action); }

ConfigAction read_config_action(Reader& reader, std::uint8_t tag) {
  switch (tag) {
    case 0: {
      const Pubkey key = reader.pubkey("new member");
      return AddMember{{key, {reader.u8("permissions")}}};
    }
    case 1:
      return RemoveMember{reader.pubkey("old member")};
    case 2:
      return ChangeThreshold{reader.u16("threshold")};
    case 3:
      return SetTimeLock{reader.u32("time lock")};
    case 4:
      return read_spending_limit(reader);
    case 5:
      return RemoveSpendingLimit{reader.pubkey("spending limit")};
    case 6:
      return SetRentCollector{reader.option_pubkey("rent collector")};
    default:
      reader.fail("expected an action with tag 0 to 6, found " + std::to_string(tag));
      return SetRentCollector{};
  }
}

std::vector<ConfigAction> read_config_actions(Reader& reader) {
  std::vector<ConfigAction> read;
  const std::size_t actions = reader.count("actions", action_bytes_min);
  for (std::size_t i = 0; i < actions && reader.ok(); ++i) {
    read.push_back(read_config_action(reader, reader.u8("action")));
  }
  return read;
}

Result<ConfigTransaction> decode_config_transaction(ByteView data) {
  Reader reader = squads_reader(SquadsAccount::config_transaction, data);
  ConfigTransaction transaction;
  transaction.multisig = reader.pubkey("multisig");
  transaction.creator = reader.pubkey("creator");
  transaction.index = reader.u64("index");
  transaction.bump = reader.u8("bump");
  transaction.actions = read_config_actions(reader);
  return reader.finish(std::move(transaction));
}

Result<Batch> decode_batch(ByteView data) {
  Reader reader = squads_reader(SquadsAccount::batch, data);
  Batch batch;
  batch.multisig = reader.pubkey("multisig");
  batch.creator = reader.pubkey("creator");
  batch.index = reader.u64("index");
  batch.bump = reader.u8("bump");
  batch.vault_index = reader.u8("vault index");
  batch.vault_bump = reader.u8("vault bump");
  batch.size = reader.u32("size");
  batch.executed = reader.u32("executed");
  return reader.finish(batch);
}

}  // namespace readyctl
