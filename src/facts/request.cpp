#include "facts/request.hpp"

#include "base/invariant.hpp"

namespace readyctl {
namespace {

struct KeyOf {
  Json operator()(const AccountRequest& request) const {
    Json key = {{"account", to_string(request.address)}};
    if (request.slice) key["slice"] = {request.slice->offset, request.slice->length};
    if (request.once_more) key["again"] = true;
    return key;
  }
  Json operator()(const RpcRequest& request) const { return {{"rpc", request.method}, {"params", request.params}}; }
  Json operator()(const ProbeRequest& request) const {
    Json key = {{"probe", request.method}, {"endpoint", request.endpoint}, {"params", request.params}};
    if (request.sample > 0) key["sample"] = request.sample;
    if (request.over_websocket) key["over"] = "websocket";
    if (request.with_certificate) key["certificate"] = true;
    return key;
  }
  Json operator()(const EndpointsRequest&) const { return {{"endpoints", true}}; }
  Json operator()(const FileRequest& request) const { return {{"file", request.path}}; }
  Json operator()(const GitRequest& request) const {
    Json key = {{"git", request.checkout}, {"paths", request.paths}};
    if (request.tag) key["tag"] = *request.tag;
    return key;
  }
  Json operator()(const ClockRequest&) const { return {{"clock", true}}; }
};

struct WordsFor {
  std::string operator()(const AccountRequest& request) const { return "account " + to_string(request.address); }
  std::string operator()(const RpcRequest& request) const { return request.method; }
  std::string operator()(const ProbeRequest& request) const {
    return request.method + " of endpoint " + request.endpoint;
  }
  std::string operator()(const EndpointsRequest&) const { return "the list of endpoints"; }
  std::string operator()(const FileRequest& request) const { return "file " + request.path; }
  std::string operator()(const GitRequest& request) const { return "git checkout " + request.checkout; }
  std::string operator()(const ClockRequest&) const { return "the wall clock"; }
};

}  // namespace

std::string key_of(const Request& request) {
  auto key = canonical_json(std::visit(KeyOf{}, request));
  invariant(key.has_value(), "a request holds no number that JSON cannot carry");
  return std::move(*key);
}

Request covering(const Request& request) {
  const auto* account = std::get_if<AccountRequest>(&request);
  if (account == nullptr || account->once_more) return request;
  return AccountRequest{account->address, std::nullopt, account->expects_code};
}

bool asks_an_endpoint(const Request& request) {
  return std::holds_alternative<AccountRequest>(request) || std::holds_alternative<RpcRequest>(request) ||
         std::holds_alternative<ProbeRequest>(request);
}

std::string words_for(const Request& request) { return std::visit(WordsFor{}, request); }

}  // namespace readyctl
