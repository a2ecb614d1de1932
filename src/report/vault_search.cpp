#include "report/vault_search.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "facts/history.hpp"
#include "facts/network_text.hpp"
#include "solana/anchor.hpp"
#include "solana/derive.hpp"
#include "solana/names.hpp"
#include "solana/squads_vaults.hpp"

namespace readyctl {
namespace {

constexpr std::size_t transactions_at_once = 8;  // most vaults meet their multisig in the latest few
constexpr std::size_t few_multisigs = 1000;      // so many are tried with all usual vaults; of more, the first two
// Every account of a transaction may be the instance of SPL Governance for every other one; in a large one only the
// default instance is tried.
constexpr std::size_t instance_accounts_max = 40;

// Where a VaultTransaction without ephemeral signers has the first key of its message, which is who pays for it: the
// vault, in every transaction that the official client makes. (Squads v4 state/vault_transaction.rs)
//
//   0  discriminator   72  u64  index   82  u8   vault bump        87  u8 × 3  signers, writable ones
//   8  multisig        80  u8   bump    83  u32  number of         90  u32     number of keys
//  40  creator         81  u8   vault            ephemeral bumps   94  first key …
constexpr std::uint32_t multisig_offset = 8;
constexpr std::uint32_t first_key_offset = 94;
static_assert(8 + 32 + 32 + 8 + 3 + 4 + 3 + 4 == first_key_offset);

// One way of searching: what it found, or what to say of it.
struct Step {
  std::optional<Keeper> keeper;
  std::string tried;
};

Step in_vain(std::string tried) { return {std::nullopt, std::move(tried)}; }

Bytes discriminator(std::string_view name) {
  const Discriminator bytes = anchor_account_discriminator(name);
  return {bytes.begin(), bytes.end()};
}

Bytes bytes_of(const Pubkey& key) { return {key.bytes.begin(), key.bytes.end()}; }

ProgramQuery vault_transactions_of(const Pubkey& vault) {
  return {known::squads_v4,
          {{0, discriminator("VaultTransaction")}, {first_key_offset, bytes_of(vault)}},
          Slice{multisig_offset, 32}};
}

// Nothing in these accounts holds the address of a vault, an authority or a treasury, so nothing narrows them down.
ProgramQuery all_multisigs() { return {known::squads_v4, {{0, discriminator("Multisig")}}, Slice{0, 0}}; }
ProgramQuery all_v3_multisigs() { return {known::squads_v3, {{0, discriminator("Ms")}}, Slice{0, 0}}; }
ProgramQuery all_governances(GovernanceAccount type) {
  return {known::spl_governance, {{0, Bytes{static_cast<std::uint8_t>(type)}}}, Slice{0, 0}};
}
constexpr std::array governance_types{
    GovernanceAccount::governance_v1,      GovernanceAccount::program_governance_v1,
    GovernanceAccount::mint_governance_v1, GovernanceAccount::token_governance_v1,
    GovernanceAccount::governance_v2,      GovernanceAccount::program_governance_v2,
    GovernanceAccount::mint_governance_v2, GovernanceAccount::token_governance_v2,
};

// Reading the candidates is the second half of the proof. One that is not what it should be proves nothing, and ends
// nothing: whoever sends a transaction can name any account in it.
Task<Step> prove(std::vector<Candidate> candidates, std::string how) {
  std::vector<std::string> tried;
  for (const Candidate& candidate : candidates) {
    const Pubkey address = candidate.account;
    const std::optional<Account> account = co_await facts::account_if_any(address);
    auto keeper = keeper_of(candidate, account, how);
    if (keeper) co_return Step{std::move(*keeper), ""};
    tried.push_back(keeper.error().what);
  }
  co_return in_vain(join(tried, "; "));
}

// The step, or why it did not help: what its candidates are instead comes first.
Step or_in_vain(Step step, const std::string& otherwise) {
  if (!step.keeper) step.tried = otherwise + (step.tried.empty() ? "" : "; " + step.tried);
  return step;
}

Task<Step> from_hint(Pubkey address, Pubkey hint) {
  std::vector<Candidate> candidates = multisigs_behind(address, {hint}, vaults_max);
  if (candidates.empty()) {
    const std::optional<Account> account = co_await facts::account_if_any(hint);
    if (account) add_treasury(candidates, address, account->owner, hint);
  }
  const bool is_derived = !candidates.empty();
  Task<Step> proof = prove(std::move(candidates), "named beforehand");
  const Step step = co_await proof;
  co_return or_in_vain(step, "what was named, " + to_string(hint) +
                                 (is_derived ? ", which is not what it should be"
                                             : ": none of its vaults 0 to 255 is this address, nor is it an authority "
                                               "of it or its native treasury"));
}

std::vector<Fact<Reading<TransactionSeen>>> next_transactions(const std::vector<SignatureSeen>& signatures,
                                                              std::size_t begin) {
  std::vector<Fact<Reading<TransactionSeen>>> wanted;
  const std::size_t end = std::min(signatures.size(), begin + transactions_at_once);
  for (std::size_t i = begin; i < end; ++i) wanted.push_back(maybe(facts::transaction(signatures[i].signature)));
  return wanted;
}

// The instances of SPL Governance that a transaction may have called.
std::vector<Pubkey> instances_in(const TransactionSeen& transaction) {
  std::vector<Pubkey> programs{known::spl_governance};
  if (transaction.accounts.size() > instance_accounts_max) return programs;
  for (const Pubkey& account : transaction.accounts) {
    if (label_of(account).empty()) programs.push_back(account);
  }
  return programs;
}

// What was seen of a history, over several rounds.
struct HistorySeen {
  Pubkey address;
  std::set<Pubkey> accounts = {};
  std::set<std::pair<Pubkey, Pubkey>> treasuries = {};  // instance and governance
  std::size_t derivations = 0;
  std::size_t read = 0;
  std::size_t unread = 0;

