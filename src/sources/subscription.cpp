#include "sources/subscription.hpp"

#include <memory>
#include <optional>

namespace readyctl {
namespace {

// What was said so far. A notification may come before the reply, which tells the subscription that it must name.
struct Heard {
  std::optional<RpcReply> reply;
  std::vector<Json> unclaimed = {};  // notifications from before the reply
  std::optional<Json> told = {};     // of that subscription
  std::string complaint = {};        // about a message that is neither
};

std::optional<Json> read_notification(const std::string& text) {
  auto parsed = parse_json(text, "");
  if (!parsed || !parsed->is_object() || !parsed->contains("method") || !parsed->contains("params"))
    return std::nullopt;
  Json params = std::move((*parsed)["params"]);
  if (!params.is_object() || !params.contains("result") || !params.contains("subscription")) return std::nullopt;
  return params;
}

void hear(Heard& heard, const std::string& text, std::uint64_t id) {
  if (auto params = read_notification(text)) {
    heard.unclaimed.push_back(std::move(*params));
  } else {
    auto reply = read_reply(text, id);
    if (reply && !heard.reply) {
      heard.reply = std::move(*reply);
    } else if (heard.complaint.empty()) {
      heard.complaint = reply ? "it replied twice" : reply.error();
    }
  }
  if (!heard.reply || heard.reply->error) return;
  for (Json& params : heard.unclaimed) {
    if (!heard.told && params["subscription"] == heard.reply->result) heard.told = std::move(params["result"]);
  }
  heard.unclaimed.clear();
}

Heard heard_in(const std::vector<std::string>& messages, std::uint64_t id) {
  Heard heard;
  for (const std::string& text : messages) hear(heard, text, id);
  return heard;
}

bool is_enough(const Heard& heard) {
  return heard.told || !heard.complaint.empty() || (heard.reply && heard.reply->error);
}

}  // namespace

WebSocketTalk subscription_talk(std::string message, std::uint64_t id) {
  return {std::move(message), [id, heard = std::make_shared<Heard>()](const std::string& text) {
            hear(*heard, text, id);
            return is_enough(*heard);
          }};
}

tl::expected<RpcReply, Trouble> notification_in(const HttpResponse& response, std::uint64_t id, Time now) {
  if (response.status != 200 || response.messages.empty()) return reply_of(response, response.body, id, now);
  Heard heard = heard_in(response.messages, id);
  if (!heard.complaint.empty()) return tl::unexpected<Trouble>(malformed_answer(std::move(heard.complaint)));
  if (!heard.reply) return tl::unexpected<Trouble>(malformed_answer("it did not reply"));
  if (auto doubt = doubt_about_time(response, now)) return tl::unexpected<Trouble>(std::move(*doubt));
  if (heard.reply->error || !heard.told) return std::move(*heard.reply);
  return RpcReply{std::move(*heard.told), std::nullopt, true};
}

}  // namespace readyctl
