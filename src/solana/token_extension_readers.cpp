// Readers of single Token-2022 extensions. Lengths are drawn in the table of token_extensions.cpp.
#include <string>

#include "solana/reader.hpp"
#include "solana/token_extensions.hpp"

namespace readyctl {
namespace {

/// A reader of the value. It has failed when the extension has another id, or its value another length, than expected.
Reader open(std::string_view subject, std::uint16_t expected_id, const TokenExtension& extension) {
  Reader reader(subject, extension.value);
  if (extension.id != expected_id) {
    reader.fail("expected extension " + std::to_string(expected_id) + ", found " + std::to_string(extension.id) + " (" +
                extension_name(extension.id) + ")");
  }
  const auto bytes = extension_bytes(expected_id);
  if (bytes && extension.value.size() != *bytes) {
    reader.fail("expected " + std::to_string(*bytes) + " bytes, found " + std::to_string(extension.value.size()));
  }
  return reader;
}

Result<std::optional<Pubkey>> only_key(Reader reader) {
  const auto key = reader.nullable_pubkey("authority");
  return reader.finish(key);
}

TransferFee read_fee(Reader& reader) {
  TransferFee fee;
  fee.epoch = reader.u64("epoch");
  fee.fee_max = reader.u64("largest fee");
  fee.basis_points = reader.u16("basis points");
  return fee;
}

}  // namespace

Result<std::optional<Pubkey>> permanent_delegate(const TokenExtension& extension) {
  return only_key(open("PermanentDelegate", token_extension::permanent_delegate, extension));
}

Result<std::optional<Pubkey>> mint_close_authority(const TokenExtension& extension) {
  return only_key(open("MintCloseAuthority", token_extension::mint_close_authority, extension));
}

Result<std::optional<Pubkey>> permissioned_burn_authority(const TokenExtension& extension) {
  return only_key(open("PermissionedBurn", token_extension::permissioned_burn, extension));
}

//   0  32B  authority     32  32B  program
Result<TransferHook> transfer_hook(const TokenExtension& extension) {
  Reader reader = open("TransferHook", token_extension::transfer_hook, extension);
  TransferHook hook;
  hook.authority = reader.nullable_pubkey("authority");
  hook.program = reader.nullable_pubkey("program");
  return reader.finish(hook);
}

//   0  32B  config authority                  72  u64 epoch, u64 largest fee, u16 basis points: older
//  32  32B  withdraw-withheld authority       90  the same: newer
//  64  u64  withheld                         108
static_assert(32 + 32 + 8 == 72 && 72 + (8 + 8 + 2) == 90 && 90 + (8 + 8 + 2) == 108);
Result<TransferFeeConfig> transfer_fee_config(const TokenExtension& extension) {
  Reader reader = open("TransferFeeConfig", token_extension::transfer_fee_config, extension);
  TransferFeeConfig config;
  config.config_authority = reader.nullable_pubkey("config authority");
  config.withdraw_withheld_authority = reader.nullable_pubkey("withdraw-withheld authority");
  config.withheld = reader.u64("withheld");
  config.older = read_fee(reader);
  config.newer = read_fee(reader);
  return reader.finish(config);
}

Result<TokenAccountState> default_account_state(const TokenExtension& extension) {
  Reader reader = open("DefaultAccountState", token_extension::default_account_state, extension);
  const std::uint8_t state = reader.u8("state");
  if (state > 2) reader.fail("expected state 0, 1 or 2, found " + std::to_string(state));
  return reader.finish(static_cast<TokenAccountState>(state));
}

//   0  32B  authority     32  u8  paused
Result<Pausable> pausable(const TokenExtension& extension) {
  Reader reader = open("Pausable", token_extension::pausable, extension);
  Pausable state;
  state.authority = reader.nullable_pubkey("authority");
  state.paused = reader.boolean("paused");
  return reader.finish(state);
}

//   0  32B  authority     32  32B  address
Result<ExtensionPointer> metadata_pointer(const TokenExtension& extension) {
  Reader reader = open("MetadataPointer", token_extension::metadata_pointer, extension);
  ExtensionPointer pointer;
  pointer.authority = reader.nullable_pubkey("authority");
  pointer.address = reader.nullable_pubkey("address");
  return reader.finish(pointer);
}

Result<bool> memo_transfer(const TokenExtension& extension) {
  Reader reader = open("MemoTransfer", token_extension::memo_transfer, extension);
  return reader.finish(reader.boolean("memo required"));
}

Result<bool> cpi_guard(const TokenExtension& extension) {
  Reader reader = open("CpiGuard", token_extension::cpi_guard, extension);
  return reader.finish(reader.boolean("locked"));
}

}  // namespace readyctl
