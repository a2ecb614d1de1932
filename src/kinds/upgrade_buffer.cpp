// upgrade-buffer: is what is staged the release, and can nobody change it any more?
//
// Reads     the buffer with all of its code, the multisig, the file and the Rent sysvar: 1 round; with `approvedBy`
// also the history of
//           buffer and proposal in the same round, and what their transactions did in 2 more
// pass      the buffer holds the artifact, its authority is the vault, it pays its rent, and nothing was written to it
//           since the first approval
// fail      no multisig; no buffer; another authority, or none; other bytes, with the first that differs; too few
// lamports; a write
//           after the first approval, or in the same slot
// Source    loader-v3-interface state.rs; Squads-Protocol/v4 instructions/proposal_vote.rs: proposal_approve takes the
//           multisig, the member and the proposal; proposal_create.rs: the multisig and the proposal
#include <algorithm>

#include "base/text.hpp"
#include "engine/kind.hpp"
#include "facts/history.hpp"
#include "facts/local.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/expectations.hpp"
#include "kinds/program_history.hpp"
#include "solana/anchor.hpp"
#include "solana/derive.hpp"
#include "solana/executable.hpp"
#include "solana/loader_instructions.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

constexpr std::uint32_t signatures_read = 1000;

struct UpgradeBuffer {
  Pubkey buffer;
  Pubkey multisig;
  std::uint8_t vault_index = 0;
  RelativePath path;
  std::optional<TransactionIndex> approved_by;

  static constexpr auto fields() {
    using Gate = UpgradeBuffer;
    return std::tuple{
        required("buffer", &Gate::buffer, "the buffer account").known_later(),
        required("multisig", &Gate::multisig, "address of the multisig account (not of its vault)"),
        optional("vaultIndex", &Gate::vault_index, "which of its vaults must be the authority; 0 unless said"),
        required("path", &Gate::path, "the program file that it must hold"),
        optional("approvedBy", &Gate::approved_by,
                 "the transaction of the multisig that upgrades from it: nothing may have been written since its first "
                 "approval")
            .known_later(),
    };
  }
  Result<void> validate(const Place& place) const {
    if (!approved_by || approved_by->value > 0) return {};
    return (place / "approvedBy").malformed("is 0; transactions are counted from 1");
  }

  Pubkey vault() const { return vault_address(multisig, vault_index).address; }
  Pubkey proposal() const { return proposal_address(multisig, approved_by->value).address; }
};

// Both without trailing zeros. What a buffer lacks is most often a chunk whose transaction was lost: zeros where the
// file has code.
std::string words_for_difference(ByteView staged, ByteView file, std::size_t at) {
  const std::string where = "byte " + std::to_string(at);
  if (at >= staged.size()) return "it ends at " + where + ", the file has " + counted(file.size(), "byte");
  if (at >= file.size()) return "it goes on at " + where + ", where the file ends";
  if (staged[at] != 0) return "it first differs from the file at " + where;
  const auto begin = staged.begin() + static_cast<std::ptrdiff_t>(at);
  const auto next = std::find_if(begin, staged.end(), [](std::uint8_t byte) { return byte != 0; });
  return "it is empty from " + where + " to byte " + std::to_string(next - staged.begin()) +
         ", where the file has code: a chunk was not written";
}

void judge_code(const UpgradeBuffer& gate, const BufferAccount& staged, const File& file, Judgement& judgement) {
  judgement.rests_on(AccountRequest{gate.buffer});
  const Sha256 expected = executable_hash(file.bytes());
  const Sha256 found = executable_hash(staged.code);
  const auto difference = first_difference(staged.code, file.bytes());
  judgement.expect(found == expected, {"executable hash", to_string(expected), to_string(found)},
                   difference ? words_for_difference(strip_trailing_zeros(staged.code),
                                                     strip_trailing_zeros(file.bytes()), *difference)
                              : "");
  judgement.note("room for code", counted(staged.code.size(), "byte"));
  judgement.note("file " + file.path, counted(file.bytes().size(), "byte"));
}

void judge_rent(const Account& account, const Rent& rent, Judgement& judgement) {
  const Lamports least = minimum_balance(rent, account.space);
  judgement.expect(account.lamports >= least, {"rent", "at least " + words_for(least), words_for(account.lamports)},
                   "it holds " + words_for(account.lamports) + ", and its rent takes " + words_for(least));
}

