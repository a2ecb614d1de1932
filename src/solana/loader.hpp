// Loaders: how the code of a program is stored, and who may replace it.
//
// Sources: solana-sdk loader-v3-interface UpgradeableLoaderState; loader-v4 LoaderV4State (abandoned, for recognition).
// The decoders read account data and do not see owner, lamports or `executable`; those are for the caller to check.
// `code` in the results is a view into the data that was decoded and lives no longer than that.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "solana/amounts.hpp"
#include "solana/pubkey.hpp"

namespace readyctl {

/// Which loader runs a program. native: part of the validator. v1, v2: the account data is the code, nobody can replace
/// it. v3: the code is in a ProgramData account. v4: never activated.
enum class Loader { native, v1, v2, v3, v4 };

/// The loader that owns the account; none when the owner is no loader, so the account is no program.
std::optional<Loader> loader_of(const Pubkey& owner);

/// "native loader", "loader v1", …
std::string_view words_for(Loader loader);

/// What the first four bytes of a loader-v3 account say it is. `unknown`: another tag, or fewer than four bytes.
enum class LoaderState { uninitialized, buffer, program, programdata, unknown };

LoaderState loader_state(ByteView data);

/// "Uninitialized", "Buffer", "Program", "ProgramData", "unknown state".
std::string_view words_for(LoaderState state);

inline constexpr std::size_t program_account_bytes = 36;
inline constexpr std::size_t programdata_header_bytes = 45;
inline constexpr std::size_t buffer_header_bytes = 37;
inline constexpr std::size_t loader_v4_header_bytes = 48;

/// The account whose address is the program id.
struct ProgramAccount {
  Pubkey programdata;  ///< as stored; compare with programdata_address(program)
};

/// The account that holds the code of a program. After a close it no longer exists, though the program account does.
struct ProgramData {
  Slot slot;                                ///< of the last deploy, upgrade or extension; not of authority changes
  std::optional<Pubkey> upgrade_authority;  ///< none: final, nobody can replace the code
  ByteView code;                            ///< from offset 45 to the end, trailing zeros included
};

/// An account in which code is staged for an upgrade.
struct BufferAccount {
  std::optional<Pubkey> authority;  ///< who may write to it or deploy it; none: nobody
  ByteView code;                    ///< from offset 37 to the end, trailing zeros included
};

/// Data longer than 36 bytes is accepted and the rest not read. Errors (kind `malformed`): shorter; another state, by
/// name.
Result<ProgramAccount> decode_program(ByteView data);

/// Whatever stands in the authority's bytes while its tag says None is not read: the loader leaves the old key there.
/// Errors (kind `malformed`): shorter than 45 bytes; another state, by name; an authority tag other than 0 or 1.
Result<ProgramData> decode_programdata(ByteView data);

/// Errors (kind `malformed`): shorter than 37 bytes; another state, by name; an authority tag other than 0 or 1.
Result<BufferAccount> decode_buffer(ByteView data);

enum class LoaderV4Status { retracted, deployed, finalized };

/// A program of loader v4: header and code in the program account itself.
struct LoaderV4Account {
  Slot slot;         ///< of the last deployment
  Pubkey authority;  ///< when finalized: the address of the next version instead
  LoaderV4Status status = LoaderV4Status::retracted;
  ByteView code;  ///< from offset 48 to the end
};

/// Errors (kind `malformed`): shorter than 48 bytes; a status other than 0, 1, 2.
Result<LoaderV4Account> decode_loader_v4(ByteView data);

}  // namespace readyctl
