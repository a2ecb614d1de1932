#include "kinds/named_authority.hpp"

#include <algorithm>

namespace readyctl {
namespace {

constexpr std::uint32_t signatures_read = 1000;

bool contains(const std::vector<Pubkey>& keys, const Pubkey& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

// A history that fills the whole answer may begin earlier; its end is then not the beginning.
Fact<SignatureSeen> first_signature_of(const Pubkey& address) {
  auto all = facts::signatures_of(address, signatures_read);
  return {all.request, [read = std::move(all.read), address](const Observation& seen) -> Reading<SignatureSeen> {
            auto signatures = read(seen);
            if (!signatures) return tl::unexpected<Refusal>(signatures.error());
            if (!signatures->empty() && signatures->size() < signatures_read) return signatures->back();
            return unobtainable({"pruned",
                                 "who made account " + to_string(address) +
                                     " is not known: its history is empty or too long; ask an endpoint that keeps it",
                                 Retry::other_endpoint});
          }};
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
  std::vector<Fact<SignatureSeen>> beginnings;
  for (const NamedAuthority& one : found) beginnings.push_back(first_signature_of(one.account));
  const std::vector<SignatureSeen> signatures = co_await each(beginnings);
  std::vector<Fact<ExecutedTransaction>> wanted;
  for (const SignatureSeen& one : signatures) wanted.push_back(facts::executed_transaction(one.signature));
  const std::vector<ExecutedTransaction> transactions = co_await each(wanted);
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!transactions[i].signers.empty()) found[i].payer = transactions[i].signers.front();
  }
  co_return found;
}

void judge_named(const std::string& sort, const std::string& danger, const std::vector<NamedAuthority>& found,
                 const std::vector<Pubkey>& keys, Judgement& judgement) {
  judgement.note("unexplained " + sort + "s", std::to_string(found.size()));
  for (const NamedAuthority& one : found) {
    const std::string name = sort + " " + to_string(one.account) + " of authority " + named(one.authority);
    judgement.rests_on(first_signature_of(one.account).request);
    if (!contains(keys, one.payer)) {
      judgement.note(name, "made by " + named(one.payer));
      judgement.caveat(name + " was made by " + named(one.payer) +
                       ", who is none of the keys; anyone can name any authority");
      continue;
    }
    judgement.expect(false, {name, "explained", "made by " + named(one.payer)},
                     name + " was made by " + named(one.payer) + " and is not explained: " + danger);
  }
}

}  // namespace readyctl
