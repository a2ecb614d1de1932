// The list of upgrades that a project keeps beside its releases: which transaction put which code there.
//
//     {"apiVersion": "readyctl.upgrades/v1", "program": "<address>", "covers": ["deploy", "upgrade"],
//      "upgrades": [{"signature": "<base58>", "slot": "<u64>", "executableHash": "<hex>", "commit": "<40 hex>"}]}
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "facts/field_types.hpp"
#include "facts/git.hpp"
#include "solana/loader_instructions.hpp"

namespace readyctl {

/// What a list of upgrades can hold, by the name that it has there.
struct RetainedAction {
  LoaderAction action = LoaderAction::upgrade;
};

template <>
struct FieldType<RetainedAction> {
  static Result<RetainedAction> read(const Json& value, const Place& place) {
    const auto text = FieldType<std::string>::read(value, place);
    if (!text) return failure(text.error());
    for (const auto& [name, action] : actions()) {
      if (*text == name) return RetainedAction{action};
    }
    return place.malformed("no action is named \"" + printable(*text) + "\"", suggestion(*text, names()));
  }
  static Json schema(Placeholders) { return {{"enum", names()}}; }
  static std::string words() { return join(names(), ", "); }

 private:
  static std::vector<std::pair<std::string, LoaderAction>> actions() {
    return {{"deploy", LoaderAction::deploy},
            {"upgrade", LoaderAction::upgrade},
            {"extend", LoaderAction::extend},
            {"set-authority", LoaderAction::set_authority}};
  }
  static std::vector<std::string> names() {
    std::vector<std::string> names;
    for (const auto& [name, action] : actions()) names.push_back(name);
    return names;
  }
};

struct RetainedUpgrade {
  std::string signature;
  Slot slot;
  std::optional<RetainedAction> action;
  std::optional<Sha256> executable_hash;
  std::optional<CommitId> commit;

  static constexpr auto fields() {
    using Entry = RetainedUpgrade;
    return std::tuple{
        required("signature", &Entry::signature, "of the transaction, base58"),
        required("slot", &Entry::slot, "in which it was executed"),
        optional("action", &Entry::action, "what it did; unless said, anything that the list covers"),
        optional("executableHash", &Entry::executable_hash, "of the code that it put there"),
        optional("commit", &Entry::commit, "from which that code was built"),
    };
  }
};

struct RetainedUpgrades {
  std::string api_version;
  Pubkey program;
  std::vector<RetainedAction> covers;
  std::vector<RetainedUpgrade> upgrades;

  static constexpr auto fields() {
    using List = RetainedUpgrades;
    return std::tuple{
        required("apiVersion", &List::api_version, "\"readyctl.upgrades/v1\""),
        required("program", &List::program, "the program whose upgrades these are"),
        optional("covers", &List::covers,
                 "which actions the list holds: deploy and upgrade, and others beside them; these two unless said"),
        required("upgrades", &List::upgrades, "one entry a transaction, in any order"),
    };
  }
  Result<void> validate(const Place& place) const {
    if (api_version != "readyctl.upgrades/v1") {
      return (place / "apiVersion")
          .malformed("expected \"readyctl.upgrades/v1\", found \"" + printable(api_version) + "\"");
    }
    for (const LoaderAction needed : {LoaderAction::deploy, LoaderAction::upgrade}) {
      if (covers_action(needed)) continue;
      return (place / "covers")
          .malformed("leaves out what replaces the code", "name \"deploy\" and \"upgrade\", and others beside them");
    }
    for (std::size_t i = 0; i < upgrades.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (upgrades[i].signature != upgrades[j].signature) continue;
        return (place / "upgrades" / i / "signature").malformed("stands in the list twice");
      }
    }
    return {};
  }

  /// A change of the authority counts whether the new one had to agree or not.
  bool covers_action(LoaderAction action) const {
    if (action == LoaderAction::set_authority_checked) action = LoaderAction::set_authority;
    if (covers.empty()) return action == LoaderAction::deploy || action == LoaderAction::upgrade;
    return std::any_of(covers.begin(), covers.end(), [&](const RetainedAction& one) { return one.action == action; });
  }
};

/// Reads one. Errors (kind `malformed`, with file, line and pointer): no JSON; an unknown key; a key that is missing; a
/// value that its field refuses; another version; a list without deployments or upgrades; a transaction that stands in
/// it twice.
Result<RetainedUpgrades> parse_upgrades(std::string text, std::string name);

/// The JSON Schema of such a list.
Json upgrades_schema();

}  // namespace readyctl
