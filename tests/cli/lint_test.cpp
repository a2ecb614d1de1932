// Linting packs through the command line: what can be said of them without a release.
#include "base/json.hpp"
#include "cli/command_line.hpp"
#include "sources/git_sandbox.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const std::string gates = READYCTL_SOURCE_DIR "/gates/";
const std::string treasury = gates + "treasury.gates.json";
const std::string authority = gates + "upgrade-authority.gates.json";

/// A pack of balance gates, one for each of these further fields.
std::string pack_of(const std::string& name, const std::vector<std::string>& more, const std::string& phases = "") {
  std::string text = R"({"apiVersion":"readyctl.gates/v1","name":")" + name + "\"," + phases + "\"gates\":[";
  for (std::size_t i = 0; i < more.size(); ++i) {
    text += (i > 0 ? "," : "") + std::string(R"({"id":"g)") + std::to_string(i) +
            R"(","kind":"balance","params":{"address":"${payer}","rentExempt":true})" + more[i] + "}";
  }
  return text + "]}";
}

const std::string advisory = R"(,"severity":"advisory")";

}  // namespace

// A run over packs of advisory gates alone is refused, and so are they here; beside others they are told apart.
TEST_CASE("lint says which packs are all advisory", "[cli]") {
  const Sandbox sandbox;
  sandbox.write("told.json", pack_of("told", {advisory, advisory}));
  sandbox.write("holds.json", pack_of("holds", {advisory, ""}));
  const std::string told = (sandbox.root / "told.json").string();
  const std::string holds = (sandbox.root / "holds.json").string();
  const Ran alone = run({"lint", told});
  CHECK(alone.status == 65);
  CHECK(says(alone.err, "every gate of these packs is advisory, so none could stop a release"));
  CHECK(alone.out.empty());
  const Ran both = run({"lint", told, holds});
  CHECK(both.status == 0);
  CHECK(both.err.empty());
  CHECK(says(both.out, "ok  told  2 gates, all advisory  sha256 "));
  CHECK(says(both.out, "ok  holds  2 gates  sha256 "));
}

// Where only some phases lack a blocking gate, the packs can be run, and the phases are named.
TEST_CASE("lint warns of phases without a blocking gate", "[cli]") {
  const Sandbox sandbox;
  sandbox.write("p.json", pack_of("p", {advisory, R"(,"phase":["late"])"}, R"("phases":["early","late"],)"));
  const Ran ran = run({"lint", (sandbox.root / "p.json").string()});
  CHECK(ran.status == 0);
  CHECK(says(ran.err, "in phase early every gate of these packs is advisory"));
  CHECK_FALSE(says(ran.err, "late"));
}

// What is to be filled in is JSON, without what release.json says itself.
TEST_CASE("lint prints a skeleton of values", "[cli]") {
  const Ran ran = run({"lint", treasury, authority, "--values"});
  CHECK(ran.status == 0);
  const Json skeleton = parse_json(ran.out, "values").value();
  std::vector<std::string> names;
  for (const auto& entry : skeleton.items()) names.push_back(entry.key());
  CHECK(names == std::vector<std::string>{"feePayer", "feePayerMinLamports", "mintAuthority", "multisig", "treasury",
                                          "treasuryMinAmount", "treasuryMint", "treasuryMintDecimals",
                                          "treasuryMintMaxSupply", "treasurySeeds", "treasuryTokenAccount"});
  CHECK(skeleton["multisig"] == "<address, base58; upgrade-authority/held-by-multisig custody.squads-v4.multisig>");
  CHECK(skeleton["treasurySeeds"].is_array());
}

