// Parsers that get fewer bytes than they need. Each is called as its fuzz target calls it, over each of the target's
// seeds. What must not be is a crash.
#include <catch2/catch.hpp>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "fuzz/property.hpp"

#define TARGET(name) FUZZ_TARGET(name);
#include "targets.inc"
#undef TARGET

namespace {

using Bytes = std::vector<std::uint8_t>;
using Parse = int (*)(const std::uint8_t*, std::size_t);

const std::map<std::string, Parse>& parsers() {
  static const std::map<std::string, Parse> all{
#define TARGET(name) {#name, fuzz_##name},
#include "targets.inc"
#undef TARGET
  };
  return all;
}

struct Seed {
  std::string parser;
  std::string file;
  Bytes bytes;
};

std::vector<Seed> seeds() {
  const std::filesystem::path folder = std::filesystem::path(READYCTL_SOURCE_DIR) / "tests/fuzz/seeds";
  std::vector<Seed> all;
  for (const auto& [name, parse] : parsers()) {
    for (const auto& entry : std::filesystem::directory_iterator(folder / name)) {
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      all.push_back({name, name + "/" + entry.path().filename().string(), Bytes(text.begin(), text.end())});
    }
  }
  return all;
}

// Numbers up to `all`: the first ones each, then such as are evenly spread.
std::vector<std::size_t> some_of(std::size_t all, std::size_t first, std::size_t spread) {
  std::vector<std::size_t> numbers;
  for (std::size_t i = 1; i <= std::min(all, first); ++i) numbers.push_back(i);
  if (all <= first) return numbers;
  const std::size_t rest = all - first;
  const std::size_t count = std::min(rest, spread);
  for (std::size_t i = 1; i <= count; ++i) numbers.push_back(first + i * rest / count);
  return numbers;
}

// A copy of exactly these bytes, so that a sanitizer sees what is read beyond them.
int parse(const Seed& seed, std::size_t size) {
  const Bytes part(seed.bytes.begin(), seed.bytes.begin() + static_cast<std::ptrdiff_t>(size));
  return parsers().at(seed.parser)(part.data(), part.size());
}

// Says which input it was when the process ends in the midst of it.
void announce(const std::string& words) {
  static const bool wanted = std::getenv("READYCTL_SAY_INPUT") != nullptr;
  if (wanted) std::cerr << words << "\n";
}

}  // namespace

TEST_CASE("every fuzz target has seeds", "[parsers]") {
  std::map<std::string, std::size_t> count;
  for (const Seed& seed : seeds()) ++count[seed.parser];
  CHECK(parsers().size() >= 50);
  for (const auto& [name, parse] : parsers()) {
    INFO(name);
    CHECK(count[name] > 0);
  }
}

// Every beginning of a seed is a value or an error: the target comes back, and what it requires of a value holds.
TEST_CASE("parsers of input that is cut short", "[parsers]") {
  for (const Seed& seed : seeds()) {
    for (const std::size_t size : some_of(seed.bytes.size(), 400, 100)) {
      announce(seed.file + " cut to " + std::to_string(size));
      CHECK(parse(seed, size - 1) == 0);
    }
  }
}
