// Custody by a Squads v3 multisig: the authority is one of its authorities, and enough people must agree.
//
// Version 3 has no time lock, no roles and no config authority: every member may do everything, and what is approved
// may be executed at once. pending-proposals reads what is open. Authority 0, the Ms account itself, signs for nothing
// but the program's own instructions, so that an upgrade authority there is lost. (squads-mpl lib.rs, add_instruction
// and execute_transaction: InvalidAuthorityIndex)
#include "solana/squads_v3.hpp"

#include "base/text.hpp"
#include "kinds/custody_squads.hpp"
#include "solana/derive.hpp"
#include "solana/names.hpp"

namespace readyctl {
namespace {

constexpr std::uint32_t indexes_tried = 256;
constexpr std::uint8_t everything = 7;

std::string words_for_authority(const SquadsV3Custody& custody) {
  return "authority " + std::to_string(custody.authority_index) + " of Squads v3 multisig " +
         to_string(custody.multisig) + " (" +
         to_string(squads_v3_authority_address(custody.multisig, custody.authority_index)) + ")";
}

std::string not_the_authority(const SquadsV3Custody& custody, const Control& control) {
  const std::string expected = words_for_authority(custody);
  if (!control.authority) return words_for_immutable(control) + ", expected upgrade authority " + expected;
  const Pubkey& authority = *control.authority;
  if (authority == custody.multisig) {
    return "upgrade authority " + to_string(authority) + " is the account of the multisig itself and not " + expected +
           ": that signs for nothing but changes of the multisig, so nobody can upgrade the program any more";
  }
  if (const auto other = squads_v3_authority_index_of(authority, custody.multisig, indexes_tried)) {
    return "upgrade authority " + to_string(authority) + " is authority " + std::to_string(*other) +
           " of the same multisig, expected " + expected;
  }
  return "upgrade authority " + named(authority) + " is not " + expected + " but " + sort_of_authority(authority);
}

// The multisig, or a sentence about what is there instead.
tl::expected<SquadsV3Multisig, std::string> multisig_in(const Pubkey& address, const std::optional<Account>& account) {
  const std::string name = "multisig " + to_string(address);
  if (!account) return tl::unexpected<std::string>(name + " does not exist");
  if (account->owner != known::squads_v3) {
    const bool may_be_v4 = account->owner == known::squads_v4;
    const std::string hint = may_be_v4 ? "; declare it under \"squads-v4\"" : "";
    return tl::unexpected<std::string>(name + " is owned by " + named(account->owner) + ", not by " +
                                       named(known::squads_v3) + hint);
  }
  auto multisig = decode_squads_v3_multisig(account->bytes());
  if (!multisig) {
    return tl::unexpected<std::string>(to_string(address) + " is no multisig: " + multisig.error().what);
  }
  return std::move(*multisig);
}

// The same people as version 4 would list them: all may do everything.
Multisig with_all_permissions(const SquadsV3Multisig& from) {
  Multisig multisig;
  multisig.threshold = from.threshold;
  for (const Pubkey& member : from.members) multisig.members.push_back({member, {everything}});
  return multisig;
}

SquadsVault rules_of(const SquadsV3Custody& custody) {
  SquadsVault rules;
  rules.min_members = custody.min_members;
  rules.min_threshold = custody.min_threshold;
  rules.min_threshold_ratio = custody.min_threshold_ratio;
  rules.members = custody.members;
  return rules;
}

// A member off the curve is no person, and who is behind it is not followed here.
void judge_holders(const std::vector<Pubkey>& members, Judgement& judgement) {
  for (const Pubkey& member : members) {
    if (is_on_curve(member)) continue;
    judgement.expect(false, {"member " + named(member), "a key", "a program-derived address"},
                     "member " + named(member) + " is off the curve: who is behind it is not known");
  }
}

}  // namespace

Result<void> SquadsV3Custody::validate(const Place& place) const {
  if (authority_index == 0) {
    return (place / "authorityIndex")
        .malformed(
            "is 0, the account of the multisig itself, which signs for nothing but changes of the multisig: nobody "
            "could upgrade the program",
            "name the authority that is meant; the default vault is 1");
  }
  return check_list(members, "members", place);
}

Finding judge_custody(const SquadsV3Custody& custody, const Control& control, const std::optional<Account>& multisig) {
  Judgement judgement;
  judgement.rests_on(control.seen_in);
  const auto decoded = multisig_in(custody.multisig, multisig);
  const bool holds = control.authority == squads_v3_authority_address(custody.multisig, custody.authority_index);
  if (decoded) {
    judgement.expect(holds, {"upgrade authority", words_for_authority(custody), named(control.authority)},
                     holds ? "" : not_the_authority(custody, control));
  } else {
    judgement.note("upgrade authority", named(control.authority));
    judgement.misnames(misnamed_holder(custody.multisig));
  }
  judgement.rests_on(AccountRequest{custody.multisig});
  judgement.expect(decoded.has_value(),
                   {"multisig " + to_string(custody.multisig), "a Squads v3 multisig",
                    decoded ? "a Squads v3 multisig" : decoded.error()},
                   decoded ? "" : decoded.error());
  if (!decoded) return judgement.conclude("");

  judge_people(rules_of(custody), with_all_permissions(*decoded), "", judgement);
  judge_holders(decoded->members, judgement);
  judgement.note("time lock", "none: Squads v3 has none");
  judgement.note("last transaction", std::to_string(decoded->transaction_index));
  judgement.note("void up to transaction", std::to_string(decoded->change_index));
  judgement.caveat("Squads v3 has no time lock: what is approved may be executed at once");
  return judgement.conclude("upgrade authority is " + words_for_authority(custody) + ": " +
                            std::to_string(decoded->threshold) + " of " + counted(decoded->members.size(), "member"));
}

}  // namespace readyctl
