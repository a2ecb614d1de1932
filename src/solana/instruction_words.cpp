#include "solana/instruction_words.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "solana/amounts.hpp"
#include "solana/anchor.hpp"
#include "solana/loader_instructions.hpp"
#include "solana/names.hpp"
#include "solana/reader.hpp"
#include "solana/squads_instruction_words.hpp"
#include "solana/told_instruction.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

std::string lamports_words(std::uint64_t lamports) {
  return std::to_string(lamports) + " lamports (" + sol_text(Lamports{lamports}) + ")";
}

std::string option_words(const LoaderInstruction& decoded, const std::string& yes, const std::string& no) {
  if (!decoded.option) return "";
  return *decoded.option ? ", " + yes : ", " + no;
}

std::string loader_words(const ToldInstruction& instruction) {
  const auto decoded = decode_loader_instruction(instruction.data);
  if (!decoded) return plain_words(instruction);
  const auto account = [&](std::size_t position) { return instruction.words(position); };
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
std::string system_words(const ToldInstruction& instruction) {
  const auto account = [&](std::size_t position) { return instruction.words(position); };
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
  } else if (tag == 12) {
    words = "bring durable nonce " + account(0) + " up to date";
  } else {
    reader.fail("another tag");
  }
  return reader.ok() ? words : plain_words(instruction);
}

std::string token_authority_words(Reader& reader, const ToldInstruction& instruction) {
  static constexpr std::array<std::string_view, 4> kinds = {"mint authority", "freeze authority", "owner",
                                                            "close authority"};
  const std::uint8_t kind = reader.u8("authority type");
  const auto key = reader.option_pubkey("authority");
  const std::string name = kind < kinds.size() ? std::string(kinds.at(kind)) : "authority " + std::to_string(kind);
  return "set the " + name + " of " + instruction.words(0) + " to " + named(key);
}

// SPL Token and Token-2022: u8 tag, then the fields.
std::string token_words(const ToldInstruction& instruction) {
  const auto account = [&](std::size_t position) { return instruction.words(position); };
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

std::string compute_budget_words(const ToldInstruction& instruction) {
  Reader reader("compute budget instruction", instruction.data);
  const std::uint8_t tag = reader.u8("tag");
  std::string words;
  if (tag == 1) {
    words = "ask for a heap of " + counted(reader.u32("bytes"), "byte");
  } else if (tag == 2) {
    words = "limit compute to " + std::to_string(reader.u32("units")) + " units";
  } else if (tag == 3) {
    words = "pay a priority fee of " + std::to_string(reader.u64("price")) + " micro-lamports a compute unit";
  } else if (tag == 4) {
    words = "limit the accounts that are loaded to " + counted(reader.u32("bytes"), "byte");
  } else {
    reader.fail("another tag");
  }
  return reader.ok() ? words : plain_words(instruction);
}

// Associated Token Account: no data or 0 creates, 1 creates unless it is there.
std::string associated_token_words(const ToldInstruction& instruction) {
  const bool may_exist = instruction.data.size() == 1 && instruction.data.front() == 1;
  const bool creates = instruction.data.empty() || (instruction.data.size() == 1 && instruction.data.front() == 0);
  if (!may_exist && !creates) return plain_words(instruction);
  return "create token account " + instruction.words(1) + " of mint " + instruction.words(3) + " for " +
         instruction.words(2) + " with lamports of " + instruction.words(0) + (may_exist ? ", unless it is there" : "");
}

// Programs that Anchor made: the first eight bytes name the instruction.
template <std::size_t count>
std::string anchor_words(const ToldInstruction& instruction, const std::array<std::string_view, count>& names) {
  const auto is_it = [&](std::string_view name) {
    const Discriminator discriminator = anchor_instruction_discriminator(name);
    return instruction.data.size() >= discriminator.size() &&
           std::equal(discriminator.begin(), discriminator.end(), instruction.data.begin());
  };
  const auto found = std::find_if(names.begin(), names.end(), is_it);
  if (found == names.end()) return plain_words(instruction);
  return "call " + std::string(*found) + " of program " + named(instruction.program) + " for " + instruction.words(0);
}

constexpr std::array<std::string_view, 3> otter_instructions = {"initialize", "update", "close"};

}  // namespace

std::string words_for(const Instruction& instruction, const AccountWords& unknown) {
  const ToldInstruction told{instruction, unknown};
  const Pubkey& program = instruction.program;
  if (program == known::loader_v3) return loader_words(told);
  if (program == known::system_program) return system_words(told);
  if (program == known::token || program == known::token_2022) return token_words(told);
  if (program == known::associated_token) return associated_token_words(told);
  if (program == known::compute_budget) return compute_budget_words(told);
  if (program == known::squads_v4) return squads_words(told);
  if (program == known::otter_verify) return anchor_words(told, otter_instructions);
  if (program == known::memo || program == known::memo_v1)
    return "say \"" + printable(std::string(text_of(instruction.data))) + "\"";
  return plain_words(told);
}

}  // namespace readyctl
