#include "solana/call_rules.hpp"

#include <algorithm>
#include <array>

#include "solana/well_known.hpp"

namespace readyctl {
namespace {

constexpr std::array never_called = {known::native_loader,   known::loader_v1,         known::loader_v2,
                                     known::ed25519_program, known::secp256k1_program, known::secp256r1_program};
// Upgrade, SetAuthority, Close, SetAuthorityChecked: the runtime looks at the first byte alone.
constexpr std::array<std::uint8_t, 4> callable_of_loader = {3, 4, 5, 7};

}  // namespace

bool may_be_called(const Instruction& instruction) {
  const auto is_one_of = [](const auto& list, const auto& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
  };
  if (instruction.program != known::loader_v3) return !is_one_of(never_called, instruction.program);
  return !instruction.data.empty() && is_one_of(callable_of_loader, instruction.data.front());
}

}  // namespace readyctl
