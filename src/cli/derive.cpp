// readyctl derive: addresses that are computed. Offline.
#include <limits>

#include "base/hex.hpp"
#include "base/printable_json.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "facts/field_types.hpp"
#include "facts/seeds.hpp"
#include "solana/names.hpp"

namespace readyctl {
namespace {

// What was derived, and what from; `from` has a label and a text for each part.
struct Derivation {
  Derived derived;
  std::vector<std::pair<std::string, std::string>> from;
  Json json;  ///< the same for tools
};

struct DeriveOptions {
  std::string program;
  std::vector<std::string> seeds;
  std::string wallet;
  std::string mint;
  std::string token_program = to_string(known::token);
  std::string multisig;
  std::string index = "0";
  std::string format = "text";
};

Result<Pubkey> address(const std::string& what, const std::string& text) {
  auto key = parse_pubkey(text);
  if (!key) return failure({ErrorKind::usage, what, key.error().what, "an address is 32 bytes in base58"});
  return key;
}

Result<Derivation> derive_pda(const DeriveOptions& options) {
  const auto program = address("--program", options.program);
  if (!program) return failure(program.error());
  std::vector<Seed> seeds;
  for (const std::string& text : options.seeds) {
    const auto seed = parse_seed(text);
    if (!seed) return failure(seed.error());
    seeds.push_back(*seed);
  }
  const auto derived = find_program_address(seeds, *program);
  if (!derived) {
    return failure(
        {ErrorKind::usage, "--seed", derived.error().what, "the bump is found, not given: leave it out of the seeds"});
  }
  Derivation derivation{
      *derived, {{"program", named(*program)}}, {{"program", to_string(*program)}, {"seeds", Json::array()}}};
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    const std::string hex = to_hex(seeds[i].bytes());
    derivation.from.emplace_back("seed " + std::to_string(i + 1), printable(options.seeds[i]) + "  (hex " + hex + ")");
    derivation.json["seeds"].push_back({{"seed", options.seeds[i]}, {"hex", hex}});
  }
  return derivation;
}

Result<Derivation> derive_ata(const DeriveOptions& options) {
  const auto wallet = address("--wallet", options.wallet);
  if (!wallet) return failure(wallet.error());
  const auto mint = address("--mint", options.mint);
  if (!mint) return failure(mint.error());
  const auto program = address("--token-program", options.token_program);
  if (!program) return failure(program.error());
  if (*program != known::token && *program != known::token_2022) {
    return failure({ErrorKind::usage, "--token-program", named(*program) + " is no token program",
                    "SPL Token is " + to_string(known::token) + ", Token-2022 is " + to_string(known::token_2022)});
  }
  return Derivation{
      associated_token_address({.wallet = *wallet, .mint = *mint, .token_program = *program}),
      {{"wallet", named(*wallet)}, {"mint", named(*mint)}, {"token program", named(*program)}},
      {{"wallet", to_string(*wallet)}, {"mint", to_string(*mint)}, {"tokenProgram", to_string(*program)}}};
}

Result<Derivation> derive_programdata(const DeriveOptions& options) {
  const auto program = address("PROGRAM", options.program);
  if (!program) return failure(program.error());
  return Derivation{programdata_address(*program), {{"program", named(*program)}}, {{"program", to_string(*program)}}};
}

Result<Derivation> derive_vault(const DeriveOptions& options) {
  const auto multisig = address("MULTISIG", options.multisig);
  if (!multisig) return failure(multisig.error());
  const auto index = parse_u64(options.index);
  if (!index || *index > std::numeric_limits<std::uint8_t>::max()) {
    return failure({ErrorKind::usage, "--index", "\"" + printable(options.index) + "\" is no index of a vault",
                    "write a number from 0 to 255, without leading zeros"});
  }
  return Derivation{vault_address(*multisig, static_cast<std::uint8_t>(*index)),
                    {{"multisig", named(*multisig) + ", of Squads v4"}, {"vault index", options.index}},
                    {{"multisig", to_string(*multisig)}, {"vaultIndex", *index}}};
}

ExitCode show(const Result<Derivation>& derivation, const std::string& format) {
  if (!derivation) return complain(derivation.error());
  const std::string address_text = to_string(derivation->derived.address);
  if (format == "json") {
    const Json json = {
        {"address", address_text}, {"bump", derivation->derived.bump}, {"derivedFrom", derivation->json}};
    print(printable_json(json.dump(2, ' ', false, Json::error_handler_t::replace)) + "\n");
    return ExitCode::go;
  }
  std::vector<std::pair<std::string, std::string>> lines{{"address", address_text},
                                                         {"bump", std::to_string(derivation->derived.bump)}};
  lines.insert(lines.end(), derivation->from.begin(), derivation->from.end());
  for (const auto& line : lines)
    print(line.first + std::string(15 - std::min<std::size_t>(line.first.size(), 14), ' ') + line.second + "\n");
  return ExitCode::go;
}

using Derive = Result<Derivation> (*)(const DeriveOptions&);

CLI::App& add_one(CLI::App& parent, const std::string& name, const std::string& help, Derive derive,
                  const std::shared_ptr<DeriveOptions>& options, ExitCode& status) {
  CLI::App& command = *parent.add_subcommand(name, help);
  command.add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("FORMAT");
  command.callback([options, derive, &status] { status = show(derive(*options), options->format); });
  return command;
}

}  // namespace

void add_derive(CLI::App& app, ExitCode& status) {
  const auto options = std::make_shared<DeriveOptions>();
  CLI::App& command = *app.add_subcommand("derive", "compute an address, offline");
  command.require_subcommand(1);

  CLI::App& pda =
      add_one(command, "pda", "a program-derived address, with its canonical bump", derive_pda, options, status);
  pda.add_option("--program", options->program, "the program that signs for it")->required()->type_name("ADDRESS");
  add_list(pda, "--seed", options->seeds,
           "a seed, in order: utf8:TEXT, hex:DIGITS, pubkey:ADDRESS, u8:N, u16le:N, u32le:N, u64le:N")
      ->type_name("FORM:VALUE");

  CLI::App& ata = add_one(command, "ata", "the associated token account of a wallet", derive_ata, options, status);
  ata.add_option("--wallet", options->wallet, "whose tokens; may itself be derived")->required()->type_name("ADDRESS");
  ata.add_option("--mint", options->mint, "the mint")->required()->type_name("ADDRESS");
  ata.add_option("--token-program", options->token_program, "the owner of the mint account (default SPL Token)")
      ->type_name("ADDRESS");

  CLI::App& programdata = add_one(command, "programdata", "where the code of an upgradeable program is",
                                  derive_programdata, options, status);
  programdata.add_option("program", options->program, "the program")->required()->type_name("PROGRAM");

  CLI::App& vault = add_one(command, "vault", "a vault of a Squads v4 multisig: it holds authorities and funds",
                            derive_vault, options, status);
  vault.add_option("multisig", options->multisig, "the multisig")->required()->type_name("MULTISIG");
  vault.add_option("--index", options->index, "which vault, 0 to 255 (default 0)")->type_name("N");
}

}  // namespace readyctl