  bool is_cut() const { return derivations >= history_derivations_max; }

  // Among the accounts of these transactions that nobody knows by name.
  std::vector<Candidate> add(const std::vector<Reading<TransactionSeen>>& transactions) {
    std::vector<Candidate> candidates;
    for (const Reading<TransactionSeen>& transaction : transactions) {
      ++(transaction ? read : unread);
      if (transaction) add(*transaction, candidates);
    }
    return candidates;
  }

  // Each account and each pair once. An account that was seen without its instance is tried again where both are named.
  void add(const TransactionSeen& transaction, std::vector<Candidate>& candidates) {
    const std::vector<Pubkey> programs = instances_in(transaction);
    for (const Pubkey& account : transaction.accounts) {
      if (is_cut()) return;
      if (!label_of(account).empty()) continue;
      if (accounts.insert(account).second) {
        add_multisig(candidates, address, account, usual_vaults);
        derivations += std::size_t{2} * usual_vaults;
      }
      if (is_on_curve(account)) continue;  // no governance, whose address is derived
      for (const Pubkey& program : programs) {
        if (!treasuries.insert({program, account}).second) continue;
        add_treasury(candidates, address, program, account);
        ++derivations;
      }
    }
  }

  std::string words(std::size_t listed) const {
    if (read + unread == 0) return "its history: the endpoint lists no transaction of it";
    return "its history: " + counted(read, "transaction") + " read" +
           (unread > 0 ? ", " + std::to_string(unread) + " not to be had" : "") + ", " +
           counted(accounts.size(), "account") +
           " named in them, none of which has this address among its vaults or authorities 0 to " +
           std::to_string(usual_vaults - 1) + " or as its native treasury" + words_for_cut(listed);
  }

