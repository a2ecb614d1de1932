#include "facts/accounts.hpp"

#include <algorithm>

#include "facts/epochs.hpp"
#include "facts/field_types.hpp"
#include "solana/names.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

tl::unexpected<Refusal> bad_record(const Pubkey& address, const std::string& what) {
  return unobtainable(
      {"malformed", "the answer for account " + to_string(address) + " " + what, Retry::other_endpoint});
}

std::optional<Slice> slice_of(const Json& head) {
  const Json range = head.value("slice", Json());
  const auto is_u32 = [](const Json& number) { return number.is_number_unsigned() && number <= 0xffffffffU; };
  if (!range.is_array() || range.size() != 2 || !is_u32(range[0]) || !is_u32(range[1])) return std::nullopt;
  return Slice{range[0].get<std::uint32_t>(), range[1].get<std::uint32_t>()};
}

// What of the data was asked for: the range itself when the whole account was fetched, or the slice as it came.
std::shared_ptr<const Bytes> cut(const Payload& payload, const std::optional<Slice>& slice) {
  if (!slice || payload.head.contains("slice")) return payload.data;
  const Bytes& whole = *payload.data;
  const std::size_t begin = std::min<std::size_t>(slice->offset, whole.size());
  const std::size_t end = std::min<std::size_t>(begin + slice->length, whole.size());
  return std::make_shared<const Bytes>(whole.begin() + static_cast<std::ptrdiff_t>(begin),
                                       whole.begin() + static_cast<std::ptrdiff_t>(end));
}

Fact<std::optional<Account>> optional_account(AccountRequest request) {
  return fact_of<std::optional<Account>>(
      request, [request](const Payload& payload, const Observation& seen) -> Reading<std::optional<Account>> {
        auto account = read_account(payload, seen, request.address);
        if (!account || !*account) return account;
        (*account)->data = cut(payload, request.slice);
        return account;
      });
}

// An account that must exist, belong to `owner`, and decode.
template <class T, class Decode>
Fact<T> decoded(Fact<std::optional<Account>> account, const Pubkey& owner, const std::string& what, Decode decode) {
  const Pubkey address = std::get<AccountRequest>(account.request).address;
  return {account.request,
          [read = std::move(account.read), address, owner, what, decode](const Observation& seen) -> Reading<T> {
            auto found = read(seen);
            if (!found) return tl::unexpected<Refusal>(found.error());
            const std::string name = to_string(address);
            if (!*found) return absent(what + " " + name + " does not exist", name);
            if ((*found)->owner != owner) {
              return absent(what + " " + name + " is owned by " + named((*found)->owner) + ", not by " + named(owner),
                            name);
            }
            auto value = decode((*found)->bytes());
            if (!value) return absent(name + " is no " + what + ": " + value.error().what, name);
            return std::move(*value);
          }};
}

template <class T, class Decode>
Fact<T> decoded_account(const Pubkey& address, const Pubkey& owner, const std::string& what, Decode decode) {
  return decoded<T>(facts::account_if_any(address), owner, what, decode);
}

}  // namespace

Payload account_payload(const Account& account, std::string_view encoding, std::shared_ptr<const Bytes> body,
                        const std::optional<Slice>& slice) {
  Json head = {{"exists", true},
               {"lamports", to_string(account.lamports)},
               {"owner", to_string(account.owner)},
               {"executable", account.executable},
               {"space", account.space},
               {"encoding", encoding}};
  if (slice) head["slice"] = {slice->offset, slice->length};
  return {std::move(head), std::move(body), account.data};
}

Payload no_account_payload() { return {Json{{"exists", false}}, nullptr, nullptr}; }

Reading<std::optional<Account>> read_account(const Payload& payload, const Observation& seen, const Pubkey& address) {
  const Json& head = payload.head;
  if (head == Json{{"exists", false}}) return std::optional<Account>();
  const bool shaped = head.is_object() && head.value("exists", Json()) == true && payload.data != nullptr &&
                      head.value("owner", Json()).is_string() && head.value("lamports", Json()).is_string() &&
                      head.value("executable", Json()).is_boolean() && head.value("space", Json()).is_number_unsigned();
  if (!shaped) return bad_record(address, "is not an account");
  const auto owner = parse_pubkey(head["owner"].get_ref<const std::string&>());
  const auto lamports = parse_u64(head["lamports"].get_ref<const std::string&>());
  if (!owner || !lamports) return bad_record(address, "names no owner or no lamports");
  const auto space = head["space"].get<std::uint64_t>();
  if (!head.contains("slice") && payload.data->size() != space) {
    return bad_record(address,
                      "holds " + std::to_string(payload.data->size()) + " bytes and claims " + std::to_string(space));
  }
  return Account{address, *owner,       Lamports{*lamports},       head["executable"].get<bool>(),
                 space,   payload.data, seen.slot.value_or(Slot{})};
}

std::size_t offset_of(const Payload& payload) {
  const auto slice = slice_of(payload.head);
  return slice ? slice->offset : 0;
}

bool agrees(const Payload& one, const Payload& other) {
  const auto field = [](const Payload& payload, const char* name) { return payload.head.value(name, Json()); };
  for (const char* name : {"exists", "owner", "space", "executable"}) {
    if (field(one, name) != field(other, name)) return false;
  }
  if (one.data == nullptr || other.data == nullptr || field(one, "owner") == to_string(known::sysvar_owner))
    return true;
  const std::size_t begin = std::max(offset_of(one), offset_of(other));
  const std::size_t end = std::min(offset_of(one) + one.data->size(), offset_of(other) + other.data->size());
  if (begin >= end) return true;
  const auto part = [&](const Payload& payload) {
    return ByteView(*payload.data).subspan(begin - offset_of(payload), end - begin);
  };
  return std::ranges::equal(part(one), part(other));
}

namespace facts {

Fact<std::optional<Account>> account_if_any(const Pubkey& address, std::optional<Slice> slice) {
  return optional_account({address, slice, false});
}

Fact<std::optional<Account>> account_once_more(const Pubkey& address, Slice slice) {
  return optional_account({address, slice, false, true});
}

Fact<std::optional<Account>> code_account_if_any(const Pubkey& address) {
  return optional_account({address, std::nullopt, true});
}

Fact<Account> account(const Pubkey& address, std::optional<Slice> slice) {
  Fact<std::optional<Account>> fact = account_if_any(address, slice);
  return {fact.request, [read = std::move(fact.read), address](const Observation& seen) -> Reading<Account> {
            auto found = read(seen);
            if (!found) return tl::unexpected<Refusal>(found.error());
            if (!*found) return absent("account " + to_string(address) + " does not exist", to_string(address), true);
            return std::move(**found);
          }};
}

Fact<Multisig> squads_multisig(const Pubkey& address) {
  return decoded_account<Multisig>(address, known::squads_v4, "Squads v4 multisig", decode_multisig);
}

Fact<Rent> rent() { return decoded_account<Rent>(known::rent, known::sysvar_owner, "Rent sysvar", decode_rent); }

Fact<Clock> clock() { return decoded_account<Clock>(known::clock, known::sysvar_owner, "Clock sysvar", decode_clock); }

Fact<Clock> clock_once_more() {
  return decoded<Clock>(account_once_more(known::clock, read_once_more), known::sysvar_owner, "Clock sysvar",
                        decode_clock);
}

Fact<EpochSchedule> epoch_schedule() {
  return decoded_account<EpochSchedule>(known::epoch_schedule, known::sysvar_owner, "EpochSchedule sysvar",
                                        decode_epoch_schedule);
}

}  // namespace facts
}  // namespace readyctl
