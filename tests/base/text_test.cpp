#include "base/text.hpp"

#include <catch2/catch.hpp>

#include "base/printable_json.hpp"

using namespace readyctl;

// A near name is offered, a far one is not.
TEST_CASE("the nearest name is offered", "[base]") {
  const std::vector<std::string> names{"severity", "phase", "params"};
  CHECK(nearest("severty", names) == "severity");
  CHECK(nearest("phse", names) == "phase");
  CHECK_FALSE(nearest("zzzzzz", names));
  CHECK_FALSE(nearest("phase" + std::string(100'000, ' '), names));
  CHECK(suggestion("zzzzzz", names) == "known: severity, phase, params");
}

// What could steer a terminal or pass for other text becomes visible; ordinary text of any script stays.
TEST_CASE("foreign text is made printable", "[base]") {
  CHECK(printable("\x1b[31mred\x07") == "\\x1b[31mred\\x07");
  CHECK(printable("a\nb") == "a\\nb");
  CHECK(printable("\u202etxt.exe") == "\\u{202e}txt.exe");
  CHECK(printable("zero\u200bwidth") == "zero\\u{200b}width");
  CHECK(printable("\xff\xc0\x80") == "\\xff\\xc0\\x80");
  CHECK(printable("Größe, 大きさ") == "Größe, 大きさ");
}

// What takes no room, and control characters beyond ASCII, are seen too.
TEST_CASE("characters without a shape are made visible", "[base]") {
  CHECK(printable("\u009b2J") == "\\u{009b}2J");
  CHECK(printable("a\u180eb\ufe0fc\u3164d\U000e0100e\U000f0000") ==
        "a\\u{180e}b\\u{fe0f}c\\u{3164}d\\u{e0100}e\\u{f0000}");
  for (const char* plain : {"\u0300a", "\u200a", "\u2010", "\u2070", "\ufffc", "\U0001f600"})
    CHECK(printable(plain) == plain);
}

// Runners of pipelines take commands from what is printed; a text that would be one is not.
TEST_CASE("commands to runners are made visible", "[base]") {
  CHECK(printable("::error::x") == "\\x3a:error::x");
  CHECK(printable(" \t ::error::x") == " \\x09 \\x3a:error::x");
  CHECK(printable("std::string") == "std::string");
  CHECK(printable("a ##[error]x") == "a \\x23#[error]x");
  CHECK(printable("##vso[task.complete]") == "\\x23#vso[task.complete]");
  CHECK(printable("###vso[x]") == "#\\x23#vso[x]");
  CHECK(printable("## a heading [1]") == "## a heading [1]");
}

// JSON stays the same value.
TEST_CASE("JSON is made printable and stays what it is", "[base]") {
  const std::string json = "{\n \"a\u202e\": \"\u009b\U000e0001 ##vso[x]\", \"b\": 1}";
  const std::string safe = printable_json(json);
  CHECK(safe == "{\n \"a\\u202e\": \"\\u009b\\udb40\\udc01 \\u0023#vso[x]\", \"b\": 1}");
}

TEST_CASE("counts read like sentences", "[base]") {
  CHECK(counted(1, "gate") == "1 gate");
  CHECK(counted(0, "gate") == "0 gates");
}

// What is no UTF-8 is no text.
TEST_CASE("UTF-8 is recognised", "[base]") {
  CHECK(is_utf8("caf\u00e9 \U0001f600"));
  CHECK(is_utf8(""));
  for (const char* bad : {"\xff", "a\xc3", "\xc0\x80", "\xed\xa0\x80"}) CHECK_FALSE(is_utf8(bad));
}

// White space around a key or a block of text means nothing.
TEST_CASE("text is trimmed", "[base]") {
  CHECK(trimmed(" \r\n a b\t") == "a b");
  CHECK(trimmed(" \n").empty());
}
