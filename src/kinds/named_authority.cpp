#include "kinds/named_authority.hpp"

#include <algorithm>

namespace readyctl {
namespace {

constexpr std::uint32_t signatures_read = 1000;
// Somebody may have named the address before the account was made; so many transactions are looked through.
constexpr std::size_t first_ones = 20;

using Signatures = std::vector<SignatureSeen>;

bool contains(const std::vector<Pubkey>& keys, const Pubkey& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

// The first transactions of the account that did something, oldest first. A history that fills the whole answer may
// begin earlier; its end is then not the beginning.
Fact<Signatures> beginning_of(const Pubkey& address) {
  auto all = facts::signatures_of(address, signatures_read);
  return {all.request, [read = std::move(all.read), address](const Observation& seen) -> Reading<Signatures> {
            auto signatures = read(seen);
            if (!signatures) return tl::unexpected<Refusal>(signatures.error());
            if (signatures->empty() || signatures->size() >= signatures_read) {
              return unobtainable({"pruned",
                                   "who made account " + to_string(address) +
                                       " is not known: its history is empty or too long; ask an endpoint that keeps it",
                                   Retry::other_endpoint});
            }
            std::reverse(signatures->begin(), signatures->end());
            std::erase_if(*signatures, [](const SignatureSeen& one) { return one.failed; });
            if (signatures->size() > first_ones) signatures->resize(first_ones);
            return std::move(*signatures);
          }};
}

// Who made the account, if it is this transaction that did.
std::optional<Pubkey> maker_in(const ExecutedTransaction& transaction, const Pubkey& account,
                               const AuthoritySearch& search) {
  const bool makes_it = std::any_of(
      transaction.instructions.begin(), transaction.instructions.end(), [&](const ExecutedInstruction& executed) {
        return executed.instruction.account(0) == account && search.makes(executed.instruction);
      });
  if (!makes_it || transaction.signers.empty()) return std::nullopt;
  const auto ours = std::find_if(transaction.signers.begin(), transaction.signers.end(),
                                 [&](const Pubkey& signer) { return contains(search.keys, signer); });
  return ours == transaction.signers.end() ? transaction.signers.front() : *ours;
}

std::string name_of(const NamedWords& words, const NamedAuthority& one) {
  return words.sort + " " + to_string(one.account) + " of authority " + named(one.authority);
}

}  // namespace

Task<std::vector<NamedAuthority>> named_authorities(AuthoritySearch search) {
  std::vector<Fact<std::vector<FoundAccount>>> queries;
  for (const Pubkey& key : search.keys) queries.push_back(facts::program_accounts(search.query(key)));
  const std::vector<std::vector<FoundAccount>> answers = co_await each(queries);

  std::vector<NamedAuthority> found;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    for (const FoundAccount& account : answers[i]) {
      if (contains(search.explained, account.address) || !search.matches(account, search.keys[i])) continue;
      found.push_back({account.address, search.keys[i], {}});
    }
  }
  if (!search.asks_who_made) co_return found;
  std::vector<Fact<Signatures>> beginnings;
  for (const NamedAuthority& one : found) beginnings.push_back(beginning_of(one.account));
  const std::vector<Signatures> histories = co_await each(beginnings);
  std::vector<Fact<ExecutedTransaction>> wanted;
  for (const Signatures& history : histories) {
    for (const SignatureSeen& one : history) wanted.push_back(facts::listed_transaction(one.signature));
  }
  const std::vector<ExecutedTransaction> transactions = co_await each(wanted);
  auto next = transactions.begin();
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (std::size_t j = 0; j < histories[i].size(); ++j, ++next) {
      if (!found[i].maker) found[i].maker = maker_in(*next, found[i].account, search);
    }
  }
  co_return found;
}

Finding judge_named(const NamedWords& words, const std::vector<NamedAuthority>& found,
                    const std::vector<Pubkey>& keys) {
  Judgement judgement;
  std::optional<Unobtainable> unknown;
  judgement.note("unexplained " + words.sort + "s", std::to_string(found.size()));
  for (const NamedAuthority& one : found) {
    const std::string name = name_of(words, one);
    judgement.rests_on(beginning_of(one.account).request);
    if (!one.maker) {
      unknown = {"pruned",
                 "who made " + name +
                     " is not known: its making is not among the first transactions that are left of its history; ask "
                     "an endpoint that keeps it, or declare it in `explained`",
                 Retry::other_endpoint};
      continue;
    }
    if (!contains(keys, *one.maker)) {
      judgement.note(name, "made by " + named(*one.maker));
      judgement.caveat(name + " was made by " + named(*one.maker) +
                       ", who is none of the keys; anyone can name any authority");
      continue;
    }
    judgement.expect(false, {name, "explained", "made by " + named(*one.maker)},
                     name + " was made by " + named(*one.maker) + " and is not explained: " + words.danger);
  }
  if (unknown && !judgement.failed()) return inconclusive(*unknown);
  return judgement.conclude(words.passed);
}

Finding judge_unexplained(const NamedWords& words, const std::vector<NamedAuthority>& found) {
  Judgement judgement;
  judgement.note("unexplained " + words.sort + "s", std::to_string(found.size()));
  for (const NamedAuthority& one : found) {
    const std::string name = name_of(words, one);
    judgement.expect(false, {name, "explained", "not explained"}, name + " is not explained: " + words.danger);
  }
  return judgement.conclude(words.passed);
}

}  // namespace readyctl
