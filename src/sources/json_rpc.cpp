#include "sources/json_rpc.hpp"

#include <algorithm>

#include "base/sizes.hpp"

namespace readyctl {
namespace {

constexpr std::size_t error_body_bytes_max = 65536;
constexpr std::chrono::minutes clocks_differ_max{10};

// No question that readyctl asks has an answer of more: a thousand signatures are some 10,000.
constexpr std::size_t reply_values_max = 500'000;

tl::unexpected<std::string> no(std::string why) { return tl::unexpected<std::string>(std::move(why)); }

tl::expected<RpcError, std::string> read_error(const Json& error) {
  if (!error.is_object()) return no("its error is " + std::string(words_for_type(error)) + ", not an object");
  const Json code = error.value("code", Json());
  const Json message = error.value("message", Json());
  if (!code.is_number_integer()) return no("its error has no whole number as code");
  if (code.is_number_unsigned() && code.get<std::uint64_t>() > INT64_MAX) return no("its error code is beyond 63 bits");
  if (!message.is_string()) return no("its error has no message");
  return RpcError{code.get<std::int64_t>(), message.get<std::string>()};
}

bool is_html(const HttpResponse& response) {
  const std::size_t begin = response.body.find_first_not_of(" \t\r\n");
  return response.content_type.starts_with("text/html") || (begin != std::string::npos && response.body[begin] == '<');
}

Trouble not_json_rpc(std::string what) {
  Trouble trouble;
  trouble.why = {"not-json-rpc", std::move(what), Retry::other_endpoint};
  return trouble;
}

Trouble trouble_of_page(const HttpResponse& response) {
  Trouble trouble = trouble_of_status(response.status);
  if (is_html(response)) trouble.why.what += ", with an HTML page";
  return trouble;
}

}  // namespace

std::optional<Trouble> doubt_about_time(const HttpResponse& response, Time now) {
  const auto dated = response.date ? parse_http_date(*response.date) : std::nullopt;
  if (!dated || std::chrono::abs(*dated - now) <= clocks_differ_max) return std::nullopt;
  Trouble trouble;
  trouble.why = {"clock",
                 "its answer is dated " + to_string(*dated) + ", and the clock of this machine says " + to_string(now) +
                     ": one of the two is wrong",
                 Retry::other_endpoint};
  return trouble;
}

std::string rpc_body(std::uint64_t id, std::string_view method, const Json& params) {
  Json body = {{"jsonrpc", "2.0"}, {"id", id}, {"method", method}};
  if (!params.empty()) body["params"] = params;
  return body.dump();
}

tl::expected<RpcReply, std::string> read_reply(std::string_view text, std::uint64_t id) {
  if (text.size() > reply_text_bytes_max) {
    return no("it is longer than " + size_text(reply_text_bytes_max) + ", the data of accounts left out");
  }
  if (values_at_most(text) > reply_values_max)
    return no("it holds more than " + std::to_string(reply_values_max) + " values");
  auto parsed = parse_json(text, "");
  if (!parsed) return no(parsed.error().what);
  Json& reply = *parsed;
  if (!reply.is_object()) return no("it is " + std::string(words_for_type(reply)) + ", not an object");
  const bool has_result = reply.contains("result");
  const bool has_error = reply.contains("error");
  if (has_result && has_error) return no("it has both a result and an error");
  if (!has_result && !has_error) return no("it has neither a result nor an error");

  const Json version = reply.value("jsonrpc", Json());
  const Json given = reply.value("id", Json());
  const bool anonymous_error = has_error && given.is_null();
  if (version != "2.0" && !(has_error && version.is_null())) return no("its jsonrpc is not \"2.0\"");
  if (!anonymous_error && !(given.is_number_unsigned() && given.get<std::uint64_t>() == id)) {
    return no("its id is not the request's");
  }
  if (has_result) return RpcReply{std::move(reply["result"]), std::nullopt, true};
  auto error = read_error(reply["error"]);
  if (!error) return no(error.error());
  return RpcReply{Json(), std::move(*error), !given.is_null() && version == "2.0"};
}

tl::expected<RpcReply, Trouble> reply_of(const HttpResponse& response, std::string_view text, std::uint64_t id,
                                         Time now) {
  const auto refuse = [&](Trouble trouble) {
    if (response.retry_after) trouble.retry_after = parse_retry_after(*response.retry_after, now);
    return tl::unexpected<Trouble>(std::move(trouble));
  };
  if (response.status != 200) {
    if (response.body.size() <= error_body_bytes_max) {
      const auto reply = read_reply(text, id);
      if (reply && reply->error) return refuse(trouble_of(*reply->error, response.status));
    }
    return refuse(trouble_of_page(response));
  }
  if (response.body.empty()) return refuse(not_json_rpc("it answered HTTP 200 with an empty body"));
  auto reply = read_reply(text, id);
  if (reply) {
    if (auto doubt = doubt_about_time(response, now)) return refuse(std::move(*doubt));
    return std::move(*reply);
  }
  if (is_html(response)) {
    return refuse(not_json_rpc(
        "it answered HTTP 200 with an HTML page, not JSON-RPC; does a proxy or a login page stand between?" +
        (response.proxy.empty() ? "" : " The environment names a proxy, in " + response.proxy)));
  }
  return refuse(malformed_answer(reply.error()));
}

tl::expected<Json, Trouble> result_of(const HttpResponse& response, std::string_view text, std::uint64_t id, Time now) {
  auto reply = reply_of(response, text, id, now);
  if (!reply) return tl::unexpected<Trouble>(std::move(reply.error()));
  if (!reply->error) return std::move(reply->result);
  Trouble trouble = trouble_of(*reply->error, response.status);
  if (response.retry_after) trouble.retry_after = parse_retry_after(*response.retry_after, now);
  return tl::unexpected<Trouble>(std::move(trouble));
}

Trouble malformed_answer(std::string complaint) {
  Trouble trouble;
  trouble.why = {"malformed", "its answer is not a JSON-RPC reply to the request: " + std::move(complaint),
                 Retry::other_endpoint};
  return trouble;
}

}  // namespace readyctl
