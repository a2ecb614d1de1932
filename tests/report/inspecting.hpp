// What the tests of inspect share: a chain of one program, one multisig and its vaults, in a FakeSource.
#pragma once

#include "engine/obtain.hpp"
#include "facts/cluster.hpp"
#include "report/explanations.hpp"
#include "report/inspect.hpp"
#include "solana/base58.hpp"
#include "solana/vectors.hpp"
#include "support/history.hpp"

namespace readyctl::test {

// The published addresses of one multisig; vault 0, 5 and 255 of it.
inline const Pubkey multisig = "EMAHqrWV6zW35sP5TzNkR8Btscc3ohi4444EL6XPVaWN"_pubkey;
inline const Pubkey vault = "9n9MhDdwK2twbrr4TjBCVjVHLDzTFyaYKMPxUF5zGYWE"_pubkey;
inline const Pubkey vault_5 = "2twUpd7WTZXjAj6cjLhUjwKrLhL9de2vEbgZYq2drFoQ"_pubkey;
inline const Pubkey vault_255 = "Dsu3T44vXwJXY21ayVCS4E8qs7j3M9sNC4udtR4MwT2r"_pubkey;
// Another multisig, with other vaults.
inline const Pubkey lookalike = "E1Ukeo3ajAuTHqAu7TbXa7DgXT5KvXa8ws1Eu4ayZvpt"_pubkey;
// On the curve.
inline const Pubkey person = "2Zi8Zo9EZWBBEaeSCj2qyTNs7Bm9N5AFaseA7CTQw6W4"_pubkey;
inline const Pubkey program = "CVGMpraBxaqGoBYMABJ5Jxh5gYxdgo5h9NCwLJJKNBaw"_pubkey;

/// A Squads v4 account that the official client serialised, by its name in vectors.json.
inline Holding squads(const std::string& name) {
  return {.owner = known::squads_v4,
          .data = unhex(case_named(vectors("squads_v4_accounts").at("cases"), name).at("hex"))};
}
inline Holding autonomous() { return squads("Multisig, autonomous, rent_collector None"); }
inline Holding controlled() { return squads("Multisig, controlled, rent_collector Some"); }

/// What getProgramAccounts is asked with, written out by hand.
inline RpcRequest program_accounts_request(const Json& filters, std::uint32_t offset, std::uint32_t length,
                                           const Pubkey& owner = known::squads_v4) {
  return {"getProgramAccounts", Json::array({to_string(owner),
                                             {{"commitment", "finalized"},
                                              {"encoding", "base64"},
                                              {"withContext", true},
                                              {"dataSlice", {{"offset", offset}, {"length", length}}},
                                              {"filters", filters}}})};
}
inline RpcRequest vault_transactions_request(const Pubkey& payer) {
  const Json discriminator = {{"memcmp", {{"offset", 0}, {"bytes", to_base58(unhex("a8faa264510ea2cf"))}}}};
  return program_accounts_request({discriminator, {{"memcmp", {{"offset", 94}, {"bytes", to_string(payer)}}}}}, 8, 32);
}
inline RpcRequest all_multisigs_request() {
  return program_accounts_request(
      Json::array({{{"memcmp", {{"offset", 0}, {"bytes", to_base58(unhex("e07479ba44a14fec"))}}}}}), 0, 0);
}

inline RpcRequest all_v3_multisigs_request() {
  return program_accounts_request(
      Json::array({{{"memcmp", {{"offset", 0}, {"bytes", to_base58(unhex("4676096cfed71f78"))}}}}}), 0, 0,
      known::squads_v3);
}
inline RpcRequest all_governances_request(std::uint8_t type) {
  return program_accounts_request(Json::array({{{"memcmp", {{"offset", 0}, {"bytes", to_base58(Bytes{type})}}}}}), 0, 0,
                                  known::spl_governance);
}

/// The Clock sysvar at a Unix time.
inline Holding clock_at(std::int64_t now) {
  Bytes data;
  for (int i = 0; i < 4; ++i) put_u64(data, 1);
  put_u64(data, static_cast<std::uint64_t>(now));
  return {.owner = known::sysvar_owner, .data = data};
}

/// Neither multisigs of Squads v3 nor governances.
inline void lists_nothing_else(FakeSource& source) {
  source.answers(all_v3_multisigs_request(), no_accounts());
  for (const int type : {3, 4, 9, 10, 18, 19, 20, 21}) {
    source.answers(all_governances_request(static_cast<std::uint8_t>(type)), no_accounts());
  }
}

inline Result<VaultSearch> search(FakeSource& source, const Pubkey& address, const VaultSearchOptions& options = {}) {
  return obtain<VaultSearch>(source, [&] { return search_multisig(address, options); });
}

inline Result<Explanation> explained(FakeSource& source, const Pubkey& address,
                                     const VaultSearchOptions& options = {}) {
  const auto inspection = obtain<Inspection>(source, [&] { return inspect(address, options); });
  if (!inspection) return failure(inspection.error());
  return explain(*inspection);
}

}  // namespace readyctl::test
