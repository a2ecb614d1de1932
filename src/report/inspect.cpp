#include "report/inspect.hpp"

#include <algorithm>

#include "base/hex.hpp"
#include "base/text.hpp"
#include "facts/cluster.hpp"
#include "facts/programs.hpp"
#include "solana/derive.hpp"
#include "solana/names.hpp"

namespace readyctl {
namespace {

bool is_token_program(const Pubkey& owner) { return owner == known::token || owner == known::token_2022; }

// The address whose keeper matters: the authority over code, or the address itself where only a program can sign for
// it.
std::optional<Pubkey> kept_by(const Inspection& inspection) {
  const auto& account = inspection.account;
  if (!account || (account->owner == known::system_program && account->bytes().empty())) return inspection.address;
  if (account->owner != known::loader_v3) return std::nullopt;
  const bool is_program = loader_state(account->bytes()) == LoaderState::program;
  const bool has_code = inspection.programdata && inspection.programdata->owner == known::loader_v3;
  if (is_program && !has_code) return std::nullopt;
  const ByteView data = is_program ? inspection.programdata->bytes() : account->bytes();
  if (const auto programdata = decode_programdata(data)) return programdata->upgrade_authority;
  if (const auto buffer = decode_buffer(data)) return buffer->authority;
  return std::nullopt;
}

std::optional<Pubkey> mint_of(const std::optional<Account>& account) {
  if (!account || !is_token_program(account->owner)) return std::nullopt;
  const auto token = decode_token_account(account->bytes());
  return token ? std::optional(token->mint) : std::nullopt;
}

// On a cluster of one's own, a list of all multisigs is short.
bool is_own_cluster(const std::optional<std::string>& genesis_hash) {
  return genesis_hash && !cluster_of(*genesis_hash);
}

std::string cluster_words(const std::string& genesis_hash) {
  const auto name = cluster_of(genesis_hash);
  return name ? std::string(*name) : "a cluster of its own, genesis hash " + genesis_hash;
}

// A multisig that was named and is not the one is not passed over: whoever named it believes otherwise. Nor is a list
// that nobody asked for.
void add_to_how(const VaultSearchOptions& options, bool is_own, Keeper& keeper) {
  std::string& how = std::visit([](auto& proven) -> std::string& { return proven.how; }, keeper);
  if (is_own && !options.ask_for_all && how.starts_with("found among all ")) {
    how += ", which are listed without being asked for where the cluster is not a public one";
  }
  if (!options.hint || address_of(keeper) == *options.hint) return;
  how += "; what was named, " + to_string(*options.hint) + ", is not it";
}

// The multisig or governance that is inspected itself.
std::optional<Keeper> inspected_keeper(const Inspection& inspection) {
  if (!inspection.account) return std::nullopt;
  const ByteView data = inspection.account->bytes();
  if (inspection.account->owner == known::squads_v4) {
    auto multisig = decode_multisig(data);
    return multisig ? std::optional<Keeper>(ProvenVault{inspection.address, 0, std::move(*multisig), ""})
                    : std::nullopt;
  }
  if (inspection.account->owner == known::squads_v3) {
    auto multisig = decode_squads_v3_multisig(data);
    return multisig ? std::optional<Keeper>(ProvenAuthority{inspection.address, 0, std::move(*multisig), ""})
                    : std::nullopt;
  }
  const auto& seen = inspection.governance;
  if (!seen || !seen->governance || seen->governance_address != inspection.address) return std::nullopt;
  return ProvenGovernance{inspection.address, false, *seen->governance, seen->realm, ""};
}

bool is_realm_account(const Inspection& inspection) {
  return inspection.governance && inspection.governance->realm.address == inspection.address;
}

// Everybody with power over what is inspected who is no key.
std::vector<Pubkey> powerful(const Inspection& inspection) {
  if (inspection.custody && inspection.custody->keeper) return not_keys(*inspection.custody->keeper);
  if (is_realm_account(inspection)) return not_keys(inspection.governance->realm);
  const auto keeper = inspected_keeper(inspection);
  return keeper ? not_keys(*keeper) : std::vector<Pubkey>{};
}

// Multisigs that are known before anything is searched.
void add_known(VaultSearchOptions& options, const Inspection& inspection) {
  const auto keeper = inspection.custody ? inspection.custody->keeper : inspected_keeper(inspection);
  if (keeper) options.known.push_back(address_of(*keeper));
}

// The searches by address, that of the authority included.
Holders all_holders(const Inspection& inspection) {
  Holders all = inspection.holders;
  if (inspection.custody) all.emplace(inspection.custody->address, *inspection.custody);
  return all;
}

std::string role_of(const VaultSearch& search) {
  if (search.governance() != nullptr) return "native treasury";
  return search.authority() != nullptr ? "authority" : "vault";
}

// From whatever is inspected down to the people; none where nobody is behind it.
std::optional<Custodian> chain_of(const Inspection& inspection) {
  const Holders holders = all_holders(inspection);
  if (const auto keeper = inspected_keeper(inspection)) return custodian_keeper(*keeper, holders);
  if (is_realm_account(inspection)) return custodian_realm(inspection.governance->realm, holders);
  const std::optional<Pubkey> kept = kept_by(inspection);
  if (!kept) return std::nullopt;
  if (*kept == inspection.address) {
    const bool is_kept = inspection.custody && inspection.custody->keeper;
    return is_kept ? std::optional(custodian_of(role_of(*inspection.custody), *kept, holders)) : std::nullopt;
  }
  const LoaderState state = loader_state(inspection.account->bytes());
  if (state == LoaderState::buffer) {
    Custodian buffer = custodian_step("buffer", inspection.address, "buffer");
    buffer.holders.push_back(custodian_of("buffer authority", *kept, holders));
    return buffer;
  }
  const bool is_program = state == LoaderState::program;
  Custodian programdata = custodian_step(
      "programdata", is_program ? programdata_address(inspection.address).address : inspection.address, "programdata");
  programdata.holders.push_back(custodian_of("upgrade authority", *kept, holders));
  if (!is_program) return programdata;
  Custodian program = custodian_step("program", inspection.address, "program");
  program.holders.push_back(std::move(programdata));
  return program;
}

Explanation explain_account(const Inspection& inspection) {
  if (inspection.custody && inspection.custody->address == inspection.address && inspection.custody->keeper) {
    return explain_kept(inspection);
  }
  const Pubkey& owner = inspection.account->owner;
  if (loader_of(owner) || owner == inspection.address) return explain_program(inspection);
  if (owner == known::squads_v4) return explain_squads(inspection);
  if (owner == known::squads_v3) return explain_squads_v3(inspection);
  if (owner == known::spl_governance || inspection.governance) return explain_governance(inspection);
  if (is_token_program(owner)) return explain_token(inspection);
  return explain_other(inspection);
}

tl::unexpected<Error> nothing_there(const Inspection& inspection) {
  const std::string curve =
      is_on_curve(inspection.address)
          ? "Its address may be that of a key pair that was never funded, or of an account that was closed"
          : "Its address is off the curve, so a program signs for it; looked for the multisig or governance behind "
            "it, and did not find one: " +
                join(inspection.custody ? inspection.custody->tried : std::vector<std::string>{}, "; ");
  return failure({ErrorKind::unreadable, "account " + to_string(inspection.address), "does not exist", curve});
}

// What every explanation of an account begins and ends with.
void add_frame(Explanation& explanation, const Inspection& inspection) {
  Json& json = explanation.json;
  json["address"] = to_string(inspection.address);
  if (inspection.genesis_hash) {
    json["genesisHash"] = *inspection.genesis_hash;
    explanation.say("cluster", cluster_words(*inspection.genesis_hash));
  }
  json["exists"] = inspection.account.has_value();
  if (!inspection.account) return;
  const Account& account = *inspection.account;
  json["slot"] = account.slot.value;
  json.emplace("owner", to_string(account.owner));
  json.emplace("lamports", account.lamports.value);
  json["executable"] = account.executable;
  json["space"] = account.space;
  explanation.say("read at", "slot " + to_string(account.slot) + ", finalized");
}

void add_account(Explanation& explanation, const Account& account) {
  explanation.say("owner", named(account.owner));
  explanation.say("balance", to_string(account.lamports) + " lamports (" + sol_text(account.lamports) + ")");
}

}  // namespace

Task<Inspection> inspect(Pubkey address, VaultSearchOptions options) {
  Inspection inspection;
  inspection.address = address;
  const auto account = facts::code_account_if_any(address);
  const auto programdata = facts::programdata_with_code(address);
  auto first = co_await all(account, programdata, maybe(facts::genesis_hash()));
  inspection.account = std::move(std::get<0>(first));
  inspection.programdata = std::move(std::get<1>(first));
  if (std::get<2>(first)) inspection.genesis_hash = *std::get<2>(first);
  const VaultSearchOptions given = options;
  options.ask_for_all |= is_own_cluster(inspection.genesis_hash);

  if (const auto mint = mint_of(inspection.account)) {
    const Pubkey mint_address = *mint;
    const std::optional<Account> mint_account = co_await facts::account_if_any(mint_address);
    inspection.mint = mint_account;
  }
  const std::optional<VoteOf> voted = vote_of(inspection.account);
  if (voted) {
    const VoteOf which = *voted;
    const Account account_read = *inspection.account;
    const SquadsVote vote = co_await squads_vote(account_read, which);
    inspection.vote = vote;
    co_return inspection;
  }
  const std::optional<Pubkey> kept = kept_by(inspection);
  if (kept && !is_on_curve(*kept)) {
    const Pubkey vault = *kept;
    const VaultSearch custody = co_await search_multisig(vault, options);
    inspection.custody = custody;
    auto& keeper = inspection.custody->keeper;
    if (keeper) add_to_how(given, is_own_cluster(inspection.genesis_hash), *keeper);
  }
  const bool may_be_votes = inspection.account && !inspection.custody;
  if (may_be_votes) {
    const Account account_read = *inspection.account;
    Task<std::optional<SquadsV3Seen>> reading_v3 = squads_v3_seen(account_read);
    const std::optional<SquadsV3Seen> squads_v3 = co_await reading_v3;
    inspection.squads_v3 = squads_v3;
    Task<std::optional<GovernanceSeen>> reading = governance_seen(account_read);
    const std::optional<GovernanceSeen> governance = co_await reading;
    inspection.governance = governance;
  }
  add_known(options, inspection);
  const std::vector<Pubkey> behind = powerful(inspection);
  const Holders holders = co_await search_holders(behind, options);
  inspection.holders = holders;
  const std::optional<Keeper> itself = inspected_keeper(inspection);
  if (!itself || !std::holds_alternative<ProvenVault>(*itself)) co_return inspection;
  const ProvenVault top = std::get<ProvenVault>(*itself);
  const PendingTransactions pending = co_await pending_transactions(top.multisig_address, top.multisig);
  inspection.pending = pending;
  co_return inspection;
}

Result<Explanation> explain(const Inspection& inspection) {
  const bool is_kept = inspection.custody && inspection.custody->keeper;
  if (!inspection.account && !is_kept) return nothing_there(inspection);
  Explanation explanation = explain_account(inspection);
  if (const auto chain = chain_of(inspection)) explain_chain(explanation, *chain);
  if (inspection.account) add_account(explanation, *inspection.account);
  add_frame(explanation, inspection);
  return explanation;
}

Explanation explain_unknown(const Inspection& inspection, const std::string& why) {
  constexpr std::size_t shown = 64;
  const Account& account = *inspection.account;
  const ByteView first = account.bytes().first(std::min(account.bytes().size(), shown));
  Explanation explanation;
  explanation.kind = "unknown";
  explanation.summary = to_string(inspection.address) + " is an account of " + named(account.owner) +
                        (why.empty() ? ", whose data readyctl does not know." : ": " + why + ".");
  explanation.say("size", counted(account.space, "byte"));
  explanation.say("first bytes", first.empty() ? "none" : to_hex(first));
  explanation.json["firstBytes"] = to_hex(first);
  return explanation;
}

}  // namespace readyctl
