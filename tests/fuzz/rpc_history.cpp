// Answers of searches: signatures of an address, transactions, accounts of a program.
#include "facts/history.hpp"
#include "fuzz/property.hpp"
#include "sources/rpc_call.hpp"

using namespace readyctl;

FUZZ_TARGET(rpc_history) {
  Call call;
  call.requests.emplace_back(RpcRequest{"getTransaction", Json::array()});
  call.id = 7;
  const HttpResponse response{200, "application/json", std::nullopt, fuzz::text_in(data, size)};
  const auto reply = read_response(call, response, Secrets(), Time{0});
  if (!reply) return 0;
  fuzz::require(reply->payloads.size() == 1 && reply->payloads.front().has_value(), "a search has one answer");

  const Observation seen{"fuzz", reply->slot, Time{0}, std::chrono::milliseconds(1), *reply->payloads.front()};
  const auto signatures = facts::signatures_of(Pubkey{}, 2).read(seen);
  if (signatures) fuzz::require(signatures->size() <= 2, "no more signatures than were asked for");
  facts::transaction("5").read(seen);
  const auto accounts = facts::program_accounts({Pubkey{}, {}, Slice{8, 32}}).read(seen);
  for (const FoundAccount& account : accounts.value_or(std::vector<FoundAccount>{})) {
    fuzz::require(account.data.size() <= 32, "no more data than was asked for");
  }
  return 0;
}
