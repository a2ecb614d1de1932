// The program of a room's fuzz targets. FUZZ_TARGET, in the environment, names the one to run.
#include <map>

#include "fuzz/property.hpp"

#define TARGET(name) FUZZ_TARGET(name);
#include "targets.inc"
#undef TARGET

namespace {

using Target = int (*)(const std::uint8_t*, std::size_t);

const std::map<std::string_view, Target> targets{
#define TARGET(name) {#name, fuzz_##name},
#include "targets.inc"
#undef TARGET
};

Target chosen = nullptr;

}  // namespace

// libFuzzer calls these two by their names.
extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  const char* name = std::getenv("FUZZ_TARGET");
  const auto found = targets.find(name == nullptr ? "" : name);
  if (found != targets.end()) {
    chosen = found->second;
    return 0;
  }
  std::fprintf(stderr, "FUZZ_TARGET must name one of:\n");
  for (const auto& [each, target] : targets)
    std::fprintf(stderr, "  %.*s\n", static_cast<int>(each.size()), each.data());
  std::exit(64);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) { return chosen(data, size); }
