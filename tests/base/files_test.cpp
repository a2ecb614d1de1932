#include "base/files.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

using namespace readyctl;

namespace {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "readyctl-files-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path), {}));
  }

  std::filesystem::path path;
};

}  // namespace

// A written file has its content and leaves nothing beside it.
TEST_CASE("files are written whole", "[base]") {
  const TemporaryFolder folder;
  REQUIRE(write_file(folder.path / "a", "one").has_value());
  REQUIRE(write_file(folder.path / "a", "two").has_value());
  CHECK(read_text_file(folder.path / "a").value() == "two");
  CHECK(folder.entries() == 1);
}

// A full disk leaves neither the file nor a part of it.
TEST_CASE("a write that fails leaves nothing", "[base]") {
  const TemporaryFolder folder;
  const auto to_missing = write_file(folder.path / "missing/a", "x");
  REQUIRE_FALSE(to_missing.has_value());
  CHECK(to_missing.error().kind == ErrorKind::unwritable);
  std::filesystem::create_directory(folder.path / "d");
  CHECK_FALSE(write_file(folder.path / "d", "x").has_value());
  CHECK_FALSE(can_write_file(folder.path / "missing/a").has_value());
  CHECK(can_write_file(folder.path / "b").has_value());
  CHECK(folder.entries() == 1);
}

// Only regular files of a bounded size are read.
TEST_CASE("what is no plain file is refused", "[base]") {
  const TemporaryFolder folder;
  REQUIRE(::mkfifo((folder.path / "fifo").c_str(), 0600) == 0);
  REQUIRE(write_file(folder.path / "large", std::string(11, 'x')).has_value());
  CHECK(read_file(folder.path / "fifo").error().what == "is a FIFO, not a file");
  CHECK(read_file("/dev/zero").error().what == "is a device, not a file");
  CHECK(read_file(folder.path).error().what == "is a directory, not a file");
  CHECK(read_file(folder.path / "none").error().what == does_not_exist);
  CHECK(read_file(folder.path / "large", 10).error().what.find("holds 11 bytes") != std::string::npos);
  CHECK(read_file(folder.path / "large", 11).has_value());
}

// A private key that others may read is not read by us either.
TEST_CASE("a secret file must be private", "[base]") {
  const TemporaryFolder folder;
  const auto key = folder.path / "key";
  REQUIRE(write_file(key, "secret", 0600).has_value());
  CHECK(read_secret_file(key, 100).has_value());
  for (const mode_t mode : {0640U, 0604U, 0620U}) {
    REQUIRE(::chmod(key.c_str(), mode) == 0);
    const auto refused = read_secret_file(key, 100);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().hint.find("chmod 600") != std::string::npos);
  }
}

// Nothing outside a folder is read through it: not by .., not by a link, not by an absolute path.
TEST_CASE("a folder keeps its reader inside", "[base]") {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder.path / "in/sub");
  REQUIRE(write_file(folder.path / "out", "x").has_value());
  REQUIRE(write_file(folder.path / "in/sub/file", "y").has_value());
  std::filesystem::create_symlink("../out", folder.path / "in/leads-out");
  std::filesystem::create_symlink("sub/file", folder.path / "in/stays-in");
  const auto in = Folder::open(folder.path / "in");
  REQUIRE(in.has_value());
  CHECK(in->read_file("sub/file").has_value());
  CHECK(in->read_file("stays-in").has_value());
  for (const std::string& path : {std::string("../out"), std::string("leads-out"), (folder.path / "out").string()}) {
    const auto refused = in->read_file(path);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().what.find("lies outside") != std::string::npos);
  }
}
