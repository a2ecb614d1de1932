// Facts about accounts: what the cluster holds at an address, read at finalized commitment.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "facts/fact.hpp"
#include "solana/amounts.hpp"
#include "solana/loader.hpp"
#include "solana/squads.hpp"
#include "solana/sysvars.hpp"
#include "solana/token.hpp"

namespace readyctl {

/// The payload of an account, as sources make it and evidence keeps it.
///   head  {"exists": false}, or
///         {"exists": true, "lamports": "<u64>", "owner": "<base58>", "executable": <bool>, "space": <bytes>,
///          "encoding": "raw" | "zstd"}; for a slice also "slice": [offset, length]
///   body  the data, or the slice of it, in that encoding
struct Account {
  Pubkey address;
  Pubkey owner;
  Lamports lamports;
  bool executable = false;
  std::uint64_t space = 0;            ///< bytes of the whole data, also when only a slice was read
  std::shared_ptr<const Bytes> data;  ///< the data, or the slice that was asked for
  Slot slot;                          ///< context slot at which it was read

  ByteView bytes() const { return *data; }
};

/// The payload above for an account that exists. `body` is in the encoding that `encoding` names, `data` is plain.
Payload account_payload(const Account& account, std::string_view encoding, std::shared_ptr<const Bytes> body,
                        const std::optional<Slice>& slice);

/// The payload for an address that holds no account.
Payload no_account_payload();

/// Reads a payload again. Errors: a head that is not as above; a body whose size contradicts it.
Reading<std::optional<Account>> read_account(const Payload& payload, const Observation& seen, const Pubkey& address);

/// Where in the account's data the data of the payload begins.
std::size_t offset_of(const Payload& payload);

/// Whether two payloads of one account, each whole or a slice, say the same wherever both speak. Lamports are not
/// compared, which anybody may send. Sysvars change with every slot, and agree with themselves.
bool agrees(const Payload& one, const Payload& other);

namespace facts {

/// An account of which only the first `bytes` matter. Absent: no such account.
Fact<Account> account(const Pubkey& address, std::optional<Slice> slice = std::nullopt);

/// An account, or the knowledge that there is none.
Fact<std::optional<Account>> account_if_any(const Pubkey& address, std::optional<Slice> slice = std::nullopt);

/// The same for an account that may hold code, megabytes of it.
Fact<std::optional<Account>> code_account_if_any(const Pubkey& address);

/// A part of an account, read again when a run has read everything else, so that a change in between shows.
Fact<std::optional<Account>> account_once_more(const Pubkey& address, Slice slice);

/// A Squads v4 multisig. Absent: no account, another owner, another kind of Squads account.
Fact<Multisig> squads_multisig(const Pubkey& address);

/// The Rent and Clock sysvars.
Fact<Rent> rent();
Fact<Clock> clock();

/// How much is read of each account that is read once more: of programs the slot of the last deployment and the upgrade
/// authority, of the Clock everything. One length for all, so that they travel in one request.
inline constexpr Slice read_once_more{0, programdata_header_bytes};

/// The Clock sysvar at the end of a run.
Fact<Clock> clock_once_more();

}  // namespace facts
}  // namespace readyctl
