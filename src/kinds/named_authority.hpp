// Accounts that name one of our keys as their authority. Anyone can make such an account for any key, so what it means
// depends on who made it: one of us, or a stranger.
#pragma once

#include <string>
#include <vector>

#include "engine/task.hpp"
#include "facts/history.hpp"
#include "kinds/expectations.hpp"

namespace readyctl {

/// An account that was found, and who paid for the first transaction that named it.
struct NamedAuthority {
  Pubkey account;
  Pubkey authority;
  Pubkey payer;
};

/// What to look for, for each key.
struct AuthoritySearch {
  std::vector<Pubkey> keys;
  std::vector<Pubkey> explained;  ///< accounts that there may be
  ProgramQuery (*query)(const Pubkey& key);
  bool (*matches)(const FoundAccount& found, const Pubkey& key);  ///< whether the account is really of that sort
};

/// The accounts that are not explained: 1 round for the search, 2 for who made them. A search or a history that cannot
/// be had ends the gate as inconclusive.
Task<std::vector<NamedAuthority>> named_authorities(AuthoritySearch search);

/// One that one of the keys paid for fails; one that a stranger planted is a caveat. `sort`: "durable nonce".
void judge_named(const std::string& sort, const std::string& danger, const std::vector<NamedAuthority>& found,
                 const std::vector<Pubkey>& keys, Judgement& judgement);

}  // namespace readyctl
