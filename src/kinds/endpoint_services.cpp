#include "kinds/endpoint_services.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "facts/endpoint_services.hpp"

namespace readyctl {
namespace {

std::vector<std::string> texts_of(const std::vector<TransactionSignature>& signatures) {
  std::vector<std::string> texts;
  for (const TransactionSignature& one : signatures) texts.push_back(one.text);
  return texts;
}

bool asks_for_blocks(const HistoryBounds& bounds) { return bounds.slots || bounds.from; }

void judge_history(const HistoryBounds& bounds, const Probe& probe, const std::optional<Slot>& slot,
                   EndpointJudgement& judgement) {
  const auto oldest = judgement.take(slot_in(probe), probe);
  if (!oldest) return;
  const std::string found = "slot " + to_string(*oldest);
  if (bounds.from) {
    const std::string wanted = "slot " + to_string(*bounds.from) + " or before";
    judgement.expect(*oldest <= *bounds.from, {"oldest block", wanted, found}, probe.request,
                     "its oldest block is of " + found + ", expected " + wanted);
  }
  if (!bounds.slots || !slot) return;  // that it does not say its slot is said already
  const std::uint64_t depth = *slot > *oldest ? slot->value - oldest->value : 0;
  const std::string least = "at least " + counted(*bounds.slots, "slot");
  const std::string seen = counted(depth, "slot") + ", back to " + found;
  judgement.expect(depth >= *bounds.slots, {"history", least, seen}, probe.request,
                   "its history goes back " + seen + ", expected " + least);
}

void judge_transactions(const HistoryBounds& bounds, const Probe& probe, EndpointJudgement& judgement) {
  const auto slots = judgement.take(transaction_slots_in(probe, bounds.transactions.size()), probe);
  if (!slots) return;
  for (std::size_t i = 0; i < slots->size(); ++i) {
    const std::string& signature = bounds.transactions[i].text;
    const std::optional<Slot>& found = (*slots)[i];
    judgement.expect(found.has_value(),
                     {"transaction " + signature, "known", found ? "of slot " + to_string(*found) : "not known"},
                     probe.request, "it does not know the transaction " + signature);
  }
}

void judge_parsed(const Probe& probe, const Pubkey& address, EndpointJudgement& judgement) {
  const auto account = judgement.take(parsed_token_account_in(probe), probe);
  if (!account) return;
  judgement.expect(true,
                   {"token account " + to_string(address) + " as JSON", "served",
                    account->amount + " of mint " + to_string(account->mint) + ", owner " + to_string(account->owner)},
                   probe.request, "");
}

// The root, because it is as settled as the finalized slot. In both directions: a WebSocket of another cluster may well
// be ahead.
void judge_notice(std::uint32_t max_slot_lag, const Probe& probe, const std::optional<Slot>& slot,
                  EndpointJudgement& judgement) {
  const auto notice = judgement.take(slot_notice_in(probe), probe);
  if (!notice || !slot) return;
  const Slot root = notice->root;
  const std::uint64_t apart = std::max(root, *slot).value - std::min(root, *slot).value;
  const std::string most = "at most " + counted(max_slot_lag, "slot");
  const std::string found = "slot " + to_string(notice->slot) + ", root " + to_string(root) + ", " +
                            counted(apart, "slot") + " from slot " + to_string(*slot);
  judgement.expect(apart <= max_slot_lag, {"WebSocket", "root " + most + " from its finalized slot", found},
                   probe.request, "its WebSocket tells of " + found + ", which it answers; " + most + " is allowed");
}

}  // namespace

Result<void> HistoryBounds::validate(const Place& place) const {
  constexpr std::size_t statuses_max = 256;  // of getSignatureStatuses
  if (transactions.size() > statuses_max) {
    return (place / "transactions")
        .malformed("found " + std::to_string(transactions.size()) + ", expected 256 at most");
  }
  const bool asks_nothing = !slots && !from && transactions.empty() && !place.is_before_substitution();
  if (asks_nothing) return (place / "transactions").malformed("nothing is asked for", "name a transaction, or slots");
  return {};
}

std::vector<Fact<Probe>> service_questions(const std::string& endpoint, const ServiceBounds& bounds) {
  std::vector<Fact<Probe>> asked;
  if (asks_for_blocks(bounds.history)) asked.push_back(facts::probe({endpoint, "getFirstAvailableBlock"}));
  if (!bounds.history.transactions.empty()) {
    asked.push_back(facts::probe(transactions_question(endpoint, texts_of(bounds.history.transactions))));
  }
  for (const Pubkey& address : bounds.parsed_token_accounts) {
    asked.push_back(facts::probe(parsed_account_question(endpoint, address)));
  }
  if (bounds.websocket) asked.push_back(facts::probe(slot_notice_question(endpoint)));
  return asked;
}

void judge_services(const ServiceBounds& bounds, const std::vector<Probe>& probes, const std::optional<Slot>& slot,
                    EndpointJudgement& judgement) {
  auto next = probes.begin();
  if (asks_for_blocks(bounds.history)) judge_history(bounds.history, *next++, slot, judgement);
  if (!bounds.history.transactions.empty()) judge_transactions(bounds.history, *next++, judgement);
  for (const Pubkey& address : bounds.parsed_token_accounts) judge_parsed(*next++, address, judgement);
  if (bounds.websocket) judge_notice(bounds.max_slot_lag, *next, slot, judgement);
}

}  // namespace readyctl
