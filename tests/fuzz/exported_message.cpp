// Text that was exported for a multisig to import: messages, transactions, messages of the Squads SDK.
#include "base/base64.hpp"
#include "base/text.hpp"
#include "fuzz/property.hpp"
#include "solana/base58.hpp"
#include "solana/signable_message.hpp"
#include "solana/squads_instructions.hpp"

using namespace readyctl;

namespace {

Bytes bytes_of_text(std::string_view text, const std::string& encoding) {
  const auto bytes = encoding == "base58" ? from_base58(text) : from_any_base64(text);
  fuzz::require(bytes.has_value(), "what was read has the encoding that is told");
  return *bytes;
}

}  // namespace

FUZZ_TARGET(exported_message) {
  const std::string_view text = trimmed(text_of(ByteView(data, size)));
  const auto exported = read_exported(text);
  const auto signable = read_signable(text);
  if (!exported) return 0;
  const bool is_compact = exported->form == "Squads transaction message";
  fuzz::require(is_compact != signable.has_value(), "a message is for wallets or for the Squads program, not for both");
  fuzz::require(is_compact || signable->form() == exported->form, "a form has one name");
  const VaultTransactionMessage& message = exported->message;
  const std::size_t keys = message.account_keys.size();
  fuzz::require(message.signers <= keys && message.writable_signers <= message.signers &&
                    message.writable_non_signers <= keys - message.signers,
                "the header counts keys that are there");
  if (!is_compact) return 0;
  const auto written = compact_message(message);
  fuzz::require(written && *written == bytes_of_text(text, exported->encoding), "a message spells its bytes");
  fuzz::require(!message.lookups.empty() || instructions_of(message, {}).has_value(),
                "what can be imported has instructions that can be read");
  return 0;
}
