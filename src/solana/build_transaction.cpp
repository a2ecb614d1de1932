#include "solana/build_transaction.hpp"

#include <algorithm>
#include <optional>

#include "solana/little_endian.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

constexpr std::size_t keys_max = 256;
constexpr std::size_t signature_bytes = 64;
constexpr std::uint8_t version_0 = 0x80;

// A key of the message with everything that any instruction wants of it.
struct WantedKey {
  InstructionAccount account;
  bool is_program = false;

  bool may_be_looked_up() const { return !account.is_signer && !is_program; }
};

class WantedKeys {
 public:
  explicit WantedKeys(const Pubkey& payer, const std::vector<Instruction>& instructions) {
    want({payer, true, true});
    for (const Instruction& instruction : instructions) {
      want({instruction.program, false, false}).is_program = true;
      for (const InstructionAccount& account : instruction.accounts) want(account);
    }
  }

  // Takes out those of one sort that stand in the table, and gives their places there.
  std::vector<std::pair<Pubkey, std::uint8_t>> take(const NamedTable& table, bool writable) {
    std::vector<std::pair<Pubkey, std::uint8_t>> taken;
    std::erase_if(keys_, [&](const WantedKey& one) {
      if (!one.may_be_looked_up() || one.account.is_writable != writable) return false;
      const auto found = std::find(table.addresses.begin(), table.addresses.end(), one.account.key);
      const auto place = found - table.addresses.begin();
      if (found == table.addresses.end() || place >= static_cast<std::ptrdiff_t>(keys_max)) return false;
      taken.emplace_back(one.account.key, static_cast<std::uint8_t>(place));
      return true;
    });
    return taken;
  }

  std::vector<Pubkey> of_sort(bool signer, bool writable) const {
    std::vector<Pubkey> found;
    for (const WantedKey& one : keys_) {
      if (one.account.is_signer == signer && one.account.is_writable == writable) found.push_back(one.account.key);
    }
    return found;
  }

 private:
  WantedKey& want(const InstructionAccount& account) {
    auto found =
        std::find_if(keys_.begin(), keys_.end(), [&](const auto& one) { return one.account.key == account.key; });
    if (found == keys_.end()) found = keys_.insert(keys_.end(), {{account.key, false, false}, false});
    found->account.is_signer |= account.is_signer;
    found->account.is_writable |= account.is_writable;
    return *found;
  }

  std::vector<WantedKey> keys_;  // in the order in which they were named first
};

void put_compact_u16(Bytes& out, std::size_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::uint8_t>((value & 0x7f) | 0x80));
  out.push_back(static_cast<std::uint8_t>(value));
}

void put_list(Bytes& out, const Bytes& bytes) {
  put_compact_u16(out, bytes.size());
  out.insert(out.end(), bytes.begin(), bytes.end());
}

void put_message(Bytes& out, const Message& message) {
  out.insert(out.end(), {version_0, message.signers, message.readonly_signers, message.readonly_others});
  put_compact_u16(out, message.keys.size());
  for (const Pubkey& key : message.keys) append(out, key.bytes);
  append(out, message.blockhash.bytes);
  put_compact_u16(out, message.instructions.size());
  for (const CompiledInstruction& instruction : message.instructions) {
    out.push_back(instruction.program_id_index);
    put_list(out, instruction.account_indexes);
    put_list(out, instruction.data);
  }
  put_compact_u16(out, message.lookups.size());
  for (const AddressTableLookup& lookup : message.lookups) {
    append(out, lookup.table.bytes);
    put_list(out, lookup.writable_indexes);
    put_list(out, lookup.readonly_indexes);
  }
}

// Moves what it can into lookups; gives all that was looked up: writable ones first, over all tables.
std::vector<Pubkey> look_up(WantedKeys& wanted, const std::vector<NamedTable>& tables, Message& message) {
  std::vector<Pubkey> writable;
  std::vector<Pubkey> readonly;
  for (const NamedTable& table : tables) {
    AddressTableLookup lookup{table.address, {}, {}};
    for (const auto& [key, place] : wanted.take(table, true)) {
      writable.push_back(key);
      lookup.writable_indexes.push_back(place);
    }
    for (const auto& [key, place] : wanted.take(table, false)) {
      readonly.push_back(key);
      lookup.readonly_indexes.push_back(place);
    }
    const bool is_used = !lookup.writable_indexes.empty() || !lookup.readonly_indexes.empty();
    if (is_used) message.lookups.push_back(std::move(lookup));
  }
  writable.insert(writable.end(), readonly.begin(), readonly.end());
  return writable;
}

CompiledInstruction compile(const Instruction& instruction, const std::vector<Pubkey>& keys) {
  const auto index_of = [&](const Pubkey& key) {
    return static_cast<std::uint8_t>(std::find(keys.begin(), keys.end(), key) - keys.begin());
  };
  CompiledInstruction compiled{index_of(instruction.program), {}, instruction.data};
  for (const InstructionAccount& account : instruction.accounts) {
    compiled.account_indexes.push_back(index_of(account.key));
  }
  return compiled;
}

}  // namespace

Result<Message> compile_message(const Pubkey& payer, const std::vector<Instruction>& instructions,
                                const std::vector<NamedTable>& tables) {
  WantedKeys wanted(payer, instructions);
  Message message;
  const std::vector<Pubkey> looked_up = look_up(wanted, tables, message);
  std::size_t signers = 0;
  for (const bool signer : {true, false}) {
    for (const bool writable : {true, false}) {
      const std::vector<Pubkey> keys = wanted.of_sort(signer, writable);
      message.keys.insert(message.keys.end(), keys.begin(), keys.end());
      if (message.keys.size() > keys_max) return malformed("", "a message of more than 256 keys");
      const auto count = static_cast<std::uint8_t>(keys.size());
      if (signer) signers += keys.size();
      if (signer && !writable) message.readonly_signers = count;
      if (!signer && !writable) message.readonly_others = count;
    }
  }
  message.signers = static_cast<std::uint8_t>(signers);
  std::vector<Pubkey> all = message.keys;
  all.insert(all.end(), looked_up.begin(), looked_up.end());
  if (signers >= keys_max || all.size() > keys_max) return malformed("", "a message of more than 256 keys");
  for (const Instruction& instruction : instructions) message.instructions.push_back(compile(instruction, all));
  return message;
}

Bytes unsigned_transaction(const Message& message) {
  Bytes bytes;
  put_compact_u16(bytes, message.signers);
  bytes.resize(bytes.size() + signature_bytes * message.signers);
  put_message(bytes, message);
  return bytes;
}

std::vector<Instruction> compute_budget_instructions(std::uint32_t units, std::uint64_t micro_lamports) {
  Bytes limit{2};
  append_u32(limit, units);
  Bytes price{3};
  append_u64(price, micro_lamports);
  return {{known::compute_budget, {}, std::move(limit)}, {known::compute_budget, {}, std::move(price)}};
}

}  // namespace readyctl
