#include "solana/vectors.hpp"

#include <fstream>
#include <stdexcept>

namespace readyctl::test {

const Vectors& vectors(const std::string& group) {
  static const Vectors all = [] {
    std::ifstream file(READYCTL_SOURCE_DIR "/tests/solana/vectors.json");
    return Vectors::parse(file);
  }();
  return all.at(group);
}

const Vectors& case_named(const Vectors& cases, const std::string& name) {
  for (const Vectors& one : cases) {
    if (one.value("label", "") == name || one.value("name", "") == name || one.value("step", "") == name) return one;
  }
  FAIL("vectors.json has no case named " << name);
  throw std::logic_error("FAIL returned");
}

}  // namespace readyctl::test
