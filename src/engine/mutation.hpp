// Mutation: what recorded answers could have been instead. A self-test decides a gate again from answers that differ in
// one thing, to see whether it notices.
//
// Pure and without chance: the same answers give the same mutations in the same order.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/engine.hpp"

namespace readyctl {

/// One change of what was answered. All records of one account change together, as the account would have.
struct Mutation {
  std::string sort;                    ///< its class, such as "byte" or "absent": see docs/selftest.md
  std::string words;                   ///< what is changed, for a person
  std::function<FactStore()> answers;  ///< the answers to put in the place of the recorded ones, by key; made anew
  bool is_whole = false;               ///< of whole answers, and of nothing within one
};

struct Mutations {
  std::vector<Mutation> list;  ///< of small changes first: bytes and values, then whole answers
  std::size_t left_out = 0;    ///< how many more there would be
};

/// What one gate's evidence could have been: changes of the records that `trace` reads, out of `facts`, which must
/// outlive the result. There are fewer where each costs more to decide: `left_out` says how many are not in the list,
/// which are spread evenly over all.
Mutations mutations_of(const Trace& trace, const FactStore& facts);

}  // namespace readyctl