// The buffer, once everything about it but its history was judged; nothing when it is none.
void judge_buffer(const UpgradeBuffer& gate, const std::optional<Account>& account, const File& file, const Rent& rent,
                  Judgement& judgement) {
  judgement.rests_on(AccountRequest{gate.buffer});
  const std::string owner = account ? "owned by " + named(account->owner) : "missing";
  const bool is_loaders = account && account->owner == known::loader_v3;
  judgement.expect(is_loaders, {"buffer", "owned by " + named(known::loader_v3), owner},
                   account ? "it is " + owner : "it does not exist: never made, closed, or already used by an upgrade");
  const auto buffer = is_loaders ? decode_buffer(account->bytes()) : Result<BufferAccount>(malformed("", owner));
  if (!buffer) judgement.misnames(Misnamed{to_string(gate.buffer), "", "", true});
  if (!is_loaders) return;
  judgement.expect(buffer.has_value(), {"state", "Buffer", buffer ? "Buffer" : buffer.error().what},
                   buffer ? "" : "it is no buffer: " + buffer.error().what);
  if (!buffer) return;
  judgement.expect(buffer->authority == gate.vault(), {"authority", named(gate.vault()), named(buffer->authority)},
                   "its authority is " + named(buffer->authority) + ", who can still write to it; expected the vault " +
                       named(gate.vault()));
  judge_rent(*account, rent, judgement);
  judge_code(gate, *buffer, file, judgement);
}

// --- its history

// Whether the Squads program was told this of the proposal, which has this position among the accounts.
bool tells_squads(const ExecutedTransaction& transaction, std::string_view name, const Pubkey& proposal,
                  std::size_t position) {
  const Discriminator wanted = anchor_instruction_discriminator(name);
  return std::any_of(transaction.instructions.begin(), transaction.instructions.end(), [&](const auto& executed) {
    const Instruction& instruction = executed.instruction;
    return instruction.program == known::squads_v4 && instruction.account(position) == proposal &&
           instruction.data.size() >= wanted.size() &&
           std::equal(wanted.begin(), wanted.end(), instruction.data.begin());
  });
}

bool approves(const ExecutedTransaction& transaction, const Pubkey& proposal) {
  return tells_squads(transaction, "proposal_approve", proposal, 2);
}
bool creates(const ExecutedTransaction& transaction, const Pubkey& proposal) {
  return tells_squads(transaction, "proposal_create", proposal, 1);
}

// Everything that the loader was told of the buffer is a change of it, its deployment and its authority apart. What
// cannot be read may be any of these.
std::optional<std::string> change_of(const ExecutedTransaction& transaction, const Pubkey& buffer) {
  for (const ExecutedInstruction& executed : transaction.instructions) {
    const Instruction& instruction = executed.instruction;
    if (instruction.program != known::loader_v3) continue;
    const auto decoded = decode_loader_instruction(instruction.data);
    if (!decoded && instruction.names(buffer)) return words_for(std::optional<LoaderAction>());
    if (!decoded || instruction.account(0) != buffer) continue;
    if (decoded->action != LoaderAction::set_authority && decoded->action != LoaderAction::set_authority_checked) {
      return std::string(words_for(decoded->action));
    }
  }
  return std::nullopt;
}

using Signatures = std::vector<SignatureSeen>;

// Those that did something from `since` on, or all of them.
Signatures successful(const Signatures& all, std::optional<Slot> since) {
  Signatures kept;
  std::copy_if(all.begin(), all.end(), std::back_inserter(kept),
               [&](const SignatureSeen& one) { return !one.failed && (!since || one.slot >= *since); });
  return kept;
}

std::vector<Fact<ExecutedTransaction>> transactions_of(const Signatures& signatures) {
  std::vector<Fact<ExecutedTransaction>> wanted;
  for (const SignatureSeen& one : signatures) wanted.push_back(facts::listed_transaction(one.signature));
  return wanted;
}

Unobtainable no_history(const std::string& what) {
  return {"pruned", what + "; ask an endpoint that keeps the history", Retry::other_endpoint};
}

std::optional<Slot> first_approval(const std::vector<ExecutedTransaction>& transactions, const Pubkey& proposal) {
  std::optional<Slot> first;
  for (const ExecutedTransaction& transaction : transactions) {
    if (!transaction.failed && approves(transaction, proposal) && (!first || transaction.slot < *first)) {
      first = transaction.slot;
    }
  }
  return first;
}

