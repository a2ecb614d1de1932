// Extension rules: which Token-2022 extensions a pack accepts on a mint or a token account. No kind of its own; what
// token-account and token-mint have in common.
#pragma once

#include <vector>

#include "engine/finding.hpp"
#include "facts/field_types.hpp"
#include "solana/token_extensions.hpp"

namespace readyctl {

/// An extension as packs write it: its name, or `unknown-<id>` for one that readyctl does not know.
struct ExtensionName {
  std::uint16_t id = 0;
};

/// Extensions that may be there: some by name, or all.
struct AllowedExtensions {
  bool any = false;
  std::vector<ExtensionName> names;
};

struct ExtensionRules {
  AllowedExtensions allow;
  std::vector<ExtensionName> deny;
  std::vector<ExtensionName> require;

  static constexpr auto fields() {
    return std::tuple{
        optional("allow", &ExtensionRules::allow,
                 "extensions that may be there besides the harmless ones, or \"any\"; the finding says so"),
        optional("deny", &ExtensionRules::deny,
                 "extensions that must not be there, even where they are harmless or nobody holds their power"),
        optional("require", &ExtensionRules::require, "extensions that must be there"),
    };
  }
  Result<void> validate(const Place& place) const;

  /// Refuses extensions that cannot stand on `host`. `place` is that of these rules.
  Result<void> check_host(ExtensionHost host, const Place& place) const;
};

/// Whether an extension gives nobody a power over the tokens of others, so that it may stand where no pack mentions it.
///
///   mint      MetadataPointer, TokenMetadata, GroupPointer, TokenGroup, GroupMemberPointer, TokenGroupMember: names
///   account   ImmutableOwner, MemoTransfer, CpiGuard: what the owner chose for the account, against others
bool is_harmless(std::uint16_t id, ExtensionHost host);

/// Whether a dangerous extension has lost its power for good: nobody holds it and its value does nothing.
///
///   PermanentDelegate, MintCloseAuthority   of nobody
///   TransferHook                            of nobody, without a program
///   Pausable                                of nobody, not paused
///   TransferFeeConfig                       of nobody, both fees zero
///   DefaultAccountState                     initialized; only the freeze authority, judged on its own, may change that
bool is_powerless(const TokenExtension& extension);

/// Every extension becomes an observation in words; each that the rules do not accept, or miss, a complaint.
void expect_extensions(Judgement& judgement, const std::vector<TokenExtension>& found, const ExtensionRules& rules,
                       ExtensionHost host);

template <>
struct FieldType<ExtensionName> {
  static Result<ExtensionName> read(const Json& value, const Place& place);
  static Json schema(Placeholders placeholders);
  static std::string words() { return "name of a Token-2022 extension"; }
};

template <>
struct FieldType<AllowedExtensions> {
  static Result<AllowedExtensions> read(const Json& value, const Place& place);
  static Json schema(Placeholders placeholders);
  static std::string words() { return "\"any\", or list of names of Token-2022 extensions"; }
};

}  // namespace readyctl
