// The transport itself: compression, caps, and where it refuses to go.
#include "sources/http.hpp"

#include <zlib.h>
#include <catch2/catch.hpp>

#include "sources/loopback_server.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

Endpoint endpoint_at(const std::string& url) { return {"one", {}, {}, Url::parse_http(url).value(), {}, {}, {}}; }

// One exchange, waited for.
HttpFinished exchange(const Endpoint& endpoint, std::size_t response_bytes_max = 1 << 20) {
  const auto transport = curl_transport();
  transport->start(5, {&endpoint, "{}", response_bytes_max, false});
  for (;;) {
    std::vector<HttpFinished> finished = transport->wait(std::chrono::milliseconds(100));
    if (!finished.empty()) return std::move(finished.front());
  }
}

std::string gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

Response gzipped(const std::string& body) {
  return {200, body, {"Content-Type: application/json", "Content-Encoding: gzip"}};
}

}  // namespace

// The request is a POST of JSON that offers compression; the answer arrives with what matters of its headers.
TEST_CASE("an exchange", "[http]") {
  const LoopbackServer server(
      [](const Seen&) { return Response{418, "body", {"Content-Type: Text/Plain", "RETRY-AFTER:  9 "}}; });
  Endpoint endpoint = endpoint_at(server.url("/path?q=1"));
  endpoint.headers = {{"x-key", "value"}};
  const HttpFinished finished = exchange(endpoint);
  REQUIRE(finished.outcome.has_value());
  CHECK(finished.id == 5);
  CHECK(finished.outcome->status == 418);
  CHECK(finished.outcome->body == "body");
  CHECK(finished.outcome->content_type == "text/plain");
  CHECK(finished.outcome->retry_after == "9");
  const std::string head = server.seen()[0].head;
  CHECK(head.starts_with("POST /path?q=1 HTTP/1.1\r\n"));
  for (const char* line : {"Content-Type: application/json\r\n", "x-key: value\r\n", "gzip"}) {
    INFO(line);
    CHECK(head.find(line) != std::string::npos);
  }
  CHECK(server.seen()[0].text == "{}");
}

// A compressed answer is inflated.
TEST_CASE("gzip is undone", "[http]") {
  const std::string text(50'000, 'x');
  const LoopbackServer server([&](const Seen&) { return gzipped(gzip(text)); });
  CHECK(exchange(endpoint_at(server.url())).outcome.value().body == text);
}

// A compressed answer that cannot be inflated is malformed.
TEST_CASE("broken gzip is refused", "[http]") {
  const LoopbackServer server([](const Seen&) { return gzipped("this is no gzip stream at all"); });
  CHECK(exchange(endpoint_at(server.url())).outcome.error().cause == "malformed");
}

// The cap holds for what arrives and for what it inflates to; a bomb ends when it passes the cap. One byte fewer is
// fine.
TEST_CASE("answers are capped", "[http]") {
  const LoopbackServer plain([](const Seen&) { return Response{200, std::string(1001, 'x')}; });
  CHECK(exchange(endpoint_at(plain.url()), 1000).outcome.error().cause == "too-large");
  CHECK(exchange(endpoint_at(plain.url()), 1001).outcome.has_value());

  const LoopbackServer bomb([](const Seen&) { return gzipped(gzip(std::string(10 << 20, 'x'))); });
  CHECK(exchange(endpoint_at(bomb.url()), 100'000).outcome.error().cause == "too-large");

  const LoopbackServer endless([](const Seen&) {
    Response response;
    response.raw = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 100; ++i) response.raw += "64\r\n" + std::string(100, 'x') + "\r\n";
    return response;
  });
  CHECK(exchange(endpoint_at(endless.url()), 5000).outcome.error().cause == "too-large");
}

// What breaks the rules of HTTP is said to, and is no reason to ask again.
TEST_CASE("broken HTTP is named", "[http]") {
  const auto complaint_of = [](const std::string& raw) {
    const LoopbackServer server([&](const Seen&) {
      Response response;
      response.raw = raw;
      return response;
    });
    const HttpFinished finished = exchange(endpoint_at(server.url()));
    REQUIRE_FALSE(finished.outcome);
    CHECK(finished.outcome.error().cause == "malformed");
    return finished.outcome.error().what;
  };
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  CHECK(complaint_of(ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}").find("chunked-encoding") != std::string::npos);
  CHECK(complaint_of(ok + "Content-Length: many\r\n\r\n{}").find("Content-Length") != std::string::npos);
  CHECK(complaint_of(ok + "X: a\rContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}").find("carriage return") !=
        std::string::npos);
}

// Addresses at which clouds keep credentials are not connected to, in any spelling.
TEST_CASE("link-local addresses are refused", "[http]") {
  for (const char* url :
       {"http://169.254.169.254/", "http://[fe80::1]/", "http://[::ffff:169.254.169.254]/", "http://2852039166/"}) {
    INFO(url);
    CHECK(exchange(endpoint_at(url)).outcome.error().cause == "not-permitted");
  }
}

// A server that speaks no TLS is not spoken to in plain text.
TEST_CASE("no TLS where TLS is expected", "[http]") {
  const LoopbackServer server([](const Seen&) { return Response{200, "x"}; });
  const HttpFinished finished = exchange(endpoint_at("https" + server.url().substr(4)));
  CHECK(finished.outcome.error().cause == "tls");
  CHECK(server.seen().empty());
}

// A transfer that was cancelled is not heard of again; the others are.
TEST_CASE("cancelled transfers are silent", "[http]") {
  const LoopbackServer server([](const Seen& seen) {
    Response response{200, "x"};
    response.hangs = seen.text == "hang";
    return response;
  });
  const Endpoint endpoint = endpoint_at(server.url());
  const auto transport = curl_transport();
  transport->start(1, {&endpoint, "hang", 1000, false});
  transport->start(2, {&endpoint, "{}", 1000, false});
  transport->cancel(1);
  transport->cancel(1);
  std::vector<HttpFinished> finished;
  while (finished.empty()) finished = transport->wait(std::chrono::milliseconds(100));
  CHECK(finished.size() == 1);
  CHECK(finished[0].id == 2);
}
