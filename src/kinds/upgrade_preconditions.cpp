#include "kinds/upgrade_preconditions.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "facts/heads.hpp"
#include "solana/derive.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

void expect_room(const Deployment& deployed, std::uint64_t needed, const std::string& otherwise, Judgement& judgement) {
  const std::uint64_t room = deployed.capacity();
  judgement.expect(needed <= room, {"room for code", "at least " + bytes_text(needed), bytes_text(room)},
                   "programdata has room for " + bytes_text(room) + " and the buffer holds " + std::to_string(needed) +
                       ", so the upgrade fails (ProgramData account not large enough): " + otherwise);
}

std::string words_for_rent(const UpgradeFacts& seen, std::uint64_t programdata_bytes) {
  return words_for(difference(minimum_balance(seen.rent, programdata_bytes), seen.programdata->lamports));
}

}  // namespace

std::string bytes_text(std::uint64_t bytes) { return counted(static_cast<std::size_t>(bytes), "byte"); }

Lamports difference(Lamports more, Lamports less) {
  return Lamports{more.value > less.value ? more.value - less.value : 0};
}

void judge_staged(const PlannedUpgrade& upgrade, const UpgradeFacts& seen, Judgement& judgement) {
  judgement.rests_on(AccountRequest{upgrade.buffer, Slice{0, buffer_header_bytes}});
  const bool is_loaders = seen.buffer && seen.buffer->owner == known::loader_v3;
  const std::string owner = seen.buffer ? "owned by " + named(seen.buffer->owner) : "missing";
  judgement.expect(is_loaders, {"buffer", "owned by " + named(known::loader_v3), owner},
                   "buffer " + to_string(upgrade.buffer) +
                       (seen.buffer ? " is " + owner : " does not exist: never made, closed, or used already"));
  const auto buffer =
      is_loaders ? decode_buffer(seen.buffer->bytes()) : Result<BufferAccount>(malformed("", "another account"));
  if (!buffer) judgement.misnames(Misnamed{to_string(upgrade.buffer), "", "", true});
  if (!is_loaders) return;
  judgement.expect(buffer.has_value(), {"buffer state", "Buffer", buffer ? "Buffer" : buffer.error().what},
                   buffer ? "" : to_string(upgrade.buffer) + " is no buffer: " + buffer.error().what);
  if (!buffer) return;
  judgement.expect(buffer->authority == upgrade.vault,
                   {"buffer authority", named(upgrade.vault), named(buffer->authority)},
                   "the authority of the buffer is " + named(buffer->authority) + " and must be that of the program, " +
                       named(upgrade.vault));
  const std::uint64_t code = seen.buffer->space - buffer_header_bytes;
  judgement.expect(
      code > 0 && code <= code_bytes_max,
      {"room in the buffer", "1 to " + bytes_text(code_bytes_max), bytes_text(code)},
      "the buffer has room for " + bytes_text(code) + ", and a program has 1 to " + std::to_string(code_bytes_max));
}

void judge_upgradable(const PlannedUpgrade& upgrade, const Deployment& deployed, Judgement& judgement) {
  judgement.rests_on(facts::programdata_header(upgrade.program).request);
  const auto& authority = deployed.header->upgrade_authority;
  judgement.expect(authority == upgrade.vault, {"upgrade authority", named(upgrade.vault), named(authority)},
                   authority ? "the upgrade authority of the program is " + named(*authority) +
                                   ", expected the vault " + named(upgrade.vault)
                             : "the program is final: nobody can upgrade it");
}

std::optional<Unobtainable> changed_in_this_slot(const Deployment& deployed, const Clock& clock) {
  const Slot slot = deployed.header->slot;
  if (slot < clock.slot) return std::nullopt;
  return Unobtainable{"behind",
                      "the program was deployed, upgraded or extended in slot " + to_string(slot) +
                          ", and the chain is in slot " + to_string(clock.slot) +
                          ": the loader takes no second change in one slot; decide again in a later one",
                      Retry::now};
}

