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

/// Whether a slice that was read earlier is what the whole account holds now.
bool agrees(const Payload& slice, const Payload& whole);

namespace facts {

/// An account of which only the first `bytes` matter. Absent: no such account.
Fact<Account> account(const Pubkey& address, std::optional<Slice> slice = std::nullopt);

/// An account, or the knowledge that there is none.
Fact<std::optional<Account>> account_if_any(const Pubkey& address, std::optional<Slice> slice = std::nullopt);

/// The same for an account that may hold code, megabytes of it.
Fact<std::optional<Account>> code_account_if_any(const Pubkey& address);

/// A Squads v4 multisig. Absent: no account, another owner, another kind of Squads account.
Fact<Multisig> squads_multisig(const Pubkey& address);

/// The Rent and Clock sysvars.
Fact<Rent> rent();
Fact<Clock> clock();

}  // namespace facts
}  // namespace readyctl
