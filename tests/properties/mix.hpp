// Mix: some endpoints over one world, of which a minority is faulty, each in its own way. Everything follows from a
// number, so that what failed once can be run again alone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "properties/fault.hpp"
#include "properties/world.hpp"

namespace readyctl::test {

/// An endpoint, what is wrong with it, and with how many of a hundred of its answers.
struct MixedEndpoint {
  std::size_t provider = 0;
  std::vector<Fault> faults;  ///< none: it answers as the world is
  unsigned percent = 0;
};

struct Mix {
  std::uint64_t seed = 0;
  std::vector<MixedEndpoint> endpoints;
  std::uint64_t tale = 0;  ///< which other world endpoints tell of that lie about the whole release

  std::string words() const;
};

/// A random mix of three to five providers, some with two endpoints. Endpoints of fewer than half of the providers have
/// faults, those of at least one.
Mix mix_of(std::uint64_t seed);

/// So many endpoints without faults, each of its own provider.
Mix honest(std::size_t count);

/// A fault in every answer of one endpoint of three.
Mix one_of_three(Fault fault, std::size_t which);

/// What the gates of the world say when they ask these endpoints, as many providers agreeing as a run asks for. `told`
/// is the world of which those tell that lie about the whole release.
Run decide_under(const World& world, const World& told, const Mix& mix);

}  // namespace readyctl::test
