// Dice: chances that follow from a number, the same everywhere. The distributions of <random> are not.
#pragma once

#include <cstdint>
#include <random>

namespace readyctl::test {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  std::uint64_t below(std::uint64_t count) { return engine_() % count; }
  bool percent(unsigned chance) { return below(100) < chance; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace readyctl::test
