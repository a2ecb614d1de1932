#include <catch2/catch.hpp>

#include "base/json.hpp"

using namespace readyctl;

namespace {

std::string canonical(const std::string& text) { return canonical_json(parse_json(text, "t").value()).value(); }

}  // namespace

// RFC 8785, section 3.2.3: keys in the order of their UTF-16 code units, where an emoji comes before U+FB33.
TEST_CASE("canonical keys are sorted by UTF-16", "[base]") {
  CHECK(
      canonical(
          R"({"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew","1":"One","\ud83d\ude00":"Emoji","\u0080":"Control","\u00f6":"o"})") ==
      "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"\u00f6\":\"o\",\"\u20ac\":\"Euro "
      "Sign\",\"\U0001F600\":\"Emoji\",\"\uFB33\":\"Hebrew\"}");
}

// RFC 8785, appendix B: numbers as ECMAScript prints them.
TEST_CASE("canonical numbers are ECMAScript's", "[base]") {
  CHECK(canonical("[0.5,1e21,1e-7,0.000001,333333333.33333329,1E30,4.50,2e-3,1e-27,-0.0,100]") ==
        "[0.5,1e+21,1e-7,0.000001,333333333.3333333,1e+30,4.5,0.002,1e-27,0,100]");
}

// Control characters have one spelling, and nothing else is escaped.
TEST_CASE("canonical strings have one spelling", "[base]") {
  CHECK(canonical(R"(["\b\f\t\r\u0008\u001f"])") == R"(["\b\f\t\r\b\u001f"])");
  CHECK(canonical(R"(["\u000f\n\/\u20ac\"\\"])") == "[\"\\u000f\\n/\u20ac\\\"\\\\\"]");
}

// An integer that a reader with doubles would change has no canonical form; evidence writes it exactly.
TEST_CASE("large integers are refused, or exact", "[base]") {
  const Json large = parse_json("[18446744073709551615,-9223372036854775808]", "t").value();
  CHECK_FALSE(canonical_json(large).has_value());
  CHECK(exact_json(large) == "[18446744073709551615,-9223372036854775808]");
  CHECK(canonical("[9007199254740992]") == "[9007199254740992]");
}

// A number beyond 2^53 is an integer to whoever reads it back, however it was written at first.
TEST_CASE("large numbers are what they are when read back", "[base]") {
  for (const std::string text : {"[1e17]", "[-1e17]", "[1e20]", "[9007199254740994.0]"}) {
    CAPTURE(text);
    const Json large = parse_json(text, "t").value();
    CHECK_FALSE(canonical_json(large).has_value());
    CHECK(parse_json(exact_json(large), "t") == large);
  }
  CHECK(exact_json(Json::parse("[1e20,-1e17,1e21]")) == "[1e+20,-1e+17,1e+21]");
  CHECK(canonical("[9007199254740992.0,1e21]") == "[9007199254740992,1e+21]");
}