  std::string words_for_cut(std::size_t listed) const {
    if (is_cut()) {
      return "; they name more accounts than are tried, so the search was cut there, and whether another account or an "
             "older transaction leads further is not established";
    }
    if (listed < history_searched_max) return "";
    return "; no more than its latest " + std::to_string(history_searched_max) +
           " transactions are looked at, and whether an older one leads further is not established";
  }
};

Task<Step> from_history(Pubkey address, Reading<std::vector<SignatureSeen>> signatures) {
  if (!signatures) co_return in_vain("its history: " + words_for(signatures.error()));
  HistorySeen seen{address};
  std::vector<std::string> impostors;
  for (std::size_t begin = 0; begin < signatures->size() && !seen.is_cut(); begin += transactions_at_once) {
    std::vector<Fact<Reading<TransactionSeen>>> wanted = next_transactions(*signatures, begin);
    const std::vector<Reading<TransactionSeen>> transactions = co_await each(std::move(wanted));
    Task<Step> proof = prove(seen.add(transactions), "found in its history");
    const Step step = co_await proof;
    if (step.keeper) co_return step;
    if (!step.tried.empty()) impostors.push_back(step.tried);
  }
  co_return or_in_vain(in_vain(join(impostors, "; ")), seen.words(signatures->size()));
}

std::vector<Pubkey> multisigs_of(const std::vector<FoundAccount>& vault_transactions) {
  std::set<Pubkey> multisigs;
  for (const FoundAccount& found : vault_transactions) {
    Pubkey key;
    if (found.data.size() != key.bytes.size()) continue;
    std::copy(found.data.begin(), found.data.end(), key.bytes.begin());
    multisigs.insert(key);
  }
  return {multisigs.begin(), multisigs.end()};
}

// What to say where none of these multisigs is the one.
std::string none_of(std::size_t multisigs) {
  if (multisigs <= few_paying_multisigs) return ", none of a multisig with this vault";
  const std::string vaults =
      " has this address among its vaults or authorities 0 to " + std::to_string(usual_vaults - 1);
  const std::string all = " of " + std::to_string(multisigs) + " multisigs";
  if (multisigs <= paying_multisigs_max) return all + ", none of which" + vaults;
  return all + ", of which " + std::to_string(paying_multisigs_max) + " were tried and none" + vaults +
         "; the search was cut there, and whether one of the others has is not established";
}

Task<Step> from_vault_transactions(Pubkey vault) {
  const ProgramQuery query = vault_transactions_of(vault);
  const Reading<std::vector<FoundAccount>> found = co_await maybe(facts::program_accounts(query));
  if (!found) co_return in_vain("Squads vault transactions that it pays for: " + words_for(found.error()));
  std::vector<Pubkey> multisigs = multisigs_of(*found);
  const std::string none = none_of(multisigs.size());
  const unsigned indexes = multisigs.size() <= few_paying_multisigs ? vaults_max : usual_vaults;
  if (multisigs.size() > paying_multisigs_max) multisigs.resize(paying_multisigs_max);
  std::vector<Candidate> candidates = multisigs_behind(vault, multisigs, indexes);
  Task<Step> proof = prove(std::move(candidates), "found among the vault transactions that it pays for");
  const Step step = co_await proof;
  co_return or_in_vain(
      step, "Squads vault transactions that it pays for: " + counted(found->size(), "account") + " found" + none);
}

// One of the lists of everything there is.
struct AllThereIs {
  std::string of;   ///< "Squads v4 multisigs"
  std::string has;  ///< what none of them has: "this address among its vaults 0 to 15"
  std::vector<Candidate> candidates;
};

using Listing = Reading<std::vector<FoundAccount>>;

AllThereIs all_multisigs_in(const Pubkey& address, const std::string& of, const std::string& parts,
                            const std::vector<FoundAccount>& found) {
  std::vector<Pubkey> multisigs;
  for (const FoundAccount& one : found) multisigs.push_back(one.address);
  // The first authority of version 3 has index 1.
  const unsigned indexes = found.size() <= few_multisigs ? usual_vaults : 2;
  return {of, "this address among its " + parts + " 0 to " + std::to_string(indexes - 1),
          multisigs_behind(address, multisigs, indexes)};
}

AllThereIs all_governances_in(const Pubkey& address, const std::vector<FoundAccount>& found) {
  AllThereIs all{"governances of " + named(known::spl_governance), "this address as its native treasury", {}};
  for (const FoundAccount& one : found) add_treasury(all.candidates, address, known::spl_governance, one.address);
  return all;
}

AllThereIs all_in(std::size_t list, const Pubkey& address, const std::vector<FoundAccount>& found) {
  if (list == 0) return all_multisigs_in(address, "Squads v4 multisigs", "vaults", found);
  if (list == 1) return all_multisigs_in(address, "Squads v3 multisigs", "authorities", found);
  return all_governances_in(address, found);
}

// Every sort of governance is a list of its own; together they are one.
std::vector<Listing> three_lists(const std::vector<Listing>& answers) {
  std::vector<Listing> lists{answers[0], answers[1], answers[2]};
  for (std::size_t i = 3; i < answers.size() && lists[2]; ++i) {
    if (!answers[i]) lists[2] = answers[i];
    if (answers[i]) lists[2]->insert(lists[2]->end(), answers[i]->begin(), answers[i]->end());
  }
  return lists;
}

std::vector<Fact<Listing>> everything() {
  std::vector<Fact<Listing>> wanted{maybe(facts::program_accounts(all_multisigs())),
                                    maybe(facts::program_accounts(all_v3_multisigs()))};
  for (const GovernanceAccount type : governance_types) {
    wanted.push_back(maybe(facts::program_accounts(all_governances(type))));
  }
  return wanted;
}

Task<Step> from_everything(Pubkey address) {
  const std::vector<Fact<Listing>> wanted = everything();
  const std::vector<Listing> answers = co_await each(wanted);
  const std::vector<Listing> lists = three_lists(answers);
  std::vector<std::string> tried;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    AllThereIs all = all_in(i, address, lists[i].value_or(std::vector<FoundAccount>{}));
    Task<Step> proof = prove(std::move(all.candidates), "found among all " + all.of);
    const Step step = co_await proof;
    if (step.keeper) co_return step;
    const std::string listed = lists[i] ? std::to_string(lists[i]->size()) + " listed, none of which has " + all.has
                                        : words_for(lists[i].error());
    tried.push_back(or_in_vain(step, "all " + all.of + ": " + listed).tried);
  }
  co_return in_vain(join(tried, "; "));
}

// Whether nothing has to be looked for.
bool derives_from(const Pubkey& address, const VaultSearchOptions& options) {
  if (options.hint && !multisigs_behind(address, {*options.hint}, vaults_max).empty()) return true;
  return !multisigs_behind(address, options.known, vaults_max).empty();
}

bool take(VaultSearch& search, Step step) {
  search.keeper = std::move(step.keeper);
  if (!search.keeper) search.tried.push_back(std::move(step.tried));
  return search.keeper.has_value();
}

// What stands at the address can rule out the rest: a vault, an authority and a native treasury are accounts of the
// System program, or none at all.
bool can_be_derived(VaultSearch& search) {
  if (!search.account || search.account->owner == known::system_program) return true;
  search.is_multisig =
      search.account->owner == known::squads_v4 && squads_account(search.account->bytes()) == SquadsAccount::multisig;
  search.tried.push_back("nothing: it is owned by " + named(search.account->owner) +
                         ", and a vault belongs to the System program");
  return false;
}

Task<VaultSearch> search_keeper(Pubkey address, VaultSearchOptions options) {
  VaultSearch search;
  search.address = address;
  if (is_on_curve(address)) {
    search.tried.emplace_back("nothing: it is on the curve, and a vault is off it");
    co_return search;
  }
  const Slice discriminator_alone{0, 8};
  const auto account = facts::account_if_any(address, discriminator_alone);
  const auto signatures = maybe(facts::signatures_of(address, history_searched_max));
  const bool is_known = derives_from(address, options);
  Reading<std::vector<SignatureSeen>> history{};
  if (is_known) {
    const std::optional<Account> alone = co_await account;
    search.account = alone;
  } else {
    const auto both = co_await all(account, signatures);
    search.account = std::get<0>(both);
    history = std::get<1>(both);
  }
  if (may_keep_itself(search.account)) {
    const std::optional<Account> whole = co_await facts::account_if_any(address);
    search.keeper = keeper_itself(whole);
    if (search.keeper) co_return search;
  }
  if (!can_be_derived(search)) co_return search;

  if (options.hint) {
    const Pubkey hint = *options.hint;
    Task<Step> by_hint = from_hint(address, hint);
    const Step hinted = co_await by_hint;
    if (take(search, hinted)) co_return search;
  }
  Task<Step> by_acquaintance =
      prove(multisigs_behind(address, options.known, vaults_max), "of a multisig in this chain");
  const Step met = co_await by_acquaintance;
  search.keeper = met.keeper;
  if (search.keeper) co_return search;
  Task<Step> reading = from_history(address, history);
  const Step by_history = co_await reading;
  if (take(search, by_history)) co_return search;
  Task<Step> paying = from_vault_transactions(address);
  const Step vault_transactions = co_await paying;
  if (take(search, vault_transactions)) co_return search;
  if (!options.ask_for_all) {
    search.tried.emplace_back(
        "not the lists of all Squads multisigs and SPL governances, many megabytes: --all-multisigs asks for them");
    co_return search;
  }
  Task<Step> listing = from_everything(address);
  const Step everywhere = co_await listing;
  take(search, everywhere);
  co_return search;
}

}  // namespace

Task<VaultSearch> search_multisig(Pubkey address, VaultSearchOptions options) {
  Task<VaultSearch> searching = search_keeper(address, options);
  VaultSearch search = co_await searching;
  auto* governance = search.keeper ? std::get_if<ProvenGovernance>(&*search.keeper) : nullptr;
  if (governance == nullptr) co_return search;
  const RealmSeen named_realm = governance->realm;
  Task<RealmSeen> reading = read_realm(named_realm.program, named_realm.address);
  RealmSeen realm = co_await reading;
  governance->realm = std::move(realm);
  co_return search;
}

}  // namespace readyctl
