#include "kinds/extension_rules.hpp"

#include <algorithm>

namespace readyctl {
namespace {

bool contains(const std::vector<ExtensionName>& names, std::uint16_t id) {
  return std::ranges::find(names, id, &ExtensionName::id) != names.end();
}

std::string words_for(ExtensionHost host) { return host == ExtensionHost::mint ? "mints" : "token accounts"; }

Result<void> check_names(const std::vector<ExtensionName>& names, ExtensionHost host, const Place& place) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto stands_on = extension_host(names[i].id);
    if (!stands_on || *stands_on == host) continue;
    return (place / i).malformed("\"" + extension_name(names[i].id) + "\" stands on " + words_for(*stands_on) +
                                 ", never on " + words_for(host));
  }
  return {};
}

// What describe says, without the name in front.
std::string words_of(const TokenExtension& extension) {
  return describe(extension).substr(extension_name(extension.id).size() + 2);
}

void expect_one(Judgement& judgement, const TokenExtension& extension, const ExtensionRules& rules,
                ExtensionHost host) {
  const std::string name = extension_name(extension.id);
  const std::string what = "extension " + name;
  const std::string words = words_of(extension);
  if (contains(rules.deny, extension.id)) {
    judgement.expect(false, {what, "absent", words}, what + " is there and was denied: " + words);
    return;
  }
  const bool mentioned =
      rules.allow.any || contains(rules.allow.names, extension.id) || contains(rules.require, extension.id);
  if (mentioned || is_harmless(extension.id, host) || is_powerless(extension)) {
    judgement.note(what, words);
  } else {
    judgement.expect(false, {what, "absent", words}, what + " is there and was not allowed: " + words);
  }
}

}  // namespace

Result<void> ExtensionRules::validate(const Place& place) const {
  for (std::size_t i = 0; i < deny.size(); ++i) {
    const bool allowed = contains(allow.names, deny[i].id);
    if (!allowed && !contains(require, deny[i].id)) continue;
    return (place / "deny" / i)
        .malformed("\"" + extension_name(deny[i].id) + "\" is denied here and " + (allowed ? "allowed" : "required") +
                   " beside it");
  }
  return {};
}

Result<void> ExtensionRules::check_host(ExtensionHost host, const Place& place) const {
  if (const auto fine = check_names(allow.names, host, place / "allow"); !fine) return fine;
  if (const auto fine = check_names(deny, host, place / "deny"); !fine) return fine;
  return check_names(require, host, place / "require");
}

bool is_harmless(std::uint16_t id, ExtensionHost host) {
  namespace ext = token_extension;
  switch (id) {
    case ext::metadata_pointer:
    case ext::token_metadata:
    case ext::group_pointer:
    case ext::token_group:
    case ext::group_member_pointer:
    case ext::token_group_member:
      return host == ExtensionHost::mint;
    case ext::immutable_owner:
    case ext::memo_transfer:
    case ext::cpi_guard:
      return host == ExtensionHost::account;
    default:
      return false;
  }
}

bool is_powerless(const TokenExtension& extension) {
  namespace ext = token_extension;
  const auto of_nobody = [](const auto& holder) { return holder && !*holder; };
  const auto takes_nothing = [](const TransferFee& fee) { return fee.basis_points == 0 || fee.fee_max == 0; };
  switch (extension.id) {
    case ext::permanent_delegate:
      return of_nobody(permanent_delegate(extension));
    case ext::mint_close_authority:
      return of_nobody(mint_close_authority(extension));
    case ext::transfer_hook: {
      const auto hook = transfer_hook(extension);
      return hook && !hook->authority && !hook->program;
    }
    case ext::pausable: {
      const auto pause = pausable(extension);
      return pause && !pause->authority && !pause->paused;
    }
    case ext::transfer_fee_config: {
      const auto fee = transfer_fee_config(extension);
      return fee && !fee->config_authority && takes_nothing(fee->older) && takes_nothing(fee->newer);
    }
    case ext::default_account_state: {
      const auto state = default_account_state(extension);
      return state && *state == TokenAccountState::initialized;
    }
    default:
      return false;
  }
}

void expect_extensions(Judgement& judgement, const std::vector<TokenExtension>& found, const ExtensionRules& rules,
                       ExtensionHost host) {
  for (const TokenExtension& extension : found) expect_one(judgement, extension, rules, host);
  for (const ExtensionName& required : rules.require) {
    if (find_extension(found, required.id) != nullptr) continue;
    const std::string what = "extension " + extension_name(required.id);
    judgement.expect(false, {what, "present", "absent"}, what + " is missing");
  }
  if (found.empty()) judgement.note("extensions", "none");
  if (rules.allow.any) judgement.caveat("any extension was accepted");
}

Result<ExtensionName> FieldType<ExtensionName>::read(const Json& value, const Place& place) {
  const auto text = FieldType<std::string>::read(value, place);
  if (!text) return failure(text.error());
  const auto id = extension_id(*text);
  if (id) return ExtensionName{*id};
  return place.malformed("no Token-2022 extension is named \"" + printable(*text) + "\"",
                         suggestion(*text, extension_names()));
}

Json FieldType<ExtensionName>::schema(Placeholders) {
  const Json other_names = {{"type", "string"},
                            {"pattern", "^(PausableConfig|ScaledUiAmountConfig|unknown-[0-9]{1,5})$"}};
  return {{"anyOf", Json::array({Json{{"enum", extension_names()}}, other_names})}};
}

Result<AllowedExtensions> FieldType<AllowedExtensions>::read(const Json& value, const Place& place) {
  if (value == "any") return AllowedExtensions{true, {}};
  auto names = FieldType<std::vector<ExtensionName>>::read(value, place);
  if (!names) return failure(names.error());
  return AllowedExtensions{false, std::move(*names)};
}

Json FieldType<AllowedExtensions>::schema(Placeholders placeholders) {
  return {
      {"anyOf", Json::array({Json{{"const", "any"}}, FieldType<std::vector<ExtensionName>>::schema(placeholders)})}};
}

}  // namespace readyctl
