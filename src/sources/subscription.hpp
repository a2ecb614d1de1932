// Subscriptions over WebSocket: JSON-RPC whose answer is what the server tells afterwards.
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>

#include "sources/http.hpp"
#include "sources/json_rpc.hpp"

namespace readyctl {

/// Says `message`, a request with this id, and listens until the server refused it, or accepted it and told something.
WebSocketTalk subscription_talk(std::string message, std::uint64_t id);

/// The result of the first notification of the subscription, or the error that refused it. Errors: as of reply_of; a
/// message that is neither the reply nor a notification.
tl::expected<RpcReply, Trouble> notification_in(const HttpResponse& response, std::uint64_t id, Time now);

}  // namespace readyctl
