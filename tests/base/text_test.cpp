#include "base/text.hpp"

#include <catch2/catch.hpp>

using namespace readyctl;

// A near name is offered, a far one is not.
TEST_CASE("the nearest name is offered", "[base]") {
  const std::vector<std::string> names{"severity", "phase", "params"};
  CHECK(nearest("severty", names) == "severity");
  CHECK(nearest("phse", names) == "phase");
  CHECK_FALSE(nearest("zzzzzz", names));
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
