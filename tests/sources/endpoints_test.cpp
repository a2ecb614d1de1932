#include "sources/endpoints.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>

#include "base/files.hpp"

using namespace readyctl;

namespace {

// A folder of its own, gone afterwards.
struct Scratch {
  std::filesystem::path path;

  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "readyctl-endpoints-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Scratch() { std::filesystem::remove_all(path); }

  void write(const std::string& name, const std::string& text) const { REQUIRE(write_file(path / name, text)); }
};

Error error_of(const std::string& text) {
  const auto read = parse_endpoints(text, "endpoints.json", ".");
  REQUIRE_FALSE(read.has_value());
  return read.error();
}

std::string one(const std::string& members) { return R"({"endpoints":[{"name":"a",)" + members + "}]}"; }

}  // namespace

// Every field of the file arrives, in the file's order.
TEST_CASE("an endpoints file is read", "[endpoints]") {
  const auto read = parse_endpoints(R"({"endpoints":[
      {"name":"main-1","url":"https://rpc.example/v1","provider":"acme","role":"primary","ws":"wss://rpc.example/ws",
       "headers":{"x-api-key":"k3y"},"limits":{"accountsPerRequest":5,"requestsAtOnce":2}},
      {"name":"b_2","url":"http://127.0.0.1:8899"}]})",
                                    "endpoints.json", ".");
  REQUIRE(read.has_value());
  REQUIRE(read->size() == 2);
  const Endpoint& first = read->front();
  CHECK(first.name == "main-1");
  CHECK(first.url.secret_text() == "https://rpc.example/v1");
  CHECK(first.provider == "acme");
  CHECK(first.role == "primary");
  CHECK(first.ws->secret_text() == "wss://rpc.example/ws");
  CHECK(first.headers == std::vector<std::pair<std::string, std::string>>{{"x-api-key", "k3y"}});
  CHECK(first.limits.accounts_per_request == 5);
  CHECK(first.limits.requests_at_once == 2);
  CHECK(read->back().name == "b_2");
  CHECK_FALSE(read->back().provider.has_value());
  CHECK(read->back().limits.accounts_per_request == 100);
}

// Values come from the environment, and from files beside the endpoints file without their last newline.
TEST_CASE("env: and file: are looked up", "[endpoints]") {
  const Scratch scratch;
  ::setenv("READYCTL_TEST_URL", "https://from.env/x", 1);
  scratch.write("key", "from-file\n");
  scratch.write("endpoints.json", one(R"("url":"env:READYCTL_TEST_URL","headers":{"x":"file:key"})"));
  const auto read = read_endpoints_file(scratch.path / "endpoints.json");
  REQUIRE(read.has_value());
  CHECK(read->front().url.secret_text() == "https://from.env/x");
  CHECK(read->front().headers.front().second == "from-file");
}

