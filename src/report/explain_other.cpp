// Accounts of the runtime: wallets, nonces, sysvars, features, lookup tables. Everything else is unknown.
#include "base/text.hpp"
#include "base/time.hpp"
#include "report/inspect.hpp"
#include "solana/derive.hpp"
#include "solana/feature.hpp"
#include "solana/names.hpp"
#include "solana/system_accounts.hpp"

namespace readyctl {
namespace {

constexpr std::int64_t last_second_of_9999 = 253'402'300'799;

Explanation explain_nonce(const Inspection& inspection, const NonceAccount& nonce) {
  Explanation explanation;
  explanation.kind = "nonce";
  explanation.summary =
      to_string(inspection.address) + " is a durable nonce" + (nonce.initialized ? "." : " that is not initialized.");
  explanation.json = {
      {"authority", to_string(nonce.authority)}, {"nonce", to_string(nonce.nonce)}, {"legacy", nonce.legacy}};
  if (!nonce.initialized) return explanation;
  explanation.say("nonce authority", named(nonce.authority));
  explanation.say("nonce", to_string(nonce.nonce));
  if (nonce.legacy) explanation.say("version", "legacy: durable transactions may no longer use it");
  explanation.dangers.emplace_back(
      "a transaction that was signed with this nonce does not expire until the nonce is advanced");
  return explanation;
}

Explanation explain_wallet(const Inspection& inspection) {
  Explanation explanation;
  explanation.kind = "system-account";
  const bool on_curve = is_on_curve(inspection.address);
  explanation.summary = named(inspection.address) + " is a system account: it holds lamports and nothing else.";
  explanation.json["onCurve"] = on_curve;
  explanation.say(
      "curve", on_curve ? "on the curve: a key may hold it" : "off the curve: no key holds it, a program signs for it");
  if (!inspection.custody) return explanation;
  explanation.say("whose it is", "not known; looked for the multisig or governance behind it in");
  for (const std::string& tried : inspection.custody->tried) explanation.go_on(tried);
  explanation.json["custody"] = {{"kind", "unknown"}, {"tried", inspection.custody->tried}};
  return explanation;
}

Explanation explain_system(const Inspection& inspection) {
  const ByteView data = inspection.account->bytes();
  if (data.empty()) return explain_wallet(inspection);
  const auto nonce = data.size() == nonce_account_bytes ? decode_nonce(data) : malformed("", "");
  return nonce ? explain_nonce(inspection, *nonce) : explain_unknown(inspection, "");
}

std::string clock_words(const Clock& clock) {
  const bool is_time = clock.unix_timestamp >= 0 && clock.unix_timestamp <= last_second_of_9999;
  return "slot " + to_string(clock.slot) + ", epoch " + std::to_string(clock.epoch) + ", " +
         (is_time ? to_string(Time{clock.unix_timestamp * 1000})
                  : std::to_string(clock.unix_timestamp) + " s since 1970");
}

Explanation explain_sysvar(const Inspection& inspection) {
  const ByteView data = inspection.account->bytes();
  Explanation explanation = explain_unknown(inspection, "");
  explanation.kind = "sysvar";
  explanation.summary = named(inspection.address) + " is a sysvar: the cluster itself keeps it.";
  if (inspection.address == known::clock) {
    if (const auto clock = decode_clock(data)) explanation.say("clock", clock_words(*clock));
  }
  if (inspection.address == known::rent) {
    if (const auto rent = decode_rent(data)) {
      explanation.say("rent", "an account without data must hold " + to_string(minimum_balance(*rent, 0)) +
                                  " lamports, one of 165 bytes " + to_string(minimum_balance(*rent, 165)));
    }
  }
  return explanation;
}

Explanation explain_feature(const Inspection& inspection) {
  const auto feature = decode_feature(inspection.account->bytes());
  if (!feature) return explain_unknown(inspection, feature.error().what);
  const std::string state =
      feature->activated_at ? "active since slot " + to_string(*feature->activated_at) : "pending: not active yet";
  Explanation explanation;
  explanation.kind = "feature";
  explanation.summary = to_string(inspection.address) + " is a feature of the runtime, " + state + ".";
  explanation.json["activatedAt"] = feature->activated_at ? Json(feature->activated_at->value) : Json();
  return explanation;
}

Explanation explain_lookup_table(const Inspection& inspection) {
  const auto table = decode_lookup_table(inspection.account->bytes());
  if (!table) return explain_unknown(inspection, table.error().what);
  Explanation explanation;
  explanation.kind = "address-lookup-table";
  explanation.summary = to_string(inspection.address) + " is a lookup table of " +
                        std::to_string(table->addresses.size()) + " addresses.";
  explanation.say("authority", table->authority ? named(*table->authority) : "nobody: the table is frozen");
  explanation.say("state",
                  table->deactivated_at ? "deactivated at slot " + to_string(*table->deactivated_at) : "active");
  explanation.json["authority"] = table->authority ? Json(to_string(*table->authority)) : Json();
  explanation.json["addresses"] = Json::array();
  std::size_t number = 0;
  for (const Pubkey& address : table->addresses) {
    explanation.say("address " + std::to_string(number++), named(address));
    explanation.json["addresses"].push_back(to_string(address));
  }
  return explanation;
}

}  // namespace

Explanation explain_other(const Inspection& inspection) {
  const Pubkey& owner = inspection.account->owner;
  if (owner == known::system_program) return explain_system(inspection);
  if (owner == known::sysvar_owner) return explain_sysvar(inspection);
  if (owner == known::feature_program) return explain_feature(inspection);
  if (owner == known::address_lookup_table) return explain_lookup_table(inspection);
  return explain_unknown(inspection, "");
}

}  // namespace readyctl
