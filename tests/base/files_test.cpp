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

// What is read says who else could have read or changed it.
TEST_CASE("who has access is asked of the open file", "[base]") {
  const TemporaryFolder folder;
  const auto key = folder.path / "key";
  REQUIRE(write_file(key, "secret", 0600).has_value());
  CHECK(read_guarded_file(key, 100)->access.owner_is_trusted());
  CHECK_FALSE(read_guarded_file(key, 100)->access.others_may_anything());
  for (const mode_t mode : {0640U, 0604U, 0620U}) {
    REQUIRE(::chmod(key.c_str(), mode) == 0);
    CHECK(read_guarded_file(key, 100)->access.others_may_anything());
    CHECK(access_to(key)->others_may_write() == (mode == 0620U));
  }
  CHECK(access_to(folder.path).error().what == "is a directory, not a file");
  CHECK(access_to("/proc/self/exe").has_value());
}

// Two files are put into place together: until both are kept, either goes back to what was there.
TEST_CASE("what is staged can be taken back", "[base]") {
  const TemporaryFolder folder;
  REQUIRE(write_file(folder.path / "old", "before").has_value());
  const auto staged = [&](const std::string& name) {
    return StagedFile::write(folder.path / name, [](const Sink& sink) { sink(bytes_of("after")); });
  };
  {
    auto old_one = staged("old");
    auto new_one = staged("new");
    CHECK(read_text_file(folder.path / "old").value() == "before");
    REQUIRE(old_one->put_into_place(Existing::replace).has_value());
    REQUIRE(new_one->put_into_place(Existing::refuse).has_value());
    CHECK(read_text_file(folder.path / "old").value() == "after");
    CHECK(read_text_file(folder.path / "new").value() == "after");
  }
  CHECK(read_text_file(folder.path / "old").value() == "before");
  CHECK(folder.entries() == 1);

  auto kept = staged("old");
  CHECK_FALSE(kept->put_into_place(Existing::refuse).has_value());
  REQUIRE(kept->put_into_place(Existing::replace).has_value());
  kept->keep();
  CHECK(read_text_file(folder.path / "old").value() == "after");
}

// Renaming over a FIFO or a device would replace it, which nobody means who names one.
TEST_CASE("an output replaces files only", "[base]") {
  const TemporaryFolder folder;
  REQUIRE(::mkfifo((folder.path / "fifo").c_str(), 0600) == 0);
  std::filesystem::create_symlink("/dev/null", folder.path / "link");
  CHECK(can_write_file(folder.path / "fifo").error().what == "is a FIFO, not a file");
  CHECK(write_file(folder.path / "link", "x").error().what == "is a device, not a file");
  REQUIRE(write_file(folder.path / "file", "x").has_value());
  CHECK(can_write_file(folder.path / "file").has_value());
  CHECK(can_write_file(folder.path / "file", Existing::refuse).error().kind == ErrorKind::unwritable);
}

// One file may have several names.
TEST_CASE("a file is known under every name", "[base]") {
  const TemporaryFolder folder;
  REQUIRE(write_file(folder.path / "a", "x").has_value());
  REQUIRE(write_file(folder.path / "b", "x").has_value());
  std::filesystem::create_symlink("a", folder.path / "link");
  std::filesystem::create_hard_link(folder.path / "a", folder.path / "hard");
  CHECK(is_same_file(folder.path / "a", folder.path / "link"));
  CHECK(is_same_file(folder.path / "a", folder.path / "hard"));
  CHECK_FALSE(is_same_file(folder.path / "a", folder.path / "b"));
  CHECK(is_same_file(folder.path / "none", folder.path / "../" / folder.path.filename() / "none"));
  CHECK_FALSE(is_same_file(folder.path / "none", folder.path / "nobody"));
  CHECK_FALSE(is_same_file(folder.path / "none", folder.path / "a"));
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
