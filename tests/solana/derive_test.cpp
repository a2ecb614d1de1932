#include "solana/derive.hpp"

#include "solana/vectors.hpp"
#include "solana/well_known.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

/// The seeds of a vector, and views of them as the functions take them.
struct SeedList {
  explicit SeedList(const Vectors& list) {
    for (const Vectors& hex : list) owned.push_back(unhex(hex));
    views.assign(owned.begin(), owned.end());
  }
  std::vector<Bytes> owned;
  std::vector<ByteView> views;
};

}  // namespace

// Address and bump are what web3.js and kit find, down to bumps that need many tries.
TEST_CASE("program-derived addresses are found", "[solana]") {
  for (const Vectors& one : vectors("pda").at("find_program_address")) {
    INFO(one.dump());
    const SeedList seeds(one.at("seeds_hex"));
    const auto found = find_program_address(seeds.views, key(one.at("program_id")));
    REQUIRE(found.has_value());
    CHECK(found->address == key(one.at("address")));
    CHECK(found->bump == one.at("bump").get<int>());
    CHECK_FALSE(is_on_curve(found->address));
  }
}

// A bump that was found, given as the last seed, leads to the same address.
TEST_CASE("a found bump creates the same address", "[solana]") {
  for (const Vectors& one : vectors("pda").at("find_program_address")) {
    INFO(one.dump());
    SeedList seeds(one.at("seeds_hex"));
    const auto bump = one.at("bump").get<std::uint8_t>();
    seeds.views.emplace_back(&bump, 1);
    CHECK(create_program_address(seeds.views, key(one.at("program_id"))).value() == key(one.at("address")));
  }
}

// Without a bump, half of all seeds fail; too many or too long seeds fail for another reason.
TEST_CASE("program-derived addresses are created or refused", "[solana]") {
  for (const Vectors& one : vectors("pda").at("create_program_address_no_bump")) {
    INFO(one.dump());
    const SeedList seeds(one.at("seeds_hex"));
    const auto created = create_program_address(seeds.views, key(one.at("program_id")));
    if (one.contains("address")) {
      CHECK(created.value() == key(one.at("address")));
    } else {
      const std::string name = one.at("error").get<std::string>().substr(0, 12);  // "InvalidSeeds", "MaxSeedLengt"
      CHECK(trouble(created).find(name) != std::string::npos);
    }
  }
}

// Sixteen seeds leave no room for a bump.
TEST_CASE("sixteen seeds have no program-derived address", "[solana]") {
  for (const Vectors& one : vectors("pda").at("find_errors")) {
    const SeedList seeds(one.at("seeds_hex"));
    CHECK(trouble(find_program_address(seeds.views, key(one.at("program_id")))) ==
          "16 seeds, expected at most 15 (MaxSeedLengthExceeded)");
  }
  const Bytes long_seed(33);
  CHECK(trouble(find_program_address({long_seed}, known::squads_v4)) ==
        "seed 1 has 33 bytes, expected at most 32 (MaxSeedLengthExceeded)");
}

// Seeded addresses are what web3.js and kit compute.
TEST_CASE("addresses are created with a seed", "[solana]") {
  for (const Vectors& one : vectors("create_with_seed").at("cases")) {
    INFO(one.dump());
    const std::string seed = one.at("seed");
    const SeededAddress from{.base = key(one.at("base")), .seed = seed, .owner = key(one.at("owner"))};
    CHECK(create_with_seed(from).value() == key(one.at("address")));
  }
}

// An owner that could be mistaken for a program-derived address, and a seed that is too long, are refused.
TEST_CASE("bad seeds and owners are refused", "[solana]") {
  for (const Vectors& one : vectors("create_with_seed").at("errors")) {
    INFO(one.dump());
    const bool bad_owner = one.contains("owner");
    const std::string seed = bad_owner ? one.at("seed").get<std::string>() : std::string(one.at("seed_len"), 'x');
    const Pubkey owner = bad_owner ? key(one.at("owner")) : known::system_program;
    const std::string name = bad_owner ? "IllegalOwner" : "MaxSeedLengthExceeded";
    CHECK(trouble(create_with_seed({.base = {}, .seed = seed, .owner = owner})).find(name) != std::string::npos);
  }
}

// The token program is part of the address: the two token programs give different accounts.
TEST_CASE("associated token accounts are derived", "[solana]") {
  for (const Vectors& one : vectors("ata").at("cases")) {
    INFO(one.dump());
    const Derived derived = associated_token_address(
        {.wallet = key(one.at("owner")), .mint = key(one.at("mint")), .token_program = key(one.at("token_program"))});
    CHECK(derived.address == key(one.at("ata")));
    CHECK(derived.bump == one.at("bump").get<int>());
  }
}

// The account of a program's code follows from the program.
TEST_CASE("programdata addresses are derived", "[solana]") {
  for (const Vectors& one : vectors("programdata").at("cases")) {
    INFO(one.dump());
    const Derived derived = programdata_address(key(one.at("program_id")));
    CHECK(derived.address == key(one.at("programdata")));
    CHECK(derived.bump == one.at("bump").get<int>());
  }
}
