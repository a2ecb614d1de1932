// What endpoints serve beside the newest state: blocks, history, accounts as JSON. Read as strictly as endpoints.hpp
// has it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "facts/endpoints.hpp"

namespace readyctl {

/// A block, without what is in it.
struct BlockSeen {
  std::string hash;  ///< base58
  Time made;
};

/// A finalized block. Its transactions are not asked for.
ProbeRequest block_question(const std::string& endpoint, Slot slot);
/// Error: no result; no base58 text of 32 bytes as blockhash; no block time, or one before 1970 or after 9999.
Said<BlockSeen> block_in(const Probe& probe);

/// In which slots these transactions were executed, searched for in all of the endpoint's history.
ProbeRequest transactions_question(const std::string& endpoint, const std::vector<std::string>& signatures);
/// One entry a signature, in their order; nullopt for one that the endpoint does not know.
/// Error: no result, no context slot, not as many statuses as signatures, a status without slot.
Said<std::vector<std::optional<Slot>>> transaction_slots_in(const Probe& probe, std::size_t signatures);

/// What a WebSocket of an endpoint tells about the newest slot, unasked.
struct SlotNotice {
  Slot slot;  ///< processed
  Slot root;  ///< the newest of which the node itself is sure
};

ProbeRequest slot_notice_question(const std::string& endpoint);
/// Error: no result, no WebSocket declared, a notice without slot or root, one whose root is after its slot.
Said<SlotNotice> slot_notice_in(const Probe& probe);

/// A token account as JSON, the way that wallets and explorers read it.
struct ParsedTokenAccount {
  Pubkey mint;
  Pubkey owner;
  std::string amount;  ///< raw units, digits
};

ProbeRequest parsed_account_question(const std::string& endpoint, const Pubkey& address);
/// Error: no result, no context slot, no account, bytes instead of JSON, another sort of account, a missing member.
Said<ParsedTokenAccount> parsed_token_account_in(const Probe& probe);

}  // namespace readyctl
