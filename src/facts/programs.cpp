#include "facts/programs.hpp"

#include "solana/derive.hpp"
#include "solana/names.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

tl::unexpected<DeploymentTrouble> trouble(NotDeployed sort, std::string what) {
  return tl::unexpected<DeploymentTrouble>({sort, std::move(what)});
}

std::string owned_by(const Account& account) { return "is owned by " + named(account.owner); }

tl::expected<Deployment, DeploymentTrouble> upgradeable(Deployment deployment, const std::string& name) {
  const auto state = decode_program(deployment.program.bytes());
  if (!state) return trouble(NotDeployed::malformed, "program " + name + ": " + state.error().what);

  const Pubkey derived = programdata_address(deployment.program.address).address;
  if (state->programdata != derived) {
    return trouble(NotDeployed::programdata_elsewhere, "program " + name + " points at programdata " +
                                                           to_string(state->programdata) + ", and " +
                                                           to_string(derived) + " is the one derived from it");
  }
  if (!deployment.programdata) {
    return trouble(NotDeployed::closed, "program " + name + " is closed: its programdata " + to_string(derived) +
                                            " no longer exists, and the address can never be deployed to again");
  }
  const Account& holder = *deployment.programdata;
  const bool emptied = loader_state(holder.bytes()) == LoaderState::uninitialized;
  if (holder.owner != known::loader_v3 || emptied) {
    return trouble(NotDeployed::closed, "program " + name + " is closed: its programdata " + to_string(derived) +
                                            (emptied ? " is empty" : " " + owned_by(holder)));
  }
  auto header = decode_programdata(holder.bytes());
  if (!header) return trouble(NotDeployed::malformed, "programdata " + to_string(derived) + ": " + header.error().what);
  deployment.header = *header;
  return deployment;
}

}  // namespace

std::uint64_t Deployment::capacity() const {
  return programdata ? programdata->space - programdata_header_bytes : program.space;
}

tl::expected<Deployment, DeploymentTrouble> deployment_of(const Pubkey& address, std::optional<Account> program,
                                                          std::optional<Account> programdata, Marked marked) {
  const std::string name = to_string(address);
  if (!program) return trouble(NotDeployed::missing, "program account " + name + " does not exist");
  if (program->owner == address) {
    return trouble(NotDeployed::closed, "program " + name + " is closed: only the tombstone of its address is left");
  }
  const auto loader = loader_of(program->owner);
  if (!loader) return trouble(NotDeployed::no_program, name + " is no program: it " + owned_by(*program));
  if (*loader == Loader::native || *loader == Loader::v4) {
    return trouble(NotDeployed::unsupported_loader, "program " + name + " runs under the " +
                                                        std::string(words_for(*loader)) +
                                                        ", whose code cannot be compared with a file");
  }
  if (!program->executable && marked == Marked::executable) {
    return trouble(NotDeployed::not_executable, "program account " + name + " is not marked executable");
  }
  Deployment deployment{*loader, std::move(*program), std::move(programdata), std::nullopt};
  if (*loader == Loader::v3) return upgradeable(std::move(deployment), name);
  deployment.programdata.reset();
  return deployment;
}

std::optional<Slot> deployed_slot_in(const Payload& payload) {
  const bool is_beginning = payload.data != nullptr && offset_of(payload) == 0;
  if (!is_beginning || payload.head.value("owner", Json()) != to_string(known::loader_v3)) return std::nullopt;
  const auto header = decode_programdata(*payload.data);
  return header ? std::optional(header->slot) : std::nullopt;
}

namespace facts {

Fact<std::optional<Account>> programdata_header(const Pubkey& program) {
  return account_if_any(programdata_address(program).address, Slice{0, programdata_header_bytes});
}

Fact<std::optional<Account>> programdata_with_code(const Pubkey& program) {
  return code_account_if_any(programdata_address(program).address);
}

}  // namespace facts
}  // namespace readyctl
