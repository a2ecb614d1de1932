#include "facts/quorum.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "base/hex.hpp"
#include "base/text.hpp"
#include "facts/accounts.hpp"
#include "facts/json_member.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

// One answer is as good as another where nodes do not say the same by nature, and nothing is decided by the word of
// one alone.
constexpr std::array<std::string_view, 2> methods_without_vote{
    "getLatestBlockhash",  // each node has its own newest one; a report quotes it only to show that it is not older
    "getGenesisHash",      // every endpoint is held to the release's before anything that it says counts
};

// Two clocks of slots that can be compared show times as far apart at most, in seconds: slots take some 400 ms, and
// validators vote the time.
constexpr std::int64_t clocks_apart_max = 120;

bool are_comparable(const Opinion& a, const Opinion& b) {
  if (!a.slot || !b.slot) return true;
  const auto [low, high] = std::minmax(a.slot->value, b.slot->value);
  return high - low <= slots_apart_max;
}

// What goes on from slot to slot is near, and what holds for a whole epoch is the same. Of two that lie on both sides
// of an epoch's end the older is read again.
bool show_the_same_time(const Clock& a, const Clock& b) {
  const auto [early, late] = std::minmax(a.unix_timestamp, b.unix_timestamp);
  const auto [low, high] = std::minmax(a.slot.value, b.slot.value);
  // The least and the greatest timestamp are further apart than 64 bits tell.
  return static_cast<std::uint64_t>(late) - static_cast<std::uint64_t>(early) <= clocks_apart_max &&
         high - low <= slots_apart_max && a.epoch == b.epoch && a.epoch_start_timestamp == b.epoch_start_timestamp;
}

bool say_the_same(const Opinion& a, const Opinion& b) {
  return a.value == b.value || (a.clock && b.clock && show_the_same_time(*a.clock, *b.clock));
}

bool agree(const Opinion& a, const Opinion& b) { return are_comparable(a, b) && say_the_same(a, b); }

// The last answer of each voter.
std::vector<std::size_t> votes_among(const std::vector<Opinion>& opinions, const Quorum& quorum) {
  std::map<std::size_t, std::size_t> last;
  for (std::size_t i = 0; i < opinions.size(); ++i) {
    const auto voter = quorum.voter_of(opinions[i].from);
    if (voter && opinions[i].value) last[*voter] = i;
  }
  std::vector<std::size_t> votes;
  for (const auto& [voter, vote] : last) votes.push_back(vote);
  std::sort(votes.begin(), votes.end());
  return votes;
}

// Whether the voter was asked again after this vote, and did not answer.
bool was_heard_no_more(std::size_t vote, const std::vector<Opinion>& opinions, const Quorum& quorum) {
  const auto voter = quorum.voter_of(opinions[vote].from);
  return std::any_of(opinions.begin() + static_cast<std::ptrdiff_t>(vote), opinions.end(),
                     [&](const Opinion& later) { return !later.value && quorum.voter_of(later.from) == voter; });
}

// Whether a vote is of a slot before the one that was decided on, and its voter could not be heard again.
bool is_stale(std::size_t vote, const std::vector<Opinion>& opinions, const Opinion& decided, const Quorum& quorum) {
  const Opinion& opinion = opinions[vote];
  if (!opinion.slot || !decided.slot || *opinion.slot >= *decided.slot) return false;
  return !are_comparable(opinion, decided) || was_heard_no_more(vote, opinions, quorum);
}

// The latest comparable slot from which a vote is contradicted. Answers without a slot are compared by their coming.
std::optional<std::optional<Slot>> contradicted_from(std::size_t vote, const std::vector<std::size_t>& votes,
                                                     const std::vector<Opinion>& opinions) {
  const Opinion& own = opinions[vote];
  std::optional<std::optional<Slot>> latest;
  for (const std::size_t other : votes) {
    const Opinion& one = opinions[other];
    if (!are_comparable(own, one) || say_the_same(own, one)) continue;
    const bool is_later = own.slot && one.slot ? *one.slot > *own.slot : other > vote;
    if (is_later) latest = latest ? std::max(*latest, one.slot) : one.slot;
  }
  return latest;
}

