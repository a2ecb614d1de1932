// Programs, their code and their buffers. JSON names are those of `solana program show --output json`.
#include "base/text.hpp"
#include "facts/programs.hpp"
#include "report/inspect.hpp"
#include "solana/derive.hpp"
#include "solana/elf.hpp"
#include "solana/executable.hpp"
#include "solana/names.hpp"

namespace readyctl {
namespace {

void add_code(Explanation& explanation, ByteView code, std::uint64_t capacity) {
  const ByteView stripped = strip_trailing_zeros(code);
  explanation.say("code", counted(stripped.size(), "byte") + ", room for " + std::to_string(capacity));
  explanation.say("executable hash", to_string(executable_hash(code)));
  explanation.json["dataLen"] = capacity;
  explanation.json["codeLen"] = stripped.size();
  explanation.json["executableHash"] = to_string(executable_hash(code));
  const auto elf = decode_elf(code);
  explanation.json["sbpfVersion"] = elf ? Json(elf->sbpf_version) : Json();
  explanation.say("SBPF version", elf ? std::to_string(elf->sbpf_version) : "unknown: " + elf.error().what);
}

// The solana CLI writes "none" where nobody has the authority.
Json authority_json(const std::optional<Pubkey>& authority) { return authority ? to_string(*authority) : "none"; }

Explanation upgradeable(const Inspection& inspection, const Deployment& deployment) {
  const std::optional<Pubkey>& authority = deployment.header->upgrade_authority;
  Explanation explanation;
  explanation.kind = "program";
  explanation.summary = to_string(inspection.address) + " is a program that " +
                        (authority ? "its upgrade authority can replace." : "nobody can replace: it is final.");
  explanation.json = {{"programId", to_string(inspection.address)},
                      {"loader", words_for(deployment.loader)},
                      {"programdataAddress", to_string(deployment.programdata->address)},
                      {"authority", authority_json(authority)},
                      {"lastDeploySlot", deployment.header->slot.value},
                      {"lamports", deployment.programdata->lamports.value}};
  explanation.say("programdata", to_string(deployment.programdata->address));
  explanation.say("last deployed", "slot " + to_string(deployment.header->slot) + " (deploy, upgrade or extension)");
  add_code(explanation, deployment.code(), deployment.capacity());
  explain_authority(explanation, "upgrade authority", authority, inspection.custody);
  return explanation;
}

Explanation immutable(const Inspection& inspection, const Deployment& deployment) {
  Explanation explanation;
  explanation.kind = "program";
  explanation.summary = to_string(inspection.address) + " is a program of " +
                        std::string(words_for(deployment.loader)) + ", which nobody can replace.";
  explanation.json = {
      {"programId", to_string(inspection.address)}, {"loader", words_for(deployment.loader)}, {"authority", "none"}};
  add_code(explanation, deployment.code(), deployment.capacity());
  return explanation;
}

std::string_view kind_of(NotDeployed sort) {
  switch (sort) {
    case NotDeployed::closed:
      return "program-closed";
    case NotDeployed::not_executable:
      return "program-not-executable";
    case NotDeployed::programdata_elsewhere:
      return "program-programdata-elsewhere";
    case NotDeployed::unsupported_loader:
      return "program-unsupported-loader";
    case NotDeployed::missing:
    case NotDeployed::no_program:
    case NotDeployed::malformed:
      break;
  }
  return "program-malformed";
}

Explanation not_deployed(const Inspection& inspection, const DeploymentTrouble& trouble) {
  Explanation explanation;
  explanation.kind = kind_of(trouble.sort);
  explanation.summary = trouble.what + ".";
  explanation.json["programId"] = to_string(inspection.address);
  if (trouble.sort == NotDeployed::closed) {
    explanation.json["tombstone"] = inspection.account->owner == inspection.address;
    explanation.dangers.emplace_back("whatever is sent to addresses that only this program signs for is lost");
  }
  return explanation;
}

Explanation built_in(const Inspection& inspection) {
  Explanation explanation;
  explanation.kind = "program-built-in";
  explanation.summary = named(inspection.address) + " is a program that is part of the validator.";
  explanation.json["programId"] = to_string(inspection.address);
  return explanation;
}

Explanation explain_whole_program(const Inspection& inspection) {
  const auto deployment = deployment_of(inspection.address, inspection.account, inspection.programdata);
  if (!deployment) return not_deployed(inspection, deployment.error());
  return deployment->header ? upgradeable(inspection, *deployment) : immutable(inspection, *deployment);
}

Explanation explain_programdata(const Inspection& inspection) {
  const Account& account = *inspection.account;
  const auto programdata = decode_programdata(account.bytes());
  if (!programdata) return explain_unknown(inspection, programdata.error().what);
  Explanation explanation;
  explanation.kind = "programdata";
  explanation.summary = to_string(inspection.address) + " holds the code of an upgradeable program.";
  explanation.json = {{"programdataAddress", to_string(inspection.address)},
                      {"authority", authority_json(programdata->upgrade_authority)},
                      {"lastDeploySlot", programdata->slot.value}};
  explanation.say("program", "not known: this address is derived from it, and that cannot be inverted");
  explanation.say("last deployed", "slot " + to_string(programdata->slot) + " (deploy, upgrade or extension)");
  add_code(explanation, programdata->code, programdata->code.size());
  explain_authority(explanation, "upgrade authority", programdata->upgrade_authority, inspection.custody);
  return explanation;
}

Explanation explain_buffer(const Inspection& inspection) {
  const auto buffer = decode_buffer(inspection.account->bytes());
  if (!buffer) return explain_unknown(inspection, buffer.error().what);
  Explanation explanation;
  explanation.kind = "buffer";
  explanation.summary = to_string(inspection.address) + " is a buffer: code that is staged for a deployment.";
  explanation.json["authority"] = authority_json(buffer->authority);
  add_code(explanation, buffer->code, buffer->code.size());
  explain_authority(explanation, "buffer authority", buffer->authority, inspection.custody);
  if (buffer->authority) {
    explanation.dangers.emplace_back("until it is deployed, the buffer authority can write other code into it");
  }
  return explanation;
}

Explanation explain_uninitialized(const Inspection& inspection) {
  Explanation explanation;
  explanation.kind = "loader-uninitialized";
  explanation.summary =
      to_string(inspection.address) + " is an account of the upgradeable loader that holds nothing yet.";
  explanation.dangers.emplace_back("anybody may close it and take its lamports");
  return explanation;
}

}  // namespace

Explanation explain_program(const Inspection& inspection) {
  if (inspection.account->owner == known::native_loader) return built_in(inspection);
  if (inspection.account->owner != known::loader_v3) return explain_whole_program(inspection);
  switch (loader_state(inspection.account->bytes())) {
    case LoaderState::programdata:
      return explain_programdata(inspection);
    case LoaderState::buffer:
      return explain_buffer(inspection);
    case LoaderState::uninitialized:
      return explain_uninitialized(inspection);
    case LoaderState::program:
    case LoaderState::unknown:
      break;
  }
  return explain_whole_program(inspection);
}

void explain_authority(Explanation& explanation, const std::string& label, const std::optional<Pubkey>& authority,
                       const std::optional<VaultSearch>& custody) {
  if (!authority) return explanation.say(label, "nobody");
  explanation.say(label, named(*authority));
  if (is_on_curve(*authority)) {
    explanation.go_on("on the curve: a single key may hold it, hot or hardware cannot be told");
    explanation.json["custody"] = {{"kind", "key"}};
    explanation.dangers.push_back("one key, " + to_string(*authority) + ", is enough to use the " + label);
    return;
  }
  explanation.go_on("off the curve: no key holds it, a program signs for it");
  if (!custody || custody->address != *authority) return;
  if (custody->is_multisig) {
    explanation.json["custody"] = {{"kind", "squads-v4-multisig-account"}};
    explanation.dangers.push_back("the " + label +
                                  " is the account of a Squads v4 multisig and not a vault of it: nothing signs for "
                                  "it, so nobody can use it");
    return;
  }
  if (!custody->keeper) {
    explanation.go_on("whose it is, is not known; looked for the multisig or governance behind it in");
    for (const std::string& tried : custody->tried) explanation.go_on("  " + tried);
    explanation.json["custody"] = {{"kind", "unknown"}, {"tried", custody->tried}};
    return;
  }
  explanation.go_on("it is " + words_for(*custody->keeper));
  explanation.json["custody"] = json_of(*custody->keeper);
  if (const ProvenAuthority* keeper = custody->authority(); keeper != nullptr && keeper->index == 0) {
    explanation.dangers.push_back("the " + label +
                                  " is the account of a Squads v3 multisig and not an authority of it: it signs for "
                                  "nothing but changes of the multisig, so nobody can use it");
  }
  explain_keeper(explanation, *custody->keeper);
}

}  // namespace readyctl
