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

// The multisig whose members matter: the one that is inspected, or the one behind the authority.
std::optional<ProvenVault> multisig_behind(const Inspection& inspection) {
  if (inspection.custody) return inspection.custody->proven;
  if (!inspection.account || inspection.account->owner != known::squads_v4) return std::nullopt;
  auto multisig = decode_multisig(inspection.account->bytes());
  if (!multisig) return std::nullopt;
  return ProvenVault{inspection.address, 0, std::move(*multisig), ""};
}

bool is_multisig(const Inspection& inspection) { return !inspection.custody && multisig_behind(inspection); }

// The searches by address, that of the authority included.
Holders all_holders(const Inspection& inspection) {
  Holders all = inspection.holders;
  if (inspection.custody) all.emplace(inspection.custody->address, *inspection.custody);
  return all;
}

Custodian step(std::string role, const Pubkey& address, std::string kind) {
  return {.role = std::move(role),
          .address = address,
          .kind = std::move(kind),
          .words = "",
          .facts = Json::object(),
          .holders = {}};
}

// From whatever is inspected down to the people; none where nobody is behind it.
std::optional<Custodian> chain_of(const Inspection& inspection) {
  const Holders holders = all_holders(inspection);
  if (is_multisig(inspection)) {
    return custodian_multisig(inspection.address, multisig_behind(inspection)->multisig, holders);
  }
  const std::optional<Pubkey> kept = kept_by(inspection);
  if (!kept) return std::nullopt;
  if (*kept == inspection.address) {
    const bool is_vault = inspection.custody && inspection.custody->proven;
    return is_vault ? std::optional(custodian_of("vault", *kept, holders)) : std::nullopt;
  }
  const LoaderState state = loader_state(inspection.account->bytes());
  if (state == LoaderState::buffer) {
    Custodian buffer = step("buffer", inspection.address, "buffer");
    buffer.holders.push_back(custodian_of("buffer authority", *kept, holders));
    return buffer;
  }
  const bool is_program = state == LoaderState::program;
  Custodian programdata = step(
      "programdata", is_program ? programdata_address(inspection.address).address : inspection.address, "programdata");
  programdata.holders.push_back(custodian_of("upgrade authority", *kept, holders));
  if (!is_program) return programdata;
  Custodian program = step("program", inspection.address, "program");
  program.holders.push_back(std::move(programdata));
  return program;
}

Explanation explain_account(const Inspection& inspection) {
  if (inspection.custody && inspection.custody->address == inspection.address && inspection.custody->proven) {
    return explain_vault(inspection);
  }
  const Pubkey& owner = inspection.account->owner;
  if (loader_of(owner) || owner == inspection.address) return explain_program(inspection);
  if (owner == known::squads_v4) return explain_squads(inspection);
  if (is_token_program(owner)) return explain_token(inspection);
  return explain_other(inspection);
}

tl::unexpected<Error> nothing_there(const Inspection& inspection) {
  const std::string curve =
      is_on_curve(inspection.address)
          ? "Its address may be that of a key pair that was never funded, or of an account that was closed"
          : "Its address is off the curve, so a program signs for it; looked for the Squads v4 multisig of which it "
            "would be a vault, and did not find one: " +
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
  }
  const std::optional<ProvenVault> behind = multisig_behind(inspection);
  if (!behind) co_return inspection;
  const ProvenVault top = *behind;
  const Holders holders = co_await search_holders(top, options);
  inspection.holders = holders;
  if (!is_multisig(inspection)) co_return inspection;
  const PendingTransactions pending = co_await pending_transactions(top.multisig_address, top.multisig);
  inspection.pending = pending;
  co_return inspection;
}

Result<Explanation> explain(const Inspection& inspection) {
  const bool is_vault = inspection.custody && inspection.custody->proven;
  if (!inspection.account && !is_vault) return nothing_there(inspection);
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
