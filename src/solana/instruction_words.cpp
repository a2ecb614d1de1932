#include "solana/instruction_words.hpp"

#include <algorithm>
#include <array>

#include "base/hex.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "solana/amounts.hpp"
#include "solana/anchor.hpp"
#include "solana/loader_instructions.hpp"
#include "solana/names.hpp"
#include "solana/reader.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

constexpr std::size_t data_bytes_shown = 64;

std::string account_words(const Instruction& instruction, std::size_t position) {
  const auto key = instruction.account(position);
  return key ? named(*key) : "an account that is missing";
}

std::string lamports_words(std::uint64_t lamports) {
  return std::to_string(lamports) + " lamports (" + sol_text(Lamports{lamports}) + ")";
}

// What is not understood is told in full, so that two people can compare it.
std::string plain_words(const Instruction& instruction) {
  const bool is_short = instruction.data.size() <= data_bytes_shown;
  const std::string data = instruction.data.empty() ? "no data"
                           : is_short               ? "data " + to_hex(instruction.data)
                                      : counted(instruction.data.size(), "byte") + " of data with SHA-256 " +
                                            to_string(sha256(instruction.data));
  return "call program " + named(instruction.program) + " with " + counted(instruction.accounts.size(), "account") +
         " and " + data;
}

std::string option_words(const LoaderInstruction& decoded, const std::string& yes, const std::string& no) {
  if (!decoded.option) return "";
  return *decoded.option ? ", " + yes : ", " + no;
}

std::string loader_words(const Instruction& instruction) {
  const auto decoded = decode_loader_instruction(instruction.data);
  if (!decoded) return plain_words(instruction);
  const auto account = [&](std::size_t position) { return account_words(instruction, position); };
  switch (decoded->action) {
    case LoaderAction::initialize_buffer:
      return "make " + account(0) + " a buffer of authority " + account(1);
    case LoaderAction::write:
      return "write " + counted(decoded->bytes.size(), "byte") + " at offset " + std::to_string(decoded->offset) +
             " of buffer " + account(0);
    case LoaderAction::deploy:
      return "deploy program " + account(2) + " from buffer " + account(3) + " with authority " + account(7) +
             " and room for " + counted(decoded->max_data_len, "byte") +
             option_words(*decoded, "closing the buffer", "keeping the buffer");
    case LoaderAction::upgrade:
      return "upgrade program " + account(1) + " from buffer " + account(2) + " by authority " + account(6) +
             ", leftover lamports to " + account(3) +
             option_words(*decoded, "closing the buffer", "keeping the buffer");
    case LoaderAction::set_authority:
      if (!instruction.account(2)) return "take away the authority of " + account(0) + " for ever";
      return "give the authority of " + account(0) + " from " + account(1) + " to " + account(2);
    case LoaderAction::set_authority_checked:
      return "give the authority of " + account(0) + " from " + account(1) + " to " + account(2) + ", who signs too";
    case LoaderAction::close:
      return (instruction.account(3) ? "close program " + account(3) + " for ever, its programdata " : "close ") +
             account(0) + ", lamports to " + account(1) +
             option_words(*decoded, "leaving a tombstone", "leaving no tombstone");
    case LoaderAction::extend:
    case LoaderAction::extend_checked:
      return "extend program " + account(1) + " by " + counted(decoded->additional_bytes, "byte");
    case LoaderAction::migrate:
      return "migrate program " + account(1) + " to loader v4";
  }
  return plain_words(instruction);
}

// The System program: u32 tag, then the fields.
std::string system_words(const Instruction& instruction) {
  const auto account = [&](std::size_t position) { return account_words(instruction, position); };
  Reader reader("System instruction", instruction.data);
  const std::uint32_t tag = reader.u32("tag");
  std::string words;
  if (tag == 0) {
    const std::uint64_t lamports = reader.u64("lamports");
    const std::uint64_t space = reader.u64("space");
    const Pubkey owner = reader.pubkey("owner");
    words = "create account " + account(1) + " of " + counted(space, "byte") + " for program " + named(owner) +
            " with " + lamports_words(lamports) + " of " + account(0);
  } else if (tag == 1) {
    words = "assign " + account(0) + " to program " + named(reader.pubkey("owner"));
  } else if (tag == 2) {
    words = "transfer " + lamports_words(reader.u64("lamports")) + " from " + account(0) + " to " + account(1);
  } else if (tag == 4) {
    words = "advance durable nonce " + account(0) + " of authority " + account(2);
  } else if (tag == 5) {
    words = "withdraw " + lamports_words(reader.u64("lamports")) + " from durable nonce " + account(0) + " to " +
            account(1);
  } else if (tag == 6) {
    words = "make " + account(0) + " a durable nonce of authority " + named(reader.pubkey("authority"));
  } else if (tag == 7) {
    words = "give durable nonce " + account(0) + " to authority " + named(reader.pubkey("authority"));
  } else if (tag == 8) {
    words = "allocate " + counted(reader.u64("space"), "byte") + " for " + account(0);
  } else {
    reader.fail("another tag");
  }
  return reader.ok() ? words : plain_words(instruction);
}