std::string words_for(const Quorum& quorum) {
  return std::to_string(quorum.needed) + " of " + counted(quorum.voters.size(), "provider") + " must agree";
}

std::string words_for(const Observation& seen, const Opinion& opinion) {
  const std::string at = seen.slot ? " at slot " + to_string(*seen.slot) : "";
  const Json& head = seen.outcome->head;
  if (head == no_account_payload().head) return seen.from + ": there is none" + at;
  const std::string digest = " SHA-256 " + to_string(*opinion.value).substr(0, 16) + "…";
  const Json& space = member(head, "space");
  const Json& owner = member(head, "owner");
  const Json& lamports = member(head, "lamports");
  if (!space.is_number_unsigned() || !owner.is_string() || !lamports.is_string()) {
    return seen.from + ": an answer with" + digest + at;
  }
  return seen.from + ": " + counted(space.get<std::uint64_t>(), "byte") + " of " + owner.get<std::string>() + " with " +
         lamports.get<std::string>() + " lamports," + digest + at;
}

Unobtainable contradiction(const std::string& key, const std::vector<Observation>& observations,
                           const std::vector<Opinion>& opinions, const std::vector<std::size_t>& votes,
                           const Quorum& quorum) {
  std::vector<std::string> said;
  for (const std::size_t vote : votes) said.push_back(words_for(observations[vote], opinions[vote]));
  return {"contradiction",
          "the endpoints contradict each other about " + words_for_key(key) + ", and " + words_for(quorum) + "; " +
              join(said, "; "),
          Retry::other_endpoint};
}

Unobtainable too_few(const std::string& key, const std::vector<Observation>& observations,
                     const std::vector<std::size_t>& votes, const Quorum& quorum) {
  Unobtainable why{"behind", "", Retry::other_endpoint};  // when all have answered, they did from slots too far apart
  std::vector<std::string> said;
  for (const std::size_t vote : votes) {
    const auto& slot = observations[vote].slot;
    said.push_back(observations[vote].from + " answered" + (slot ? " from slot " + to_string(*slot) : ""));
  }
  for (const Observation& seen : observations) {
    if (seen.outcome) continue;
    const std::string words = seen.from + ": " + seen.outcome.error().what;
    if (std::find(said.begin(), said.end(), words) == said.end()) said.push_back(words);
    why.cause = seen.outcome.error().cause;
    why.retry = seen.outcome.error().retry;
  }
  why.what = words_for_key(key) + " could not be read from enough providers, and " + words_for(quorum) + "; " +
             join(said, "; ");
  return why;
}

Unobtainable why_undecided(const std::string& key, const std::vector<Observation>& observations,
                           const std::vector<Opinion>& opinions, const Quorum& quorum) {
  const std::vector<std::size_t> votes = votes_among(opinions, quorum);
  for (const std::size_t a : votes) {
    for (const std::size_t b : votes) {
      if (!say_the_same(opinions[a], opinions[b])) {
        return contradiction(key, observations, opinions, votes, quorum);
      }
    }
  }
  return too_few(key, observations, votes, quorum);
}

std::vector<Opinion> opinions_of(ComparedAs how, const std::vector<Observation>& observations) {
  std::vector<Opinion> opinions;
  for (const Observation& seen : observations) opinions.push_back(opinion_of(how, seen));
  return opinions;
}

// Those of an answer, agreeing ones last but for the one that decides.
std::vector<Opinion> opinions_of(ComparedAs how, const Answer& answer) {
  std::vector<Opinion> opinions = opinions_of(how, answer.observations);
  Opinion deciding = std::move(opinions.back());
  opinions.pop_back();
  for (const Agreement& one : answer.agreeing) opinions.push_back({one.from, one.slot, one.value, deciding.clock});
  opinions.push_back(std::move(deciding));
  return opinions;
}

bool is_no_quorum(const std::string& key, const Answer& answer, ComparedAs how, const Quorum& quorum) {
  const Unobtainable& why = answer.deciding().outcome.error();
  if (why.cause == "moved") return true;  // found by comparing it with another record of the run
  const std::vector<Observation> before(answer.observations.begin(), answer.observations.end() - 1);
  const std::vector<Opinion> opinions = opinions_of(how, before);
  if (!answer.agreeing.empty() || tally_of(opinions, quorum).deciding) return false;
  const Unobtainable again = why_undecided(key, before, opinions, quorum);
  return again.cause == why.cause && again.retry == why.retry;
}

