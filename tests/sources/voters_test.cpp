#include <catch2/catch.hpp>

#include "sources/endpoints.hpp"

using namespace readyctl;

namespace {

Endpoint endpoint(const std::string& url, std::optional<std::string> provider = std::nullopt) {
  return {"e", std::move(provider), {}, Url::parse_http(url).value(), {}, {}, {}};
}

using Voters = std::vector<std::vector<std::size_t>>;

}  // namespace

// Who declares a provider is one voice with all that declare it, wherever they are.
TEST_CASE("endpoints of one declared provider are one voice", "[voters]") {
  CHECK(voters_among({endpoint("http://a.example", "acme"), endpoint("http://b.example", "globex"),
                      endpoint("http://c.example", "Acme")}) == Voters{{0, 2}, {1}});
  CHECK(voters_among({endpoint("http://127.0.0.1:1", "acme"), endpoint("http://127.0.0.1:2", "globex")}) ==
        Voters{{0}, {1}});
}

// Who declares none is one voice with all on the same registered domain.
TEST_CASE("endpoints of one domain are one voice", "[voters]") {
  CHECK(voters_among({endpoint("https://a.rpc.example.com/1"), endpoint("https://EXAMPLE.com./2"),
                      endpoint("https://example.org")}) == Voters{{0, 1}, {2}});
  // co.uk is nobody's: two domains below it have two owners.
  CHECK(voters_among({endpoint("https://rpc.one.co.uk"), endpoint("https://rpc.two.co.uk"),
                      endpoint("https://two.co.uk")}) == Voters{{0}, {1, 2}});
  CHECK(voters_among({endpoint("http://10.0.0.1:1"), endpoint("http://10.0.0.1:2"), endpoint("http://10.1.0.1")}) ==
        Voters{{0, 1}, {2}});
  CHECK(voters_among({endpoint("http://[::1]:1"), endpoint("http://[::1]:2"), endpoint("http://localhost")}) ==
        Voters{{0, 1}, {2}});
}

// An endpoint without provider is no second voice beside one that has the same domain and says whose it is.
TEST_CASE("an undeclared endpoint joins the provider of its domain", "[voters]") {
  CHECK(voters_among({endpoint("https://a.example.com"), endpoint("https://x.org", "acme"),
                      endpoint("https://b.example.com", "acme")}) == Voters{{0, 1, 2}});
}

// A majority of three or more must agree; of fewer there is none.
TEST_CASE("the usual quorum is a majority", "[voters]") {
  const std::vector<std::size_t> expected{1, 1, 1, 2, 3, 3, 4};
  for (std::size_t voters = 0; voters < expected.size(); ++voters) CHECK(usual_quorum(voters) == expected[voters]);
}

// Voices by name, as the record of the endpoints has them.
TEST_CASE("a quorum knows its voices by name", "[voters]") {
  std::vector<Endpoint> endpoints{endpoint("http://a.example", "acme"), endpoint("http://b.example", "acme")};
  endpoints[0].name = "main";
  endpoints[1].name = "spare";
  const Quorum quorum = quorum_among(endpoints, 1);
  CHECK(quorum.needed == 1);
  CHECK(quorum.voters == std::vector<std::vector<std::string>>{{"main", "spare"}});
  CHECK(quorum.voter_of("spare") == 0);
  CHECK_FALSE(quorum.voter_of("other"));
}
