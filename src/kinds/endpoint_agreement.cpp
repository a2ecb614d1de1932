#include "kinds/endpoint_agreement.hpp"

#include <algorithm>
#include <map>

#include "base/sha256.hpp"
#include "solana/names.hpp"

namespace readyctl {
namespace {

std::string in_words(const AccountSeen& seen) {
  if (!seen.account) return "no account";
  const Account& account = *seen.account;
  return to_string(account.lamports) + " lamports, owner " + named(account.owner) +
         (account.executable ? ", executable, " : ", ") + std::to_string(account.bytes().size()) +
         " bytes with SHA-256 " + to_string(sha256(account.bytes()));
}

bool are_comparable(Slot a, Slot b, std::uint32_t max_slot_lag) {
  return std::max(a, b).value - std::min(a, b).value <= max_slot_lag;
}

struct ReadOf {
  const EndpointHealth* endpoint;
  const EndpointHealth::Read* read;

  std::string words() const {
    return endpoint->name() + " at slot " + to_string(read->seen.slot) + ": " + in_words(read->seen);
  }
};

// Who says that a blockhash is valid, and who that it is not.
struct Voices {
  std::set<std::string> in_favour;
  std::set<std::string> against;
};

// Endpoints of one provider are one opinion.
std::string voice_of(const EndpointHealth& endpoint) {
  return endpoint.provider() ? "provider " + *endpoint.provider() : "endpoint " + endpoint.name();
}

}  // namespace

std::vector<Confirmation> confirmations_among(const std::vector<EndpointHealth>& endpoints) {
  std::vector<Confirmation> confirmations;
  for (std::size_t of = 0; of < endpoints.size(); ++of) {
    if (!endpoints[of].is_on_right_cluster() || !endpoints[of].blockhash()) continue;
    for (std::size_t judge = 0; judge < endpoints.size(); ++judge) {
      if (judge != of && endpoints[judge].is_near()) confirmations.push_back({of, judge});
    }
  }
  return confirmations;
}

std::vector<Fact<Probe>> questions_for(const std::vector<Confirmation>& confirmations,
                                       const std::vector<EndpointHealth>& endpoints) {
  std::vector<Fact<Probe>> questions;
  for (const Confirmation& one : confirmations) {
    const std::string& hash = endpoints[one.of].blockhash()->hash;
    questions.push_back(facts::probe(blockhash_question(endpoints[one.judge].name(), hash)));
  }
  return questions;
}

std::set<std::string> judge_blockhashes(const std::vector<Confirmation>& confirmations,
                                        const std::vector<Probe>& answers, std::vector<EndpointHealth>& endpoints) {
  std::vector<Voices> voices(endpoints.size());
  std::vector<std::optional<bool>> said_valid(confirmations.size());
  for (std::size_t i = 0; i < confirmations.size(); ++i) {
    const auto& [of, judge] = confirmations[i];
    const auto said = blockhash_validity_in(answers[i]);
    if (!said) endpoints[judge].did_not_say(said.error(), answers[i].request);
    if (!said || (!said->valid && said->slot < endpoints[of].blockhash()->slot)) continue;
    said_valid[i] = said->valid;
    (said->valid ? voices[of].in_favour : voices[of].against).insert(voice_of(endpoints[judge]));
  }
  std::set<std::string> known;
  for (std::size_t i = 0; i < confirmations.size(); ++i) {
    const auto& [of, judge] = confirmations[i];
    if (!said_valid[i]) continue;
    voices[of].in_favour.insert(voice_of(endpoints[of]));
    const bool counts = voices[of].against.size() >= voices[of].in_favour.size();
    endpoints[of].judge_blockhash(endpoints[judge].name(), *said_valid[i], counts, answers[i].request);
    known.insert(endpoints[of].name());
  }
  return known;
}

void judge_reads(const std::vector<EndpointHealth>& endpoints, std::uint32_t max_slot_lag, Judgement& judgement) {
  std::map<Pubkey, std::vector<ReadOf>> answers;
  for (const EndpointHealth& endpoint : endpoints) {
    if (!endpoint.is_on_right_cluster()) continue;
    for (const auto& read : endpoint.reads()) answers[read.address].push_back({&endpoint, &read});
  }
  for (const auto& [address, reads] : answers) {
    for (std::size_t i = 0; i < reads.size(); ++i) {
      const auto differs = [&, one = reads[i]](const ReadOf& before) {
        const AccountSeen& a = before.read->seen;
        const AccountSeen& b = one.read->seen;
        return are_comparable(a.slot, b.slot, max_slot_lag) && in_words(a) != in_words(b);
      };
      const auto end = reads.begin() + static_cast<std::ptrdiff_t>(i);
      const auto other = std::find_if(reads.begin(), end, differs);
      const std::string what = "account " + to_string(address);
      const std::string against = other == end ? "" : other->words();
      judgement.rests_on(reads[i].read->request);
      judgement.expect(other == end,
                       {what + " from " + reads[i].endpoint->name(), against, in_words(reads[i].read->seen)},
                       "endpoints disagree on " + what + ": " + against + "; " + reads[i].words());
    }
  }
}

}  // namespace readyctl