bool is_shaped_as_quorum(const Json& json) {
  const Json& voters = member(json, "voters");
  if (!member(json, "needed").is_number_unsigned() || !voters.is_array()) return false;
  return std::all_of(voters.begin(), voters.end(), [](const Json& names) {
    return names.is_array() &&
           std::all_of(names.begin(), names.end(), [](const Json& name) { return name.is_string(); });
  });
}

}  // namespace

std::optional<std::size_t> Quorum::voter_of(const std::string& endpoint) const {
  for (std::size_t i = 0; i < voters.size(); ++i) {
    if (std::find(voters[i].begin(), voters[i].end(), endpoint) != voters[i].end()) return i;
  }
  return std::nullopt;
}

Json json_of(const Quorum& quorum) { return {{"needed", quorum.needed}, {"voters", quorum.voters}}; }

Quorum quorum_in(const FactStore& facts) {
  const auto found = facts.find(key_of(EndpointsRequest{}));
  if (found == facts.end() || !found->second.deciding().outcome) return {};
  return quorum_in(found->second.deciding().outcome->head);
}

Quorum quorum_in(const Json& endpoints) {
  const Json& json = member(endpoints, "quorum");
  if (!is_shaped_as_quorum(json)) return {};
  return {std::max<std::size_t>(json["needed"].get<std::size_t>(), 1),
          json["voters"].get<std::vector<std::vector<std::string>>>()};
}

ComparedAs compared_as(const std::string& key) {
  const auto json = parse_json(key, "key");
  if (!json) return ComparedAs::nothing;
  const Json& account = member(*json, "account");
  if (account.is_string()) return account == to_string(known::clock) ? ComparedAs::clock : ComparedAs::bytes;
  const Json& method = member(*json, "rpc");
  if (!method.is_string()) return ComparedAs::nothing;
  const bool has_none = std::find(methods_without_vote.begin(), methods_without_vote.end(),
                                  method.get_ref<const std::string&>()) != methods_without_vote.end();
  return has_none ? ComparedAs::nothing : ComparedAs::bytes;
}

Sha256 digest_of_value(const Payload& payload) {
  Json compared = payload.head;
  if (compared.is_object()) compared.erase("encoding");
  if (member(member(compared, "result"), "context").is_object()) {
    Json& result = compared["result"];
    result.erase("context");
    if (member(result, "value").is_object()) result["value"].erase("replacementBlockhash");
  }
  Sha256Hasher hasher;
  const std::string line = exact_json(compared) + "\n";
  hasher.update(bytes_of(line));
  if (payload.data) hasher.update(*payload.data);
  return hasher.finish();
}

Opinion opinion_of(ComparedAs how, const Observation& seen) {
  Opinion opinion{seen.from, seen.slot, std::nullopt, std::nullopt};
  if (!seen.outcome) return opinion;
  opinion.value = digest_of_value(*seen.outcome);
  if (how != ComparedAs::clock || !seen.outcome->data) return opinion;
  if (member(seen.outcome->head, "owner") != to_string(known::sysvar_owner)) return opinion;
  if (const auto clock = decode_clock(*seen.outcome->data)) opinion.clock = *clock;
  return opinion;
}

// Which of two that are enough decides: the same one in whatever order they came, or are recorded.
bool is_before(const Opinion& a, const Opinion& b) { return std::tie(a.slot, a.value) < std::tie(b.slot, b.value); }

