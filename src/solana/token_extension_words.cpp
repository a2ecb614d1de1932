// describe: Token-2022 extensions in words, one line each.
#include <array>
#include <cstdio>
#include <string>

#include "base/text.hpp"
#include "solana/reader.hpp"
#include "solana/token_extensions.hpp"

namespace readyctl {
namespace {

std::string who(const std::optional<Pubkey>& key) { return key ? to_string(*key) : "nobody"; }
std::string what(const std::optional<Pubkey>& key) { return key ? to_string(*key) : "none"; }

/// A factor, as short as it can be written.
std::string factor(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.15g", value);
  return text.data();
}

std::string fee(Reader& reader) {
  const std::uint64_t epoch = reader.u64("epoch");
  const std::uint64_t fee_max = reader.u64("largest fee");
  const std::uint16_t basis_points = reader.u16("basis points");
  return std::to_string(basis_points) + " basis points, at most " + std::to_string(fee_max) + ", from epoch " +
         std::to_string(epoch);
}

std::string transfer_fee(Reader& reader) {
  const auto config = reader.nullable_pubkey("config authority");
  const auto withdraw = reader.nullable_pubkey("withdraw-withheld authority");
  const std::uint64_t withheld = reader.u64("withheld");
  const std::string older = fee(reader);
  const std::string newer = fee(reader);
  return "every transfer pays a fee: " + older + (newer == older ? "" : ", then " + newer) + "; " + who(config) +
         " may change it, " + who(withdraw) + " may collect it; " + std::to_string(withheld) + " withheld in the mint";
}

std::string pointer(Reader& reader, const std::string& to) {
  const auto authority = reader.nullable_pubkey("authority");
  const auto address = reader.nullable_pubkey("address");
  return to + " is at " + what(address) + "; " + who(authority) + " may change that";
}

std::string text(Reader& reader, std::string_view field) {
  const Bytes bytes = reader.byte_vec(field);
  return "\"" + printable(text_of(bytes)) + "\"";
}

std::string metadata(Reader& reader) {
  const auto authority = reader.nullable_pubkey("update authority");
  reader.pubkey("mint");
  const std::string name = text(reader, "name");
  const std::string symbol = text(reader, "symbol");
  return "the metadata names it " + name + " (" + symbol + "); " + who(authority) + " may change that";
}

std::string interest(Reader& reader) {
  const auto authority = reader.nullable_pubkey("rate authority");
  reader.bytes("history", 8 + 2 + 8);
  const auto rate = static_cast<std::int16_t>(reader.u16("current rate"));
  return "amounts are shown with interest of " + std::to_string(rate) + " basis points a year; " + who(authority) +
         " may change the rate";
}

std::string scaled_amount(Reader& reader) {
  const auto authority = reader.nullable_pubkey("authority");
  const double now = reader.f64("multiplier");
  const std::int64_t since = reader.i64("time of the new multiplier");
  const double next = reader.f64("new multiplier");
  return "amounts are shown multiplied by " + factor(now) + ", by " + factor(next) + " from Unix time " +
         std::to_string(since) + "; " + who(authority) + " may change that";
}

std::string confidential_mint(Reader& reader) {
  const auto authority = reader.nullable_pubkey("authority");
  const bool automatic = reader.boolean("automatic approval");
  const auto auditor = reader.nullable_pubkey("auditor key");
  return std::string("amounts of transfers may be hidden; accounts are approved ") +
         (automatic ? "automatically" : "by " + who(authority)) + "; " + (auditor ? "an" : "no") +
         " auditor can read them; " + who(authority) + " may change this";
}

std::string group(Reader& reader) {
  const auto authority = reader.nullable_pubkey("update authority");
  reader.pubkey("mint");
  const std::uint64_t size = reader.u64("size");
  const std::uint64_t size_max = reader.u64("largest size");
  return "the mint is a group of " + std::to_string(size) + " members, at most " + std::to_string(size_max) + "; " +
         who(authority) + " may change it";
}

std::string group_member(Reader& reader) {
  reader.pubkey("mint");
  const auto of = reader.nullable_pubkey("group");
  return "the mint is member " + std::to_string(reader.u64("member number")) + " of group " + what(of);
}

std::string hook(Reader& reader) {
  const auto authority = reader.nullable_pubkey("authority");
  const auto program = reader.nullable_pubkey("program");
  return "every transfer runs program " + what(program) + ", which may refuse it; " + who(authority) +
         " may change the program";
}

std::string pause(Reader& reader) {
  const auto authority = reader.nullable_pubkey("authority");
  const bool paused = reader.boolean("paused");
  return std::string("transfers, mints and burns are ") + (paused ? "paused" : "not paused") + "; " + who(authority) +
         " may pause and resume them";
}

std::string default_state(Reader& reader) {
  const std::uint8_t state = reader.u8("state");
  if (state > 2) {
    reader.fail("no such state");
    return "";
  }
  return "new accounts are " + std::string(words_for(static_cast<TokenAccountState>(state)));
}

std::string fee_authority(Reader& reader) {
  return who(reader.nullable_pubkey("authority")) + " may set how hidden transfer fees are collected";
}

/// What a reader makes of the value; the reader has failed when the value is not what its id says.
std::string words_of(std::uint16_t id, Reader& reader) {
  namespace ext = token_extension;
  switch (id) {
    case ext::transfer_fee_config:
      return transfer_fee(reader);
    case ext::transfer_fee_amount:
      return std::to_string(reader.u64("withheld")) + " withheld as transfer fees";
    case ext::mint_close_authority:
      return who(reader.nullable_pubkey("authority")) + " may close the mint";
    case ext::confidential_transfer_mint:
      return confidential_mint(reader);
    case ext::confidential_transfer_account:
      return "the account may hold and move hidden amounts";
    case ext::default_account_state:
      return default_state(reader);
    case ext::immutable_owner:
      return "the owner of the account cannot change";
    case ext::memo_transfer:
      return reader.boolean("memo required") ? "incoming transfers need a memo" : "incoming transfers need no memo";
    case ext::non_transferable:
      return "tokens cannot be transferred";
    case ext::interest_bearing_config:
      return interest(reader);
    case ext::cpi_guard:
      return reader.boolean("locked") ? "programs cannot act with the owner's signature"
                                      : "programs may act with the owner's signature";
    case ext::permanent_delegate:
      return who(reader.nullable_pubkey("delegate")) + " may move or burn anybody's tokens";
    case ext::non_transferable_account:
      return "the tokens in the account cannot be transferred";
    case ext::transfer_hook:
      return hook(reader);
    case ext::transfer_hook_account:
      return reader.boolean("transferring") ? "a transfer is running" : "transfers run the mint's hook";
    case ext::confidential_transfer_fee_config:
      return fee_authority(reader);
    case ext::confidential_transfer_fee_amount:
      return "holds hidden withheld transfer fees";
    case ext::metadata_pointer:
      return pointer(reader, "the metadata");
    case ext::token_metadata:
      return metadata(reader);
    case ext::group_pointer:
      return pointer(reader, "the group");
    case ext::token_group:
      return group(reader);
    case ext::group_member_pointer:
      return pointer(reader, "the group membership");
    case ext::token_group_member:
      return group_member(reader);
    case ext::confidential_mint_burn:
      return "mints and burns may be of hidden amounts";
    case ext::scaled_ui_amount:
      return scaled_amount(reader);
    case ext::pausable:
      return pause(reader);
    case ext::pausable_account:
      return "the account obeys a pause of the mint";
    case ext::permissioned_burn:
      return who(reader.nullable_pubkey("authority")) + " must sign every burn";
    default:
      return "not known to readyctl, " + counted(reader.rest().size(), "byte");
  }
}

}  // namespace

std::string describe(const TokenExtension& extension) {
  const std::string name = extension_name(extension.id);
  Reader reader("extension", extension.value);
  const std::string words = words_of(extension.id, reader);
  const auto bytes = extension_bytes(extension.id);
  const bool has_its_length = !bytes || extension.value.size() == *bytes;
  if (reader.ok() && has_its_length) return name + ": " + words;
  return name + ": its value of " + counted(extension.value.size(), "byte") + " cannot be read";
}

}  // namespace readyctl
