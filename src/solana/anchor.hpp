// Anchor discriminators: the first eight bytes that say which account or instruction the data is.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace readyctl {

using Discriminator = std::array<std::uint8_t, 8>;

/// SHA-256("account:" + name), cut to eight bytes. `name` is the Rust type, as in "Multisig".
Discriminator anchor_account_discriminator(std::string_view name);

/// SHA-256("global:" + name), cut to eight bytes. `name` is the Rust function, as in "vault_transaction_execute".
Discriminator anchor_instruction_discriminator(std::string_view name);

}  // namespace readyctl
