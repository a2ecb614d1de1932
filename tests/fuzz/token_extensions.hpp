// What holds of the extensions of a token account and of a mint.
#pragma once

#include "fuzz/retrace.hpp"
#include "solana/token_extensions.hpp"

namespace readyctl::fuzz {

// An extension that was decoded can be read by the reader of its id, and only by that.
template <class Read>
void require_readable(const TokenExtension& extension, std::uint16_t id, Read read) {
  require(read(extension).has_value() == (extension.id == id), "an extension is read by the reader of its id alone");
}

inline void retrace_extensions(Retrace& retrace, const std::vector<TokenExtension>& extensions) {
  for (const TokenExtension& extension : extensions) {
    retrace.number(extension.id);
    retrace.number(static_cast<std::uint16_t>(extension.value.size()));
    retrace.bytes(extension.value);
    require(extension_id(extension_name(extension.id)) == extension.id, "the name of an extension names it");
    require(!describe(extension).empty(), "every extension is described");

    require_readable(extension, token_extension::permanent_delegate, permanent_delegate);
    require_readable(extension, token_extension::mint_close_authority, mint_close_authority);
    require_readable(extension, token_extension::permissioned_burn, permissioned_burn_authority);
    require_readable(extension, token_extension::transfer_hook, transfer_hook);
    require_readable(extension, token_extension::transfer_fee_config, transfer_fee_config);
    require_readable(extension, token_extension::default_account_state, default_account_state);
    require_readable(extension, token_extension::pausable, pausable);
    require_readable(extension, token_extension::metadata_pointer, metadata_pointer);
    require_readable(extension, token_extension::memo_transfer, memo_transfer);
    require_readable(extension, token_extension::cpi_guard, cpi_guard);
  }
}

}  // namespace readyctl::fuzz
