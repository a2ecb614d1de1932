// A deployed program as its two accounts describe it together.
#pragma once

#include <optional>
#include <string>

#include "facts/accounts.hpp"
#include "solana/loader.hpp"

namespace readyctl {

/// A program that is there and can run. Views point into the accounts held here.
struct Deployment {
  Loader loader = Loader::v3;
  Account program;
  std::optional<Account> programdata;  ///< loader v3 only
  std::optional<ProgramData> header;   ///< likewise: slot, upgrade authority, code

  /// The code with its trailing zeros; empty when only the header of programdata was read.
  ByteView code() const { return header ? header->code : program.bytes(); }
  /// Room for code, in bytes.
  std::uint64_t capacity() const;
  /// The account that holds the code.
  const Account& holder() const { return programdata ? *programdata : program; }
};

/// How a program can be wrong. Each has a name of its own, because each needs another remedy.
enum class NotDeployed {
  missing,                ///< no account at the address
  no_program,             ///< an account, but of no loader
  not_executable,         ///< a loader's account that is not marked executable
  closed,                 ///< the program account is there and its code is gone for good
  programdata_elsewhere,  ///< it points at another programdata than the one derived from it
  malformed,              ///< loader-v3 bytes that are not what the loader writes
  unsupported_loader,     ///< native or loader v4
};

struct DeploymentTrouble {
  NotDeployed sort;
  std::string what;  ///< a sentence with addresses
};

/// Whether a program must be marked executable to count as deployed. Its code can be compared either way.
enum class Marked { executable, either_way };

/// What the account at `address` and the account at its derived programdata address say together.
tl::expected<Deployment, DeploymentTrouble> deployment_of(const Pubkey& address, std::optional<Account> program,
                                                          std::optional<Account> programdata,
                                                          Marked marked = Marked::executable);

/// The slot in which the program was last deployed, where this is the beginning of the account that holds its code.
std::optional<Slot> deployed_slot_in(const Payload& payload);

namespace facts {

/// The account at the programdata address derived from `program`: header only (45 bytes), or with all of the code.
Fact<std::optional<Account>> programdata_header(const Pubkey& program);
Fact<std::optional<Account>> programdata_with_code(const Pubkey& program);

}  // namespace facts
}  // namespace readyctl
