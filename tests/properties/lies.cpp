#include "properties/lies.hpp"

#include "base/base64.hpp"
#include "solana/base58.hpp"
#include "solana/pubkey.hpp"
#include "solana/sysvars.hpp"
#include "solana/well_known.hpp"
#include "support/programs.hpp"

namespace readyctl::test {
namespace {

const std::string somebody = to_string("2Zi8Zo9EZWBBEaeSCj2qyTNs7Bm9N5AFaseA7CTQw6W4"_pubkey);

// Each account in the result, whatever it is that holds them; an account that does not exist is null.
template <class Change>
void change_accounts(const std::string& method, Json& reply, Change change) {
  if (method != "getAccountInfo" && method != "getMultipleAccounts") return;
  Json& value = reply["result"]["value"];
  if (!value.is_array()) return change(value);
  for (Json& one : value) change(one);
}

template <class Change>
void change_existing(const std::string& method, Json& reply, Change change) {
  change_accounts(method, reply, [&](Json& account) {
    if (!account.is_null()) change(account);
  });
}

// What is compressed is left as it is.
template <class Change>
void change_data(Json& account, Change change) {
  Json& data = account["data"];
  if (data[1] != "base64") return;
  Bytes bytes = from_base64(data[0].get_ref<const std::string&>()).value();
  change(bytes);
  data[0] = to_base64(bytes);
}

Json account_made_up() {
  return {{"lamports", 5'000'000'000U}, {"owner", to_string(known::system_program)},
          {"executable", false},        {"data", {"", "base64"}},
          {"rentEpoch", UINT64_MAX},    {"space", 0U}};
}

Bytes bytes_of_clock(const Clock& clock) {
  Bytes bytes;
  put_u64(bytes, clock.slot.value);
  put_u64(bytes, static_cast<std::uint64_t>(clock.epoch_start_timestamp));
  put_u64(bytes, clock.epoch);
  put_u64(bytes, clock.leader_schedule_epoch);
  put_u64(bytes, static_cast<std::uint64_t>(clock.unix_timestamp));
  return bytes;
}

template <class Change>
void change_clock(const std::string& method, Json& reply, Change change) {
  change_existing(method, reply, [&](Json& account) {
    if (account["owner"] != to_string(known::sysvar_owner) || account["space"] != clock_bytes) return;
    change_data(account, [&](Bytes& bytes) {
      Clock clock = decode_clock(bytes).value();
      change(clock);
      bytes = bytes_of_clock(clock);
    });
  });
}

// Each member alone: what is compared of one must not be believed of another.
void turn(Clock& clock, Dice& dice) {
  switch (dice.below(6)) {
    case 0:
      clock.slot.value = dice.below(clock.slot.value);
      break;
    case 1:
      clock.epoch_start_timestamp -= static_cast<std::int64_t>(dice.below(1'000'000));
      break;
    case 2:
      clock.epoch += dice.percent(50) ? 1 : std::uint64_t{0} - 1;
      break;
    case 3:
      clock.unix_timestamp -= 3600;
      break;
    case 4:  // so little that it is still the same time
      clock.unix_timestamp += static_cast<std::int64_t>(dice.below(200)) - 100;
      break;
    default:
      clock.unix_timestamp += 3600;
      break;
  }
}

// The list of a history or a search.
Json* list_in(const std::string& method, Json& reply) {
  if (method == "getSignaturesForAddress") return &reply["result"];
  return method == "getProgramAccounts" ? &reply["result"]["value"] : nullptr;
}

void make_up_entry(const std::string& method, Json& list, Dice& dice) {
  if (method == "getSignaturesForAddress") {
    const std::uint64_t slot = list.empty() ? 1 : list[0]["slot"].get<std::uint64_t>();
    const std::string signature = to_base58(Bytes(64, static_cast<std::uint8_t>(200 + dice.below(50))));
    list.insert(list.begin(), Json{{"signature", signature}, {"slot", slot}, {"err", nullptr}});
  } else if (!list.empty()) {
    Json entry = list[0];
    entry["pubkey"] = somebody;
    list.push_back(std::move(entry));
  }
}

void change_list(Fault lie, const std::string& method, Json& reply, Dice& dice) {
  Json* list = list_in(method, reply);
  if (list == nullptr) return;
  if (lie == Fault::empty_list) list->clear();
  if (lie == Fault::entry_left_out && !list->empty()) list->erase(dice.below(list->size()));
  if (lie == Fault::entry_made_up) make_up_entry(method, *list, dice);
}

// Unknown, failed where it succeeded and the other way round, or in another slot.
void change_transaction(Json& result, Dice& dice) {
  if (result.is_null()) return;
  const auto kind = dice.below(3);
  if (kind == 0) {
    result = nullptr;
  } else if (kind == 1) {
    Json& error = result["meta"]["err"];
    error = error.is_null() ? Json{{"InstructionError", {0, "InvalidArgument"}}} : Json();
  } else {
    result["slot"] = result["slot"].get<std::uint64_t>() + 1;
  }
}

void change_simulation(Json& value) {
  value["err"] = value["err"].is_null() ? Json{{"InstructionError", {0, "InvalidArgument"}}} : Json();
}

void change_slot(Json& reply, Dice& dice) {
  const Json::json_pointer in_context("/result/context/slot");
  Json* slot = reply.contains(in_context) ? &reply[in_context] : nullptr;
  if (slot == nullptr && reply["result"].is_number_unsigned()) slot = &reply["result"];
  if (slot != nullptr) *slot = slot->get<std::uint64_t>() + dice.below(400) - 200;
}

void change_blockhash(const std::string& method, Json& reply) {
  if (method == "getLatestBlockhash") reply["result"]["value"]["blockhash"] = somebody;
  if (method == "getBlock") reply["result"]["blockhash"] = somebody;
  if (method == "isBlockhashValid") reply["result"]["value"] = !reply["result"]["value"].get<bool>();
}

}  // namespace

bool is_lie(Fault fault) { return static_cast<unsigned>(fault) >= first_lie && fault != Fault::other_release; }

void tell(Fault lie, const std::string& method, Json& reply, Time now, Dice& dice) {
  if (!reply.contains("result")) return;
  switch (lie) {
    case Fault::no_account:
      return change_accounts(method, reply, [](Json& account) { account = nullptr; });
    case Fault::invented_account:
      return change_accounts(method, reply, [](Json& account) {
        if (account.is_null()) account = account_made_up();
      });
    case Fault::other_owner:
      return change_existing(method, reply, [](Json& account) { account["owner"] = somebody; });
    case Fault::other_lamports:
      return change_existing(method, reply,
                             [&](Json& account) { account["lamports"] = dice.below(1'000'000'000'000); });
    case Fault::other_data:
      return change_existing(method, reply, [&](Json& account) {
        change_data(account, [&](Bytes& bytes) {
          if (!bytes.empty()) bytes[dice.below(bytes.size())] ^= static_cast<std::uint8_t>(1U << dice.below(8));
        });
      });
    case Fault::other_slot:
      return change_slot(reply, dice);
    case Fault::other_blockhash:
      return change_blockhash(method, reply);
    case Fault::other_clock:
      return change_clock(method, reply, [&](Clock& clock) { turn(clock, dice); });
    case Fault::fresh_clock:
      if (method == "getBlock") reply["result"]["blockTime"] = now.milliseconds / 1000;
      return change_clock(method, reply, [&](Clock& clock) { clock.unix_timestamp = now.milliseconds / 1000; });
    case Fault::empty_list:
    case Fault::entry_left_out:
    case Fault::entry_made_up:
      return change_list(lie, method, reply, dice);
    case Fault::other_transaction:
      if (method == "getTransaction") change_transaction(reply["result"], dice);
      return;
    case Fault::other_simulation:
      if (method == "simulateTransaction") change_simulation(reply["result"]["value"]);
      return;
    default:
      return;
  }
}

}  // namespace readyctl::test
