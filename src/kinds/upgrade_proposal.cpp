// upgrade-proposal: is the transaction that members vote on exactly the upgrade that was reviewed?
//
// Reads     the multisig, the transaction, its proposal and the Clock sysvar: 1 round; lookup tables: 1 more
// pass      the transaction upgrades this program from this buffer, by this vault, and does nothing but what
// `alongside`
//           allows, in its order; its proposal has one of the declared states, and is not stale
//           Where `message` names an exported file, the transaction is that file's, or the file alone is judged
// fail      anything else, named instruction by instruction; too early, where `executableNow`
// Source    Squads-Protocol/v4 state/vault_transaction.rs, proposal.rs, instructions/vault_transaction_execute.rs: what
//           is approved can be executed once the multisig's current time lock has passed since its approval
#include <algorithm>

#include "base/hex.hpp"
#include "base/text.hpp"
#include "engine/kind.hpp"
#include "engine/squads_queue.hpp"
#include "facts/local.hpp"
#include "facts/unix_time.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/execution_time.hpp"
#include "kinds/expectations.hpp"
#include "kinds/proposal_companions.hpp"
#include "solana/derive.hpp"
#include "solana/instruction_words.hpp"
#include "solana/loader_instructions.hpp"
#include "solana/signable_message.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

struct ExpectedStatus {
  ProposalStatus status = ProposalStatus::active;
};

}  // namespace

template <>
struct FieldType<ExpectedStatus> {
  static Result<ExpectedStatus> read(const Json& value, const Place& place) {
    const auto text = FieldType<std::string>::read(value, place);
    if (!text) return failure(text.error());
    for (const auto& [name, status] : statuses()) {
      if (*text == name) return ExpectedStatus{status};
    }
    return place.malformed("no proposal can be expected to be \"" + printable(*text) + "\"",
                           suggestion(*text, names()));
  }
  static Json schema(Placeholders) { return {{"enum", names()}}; }
  static std::string words() { return "\"draft\", \"active\", \"approved\" or \"executed\""; }

 private:
  static std::vector<std::pair<std::string, ProposalStatus>> statuses() {
    return {{"draft", ProposalStatus::draft},
            {"active", ProposalStatus::active},
            {"approved", ProposalStatus::approved},
            {"executed", ProposalStatus::executed}};
  }
  static std::vector<std::string> names() {
    std::vector<std::string> names;
    for (const auto& [name, status] : statuses()) names.push_back(name);
    return names;
  }
};

namespace {

struct UpgradeProposal {
  Pubkey program;
  Pubkey multisig;
  std::uint8_t vault_index = 0;
  std::optional<TransactionIndex> transaction;
  std::optional<RelativePath> message;
  std::optional<Pubkey> buffer;
  std::optional<Pubkey> spill;
  std::vector<ExpectedStatus> status;
  std::optional<std::uint32_t> min_approvals;
  bool executable_now = false;
  std::vector<Companion> alongside;

  static constexpr auto fields() {
    using Gate = UpgradeProposal;
    return std::tuple{
        required("program", &Gate::program, "the program that is upgraded"),
        required("multisig", &Gate::multisig, "address of the multisig account (not of its vault)"),
        optional("vaultIndex", &Gate::vault_index, "which of its vaults is the upgrade authority; 0 unless said"),
        optional("transaction", &Gate::transaction,
                 "which transaction of the multisig; needed unless `message` is given")
            .known_later(),
        optional("message", &Gate::message,
                 "a file with the transaction as it was exported, in base58 or base64: a message or a transaction as "
                 "wallets sign it, or a transaction message of the Squads SDK. Judged alone before it is imported, "
                 "and beside `transaction` proved to be the same"),
        optional("buffer", &Gate::buffer, "the buffer that was reviewed; unsaid, the finding tells it").known_later(),
        optional("spill", &Gate::spill, "who gets the lamports of the buffer; unsaid, the finding tells it"),
        optional("status", &Gate::status, "what its proposal may be; active or approved unless said"),
        optional("minApprovals", &Gate::min_approvals, "how many members must have approved at least"),
        optional("executableNow", &Gate::executable_now,
                 "true: it must be approved and its time lock over, by the chain's clock"),
        optional("alongside", &Gate::alongside,
                 "what the transaction does besides the upgrade, in its order; nothing unless said"),
    };
  }
  static Result<void> check_keys(const Json& given, const Place& place) {
    if (given.contains("transaction")) return {};
    if (!given.contains("message")) {
      return place.malformed("names no transaction", "give \"transaction\", \"message\" or both");
    }
    if (!has_any(given, {"status", "minApprovals", "executableNow"})) return {};
    return place.malformed("asks for votes on what is not imported yet", "give \"transaction\" too");
  }
  Result<void> validate(const Place& place) const {
    if (transaction && transaction->value == 0) {
      return (place / "transaction").malformed("is 0; transactions are counted from 1");
    }
    return {};
  }

