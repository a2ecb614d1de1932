// How the chain's types, and paths, are read where people write them.
#include "facts/field_types.hpp"

#include <catch2/catch.hpp>

using namespace readyctl;

namespace {

Result<RelativePath> path_of(const std::string& text) {
  const auto document = Document::parse(Json(text).dump(), "pack.json");
  return FieldType<RelativePath>::read(document->value(), Place(*document));
}

}  // namespace

// One file has one spelling, so that it is one fact.
TEST_CASE("a path has one spelling", "[facts]") {
  CHECK(path_of("artifact/program.so")->text == "artifact/program.so");
  CHECK(path_of("./artifact/program.so")->text == "artifact/program.so");
  CHECK(path_of("artifact//program.so")->text == "artifact/program.so");
  CHECK(path_of("artifact/./program.so")->text == "artifact/program.so");
  CHECK(path_of("checkout/")->text == "checkout");
  CHECK(path_of(".")->text == ".");
  CHECK(path_of("./")->text == ".");
}

// What `..` leads to depends on what is a symbolic link: only the kernel can say, when it opens the path.
TEST_CASE("a path's dots are left to the kernel", "[facts]") {
  CHECK(path_of("a/../b")->text == "a/../b");
  CHECK(path_of("..b/..")->text == "..b/..");
}

// A first part `..` leaves the folder whatever is a link, so that no release is needed to say so.
TEST_CASE("a path that leads out of the folder is refused", "[facts]") {
  for (const auto* path : {"../b", "..", "./../b", "../"}) {
    CHECK(path_of(path).error().what.find("leads out of the folder") != std::string::npos);
  }
}

// What is published with every report must hold no credential, and the message must not repeat it.
TEST_CASE("the URL of a repository holds no credential", "[facts]") {
  const auto read_url = [](const std::string& text) {
    const auto document = Document::parse("{}", "r.json");
    return FieldType<RepositoryUrl>::read(Json(text), Place(*document));
  };
  for (const auto* plain : {"https://git.example.org/a/b.git", "git@github.com:a/b.git", "ssh://git@example.org:22/a",
                            "file:///srv/git/a@b.git", "https://example.org/a@b"}) {
    CHECK(read_url(plain)->text == plain);
  }
  for (const auto* bad : {"https://ci:S3CRET@git.example.org/a", "https://S3CRET@git.example.org/a",
                          "https://git.example.org/a?token=S3CRET", "https://git.example.org/a#S3CRET",
                          "ssh://git:S3CRET@example.org/a", "git:S3CRET@example.org:a"}) {
    const auto read = read_url(bad);
    REQUIRE_FALSE(read);
    CHECK(read.error().what.find("which every report would publish") != std::string::npos);
    CHECK(to_string(read.error()).find("S3CRET") == std::string::npos);
  }
}

// A path is below a folder, or it is none.
TEST_CASE("absolute and empty paths are refused", "[facts]") {
  CHECK(path_of("/etc/passwd").error().what.find("is absolute") != std::string::npos);
  CHECK_FALSE(path_of("").has_value());
}
