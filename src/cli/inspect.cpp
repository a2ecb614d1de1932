// readyctl inspect: what an account is, or what a message asks to be signed, in words or as JSON.
#include "report/inspect.hpp"

#include <spdlog/spdlog.h>

#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/interrupt.hpp"
#include "cli/progress.hpp"
#include "engine/obtain.hpp"
#include "report/explain_message.hpp"

namespace readyctl {
namespace {

struct InspectOptions {
  std::optional<std::string> address;
  std::optional<std::string> message;
  std::optional<std::string> multisig;
  bool all_multisigs = false;
  std::string format = "text";
  ChainOptions chain;
};

Result<Pubkey> read_address(const std::string& what, const std::string& text) {
  auto key = parse_pubkey(text);
  if (!key) return failure({ErrorKind::usage, what, key.error().what, "an address is 32 bytes in base58"});
  return key;
}

void show(const Explanation& explanation, const std::string& format) {
  print(format == "json" ? render_json(explanation) : render_text(explanation));
}

// The text itself, or @FILE that holds it.
Result<std::string> read_message(const std::string& option) {
  if (!option.starts_with("@")) return option;
  auto text = read_text_file(option.substr(1));
  if (!text) return failure(text.error());
  return std::string(trimmed(*text));
}

// Offline: a message is asked of nobody but itself.
Result<ExitCode> inspect_message(const InspectOptions& options) {
  if (options.address || options.multisig || options.all_multisigs || options.chain.given()) {
    return failure({ErrorKind::usage, "inspect", "--message is explained from its bytes alone",
                    "leave out the address, --multisig, --all-multisigs and the endpoints"});
  }
  const auto message = read_message(*options.message);
  if (!message) return failure(message.error());
  const auto explanation = explain_message(*message);
  if (!explanation) return failure(explanation.error());
  show(*explanation, options.format);
  return ExitCode::go;
}

Result<ExitCode> inspect_account(const InspectOptions& options) {
  if (!options.address) {
    return failure({ErrorKind::usage, "inspect", "nothing to explain was given",
                    "give an ADDRESS, --message TEXT or --message @FILE"});
  }
  const auto address = read_address("ADDRESS", *options.address);
  if (!address) return failure(address.error());
  VaultSearchOptions search{std::nullopt, options.all_multisigs};
  if (options.multisig) {
    const auto hint = read_address("--multisig", *options.multisig);
    if (!hint) return failure(hint.error());
    search.hint = *hint;
  }
  if (!options.chain.given()) {
    return failure({ErrorKind::usage, "inspect", "an account is on the chain, and no endpoint was given",
                    "add --endpoints FILE or --rpc NAME=URL"});
  }
  auto rpc = options.chain.read_on_one_cluster();
  if (!rpc) return failure(rpc.error());
  ProgressLine progress(standard_error_screen());
  (*rpc)->interrupted = progress.ticking(interrupted);
  const auto source = LiveSource::open({std::move(*rpc), "."});
  if (!source) return failure(source.error());
  catch_interrupts();
  const auto inspection =
      obtain<Inspection>(**source, [&] { return inspect(*address, search); }, &progress, interrupted);
  progress.end();
  if (const auto status = interrupt_status()) {
    spdlog::warn("interrupted: nothing is explained");
    return *status;
  }
  if (!inspection) return failure(inspection.error());
  const auto explanation = explain(*inspection);
  if (!explanation) return failure(explanation.error());
  show(*explanation, options.format);
  return ExitCode::go;
}

}  // namespace

void add_inspect(CLI::App& app, ExitCode& status) {
  const auto options = std::make_shared<InspectOptions>();
  CLI::App& command = *app.add_subcommand(
      "inspect",
      "explain an account (program, buffer, multisig, vault, governance, proposal, token account, mint, …) "
      "or a message that is to be signed");
  command.add_option("address", options->address, "the account")->type_name("ADDRESS");
  command
      .add_option("--message", options->message,
                  "in place of an account: a message, or a whole transaction, that somebody is asked to sign, "
                  "or @FILE that holds it; offline")
      ->type_name("BASE58|BASE64|@FILE");
  command
      .add_option(
          "--multisig", options->multisig,
          "the multisig (Squads v4 or v3) or SPL governance that may sign for the address, or for its authority")
      ->type_name("ADDRESS");
  command.add_flag(
      "--all-multisigs", options->all_multisigs,
      "as a last resort, ask for the addresses of all Squads multisigs and of all governances of the default SPL "
      "Governance: many megabytes on a public cluster");
  options->chain.add_to(command);
  command.add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("FORMAT");
  command.callback([options, &status] {
    const auto outcome = options->message ? inspect_message(*options) : inspect_account(*options);
    status = outcome ? *outcome : complain(outcome.error());
  });
}

}  // namespace readyctl
