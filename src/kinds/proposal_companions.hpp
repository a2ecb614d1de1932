// What may stand beside the upgrade in one transaction of a vault: each sort of companion knows its own instruction.
#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "facts/field_types.hpp"
#include "solana/instruction.hpp"

namespace readyctl {

/// The program and the vault that an upgrade is of.
struct UpgradeParties {
  Pubkey program;
  Pubkey vault;
};

/// The otter-verify record of the vault for the program: which source it says the code was built from.
struct VerificationRecord {
  std::optional<std::string> repository;
  std::optional<std::string> commit;

  static constexpr auto fields() {
    return std::tuple{
        optional("repository", &VerificationRecord::repository, "the repository that it must name"),
        optional("commit", &VerificationRecord::commit, "the commit that it must name, all 40 digits"),
    };
  }
};

/// Writing the program's IDL: the canonical account of the Program Metadata program, or Anchor's own.
struct IdlWrite {
  static constexpr auto fields() { return std::tuple{}; }
};

/// A compute budget instruction.
struct PriorityFee {
  std::optional<Amount> max_price;

  static constexpr auto fields() {
    return std::tuple{optional("maxMicroLamports", &PriorityFee::max_price,
                               "the most that it may pay for a compute unit, in micro-lamports")};
  }
};

struct Memo {
  std::optional<std::string> text;

  static constexpr auto fields() { return std::tuple{optional("text", &Memo::text, "what it must say")}; }
};

/// Lamports of the vault for the rent of an account, as a first IDL needs.
struct RentTransfer {
  Pubkey to;
  Lamports max_lamports;

  static constexpr auto fields() {
    return std::tuple{
        required("to", &RentTransfer::to, "the account that they must go to"),
        required("maxLamports", &RentTransfer::max_lamports, "the most that it may be"),
    };
  }
};

/// One sort of companion.
struct Companion {
  std::optional<VerificationRecord> verification;
  std::optional<IdlWrite> idl;
  std::optional<PriorityFee> priority_fee;
  std::optional<Memo> memo;
  std::optional<RentTransfer> rent_transfer;

  static constexpr Choice choice = Choice::exactly_one;
  static constexpr auto fields() {
    return std::tuple{
        optional("verification", &Companion::verification, "writes the otter-verify record of the vault"),
        optional("idl", &Companion::idl, "writes the program's IDL"),
        optional("priorityFee", &Companion::priority_fee, "sets the compute budget"),
        optional("memo", &Companion::memo, "says something"),
        optional("rentTransfer", &Companion::rent_transfer, "sends lamports of the vault for an account's rent"),
    };
  }
};

/// "a verification record", "a memo", …
std::string words_for(const Companion& companion);

/// Why the instruction is not this companion, or not as it must be; nothing when it is.
std::optional<std::string> objection_to(const Instruction& instruction, const Companion& companion,
                                        const UpgradeParties& parties);

}  // namespace readyctl