Tally tally_of(const std::vector<Opinion>& opinions, const Quorum& quorum) {
  const std::vector<std::size_t> votes = votes_among(opinions, quorum);
  Tally tally;
  std::vector<std::size_t> enough;
  for (const std::size_t candidate : votes) {
    const auto agreeing = static_cast<std::size_t>(std::count_if(
        votes.begin(), votes.end(), [&](std::size_t vote) { return agree(opinions[vote], opinions[candidate]); }));
    const bool is_enough = agreeing >= quorum.needed;
    if (is_enough) enough.push_back(candidate);
    const bool is_first = is_enough && (!tally.deciding || is_before(opinions[candidate], opinions[*tally.deciding]));
    if (is_first) tally.deciding = candidate;
    if (is_first || (!tally.deciding && agreeing > tally.agreeing)) tally.agreeing = agreeing;
  }
  const bool is_split = std::any_of(enough.begin(), enough.end(), [&](std::size_t candidate) {
    return !say_the_same(opinions[candidate], opinions[*tally.deciding]);
  });
  if (is_split) tally.deciding.reset();
  if (tally.deciding) {
    const Opinion& decided = opinions[*tally.deciding];
    for (const std::size_t vote : votes) {
      if (say_the_same(opinions[vote], decided) || is_stale(vote, opinions, decided, quorum)) continue;
      tally.otherwise.push_back(vote);
    }
    return tally;
  }
  for (const std::size_t vote : votes) {
    const auto from = contradicted_from(vote, votes, opinions);
    if (from && !was_heard_no_more(vote, opinions, quorum)) tally.older.emplace(vote, *from);
  }
  return tally;
}

Answer concluded(const std::string& key, std::vector<Observation> observations, const Quorum& quorum, Time at) {
  const std::vector<Opinion> opinions = opinions_of(compared_as(key), observations);
  const Tally tally = tally_of(opinions, quorum);
  if (!tally.deciding) {
    Unobtainable why = why_undecided(key, observations, opinions, quorum);
    observations.push_back({"local", std::nullopt, at, std::chrono::milliseconds(0), tl::unexpected(std::move(why))});
    return {std::move(observations)};
  }
  const std::vector<std::size_t> votes = votes_among(opinions, quorum);
  Answer answer;
  for (std::size_t i = 0; i < observations.size(); ++i) {
    if (i == *tally.deciding) continue;
    Observation& seen = observations[i];
    const bool is_vote = std::binary_search(votes.begin(), votes.end(), i);
    if (is_vote && opinions[i].value == opinions[*tally.deciding].value) {
      answer.agreeing.push_back({std::move(seen.from), seen.slot, seen.at, seen.elapsed, *opinions[i].value});
    } else {
      answer.observations.push_back(std::move(seen));
    }
  }
  answer.observations.push_back(std::move(observations[*tally.deciding]));
  return answer;
}

std::vector<std::string> contradicted_by(const std::string& key, const Answer& answer, const Quorum& quorum) {
  const bool is_settled = quorum.needed > 1 && answer.observations.size() > 1 && answer.deciding().outcome;
  const ComparedAs how = is_settled ? compared_as(key) : ComparedAs::nothing;
  if (how == ComparedAs::nothing) return {};
  const std::vector<Opinion> opinions = opinions_of(how, answer);
  std::set<std::string> names;
  for (const std::size_t vote : tally_of(opinions, quorum).otherwise) names.insert(opinions[vote].from);
  return {names.begin(), names.end()};
}

bool is_borne_out(const std::string& key, const Answer& answer, const Quorum& quorum) {
  if (quorum.needed <= 1) return answer.agreeing.empty();
  const ComparedAs how = compared_as(key);
  if (how == ComparedAs::nothing) return answer.agreeing.empty();
  if (!answer.deciding().outcome) return is_no_quorum(key, answer, how, quorum);
  const std::vector<Opinion> opinions = opinions_of(how, answer);
  const bool is_one_value = std::all_of(answer.agreeing.begin(), answer.agreeing.end(),
                                        [&](const Agreement& one) { return one.value == opinions.back().value; });
  const auto deciding = tally_of(opinions, quorum).deciding;
  return is_one_value && deciding && opinions[*deciding].value == opinions.back().value &&
         opinions[*deciding].slot == opinions.back().slot;
}

std::string words_for_key(const std::string& key) {
  const auto json = parse_json(key, "key");
  if (!json) return key;
  for (const char* asks : {"account", "rpc"}) {
    const Json& name = member(*json, asks);
    if (name.is_string()) return (asks == std::string_view("account") ? "account " : "") + name.get<std::string>();
  }
  return key;
}

}  // namespace readyctl
