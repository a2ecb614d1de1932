#include "sources/long_strings.hpp"

#include <unistd.h>
#include <algorithm>
#include <catch2/catch.hpp>

using namespace readyctl;

namespace {

const std::string long_text(long_string_bytes_min, 'A');
constexpr std::size_t no_limit = std::size_t{1} << 30;

}  // namespace

// A long string leaves, everything else stays to the byte, and the marker leads back to it.
TEST_CASE("long strings are lifted", "[long-strings]") {
  const std::string text = R"({"a":["short\"","\\",")" + long_text + R"("],"b":"x"})";
  const LiftedText lifted = lift_long_strings(text, no_limit);
  CHECK(lifted.rest == R"({"a":["short\"","\\","!long-string-0"],"b":"x"})");
  REQUIRE(lifted.long_strings.size() == 1);

  LongStrings long_strings(lifted.long_strings);
  CHECK_FALSE(long_strings.all_used());
  CHECK(long_strings.text_of(Json("x")) == "x");
  CHECK(long_strings.text_of(Json("!long-string-0")) == long_text);
  CHECK(long_strings.all_used());
}

// Strings with escapes, strings that are no base64 and strings below the bound stay for the strict parser.
TEST_CASE("other strings stay", "[long-strings]") {
  for (const std::string& inside : {long_text + "\\n", std::string(5000, ' '), long_text.substr(1)}) {
    const std::string text = "[\"" + inside + "\"]";
    CHECK(lift_long_strings(text, no_limit).rest == text);
  }
}

// What is too long is not copied: one byte beyond the limit tells that it is.
TEST_CASE("what is left is cut where it is too long", "[long-strings]") {
  const std::string text = "[\"" + long_text + "\",\"" + long_text + "\"]";
  const std::string rest = R"(["!long-string-0","!long-string-1"])";
  CHECK(lift_long_strings(text, rest.size()).rest == rest);
  for (const std::size_t limit : {rest.size() - 1, rest.size() - 5, std::size_t{17}, std::size_t{1}, std::size_t{0}}) {
    INFO(limit);
    CHECK(lift_long_strings(text, limit).rest == rest.substr(0, limit + 1));
  }
}

// An endpoint can send a string of millions of escapes. Looked at again from each of them, it would keep a run for an
// hour.
TEST_CASE("strings of escapes are passed over once", "[long-strings]") {
  std::string text(std::size_t{8} << 20, '\\');
  text.front() = text.back() = '"';
  CHECK(lift_long_strings(text, no_limit).rest == text);
}

// Four accounts of megabytes are never there twice, as text and as bytes: what was decoded goes before the next is.
// What stands around it stays.
TEST_CASE("the memory of a long string is given back", "[long-strings]") {
  constexpr std::size_t long_enough = 1'000'000;
  const std::string mine(long_enough, 'A');
  std::string text = "[\"" + mine + "\",\"" + mine + "\",1]";
  const LiftedText lifted = lift_long_strings(text, no_limit);
  REQUIRE(lifted.long_strings.size() == 2);
  release_long_string(text, lifted.long_strings[0]);
  const auto kept = std::count(text.begin() + 2, text.begin() + 2 + long_enough, 'A');
  CHECK(kept < 2 * sysconf(_SC_PAGESIZE));
  CHECK(lifted.long_strings[1] == mine);
  CHECK(text.substr(0, 2) == "[\"");
  CHECK(text.substr(2 + long_enough) == "\",\"" + mine + "\",1]");
}

TEST_CASE("only memory of the text is given back", "[long-strings]") {
  std::string text(100'000, 'A');
  const std::string elsewhere = text;
  release_long_string(text, elsewhere);
  CHECK(elsewhere.find_first_not_of('A') == std::string::npos);
  CHECK(text == elsewhere);
  release_long_string(text, std::string_view(text).substr(10, 100));  // shorter than a page
  CHECK(text == elsewhere);
}

// A text that is not JSON is left to the parser to refuse, wherever it breaks off.
TEST_CASE("broken texts are not read beyond their end", "[long-strings]") {
  for (const std::string& text :
       {std::string("\""), std::string("\"\\"), std::string("\"\\\""), "[\"" + long_text, std::string()}) {
    CHECK(lift_long_strings(text, no_limit).rest == text);
  }
}

// A forged marker is handed its string once at most, and anything like a marker is itself.
TEST_CASE("forged markers are themselves", "[long-strings]") {
  LongStrings long_strings({"lifted"});
  for (const char* forged :
       {"!long-string-1", "!long-string-", "!long-string-0x", "!long-string-99999999999999999999"}) {
    CHECK(long_strings.text_of(Json(forged)) == forged);
  }
  CHECK(long_strings.text_of(Json("!long-string-0")) == "lifted");
  CHECK(long_strings.text_of(Json("!long-string-0")) == "!long-string-0");
}