// What is wrong is said with file, line and pointer.
TEST_CASE("bad endpoints files are refused", "[endpoints]") {
  const Error unknown = error_of("{\"endpoints\":[\n{\"name\":\"a\",\"url\":\"http://h\",\"urll\":1}]}");
  CHECK(unknown.where == "endpoints.json:2");
  CHECK(unknown.what.find("/endpoints/0/urll") != std::string::npos);
  CHECK(unknown.hint == "did you mean \"url\"?");

  CHECK(error_of(R"({"endpoints":[]})").what.find("empty") != std::string::npos);
  CHECK(error_of(one(R"("provider":"x")")).what.find("has no \"url\"") != std::string::npos);
  CHECK(error_of(R"({"endpoints":[{"name":"Bad Name","url":"http://h"}]})").what.find("no name") != std::string::npos);
  CHECK(error_of(R"({"endpoints":[{"name":"a","url":"http://h"},{"name":"a","url":"http://i"}]})").what ==
        "/endpoints/1/name: two endpoints are named \"a\"");
  CHECK(error_of(one(R"("url":"http://h","limits":{"accountsPerRequest":101})")).what.find("1 to 100") !=
        std::string::npos);
  CHECK(error_of(one(R"("url":"http://h","limits":{"requestsAtOnce":0})")).what.find("1 to 1000") != std::string::npos);
  CHECK(error_of(one(R"("url":"http://h","headers":{"bad name":"v"})")).what.find("no HTTP header") !=
        std::string::npos);
  CHECK(error_of(one(R"("url":"http://h","headers":{"x":"a\r\nb: c"})")).what.find("control") != std::string::npos);
  CHECK(error_of(one(R"("url":"http://h","ws":"http://h")")).what.find("ws://") != std::string::npos);
}

// So are more endpoints than a run may have, and a value in the place of its name, which is not repeated.
TEST_CASE("odd endpoints files are refused", "[endpoints]") {
  std::string list;
  for (std::size_t i = 0; i <= endpoints_max; ++i) {
    list += (i == 0 ? "" : ",") +
            (R"({"name":"e)" + std::to_string(i) + R"(","url":"http://h)" + std::to_string(i) + "\"}");
  }
  CHECK(error_of(R"({"endpoints":[)" + list + "]}").what == "/endpoints: lists 65 endpoints; at most 64 are asked");
  for (const char* misplaced :
       {R"("url":"env:https://h/s3cret")", R"("url":"env:")", R"("url":"file:https://h/s3cret")"}) {
    const Error error = error_of(one(misplaced));
    CHECK(error.kind == ErrorKind::malformed);
    CHECK(to_string(error).find("s3cret") == std::string::npos);
    CHECK(error.hint.find("it is not repeated here") == 0);
  }
}

// Only http and https, with a host, without a fragment or odd characters.
TEST_CASE("bad URLs are refused", "[endpoints]") {
  for (const char* url : {"ftp://h/", "file:///etc/passwd", "gopher://h", "h:80", "http://", "http:///x", "//h",
                          "http://h#f", "http://h h", "http://h\u00e9"}) {
    INFO(url);
    CHECK_FALSE(Url::parse_http(url).has_value());
  }
  CHECK(Url::parse_http("http://[::1]:8899/").value().secret_host() == "::1");
}

// What stays on this machine is told from what goes over a network, by the name or address alone.
TEST_CASE("hosts that are this machine", "[endpoints]") {
  for (const char* host : {"localhost", "LocalHost", "127.0.0.1", "127.9.8.7", "::1"}) CHECK(is_loopback(host));
  for (const char* host : {"localhost.example.org", "128.0.0.1", "10.127.0.1", "::2", "example.org", ""})
    CHECK_FALSE(is_loopback(host));
}

// A variable or file that is not there is named; the kind tells a bad value from an unreadable file.
TEST_CASE("missing variables and files are named", "[endpoints]") {
  ::unsetenv("READYCTL_TEST_MISSING");
  const Error variable = error_of(one(R"("url":"env:READYCTL_TEST_MISSING")"));
  CHECK(variable.kind == ErrorKind::malformed);
  CHECK(variable.what == "/endpoints/0/url: environment variable READYCTL_TEST_MISSING is not set");
  const Error file = error_of(one(R"("url":"file:no-such-file")"));
  CHECK(file.kind == ErrorKind::unreadable);
  CHECK(file.what.find("no-such-file does not exist") != std::string::npos);
  CHECK(read_endpoints_file("/no/such/endpoints.json").error().kind == ErrorKind::unreadable);
}

// No error about a file repeats any part of a value that may be a credential, not even a syntax error beside it.
TEST_CASE("errors about endpoints repeat no value", "[endpoints]") {
  ::setenv("READYCTL_TEST_URL", "htps://s3cret.example", 1);
  const std::vector<std::string> texts = {
      one(R"("url":"htps://s3cret.example")"),
      one(R"("url":"http://s3cret.example#x")"),
      one(R"("url":"http://s3cret example")"),
      one("\"url\":\"http://s3cret\n\""),
      one(R"("url":"http://s3cret)"),
      one(R"("url":"http://s3cret.example" x)"),
      one(R"("url":"http://h","headers":{"x":"s3cret\u0001"})"),
      one(R"("url":"http://h","headers":{"x":["s3cret"]})"),
      one(R"("url":"env:READYCTL_TEST_URL")"),
      one(R"("url":"http://h","ws":"http://s3cret")"),
  };
  for (const std::string& text : texts) {
    INFO(text);
    CHECK(to_string(error_of(text)).find("s3cret") == std::string::npos);
  }
}

// The three forms of --rpc, and the refusal to take a credential from the command line unless told to.
TEST_CASE("options of the form --rpc", "[endpoints]") {
  const Scratch scratch;
  scratch.write("url", "https://h/s3cret\r\n");
  ::setenv("READYCTL_TEST_URL", "https://h/s3cret", 1);

  CHECK(parse_rpc_option("a=http://127.0.0.1:8899", false).value().url.secret_text() == "http://127.0.0.1:8899");
  CHECK(parse_rpc_option("a=https://h/", false).value().name == "a");
  CHECK(parse_rpc_option("a=env:READYCTL_TEST_URL", false).value().url.secret_path() == "/s3cret");
  CHECK(parse_rpc_option("a=@" + (scratch.path / "url").string(), false).value().url.secret_path() == "/s3cret");

  for (const char* credential : {"a=https://user:s3cret@h", "a=https://h/s3cret", "a=https://h?key=s3cret"}) {
    INFO(credential);
    const auto refused = parse_rpc_option(credential, false);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().kind == ErrorKind::usage);
    CHECK(refused.error().hint.find("--insecure-rpc-in-argv") != std::string::npos);
    CHECK(to_string(refused.error()).find("s3cret") == std::string::npos);
    CHECK(parse_rpc_option(credential, true).has_value());
  }
  for (const char* bad :
       {"https://s3cret", "A=http://s3cret", "=http://s3cret", "a=", "a=ftp://s3cret", "a=env:READYCTL_NONE"}) {
    INFO(bad);
    const auto refused = parse_rpc_option(bad, true);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().kind == ErrorKind::usage);
    CHECK(to_string(refused.error()).find("s3cret") == std::string::npos);
  }
  CHECK(parse_rpc_option("a=@/no/such/file", false).error().kind == ErrorKind::unreadable);
}

// A name stands for one endpoint, wherever the endpoints came from, and an endpoint has one name.
TEST_CASE("names are distinct", "[endpoints]") {
  const Endpoint a = parse_rpc_option("a=http://h", false).value();
  const Endpoint b = parse_rpc_option("b=http://i", false).value();
  const Endpoint again = parse_rpc_option("again=http://H:80/", false).value();
  CHECK(check_distinct_names({a, b}).has_value());
  CHECK(check_distinct_names({a, b, a}).error().kind == ErrorKind::usage);
  const auto refused = check_distinct_names({a, b, again});
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().kind == ErrorKind::usage);
  CHECK(refused.error().what == "endpoints \"a\" and \"again\" have the same URL");
}

// The options of a command line come to no more endpoints than a file.
TEST_CASE("endpoints are counted", "[endpoints]") {
  std::vector<Endpoint> endpoints;
  for (std::size_t i = 0; i <= endpoints_max; ++i) {
    const std::string number = std::to_string(i);
    endpoints.push_back(parse_rpc_option("e" + number + "=http://h" + number, false).value());
  }
  const auto too_many = check_distinct_names(endpoints);
  REQUIRE_FALSE(too_many);
  CHECK(too_many.error().kind == ErrorKind::usage);
  CHECK(too_many.error().what == "65 endpoints are more than the 64 of one run");
  endpoints.pop_back();
  CHECK(check_distinct_names(endpoints));
}

// One URL under two names would be counted, and trusted, as two opinions.
TEST_CASE("one URL under two names is refused", "[endpoints]") {
  const auto error_of_second = [](const std::string& url) {
    return error_of(R"({"endpoints":[{"name":"a","url":"https://s3cret.example/Key?x=1"},{"name":"b","url":")" + url +
                    "\"}]}");
  };
  for (const char* same : {"https://s3cret.example/Key?x=1", "HTTPS://S3cret.example:443/Key?x=1"}) {
    INFO(same);
    const Error error = error_of_second(same);
    CHECK(error.kind == ErrorKind::malformed);
    CHECK(error.what == "/endpoints/1/url: endpoints \"a\" and \"b\" have the same URL");
  }
  for (const char* other :
       {"https://s3cret.example/key?x=1", "https://s3cret.example/Key", "http://s3cret.example/Key?x=1",
        "https://s3cret.example:444/Key?x=1", "https://u@s3cret.example/Key?x=1"}) {
    const std::string text =
        R"({"endpoints":[{"name":"a","url":"https://s3cret.example/Key?x=1"},{"name":"b","url":")" +
        std::string(other) + "\"}]}";
    INFO(other);
    CHECK(parse_endpoints(text, "endpoints.json", ".").has_value());
  }
}