std::string token_authority_words(Reader& reader, const Instruction& instruction) {
  static constexpr std::array<std::string_view, 4> kinds = {"mint authority", "freeze authority", "owner",
                                                            "close authority"};
  const std::uint8_t kind = reader.u8("authority type");
  const auto key = reader.option_pubkey("authority");
  const std::string name = kind < kinds.size() ? std::string(kinds.at(kind)) : "authority " + std::to_string(kind);
  return "set the " + name + " of " + account_words(instruction, 0) + " to " + named(key);
}

// SPL Token and Token-2022: u8 tag, then the fields.
std::string token_words(const Instruction& instruction) {
  const auto account = [&](std::size_t position) { return account_words(instruction, position); };
  Reader reader("token instruction", instruction.data);
  const std::uint8_t tag = reader.u8("tag");
  const auto amount = [&] { return std::to_string(reader.u64("amount")) + " base units "; };
  std::string words;
  if (tag == 3) {
    words = "transfer " + amount() + "from token account " + account(0) + " to " + account(1);
  } else if (tag == 12) {
    words =
        "transfer " + amount() + "of mint " + account(1) + " from token account " + account(0) + " to " + account(2);
  } else if (tag == 4) {
    words = "let " + account(1) + " take up to " + amount() + "out of token account " + account(0);
  } else if (tag == 13) {
    words = "let " + account(2) + " take up to " + amount() + "out of token account " + account(0);
  } else if (tag == 5) {
    words = "let no delegate take from token account " + account(0);
  } else if (tag == 6) {
    words = token_authority_words(reader, instruction);
  } else if (tag == 7 || tag == 14) {
    words = "mint " + amount() + "of " + account(0) + " to token account " + account(1);
  } else if (tag == 8 || tag == 15) {
    words = "burn " + amount() + "of " + account(1) + " in token account " + account(0);
  } else if (tag == 9) {
    words = "close token account " + account(0) + ", lamports to " + account(1);
  } else if (tag == 10) {
    words = "freeze token account " + account(0);
  } else if (tag == 11) {
    words = "thaw token account " + account(0);
  } else {
    reader.fail("another tag");
  }
  return reader.ok() ? words : plain_words(instruction);
}

std::string compute_budget_words(const Instruction& instruction) {
  Reader reader("compute budget instruction", instruction.data);
  const std::uint8_t tag = reader.u8("tag");
  std::string words;
  if (tag == 2) {
    words = "limit compute to " + std::to_string(reader.u32("units")) + " units";
  } else if (tag == 3) {
    words = "pay a priority fee of " + std::to_string(reader.u64("price")) + " micro-lamports a compute unit";
  } else {
    reader.fail("another tag");
  }
  return reader.ok() ? words : plain_words(instruction);
}

// Programs that Anchor made: the first eight bytes name the instruction.
template <std::size_t count>
std::string anchor_words(const Instruction& instruction, const std::array<std::string_view, count>& names) {
  const auto is_it = [&](std::string_view name) {
    const Discriminator discriminator = anchor_instruction_discriminator(name);
    return instruction.data.size() >= discriminator.size() &&
           std::equal(discriminator.begin(), discriminator.end(), instruction.data.begin());
  };
  const auto found = std::find_if(names.begin(), names.end(), is_it);
  if (found == names.end()) return plain_words(instruction);
  return "call " + std::string(*found) + " of program " + named(instruction.program) + " for " +
         account_words(instruction, 0);
}

constexpr std::array<std::string_view, 36> squads_instructions = {
    "batch_accounts_close",
    "batch_add_transaction",
    "batch_create",
    "batch_execute_transaction",
    "config_transaction_accounts_close",
    "config_transaction_create",
    "config_transaction_execute",
    "multisig_add_member",
    "multisig_add_spending_limit",
    "multisig_change_threshold",
    "multisig_create",
    "multisig_create_v2",
    "multisig_remove_member",
    "multisig_remove_spending_limit",
    "multisig_set_config_authority",
    "multisig_set_rent_collector",
    "multisig_set_time_lock",
    "program_config_init",
    "program_config_set_authority",
    "program_config_set_multisig_creation_fee",
    "program_config_set_treasury",
    "proposal_activate",
    "proposal_approve",
    "proposal_cancel",
    "proposal_cancel_v2",
    "proposal_create",
    "proposal_reject",
    "spending_limit_use",
    "transaction_buffer_close",
    "transaction_buffer_create",
    "transaction_buffer_extend",
    "vault_batch_transaction_account_close",
    "vault_transaction_accounts_close",
    "vault_transaction_create_from_buffer",
    "vault_transaction_create",
    "vault_transaction_execute",
};
constexpr std::array<std::string_view, 3> otter_instructions = {"initialize", "update", "close"};

}  // namespace

std::string words_for(const Instruction& instruction) {
  const Pubkey& program = instruction.program;
  if (program == known::loader_v3) return loader_words(instruction);
  if (program == known::system_program) return system_words(instruction);
  if (program == known::token || program == known::token_2022) return token_words(instruction);
  if (program == known::compute_budget) return compute_budget_words(instruction);
  if (program == known::squads_v4) return anchor_words(instruction, squads_instructions);
  if (program == known::otter_verify) return anchor_words(instruction, otter_instructions);
  if (program == known::memo || program == known::memo_v1)
    return "say \"" + printable(std::string(text_of(instruction.data))) + "\"";
  return plain_words(instruction);
}

}  // namespace readyctl
