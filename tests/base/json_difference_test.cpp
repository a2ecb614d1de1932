#include "base/json_difference.hpp"

#include <catch2/catch.hpp>

using namespace readyctl;

namespace {

std::string difference(const std::string& first, const std::string& second) {
  const auto found = first_difference(parse_json(first, "a").value(), parse_json(second, "b").value());
  return found ? found->pointer + ": " + found->first + " / " + found->second : "none";
}

}  // namespace

// Order of keys, white space and spelling do not count; types do.
TEST_CASE("equal canonical forms do not differ", "[base]") {
  CHECK(difference(R"({"a":1,"b":["x",null]})", R"({ "b" : ["\u0078", null], "a": 1 })") == "none");
  CHECK(difference("1", "1.0") == "none");
  CHECK(difference("\"1\"", "1") == ": \"1\" / 1");
}

// The first place, by the order of keys, with what stands on either side.
TEST_CASE("the first difference is told by its pointer", "[base]") {
  CHECK(difference(R"({"b":1,"a":[1,{"c/d~":2}]})", R"({"b":2,"a":[1,{"c/d~":3}]})") == "/a/1/c~1d~0: 2 / 3");
  CHECK(difference("[1]", "[1,2]") == "/1: nothing / 2");
  CHECK(difference(R"({"a":1})", "{}") == "/a: 1 / nothing");
  CHECK(difference("[]", "{}") == ": [] / {}");
  CHECK(difference("[0]", "[\"" + std::string(300, 'x') + "\"]").find("/0: 0 / a string of 302 bytes with SHA-256 ") ==
        0);
}
