#include "sources/live.hpp"

#include "base/invariant.hpp"
#include "facts/local.hpp"
#include "sources/git.hpp"

namespace readyctl {
namespace {

Answer local(tl::expected<Payload, Unobtainable> outcome) {
  return {{{"local", std::nullopt, wall_clock(), std::chrono::milliseconds(0), std::move(outcome)}}};
}

Answer without_endpoint(const Request& request) {
  return local(tl::unexpected(Unobtainable{
      "no-endpoint", words_for(request) + " is on the chain, and no endpoint was given (--endpoints or --rpc)",
      Retry::never}));
}

}  // namespace

LiveSource::LiveSource(Folder folder, std::unique_ptr<RpcSource> rpc)
    : folder_(std::move(folder)), rpc_(std::move(rpc)) {}

Result<std::unique_ptr<LiveSource>> LiveSource::open(LiveOptions options) {
  auto folder = Folder::open(options.folder);
  if (!folder) return failure(folder.error());
  std::unique_ptr<RpcSource> rpc;
  if (options.rpc) rpc = std::make_unique<RpcSource>(std::move(*options.rpc));
  return std::unique_ptr<LiveSource>(new LiveSource(std::move(*folder), std::move(rpc)));
}

// Local facts first: reading a large checkout while requests are under way would show in the latency of endpoints.
void LiveSource::ask(std::vector<Request> requests) {
  std::vector<Request> for_the_chain;
  for (Request& request : requests) {
    if (RpcSource::accepts(request) && rpc_) {
      for_the_chain.push_back(std::move(request));
      continue;
    }
    Answer answer = answer_locally(request);
    answered_.push_back({std::move(request), std::move(answer)});
  }
  if (!for_the_chain.empty()) rpc_->ask(std::move(for_the_chain));
}

std::vector<Answered> LiveSource::next() {
  if (!answered_.empty()) return std::exchange(answered_, {});
  invariant(rpc_ != nullptr, "only the chain keeps a run waiting");
  return rpc_->next();
}

Answer LiveSource::answer_locally(const Request& request) const {
  if (const auto* file = std::get_if<FileRequest>(&request)) return read_release_file(*file);
  if (const auto* git = std::get_if<GitRequest>(&request)) return read_git(folder_, *git);
  if (std::holds_alternative<ClockRequest>(request)) return local(clock_payload(wall_clock()));
  return without_endpoint(request);
}

Answer LiveSource::read_release_file(const FileRequest& request) const {
  auto bytes = folder_.read_file(request.path);
  if (bytes) return local(file_payload(std::make_shared<const Bytes>(std::move(*bytes))));
  if (bytes.error().what == does_not_exist) return local(no_file_payload());
  return local(
      tl::unexpected(Unobtainable{"not-permitted", "file " + request.path + " " + bytes.error().what, Retry::never}));
}

}  // namespace readyctl
