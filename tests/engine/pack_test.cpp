#include "engine/pack.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

using namespace readyctl;

namespace {

// A folder of packs that goes away with the test.
class PackFolder {
 public:
  PackFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "readyctl-packs-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~PackFolder() { std::filesystem::remove_all(path); }
  PackFolder(const PackFolder&) = delete;
  PackFolder& operator=(const PackFolder&) = delete;

  std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path / name).parent_path());
    REQUIRE(write_file(path / name, text).has_value());
    return path / name;
  }

  std::filesystem::path path;
};

std::string pack_named(const std::string& name, const std::string& includes = "") {
  return R"({"apiVersion":"readyctl.gates/v1","name":")" + name + "\"," +
         (includes.empty() ? "" : "\"include\":[" + includes + "],") +
         R"("gates":[{"id":"g","kind":"balance","params":{}}]})";
}

std::string refusal(const std::string& text) {
  const auto pack = parse_pack(text, "p.json");
  return pack ? "" : to_string(pack.error());
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

// An unknown key is an error with file, line, pointer and the nearest name.
TEST_CASE("a misspelt key is named with the one that was meant", "[engine]") {
  const std::string text =
      "{\n\"apiVersion\":\"readyctl.gates/v1\",\n\"name\":\"p\",\n\"gates\":[{\"id\":\"g\",\"kind\":\"balance\",\n"
      "\"severty\":\"advisory\"}]}";
  const std::string said = refusal(text);
  CHECK(holds(said, "p.json:5: /gates/0/severty: unknown key \"severty\""));
  CHECK(holds(said, "did you mean \"severity\"?"));
}

// Nothing in a pack is silently ignored.
TEST_CASE("packs are read strictly", "[engine]") {
  CHECK(holds(refusal(R"({"apiVersion":"readyctl.gates/v1","name":"p","gates":[],"name":"q"})"), "stands twice"));
  CHECK(holds(refusal(R"({"apiVersion":"readyctl.gates/v1","name":"p","gates":[]})"), "holds no gate"));
  CHECK(holds(refusal(R"({"apiVersion":"readyctl.gates/v2","name":"p","gates":[]})"),
              "this readyctl reads readyctl.gates/v1"));
  CHECK(holds(
      refusal(R"({"apiVersion":"readyctl.gates/v1","name":"p","requires":"99.0.0","gates":[{"id":"g","kind":"k"}]})"),
      "needs readyctl 99.0.0"));
  const std::string two =
      R"({"apiVersion":"readyctl.gates/v1","name":"p","gates":[{"id":"g","kind":"k"},{"id":"g","kind":"k"}]})";
  CHECK(holds(refusal(two), "gate id \"g\" stands twice"));
  const std::string phase =
      R"({"apiVersion":"readyctl.gates/v1","name":"p","phases":["pre-execute"],"gates":[{"id":"g","kind":"k","phase":["pre-exekute"]}]})";
  CHECK(holds(refusal(phase), "did you mean \"pre-execute\"?"));
}

// Names, versions and severities are of one form.
TEST_CASE("words of a pack have their form", "[engine]") {
  const auto with = [](const std::string& name, const std::string& more, const std::string& gate) {
    return refusal(R"({"apiVersion":"readyctl.gates/v1","name":")" + name + "\"," + more + R"("gates":[{)" + gate +
                   "}]}");
  };
  const std::string gate = R"("id":"g","kind":"k")";
  CHECK(holds(with("p", "", R"("id":"G g","kind":"k")"), "/gates/0/id: \"G g\" is no name of a gate"));
  CHECK(holds(with("P", "", gate), "/name: \"P\" is no name of a pack"));
  CHECK(holds(with("p", R"("phases":["One"],)", gate), "\"One\" is no name of a phase"));
  CHECK(holds(with("p", R"("phases":["a","b","a"],)", gate), "/phases: phase \"a\" stands twice"));
  CHECK(holds(with("p", "", gate + R"(,"severity":"hard")"), "expected \"blocking\" or \"advisory\", found \"hard\""));
  for (const std::string requires_version : {"1", "1.0", "1.0.0.0", "1.x.0", "v1.0.0"}) {
    CHECK(holds(with("p", R"("requires":")" + requires_version + "\",", gate), "is no version such as 0.1.0"));
  }
}

