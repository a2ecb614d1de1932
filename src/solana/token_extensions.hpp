// Extensions of Token-2022: what a mint or a token account can do beyond SPL Token, and who may do it.
//
// Source: token-2022 interface/src/extension. A 32-byte address of zeros means "none" in every extension.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "solana/pubkey.hpp"

namespace readyctl {

/// State of a token account.
enum class TokenAccountState : std::uint8_t { uninitialized = 0, initialized = 1, frozen = 2 };

/// "uninitialized", "initialized", "frozen".
std::string_view words_for(TokenAccountState state);

/// Ids of the extensions (ExtensionType).
namespace token_extension {
inline constexpr std::uint16_t transfer_fee_config = 1;
inline constexpr std::uint16_t transfer_fee_amount = 2;
inline constexpr std::uint16_t mint_close_authority = 3;
inline constexpr std::uint16_t confidential_transfer_mint = 4;
inline constexpr std::uint16_t confidential_transfer_account = 5;
inline constexpr std::uint16_t default_account_state = 6;
inline constexpr std::uint16_t immutable_owner = 7;
inline constexpr std::uint16_t memo_transfer = 8;
inline constexpr std::uint16_t non_transferable = 9;
inline constexpr std::uint16_t interest_bearing_config = 10;
inline constexpr std::uint16_t cpi_guard = 11;
inline constexpr std::uint16_t permanent_delegate = 12;
inline constexpr std::uint16_t non_transferable_account = 13;
inline constexpr std::uint16_t transfer_hook = 14;
inline constexpr std::uint16_t transfer_hook_account = 15;
inline constexpr std::uint16_t confidential_transfer_fee_config = 16;
inline constexpr std::uint16_t confidential_transfer_fee_amount = 17;
inline constexpr std::uint16_t metadata_pointer = 18;
inline constexpr std::uint16_t token_metadata = 19;
inline constexpr std::uint16_t group_pointer = 20;
inline constexpr std::uint16_t token_group = 21;
inline constexpr std::uint16_t group_member_pointer = 22;
inline constexpr std::uint16_t token_group_member = 23;
inline constexpr std::uint16_t confidential_mint_burn = 24;
inline constexpr std::uint16_t scaled_ui_amount = 25;
inline constexpr std::uint16_t pausable = 26;
inline constexpr std::uint16_t pausable_account = 27;
inline constexpr std::uint16_t permissioned_burn = 28;
}  // namespace token_extension

/// One extension of a mint or token account, with a copy of its value.
struct TokenExtension {
  std::uint16_t id = 0;
  Bytes value;
  bool operator==(const TokenExtension&) const = default;
};

/// "PermanentDelegate" and so on; `unknown-<id>` for an id that is not in the table.
std::string extension_name(std::uint16_t id);

/// The id of a name that extension_name gives, including `unknown-<id>`, or of the JavaScript SDK's other names
/// ("PausableConfig", "ScaledUiAmountConfig"). None for any other text.
std::optional<std::uint16_t> extension_id(std::string_view name);

/// The names of all known extensions, in the order of their ids.
std::vector<std::string> extension_names();

/// What an extension stands on.
enum class ExtensionHost { mint, account };

/// None for an unknown id.
std::optional<ExtensionHost> extension_host(std::uint16_t id);

/// The length of the value in bytes; none for TokenMetadata, whose length varies, for layouts that nothing published
/// fixes (ids 16, 17, 24), and for an unknown id.
std::optional<std::size_t> extension_bytes(std::uint16_t id);

/// The first extension with this id, or null. The pointer lives as long as `extensions`.
const TokenExtension* find_extension(const std::vector<TokenExtension>& extensions, std::uint16_t id);

/// The type-length-value entries of Token-2022 from the bytes after the account type (offset 166 of the account).
/// Unknown ids are kept. Errors (kind `malformed`): a length past the end; a known extension whose value has another
/// length than its layout, or a flag or state out of range.
Result<std::vector<TokenExtension>> decode_extensions(ByteView entries);

/// One line for people: what the extension lets whom do. Never fails; a value that cannot be read is said to be so.
std::string describe(const TokenExtension& extension);

// --- readers of single extensions
// ------------------------------------------------------------------------------------- Each expects an extension of
// its own id. Errors (kind `malformed`): another id; a value of another length than the layout; a flag or state out of
// range. An extension out of decode_extensions with the right id never fails.

/// May move or burn anybody's tokens of this mint.
Result<std::optional<Pubkey>> permanent_delegate(const TokenExtension& extension);

/// May close the mint when its supply is zero.
Result<std::optional<Pubkey>> mint_close_authority(const TokenExtension& extension);

/// Must sign every burn.
Result<std::optional<Pubkey>> permissioned_burn_authority(const TokenExtension& extension);

struct TransferHook {
  std::optional<Pubkey> authority;  ///< may change the program
  std::optional<Pubkey> program;    ///< runs in every transfer, and may refuse it
};
Result<TransferHook> transfer_hook(const TokenExtension& extension);

/// fee = min(ceil(amount × basis_points / 10000), fee_max)
struct TransferFee {
  std::uint64_t epoch = 0;  ///< the first epoch in which it applies
  std::uint64_t fee_max = 0;
  std::uint16_t basis_points = 0;
};

struct TransferFeeConfig {
  std::optional<Pubkey> config_authority;             ///< may change the fee
  std::optional<Pubkey> withdraw_withheld_authority;  ///< may collect what was withheld
  std::uint64_t withheld = 0;                         ///< tokens, in base units
  TransferFee older;
  TransferFee newer;

  /// The fee that applies in this epoch: `newer` from its epoch on, `older` before.
  const TransferFee& at(std::uint64_t epoch) const { return epoch >= newer.epoch ? newer : older; }
};
Result<TransferFeeConfig> transfer_fee_config(const TokenExtension& extension);

/// The state of new token accounts of the mint; `frozen` means that somebody must thaw each before use.
Result<TokenAccountState> default_account_state(const TokenExtension& extension);

struct Pausable {
  std::optional<Pubkey> authority;  ///< may pause and resume
  bool paused = false;              ///< no transfer, mint or burn while true
};
Result<Pausable> pausable(const TokenExtension& extension);

/// Pointers to metadata, group or group member (ids 18, 20, 22).
struct ExtensionPointer {
  std::optional<Pubkey> authority;  ///< may change the address
  std::optional<Pubkey> address;    ///< the mint itself when it holds the value
};
Result<ExtensionPointer> metadata_pointer(const TokenExtension& extension);

/// Whether incoming transfers need a memo.
Result<bool> memo_transfer(const TokenExtension& extension);

/// Whether programs are kept from acting with the owner's signature.
Result<bool> cpi_guard(const TokenExtension& extension);

}  // namespace readyctl
