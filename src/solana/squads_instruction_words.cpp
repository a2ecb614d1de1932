#include "solana/squads_instruction_words.hpp"

#include <algorithm>
#include <array>

#include "base/sha256.hpp"
#include "base/text.hpp"
#include "solana/anchor.hpp"
#include "solana/message_words.hpp"
#include "solana/names.hpp"
#include "solana/reader.hpp"
#include "solana/squads_config.hpp"

namespace readyctl {
namespace {

using Words = std::string (*)(const ToldInstruction&, Reader&);

struct SquadsInstruction {
  std::string_view name;
  Words words;
};

std::string memo_words(Reader& reader) {
  if (!reader.boolean("memo")) return "";
  return ", with the memo \"" + printable(std::string(text_of(reader.byte_vec("memo")))) + "\"";
}

std::string number(std::uint64_t value) { return std::to_string(value); }

std::string vote_words(const ToldInstruction& call, Reader& reader, const std::string& verb) {
  return verb + " proposal " + call.words(2) + " of multisig " + call.words(0) + " as member " + call.words(1) +
         memo_words(reader);
}

std::string instructions_in(const Bytes& compact) {
  const auto message = decode_compact_message(compact);
  if (!message) return "do what does not read: " + message.error().what;
  return message->instructions.empty() ? "do nothing" : join(words_for_each(*message), "; ");
}

std::string vault_transaction_words(const ToldInstruction& call, Reader& reader) {
  const std::uint8_t vault = reader.u8("vault index");
  const std::uint8_t ephemeral = reader.u8("ephemeral signers");
  const Bytes message = reader.byte_vec("transaction message");
  const std::string memo = memo_words(reader);
  return "create transaction " + call.words(1) + " of multisig " + call.words(0) + " as member " + call.words(2) +
         (ephemeral == 0 ? "" : " with " + counted(ephemeral, "ephemeral signer")) + memo + ", so that vault " +
         number(vault) + " would " + instructions_in(message);
}

std::string proposal_create_words(const ToldInstruction& call, Reader& reader) {
  const std::uint64_t index = reader.u64("transaction index");
  const bool is_draft = reader.boolean("draft");
  return "put transaction " + number(index) + " of multisig " + call.words(0) + " to the vote as proposal " +
         call.words(1) + (is_draft ? ", a draft until it is activated" : "") + ", as member " + call.words(2);
}

std::string config_transaction_words(const ToldInstruction& call, Reader& reader) {
  std::vector<std::string> actions;
  for (const ConfigAction& action : read_config_actions(reader)) actions.push_back(words_for(action));
  return "create transaction " + call.words(1) + " of multisig " + call.words(0) + " as member " + call.words(2) +
         memo_words(reader) +
         ", which would change the multisig itself: " + (actions.empty() ? "no action" : join(actions, "; "));
}

std::string unvoted(const ToldInstruction& call, const std::string& action) {
  return action + " of multisig " + call.words(0) + ", without a vote, as its config authority " + call.words(1);
}

template <std::uint8_t tag>
std::string unvoted_action_words(const ToldInstruction& call, Reader& reader) {
  const ConfigAction action = read_config_action(reader, tag);
  return unvoted(call, words_for(action)) + memo_words(reader);
}

std::string multisig_create_words(const ToldInstruction& call, Reader& reader) {
  const auto config_authority = reader.option_pubkey("config authority");
  const std::uint16_t threshold = reader.u16("threshold");
  std::vector<std::string> members;
  const std::size_t count = reader.count("members", sizeof(Pubkey) + 1);
  for (std::size_t i = 0; i < count && reader.ok(); ++i) {
    const Pubkey key = reader.pubkey("member");
    members.push_back(named(key) + " who " + words_for(Permissions{reader.u8("permissions")}));
  }
  const std::uint32_t time_lock = reader.u32("time lock");
  const auto rent_collector = reader.option_pubkey("rent collector");
  return "create multisig " + call.words(2) + " with threshold " + number(threshold) + ", a time lock of " +
         number(time_lock) + " s, config authority " + named(config_authority) + ", rent to " + named(rent_collector) +
         memo_words(reader) + ", and members " + join(members, ", ");
}

std::string execute_words(const ToldInstruction& call, std::size_t transaction, std::size_t member) {
  return "execute transaction " + call.words(transaction) + " of multisig " + call.words(0) + " as member " +
         call.words(member);
}

std::string close_words(const ToldInstruction& call, std::size_t transaction, std::size_t rent) {
  return "close transaction " + call.words(transaction) + " of multisig " + call.words(0) + ", rent to " +
         call.words(rent);
}

std::string spending_limit_words(const ToldInstruction& call, Reader& reader) {
  const std::uint64_t amount = reader.u64("amount");
  reader.u8("decimals");
  const bool is_sol = call.accounts.size() <= 6 || call.words(6) == named(known::squads_v4);
  return "spend " + number(amount) + (is_sol ? " lamports" : " base units of mint " + call.words(6)) + " from vault " +
         call.words(3) + " of multisig " + call.words(0) + " to " + call.words(4) + " under spending limit " +
         call.words(2) + ", without a vote, as " + call.words(1) + memo_words(reader);
}

std::string batch_add_words(const ToldInstruction& call, Reader& reader) {
  const std::uint8_t ephemeral = reader.u8("ephemeral signers");
  const Bytes message = reader.byte_vec("transaction message");
  return "add transaction " + call.words(3) + " to batch " + call.words(2) + " of multisig " + call.words(0) +
         " as member " + call.words(4) + (ephemeral == 0 ? "" : " with " + counted(ephemeral, "ephemeral signer")) +
         ", so that the vault would " + instructions_in(message);
}

std::string buffer_words(const ToldInstruction& call, Reader& reader) {
  reader.u8("buffer index");
  const std::uint8_t vault = reader.u8("vault index");
  const ByteView digest = reader.bytes("final buffer hash", sizeof(Sha256));
  Sha256 hash;
  std::copy(digest.begin(), digest.end(), hash.bytes.begin());
  const std::uint16_t size = reader.u16("final buffer size");
  const Bytes bytes = reader.byte_vec("buffer");
  return "stage " + counted(bytes.size(), "byte") + " of the " + number(size) + " of a message for vault " +
         number(vault) + " of multisig " + call.words(0) + " in buffer " + call.words(1) + ", the whole with SHA-256 " +
         to_string(hash);
}

constexpr std::array<SquadsInstruction, 30> instruction_table = {{
    {"batch_accounts_close", [](const ToldInstruction& call, Reader&) { return close_words(call, 2, 3); }},
    {"batch_add_transaction", batch_add_words},
    {"batch_create",
     [](const ToldInstruction& call, Reader& reader) {
       const std::uint8_t vault = reader.u8("vault index");
       return "create batch " + call.words(1) + " for vault " + number(vault) + " of multisig " + call.words(0) +
              " as member " + call.words(2) + memo_words(reader);
     }},
    {"batch_execute_transaction", [](const ToldInstruction& call, Reader&) { return execute_words(call, 4, 1); }},
    {"config_transaction_accounts_close", [](const ToldInstruction& call, Reader&) { return close_words(call, 2, 3); }},
    {"config_transaction_create", config_transaction_words},
    {"config_transaction_execute", [](const ToldInstruction& call, Reader&) { return execute_words(call, 3, 1); }},
    {"multisig_add_member", unvoted_action_words<0>},
    {"multisig_add_spending_limit", unvoted_action_words<4>},
    {"multisig_change_threshold", unvoted_action_words<2>},
    {"multisig_create_v2", multisig_create_words},
    {"multisig_remove_member", unvoted_action_words<1>},
    {"multisig_remove_spending_limit",
     [](const ToldInstruction& call, Reader& reader) {
       return unvoted(call, "remove spending limit " + call.words(2)) + memo_words(reader);
     }},
    {"multisig_set_config_authority",
     [](const ToldInstruction& call, Reader& reader) {
       const auto authority = reader.nullable_pubkey("config authority");
       return unvoted(call, "let " + named(authority) + " be the config authority") + memo_words(reader);
     }},
    {"multisig_set_rent_collector", unvoted_action_words<6>},
    {"multisig_set_time_lock", unvoted_action_words<3>},
    {"proposal_activate",
     [](const ToldInstruction& call, Reader&) {
       return "activate proposal " + call.words(2) + " of multisig " + call.words(0) + " as member " + call.words(1);
     }},
    {"proposal_approve",
     [](const ToldInstruction& call, Reader& reader) { return vote_words(call, reader, "approve"); }},
    {"proposal_cancel",
     [](const ToldInstruction& call, Reader& reader) { return vote_words(call, reader, "vote to cancel"); }},
    {"proposal_cancel_v2",
     [](const ToldInstruction& call, Reader& reader) { return vote_words(call, reader, "vote to cancel"); }},
    {"proposal_create", proposal_create_words},
    {"proposal_reject", [](const ToldInstruction& call, Reader& reader) { return vote_words(call, reader, "reject"); }},
    {"spending_limit_use", spending_limit_words},
    {"transaction_buffer_close",
     [](const ToldInstruction& call, Reader&) {
       return "close buffer " + call.words(1) + " of multisig " + call.words(0) + ", rent to " + call.words(2);
     }},
    {"transaction_buffer_create", buffer_words},
    {"transaction_buffer_extend",
     [](const ToldInstruction& call, Reader& reader) {
       const Bytes bytes = reader.byte_vec("buffer");
       return "stage " + counted(bytes.size(), "byte") + " more in buffer " + call.words(1) + " of multisig " +
              call.words(0);
     }},
    {"vault_batch_transaction_account_close",
     [](const ToldInstruction& call, Reader&) { return close_words(call, 3, 4); }},
    {"vault_transaction_accounts_close", [](const ToldInstruction& call, Reader&) { return close_words(call, 2, 3); }},
    {"vault_transaction_create", vault_transaction_words},
    {"vault_transaction_execute", [](const ToldInstruction& call, Reader&) { return execute_words(call, 2, 3); }},
}};

// Instructions that nobody should meet: of the program itself, or that it refuses. They are told by name.
constexpr std::array<std::string_view, 6> named_only = {"multisig_create",
                                                        "program_config_init",
                                                        "program_config_set_authority",
                                                        "program_config_set_multisig_creation_fee",
                                                        "program_config_set_treasury",
                                                        "vault_transaction_create_from_buffer"};

bool is_call_of(std::string_view name, const ToldInstruction& call) {
  const Discriminator discriminator = anchor_instruction_discriminator(name);
  return call.data.size() >= discriminator.size() &&
         std::equal(discriminator.begin(), discriminator.end(), call.data.begin());
}

}  // namespace

std::string squads_words(const ToldInstruction& call) {
  for (const SquadsInstruction& one : instruction_table) {
    if (!is_call_of(one.name, call)) continue;
    Reader reader("Squads instruction", call.data);
    reader.bytes("discriminator", sizeof(Discriminator));
    const std::string words = one.words(call, reader);
    if (!reader.ok()) return std::string(one.name) + ", whose arguments do not read: " + plain_words(call);
    const std::size_t unread = reader.rest().size();
    return unread == 0 ? words : words + ", followed by " + counted(unread, "byte") + " that the program does not read";
  }
  for (const std::string_view name : named_only) {
    if (is_call_of(name, call)) return std::string(name) + ": " + plain_words(call);
  }
  return plain_words(call);
}

}  // namespace readyctl
