#include "sources/json_rpc.hpp"

#include <catch2/catch.hpp>

using namespace readyctl;

namespace {

std::string complaint(const std::string& text) {
  const auto reply = read_reply(text, 7);
  return reply ? "no complaint" : reply.error();
}

HttpResponse page(int status, std::string body, std::string type = "application/json") {
  return {status, std::move(type), std::nullopt, std::move(body)};
}

Trouble trouble_in(const HttpResponse& response) {
  const auto result = result_of(response, response.body, 7, Time{0});
  REQUIRE_FALSE(result.has_value());
  return result.error();
}

}  // namespace

// A request is what the specification says; no params are no member.
TEST_CASE("request bodies", "[json-rpc]") {
  CHECK(rpc_body(7, "getHealth", Json::array()) == R"({"id":7,"jsonrpc":"2.0","method":"getHealth"})");
  CHECK(rpc_body(8, "getBlockTime", Json::array({5})) ==
        R"({"id":8,"jsonrpc":"2.0","method":"getBlockTime","params":[5]})");
}

// A result, null among them, and an error.
TEST_CASE("replies are read", "[json-rpc]") {
  CHECK(read_reply(R"({"jsonrpc":"2.0","id":7,"result":18446744073709551615})", 7).value().result ==
        std::uint64_t{18446744073709551615U});
  const auto null = read_reply(R"({"jsonrpc":"2.0","id":7,"result":null,"more":1})", 7).value();
  CHECK(null.result.is_null());
  CHECK_FALSE(null.error.has_value());
  const auto error =
      read_reply(R"({"jsonrpc":"2.0","id":7,"error":{"code":-32005,"message":"m","data":{}}})", 7).value();
  CHECK(error.error->code == -32005);
  CHECK(error.error->message == "m");
  CHECK(error.is_identified);
}

// A gateway's refusal need not repeat the id, but it is known not to come from the node.
TEST_CASE("anonymous errors count as errors", "[json-rpc]") {
  const auto bare = read_reply(R"({"error":{"code":429,"message":"Too Many Requests"}})", 7).value();
  CHECK(bare.error->code == 429);
  CHECK_FALSE(bare.is_identified);
  CHECK_FALSE(read_reply(R"({"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"x"}})", 7).value().is_identified);
}

// Everything that is not exactly one reply to this request is refused, and the reason says which rule it broke.
TEST_CASE("what is no reply is refused", "[json-rpc]") {
  struct Row {
    const char* text;
    const char* words;
  };
  const Row row = GENERATE(values<Row>({
      {R"({"jsonrpc":"2.0","id":8,"result":1})", "id"},
      {R"({"jsonrpc":"2.0","id":"7","result":1})", "id"},
      {R"({"jsonrpc":"2.0","id":7.0,"result":1})", "id"},
      {R"({"jsonrpc":"2.0","id":-7,"result":1})", "id"},
      {R"({"jsonrpc":"2.0","result":1})", "id"},
      {R"({"jsonrpc":"2.0","id":null,"result":1})", "id"},
      {R"({"jsonrpc":"2.0","id":8,"error":{"code":1,"message":"x"}})", "id"},
      {R"({"jsonrpc":"1.0","id":7,"result":1})", "jsonrpc"},
      {R"({"id":7,"result":1})", "jsonrpc"},
      {R"({"jsonrpc":"2.0","id":7,"result":1,"error":{"code":1,"message":"x"}})", "both"},
      {R"({"jsonrpc":"2.0","id":7,"result":1,"error":null})", "both"},
      {R"({"jsonrpc":"2.0","id":7})", "neither"},
      {R"({"jsonrpc":"2.0","id":7,"error":"x"})", "not an object"},
      {R"({"jsonrpc":"2.0","id":7,"error":{"code":"1","message":"x"}})", "code"},
      {R"({"jsonrpc":"2.0","id":7,"error":{"code":1.5,"message":"x"}})", "code"},
      {R"({"jsonrpc":"2.0","id":7,"error":{"code":18446744073709551615,"message":"x"}})", "code"},
      {R"({"jsonrpc":"2.0","id":7,"error":{"code":1}})", "message"},
      {R"({"jsonrpc":"2.0","id":7,"result":1,"result":2})", "twice"},
      {R"({"jsonrpc":"2.0","id":7,"result":1}{})", "syntax error"},
      {R"({"jsonrpc":"2.0","id":7,"result":1)", "syntax error"},
      {R"({"jsonrpc":"2.0","id":7,"result":18446744073709551616})", "64 bits"},
      {R"({"jsonrpc":"2.0","id":7,"result":1e400})", "out of range"},
      {"{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":\"\xff\"}", "syntax error"},
      {"\xef\xbb\xbf{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1}", "byte-order mark"},
      {R"([{"jsonrpc":"2.0","id":7,"result":1}])", "an array"},
      {"", "syntax error"},
  }));
  INFO(row.text);
  CHECK(complaint(row.text).find(row.words) != std::string::npos);
}

