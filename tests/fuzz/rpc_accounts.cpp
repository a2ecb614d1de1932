// Answers to getMultipleAccounts and getAccountInfo.
#include "sources/rpc_accounts.hpp"

#include "fuzz/property.hpp"

using namespace readyctl;

namespace {

constexpr Pubkey address = "CVGMpraBxaqGoBYMABJ5Jxh5gYxdgo5h9NCwLJJKNBaw"_pubkey;

void read(const std::string& text, const AccountsQuestion& question) {
  const HttpResponse response{200, "application/json", std::nullopt, text};
  const auto answer = read_accounts(response, 7, question, Time{0});
  if (!answer) return;
  fuzz::require(answer->accounts.size() == question.addresses.size(), "as many accounts as were asked for");
  fuzz::require(!question.min_slot || answer->slot >= *question.min_slot, "no answer is older than was asked for");
  for (const auto& payload : answer->accounts) {
    if (!payload) continue;
    const Observation seen{"fuzz", answer->slot, Time{0}, std::chrono::milliseconds(0), *payload};
    const auto account = read_account(*payload, seen, address);
    fuzz::require(account.has_value(), "what the answer says, a fact reads");
    if (!*account) continue;
    const std::size_t held = (*account)->data->size();
    fuzz::require(question.slice ? held <= question.slice->length : held == (*account)->space,
                  "an account holds what it claims");
  }
}

}  // namespace

FUZZ_TARGET(rpc_accounts) {
  const std::string text = fuzz::text_in(data, size);
  read(text, {.addresses = {address, address}, .slice = {}, .min_slot = {}});
  read(text, {.addresses = {address}, .slice = Slice{4, 45}, .min_slot = Slot{10}});
  read(text, {.addresses = {address}, .slice = {}, .single = true, .zstd = true, .min_slot = {}});
  return 0;
}
