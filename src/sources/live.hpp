// LiveSource: the world as it is now. Local facts are read here and at once; the chain's go to the RPC source.
#pragma once

#include <memory>
#include <optional>

#include "base/files.hpp"
#include "facts/source.hpp"
#include "sources/live_rpc.hpp"

namespace readyctl {

struct LiveOptions {
  std::optional<RpcOptions> rpc;  ///< nullopt: no endpoint was given, and what only the chain knows cannot be had
  std::filesystem::path folder;   ///< of release.json: files and checkouts are read beneath it
};

class LiveSource final : public Source {
 public:
  /// Errors (kind `unreadable`): the folder cannot be opened.
  static Result<std::unique_ptr<LiveSource>> open(LiveOptions options);

  void ask(std::vector<Request> requests) override;
  std::vector<Answered> next() override;

  /// What reading the chain cost so far; nothing when no endpoint was asked.
  std::optional<Spent> spent() const { return rpc_ ? rpc_->spent() : std::nullopt; }

 private:
  LiveSource(Folder folder, std::unique_ptr<RpcSource> rpc);

  Answer answer_locally(const Request& request) const;
  Answer read_release_file(const FileRequest& request) const;

  Folder folder_;
  std::unique_ptr<RpcSource> rpc_;
  std::vector<Answered> answered_;
};

}  // namespace readyctl
