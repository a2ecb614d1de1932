// Quorum: when what several providers say is one answer. Pure, so that a replay counts the votes again.
//
// A fact of the chain is read from several providers; each is one voter, however many endpoints it has. What the last
// answer of a voter says is its vote. Two votes agree when they say the same of slots that can be compared. An answer
// with which enough votes agree decides; whoever says otherwise is kept and named.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/sha256.hpp"
#include "facts/record.hpp"
#include "facts/request.hpp"
#include "solana/sysvars.hpp"

namespace readyctl {

/// How far apart the slots of two answers may lie that are compared: about a minute, as for the facts of one run.
inline constexpr std::uint64_t slots_apart_max = 150;

/// How many voters must say the same, and who is one.
struct Quorum {
  std::size_t needed = 1;
  std::vector<std::vector<std::string>> voters;  ///< endpoints by name, those of one provider together

  std::optional<std::size_t> voter_of(const std::string& endpoint) const;
};

/// The quorum as the record of the endpoints has it: {"needed": 2, "voters": [["main"], ["backup", "spare"]]}.
Json json_of(const Quorum& quorum);

/// The quorum of a run, from its record of the endpoints. One voter decides where that says nothing of it.
Quorum quorum_in(const FactStore& facts);

/// The same, from the payload of that record.
Quorum quorum_in(const Json& endpoints);

/// As what the answers to a request are compared.
enum class ComparedAs {
  nothing,  ///< they are not: the answer is not of the chain, or differs from node to node by nature
  bytes,
  clock  ///< which goes on from slot to slot
};

/// For the request with this key.
ComparedAs compared_as(const std::string& key);

/// What an answer says that is compared: SHA-256 of a line of JSON and of the account's data. The line is the head
/// without what may differ between equal answers, followed by a line feed: the encoding of an account, the context of
/// a result, the blockhash that a simulation was given.
Sha256 digest_of_value(const Payload& payload);

/// One observation, as far as votes are counted.
struct Opinion {
  std::string from;
  std::optional<Slot> slot;
  std::optional<Sha256> value;  ///< none: there was no answer
  std::optional<Clock> clock;   ///< of an answer that is compared as one
};

Opinion opinion_of(ComparedAs how, const Observation& seen);

/// What opinions in the order of their coming add up to. Indexes into them.
struct Tally {
  /// Enough votes agree with it, and not enough with anything else. Of several that say the same, the one with the
  /// lowest slot, because all of them have reached it.
  std::optional<std::size_t> deciding;
  std::size_t agreeing = 0;            ///< the votes that agree with it, or else the most that agree with any
  std::vector<std::size_t> otherwise;  ///< the votes that contradict it
  /// Votes that one from a later slot contradicts, with that slot: the account may have changed in between. Without
  /// those of voters who did not answer when they were asked again.
  std::map<std::size_t, std::optional<Slot>> older;
};

Tally tally_of(const std::vector<Opinion>& opinions, const Quorum& quorum);

/// The answer that these observations, in the order of their coming, add up to. Agreeing ones are kept by their digest.
/// Without a quorum it ends in why not, at `at`: cause `contradiction` when voters contradict each other, else that of
/// the last failure.
Answer concluded(const std::string& key, std::vector<Observation> observations, const Quorum& quorum, Time at);

/// The endpoints that contradict what was decided, in order.
std::vector<std::string> contradicted_by(const std::string& key, const Answer& answer, const Quorum& quorum);

/// Whether the answer with this key is the one that its observations add up to.
bool is_borne_out(const std::string& key, const Answer& answer, const Quorum& quorum);

/// What the request with this key asks, for a person: "account 9xQ…".
std::string words_for_key(const std::string& key);

}  // namespace readyctl
