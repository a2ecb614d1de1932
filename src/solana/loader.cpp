#include "solana/loader.hpp"

#include <array>
#include <string>

#include "solana/reader.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

// Loader v3 (UpgradeableLoaderState, bincode):
//
//   Buffer                            Program                        ProgramData
//    0  u32  tag = 1                   0  u32  tag = 2                0  u32  tag = 3
//    4  u8   1 if an authority follows 4  32B  programdata address    4  u64  slot last deployed
//    5  32B  authority                                               12  u8   1 if an authority follows, else 0
//   37  code …                                                       13  32B  upgrade authority
//                                                                    45  code …
static_assert(4 + 1 + 32 == buffer_header_bytes);
static_assert(4 + 32 == program_account_bytes);
static_assert(4 + 8 + 1 + 32 == programdata_header_bytes);

constexpr std::uint32_t tag_of(LoaderState state) { return static_cast<std::uint32_t>(state); }
static_assert(tag_of(LoaderState::uninitialized) == 0 && tag_of(LoaderState::buffer) == 1);
static_assert(tag_of(LoaderState::program) == 2 && tag_of(LoaderState::programdata) == 3);

// Loader v4:   0  u64  slot     8  32B  authority     40  u64  status     48  code …
static_assert(8 + 32 + 8 == loader_v4_header_bytes);

void expect_state(Reader& reader, LoaderState expected) {
  const std::uint32_t tag = reader.u32("state tag");
  if (!reader.ok() || tag == tag_of(expected)) return;
  const auto found = tag < tag_of(LoaderState::unknown) ? static_cast<LoaderState>(tag) : LoaderState::unknown;
  reader.fail("expected state tag " + std::to_string(tag_of(expected)) + " (" + std::string(words_for(expected)) +
              ") at offset 0, found " + std::to_string(tag) + " (" + std::string(words_for(found)) + ")");
}

}  // namespace

std::optional<Loader> loader_of(const Pubkey& owner) {
  if (owner == known::native_loader) return Loader::native;
  if (owner == known::loader_v1) return Loader::v1;
  if (owner == known::loader_v2) return Loader::v2;
  if (owner == known::loader_v3) return Loader::v3;
  if (owner == known::loader_v4) return Loader::v4;
  return std::nullopt;
}

std::string_view words_for(Loader loader) {
  static constexpr std::array<std::string_view, 5> words = {"native loader", "loader v1", "loader v2", "loader v3",
                                                            "loader v4"};
  return words.at(static_cast<std::size_t>(loader));
}

LoaderState loader_state(ByteView data) {
  Reader reader("loader-v3 account", data);
  const std::uint32_t tag = reader.u32("state tag");
  if (!reader.ok() || tag >= tag_of(LoaderState::unknown)) return LoaderState::unknown;
  return static_cast<LoaderState>(tag);
}

std::string_view words_for(LoaderState state) {
  static constexpr std::array<std::string_view, 5> words = {"Uninitialized", "Buffer", "Program", "ProgramData",
                                                            "unknown state"};
  return words.at(static_cast<std::size_t>(state));
}

Result<ProgramAccount> decode_program(ByteView data) {
  Reader reader("Program account", data);
  expect_state(reader, LoaderState::program);
  ProgramAccount program;
  program.programdata = reader.pubkey("programdata address");
  return reader.finish(program);
}

Result<ProgramData> decode_programdata(ByteView data) {
  Reader reader("ProgramData account", data);
  expect_state(reader, LoaderState::programdata);
  ProgramData programdata;
  programdata.slot = Slot{reader.u64("slot")};
  programdata.upgrade_authority = reader.wide_option_pubkey("upgrade authority");
  programdata.code = reader.rest();
  return reader.finish(programdata);
}

Result<BufferAccount> decode_buffer(ByteView data) {
  Reader reader("Buffer account", data);
  expect_state(reader, LoaderState::buffer);
  BufferAccount buffer;
  buffer.authority = reader.wide_option_pubkey("authority");
  buffer.code = reader.rest();
  return reader.finish(buffer);
}

Result<LoaderV4Account> decode_loader_v4(ByteView data) {
  Reader reader("loader-v4 program", data);
  LoaderV4Account account;
  account.slot = Slot{reader.u64("slot")};
  account.authority = reader.pubkey("authority");
  const std::uint64_t status = reader.u64("status");
  if (status > 2) {
    reader.fail("expected status 0, 1 or 2 at offset 40, found " + std::to_string(status));
  } else {
    account.status = static_cast<LoaderV4Status>(status);
  }
  account.code = reader.rest();
  return reader.finish(account);
}

}  // namespace readyctl
