#include "sources/rpc_accounts.hpp"

#include <algorithm>
#include <memory>

#include "base/base64.hpp"
#include "facts/json_member.hpp"
#include "solana/program_extension.hpp"
#include "sources/long_strings.hpp"
#include "sources/zstd_frame.hpp"

namespace readyctl {
namespace {

// An account as it came, its data decoded from base64 and nothing more.
struct RawAccount {
  bool exists = false;
  Pubkey owner;
  Lamports lamports;
  bool executable = false;
  std::optional<std::uint64_t> space;
  bool zstd = false;
  Bytes data;
};

using RawResult = tl::expected<RawAccount, std::string>;

tl::unexpected<std::string> no(std::string why) { return tl::unexpected<std::string>(std::move(why)); }

// What compresses worst grows by less than a hundredth. Checked before anything is decoded.
constexpr std::size_t account_text_bytes_max = (account_bytes_max + account_bytes_max / 100) / 3 * 4;

tl::unexpected<std::string> too_long() {
  return no("its data is longer than " + std::to_string(account_bytes_max) + " bytes, and no account's is");
}

std::string found_instead(const char* name, const char* expected, const Json& value) {
  return std::string("its ") + name + " is " + std::string(words_for_type(value)) + ", not " + expected;
}

// The text in data: [text, encoding], or null where that is not what it is.
const Json* text_in_data(const Json& account) {
  if (!account.is_object()) return nullptr;
  const Json& data = member(account, "data");
  const bool pair = data.is_array() && data.size() == 2 && data[0].is_string() && data[1].is_string();
  return pair ? &data[0] : nullptr;
}

tl::expected<void, std::string> read_data(std::string_view text, const std::string& encoding,
                                          const AccountsQuestion& question, RawAccount& account) {
  account.zstd = question.zstd && encoding == "base64+zstd";  // a server that cannot compress says base64
  if (!account.zstd && encoding != "base64") return no("its data is in an encoding that was not asked for");
  if (text.size() > account_text_bytes_max) return too_long();
  auto bytes = from_base64(text);
  if (!bytes) return no("its data cannot be decoded: " + bytes.error().what);
  account.data = std::move(*bytes);
  return {};
}

// `text` is that of its data.
RawResult read_account_object(const Json& value, std::optional<std::string_view> text,
                              const AccountsQuestion& question) {
  RawAccount account;
  if (value.is_null()) return account;
  if (!value.is_object()) return no("it is " + std::string(words_for_type(value)) + ", not an object");
  account.exists = true;
  if (!text) return no("its data is not a pair of text and encoding");
  const auto& encoding = member(value, "data")[1].get_ref<const std::string&>();
  const auto data = read_data(*text, encoding, question, account);
  if (!data) return no(data.error());

  const Json& lamports = member(value, "lamports");
  const Json& owner = member(value, "owner");
  const Json& executable = member(value, "executable");
  const Json& space = member(value, "space");
  if (!lamports.is_number_unsigned()) return no(found_instead("lamports", "an unsigned 64-bit integer", lamports));
  if (!owner.is_string()) return no(found_instead("owner", "an address", owner));
  if (!executable.is_boolean()) return no(found_instead("executable", "true or false", executable));
  if (!space.is_null() && !space.is_number_unsigned()) return no(found_instead("space", "a number of bytes", space));
  const auto key = parse_pubkey(owner.get_ref<const std::string&>());
  if (!key) return no("its owner is no address");
  account.owner = *key;
  account.lamports = Lamports{lamports.get<std::uint64_t>()};
  account.executable = executable.get<bool>();
  if (!space.is_null()) account.space = space.get<std::uint64_t>();
  return account;
}

// The size of the whole data, once what was read of it is known to agree with that.
tl::expected<std::uint64_t, std::string> check_space(const RawAccount& account, std::size_t size,
                                                     const std::optional<Slice>& slice) {
  if (!slice) {
    if (!account.space || *account.space == size) return size;
    return no("its data is " + std::to_string(size) + " bytes long and its space says " +
              std::to_string(*account.space));
  }
  if (!account.space && size < slice->length && size > 0) return slice->offset + size;  // an old server: it ends here
  if (!account.space) return no("it does not say its space, so the size of its data is not known");
  const std::uint64_t left = *account.space > slice->offset ? *account.space - slice->offset : 0;
  const std::uint64_t expected = std::min<std::uint64_t>(left, slice->length);
  if (size == expected) return *account.space;
  return no("the slice of its data is " + std::to_string(size) + " bytes long; by its space it must be " +
            std::to_string(expected));
}

tl::expected<Payload, std::string> payload_of(RawAccount raw, const std::optional<Slice>& slice) {
  if (!raw.exists) return no_account_payload();
  const bool is_too_long =
      raw.space.value_or(0) > account_bytes_max || (!raw.zstd && raw.data.size() > account_bytes_max);
  if (is_too_long) return too_long();
  auto body = std::make_shared<const Bytes>(std::move(raw.data));
  std::shared_ptr<const Bytes> data = body;
  if (raw.zstd) {
    if (!raw.space) return no("it is compressed and does not say its space");
    auto inflated = inflate_zstd(*body, static_cast<std::size_t>(*raw.space));
    if (!inflated) return no(inflated.error().what);
    data = std::make_shared<const Bytes>(std::move(*inflated));
  }
  const auto space = check_space(raw, data->size(), slice);
  if (!space) return no(space.error());
  Account account;
  account.owner = raw.owner;
  account.lamports = raw.lamports;
  account.executable = raw.executable;
  account.space = *space;
  account.data = std::move(data);
  return account_payload(account, raw.zstd ? "zstd" : "raw", std::move(body), slice);
}

struct RawAnswer {
  Slot slot;
  std::vector<RawResult> accounts;
  bool all_used = false;  // every lifted text stood where one belongs; if not, no account was read
};

// Releases the lifted texts, which are in the response's body, as it decodes them.
tl::expected<RawAnswer, Trouble> read_raw(HttpResponse& response, std::string_view text,
                                          const std::vector<std::string_view>& lifted, std::uint64_t id,
                                          const AccountsQuestion& question, Time now) {
  const auto refuse = [](std::string why) { return tl::unexpected<Trouble>(malformed_answer(std::move(why))); };
  const auto result = result_of(response, text, id, now);
  if (!result) return tl::unexpected<Trouble>(result.error());
  if (!result->is_object()) return refuse("its result is " + std::string(words_for_type(*result)) + ", not an object");
  const Json& context = member(*result, "context");
  const Json& slot = context.is_object() ? member(context, "slot") : context;
  if (!slot.is_number_unsigned()) return refuse("its context has no slot");
  if (!result->contains("value")) return refuse("its result has no value");

  const Json& value = member(*result, "value");
  const Json values = question.single ? Json::array({value}) : value;
  if (!values.is_array()) return refuse("its value is " + std::string(words_for_type(values)) + ", not an array");
  if (values.size() != question.addresses.size()) {
    return refuse("it has " + std::to_string(values.size()) + " accounts where " +
                  std::to_string(question.addresses.size()) + " were asked for");
  }
  LongStrings long_strings(lifted);
  std::vector<std::optional<std::string_view>> texts;
  for (const Json& account : values) {
    const Json* data = text_in_data(account);
    texts.push_back(data != nullptr ? std::optional(long_strings.text_of(*data)) : std::nullopt);
  }
  RawAnswer answer{Slot{slot.get<std::uint64_t>()}, {}, long_strings.all_used()};
  if (!answer.all_used) return answer;
  for (std::size_t i = 0; i < values.size(); ++i) {
    answer.accounts.push_back(read_account_object(values[i], texts[i], question));
    if (texts[i]) release_long_string(response.body, *texts[i]);
  }
  return answer;
}

}  // namespace

Trouble behind(Slot slot, Slot min_slot) {
  Trouble trouble;
  trouble.why = {"behind",
                 "it answered from slot " + to_string(slot) + " although slot " + to_string(min_slot) +
                     " was seen already: it lags, or one of the nodes behind it does",
                 Retry::now};
  trouble.remedy = Remedy::again;
  return trouble;
}

std::string accounts_body(std::uint64_t id, const AccountsQuestion& question) {
  Json config = {{"encoding", question.zstd ? "base64+zstd" : "base64"}, {"commitment", "finalized"}};
  if (question.slice) config["dataSlice"] = {{"offset", question.slice->offset}, {"length", question.slice->length}};
  if (question.min_slot) config["minContextSlot"] = question.min_slot->value;
  if (question.single) {
    return rpc_body(id, "getAccountInfo", Json::array({to_string(question.addresses.front()), config}));
  }
  Json addresses = Json::array();
  for (const Pubkey& address : question.addresses) addresses.push_back(to_string(address));
  return rpc_body(id, "getMultipleAccounts", Json::array({addresses, config}));
}

std::size_t accounts_answer_bytes_max(std::size_t accounts) {
  constexpr std::size_t besides = std::size_t{1} << 20;  // what is no data of an account
  return accounts * account_text_bytes_max + besides;
}

tl::expected<AccountsAnswer, Trouble> read_accounts(HttpResponse response, std::uint64_t id,
                                                    const AccountsQuestion& question, Time now) {
  const LiftedText lifted = lift_long_strings(response.body, reply_text_bytes_max);
  auto raw = read_raw(response, lifted.rest, lifted.long_strings, id, question, now);
  const bool is_words_lifted = !raw && raw.error().error && !lifted.long_strings.empty();  // of an error, perhaps
  if (is_words_lifted || (raw && !raw->all_used)) raw = read_raw(response, response.body, {}, id, question, now);
  if (!raw) return tl::unexpected<Trouble>(raw.error());
  if (question.min_slot && raw->slot < *question.min_slot) {
    return tl::unexpected<Trouble>(behind(raw->slot, *question.min_slot));
  }
  std::string().swap(response.body);  // megabytes that were decoded, before as many are inflated

  AccountsAnswer answer{raw->slot, {}};
  for (RawResult& account : raw->accounts) {
    if (account) {
      answer.accounts.push_back(payload_of(std::move(*account), question.slice));
    } else {
      answer.accounts.push_back(no(account.error()));
    }
  }
  return answer;
}

}  // namespace readyctl
