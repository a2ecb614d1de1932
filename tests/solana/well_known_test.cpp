#include "solana/well_known.hpp"

#include "solana/vectors.hpp"

using namespace readyctl;
using namespace readyctl::test;

// Known addresses have a label for people, others have none.
TEST_CASE("known addresses have labels", "[solana]") {
  CHECK(label_of(known::token) == "SPL Token program");
  CHECK(label_of(known::system_program) == "System program");
  CHECK(label_of(known::loader_v3) == "upgradeable loader v3");
  CHECK(label_of(known::incinerator) == "incinerator");
  CHECK(label_of(key("CVGMpraBxaqGoBYMABJ5Jxh5gYxdgo5h9NCwLJJKNBaw")).empty());
}

// Ids that other tools' vectors name are the constants we have.
TEST_CASE("known addresses are the published ones", "[solana]") {
  const Vectors& programs = vectors("programdata").at("cases");
  CHECK(known::squads_v4 == key(case_named(programs, "squads_v4").at("program_id")));
  CHECK(known::squads_v3 == key(case_named(programs, "squads_v3").at("program_id")));
  CHECK(known::spl_governance == key(case_named(programs, "spl_governance").at("program_id")));
  CHECK(known::token == key(vectors("ata").at("cases")[0].at("token_program")));
  CHECK(known::squads_v4 == key(vectors("squads_v4_pda").at("program_id")));
}

// A cluster is recognised by its genesis hash, in both directions; a local one has none.
TEST_CASE("public clusters have genesis hashes", "[solana]") {
  for (const std::string_view name : {"mainnet-beta", "testnet", "devnet"}) {
    CHECK(cluster_of(genesis_hash_of(name).value()) == name);
    CHECK(parse_pubkey(genesis_hash_of(name).value()).has_value());
  }
  CHECK(genesis_hash_of("mainnet-beta") == "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d");
  CHECK_FALSE(genesis_hash_of("localnet").has_value());
  CHECK_FALSE(cluster_of("11111111111111111111111111111111").has_value());
}
