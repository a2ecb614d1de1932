// Accounts over JSON-RPC: what is asked, and the strict reading of what comes back.
//
// Reads     getMultipleAccounts (base64), getAccountInfo (base64+zstd) at finalized commitment
// Source    Agave account-decoder UiAccount, rpc-client-types RpcAccountInfoConfig
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "facts/accounts.hpp"
#include "sources/json_rpc.hpp"

namespace readyctl {

/// One question for one or more accounts, of which the same part is wanted.
struct AccountsQuestion {
  std::vector<Pubkey> addresses;
  std::optional<Slice> slice;
  bool single = false;           ///< getAccountInfo instead of getMultipleAccounts; one address
  bool zstd = false;             ///< ask for base64+zstd instead of base64
  std::optional<Slot> min_slot;  ///< the answer must not be older
};

/// The body of the request.
std::string accounts_body(std::uint64_t id, const AccountsQuestion& question);

/// What one answer says: the slot it was read at, and for each address, in order, the account's payload or what is
/// wrong with it, in words.
struct AccountsAnswer {
  Slot slot;
  std::vector<tl::expected<Payload, std::string>> accounts;
};

/// What is wrong with an answer from a slot below one that was seen already.
Trouble behind(Slot slot, Slot min_slot);

/// The longest answer about so many accounts that can be true, in bytes.
std::size_t accounts_answer_bytes_max(std::size_t accounts);

/// Reads the answer to request `id`, strictly: as many values as addresses; `null` or an object of u64 `lamports`,
/// base58 `owner`, boolean `executable` and `data` in the encoding that it names; `space`, where it stands, equal to
/// what was decoded, and no more than account_bytes_max. The response's body is released on the way. Errors as of
/// result_of, and: a slot below the question's min_slot (cause behind, worth another try).
tl::expected<AccountsAnswer, Trouble> read_accounts(HttpResponse response, std::uint64_t id,
                                                    const AccountsQuestion& question, Time now);

}  // namespace readyctl
