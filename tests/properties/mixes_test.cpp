// Whatever goes wrong with a minority of the endpoints, a release gets the verdict that is true of it, or none.
//
// Random mixes of faults and lies, each on another release: 2000 of them where the code is optimised, fewer where a
// sanitizer watches. READYCTL_MIXES=N tries N, READYCTL_MIX=SEED one of them alone.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <set>

#include "facts/quorum.hpp"
#include "properties/mix.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

constexpr std::uint64_t mixes_by_default = READYCTL_MIXES;
constexpr std::uint64_t parts = 4;  // so that they can run at the same time

const std::vector<World>& all_worlds() {
  static const std::vector<World> all = worlds();
  return all;
}

// What each gate says where no endpoint is faulty.
const Run& truth_of(std::size_t world) {
  static std::map<std::size_t, Run> known;
  const auto found = known.find(world);
  if (found != known.end()) return found->second;
  const World& true_one = all_worlds()[world];
  return known.emplace(world, decide_under(true_one, true_one, honest(3))).first->second;
}

Decision decision_of_run(const World& world, const Run& run) {
  return decision_of(votes_of(world.plan.gates, run.findings));
}

bool is_about_endpoints(const PlannedGate& gate) { return gate.definition.kind == "rpc-health"; }

// What is not as it must be; empty when all is.
std::string trouble_in(std::size_t index, const Run& run) {
  const World& world = all_worlds()[index];
  const Run& truth = truth_of(index);
  if (!world.is_healthy() && decision_of_run(world, run) == Decision::go) return "a broken release is GO";
  const Quorum quorum = quorum_in(run.facts);
  for (const auto& [key, answer] : run.facts) {
    if (!is_borne_out(key, answer, quorum)) return "a replay would refuse the record of " + words_for_key(key);
  }
  for (std::size_t i = 0; i < run.findings.size(); ++i) {
    const PlannedGate& gate = world.plan.gates[i];
    const Outcome outcome = run.findings[i].outcome;
    if (outcome == truth.findings[i].outcome || outcome == Outcome::inconclusive) continue;
    if (is_about_endpoints(gate) && outcome == Outcome::fail) continue;  // a faulty endpoint is what it is about
    return gate.id + " is " + std::string(to_string(outcome)) + " and would be " +
           std::string(to_string(truth.findings[i].outcome)) + ": " + run.findings[i].summary;
  }
  return "";
}

// Which world liars tell of: of a broken release most often that it is healthy.
const World& told_in(const Mix& mix) { return all_worlds()[mix.tale % all_worlds().size()]; }

// The mix, on a world: each world is as often used as any other.
void try_mix(std::uint64_t seed) {
  const std::size_t index = seed % all_worlds().size();
  const Mix mix = mix_of(seed);
  INFO("mix " << seed << " on " << all_worlds()[index].name << "\n    " << mix.words()
              << "\n    alone: READYCTL_MIX=" << seed << " test_properties '[mixes]'");
  CHECK(trouble_in(index, decide_under(all_worlds()[index], told_in(mix), mix)) == "");
}

void try_part(std::uint64_t part) {
  if (const char* alone = std::getenv("READYCTL_MIX")) return try_mix(std::stoull(alone));
  const char* wanted = std::getenv("READYCTL_MIXES");
  const std::uint64_t mixes = wanted == nullptr ? mixes_by_default : std::stoull(wanted);
  REQUIRE(mixes >= parts);
  for (std::uint64_t seed = part; seed < mixes; seed += parts) try_mix(seed);
}

}  // namespace

// Without faults each release is what it is called: the gate that owns its difference fails, and of the healthy one
// nothing is undecided.
TEST_CASE("worlds are what they are called", "[worlds]") {
  CHECK(all_worlds().size() >= 25);
  for (std::size_t index = 0; index < all_worlds().size(); ++index) {
    const World& world = all_worlds()[index];
    INFO(world.name << "");
    const Run& truth = truth_of(index);
    CHECK(decision_of_run(world, truth) == (world.is_healthy() ? Decision::go : Decision::no_go));
    std::set<std::string> failed;
    for (std::size_t i = 0; i < truth.findings.size(); ++i) {
      const auto& finding = truth.findings[i];
      INFO(world.plan.gates[i].id << ": " << finding.summary);
      CHECK((finding.outcome != Outcome::inconclusive || !world.is_healthy()));
      if (finding.outcome == Outcome::fail) failed.insert(world.plan.gates[i].definition.kind);
    }
    CHECK(failed.contains(world.owner) == !world.is_healthy());
  }
}

// Each fault alone, in every answer of one endpoint of three, wherever that stands, on the healthy release.
TEST_CASE("one faulty endpoint of three spoils no healthy release", "[faults]") {
  for (unsigned fault = 0; fault < fault_count; ++fault) {
    for (std::size_t which = 0; which < 3; ++which) {
      const Mix mix = one_of_three(static_cast<Fault>(fault), which);
      const Run run = decide_under(all_worlds().front(), all_worlds().back(), mix);
      INFO(mix.words());
      CHECK(trouble_in(0, run) == "");
    }
  }
}

TEST_CASE("random mixes of faults, first part", "[mixes]") { try_part(0); }
TEST_CASE("random mixes of faults, second part", "[mixes]") { try_part(1); }
TEST_CASE("random mixes of faults, third part", "[mixes]") { try_part(2); }
TEST_CASE("random mixes of faults, fourth part", "[mixes]") { try_part(3); }
