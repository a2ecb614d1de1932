// The heads of evidence records, as each fact reads the payload that a record claims to be.
#include "facts/chain.hpp"
#include "facts/cluster.hpp"
#include "facts/endpoints.hpp"
#include "facts/git.hpp"
#include "facts/heads.hpp"
#include "facts/history.hpp"
#include "facts/local.hpp"
#include "facts/programs.hpp"
#include "facts/tokens.hpp"
#include "fuzz/property.hpp"

using namespace readyctl;

namespace {

constexpr Pubkey address = "CVGMpraBxaqGoBYMABJ5Jxh5gYxdgo5h9NCwLJJKNBaw"_pubkey;

void read_accounts(const Observation& seen) {
  for (const auto slice : {std::optional<Slice>(), std::optional(Slice{0, 45}), std::optional(Slice{~0U, ~0U})}) {
    const auto account = facts::account_if_any(address, slice).read(seen);
    if (account && *account) fuzz::require((*account)->data != nullptr, "an account that is there has data");
  }
  facts::account_head(address).read(seen);
  facts::code_account_if_any(address).read(seen);
  facts::squads_multisig(address).read(seen);
  facts::rent().read(seen);
  facts::clock().read(seen);
  facts::token_account(address).read(seen);
  facts::token_mint(address).read(seen);
  const auto program = facts::code_account_if_any(address).read(seen);
  const auto programdata = facts::programdata_with_code(address).read(seen);
  if (program && programdata) deployment_of(address, *program, *programdata);
}

void read_others(const Observation& seen) {
  facts::genesis_hash().read(seen);
  facts::latest_blockhash().read(seen);
  facts::endpoints().read(seen);
  facts::file_if_any({"a.so"}).read(seen);
  if (const auto time = facts::now().read(seen)) {
    fuzz::require(clock_payload(*time).head == Json{{"time", to_string(*time)}}, "a time goes round");
  }
  if (const auto state = facts::git({}).read(seen)) {
    fuzz::require(read_git_state(git_payload(*state)) == *state, "the state of a checkout goes round");
  }
}

}  // namespace

// The input is a head, and after the first line feed the body.
FUZZ_TARGET(recorded_facts) {
  const std::string text = fuzz::text_in(data, size);
  const auto end = text.find('\n');
  auto head = parse_json(text.substr(0, end), "head");
  if (!head) return 0;
  Payload payload{std::move(*head), nullptr, nullptr};
  if (end != std::string::npos) {
    payload.body = std::make_shared<const Bytes>(text.begin() + static_cast<std::ptrdiff_t>(end) + 1, text.end());
    payload.data = payload.body;
  }
  const Observation seen{"fuzz", Slot{9}, Time{1000}, std::chrono::milliseconds(1), payload};
  read_accounts(seen);
  read_others(seen);
  return 0;
}