  std::uint64_t index() const { return transaction ? transaction->value : 0; }
  Pubkey vault() const { return vault_address(multisig, vault_index).address; }
  Pubkey transaction_account() const { return transaction_address(multisig, index()).address; }
  Pubkey proposal_account() const { return proposal_address(multisig, index()).address; }
  std::string name() const { return "transaction " + std::to_string(index()); }
  /// It is another one than the members are asked about.
  Misnamed other_transaction(bool may_be_right) const {
    return {std::to_string(index()), "transaction", may_be_right ? "" : "nothing that is proposed has to change for it",
            may_be_right};
  }
};

void expect_account(Judgement& judgement, const Instruction& upgrade, std::size_t position, const std::string& what,
                    const std::optional<Pubkey>& expected) {
  const auto found = upgrade.account(position);
  if (found) return expect_address(judgement, what, *found, expected);
  judgement.expect(false, {what, named(expected), "missing"}, "the upgrade names no " + what);
}

// Upgrade: programdata, program, buffer, spill, rent, clock, authority.
void judge_upgrade(const UpgradeProposal& gate, const Instruction& upgrade, const LoaderInstruction& decoded,
                   Judgement& judgement) {
  expect_account(judgement, upgrade, 0, "programdata", programdata_address(gate.program).address);
  expect_account(judgement, upgrade, 1, "program", gate.program);
  expect_account(judgement, upgrade, 2, "buffer", gate.buffer);
  if (gate.buffer && upgrade.account(2) != gate.buffer) {
    judgement.misnames(Misnamed{to_string(*gate.buffer), "", "", true});
  }
  expect_account(judgement, upgrade, 3, "spill", gate.spill);
  expect_account(judgement, upgrade, 6, "upgrade authority", gate.vault());
  // A buffer that is kept need not be under the program's authority, so that its bytes could still change. (SIMD-0430)
  judgement.expect(decoded.option.value_or(true), {"buffer after the upgrade", "closed", "kept"},
                   "it keeps the buffer, whose bytes are then not bound by the upgrade authority");
  judgement.expect(decoded.unread_bytes == 0,
                   {"bytes after the instruction", "0", std::to_string(decoded.unread_bytes)},
                   "the upgrade carries " + counted(decoded.unread_bytes, "byte") + " that the loader does not read");
}

std::string number_of(std::size_t position) { return "instruction " + std::to_string(position + 1); }

void judge_companion(const UpgradeProposal& gate, const Instruction& instruction, std::size_t position,
                     const Companion* expected, Judgement& judgement) {
  const std::string what = number_of(position);
  const std::string does = words_for(instruction);
  if (expected == nullptr) {
    return judgement.expect(false, {what, "nothing besides the upgrade", does},
                            what + " is not allowed beside the upgrade: " + does);
  }
  const auto objection = objection_to(instruction, *expected, {gate.program, gate.vault()});
  judgement.expect(
      !objection, {what, words_for(*expected), does},
      what + " is not " + words_for(*expected) + " as allowed: " + objection.value_or("") + " (" + does + ")");
}

// Instructions run in order and none can be left out, so each is judged where it stands.
void judge_instructions(const UpgradeProposal& gate, const Deeds& deeds, Judgement& judgement) {
  std::size_t upgrades = 0;
  std::size_t companions = 0;
  for (std::size_t i = 0; i < deeds.instructions.size(); ++i) {
    const Instruction& instruction = deeds.instructions[i];
    if (const auto upgrade = as_upgrade(instruction); upgrade && upgrades == 0) {
      judgement.note(number_of(i), words_for(instruction));
      judge_upgrade(gate, instruction, *upgrade, judgement);
      ++upgrades;
      continue;
    }
    const Companion* expected = companions < gate.alongside.size() ? &gate.alongside[companions++] : nullptr;
    judge_companion(gate, instruction, i, expected, judgement);
  }
  judgement.expect(upgrades == 1, {"upgrades", "1", std::to_string(upgrades)}, "it upgrades no program");
  if (upgrades == 0 && gate.transaction) judgement.misnames(gate.other_transaction(true));
  for (; companions < gate.alongside.size(); ++companions) {
    judgement.expect(false, {"companion", words_for(gate.alongside[companions]), "missing"},
                     "it lacks " + words_for(gate.alongside[companions]) + " that must stand beside the upgrade");
  }
}

void judge_transaction(const UpgradeProposal& gate, const std::optional<Account>& account, const Deeds& deeds,
                       Judgement& judgement) {
  judgement.rests_on(AccountRequest{gate.transaction_account()});
  const bool is_squads = account && account->owner == known::squads_v4;
  judgement.expect(is_squads,
                   {"transaction account", "exists", account ? "owned by " + named(account->owner) : "missing"},
                   "the multisig has no such transaction, or it was closed");
  if (!is_squads) return judgement.misnames(gate.other_transaction(false));
  const auto transaction = decode_vault_transaction(account->bytes());
  const std::string does = deeds.words.empty() ? "do nothing" : join(deeds.words, "; ");
  judgement.expect(transaction.has_value(), {"sort", "vault transaction", transaction ? "vault transaction" : does},
                   "it is no vault transaction, and would " + does);
  if (!transaction) return judgement.misnames(gate.other_transaction(true));
  expect_address(judgement, "multisig", transaction->multisig, gate.multisig);
  judgement.expect(transaction->vault_index == gate.vault_index,
                   {"vault", std::to_string(gate.vault_index), std::to_string(transaction->vault_index)},
                   "vault " + std::to_string(transaction->vault_index) + " signs, expected vault " +
                       std::to_string(gate.vault_index));
  judgement.expect(transaction->ephemeral_signer_bumps.empty(),
                   {"ephemeral signers", "0", std::to_string(transaction->ephemeral_signer_bumps.size())},
                   "it takes ephemeral signers, which an upgrade does not need");
  judgement.note("created by", named(transaction->creator));
  const bool is_read = !deeds.instructions.empty();
  judgement.expect(is_read, {"instructions", "can be read", is_read ? "can be read" : does},
                   "it has no instruction that can be read: it would " + does);
  if (is_read) judge_instructions(gate, deeds, judgement);
}

// --- the proposal

std::string names_of_statuses(const std::vector<ExpectedStatus>& expected) {
  std::vector<std::string> names;
  for (const ExpectedStatus& one : expected) names.emplace_back(words_for(one.status));
  return names.empty() ? "Active or Approved" : join(names, " or ");
}

bool accepts(const std::vector<ExpectedStatus>& expected, ProposalStatus status) {
  if (expected.empty()) return status == ProposalStatus::active || status == ProposalStatus::approved;
  return std::any_of(expected.begin(), expected.end(), [&](const ExpectedStatus& one) { return one.status == status; });
}

void judge_votes(const UpgradeProposal& gate, const Proposal& proposal, const Multisig& multisig,
                 Judgement& judgement) {
  const std::size_t approvals = proposal.approved.size();
  const std::string words =
      std::to_string(approvals) + " of the " + std::to_string(multisig.threshold) + " that are needed";
  if (!gate.min_approvals) return judgement.note("approvals", words);
  const std::string least = "at least " + std::to_string(*gate.min_approvals);
  judgement.expect(approvals >= *gate.min_approvals, {"approvals", least, words},
                   "it has " + counted(approvals, "approval") + ", expected " + least);
}

// The time lock is that of the multisig as it is now, counted from the moment of approval.
void judge_time(const UpgradeProposal& gate, const Proposal& proposal, const Multisig& multisig, const Clock& clock,
                Judgement& judgement) {
  if (proposal.status != ProposalStatus::approved || !proposal.status_since) {
    return judgement.expect(!gate.executable_now, {"executable", gate.executable_now ? "now" : "", "not approved"},
                            "it cannot be executed: it is " + std::string(words_for(proposal.status)));
  }
  const std::int64_t lock = multisig.time_lock_seconds;
  const std::int64_t left =
      seconds_until_execution(*proposal.status_since, multisig.time_lock_seconds, clock.unix_timestamp);
  const bool is_over = left == 0;
  const std::string when = is_over ? "now" : "in " + duration_text(std::chrono::seconds(left));
  judgement.rests_on(facts::clock().request);
  judgement.expect(
      is_over || !gate.executable_now, {"executable", gate.executable_now ? "now" : "", when},
      "its time lock of " + duration_text(std::chrono::seconds(lock)) + " is not over: it can be executed " + when);
  judgement.caveat("executable " + when);
}

void judge_proposal(const UpgradeProposal& gate, const std::optional<Account>& account, const Multisig& multisig,
                    const Clock& clock, Judgement& judgement) {
  judgement.rests_on(AccountRequest{gate.proposal_account()});
  const bool exists = account && account->owner == known::squads_v4;
  judgement.expect(exists, {"proposal", "exists", exists ? "exists" : "missing"},
                   "it has no proposal yet, so nobody can vote on it");
  if (!exists) return;
  const auto proposal = decode_proposal(account->bytes());
  judgement.expect(proposal.has_value(), {"proposal", "can be read", proposal ? "can be read" : proposal.error().what},
                   proposal ? "" : "its proposal cannot be read: " + proposal.error().what);
  if (!proposal) return;
  const std::string status(words_for(proposal->status));
  const std::string since = proposal->status_since ? " since " + moment_text(*proposal->status_since) : "";
  judgement.expect(accepts(gate.status, proposal->status), {"status", names_of_statuses(gate.status), status + since},
                   "its proposal is " + status + since + ", expected " + names_of_statuses(gate.status));
  const bool is_stale = gate.index() <= multisig.stale_transaction_index;
  const bool is_over = proposal->status == ProposalStatus::executed;
  judgement.expect(!is_stale || is_over,
                   {"stale", "no", is_stale ? "up to " + std::to_string(multisig.stale_transaction_index) : "no"},
                   "it is stale: the rules of the multisig changed after it was created");
  judge_votes(gate, *proposal, multisig, judgement);
  if (!is_over) judge_time(gate, *proposal, multisig, clock, judgement);
}

// --- the exported file

std::string flags_of(const InstructionAccount& account) {
  return named(account.key) + (account.is_signer ? ", signs" : "") + (account.is_writable ? ", writable" : "");
}

// Where two instructions differ first, with what each has there.
std::optional<Judgement::Seen> difference(const std::string& what, const Instruction& file, const Instruction& chain) {
  if (file.program != chain.program)
    return Judgement::Seen{what + " program", named(file.program), named(chain.program)};
  for (std::size_t i = 0; i < std::max(file.accounts.size(), chain.accounts.size()); ++i) {
    const std::string in_file = i < file.accounts.size() ? flags_of(file.accounts[i]) : "missing";
    const std::string in_chain = i < chain.accounts.size() ? flags_of(chain.accounts[i]) : "missing";
    if (in_file != in_chain) return Judgement::Seen{what + " account " + std::to_string(i + 1), in_file, in_chain};
  }
  if (file.data != chain.data) return Judgement::Seen{what + " data", to_hex(file.data), to_hex(chain.data)};
  return std::nullopt;
}

void judge_equality(const Deeds& file, const Deeds& chain, Judgement& judgement) {
  const std::size_t most = std::max(file.instructions.size(), chain.instructions.size());
  for (std::size_t i = 0; i < most; ++i) {
    std::optional<Judgement::Seen> seen;
    if (i >= file.instructions.size()) {
      seen = {number_of(i), "nothing", words_for(chain.instructions[i])};
    } else if (i >= chain.instructions.size()) {
      seen = {number_of(i), words_for(file.instructions[i]), "nothing"};
    } else {
      seen = difference(number_of(i), file.instructions[i], chain.instructions[i]);
    }
    if (!seen) continue;
    return judgement.expect(
        false, *seen,
        "it is not what was exported: " + seen->what + " is " + seen->observed + ", in the file " + seen->expected);
  }
  judgement.note("exported file", "the same, instruction by instruction");
}

// What the file would have a vault do; nothing when it cannot be read, which fails.
Task<Deeds> deeds_in_file(RelativePath path, Judgement& judgement) {
  const File file = co_await facts::file(path);
  judgement.rests_on(FileRequest{path.text});
  const auto exported = read_exported(text_of(file.bytes()));
  const std::string form = exported ? exported->form + " in " + exported->encoding : "none";
  judgement.expect(exported.has_value(), {"file " + path.text, "a transaction", form},
                   exported ? "" : "file " + path.text + " " + exported.error().what);
  if (!exported) co_return Deeds{};
  Task<Deeds> reading = deeds_of_message(exported->message);
  const Deeds deeds = co_await reading;
  const bool is_read =
      !deeds.instructions.empty() && deeds.instructions.size() == exported->message.instructions.size();
  judgement.expect(is_read, {"file " + path.text, "can be read", is_read ? "can be read" : join(deeds.words, "; ")},
                   "file " + path.text + " has no instructions that can be read: " + join(deeds.words, "; "));
  co_return deeds;
}

Task<Finding> evaluate_file(UpgradeProposal gate) {
  Judgement judgement;
  Task<Deeds> reading = deeds_in_file(*gate.message, judgement);
  const Deeds deeds = co_await reading;
  if (!deeds.instructions.empty()) judge_instructions(gate, deeds, judgement);
  judgement.caveat("it is a file: nobody can vote on it before it is imported, and what is imported is to be compared");
  const std::string subject = "file " + gate.message->text;
  co_return about(subject, judgement.conclude(subject + " upgrades program " + to_string(gate.program) + " by vault " +
                                              to_string(gate.vault())));
}

// --- the gate

Task<Finding> evaluate(UpgradeProposal gate) {
  if (!gate.transaction) {
    Task<Finding> alone = evaluate_file(gate);
    const Finding finding = co_await alone;
    co_return finding;
  }
  const auto multisig_fact = facts::squads_multisig(gate.multisig);
  const auto clock_fact = facts::clock();
  const std::vector accounts_facts{facts::account_if_any(gate.transaction_account()),
                                   facts::account_if_any(gate.proposal_account())};
  auto all_facts = co_await all(multisig_fact, clock_fact, accounts_facts);
  auto& [multisig, clock, accounts] = all_facts;
  std::vector<QueuedTransaction> wanted;
  if (accounts[0]) wanted.push_back(queued_transaction(gate.multisig, gate.index(), accounts[0], accounts[1]));
  Task<std::vector<Deeds>> reading = deeds_of(gate.multisig, wanted);
  const std::vector<Deeds> deeds = co_await reading;

  Judgement judgement;
  judge_transaction(gate, accounts[0], deeds.empty() ? Deeds{} : deeds.front(), judgement);
  judge_proposal(gate, accounts[1], multisig, clock, judgement);
  if (gate.message) {
    Task<Deeds> reading_file = deeds_in_file(*gate.message, judgement);
    const Deeds exported = co_await reading_file;
    judge_equality(exported, deeds.empty() ? Deeds{} : deeds.front(), judgement);
  }
  const std::string subject = gate.name() + " of multisig " + to_string(gate.multisig);
  co_return about(subject, judgement.conclude(subject + " upgrades program " + to_string(gate.program) +
                                              (gate.alongside.empty() ? " and does nothing else"
                                                                      : " and does what is allowed beside it")));
}

}  // namespace

GateKind upgrade_proposal() {
  return gate_kind<UpgradeProposal>(
      {.name = "upgrade-proposal",
       .asks = "Is the transaction that members vote on exactly the upgrade that was reviewed?",
       .reads = "the multisig, the transaction, its proposal and the Clock sysvar in one round; lookup tables in "
                "another; the "
                "exported file, where it is named",
       .passes = "the transaction upgrades this program from this buffer by the vault and does nothing but what "
                 "`alongside` allows; its proposal is in one of the declared states and not stale",
       .fails =
           "no such transaction; a batch or a change of the multisig; another program, programdata, buffer, spill "
           "or vault; an instruction that is not allowed, or not as allowed, or missing; a buffer that is kept; "
           "ephemeral signers; no proposal; another status; too few approvals; stale; too early; an exported file that "
           "is none, or reads as two things; another instruction, account, flag or data than it has",
       .why = "A wallet shows a member an index and an approval, not what the approval will do.",
       .remedy = "reject the proposal and make it again from the buffer that was reviewed",
       .valid_for = valid_for_mutable_state},
      evaluate);
}

}  // namespace readyctl
