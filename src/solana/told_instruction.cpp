#include "solana/told_instruction.hpp"

#include "base/hex.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "solana/names.hpp"

namespace readyctl {
namespace {

constexpr std::size_t data_bytes_shown = 64;

}  // namespace

std::string ToldInstruction::words(std::size_t position) const {
  if (position >= accounts.size()) return "an account that is missing";
  const auto found = unknown.find(position);
  return found == unknown.end() ? named(accounts[position].key) : found->second;
}

std::string data_words(ByteView data) {
  if (data.empty()) return "no data";
  if (data.size() <= data_bytes_shown) return "data " + to_hex(data);
  return counted(data.size(), "byte") + " of data with SHA-256 " + to_string(sha256(data));
}

std::string plain_words(const ToldInstruction& instruction) {
  return "call program " + named(instruction.program) + " with " + counted(instruction.accounts.size(), "account") +
         " and " + data_words(instruction.data);
}

}  // namespace readyctl
