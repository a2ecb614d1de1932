// role-separation: does each key do one job?
//
// Reads     with `signersOf` the multisig: 1 round; else nothing
// pass      no key has two roles that must be apart, none is denied, and the members of the multisig are those of the
// role fail      a key in two roles; a denied key in any role or among the members; a member without the role, and the
// reverse
#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"
#include "engine/kind.hpp"
#include "facts/accounts.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/expectations.hpp"

namespace readyctl {
namespace {

/// Who does what: addresses by the name of a role.
struct Roles {
  std::map<std::string, std::vector<Pubkey>> holders;
};

}  // namespace

template <>
struct FieldType<Roles> {
  static Result<Roles> read(const Json& value, const Place& place) {
    if (!value.is_object()) return place.malformed("expected an object, found " + std::string(words_for_type(value)));
    Roles roles;
    for (const auto& item : value.items()) {
      if (detail::is_placeholder(item.value(), place)) continue;
      auto holders = FieldType<std::vector<Pubkey>>::read(item.value(), place / item.key());
      if (!holders) return failure(holders.error());
      roles.holders.emplace(item.key(), std::move(*holders));
    }
    return roles;
  }
  static Json schema(Placeholders placeholders) {
    return {{"type", "object"}, {"additionalProperties", FieldType<std::vector<Pubkey>>::schema(placeholders)}};
  }
  static std::string words() {
    return "object of " + FieldType<std::vector<Pubkey>>::words() + ", by the name of a role";
  }
};

namespace {

struct SignersOf {
  Pubkey multisig;
  std::string role;

  static constexpr auto fields() {
    return std::tuple{
        required("multisig", &SignersOf::multisig, "address of the multisig account"),
        required("role", &SignersOf::role, "the role that all of its members have, and nobody else"),
    };
  }
};

struct RoleSeparation {
  Roles roles;
  std::optional<std::vector<std::vector<std::string>>> disjoint;
  std::vector<Pubkey> deny;
  std::optional<SignersOf> signers_of;

  static constexpr auto fields() {
    using Gate = RoleSeparation;
    return std::tuple{
        required("roles", &Gate::roles, "who has which role"),
        optional("disjoint", &Gate::disjoint, "pairs of roles that nobody may have both of; all of them unless said"),
        optional("deny", &Gate::deny, "keys that may have no role: of devnet, demos, reviews"),
        optional("signersOf", &Gate::signers_of, "a multisig whose members have one of the roles"),
    };
  }
  Result<void> validate(const Place& place) const {
    if (place.is_before_substitution()) return {};
    const auto unknown = [&](const std::string& role) { return !roles.holders.contains(role); };
    for (std::size_t i = 0; disjoint && i < disjoint->size(); ++i) {
      const auto& pair = (*disjoint)[i];
      if (pair.size() != 2 || pair[0] == pair[1]) return (place / "disjoint" / i).malformed("names no two roles");
      for (const std::string& role : pair) {
        if (unknown(role)) return (place / "disjoint" / i).malformed("no role is called \"" + printable(role) + "\"");
      }
    }
    if (signers_of && unknown(signers_of->role)) {
      return (place / "signersOf" / "role").malformed("no role is called \"" + printable(signers_of->role) + "\"");
    }
    if (asks_nothing()) {
      return place.malformed(
          "nothing could fail: no two roles that somebody has are to be apart, nobody with a role is denied one, no "
          "multisig is named",
          "name who has two roles or more, or give `deny` or `signersOf`");
    }
    return {};
  }

  bool asks_nothing() const {
    const auto held = std::count_if(roles.holders.begin(), roles.holders.end(),
                                    [](const auto& role) { return !role.second.empty(); });
    const auto is_held = [&](const std::string& role) { return !roles.holders.at(role).empty(); };
    const auto are_held = [&](const auto& pair) { return std::all_of(pair.begin(), pair.end(), is_held); };
    const bool keeps_apart = disjoint ? std::any_of(disjoint->begin(), disjoint->end(), are_held) : held > 1;
    const bool denies = held > 0 && !deny.empty();
    return !keeps_apart && !denies && !signers_of;
  }

