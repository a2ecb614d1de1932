#include "kinds/custody.hpp"

#include "solana/derive.hpp"
#include "solana/names.hpp"

namespace readyctl {
namespace {

constexpr const char* single_key = "a single key: hot or hardware cannot be told";

}  // namespace

std::string words_for_immutable(const Control& control) {
  const std::string by = control.loader == Loader::v3 ? "" : " by " + std::string(words_for(control.loader));
  return "program " + to_string(control.program) + " is immutable" + by + ": nobody can replace its code";
}

std::string sort_of_authority(const Pubkey& authority) {
  return is_on_curve(authority) ? single_key : "a program-derived address, for which there is no key";
}

Misnamed misnamed_holder(const Pubkey& address) {
  return {to_string(address), "", "do not move the upgrade authority: nobody could use what derives from that address",
          false};
}

Result<void> KeypairCustody::validate(const Place& place) const {
  if (is_on_curve(address)) return {};
  return (place / "address")
      .malformed(to_string(address) + " is a program-derived address: no key pair signs for it",
                 "if it is a vault, name its multisig under \"squads-v4\"");
}

Finding judge_custody(const ImmutableCustody&, const Control& control) {
  Judgement judgement;
  judgement.rests_on(control.seen_in);
  const std::string authority = named(control.authority);
  judgement.expect(!control.authority, {"upgrade authority", "nobody", authority},
                   "program " + to_string(control.program) + " is not immutable: its upgrade authority is " +
                       authority + (control.authority ? ", " + sort_of_authority(*control.authority) : ""));
  return judgement.conclude(words_for_immutable(control));
}

Finding judge_custody(const KeypairCustody& custody, const Control& control) {
  Judgement judgement;
  judgement.rests_on(control.seen_in);
  const std::string expected = to_string(custody.address);
  const std::string otherwise = control.authority
                                    ? "upgrade authority " + named(control.authority) + " is not " + expected +
                                          " but " + sort_of_authority(*control.authority)
                                    : words_for_immutable(control) + ", expected upgrade authority " + expected;
  judgement.expect(control.authority == custody.address, {"upgrade authority", expected, named(control.authority)},
                   otherwise);
  judgement.caveat(single_key);
  return judgement.conclude("upgrade authority is " + expected);
}

}  // namespace readyctl
