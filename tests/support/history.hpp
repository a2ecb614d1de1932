// Histories and searches for a FakeSource: what getSignaturesForAddress, getTransaction and getProgramAccounts answer.
#pragma once

#include "base/base64.hpp"
#include "facts/history.hpp"
#include "solana/base58.hpp"
#include "support/programs.hpp"

namespace readyctl::test {

inline Payload rpc_result(Json value) { return {Json{{"result", std::move(value)}}, nullptr, nullptr}; }

/// A signature of its own for each number.
inline std::string signature(std::uint8_t number) {
  return to_base58(Bytes(64, static_cast<std::uint8_t>(number + 1)));
}

/// The history of an address: so many transactions, numbered from 0, the newest first.
inline void has_history(FakeSource& source, const Pubkey& address, std::uint8_t transactions) {
  Json list = Json::array();
  for (std::uint8_t i = 0; i < transactions; ++i)
    list.push_back({{"signature", signature(i)}, {"slot", 90U - i}, {"err", nullptr}});
  source.answers(facts::signatures_of(address, 40).request, rpc_result(list));
}

/// One instruction of a made-up transaction, by positions among its keys.
struct Told {
  std::uint8_t program = 0;
  Bytes accounts;
  Bytes data;
};

/// A legacy transaction with these keys, as getTransaction answers. `loaded` come out of a lookup table; `inner` are
/// called by the first instruction; the first `signers` keys signed it.
inline Json transaction_of(std::uint8_t number, const std::vector<Pubkey>& keys, const std::vector<Pubkey>& loaded = {},
                           const std::vector<Told>& told = {}, const std::vector<Told>& inner = {},
                           std::uint8_t signers = 1) {
  Bytes bytes{signers};
  for (std::uint8_t i = 0; i < signers; ++i) put(bytes, *from_base58(signature(number)));
  put(bytes, Bytes{signers, 0, 0, static_cast<std::uint8_t>(keys.size())});
  for (const Pubkey& one : keys) put(bytes, one.bytes);
  put(bytes, Bytes(32));
  bytes.push_back(static_cast<std::uint8_t>(told.size()));
  for (const Told& one : told) {
    put(bytes, Bytes{one.program, static_cast<std::uint8_t>(one.accounts.size())});
    put(bytes, one.accounts);
    bytes.push_back(static_cast<std::uint8_t>(one.data.size()));
    put(bytes, one.data);
  }
  Json writable = Json::array();
  for (const Pubkey& one : loaded) writable.push_back(to_string(one));
  Json called = Json::array();
  for (const Told& one : inner) {
    called.push_back({{"programIdIndex", one.program}, {"accounts", one.accounts}, {"data", to_base58(one.data)}});
  }
  const Json lists = inner.empty() ? Json::array() : Json::array({{{"index", 0U}, {"instructions", called}}});
  return {{"slot", 90U},
          {"blockTime", 1'700'000'000},
          {"transaction", {to_base64(bytes), "base64"}},
          {"meta",
           {{"err", nullptr},
            {"innerInstructions", lists},
            {"loadedAddresses", {{"writable", writable}, {"readonly", Json::array()}}}}}};
}

inline void has_transaction(FakeSource& source, std::uint8_t number, const Json& transaction) {
  source.answers(facts::transaction(signature(number)).request, rpc_result(transaction));
}

/// An answer of getProgramAccounts: one account at `address` with this slice of data.
inline Payload one_account(const Pubkey& address, const Bytes& data, const Pubkey& owner = known::squads_v4) {
  const Json account = {{"owner", to_string(owner)}, {"data", {to_base64(data), "base64"}}};
  const Json list = Json::array({{{"pubkey", to_string(address)}, {"account", account}}});
  return rpc_result({{"context", {{"slot", 100U}}}, {"value", list}});
}
inline Payload no_accounts() { return rpc_result({{"context", {{"slot", 100U}}}, {"value", Json::array()}}); }

inline Bytes key_bytes(const Pubkey& key) { return {key.bytes.begin(), key.bytes.end()}; }

}  // namespace readyctl::test
