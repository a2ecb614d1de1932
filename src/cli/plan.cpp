// readyctl plan: what a run would ask and of whom, and what people would sign, before anything is asked.
#include "cli/command.hpp"
#include "engine/obtain.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/transactions_to_sign.hpp"
#include "report/preview.hpp"
#include "sources/rehearsal.hpp"

namespace readyctl {
namespace {

struct PlanOptions {
  PlanInputOptions inputs;
  bool read_proposal = false;
  ChainOptions chain;
  QuorumOption quorum;
  std::string format = "text";
};

std::vector<EndpointInfo> endpoints_in(const std::optional<RpcOptions>& rpc) {
  std::vector<EndpointInfo> list;
  if (!rpc) return list;
  for (const Endpoint& endpoint : rpc->endpoints) list.push_back({endpoint.name, endpoint.provider, endpoint.role});
  return list;
}

// The run that never comes to an answer of an endpoint.
Result<void> rehearse(const LiveOptions& world, Preview& preview) {
  const auto rehearsal = Rehearsal::open(world);
  if (!rehearsal) return failure(rehearsal.error());
  preview.first = decide_plan(preview.plan, **rehearsal, [&] { return (*rehearsal)->is_over(); });
  preview.calls = (*rehearsal)->calls();
  return {};
}

// Without --read-proposal there is nobody who could be asked.
Result<void> read_what_is_signed(LiveOptions world, bool from_chain, Preview& preview) {
  if (!from_chain) world.rpc.reset();
  const auto source = LiveSource::open(std::move(world));
  if (!source) return failure(source.error());
  const std::vector<TransactionToSign> transactions = transactions_to_sign(preview.plan, catalogue());
  auto signings = obtain<std::vector<Signing>>(**source, [&] { return read_signings(transactions, from_chain); });
  if (!signings) return failure(signings.error());
  preview.signings = std::move(*signings);
  return {};
}

// What can be wrong with what the operator gave is found as a run finds it, in the same order.
Result<void> plan(const PlanOptions& options) {
  const auto root = options.inputs.policy.open();
  if (!root) return failure(root.error());
  auto inputs = options.inputs.read(*root);
  if (!inputs) return failure(inputs.error());
  auto plan = make_plan(*inputs, catalogue());
  if (!plan) return failure(plan.error());
  auto rpc = options.chain.read(inputs->manifest.release.cluster.genesis_hash, *root);
  if (!rpc) return failure(rpc.error());
  if (const auto there = options.quorum.apply_to(*rpc); !there) return failure(there.error());
  if (options.read_proposal && !*rpc) {
    return failure({ErrorKind::usage, "--read-proposal", "is on the chain, and no endpoint was given",
                    "add --endpoints FILE or --rpc NAME=URL"});
  }
  const LiveOptions world{*rpc, options.inputs.files_folder()};
  Preview preview{
      std::move(inputs->manifest), std::move(*plan), endpoints_in(*rpc), *rpc ? (*rpc)->quorum : 1, {}, {}, {}};
  if (const auto done = rehearse(world, preview); !done) return done;
  if (const auto read = read_what_is_signed(world, options.read_proposal, preview); !read) return read;
  print(options.format == "json" ? render_json(preview) : render_text(preview));
  return {};
}

}  // namespace

void add_plan(CLI::App& app, ExitCode& status) {
  const auto options = std::make_shared<PlanOptions>();
  CLI::App& command = *app.add_subcommand(
      "plan", "what run would ask and of whom, and what people would sign, before anything is asked");
  options->inputs.add_to(command);
  command.add_flag("--read-proposal", options->read_proposal,
                   "ask the endpoints for the transaction that is to be signed, and tell what it would do");
  options->chain.add_to(command);
  options->quorum.add_to(command);
  command.add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("FORMAT");
  command.callback([options, &status] {
    const auto outcome = plan(*options);
    status = outcome ? ExitCode::go : complain(outcome.error());
  });
}

}  // namespace readyctl