// Includes are followed, and a file that two packs include is loaded once.
TEST_CASE("a pack that is reached twice is loaded once", "[engine]") {
  const PackFolder folder;
  folder.write("shared.json", pack_named("shared"));
  folder.write("left.json", pack_named("left", "\"shared.json\""));
  const auto root = folder.write("root.json", pack_named("root", "\"left.json\",\"shared.json\""));
  const auto packs = load_packs({root}, {});
  REQUIRE(packs.has_value());
  std::vector<std::string> names;
  for (const PackFile& file : *packs) names.push_back(file.pack.name);
  CHECK(names == std::vector<std::string>{"root", "left", "shared"});
}

// A loop is an error, not a hang.
TEST_CASE("an include loop is refused", "[engine]") {
  const PackFolder folder;
  folder.write("b.json", pack_named("b", "\"a.json\""));
  const auto a = folder.write("a.json", pack_named("a", "\"b.json\""));
  const auto packs = load_packs({a}, {});
  REQUIRE_FALSE(packs.has_value());
  CHECK(holds(packs.error().what, "includes itself"));
}

// No path and no symlink leads out of the pack's folder, unless the operator allowed the other folder.
TEST_CASE("an include stays beneath its pack or an allowed root", "[engine]") {
  const PackFolder folder;
  folder.write("shared/common.json", pack_named("common"));
  const auto dotted = folder.write("packs/dotted.json", pack_named("dotted", "\"../shared/common.json\""));
  std::filesystem::create_symlink("../shared/common.json", folder.path / "packs/link.json");
  const auto linked = folder.write("packs/linked.json", pack_named("linked", "\"link.json\""));
  for (const auto& pack : {dotted, linked}) {
    const auto refused = load_packs({pack}, {});
    REQUIRE_FALSE(refused.has_value());
    CHECK(holds(to_string(refused.error()), "lies outside"));
    CHECK(load_packs({pack}, {folder.path / "shared"}).has_value());
  }
}

// An include with a digest is that file and no other.
TEST_CASE("an include of another digest is refused", "[engine]") {
  const PackFolder folder;
  const std::string common = pack_named("common");
  folder.write("common.json", common);
  const auto with_digest = [&](const Sha256& digest) {
    return folder.write("a.json", pack_named("a", R"({"path":"common.json","sha256":")" + to_string(digest) + "\"}"));
  };
  CHECK(load_packs({with_digest(sha256(common))}, {}).has_value());
  const auto refused = load_packs({with_digest(sha256("other"))}, {});
  REQUIRE_FALSE(refused.has_value());
  CHECK(holds(refused.error().what, to_string(sha256(common))));
}

// Two packs of one name would make gate ids ambiguous.
TEST_CASE("packs of one name are refused", "[engine]") {
  const PackFolder folder;
  const auto a = folder.write("a.json", pack_named("same"));
  const auto b = folder.write("b.json", pack_named("same"));
  const auto packs = load_packs({a, b}, {});
  REQUIRE_FALSE(packs.has_value());
  CHECK(holds(packs.error().what, "named \"same\" too"));
}

// A pack that is not there is an unreadable input, not a malformed one.
TEST_CASE("a missing pack is unreadable", "[engine]") {
  const auto packs = load_packs({"/nonexistent/p.json"}, {});
  REQUIRE_FALSE(packs.has_value());
  CHECK(packs.error().kind == ErrorKind::unreadable);
}

