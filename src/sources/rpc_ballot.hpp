// Ballot: one request that several providers are asked, until enough of them agree.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "facts/quorum.hpp"

namespace readyctl {

/// How often a voter is asked again at most, because another one answered otherwise from a later slot.
inline constexpr unsigned rereads_max = 2;

struct Ballot {
  Request request;
  std::uint64_t turn = 0;                    ///< in which it was opened
  std::vector<Observation> seen = {};        ///< in the order of their coming
  std::vector<Opinion> opinions = {};        ///< of each of them
  std::set<std::size_t> asked = {};          ///< voters
  std::set<std::size_t> under_way = {};      ///< voters whose answer is waited for
  std::map<std::size_t, unsigned> reread{};  ///< by voter: how often it was asked again for its slot
  std::map<std::size_t, bool> late{};  ///< by voter that did not answer in time: whether it may be asked once more
};

}  // namespace readyctl