void judge_writes(const UpgradeBuffer& gate, const std::vector<ExecutedTransaction>& transactions, Slot approval,
                  Judgement& judgement) {
  judgement.rests_on(facts::signatures_of(gate.buffer, signatures_read).request);
  judgement.note("first approval", "slot " + to_string(approval));
  for (const ExecutedTransaction& transaction : transactions) {
    const auto change = change_of(transaction, gate.buffer);
    if (!change) continue;
    const std::string what = *change + " in slot " + to_string(transaction.slot);
    judgement.expect(
        false, {"changes since the first approval", "none", what},
        "it was changed after it was first approved: " + what + ", approved in slot " + to_string(approval));
  }
}

// Approvals are read from the history of the proposal, writes from that of the buffer; either may be cut short.
Task<Finding> with_history(UpgradeBuffer gate, Judgement judgement, Signatures of_proposal, Signatures of_buffer) {
  const std::string proposal = "proposal " + to_string(gate.proposal());
  if (of_proposal.size() >= signatures_read)
    co_return inconclusive(no_history("the history of " + proposal + " is too long"));
  const auto votes = transactions_of(successful(of_proposal, std::nullopt));
  const std::vector<ExecutedTransaction> voted = co_await each(votes);
  const auto approval = first_approval(voted, gate.proposal());
  if (!approval) co_return inconclusive(no_history("no approval of " + proposal + " is known"));
  const bool is_whole = std::any_of(voted.begin(), voted.end(), [&](const ExecutedTransaction& one) {
    return !one.failed && creates(one, gate.proposal());
  });
  if (!is_whole) {
    co_return inconclusive(
        no_history("the history of " + proposal +
                   " does not reach back to its creation, so that an earlier approval may be missing"));
  }
  const auto later = transactions_of(successful(of_buffer, approval));
  const std::vector<ExecutedTransaction> changes = co_await each(later);
  judge_writes(gate, changes, *approval, judgement);
  // A buffer that was approved was written before, so a history that does not show that was cut.
  const bool reaches_back =
      std::any_of(of_buffer.begin(), of_buffer.end(), [&](const SignatureSeen& one) { return one.slot < *approval; });
  if (!reaches_back && !judgement.failed()) {
    co_return inconclusive(
        no_history("the history of buffer " + to_string(gate.buffer) + " does not reach back to the first approval"));
  }
  const std::string subject = "buffer " + to_string(gate.buffer);
  co_return about(subject,
                  judgement.conclude(subject + " holds " + gate.path.text + " unchanged since its first approval"));
}

std::vector<Fact<Signatures>> histories_of(const UpgradeBuffer& gate) {
  if (!gate.approved_by) return {};
  return {facts::signatures_of(gate.proposal(), signatures_read), facts::signatures_of(gate.buffer, signatures_read)};
}

Task<Finding> evaluate(UpgradeBuffer gate) {
  const auto buffer = facts::code_account_if_any(gate.buffer);
  const auto local = facts::file(gate.path);
  const auto rent_fact = facts::rent();
  const auto multisig_fact = facts::squads_multisig(gate.multisig);  // its vault must be one that somebody can use
  const auto history_facts = histories_of(gate);
  auto all_facts = co_await all(buffer, local, rent_fact, multisig_fact, history_facts);
  auto& [account, file, rent, multisig, histories] = all_facts;

  Judgement judgement;
  judge_buffer(gate, account, file, rent, judgement);
  const std::string subject = "buffer " + to_string(gate.buffer);
  if (judgement.failed() || !gate.approved_by) {
    co_return about(subject, judgement.conclude(subject + " holds " + file.path + ", authority the vault " +
                                                to_string(gate.vault())));
  }
  Task<Finding> history = with_history(gate, judgement, histories[0], histories[1]);
  Finding finding = co_await history;
  co_return finding;
}

}  // namespace

GateKind upgrade_buffer() {
  return gate_kind<UpgradeBuffer>(
      {.name = "upgrade-buffer",
       .asks = "Is what is staged the release, and can nobody change it any more?",
       .reads = "the buffer with all of its code, the multisig, the file and the Rent sysvar in one round; with "
                "`approvedBy` the "
                "history of buffer and proposal too, and what their transactions did in two more",
       .passes = "the buffer holds the file, its authority is the vault of the multisig, it pays its rent, and with "
                 "`approvedBy` nothing was written to it since the first approval",
       .fails =
           "no multisig, or no buffer, at the address; an authority that is not the vault; other bytes, the first of "
           "which is named; "
           "a chunk that was not written; too few lamports for its rent; a write in the slot of the first approval or "
           "later",
       .why = "A proposal names a buffer by its address. Whoever can write to it changes what was approved.",
       .remedy = "write the frozen artifact to a new buffer, give its authority to the vault, and propose it again",
       .valid_for = valid_for_mutable_state},
      evaluate);
}

}  // namespace readyctl
