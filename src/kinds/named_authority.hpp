// Accounts that name one of our keys as their authority. Anyone can make such an account for any key, so what it means
// depends on who made it: one of us, or a stranger.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/task.hpp"
#include "facts/history.hpp"
#include "kinds/expectations.hpp"

namespace readyctl {

/// An account that was found, and who made it.
struct NamedAuthority {
  Pubkey account;
  Pubkey authority;
  std::optional<Pubkey> maker;  ///< of the keys, the one that signed for it; else who paid; none: not known
};

/// What to look for, for each key.
struct AuthoritySearch {
  std::vector<Pubkey> keys;
  std::vector<Pubkey> explained;  ///< accounts that there may be
  ProgramQuery (*query)(const Pubkey& key);
  bool (*matches)(const FoundAccount& found, const Pubkey& key);  ///< whether the account is really of that sort
  bool (*makes)(const Instruction& instruction);  ///< whether it makes its first account one of that sort
  bool asks_who_made = true;                      ///< false: the first round is enough, and nobody's maker is known
};

/// The accounts that are not explained: 1 round for the search, 2 for who made them, which is whoever sent the
/// instruction that made them: anybody can name an address before and after. A search or a history that cannot be had
/// ends the gate as inconclusive.
Task<std::vector<NamedAuthority>> named_authorities(AuthoritySearch search);

/// What to say of them.
struct NamedWords {
  std::string sort;    ///< "durable nonce"
  std::string danger;  ///< of one that is ours
  std::string passed;
};

/// One that one of the keys made fails; one that a stranger planted is a caveat; of whom nobody knows who made it, none
/// is passed over.
Finding judge_named(const NamedWords& words, const std::vector<NamedAuthority>& found, const std::vector<Pubkey>& keys);

/// The same where nobody may have made one: each fails, whoever made it.
Finding judge_unexplained(const NamedWords& words, const std::vector<NamedAuthority>& found);

}  // namespace readyctl
