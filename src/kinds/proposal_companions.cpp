#include "kinds/proposal_companions.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "solana/anchor.hpp"
#include "solana/derive.hpp"
#include "solana/names.hpp"
#include "solana/reader.hpp"

namespace readyctl {
namespace {

using Objection = std::optional<std::string>;

// Program Metadata: the first byte of an instruction. Others move or remove what was written.
constexpr std::uint8_t metadata_initialize = 1;
constexpr std::uint8_t metadata_set_data = 3;

// Anchor before 1.0: every IDL instruction of a program begins with this, then a tag: 2 writes, 3 takes over a buffer.
constexpr std::array<std::uint8_t, 8> anchor_idl_marker = {0x40, 0xf4, 0xbc, 0x78, 0xa7, 0xe9, 0x69, 0x0a};
constexpr std::uint8_t anchor_idl_write = 2;
constexpr std::uint8_t anchor_idl_set_buffer = 3;

template <std::size_t size>
bool begins_with(const Bytes& data, const std::array<std::uint8_t, size>& bytes) {
  return data.size() >= size && std::equal(bytes.begin(), bytes.end(), data.begin());
}

Objection calls_another(const Instruction& instruction) { return "it calls program " + named(instruction.program); }

std::string read_string(Reader& reader, std::string_view field) {
  const Bytes bytes = reader.byte_vec(field);
  return {bytes.begin(), bytes.end()};
}

Objection judge_text(const std::string& what, const std::string& found, const std::optional<std::string>& expected) {
  if (!expected || found == *expected) return std::nullopt;
  return what + " is " + printable(found) + ", expected " + printable(*expected);
}

// initialize, update: eight bytes, then version, git_url, commit as strings, a list of strings, the slot.
Objection judge(const Instruction& instruction, const VerificationRecord& expected, const UpgradeParties& parties) {
  if (instruction.program != known::otter_verify) return calls_another(instruction);
  const bool writes = begins_with(instruction.data, anchor_instruction_discriminator("initialize")) ||
                      begins_with(instruction.data, anchor_instruction_discriminator("update"));
  if (!writes) return "it writes no verification record";
  const auto record =
      find_program_address({bytes_of("otter_verify"), parties.vault.bytes, parties.program.bytes}, known::otter_verify);
  if (!record || instruction.account(0) != record->address) {
    return "the record that it writes is not that of the vault for this program";
  }
  Reader reader("verification record", ByteView(instruction.data).subspan(8));
  read_string(reader, "version");
  const std::string repository = read_string(reader, "repository");
  const std::string commit = read_string(reader, "commit");
  if (const auto read = reader.finish(true); !read) return read.error().what;
  if (const auto other = judge_text("its repository", repository, expected.repository)) return other;
  return judge_text("its commit", commit, expected.commit);
}

Bytes padded_idl_seed() {
  Bytes seed{'i', 'd', 'l'};
  seed.resize(16);
  return seed;
}

Objection judge_metadata_write(const Instruction& instruction, const UpgradeParties& parties) {
  const std::uint8_t tag = instruction.data.empty() ? 0 : instruction.data.front();
  if (tag != metadata_initialize && tag != metadata_set_data) return "it does something else to metadata than write it";
  const Bytes seed = padded_idl_seed();
  const auto canonical = find_program_address({parties.program.bytes, seed}, known::program_metadata);
  if (canonical && instruction.account(0) == canonical->address) return std::nullopt;
  return "what it writes is not the canonical IDL account of this program";
}

Objection judge(const Instruction& instruction, const IdlWrite&, const UpgradeParties& parties) {
  if (instruction.program == known::program_metadata) return judge_metadata_write(instruction, parties);
  if (instruction.program != parties.program) return calls_another(instruction);
  const bool is_idl =
      begins_with(instruction.data, anchor_idl_marker) && instruction.data.size() > anchor_idl_marker.size();
  const std::uint8_t tag = is_idl ? instruction.data[anchor_idl_marker.size()] : 0;
  const bool writes = tag == anchor_idl_write || tag == anchor_idl_set_buffer;
  return writes ? std::nullopt : Objection("it calls this program for something else than writing its IDL");
}

Objection judge(const Instruction& instruction, const PriorityFee& expected, const UpgradeParties&) {
  if (instruction.program != known::compute_budget) return calls_another(instruction);
  Reader reader("compute budget instruction", instruction.data);
  if (reader.u8("tag") != 3 || !expected.max_price) return std::nullopt;
  const std::uint64_t price = reader.u64("price");
  if (reader.ok() && price <= expected.max_price->value) return std::nullopt;
  return "it pays " + std::to_string(price) + " micro-lamports a compute unit, expected at most " +
         std::to_string(expected.max_price->value);
}

Objection judge(const Instruction& instruction, const Memo& expected, const UpgradeParties&) {
  const bool is_memo = instruction.program == known::memo || instruction.program == known::memo_v1;
  if (!is_memo) return calls_another(instruction);
  return judge_text("its text", std::string(text_of(instruction.data)), expected.text);
}

Objection judge(const Instruction& instruction, const RentTransfer& expected, const UpgradeParties& parties) {
  if (instruction.program != known::system_program) return calls_another(instruction);
  Reader reader("System instruction", instruction.data);
  const bool is_transfer = reader.u32("tag") == 2;
  const Lamports lamports{reader.u64("lamports")};
  if (!reader.ok() || !is_transfer) return "it is no transfer";
  if (instruction.account(0) != parties.vault) return "it takes lamports of " + named(instruction.account(0));
  if (instruction.account(1) != expected.to) {
    return "it pays " + named(instruction.account(1)) + ", expected " + named(expected.to);
  }
  if (lamports <= expected.max_lamports) return std::nullopt;
  return "it pays " + to_string(lamports) + " lamports, expected at most " + to_string(expected.max_lamports);
}

}  // namespace

std::string words_for(const Companion& companion) {
  if (companion.verification) return "a verification record";
  if (companion.idl) return "a write of the IDL";
  if (companion.priority_fee) return "a compute budget";
  return companion.memo ? "a memo" : "a transfer for rent";
}

std::optional<std::string> objection_to(const Instruction& instruction, const Companion& companion,
                                        const UpgradeParties& parties) {
  if (companion.verification) return judge(instruction, *companion.verification, parties);
  if (companion.idl) return judge(instruction, *companion.idl, parties);
  if (companion.priority_fee) return judge(instruction, *companion.priority_fee, parties);
  if (companion.memo) return judge(instruction, *companion.memo, parties);
  return judge(instruction, companion.rent_transfer.value(), parties);
}

}  // namespace readyctl