CodeRoom judge_room(const PlannedUpgrade& upgrade, const Deployment& deployed, const UpgradeFacts& seen,
                    Judgement& judgement) {
  const std::uint64_t size = seen.programdata->space;
  const std::uint64_t needed = seen.buffer->space - buffer_header_bytes;
  const std::uint64_t missing = needed > deployed.capacity() ? needed - deployed.capacity() : 0;
  const CodeRoom as_it_is{false, size, seen.programdata->lamports};
  if (missing == 0) {
    expect_room(deployed, needed, "", judgement);
    if (upgrade.extend) judgement.note("planned extension", bytes_text(*upgrade.extend) + ", not needed");
    return as_it_is;
  }
  const auto least = least_extension(size, missing, seen.steps());
  const std::string step = least ? "ExtendProgram must add at least " + bytes_text(*least) + ", whose rent is " +
                                       words_for_rent(seen, size + *least)
                                 : "and only " + bytes_text(headroom_of(size)) + " can be added";
  if (!upgrade.extend || !least) {
    expect_room(deployed, needed, step, judgement);
    return as_it_is;
  }
  judgement.rests_on(facts::feature(features::loader_v3_minimum_extend_program_size).request);
  judgement.note(feature_name(features::loader_v3_minimum_extend_program_size), words_for(seen.minimum_extension));
  const bool is_taken = extension_is_taken(size, *upgrade.extend, seen.steps()) && *upgrade.extend >= missing;
  judgement.expect(is_taken, {"planned extension", "at least " + bytes_text(*least), bytes_text(*upgrade.extend)},
                   "the extension that is planned adds " + bytes_text(*upgrade.extend) + ", but " + step);
  if (!is_taken) return as_it_is;
  judgement.note("rent of the extension", words_for_rent(seen, size + *upgrade.extend));
  judgement.caveat("the program must first be extended by " + bytes_text(*upgrade.extend) +
                   ", in an earlier slot, for " + words_for_rent(seen, size + *upgrade.extend));
  const Lamports rent = minimum_balance(seen.rent, size + *upgrade.extend);
  return {true, size + *upgrade.extend, std::max(rent, seen.programdata->lamports)};
}

// The upgrade leaves programdata exactly its rent, and gives the rest of both accounts to the spill.
Lamports judge_funds(const UpgradeFacts& seen, const CodeRoom& room, Judgement& judgement) {
  const Lamports least = std::max(Lamports{1}, minimum_balance(seen.rent, room.programdata_bytes));
  const Lamports both{room.programdata_lamports.value + seen.buffer->lamports.value};
  judgement.expect(both >= least,
                   {"lamports of programdata and buffer", "at least " + words_for(least), words_for(both)},
                   "programdata and buffer hold " + words_for(both) + " together, and the rent of programdata is " +
                       words_for(least) + " (Buffer account balance too low to fund upgrade)");
  const Lamports left = difference(both, least);
  judgement.note("lamports for the spill", words_for(left));
  return left;
}

void judge_spill(const PlannedUpgrade& upgrade, const Pubkey& spill, const std::optional<Account>& account,
                 Lamports left, const Rent& rent, Judgement& judgement) {
  judgement.rests_on(facts::account_head_if_any(spill).request);
  const bool is_part =
      spill == upgrade.buffer || spill == upgrade.program || spill == programdata_address(upgrade.program).address;
  const bool is_reserved = account && (account->executable || account->owner == known::sysvar_owner ||
                                       account->owner == known::native_loader);
  const bool can_take = !is_part && !is_reserved;
  judgement.expect(can_take, {"spill", "an account that can take lamports", named(spill)},
                   "spill " + named(spill) + " cannot take the lamports that are left: it is " +
                       (is_part ? "itself an account of the upgrade" : "a program or a sysvar"));
  if (!can_take || account || left.value == 0) return;
  const Lamports least = minimum_balance(rent, 0);
  judgement.expect(left >= least, {"new account of the spill", "at least " + words_for(least), words_for(left)},
                   "spill " + named(spill) + " does not exist, and the " + words_for(left) +
                       " that are left do not pay the rent of a new account");
}

}  // namespace readyctl
