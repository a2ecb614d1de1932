#include "solana/anchor.hpp"

#include "solana/squads.hpp"
#include "solana/vectors.hpp"

using namespace readyctl;
using namespace readyctl::test;

// Every account and instruction of the Anchor programs that the vectors name has the discriminator we compute.
TEST_CASE("anchor discriminators are computed", "[solana]") {
  std::size_t compared = 0;
  for (const Vectors& one : vectors("anchor_discriminators").at("cases")) {
    INFO(one.dump());
    if (text(one.at("program")) == "anchor") continue;  // the IDL account, whose preimages are its own
    const std::string name = one.at("name");
    const bool is_account = text(one.at("kind")) == "account";
    const Discriminator computed =
        is_account ? anchor_account_discriminator(name) : anchor_instruction_discriminator(name);
    CHECK(to_hex(computed) == text(one.at("hex")));
    ++compared;
  }
  CHECK(compared == 55);
}

// The accounts that Squads decoders recognise are recognised by those eight bytes, and by nothing shorter.
TEST_CASE("Squads accounts are told apart by discriminator", "[solana]") {
  std::size_t recognised = 0;
  for (const Vectors& one : vectors("anchor_discriminators").at("cases")) {
    if (text(one.at("program")) != "squads_v4" || text(one.at("kind")) != "account") continue;
    INFO(one.dump());
    Bytes data = unhex(one.at("hex"));
    const auto account = squads_account(data);
    REQUIRE(account.has_value());
    CHECK(words_for(*account) == text(one.at("name")));
    data.pop_back();
    CHECK_FALSE(squads_account(data).has_value());
    ++recognised;
  }
  CHECK(recognised == 9);
  CHECK_FALSE(squads_account(Bytes(8)).has_value());
}
