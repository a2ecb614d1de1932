#include "report/vault_search.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "facts/history.hpp"
#include "solana/anchor.hpp"
#include "solana/derive.hpp"
#include "solana/names.hpp"
#include "solana/squads_vaults.hpp"

namespace readyctl {
namespace {

constexpr std::uint32_t history_max = 40;        // transactions
constexpr std::size_t transactions_at_once = 8;  // most vaults meet their multisig in the latest few
constexpr std::size_t few_multisigs = 1000;      // so many are tried with all usual vaults; of more, the first vault

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
  std::optional<ProvenVault> proven;
  std::string tried;
};

Step in_vain(std::string tried) { return {std::nullopt, std::move(tried)}; }
Step success(ProvenVault proven) { return {std::move(proven), ""}; }

std::string words_for(const Refusal& refusal) {
  const auto* absence = std::get_if<Absent>(&refusal);
  return printable(absence != nullptr ? absence->what : std::get<Unobtainable>(refusal).what);
}

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

// No account but VaultTransaction holds a vault's address, so nothing narrows this down.
ProgramQuery all_multisigs() { return {known::squads_v4, {{0, discriminator("Multisig")}}, Slice{0, 0}}; }

// The candidate that derives to the vault; reading it is the second half of the proof.
Task<std::optional<ProvenVault>> prove(Pubkey vault, std::vector<Pubkey> candidates, unsigned indexes,
                                       std::string how) {
  std::optional<ProvenVault> proven;
  for (const Pubkey& candidate : candidates) {
    const auto index = vault_index_of(vault, candidate, indexes);
    if (index) proven = ProvenVault{candidate, *index, {}, how};
  }
  if (!proven) co_return std::nullopt;
  const Pubkey address = proven->multisig_address;
  const Multisig multisig = co_await facts::squads_multisig(address);
  proven->multisig = multisig;
  co_return proven;
}

Task<Step> from_hint(Pubkey vault, Pubkey multisig) {
  const std::vector<Pubkey> only{multisig};
  const std::optional<ProvenVault> proven = co_await prove(vault, only, vaults_max, "named beforehand");
  if (proven) co_return success(*proven);
  co_return in_vain("the multisig that was named, " + to_string(multisig) +
                    ": none of its vaults 0 to 255 is this address");
}

std::vector<Fact<Reading<TransactionSeen>>> next_transactions(const std::vector<SignatureSeen>& signatures,
                                                              std::size_t begin) {
  std::vector<Fact<Reading<TransactionSeen>>> wanted;
  const std::size_t end = std::min(signatures.size(), begin + transactions_at_once);
  for (std::size_t i = begin; i < end; ++i) wanted.push_back(maybe(facts::transaction(signatures[i].signature)));
  return wanted;
}

// What was seen of a history, over several rounds.
struct HistorySeen {
  std::set<Pubkey> accounts;
  std::size_t read = 0;
  std::size_t unread = 0;

  // The accounts of these transactions that were not seen before and that nobody knows by name.
  std::vector<Pubkey> add(const std::vector<Reading<TransactionSeen>>& transactions) {
    std::vector<Pubkey> fresh;
    for (const Reading<TransactionSeen>& transaction : transactions) {
      ++(transaction ? read : unread);
      if (!transaction) continue;
      for (const Pubkey& account : transaction->accounts) {
        if (label_of(account).empty() && accounts.insert(account).second) fresh.push_back(account);
      }
    }
    return fresh;
  }

