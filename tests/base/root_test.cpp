// Where files that are named on the command line are looked for.
#include "base/root.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

using namespace readyctl;

namespace fs = std::filesystem;

namespace {

// A policy beside a change, and a secret outside of both.
class World {
 public:
  World() {
    std::string name = (fs::temp_directory_path() / "readyctl-root-XXXXXX").string();
    path = fs::canonical(::mkdtemp(name.data()));
    fs::create_directories(path / "policy/gates");
    fs::create_directories(path / "change");
    REQUIRE(write_file(path / "policy/gates/p.json", "pack").has_value());
    REQUIRE(write_file(path / "change/p.json", "planted").has_value());
    REQUIRE(write_file(path / "secret", "secret").has_value());
  }
  ~World() { fs::remove_all(path); }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  Root root() const { return Root::beneath(path / "policy").value(); }
  void link(const std::string& target, const std::string& name) const { fs::create_symlink(target, path / name); }

  fs::path path;
};

std::string said(const Result<FoundFile>& found) { return found ? "found" : to_string(found.error()); }

}  // namespace

// A name is looked for beneath the folder, relative or absolute; where the file really is comes with it.
TEST_CASE("a root finds what lies beneath it", "[base]") {
  const World world;
  world.link("gates/p.json", "policy/inside");
  for (const fs::path& name : {fs::path("gates/p.json"), fs::path("./gates/../gates/p.json"), fs::path("inside"),
                               world.path / "policy/gates/p.json"}) {
    const auto found = world.root().find(name);
    INFO(name << ": " << said(found));
    REQUIRE(found.has_value());
    CHECK(text_of(found->bytes) == "pack");
    CHECK(found->path == world.path / "policy/gates/p.json");
  }
  CHECK(world.root().name_of("gates/p.json") == world.path / "policy/gates/p.json");
}

// Neither dots nor links nor absolute names lead out, in the last part of the name or before it.
TEST_CASE("nothing leads out of a root", "[base]") {
  const World world;
  world.link("../change/p.json", "policy/file");
  world.link("../change", "policy/folder");
  world.link((world.path / "secret").string(), "policy/absolute");
  world.link("/proc/self/environ", "policy/proc");
  for (const fs::path& name :
       {fs::path("../change/p.json"), fs::path("gates/../../secret"), fs::path("file"), fs::path("folder/p.json"),
        fs::path("absolute"), fs::path("proc"), fs::path("/proc/self/environ"), world.path / "secret",
        world.path / "policy/../secret", world.path / "policy/gates/../../change/p.json"}) {
    const auto found = world.root().find(name);
    INFO(name << ": " << said(found));
    CHECK_FALSE(found.has_value());
    CHECK(said(found).find("lies outside") != std::string::npos);
  }
}

// What is no file is not waited for, and not read.
TEST_CASE("a root reads files only", "[base]") {
  const World world;
  REQUIRE(::mkfifo((world.path / "policy/fifo").c_str(), 0600) == 0);
  REQUIRE(::mknod((world.path / "policy/zero").c_str(), S_IFCHR | 0600, 1 << 8 | 5) == 0);
  CHECK(said(world.root().find("fifo")).find("is a FIFO") != std::string::npos);
  CHECK(said(world.root().find("zero")).find("is a device") != std::string::npos);
  CHECK(said(world.root().find("gates")).find("is a directory") != std::string::npos);
  CHECK(said(world.root().find("gates/p.json", 3)).find("at most 3 are read") != std::string::npos);
  CHECK_FALSE(Root::beneath(world.path / "none").has_value());
  CHECK_FALSE(Root::beneath(world.path / "secret").has_value());
}

// Without a folder a name leads where it says.
TEST_CASE("a root without a folder follows names", "[base]") {
  const World world;
  world.link("../secret", "policy/link");
  const auto found = Root().find(world.path / "policy/link");
  REQUIRE(found.has_value());
  CHECK(found->path == world.path / "secret");
  CHECK(Root().name_of("a/b") == fs::path("a/b"));
}

// A folder of the root's own is named relative to it; another one by its absolute name, which only an operator gives.
TEST_CASE("a root opens folders", "[base]") {
  const World world;
  world.link("../change", "policy/folder");
  CHECK(world.root().open_folder("gates").value().path() == world.path / "policy/gates");
  CHECK(world.root().open_folder(world.path / "change").value().path() == world.path / "change");
  CHECK_FALSE(world.root().open_folder("../change").has_value());
  CHECK_FALSE(world.root().open_folder("folder").has_value());
}
