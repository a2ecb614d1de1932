// Freezing a release: over real git repositories and no chain through the command line, and over a chain that is a
// table.
#include "engine/freeze.hpp"
#include "cli/command_line.hpp"
#include "engine/obtain.hpp"
#include "facts/cluster.hpp"
#include "kinds/catalogue.hpp"
#include "solana/executable.hpp"
#include "solana/vectors.hpp"
#include "sources/git_sandbox.hpp"
#include "support/fake_source.hpp"
#include "support/programs.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const std::string program = "CVGMpraBxaqGoBYMABJ5Jxh5gYxdgo5h9NCwLJJKNBaw";
const std::string devnet = "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG";

/// The header of a real program, and two zeros that are not code.
Bytes elf(std::uint8_t last = 7) {
  Bytes bytes = unhex(case_named(vectors("elf_headers").at("cases"), "memo").at("first64_hex"));
  bytes.resize(199'999);
  bytes.push_back(last);
  bytes.resize(200'002);
  return bytes;
}

/// A folder with a checkout in `src`, a built artifact beside it, and nothing frozen yet.
struct Project {
  Project() {
    commit = sandbox.repository("src");
    sandbox.git("src", {"remote", "add", "origin", "https://user:token@git.example.org/acme/vault.git"});
    sandbox.write("vault.so", std::string(text_of(elf())));
  }

  std::string path(const std::string& file) const { return (sandbox.root / file).string(); }
  /// The usual options, except those that `more` gives otherwise.
  std::vector<std::string> command(const std::vector<std::string>& more) const {
    const std::vector<std::pair<std::string, std::string>> usual{
        {"--name", "vault 1.2.0"},          {"--program", program},
        {"--artifact", path("vault.so")},   {"--operator", "release@acme"},
        {"--checkout", path("src")},        {"--cluster", "devnet"},
        {"--output", path("release.json")}, {"--built-at", "2026-03-02T10:15:00Z"}};
    std::vector<std::string> all{"freeze"};
    for (const auto& [option, value] : usual) {
      if (std::find(more.begin(), more.end(), option) == more.end()) all.insert(all.end(), {option, value});
    }
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  Ran freeze(const std::vector<std::string>& more = {}) const { return run(command(more)); }
  Manifest frozen() const { return parse_manifest(sandbox.read("release.json"), "release.json").value(); }
  bool wrote_something() const { return fs::exists(sandbox.root / "release.json"); }

  Sandbox sandbox;
  std::string commit;
};

/// What freeze says when it refuses; it must have written nothing.
std::string refusal(const Project& project, int status, const std::vector<std::string>& more = {}) {
  const Ran ran = project.freeze(more);
  CHECK(ran.status == status);
  CHECK(ran.out.empty());
  CHECK_FALSE(project.wrote_something());
  return ran.err;
}

/// A checkout, an artifact and a clock in a table; the chain is for each test to add.
FakeSource table() {
  GitState git;
  git.commit = CommitId{"0123456789abcdef0123456789abcdef01234567"};
  git.remotes = {{"origin", "https://git.example.org/acme/vault.git"}};
  git.tracked = 3;
  FakeSource source;
  source.answers(GitRequest{}, git_payload(git));
  source.holds_file("vault.so", elf());
  source.is_now(parse_time("2026-03-02T10:15:00.250Z").value());
  source.answers(facts::genesis_hash().request, {Json{{"result", devnet}}, nullptr, nullptr});
  return source;
}

FreezeOrder order() {
  FreezeOrder order;
  order.name = "vault 1.2.0";
  order.operator_name = "release@acme";
  order.program = key(program);
  order.artifact = {"vault.so"};
  order.asks_chain = true;
  return order;
}

Result<Frozen> frozen_by(FakeSource& source, const FreezeOrder& order) {
  auto frozen = obtain<Result<Frozen>>(source, [&] { return freeze(order, release_freeze()); });
  if (!frozen) return failure(frozen.error());
  return std::move(*frozen);
}

bool remarks_on(const Frozen& frozen, const std::string& part) {
  return std::any_of(frozen.remarks.begin(), frozen.remarks.end(), [&](const auto& one) { return says(one, part); });
}

}  // namespace

// Everything in release.json is what is there: commit, repository without its token, the tag at HEAD, both hashes.
TEST_CASE("freeze writes a release from a checkout and an artifact", "[cli]") {
  const Project project;
  project.sandbox.git("src", {"tag", "v1.2.0"});
  const Ran ran = project.freeze({"--value", "multisig=abc", "--value", "minMembers:=3"});
  INFO(ran.err);
  REQUIRE(ran.status == 0);
  const Manifest manifest = project.frozen();
  const Release& release = manifest.release;
  CHECK(release.name == "vault 1.2.0");
  CHECK(release.cluster.genesis_hash == devnet);
  CHECK(to_string(release.program) == program);
  CHECK(release.artifact.path == "vault.so");
  CHECK(release.artifact.sha256 == sha256(elf()));
  CHECK(release.artifact.executable_hash == executable_hash(elf()));
  CHECK_FALSE(release.previous);
  CHECK(release.source.commit == project.commit);
  CHECK(release.source.repository.text == "https://git.example.org/acme/vault.git");
  CHECK(release.source.tag == "v1.2.0");
  CHECK(to_string(release.built_at) == "2026-03-02T10:15:00Z");
  CHECK(release.values.at("multisig") == "abc");
  CHECK(release.values.at("minMembers") == 3);
  CHECK(says(ran.out, "release id       " + to_string(manifest.id)));
  CHECK(says(ran.out, "no endpoint was given"));
}

// People read the keys in the order of the design, and a second freeze of the same writes the same bytes.
TEST_CASE("freeze writes keys in a stable order", "[cli]") {
  const Project project;
  REQUIRE(project.freeze().status == 0);
  const std::string text = project.sandbox.read("release.json");
  std::size_t last = 0;
  for (const char* name : {"apiVersion", "name", "cluster", "program", "artifact", "source", "builtAt", "operator"}) {
    const std::size_t at = text.find("\n  \"" + std::string(name) + "\"");
    CHECK(at != std::string::npos);
    CHECK(at >= last);
    last = at;
  }
  REQUIRE(project.freeze({"--force"}).status == 0);
  CHECK(project.sandbox.read("release.json") == text);
}

// A frozen release does not change by accident.
TEST_CASE("freeze does not overwrite", "[cli]") {
  const Project project;
  project.sandbox.write("release.json", "precious");
  const Ran ran = project.freeze();
  CHECK(ran.status == 73);
  CHECK(says(ran.err, "exists already"));
  CHECK(project.sandbox.read("release.json") == "precious");
  CHECK(project.freeze({"--force"}).status == 0);
  CHECK(project.frozen().release.source.commit == project.commit);
}

// What a release-freeze gate would refuse is refused now, in its words.
TEST_CASE("freeze refuses a checkout that is not the commit", "[cli]") {
  const Project project;
  project.sandbox.write("src/README", "changed\n");
  CHECK(says(refusal(project, 65), "1 tracked file not as committed: modified README"));
  project.sandbox.git("src", {"checkout", "--", "README"});
  project.sandbox.write("src/notes", "mine\n");
  CHECK(says(refusal(project, 65), "1 untracked file: notes"));
  CHECK(project.freeze({"--allow-untracked"}).status == 0);
}

// A branch without commit, and a folder without repository, have nothing to freeze.
TEST_CASE("freeze refuses what has no commit", "[cli]") {
  const Project project;
  fs::create_directories(project.sandbox.root / "unborn");
  project.sandbox.git("unborn", {"init", "--quiet", "--initial-branch=main"});
  CHECK(says(refusal(project, 65,
                     {"--repository", "https://git.example.org/acme/vault", "--checkout", project.path("unborn")}),
             "refs/heads/main has no commit yet"));
  fs::create_directories(project.sandbox.root / "nothing");
  CHECK_FALSE(refusal(project, 66, {"--checkout", project.path("nothing")}).empty());
}

// Several tags at HEAD: the operator says which; a tag that is elsewhere or unknown is refused.
TEST_CASE("freeze chooses no tag of several", "[cli]") {
  const Project project;
  project.sandbox.git("src", {"tag", "v1.2.0"});
  project.sandbox.git("src", {"tag", "--annotate", "--message", "latest", "latest"});
  CHECK(says(refusal(project, 64), "HEAD has 2 tags: latest, v1.2.0"));
  CHECK(says(refusal(project, 65, {"--tag", "v9"}), "tag v9 does not exist"));
  REQUIRE(project.freeze({"--tag", "latest"}).status == 0);
  CHECK(project.frozen().release.source.tag == "latest");
}

// A shallow clone that lacks the tag says what to fetch.
TEST_CASE("freeze tells a shallow clone what to fetch", "[cli]") {
  const Project project;
  project.sandbox.git("src", {"tag", "v1.2.0"});
  project.sandbox.commit("src", "second");
  project.sandbox.git("",
                      {"clone", "--quiet", "--depth", "1", "--no-tags", "file://" + project.path("src"), "shallow"});
  CHECK(says(refusal(project, 65, {"--checkout", project.path("shallow"), "--tag", "v1.2.0"}),
             "git fetch --tags --unshallow"));
}

// Without a remote named origin, the operator says where the source is.
TEST_CASE("freeze asks for a repository", "[cli]") {
  const Project project;
  project.sandbox.git("src", {"remote", "remove", "origin"});
  CHECK(says(refusal(project, 65), "no remote named origin"));
  REQUIRE(project.freeze({"--repository", "https://git.example.org/acme/vault"}).status == 0);
  CHECK(project.frozen().release.source.repository.text == "https://git.example.org/acme/vault");
}

// Files and folders outside of the release's folder, files that are missing, and files that are no program.
TEST_CASE("freeze refuses other artifacts", "[cli]") {
  const Project project;
  CHECK(says(refusal(project, 64, {"--artifact", "/etc/hostname"}), "lies outside of the folder of release.json"));
  CHECK(says(refusal(project, 64, {"--checkout", "/"}), "lies outside of the folder of release.json"));
  CHECK(says(refusal(project, 66, {"--artifact", project.path("missing.so")}), "file missing.so does not exist"));
  project.sandbox.write("text.so", "no program\n");
  CHECK(says(refusal(project, 65, {"--artifact", project.path("text.so")}), "is no SBF program"));
}

// Mistakes on the command line, each named.
TEST_CASE("freeze refuses bad options", "[cli]") {
  const Project project;
  CHECK(says(refusal(project, 64, {"--cluster", "mainnet"}), "unknown cluster"));
  CHECK(says(refusal(project, 64, {"--cluster", "devnet:" + program}), "is not the genesis hash of devnet"));
  CHECK(says(refusal(project, 64, {"--program", "abc"}), "--program"));
  CHECK(says(refusal(project, 64, {"--built-at", "yesterday"}), "--built-at"));
  CHECK(says(refusal(project, 65, {"--built-at", "2001-01-01T00:00:00Z"}), "is before the commit was made"));
  CHECK(says(refusal(project, 65, {"--value", "program=x"}), "would hide a field of the release"));
  CHECK(says(refusal(project, 64, {"--value", "x=1", "--value", "x=2"}), "a second time"));
  CHECK(says(refusal(project, 65, {"--path", "absent"}), "the commit has no file under absent"));
  CHECK(refusal(project, 64, {"--name", "bad \xff name"}).size() > 0);
}

// Values may stand in a file, as lint prints them to be filled in; a name is given once.
TEST_CASE("freeze takes values from a file", "[cli]") {
  const Project project;
  project.sandbox.write("values.json", "{\n \"multisig\": \"abc\",\n \"minMembers\": 3\n}");
  const std::vector<std::string> file{"--values", project.path("values.json")};
  CHECK(says(refusal(project, 65, {"--values", project.path("values.json"), "--value", "multisig=x"}),
             "values.json:2: /multisig: is given by --value too"));
  CHECK(says(refusal(project, 66, {"--values", project.path("absent.json")}), "absent.json"));
  CHECK(says(refusal(project, 64,
                     {"--values", project.path("values.json"), "--output", project.path("values.json"), "--force"}),
             "--values"));
  project.sandbox.write("skeleton.json",
                        run({"lint", READYCTL_SOURCE_DIR "/gates/treasury.gates.json", "--values"}).out);
  CHECK(says(refusal(project, 65, {"--values", project.path("skeleton.json")}),
             "skeleton.json:2: \"feePayer\" is not filled in: \"<address, base58; treasury/fee-payer address>\""));
  CHECK(says(refusal(project, 65, {"--value", "seeds:=[{\"utf8\":\"a\"},\"<text; p/g x>\"]"}), "--value seeds"));
  REQUIRE(project.freeze(file).status == 0);
  CHECK(project.frozen().release.values.at("multisig") == "abc");
  CHECK(project.frozen().release.values.at("minMembers") == 3);
  project.sandbox.write("values.json", "[1]");
  CHECK(says(project.freeze({"--force", "--values", project.path("values.json")}).err, "values.json:1"));
}

// The packs that the release is for: what they ask for and it does not give is listed by gate and type, and a value
// that one of their gates cannot take freezes nothing.
TEST_CASE("freeze compares values with packs", "[cli]") {
  const Project project;
  const std::string treasury = READYCTL_SOURCE_DIR "/gates/treasury.gates.json";
  const std::string wrong = refusal(project, 65, {"--pack", treasury, "--value", "treasurySeeds=treasury"});
  CHECK(says(wrong,
             "--value treasurySeeds: gate treasury/derives-from-program cannot take the value of ${treasurySeeds}"));
  CHECK(says(wrong, "expected a list, found a string"));
  project.sandbox.write("values.json", "{\n \"treasurySeeds\": \"treasury\"}");
  CHECK(says(refusal(project, 65, {"--pack", treasury, "--values", project.path("values.json")}),
             "values.json:2: gate treasury/derives-from-program cannot take"));
  CHECK_FALSE(refusal(project, 66, {"--pack", project.path("absent.json")}).empty());

  const Ran some = project.freeze({"--pack", treasury, "--pack", READYCTL_SOURCE_DIR "/gates/program.gates.json",
                                   "--value", "treasurySeeds:=[{\"utf8\":\"treasury\"}]"});
  INFO(some.err);
  REQUIRE(some.status == 0);
  CHECK(says(some.out, "Missing: 10 values"));
  CHECK(says(some.out, "    feePayer  address, base58\n        for treasury/fee-payer address\n"));
  CHECK(says(some.out,
             "previous.executableHash  SHA-256, 64 hex digits in lower case, a field that this release leaves out"));
  CHECK_FALSE(says(some.out, "treasurySeeds"));
  CHECK_FALSE(says(some.out, "artifact.sha256"));

  project.sandbox.write(
      "own.json",
      R"({"apiVersion":"readyctl.gates/v1","name":"own","gates":[{"id":"g","kind":"balance","params":{"address":"${payer}","rentExempt":true}}]})");
  const Ran all = project.freeze({"--force", "--pack", project.path("own.json"), "--value", "payer=" + program});
  INFO(all.err);
  CHECK(says(all.out, "The release gives every value that these packs ask for."));
}

// The text that lint prints in place of a value is none, with a pack or without.
TEST_CASE("freeze refuses values that were not filled in", "[cli]") {
  const Project project;
  project.sandbox.write("values.json", "{\n \"multisig\": \"<address, base58; upgrade/g multisig>\"}");
  CHECK(says(refusal(project, 65, {"--values", project.path("values.json")}),
             "values.json:2: \"multisig\" is not filled in"));
  CHECK(says(refusal(project, 65, {"--value", "seeds:=[\"<object; p/g seeds>\"]"}),
             "--value seeds: \"seeds\" is not filled in"));
}

// A path that leads nowhere is said while it can still be corrected; a file may be made later.
TEST_CASE("freeze warns of paths that lead nowhere", "[cli]") {
  const Project project;
  const std::string pack = READYCTL_SOURCE_DIR "/gates/release-freeze.gates.json";
  const Ran ran = project.freeze({"--pack", pack, "--checkout", project.path("src"), "--value", "checkout=src"});
  REQUIRE(ran.status == 0);
  CHECK_FALSE(says(ran.err, "nothing is there"));
  project.sandbox.write(
      "own.json",
      R"({"apiVersion":"readyctl.gates/v1","name":"own","gates":[{"id":"g","kind":"artifact-hash","params":{"path":"${idl}","sha256":"${artifact.sha256}"}}]})");
  const Ran warned = project.freeze({"--force", "--pack", project.path("own.json"), "--value", "idl=target/idl.json"});
  CHECK(warned.status == 0);
  CHECK(says(warned.err, "the value idl is target/idl.json, and nothing is there"));
}

// A repository that happens to lie around the release is not its source; one that is named is.
TEST_CASE("freeze takes no repository from further up unasked", "[cli]") {
  const Project project;
  fs::create_directories(project.sandbox.root / "src/release");
  project.sandbox.write("src/release/vault.so", std::string(text_of(elf())));
  const auto within = [&](std::vector<std::string> more) {
    std::vector<std::string> all{"freeze",
                                 "--name",
                                 "v",
                                 "--program",
                                 program,
                                 "--artifact",
                                 project.path("src/release/vault.so"),
                                 "--operator",
                                 "o",
                                 "--cluster",
                                 "devnet",
                                 "--allow-untracked",
                                 "--output",
                                 project.path("src/release/r.json")};
    all.insert(all.end(), more.begin(), more.end());
    return run(all);
  };
  const Ran unasked = within({});
  CHECK(unasked.status == 64);
  CHECK(says(unasked.err, "it lies within a repository, whose folder release it is"));
  CHECK_FALSE(fs::exists(project.sandbox.root / "src/release/r.json"));
  const Ran asked = within({"--checkout", project.path("src/release")});
  INFO(asked.err);
  CHECK(asked.status == 0);
  CHECK(says(asked.out, "the checkout is the folder release of its repository"));
}

// The checkout that is frozen is the one that gates compare.
TEST_CASE("freeze takes one checkout", "[cli]") {
  const Project project;
  project.sandbox.repository("other");
  CHECK(says(refusal(project, 64, {"--value", "checkout=other"}), "is other, and --checkout is src"));
  REQUIRE(project.freeze({"--value", "checkout=./src/"}).status == 0);
  std::vector<std::string> command = project.command({"--value", "checkout=src", "--force"});
  const auto option = std::find(command.begin(), command.end(), "--checkout");
  command.erase(option, option + 2);
  CHECK(run(command).status == 0);
  CHECK(project.frozen().release.source.commit == project.commit);
}

// A path says where the source is to this machine alone.
TEST_CASE("freeze refuses a repository that is no URL", "[cli]") {
  const Project project;
  CHECK(says(refusal(project, 65, {"--repository", "/srv/vault"}), "is /srv/vault, which is no URL"));
  CHECK(says(refusal(project, 65, {"--repository", "../vault.git"}), "which is no URL"));
  project.sandbox.git("src", {"remote", "set-url", "origin", "/srv/vault"});
  CHECK(says(refusal(project, 65), "the remote origin of the checkout is /srv/vault"));
  CHECK(project.freeze({"--repository", "git@git.example.org:acme/vault.git"}).status == 0);
  CHECK(says(project.freeze({"--force", "--repository", "https://a.example/b"}).out,
             "before it        not looked at: no endpoint was given"));
}

// A cluster of one's own is written with its genesis hash.
TEST_CASE("freeze names any cluster by its genesis hash", "[cli]") {
  const Project project;
  REQUIRE(project.freeze({"--cluster", "localnet:" + program}).status == 0);
  CHECK(project.frozen().release.cluster.name == "localnet");
  CHECK(project.frozen().release.cluster.genesis_hash == program);
}

// In a repository of several projects only the release's part must be clean, and that part is frozen.
TEST_CASE("freeze takes paths of a larger repository", "[cli]") {
  const Project project;
  project.sandbox.write("src/README", "another project\n");
  REQUIRE(project.freeze({"--path", "src"}).status == 0);
  CHECK(project.frozen().release.source.paths == std::vector<std::string>{"src"});
}

// The program that is deployed now becomes what is before the release, and the endpoints name the cluster.
TEST_CASE("freeze takes the previous program from the chain", "[cli]") {
  FakeSource source = table();
  deploy(source, key(program), elf(9));
  const auto frozen = frozen_by(source, order());
  REQUIRE(frozen);
  const Release& release = frozen->manifest.release;
  CHECK(release.cluster.name == "devnet");
  CHECK(release.previous->executable_hash == executable_hash(elf(9)));
  CHECK_FALSE(release.previous->path);
  CHECK(to_string(release.built_at) == "2026-03-02T10:15:00Z");
  CHECK(remarks_on(*frozen, "builtAt is the time of freezing"));
  CHECK(frozen->warnings.empty());
}

// A first deployment has nothing before it, and says so; of one that is done already the operator is warned.
TEST_CASE("freeze tells whether there is a previous program", "[cli]") {
  FakeSource first = table();
  const auto fresh = frozen_by(first, order());
  REQUIRE(fresh);
  CHECK_FALSE(fresh->manifest.release.previous);
  CHECK(remarks_on(*fresh, "is not deployed yet"));
  FakeSource done = table();
  deploy(done, key(program), elf());
  const auto late = frozen_by(done, order());
  REQUIRE(late->warnings.size() == 1);
  CHECK(says(late->warnings.front(), "has the code of the artifact already"));
  CHECK(says(late->warnings.front(), "Freeze before an upgrade is executed"));
  CHECK(fresh->warnings.empty());
}

// A program that was closed, or an address that is no program, cannot be released to.
TEST_CASE("freeze refuses programs that cannot be upgraded", "[cli]") {
  FakeSource closed = table();
  closed.holds(key(program), program_account(programdata_address(key(program)).address));
  CHECK(says(frozen_by(closed, order()).error().what, "is closed"));
  FakeSource wallet = table();
  wallet.holds(key(program), {.owner = known::system_program, .data = {}});
  CHECK(says(frozen_by(wallet, order()).error().what, "is no program"));
}

// A retained file is what is deployed, or it is not what is before this release.
TEST_CASE("freeze compares the retained file with what is deployed", "[cli]") {
  FreezeOrder retained = order();
  retained.previous_artifact = {"previous.so"};
  FakeSource same = table();
  same.holds_file("previous.so", elf(9));
  deploy(same, key(program), elf(9));
  CHECK(frozen_by(same, retained)->manifest.release.previous->path == "previous.so");
  FakeSource other = table();
  other.holds_file("previous.so", elf(8));
  deploy(other, key(program), elf(9));
  CHECK(says(frozen_by(other, retained).error().what,
             "and the program that is deployed has " + to_string(executable_hash(elf(9)))));
  FakeSource none = table();
  none.holds_file("previous.so", elf(8));
  CHECK(says(frozen_by(none, retained).error().what, "is not deployed"));
}

// Endpoints of another cluster, or of one that nobody named, freeze nothing.
TEST_CASE("freeze checks the cluster", "[cli]") {
  FreezeOrder mainnet = order();
  mainnet.cluster = Cluster{"mainnet-beta", std::string(*genesis_hash_of("mainnet-beta"))};
  FakeSource source = table();
  CHECK(says(frozen_by(source, mainnet).error().what, "and the endpoint's is " + devnet));
  FakeSource own = table();
  own.answers(facts::genesis_hash().request, {Json{{"result", program}}, nullptr, nullptr});
  CHECK(frozen_by(own, order()).error().hint == "say --cluster NAME:" + program);
  FakeSource silent = table();
  silent.refuses(facts::genesis_hash().request);
  CHECK(frozen_by(silent, order()).error().kind == ErrorKind::unreadable);
  FreezeOrder nowhere = order();
  nowhere.asks_chain = false;
  CHECK(frozen_by(source, nowhere).error().kind == ErrorKind::usage);
}
