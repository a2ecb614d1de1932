// Subscriptions over WebSocket: against bytes that a server would send, and over a real connection.
#include <catch2/catch.hpp>

#include "base/base64.hpp"
#include "sources/rpc_fixture.hpp"
#include "sources/subscription.hpp"

using namespace readyctl;
using namespace readyctl::test;
using std::chrono::milliseconds;

namespace {

const Json notice = {{"parent", 75U}, {"root", 44U}, {"slot", 76U}};
const std::string accepted = R"({"jsonrpc":"2.0","result":9,"id":1})";
const std::string told =
    R"({"jsonrpc":"2.0","method":"slotNotification","params":{"result":)" + notice.dump() + R"(,"subscription":9}})";

ProbeRequest subscription() {
  ProbeRequest request{"one", "slotSubscribe"};
  request.over_websocket = true;
  return request;
}

// A frame of a server: final, not masked.
std::string frame(unsigned opcode, const std::string& text) {
  std::string bytes{static_cast<char>(0x80 | opcode)};
  if (text.size() < 126) {
    bytes += static_cast<char>(text.size());
  } else {
    bytes += {126, static_cast<char>(text.size() >> 8), static_cast<char>(text.size() & 0xff)};
  }
  return bytes + text;
}
std::string text_frame(const std::string& text) { return frame(1, text); }

std::string header_of(const std::string& head, const std::string& name) {
  const std::size_t at = head.find("\r\n" + name + ": ");
  if (at == std::string::npos) return "";
  const std::size_t begin = at + name.size() + 4;
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

std::string consent(const std::string& key, const std::string& headers = {}) {
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
         "Sec-WebSocket-Accept: " +
         websocket_accept(key) + "\r\n" + headers + "\r\n";
}

// A server that agrees to speak WebSocket and says this at once.
LoopbackServer::Handler that_says(const std::string& frames, bool closes = false, const std::string& headers = {}) {
  return [frames, closes, headers](const Seen& seen) {
    Response response;
    response.raw = consent(header_of(seen.head, "Sec-WebSocket-Key"), headers) + frames;
    response.closes = closes;
    return response;
  };
}

// What comes of a subscription at such a server.
Answer asked_of(const LoopbackServer::Handler& handler, const std::string& path = "/") {
  const LoopbackServer server(handler);
  Bench bench({&server});
  bench.options.endpoints[0].ws = Url::parse_websocket("ws" + server.url(path).substr(4)).value();
  bench.options.endpoints[0].headers = {{"x-api-key", "s3cret-token"}};
  return bench.ask_one(subscription());
}

std::string trouble_of(const Answer& answer) {
  REQUIRE_FALSE(answer.deciding().outcome.has_value());
  return answer.deciding().outcome.error().cause + ": " + answer.deciding().outcome.error().what;
}

}  // namespace

// The example of RFC 6455, section 1.3.
TEST_CASE("a server proves that it speaks WebSocket", "[websocket]") {
  CHECK(websocket_accept("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

// The reply and the notification may come in either order, with a ping between them and notifications of others before.
TEST_CASE("a subscription is answered by what the server tells", "[websocket]") {
  const std::string other = R"({"jsonrpc":"2.0","method":"slotNotification","params":{"result":1,"subscription":8}})";
  const std::string frames =
      GENERATE_COPY(text_frame(accepted) + text_frame(told), text_frame(told) + text_frame(accepted),
                    text_frame(accepted) + frame(9, "alive?") + text_frame(other) + text_frame(told));
  const Answer answer = asked_of(that_says(frames));
  REQUIRE(answer.deciding().outcome.has_value());
  CHECK(answer.deciding().outcome->head == Json{{"result", notice}});
  CHECK(answer.observations.size() == 1);
}

// The handshake goes to the path and query of the URL with the endpoint's headers.
TEST_CASE("the handshake of a subscription", "[websocket]") {
  const LoopbackServer server(that_says(text_frame(accepted) + text_frame(told)));
  Bench bench({&server});
  const std::string authority = server.url().substr(7);
  bench.options.endpoints[0].ws = Url::parse_websocket("ws://user:pa%2Fss@" + authority + "/v1?key=s3cret").value();
  bench.options.endpoints[0].headers = {{"x-api-key", "s3cret-token"}};
  bench.ask_one(subscription());
  const std::string head = server.seen().front().head;
  CHECK(head.starts_with("GET /v1?key=s3cret HTTP/1.1\r\n"));
  CHECK(header_of(head, "Host") == authority);
  CHECK(header_of(head, "Upgrade") == "websocket");
  CHECK(header_of(head, "Sec-WebSocket-Version") == "13");
  CHECK(header_of(head, "x-api-key") == "s3cret-token");
  CHECK(header_of(head, "Authorization") == "Basic " + to_base64(bytes_of("user:pa/ss")));
}

// An error is what the endpoint says of itself, as for every probe.
TEST_CASE("a subscription that is refused", "[websocket]") {
  const Answer answer = asked_of(
      that_says(text_frame(R"({"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found"},"id":1})")));
  REQUIRE(answer.deciding().outcome.has_value());
  CHECK(answer.deciding().outcome->head == Json{{"error", {{"code", -32601}, {"message", "Method not found"}}}});
}

// Whatever else a server does ends the subscription, with its cause, and no secret is told.
TEST_CASE("a WebSocket that cannot be had", "[websocket]") {
  const auto plain = [](const Response& response) { return [response](const Seen&) { return response; }; };
  SECTION("too many requests") {
    CHECK(trouble_of(asked_of(plain({429, "no"}))) == "rate-limited: it answered HTTP 429: too many requests");
  }
  SECTION("not a WebSocket") { CHECK(trouble_of(asked_of(plain({200, "{}"}))).starts_with("not-json-rpc: ")); }
  SECTION("another protocol") {
    Response response;
    response.raw = "SSH-2.0-OpenSSH\r\n\r\n";
    CHECK(trouble_of(asked_of(plain(response))) == "malformed: it does not speak HTTP");
  }
  SECTION("a status and nothing else") {
    Response response;
    response.raw = "HTTP/1.1 200\r\n\r\n";
    CHECK(trouble_of(asked_of(plain(response))).starts_with("not-json-rpc: "));
  }
  SECTION("no proof") {
    Response response;
    response.raw = consent("another key");
    CHECK(trouble_of(asked_of(plain(response))) == "malformed: it did not prove that it speaks WebSocket");
  }
  SECTION("closed") {
    CHECK(trouble_of(asked_of(that_says(text_frame(accepted), true))) ==
          "unreachable: it closed the WebSocket before it had said what was asked");
  }
  SECTION("closed in words") {
    CHECK(trouble_of(asked_of(that_says(frame(8, "\x03\xe8")))).starts_with("unreachable: "));
  }
  SECTION("no JSON") { CHECK(trouble_of(asked_of(that_says(text_frame("hello")))).starts_with("malformed: ")); }
  SECTION("no text of UTF-8") { CHECK(trouble_of(asked_of(that_says(text_frame("\xff")))).starts_with("malformed: ")); }
  SECTION("too much") {
    std::string frames;
    for (int i = 0; i < 50; ++i)
      frames +=
          text_frame(R"({"method":"m","params":{"result":")" + std::string(2000, 'x') + R"(","subscription":1}})");
    CHECK(trouble_of(asked_of(that_says(frames))).starts_with("too-large: "));
  }
  SECTION("pings without end") {
    std::string frames;
    while (frames.size() < (std::size_t{1} << 20)) frames += frame(9, "");
    CHECK(trouble_of(asked_of(that_says(frames))) == "too-large: it says more than was asked");
  }
  SECTION("a clock that is wrong") {
    const std::string headers = "Date: Thu, 01 Jan 1998 00:00:00 GMT\r\n";
    CHECK(trouble_of(asked_of(that_says(text_frame(accepted) + text_frame(told), false, headers)))
              .starts_with("clock: its answer is dated 1998-01-01"));
  }
  SECTION("a carriage return within a header") {
    CHECK(trouble_of(asked_of(that_says(text_frame(accepted), false, "X-Odd: a\rDate: b\r\n"))) ==
          "malformed: it does not speak HTTP");
  }
  SECTION("silence") {
    Response response;
    response.hangs = true;
    CHECK(trouble_of(asked_of(plain(response))) == "timeout: it gave no whole answer within 10 s");
  }
  SECTION("a secret in what it says") {
    const std::string says = R"({"jsonrpc":"2.0","error":{"code":1,"message":"no s3cret-token"},"id":1})";
    CHECK(all_text(asked_of(that_says(text_frame(says)))).find("s3cret") == std::string::npos);
  }
}

// An endpoint that declares no WebSocket is not connected to: that there is none is the answer.
TEST_CASE("a subscription without a WebSocket", "[websocket]") {
  const LoopbackServer server(Chain{});
  Bench bench({&server});
  CHECK(bench.ask_one(subscription()).deciding().outcome.value().head == Json{{"result", nullptr}});
  CHECK(server.connections() == 0);
}

// Link-local addresses are refused for WebSockets as for everything else, and so are those of other metadata services.
TEST_CASE("a WebSocket at a metadata address", "[websocket]") {
  const LoopbackServer server(Chain{});
  Bench bench({&server});
  const std::string address = GENERATE("169.254.169.254", "100.100.100.200", "[fd00:ec2::254]", "[::ffff:a9fe:a9fe]");
  bench.options.endpoints[0].ws = Url::parse_websocket("ws://" + address + "/").value();
  const std::string trouble = trouble_of(bench.ask_one(subscription()));
  CHECK(trouble.starts_with("not-permitted: "));
  CHECK(trouble.find(address) == std::string::npos);
}

// Tries of a latency go one after the other, and the first that is not answered ends them.
TEST_CASE("samples of an endpoint travel alone", "[live-rpc]") {
  std::vector<Request> tries;
  for (std::uint32_t i = 1; i <= 3; ++i) tries.push_back(ProbeRequest{"one", "getLatestBlockhash", Json::array(), i});
  SECTION("silent") {
    const LoopbackServer server([](const Seen&) {
      Response response;
      response.hangs = true;
      return response;
    });
    Bench bench({&server});
    const auto answers = bench.ask(tries);
    CHECK(server.seen().size() == 1);
    CHECK(bench.passed() == milliseconds(10'000));
    CHECK(trouble_of(answers.at(key_of(tries[2]))) ==
          "timeout: not asked again, because before: it gave no whole answer within 10 s");
  }
  SECTION("answered") {
    const LoopbackServer server([](const Seen& seen) { return result(seen, 7); });
    Bench bench({&server});
    const auto answers = bench.ask(tries);
    CHECK(server.seen().size() == 3);
    CHECK(server.connections() == 1);
    for (const Request& one : tries) CHECK(answers.at(key_of(one)).deciding().outcome.has_value());
  }
}