// With a root, packs are read beneath it alone, and what they include too.
TEST_CASE("packs are read beneath a root", "[engine]") {
  const PackFolder folder;
  folder.write("policy/gates/shared.json", pack_named("shared"));
  folder.write("policy/gates/p.json", pack_named("p", "\"shared.json\""));
  folder.write("change/p.json", pack_named("planted"));
  folder.write("change/common.json", pack_named("common"));
  folder.write("policy/gates/greedy.json", pack_named("greedy", "\"../../change/common.json\""));
  std::filesystem::create_symlink("../change", folder.path / "policy/link");
  const Root root = Root::beneath(folder.path / "policy").value();
  const auto packs = load_packs({"gates/p.json"}, {}, root);
  REQUIRE(packs.has_value());
  CHECK(packs->size() == 2);
  CHECK(packs->front().document->name() == (folder.path / "policy/gates/p.json").string());
  for (const char* outside : {"../change/p.json", "link/p.json", "gates/greedy.json"}) {
    INFO(outside);
    const auto refused = load_packs({outside}, {}, root);
    REQUIRE_FALSE(refused.has_value());
    CHECK(holds(to_string(refused.error()), "lies outside"));
  }
  // A folder that is allowed is the policy's own, or the operator's by its absolute name.
  CHECK_FALSE(load_packs({"gates/greedy.json"}, {"../change"}, root).has_value());
  CHECK_FALSE(load_packs({"gates/greedy.json"}, {"link"}, root).has_value());
  CHECK(load_packs({"gates/greedy.json"}, {folder.path / "change"}, root).has_value());
}

// Numbers and sizes have ends, and who meets one is told.
TEST_CASE("packs have limits", "[engine]") {
  const PackFolder folder;
  const auto said = [&](const std::filesystem::path& pack) {
    const auto packs = load_packs({pack}, {});
    return packs ? std::string("loaded") : to_string(packs.error());
  };
  const auto chain_of = [&](std::size_t length) {
    for (std::size_t i = 0; i < length; ++i) {
      const std::string next = i + 1 < length ? "\"d" + std::to_string(i + 1) + ".json\"" : "";
      folder.write("d" + std::to_string(i) + ".json", pack_named("d" + std::to_string(i), next));
    }
    return folder.path / "d0.json";
  };
  CHECK(said(chain_of(include_depth_max)) == "loaded");
  CHECK(holds(said(chain_of(include_depth_max + 1)), "by way of 16 packs, and no more are followed"));

  std::string includes;
  for (std::size_t i = 0; i < pack_files_max; ++i) {
    const std::string name = "w" + std::to_string(i);
    folder.write(name + ".json", pack_named(name));
    includes += (includes.empty() ? "\"" : ",\"") + name + ".json\"";
  }
  CHECK(holds(said(folder.write("wide.json", pack_named("wide", includes))), "one pack more than the 256"));
  CHECK(holds(said(folder.write("long.json", std::string(pack_bytes_max + 1, ' '))), "at most 4194304 are read"));

  std::vector<std::filesystem::path> long_ones;
  for (std::size_t i = 0; i <= packs_bytes_max / pack_bytes_max; ++i) {
    std::string text = pack_named("l" + std::to_string(i));
    text.resize(pack_bytes_max, ' ');
    long_ones.push_back(folder.write("l" + std::to_string(i) + ".json", text));
  }
  const auto together = load_packs(long_ones, {});
  REQUIRE_FALSE(together);
  CHECK(holds(to_string(together.error()), "l16.json: makes the packs of this run longer than 64 MiB together"));
  long_ones.pop_back();
  CHECK(load_packs(long_ones, {}));

  std::string gates;
  for (std::size_t i = 0; i <= gates_max; ++i) {
    gates += (i == 0 ? "" : ",") + (R"({"id":"g)" + std::to_string(i) + R"(","kind":"balance"})");
  }
  CHECK(holds(refusal(R"({"apiVersion":"readyctl.gates/v1","name":"p","gates":[)" + gates + "]}"),
              "/gates: holds 1001 entries; at most 1000 are read"));
  std::string phases;
  for (std::size_t i = 0; i <= phases_max; ++i) phases += (i == 0 ? "\"p" : ",\"p") + std::to_string(i) + "\"";
  CHECK(holds(refusal(R"({"apiVersion":"readyctl.gates/v1","name":"p","phases":[)" + phases +
                      R"(],"gates":[{"id":"g","kind":"balance"}]})"),
              "/phases: holds 65 entries"));
}
