// What the clients of a release need of an endpoint beside fresh blocks: history, and accounts as JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/fields.hpp"
#include "facts/field_types.hpp"
#include "kinds/endpoint_judgement.hpp"
#include "kinds/transaction_signature.hpp"

namespace readyctl {

/// How far back an endpoint must remember.
struct HistoryBounds {
  std::optional<std::uint32_t> slots;
  std::optional<Slot> from;
  std::vector<TransactionSignature> transactions;

  static constexpr Choice choice = Choice::at_least_one;
  static constexpr auto fields() {
    using Bounds = HistoryBounds;
    return std::tuple{
        optional("slots", &Bounds::slots, "how many slots before its newest one its blocks must begin"),
        optional("from", &Bounds::from, "the slot at which or before which its blocks must begin"),
        optional("transactions", &Bounds::transactions, "executed transactions that each must know, 256 at most"),
    };
  }
  Result<void> validate(const Place& place) const;
};

struct ServiceBounds {
  HistoryBounds history;
  std::vector<Pubkey> parsed_token_accounts;  ///< it must serve as JSON
  bool websocket = false;                     ///< it must tell of new slots
  std::uint32_t max_slot_lag = 0;             ///< between what it tells and what it answers
};

std::vector<Fact<Probe>> service_questions(const std::string& endpoint, const ServiceBounds& bounds);

/// Judges the answers to service_questions, in its order. `slot`: the newest finalized one of the endpoint, if it says.
void judge_services(const ServiceBounds& bounds, const std::vector<Probe>& probes, const std::optional<Slot>& slot,
                    EndpointJudgement& judgement);

}  // namespace readyctl