  std::string words() const {
    if (read + unread == 0) return "its history: the endpoint lists no transaction of it";
    return "its history: " + counted(read, "transaction") + " read" +
           (unread > 0 ? ", " + std::to_string(unread) + " not to be had" : "") + ", " +
           counted(accounts.size(), "account") +
           " named in them, none of which has this address among its vaults 0 to " + std::to_string(usual_vaults - 1);
  }
};

Task<Step> from_history(Pubkey vault, Reading<std::vector<SignatureSeen>> signatures) {
  if (!signatures) co_return in_vain("its history: " + words_for(signatures.error()));
  HistorySeen seen;
  for (std::size_t begin = 0; begin < signatures->size(); begin += transactions_at_once) {
    std::vector<Fact<Reading<TransactionSeen>>> wanted = next_transactions(*signatures, begin);
    const std::vector<Reading<TransactionSeen>> transactions = co_await each(std::move(wanted));
    const std::vector<Pubkey> fresh = seen.add(transactions);
    const std::optional<ProvenVault> proven = co_await prove(vault, fresh, usual_vaults, "found in its history");
    if (proven) co_return success(*proven);
  }
  co_return in_vain(seen.words());
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

Task<Step> from_vault_transactions(Pubkey vault) {
  const ProgramQuery query = vault_transactions_of(vault);
  const Reading<std::vector<FoundAccount>> found = co_await maybe(facts::program_accounts(query));
  if (!found) co_return in_vain("Squads vault transactions that it pays for: " + words_for(found.error()));
  const std::vector<Pubkey> candidates = multisigs_of(*found);
  const std::optional<ProvenVault> proven =
      co_await prove(vault, candidates, 256, "found among the vault transactions that it pays for");
  if (proven) co_return success(*proven);
  co_return in_vain("Squads vault transactions that it pays for: " + counted(found->size(), "account") +
                    " found, none of a multisig with this vault");
}

Task<Step> from_all_multisigs(Pubkey vault) {
  const ProgramQuery query = all_multisigs();
  const Reading<std::vector<FoundAccount>> found = co_await maybe(facts::program_accounts(query));
  if (!found) co_return in_vain("all Squads multisigs: " + words_for(found.error()));
  std::vector<Pubkey> candidates;
  for (const FoundAccount& one : *found) candidates.push_back(one.address);
  const unsigned indexes = candidates.size() <= few_multisigs ? usual_vaults : 1;
  const std::optional<ProvenVault> proven = co_await prove(vault, candidates, indexes, "found among all multisigs");
  if (proven) co_return success(*proven);
  co_return in_vain("all Squads multisigs: " + std::to_string(candidates.size()) +
                    " listed, none of which has this address " +
                    (indexes == 1 ? "as its vault 0" : "among its vaults 0 to " + std::to_string(indexes - 1)));
}

// Whether nothing has to be looked for.
bool derives_from(const Pubkey& vault, const VaultSearchOptions& options) {
  const auto derives = [&](const Pubkey& multisig) { return vault_index_of(vault, multisig).has_value(); };
  return (options.hint && derives(*options.hint)) || std::any_of(options.known.begin(), options.known.end(), derives);
}

bool take(VaultSearch& search, Step step) {
  search.proven = std::move(step.proven);
  if (!search.proven) search.tried.push_back(std::move(step.tried));
  return search.proven.has_value();
}

// What stands at the address can rule it out: a vault is an account of the System program, or none at all.
bool can_be_vault(VaultSearch& search) {
  if (!search.account || search.account->owner == known::system_program) return true;
  search.is_multisig =
      search.account->owner == known::squads_v4 && squads_account(search.account->bytes()) == SquadsAccount::multisig;
  search.tried.push_back("nothing: it is owned by " + named(search.account->owner) +
                         ", and a vault belongs to the System program");
  return false;
}

}  // namespace

Task<VaultSearch> search_multisig(Pubkey address, VaultSearchOptions options) {
  VaultSearch search;
  search.address = address;
  if (is_on_curve(address)) {
    search.tried.emplace_back("nothing: it is on the curve, and a vault is off it");
    co_return search;
  }
  const Slice discriminator_alone{0, 8};
  const auto account = facts::account_if_any(address, discriminator_alone);
  const auto signatures = maybe(facts::signatures_of(address, history_max));
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
  if (!can_be_vault(search)) co_return search;

  if (options.hint) {
    const Pubkey hint = *options.hint;
    const Step hinted = co_await from_hint(address, hint);
    if (take(search, hinted)) co_return search;
  }
  const std::vector<Pubkey> known = options.known;
  const std::optional<ProvenVault> met = co_await prove(address, known, vaults_max, "of a multisig in this chain");
  if (met) {
    search.proven = met;
    co_return search;
  }
  const Step by_history = co_await from_history(address, history);
  if (take(search, by_history)) co_return search;
  const Step vault_transactions = co_await from_vault_transactions(address);
  if (take(search, vault_transactions)) co_return search;
  if (!options.ask_for_all) {
    search.tried.emplace_back("not the list of all Squads multisigs, many megabytes: --all-multisigs asks for it");
    co_return search;
  }
  const Step everything = co_await from_all_multisigs(address);
  take(search, everything);
  co_return search;
}

}  // namespace readyctl
