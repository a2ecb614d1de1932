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

// What is wrong is said in words of JSON, without the parser's states and without what was read: it may be a secret.
TEST_CASE("what is no JSON is said in plain words", "[base]") {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "the text ends before the JSON does"},
      {"{\"a\":1", "the text ends before the JSON does"},
      {"{a:1}", "a name in double quotes is missing here"},
      {"{\"a\" 1}", "a colon is missing behind a name"},
      {"{\"a\":1 \"b\":2}", "a comma or a closing brace is missing here"},
      {"[1 2]", "a comma or a closing bracket is missing here"},
      {"[hunter2]", "a word or a sign that JSON does not know"},
      {"[01]", "a comma or a closing bracket is missing here"},
      {"[1.]", "a number that JSON does not write so"},
      {"[1e400]", "a number is out of range"},
      {"[\"a]", "a string is not closed"},
      {"[\"\n\"]", "a control character within a string"},
      {"[\"\\x\"]", "a backslash with what no string may have behind it"},
      {"[\"\xff\"]", "bytes that are not UTF-8"},
      {"[1] [2]", "there is more behind the end of the JSON"},
      {"[1,,2]", "a value is missing here"},
  };
  for (const auto& [text, words] : cases) {
    CAPTURE(text, refusal(text));
    CHECK(refusal(text).starts_with("f.json:1: syntax error: " + words));
  }
  CHECK(refusal("[hunter2]").find("hunter2") == std::string::npos);
}

// A byte-order mark is no JSON: other strict readers of the same file refuse it, so its bytes could mean two things.
TEST_CASE("a byte-order mark is refused", "[base]") {
  CHECK(refusal("\xef\xbb\xbf{}").find("byte-order mark") != std::string::npos);
  CHECK(refusal("\xef\xbb{}").find("byte-order mark") == std::string::npos);
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
