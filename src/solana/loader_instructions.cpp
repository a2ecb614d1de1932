#include "solana/loader_instructions.hpp"

#include <array>
#include <string>

#include "solana/derive.hpp"
#include "solana/little_endian.hpp"
#include "solana/reader.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

//    0  u32  tag
//    4  Write: u32 offset, u64 length, bytes     Deploy: u64 room, [u8]     Upgrade, Close: [u8]     Extend: u32 bytes
constexpr std::array<std::string_view, 10> names = {
    "InitializeBuffer",    "Write",   "DeployWithMaxDataLen", "Upgrade", "SetAuthority", "Close", "ExtendProgram",
    "SetAuthorityChecked", "Migrate", "ExtendProgramChecked"};
static_assert(static_cast<std::size_t>(LoaderAction::extend_checked) + 1 == names.size());

bool takes_option(LoaderAction action) {
  return action == LoaderAction::deploy || action == LoaderAction::upgrade || action == LoaderAction::close;
}

void read_fields(Reader& reader, LoaderInstruction& instruction) {
  switch (instruction.action) {
    case LoaderAction::write: {
      instruction.offset = reader.u32("offset");
      const std::uint64_t length = reader.u64("length");
      if (length > reader.rest().size()) return reader.fail("a write of more bytes than the instruction holds");
      instruction.bytes = reader.bytes("bytes", static_cast<std::size_t>(length));
      return;
    }
    case LoaderAction::deploy:
      instruction.max_data_len = reader.u64("room for code");
      return;
    case LoaderAction::extend:
    case LoaderAction::extend_checked:
      instruction.additional_bytes = reader.u32("additional bytes");
      return;
    default:
      return;
  }
}

}  // namespace

std::string_view words_for(LoaderAction action) { return names.at(static_cast<std::size_t>(action)); }

Result<LoaderInstruction> decode_loader_instruction(ByteView data) {
  Reader reader("loader v3 instruction", data);
  LoaderInstruction instruction;
  const std::uint32_t tag = reader.u32("tag");
  if (tag >= names.size()) reader.fail("expected tag 0 to 9, found " + std::to_string(tag));
  if (!reader.ok()) return reader.finish(instruction);
  instruction.action = static_cast<LoaderAction>(tag);
  read_fields(reader, instruction);
  // A loader without options runs the instruction whatever follows it, so that no other byte makes it none.
  const bool may_follow = reader.ok() && takes_option(instruction.action) && !reader.rest().empty();
  if (may_follow && reader.rest().front() <= 1) instruction.option = reader.boolean("option");
  instruction.unread_bytes = reader.rest().size();
  return reader.finish(instruction);
}

namespace {

Bytes tag_of(LoaderAction action) {
  Bytes data;
  append_u32(data, static_cast<std::uint32_t>(action));
  return data;
}

}  // namespace

std::optional<LoaderInstruction> as_upgrade(const Instruction& instruction) {
  if (instruction.program != known::loader_v3) return std::nullopt;
  const auto decoded = decode_loader_instruction(instruction.data);
  if (!decoded || decoded->action != LoaderAction::upgrade) return std::nullopt;
  return *decoded;
}

Instruction upgrade_instruction(const UpgradeAccounts& of) {
  return {known::loader_v3,
          {{programdata_address(of.program).address, false, true},
           {of.program, false, true},
           {of.buffer, false, true},
           {of.spill, false, true},
           {known::rent, false, false},
           {known::clock, false, false},
           {of.authority, true, false}},
          tag_of(LoaderAction::upgrade)};
}

Instruction extend_instruction(const Pubkey& program, const Pubkey& payer, std::uint32_t additional_bytes) {
  Bytes data = tag_of(LoaderAction::extend);
  append_u32(data, additional_bytes);
  return {known::loader_v3,
          {{programdata_address(program).address, false, true},
           {program, false, true},
           {known::system_program, false, false},
           {payer, true, true}},
          std::move(data)};
}

}  // namespace readyctl
