#include "base/json.hpp"
#include "cli/command_line.hpp"
#include "solana/vectors.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

Json derived(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "derive");
  arguments.insert(arguments.end(), {"--format", "json"});
  const Ran ran = run(arguments);
  INFO(ran.err);
  REQUIRE(ran.status == 0);
  return parse_json(ran.out, "output").value();
}

}  // namespace

// Every published vector, with its seeds as hex.
TEST_CASE("derive pda finds the published addresses", "[cli]") {
  for (const Vectors& one : vectors("pda").at("find_program_address")) {
    std::vector<std::string> arguments{"pda", "--program", one.at("program_id")};
    for (const Vectors& seed : one.at("seeds_hex")) arguments.insert(arguments.end(), {"--seed", "hex:" + text(seed)});
    const Json json = derived(arguments);
    CHECK(json.at("address") == one.at("address"));
    CHECK(json.at("bump") == one.at("bump"));
    CHECK(json.at("derivedFrom").at("seeds").size() == one.at("seeds_hex").size());
  }
}

// Every form of a seed becomes the bytes that programs write.
TEST_CASE("derive pda reads every form of seed", "[cli]") {
  const std::string program = "CVGMpraBxaqGoBYMABJ5Jxh5gYxdgo5h9NCwLJJKNBaw";
  const Json json =
      derived({"pda", "--program", program, "--seed", "utf8:a:☉", "--seed", "pubkey:" + program, "--seed", "u8:254",
               "--seed", "u16le:4660", "--seed", "u32le:305419896", "--seed", "u64le:72623859790382856"});
  std::vector<std::string> hex;
  for (const Json& seed : json.at("derivedFrom").at("seeds")) hex.push_back(seed.at("hex"));
  CHECK(hex == std::vector<std::string>{"613ae29889", to_hex(key(program).bytes), "fe", "3412", "78563412",
                                        "0807060504030201"});
}

// A seed that is none is a mistake of usage, with what to write instead; nothing is printed for it.
TEST_CASE("derive pda refuses what is no seed", "[cli]") {
  const auto refused = [](const std::string& seed) {
    const Ran ran = run({"derive", "pda", "--program", "CVGMpraBxaqGoBYMABJ5Jxh5gYxdgo5h9NCwLJJKNBaw", "--seed", seed});
    CHECK(ran.status == 64);
    CHECK(ran.out.empty());
    return ran.err;
  };
  CHECK(says(refused("vault"), "is not FORM:VALUE"));
  CHECK(says(refused("utf:vault"), "did you mean \"utf8\"?"));
  CHECK(says(refused("u8:256"), "expected a whole number, 0 to 255, found 256"));
  CHECK(says(refused("u8:1e1"), "expected a whole number, 0 to 255, found a string"));
  CHECK(says(refused("u64le:18446744073709551616"), "does not fit into 64 bits"));
  CHECK(says(refused("pubkey:abc"), "seed pubkey:abc"));
  CHECK(says(refused("hex:" + std::string(66, '0')), "seed 1 has 33 bytes, expected at most 32"));
}

// The associated token accounts of the official library, for both token programs.
TEST_CASE("derive ata finds the published addresses", "[cli]") {
  for (const Vectors& one : vectors("ata").at("cases")) {
    const Json json = derived(
        {"ata", "--wallet", one.at("owner"), "--mint", one.at("mint"), "--token-program", one.at("token_program")});
    CHECK(json.at("address") == one.at("ata"));
    CHECK(json.at("bump") == one.at("bump"));
    CHECK(json.at("derivedFrom").at("tokenProgram") == one.at("token_program"));
  }
  const Vectors& first = vectors("ata").at("cases")[0];
  CHECK(derived({"ata", "--wallet", first.at("owner"), "--mint", first.at("mint")}).at("address") == first.at("ata"));
  const Ran other = run({"derive", "ata", "--wallet", first.at("owner"), "--mint", first.at("mint"), "--token-program",
                         first.at("mint")});
  CHECK(other.status == 64);
  CHECK(says(other.err, "is no token program"));
}

// Where the code of a program is.
TEST_CASE("derive programdata finds the published addresses", "[cli]") {
  for (const Vectors& one : vectors("programdata").at("cases")) {
    const Json json = derived({"programdata", one.at("program_id")});
    CHECK(json.at("address") == one.at("programdata"));
    CHECK(json.at("bump") == one.at("bump"));
  }
}

// The vaults of the official client, and none beyond 255.
TEST_CASE("derive vault finds the published addresses", "[cli]") {
  const std::string multisig = vectors("squads_v4_pda").at("multisig")[0];
  for (const Vectors& one : vectors("squads_v4_pda").at("vaults")) {
    const Json json = derived({"vault", multisig, "--index", std::to_string(one.at("index").get<int>())});
    CHECK(json.at("address") == one.at("address"));
    CHECK(json.at("bump") == one.at("bump"));
  }
  CHECK(run({"derive", "vault", multisig}).out ==
        "address        9n9MhDdwK2twbrr4TjBCVjVHLDzTFyaYKMPxUF5zGYWE\n"
        "bump           254\n"
        "multisig       EMAHqrWV6zW35sP5TzNkR8Btscc3ohi4444EL6XPVaWN, of Squads v4\n"
        "vault index    0\n");
  CHECK(run({"derive", "vault", multisig, "--index", "256"}).status == 64);
  CHECK(run({"derive", "vault", "not-an-address"}).status == 64);
  CHECK(run({"derive"}).status == 64);
}
