#include "base/base64.hpp"

#include <catch2/catch.hpp>

using namespace readyctl;

// The vectors of RFC 4648, section 10, both ways.
TEST_CASE("base64 of RFC 4648", "[base]") {
  const std::vector<std::pair<std::string, std::string>> vectors{{"", ""},
                                                                 {"f", "Zg=="},
                                                                 {"fo", "Zm8="},
                                                                 {"foo", "Zm9v"},
                                                                 {"foob", "Zm9vYg=="},
                                                                 {"fooba", "Zm9vYmE="},
                                                                 {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : vectors) {
    CHECK(to_base64(bytes_of(plain)) == encoded);
    CHECK(text_of(from_base64(encoded).value()) == plain);
  }
}

// One text, one meaning: white space, padding and stray bits are refused, in the middle and at the end.
TEST_CASE("base64 is read strictly", "[base]") {
  for (const char* bad :
       {"Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "Zm 9", "Zm9v\n", "Zm=vYmFy", "Zm9-", "Zm9vYmF\xc3"}) {
    INFO(bad);
    CHECK_FALSE(from_base64(bad).has_value());
  }
}

// What DSSE lets others write is read, but never two alphabets in one text.
TEST_CASE("URL-safe base64 is read leniently", "[base]") {
  CHECK(from_any_base64("-_8=").value() == Bytes{0xfb, 0xff});
  CHECK(from_any_base64("-_8").value() == Bytes{0xfb, 0xff});
  CHECK(from_any_base64("+/8=").value() == Bytes{0xfb, 0xff});
  CHECK_FALSE(from_any_base64("+_8=").has_value());
}
