#include "sources/secrets.hpp"

#include <catch2/catch.hpp>

#include "base/base64.hpp"

using namespace readyctl;

namespace {

Endpoint secret_endpoint() {
  Endpoint endpoint;
  endpoint.name = "main";
  endpoint.url =
      Url::parse_http("https://us%65r1:p%40ss1@Rpc-77.example.com:444/v2/ap1keyInPath/x?key=qu3ry%2BKey&v=2").value();
  endpoint.ws = Url::parse_websocket("wss://stream-9.example.com/wsKeyInPath").value();
  endpoint.headers = {{"authorization", "Bearer t0kenInHeader"}, {"x-short", "no"}};
  return endpoint;
}

}  // namespace

// Every part of an endpoint that can be a credential is taken out, in each spelling that an error may show.
TEST_CASE("secrets are taken out of texts", "[secrets]") {
  const Secrets secrets({secret_endpoint()});
  for (const char* secret : {"https://us%65r1:p%40ss1@Rpc-77.example.com:444/v2/ap1keyInPath/x?key=qu3ry%2BKey&v=2",
                             "rpc-77.example.com", "RPC-77.EXAMPLE.COM", "p@ss1", "us%65r1", "user1", "ap1keyInPath",
                             "qu3ry%2BKey", "qu3ry+Key", "key=qu3ry%2BKey&v=2", "wsKeyInPath", "stream-9.example.com",
                             "Bearer t0kenInHeader", "t0kenInHeader", "dXNlcjE6cEBzczE="}) {
    INFO(secret);
    const std::string safe = secrets.redact("before " + std::string(secret) + " after");
    CHECK(safe.find("before [redacted]") == 0);
    CHECK(safe.find(" after") == safe.size() - 6);
    CHECK(safe.find(secret) == std::string::npos);
  }
}

// A server may repeat a credential as a URL or a header would hold it.
TEST_CASE("encoded secrets are taken out", "[secrets]") {
  Endpoint endpoint;
  endpoint.url = Url::parse_http("http://host-a/").value();
  endpoint.headers = {{"x-key", "tok+secret/value(9)=="}};
  const Secrets secrets({endpoint});
  for (const char* encoded : {"tok+secret/value(9)==", "tok%2Bsecret%2Fvalue%289%29%3D%3D",
                              "tok%2bsecret%2fvalue(9)%3d%3d", "dG9rK3NlY3JldC92YWx1ZSg5KT09"}) {
    CHECK(secrets.redact(std::string("it was ") + encoded) == "it was [redacted]");
  }
}

// A server decodes what it is given, and may say it as a form, a page or a text within a text of JSON would.
TEST_CASE("secrets are taken out as a server would write them", "[secrets]") {
  Endpoint endpoint;
  endpoint.url = Url::parse_http("http://host-a/?api-key=Zm9v+c2Vj&other=a%26b<c'd\"e%20f").value();
  endpoint.headers = {{"authorization", "Basic " + to_base64(bytes_of("operator7:hunter2:secret"))}};
  const Secrets secrets({endpoint});
  for (const char* form : {"Zm9v c2Vj", "Zm9v+c2Vj", "operator7:hunter2:secret", "operator7", "hunter2:secret",
                           "a&b<c'd\"e f", "a&amp;b&lt;c&#39;d&quot;e f", "a&amp;b&lt;c&#x27;d&quot;e f",
                           "a&b<c'd\\\"e f", "a\\u0026b\\u003cc'd\\\"e f", "a%26b%3Cc%27d%22e+f"}) {
    INFO(form);
    CHECK(secrets.redact("bad key '" + std::string(form) + "'") == "bad key '[redacted]'");
  }
}

// A short key in the path or in the query is a key all the same. The words of routes, whatever their case, are none.
TEST_CASE("short credentials are taken out and words of routes stay", "[secrets]") {
  Endpoint endpoint;
  endpoint.url = Url::parse_http("https://host-a/v2/short123/k3y9?api-key=q7zz&cluster=mainnet").value();
  endpoint.ws = Url::parse_websocket("wss://host-a/rpc/solana/mainnet-beta/Devnet/v1/api/ws").value();
  const Secrets secrets({endpoint});
  CHECK(secrets.redact("no short123 here, nor K3Y9 nor q7zz") == "no [redacted] here, nor [redacted] nor [redacted]");
  const std::string words = "v1 v2 rpc api ws solana mainnet mainnet-beta devnet";
  CHECK(secrets.redact(words) == words);
}

// What hides nothing stays: short values, short path segments, other texts.
TEST_CASE("ordinary words stay", "[secrets]") {
  const Secrets secrets({secret_endpoint()});
  CHECK(secrets.redact("v2 x no 2 Bearer main example") == "v2 x no 2 Bearer main example");
  CHECK(Secrets().redact("anything") == "anything");
  CHECK(Secrets().redact("") == "");
}

// Of two secrets of which one begins with the other, nothing of the longer one remains.
TEST_CASE("the longer secret goes first", "[secrets]") {
  Endpoint endpoint;
  endpoint.url = Url::parse_http("http://host-a").value();
  endpoint.headers = {{"a", "abcdefgh"}, {"b", "abcdefgh12345678"}};
  CHECK(Secrets({endpoint}).redact("abcdefgh12345678") == "[redacted]");
}

// Strings and keys at any depth of a JSON value are cleaned; other values are untouched.
TEST_CASE("secrets are taken out of JSON", "[secrets]") {
  const Secrets secrets({secret_endpoint()});
  const Json value = {{"at", {"rpc-77.example.com", 1, nullptr}}, {"t0kenInHeader", {{"deep", "x ap1keyInPath"}}}};
  const Json expected = {{"at", {"[redacted]", 1, nullptr}}, {"[redacted]", {{"deep", "x [redacted]"}}}};
  CHECK(secrets.redact_json(value) == expected);
}

// What repeats a secret may have encoded it: in hex, in either base64, as a part of what was encoded, percent-encoded
// twice, and broken over lines.
TEST_CASE("secrets are found in every form", "[secrets]") {
  Endpoint endpoint;
  endpoint.url = Url::parse_http("https://host-a/v2/path+Key~0042/?k=qu3ry/K%2Bey").value();
  const Secrets secrets({endpoint});
  for (const char* form : {"706174682b4b65797e30303432", "cGF0aCtLZXl+MDA0Mg==", "cGF0aCtLZXl-MDA0Mg",
                           "path%2BKey~0042", "path%252BKey~0042", "qu3ry%2FK%2Bey", "qu3ry%252FK%252Bey",
                           "PATH+KEY~0042", "path+\nKey~0042", "path+Ke\r\ny~0\r\n042", "path+\\nKey~0042"}) {
    INFO(form);
    CHECK(secrets.redact("it was " + std::string(form) + ".") == "it was [redacted].");
  }
  // base64 of "x: path+Key~0042;" and "ab path+Key~0042": what surrounds the secret shares characters with it.
  for (const char* part : {"eDogcGF0aCtLZXl+MDA0Mjs=", "YWIgcGF0aCtLZXl+MDA0Mg==", "YSBwYXRoK0tleX4wMDQy"}) {
    INFO(part);
    CHECK(secrets.redact(part).find("[redacted]") != std::string::npos);
  }
  const std::string lines = "what is broken\nover lines, and\\n no secret\r\nstays";
  CHECK(secrets.redact(lines) == lines);
}
