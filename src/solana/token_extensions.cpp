#include "solana/token_extensions.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "solana/reader.hpp"

namespace readyctl {
namespace {

struct ExtensionRow {
  std::uint16_t id;
  std::string_view name;
  ExtensionHost host;
  std::optional<std::size_t> bytes;
};

constexpr auto mint = ExtensionHost::mint;
constexpr auto account = ExtensionHost::account;
constexpr std::size_t key_bytes = 32;

constexpr std::array<ExtensionRow, 28> rows = {{
    {1, "TransferFeeConfig", mint, key_bytes + key_bytes + 8 + 18 + 18},
    {2, "TransferFeeAmount", account, 8},
    {3, "MintCloseAuthority", mint, key_bytes},
    {4, "ConfidentialTransferMint", mint, key_bytes + 1 + 32},
    {5, "ConfidentialTransferAccount", account, 1 + 32 + 3 * 64 + 36 + 1 + 1 + 4 * 8},
    {6, "DefaultAccountState", mint, 1},
    {7, "ImmutableOwner", account, 0},
    {8, "MemoTransfer", account, 1},
    {9, "NonTransferable", mint, 0},
    {10, "InterestBearingConfig", mint, key_bytes + 8 + 2 + 8 + 2},
    {11, "CpiGuard", account, 1},
    {12, "PermanentDelegate", mint, key_bytes},
    {13, "NonTransferableAccount", account, 0},
    {14, "TransferHook", mint, key_bytes + key_bytes},
    {15, "TransferHookAccount", account, 1},
    {16, "ConfidentialTransferFeeConfig", mint, std::nullopt},
    {17, "ConfidentialTransferFeeAmount", account, std::nullopt},
    {18, "MetadataPointer", mint, key_bytes + key_bytes},
    {19, "TokenMetadata", mint, std::nullopt},
    {20, "GroupPointer", mint, key_bytes + key_bytes},
    {21, "TokenGroup", mint, key_bytes + key_bytes + 8 + 8},
    {22, "GroupMemberPointer", mint, key_bytes + key_bytes},
    {23, "TokenGroupMember", mint, key_bytes + key_bytes + 8},
    {24, "ConfidentialMintBurn", mint, std::nullopt},
    {25, "ScaledUiAmount", mint, key_bytes + 8 + 8 + 8},
    {26, "Pausable", mint, key_bytes + 1},
    {27, "PausableAccount", account, 0},
    {28, "PermissionedBurn", mint, key_bytes},
}};

/// The row of an id, or null. Ids count from 1 without gaps.
constexpr const ExtensionRow* row_of(std::uint16_t id) {
  return id >= 1 && id <= rows.size() ? &rows[std::size_t{id} - 1] : nullptr;
}
static_assert(std::ranges::all_of(rows, [](const ExtensionRow& row) { return row_of(row.id) == &row; }));
static_assert(row_of(token_extension::transfer_fee_config)->bytes == 108);
static_assert(row_of(token_extension::confidential_transfer_account)->bytes == 295);

constexpr std::string_view unknown_prefix = "unknown-";

/// The name in a form that lives as long as the program, for error texts.
std::string_view subject_of(std::uint16_t id) {
  const ExtensionRow* row = row_of(id);
  return row == nullptr ? "unknown extension" : row->name;
}

Result<void> check_value(const TokenExtension& extension) {
  const auto bytes = extension_bytes(extension.id);
  if (bytes && extension.value.size() != *bytes) {
    return malformed("", std::string(subject_of(extension.id)) + ": expected " + std::to_string(*bytes) +
                             " bytes, found " + std::to_string(extension.value.size()));
  }
  const auto outcome = [](const auto& read) { return read ? Result<void>() : failure(read.error()); };
  switch (extension.id) {
    case token_extension::default_account_state:
      return outcome(default_account_state(extension));
    case token_extension::memo_transfer:
      return outcome(memo_transfer(extension));
    case token_extension::cpi_guard:
      return outcome(cpi_guard(extension));
    case token_extension::pausable:
      return outcome(pausable(extension));
    default:
      return {};
  }
}

}  // namespace

std::string_view words_for(TokenAccountState state) {
  static constexpr std::array<std::string_view, 3> words = {"uninitialized", "initialized", "frozen"};
  return words.at(static_cast<std::size_t>(state));
}

std::string extension_name(std::uint16_t id) {
  const ExtensionRow* row = row_of(id);
  return row == nullptr ? std::string(unknown_prefix) + std::to_string(id) : std::string(row->name);
}

std::optional<std::uint16_t> extension_id(std::string_view name) {
  if (name == "PausableConfig") return token_extension::pausable;
  if (name == "ScaledUiAmountConfig") return token_extension::scaled_ui_amount;
  const auto found = std::ranges::find(rows, name, &ExtensionRow::name);
  if (found != rows.end()) return found->id;
  if (!name.starts_with(unknown_prefix)) return std::nullopt;
  std::uint16_t id = 0;
  const std::string_view digits = name.substr(unknown_prefix.size());
  std::from_chars(digits.data(), digits.data() + digits.size(), id);
  return extension_name(id) == name ? std::optional(id) : std::nullopt;
}

std::vector<std::string> extension_names() {
  std::vector<std::string> names;
  for (const ExtensionRow& row : rows) names.emplace_back(row.name);
  return names;
}

std::optional<ExtensionHost> extension_host(std::uint16_t id) {
  const ExtensionRow* row = row_of(id);
  return row == nullptr ? std::nullopt : std::optional(row->host);
}

std::optional<std::size_t> extension_bytes(std::uint16_t id) {
  const ExtensionRow* row = row_of(id);
  return row == nullptr ? std::nullopt : row->bytes;
}

const TokenExtension* find_extension(const std::vector<TokenExtension>& extensions, std::uint16_t id) {
  const auto found = std::ranges::find(extensions, id, &TokenExtension::id);
  return found == extensions.end() ? nullptr : &*found;
}

// An entry:   0  u16  id     2  u16  length     4  value …
// The list ends with an id of 0, or when fewer than two bytes are left.
Result<std::vector<TokenExtension>> decode_extensions(ByteView entries) {
  Reader reader("Token-2022 extensions (after offset 166)", entries);
  std::vector<TokenExtension> extensions;
  while (reader.ok() && reader.rest().size() >= 2) {
    TokenExtension extension;
    extension.id = reader.u16("id");
    if (extension.id == 0) break;
    const ByteView value = reader.bytes(subject_of(extension.id), reader.u16("length"));
    if (!reader.ok()) break;
    extension.value.assign(value.begin(), value.end());
    if (const auto fine = check_value(extension); !fine) return failure(fine.error());
    extensions.push_back(std::move(extension));
  }
  return reader.finish(std::move(extensions));
}

}  // namespace readyctl
