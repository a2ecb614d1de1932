// Mix: some endpoints over one world, of which a minority is faulty, each in its own way. Everything follows from a
// number, so that what failed once can be run again alone.
#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "properties/world.hpp"
#include "sources/live_rpc.hpp"

namespace readyctl::test {

/// What is wrong with an answer.
enum class Fault {
  hang,
  reset,
  html,
  server_error,
  too_many,
  too_many_for_a_while,
  forbidden,
  redirect,
  empty,
  half,
  trailing,
  both_result_and_error,
  result_twice,
  other_id,
  node_behind,
  pruned,
  method_missing,
  refused_parameters,
  null_result,
  no_context,
  other_type,
  huge_number,
  bad_base64,
  wrong_length,
  short_list,
  lagging,
  slot_of_the_future,
  other_cluster,
};
inline constexpr unsigned fault_count = static_cast<unsigned>(Fault::other_cluster) + 1;

std::string_view to_string(Fault fault);

/// What is wrong with an endpoint, and with how many of a hundred answers.
struct Faulty {
  std::vector<Fault> faults;
  unsigned percent = 0;
};

struct Mix {
  std::uint64_t seed = 0;
  std::vector<Faulty> endpoints;  ///< no faults: it answers as the world is

  std::string words() const;
};

/// A random mix on three to five endpoints, fewer than half of which have faults, at least one.
Mix mix_of(std::uint64_t seed);

/// The same faults on one endpoint of three.
Mix one_of_three(const Faulty& faulty, std::size_t which);

/// What the gates of the world say when they ask these endpoints.
Run decide_under(const World& world, const Mix& mix);

}  // namespace readyctl::test