// Two bytes of a text can become a hundred in memory, so there is a bound on how many values a reply has.
TEST_CASE("a reply of a million values is refused", "[json-rpc]") {
  std::string many = "[0";
  for (int i = 0; i < 1'000'000; ++i) many += ",0";
  const auto reply = read_reply(R"({"jsonrpc":"2.0","id":1,"result":)" + many + "]}", 1);
  REQUIRE_FALSE(reply);
  CHECK(reply.error() == "it holds more than 500000 values");
}

// A text that would take long to read is not read.
TEST_CASE("a reply of twenty megabytes is refused", "[json-rpc]") {
  const std::string wide = R"({"jsonrpc":"2.0","id":1,"result":1)" + std::string(20'000'000, ' ') + "}";
  const auto reply = read_reply(wide, 1);
  REQUIRE_FALSE(reply);
  CHECK(reply.error() == "it is longer than 16 MiB, the data of accounts left out");
}

// Nesting is bounded, so that a hostile reply cannot exhaust the stack.
TEST_CASE("deep nesting is refused", "[json-rpc]") {
  const std::string deep =
      R"({"jsonrpc":"2.0","id":7,"result":)" + std::string(100000, '[') + std::string(100000, ']') + "}";
  CHECK(complaint(deep).find("nests deeper") != std::string::npos);
}

// A clock that is far off makes old reports valid and fresh blocks old; whoever answers over HTTP says what time it is.
TEST_CASE("an answer of another time is doubted", "[json-rpc]") {
  HttpResponse response = page(200, R"({"jsonrpc":"2.0","id":1,"result":7})");
  const auto at = [&](const char* time) { return result_of(response, response.body, 1, parse_time(time).value()); };
  CHECK(at("1970-01-01T00:00:00Z"));  // it does not say when
  response.date = "Wed, 25 Nov 2026 12:00:00 GMT";
  CHECK(at("2026-11-25T12:09:59Z"));
  CHECK(at("2026-11-25T11:50:01Z"));
  for (const char* wrong :
       {"1970-01-01T00:00:00Z", "2026-11-25T11:49:59Z", "2026-11-25T12:10:01Z", "2099-01-01T00:00:00Z"}) {
    INFO(wrong);
    const auto refused = at(wrong);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().why.cause == "clock");
    CHECK(refused.error().why.what.find(wrong) != std::string::npos);
    CHECK(refused.error().why.what.find("2026-11-25T12:00:00Z") != std::string::npos);
  }
  response.date = "yesterday";
  CHECK(at("1970-01-01T00:00:00Z"));
}

// Pages that are no JSON-RPC are named in words, by status first.
TEST_CASE("pages are named", "[json-rpc]") {
  const Trouble html = trouble_in(page(200, "\n<!DOCTYPE html><title>Log in</title>", "text/html; charset=utf-8"));
  CHECK(html.why.cause == "not-json-rpc");
  CHECK(html.why.what.find("HTML") != std::string::npos);
  CHECK(html.remedy == Remedy::elsewhere);

  HttpResponse behind_proxy = page(200, "<html>", "text/html");
  behind_proxy.proxy = "https_proxy";
  CHECK(trouble_in(behind_proxy).why.what.ends_with("The environment names a proxy, in https_proxy"));

  const Trouble empty = trouble_in(page(200, ""));
  CHECK(empty.why.cause == "not-json-rpc");
  CHECK(empty.why.what.find("empty") != std::string::npos);

  const Trouble gateway = trouble_in(page(502, "<html>Bad Gateway</html>", "text/html"));
  CHECK(gateway.why.cause == "http-status");
  CHECK(gateway.why.what == "it answered HTTP 502, with an HTML page");
  CHECK(gateway.remedy == Remedy::again);

  CHECK(trouble_in(page(204, "")).why.what.find("no content") != std::string::npos);
  CHECK(trouble_in(page(200, "<html>")).why.cause == "not-json-rpc");
  CHECK(trouble_in(page(200, "ok")).why.cause == "malformed");
}

// A good result under a bad status is no result; an error under one keeps its code.
TEST_CASE("the status decides before the body", "[json-rpc]") {
  CHECK(trouble_in(page(500, R"({"jsonrpc":"2.0","id":7,"result":1})")).why.cause == "http-status");
  const Trouble error = trouble_in(page(400, R"({"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"bad"}})"));
  CHECK(error.error->code == -32602);
  CHECK(error.why.what.find("bad") != std::string::npos);
}
