#include "base/json.hpp"

#include <catch2/catch.hpp>

using namespace readyctl;

namespace {

std::string refusal(const std::string& text) {
  const auto value = parse_json(text, "f.json");
  return value ? "" : to_string(value.error());
}

}  // namespace

// What other parsers let pass is refused: nothing is ignored, truncated or rounded.
TEST_CASE("JSON is read strictly", "[base]") {
  CHECK(refusal(R"({"a":1,"a":2})").find("key \"a\" stands twice") != std::string::npos);
  CHECK(refusal(R"([{"x":{"a":1,"a":2}}])").find("stands twice") != std::string::npos);
  CHECK(refusal("[1] x").find("f.json:1") != std::string::npos);
  CHECK(refusal("[18446744073709551616]").find("does not fit into 64 bits") != std::string::npos);
  CHECK_FALSE(refusal("[1e400]").empty());
  CHECK_FALSE(refusal("{\"a\":\"\xff\"}").empty());
  CHECK_FALSE(refusal(R"(["\ud800"])").empty());
  CHECK_FALSE(refusal("").empty());
  CHECK_FALSE(refusal("[NaN]").empty());
  CHECK_FALSE(refusal("[1,]").empty());
}

// A zero byte ends a C string and nothing else: what stands behind it is text after the document.
TEST_CASE("a zero byte does not end a document", "[base]") {
  using namespace std::string_literals;
  for (const std::string& text : {"{}\0"s, "{}\0 {\"a\":1}"s, "[1]\0\n"s, "\0{}"s, "{\0}"s}) {
    CAPTURE(text.size());
    CHECK_FALSE(refusal(text).empty());
  }
  CHECK(refusal("{}\n\0"s).find("f.json:2") != std::string::npos);
}

// A text may be long: what is refused is said with its line and its pointer.
TEST_CASE("what is refused is placed", "[base]") {
  CHECK(refusal("{\n \"x\": [{},\n {\"a/b\": 1,\n \"a/b\": 2}]}").starts_with("f.json:4: /x/1/a~1b: key \"a/b\""));
  CHECK(
      refusal("{\n \"x\": [1,\n 18446744073709551616\n]}").starts_with("f.json:3: /x/1: integer 18446744073709551616"));
  CHECK(refusal("18446744073709551616").starts_with("f.json:1: integer"));
  CHECK(refusal("\n" + std::string(json_depth_max + 1, '[')).starts_with("f.json:2: /0/0/"));
}

// Who writes a comment or a comma too many is told that JSON has neither, on its line; a slash or a bracket elsewhere
// is not taken for one.
TEST_CASE("habits of other notations are named", "[base]") {
  const std::string neither = "JSON allows neither comments nor trailing commas";
  for (const std::string comment : {"// why", "/* why */", "# why"}) {
    for (const std::string& text :
         {comment + "\n{}", "{\n" + comment + "\n\"a\": 1}", "[1" + comment + "]", "{} " + comment}) {
      CAPTURE(text);
      CHECK(refusal(text).find("a comment begins here, and " + neither) != std::string::npos);
    }
  }
  CHECK(refusal("{\n \"a\": 1,\n # b\n}").starts_with("f.json:3: "));
  for (const std::string text : {"[1,]", "{\"a\": [1, 2],\n}", "[[1, ]]"}) {
    CAPTURE(text);
    CHECK(refusal(text).find("the comma before it is one too many, and " + neither) != std::string::npos);
  }
  for (const std::string text : {"[1 2]", "]", "[}", "/", "[1,,2]", "[\"// no, ]", "{,}"}) {
    CAPTURE(text);
    CHECK_FALSE(refusal(text).empty());
    CHECK(refusal(text).find(neither) == std::string::npos);
  }
}

// Deep nesting is an error, not a crash.
TEST_CASE("nesting is bounded", "[base]") {
  const std::string deep = std::string(100'000, '[');
  CHECK(refusal(deep).find("nests deeper") != std::string::npos);
  CHECK(refusal(std::string(json_depth_max, '[') + std::string(json_depth_max, ']')).empty());
}

// 64-bit integers are exact.
TEST_CASE("integers are exact", "[base]") {
  const auto value = parse_json("[18446744073709551615,9007199254740993]", "t");
  REQUIRE(value.has_value());
  CHECK((*value)[0].get<std::uint64_t>() == 18446744073709551615ULL);
  CHECK((*value)[1].get<std::uint64_t>() == 9007199254740993ULL);
}

// An error can say the line of any value, also behind escapes and nested lists.
TEST_CASE("places know their line", "[base]") {
  const auto document =
      Document::parse("{\n \"a/b\": [1,\n  {\"x\": \"}]\\\"\",\n   \"y\": 2}\n ],\n \"z\": null\n}", "f.json");
  REQUIRE(document.has_value());
  CHECK(document->line_of("") == 1);
  CHECK(document->line_of("/a~1b/1/y") == 4);
  CHECK(document->line_of("/z") == 6);
  CHECK(document->line_of("/a~1b/1/missing") == 3);
  const Place place = Place(*document) / "a/b" / 1 / "y";
  CHECK(place.malformed("is odd").value().where == "f.json:4");
  CHECK(place.malformed("is odd").value().what == "/a~1b/1/y: is odd");
}