  bool must_be_apart(const std::string& a, const std::string& b) const {
    if (!disjoint) return true;
    for (const auto& pair : *disjoint) {
      if ((pair[0] == a && pair[1] == b) || (pair[0] == b && pair[1] == a)) return true;
    }
    return false;
  }
};

void judge_pair(const RoleSeparation& gate, const std::string& a, const std::string& b, Judgement& judgement) {
  const auto& others = gate.roles.holders.at(b);
  for (const Pubkey& key : gate.roles.holders.at(a)) {
    if (std::find(others.begin(), others.end(), key) == others.end()) continue;
    const std::string both = printable(a) + " and " + printable(b);
    if (!gate.must_be_apart(a, b)) {
      judgement.caveat(named(key) + " is " + both);
      continue;
    }
    judgement.expect(false, {"roles of " + to_string(key), "one of " + both, both}, named(key) + " is " + both);
  }
}

void judge_denied(const RoleSeparation& gate, Judgement& judgement) {
  const std::set<Pubkey> denied(gate.deny.begin(), gate.deny.end());
  for (const auto& [role, holders] : gate.roles.holders) {
    for (const Pubkey& key : holders) {
      if (!denied.contains(key)) continue;
      judgement.expect(false, {"role of " + to_string(key), "none", printable(role)},
                       named(key) + " is denied, and is " + printable(role));
    }
  }
}

void judge_roles(const RoleSeparation& gate, Judgement& judgement) {
  const auto& roles = gate.roles.holders;
  for (auto a = roles.begin(); a != roles.end(); ++a) {
    judgement.note("role " + printable(a->first), counted(a->second.size(), "key"));
    for (auto b = std::next(a); b != roles.end(); ++b) judge_pair(gate, a->first, b->first, judgement);
  }
  judge_denied(gate, judgement);
}

void judge_members(const RoleSeparation& gate, const Multisig& multisig, Judgement& judgement) {
  const std::string role = printable(gate.signers_of->role);
  const auto& listed = gate.roles.holders.at(gate.signers_of->role);
  const std::set<Pubkey> holders(listed.begin(), listed.end());
  const std::set<Pubkey> denied(gate.deny.begin(), gate.deny.end());
  std::set<Pubkey> members;
  judgement.rests_on(AccountRequest{gate.signers_of->multisig});
  for (const MultisigMember& member : multisig.members) {
    members.insert(member.key);
    const std::string what = "member " + to_string(member.key);
    judgement.expect(holders.contains(member.key),
                     {what, role, holders.contains(member.key) ? role : "without that role"},
                     "member " + named(member.key) + " of the multisig is not declared as " + role);
    judgement.expect(!denied.contains(member.key),
                     {what, "not denied", denied.contains(member.key) ? "denied" : "not denied"},
                     "member " + named(member.key) + " of the multisig is denied");
  }
  for (const Pubkey& holder : holders) {
    judgement.expect(members.contains(holder),
                     {role + " " + to_string(holder), "member", members.contains(holder) ? "member" : "no member"},
                     named(holder) + " is declared as " + role + " and is no member of the multisig");
  }
}

std::vector<Fact<Multisig>> multisig_of(const RoleSeparation& gate) {
  if (!gate.signers_of) return {};
  return {facts::squads_multisig(gate.signers_of->multisig)};
}

Task<Finding> evaluate(RoleSeparation gate) {
  const auto wanted = multisig_of(gate);
  const std::vector<Multisig> multisigs = co_await each(wanted);
  Judgement judgement;
  judge_roles(gate, judgement);
  for (const Multisig& multisig : multisigs) judge_members(gate, multisig, judgement);
  co_return judgement.conclude("no key has two of the " + counted(gate.roles.holders.size(), "role") +
                               " that must be apart");
}

}  // namespace

GateKind role_separation() {
  return gate_kind<RoleSeparation>(
      {.name = "role-separation",
       .asks = "Does each key do one job?",
       .reads = "the multisig of `signersOf`; one round, or none",
       .passes = "no key has two roles that must be apart, none is denied, and the members of the multisig are exactly "
                 "those of the role",
       .fails =
           "a key in two roles; a denied key in a role, or among the members; a member who is not declared; a declared "
           "one who is no member",
       .why =
           "A key that deploys, votes and reviews is one person's word three times, and one theft away from all of it.",
       .remedy = "give each role a key of its own, and replace the members by a config transaction",
       .valid_for = valid_for_mutable_state},
      evaluate);
}

}  // namespace readyctl