// What a trust file pins is what lint prints of each pack, and not what has no gate to decide.
TEST_CASE("lint prints the packs of a trust file", "[cli]") {
  const Sandbox sandbox;
  sandbox.write("part.json", pack_of("part", {""}));
  sandbox.write("all.json", R"({"apiVersion":"readyctl.gates/v1","name":"all","include":["part.json"]})");
  const std::string all = (sandbox.root / "all.json").string();
  const Ran plain = run({"lint", all, treasury});
  const Ran ran = run({"lint", all, treasury, "--packs"});
  CHECK(ran.status == 0);
  const Json pins = parse_json(ran.out, "packs").value();
  REQUIRE(pins.size() == 2);
  CHECK(says(plain.out, "ok  part  1 gate  sha256 " + pins[0].get<std::string>()));
  CHECK(says(plain.out, "ok  treasury  5 gates  sha256 " + pins[1].get<std::string>()));
  CHECK(run({"lint", all, "--packs", "--values"}).status == 64);
}

// Whoever mends one mistake can mend them all.
TEST_CASE("lint reports every mistake of all packs", "[cli]") {
  const Sandbox sandbox;
  const auto pack_with = [](const std::string& name, const std::string& gate) {
    return R"({"apiVersion":"readyctl.gates/v1","name":")" + name + R"(","gates":[{"id":"g","kind":)" + gate + "}]}";
  };
  sandbox.write("a.json", pack_with("a", R"("elf-identity","params":{"path":"${artifact.path}"})"));
  sandbox.write("b.json", pack_with("b", R"("balanse")"));
  const Ran ran = run({"lint", (sandbox.root / "a.json").string(), (sandbox.root / "b.json").string()});
  CHECK(ran.status == 65);
  CHECK(ran.out.empty());
  CHECK(says(ran.err, "expects nothing of the file"));
  CHECK(says(ran.err, "unknown gate kind \"balanse\""));
}

// What nobody knows when a release is frozen is no value of it.
TEST_CASE("lint leaves out of the skeleton what comes by --set", "[cli]") {
  const Ran ran = run({"lint", gates + "upgrade.gates.json", "--values"});
  CHECK(ran.status == 0);
  const Json skeleton = parse_json(ran.out, "values").value();
  CHECK(skeleton.size() == 1);
  CHECK(skeleton.contains("multisig"));
  CHECK(says(ran.err, "--set buffer=… --set transaction=…"));
}

// A command's help tells the exit codes that it can return, and no others.
TEST_CASE("help tells each command's own exit codes", "[cli]") {
  CHECK(says(run({"run", "--help"}).out, "1 NO-GO"));
  for (const char* command : {"lint", "keygen", "sign", "freeze", "gates", "schema", "show", "inspect", "derive"}) {
    const std::string help = run({command, "--help"}).out;
    CAPTURE(command);
    CHECK(says(help, "Exit status: 0 "));
    CHECK_FALSE(says(help, "NO-GO,"));
  }
  CHECK_FALSE(says(run({"keygen", "--help"}).out, "66"));
  for (const char* command : {"run", "sign", "freeze", "inspect"})
    CHECK(says(run({command, "--help"}).out, "130 and 143"));
  CHECK_FALSE(says(run({"keygen", "--help"}).out, "130"));
  CHECK(says(run({"help"}).err, "readyctl COMMAND --help"));
}

TEST_CASE("keygen names the folder that is missing", "[cli]") {
  const Sandbox sandbox;
  const std::string folder = (sandbox.root / "nodir").string();
  const Ran ran = run({"keygen", folder + "/k.pem"});
  CHECK(ran.status == 73);
  CHECK(says(ran.err, "cannot be created: the folder " + folder + " does not exist"));
}

// A transaction is long, and shells have limits.
TEST_CASE("inspect takes a message from a file", "[cli]") {
  const Sandbox sandbox;
  sandbox.write("message", "no message\n");
  const Ran ran = run({"inspect", "--message", "@" + (sandbox.root / "message").string()});
  CHECK(says(ran.err, "is no message and no transaction"));
  CHECK(run({"inspect", "--message", "@" + (sandbox.root / "absent").string()}).status == 66);
}
