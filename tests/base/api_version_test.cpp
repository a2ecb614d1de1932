#include "base/api_version.hpp"

#include <catch2/catch.hpp>

using namespace readyctl;

namespace {

Error refusal(const std::string& text) {
  const auto document = Document::parse(text, "f.json").value();
  return require_api_version(document, "readyctl.trust/v1").error();
}

}  // namespace

// Another version wants another readyctl; another file was given in the wrong place.
TEST_CASE("a file of another sort is named", "[base]") {
  for (const char* text : {R"({"apiVersion":"readyctl.trust/v1"})", R"({"apiVersion":1})", "{}", "[]"}) {
    CHECK(require_api_version(Document::parse(text, "f.json").value(), "readyctl.trust/v1").has_value());
  }
  const Error newer = refusal(R"({"apiVersion":"readyctl.trust/v2"})");
  CHECK(newer.what == "/apiVersion: is \"readyctl.trust/v2\", and this readyctl reads readyctl.trust/v1");
  CHECK(newer.hint == "use the readyctl version that wrote it, or a newer one");
  CHECK(refusal(R"({"apiVersion":"readyctl.gates/v1"})").hint == "it is a gate pack; give a trust file here");
  CHECK(refusal(R"({"apiVersion":"x"})").hint ==
        "it is a file that this readyctl does not know; give a trust file here");
}
