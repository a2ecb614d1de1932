#include "solana/squads.hpp"

#include "solana/vectors.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Vectors& account_case(const std::string& name) {
  return case_named(vectors("squads_v4_accounts").at("cases"), name);
}

Bytes autonomous() { return unhex(account_case("Multisig, autonomous, rent_collector None").at("hex")); }

}  // namespace

// A multisig is what the Squads SDK wrote, with and without a rent collector, which moves everything behind it.
TEST_CASE("Squads multisigs are read", "[solana]") {
  for (const std::string name :
       {"Multisig, autonomous, rent_collector None", "Multisig, controlled, rent_collector Some"}) {
    INFO(name);
    const Vectors& expected = account_case(name).at("decoded");
    const Multisig multisig = decode_multisig(unhex(account_case(name).at("hex"))).value();
    CHECK(multisig.create_key == key(expected.at("create_key")));
    CHECK(multisig.config_authority == key(expected.at("config_authority")));
    CHECK(multisig.threshold == expected.at("threshold").get<int>());
    CHECK(multisig.time_lock_seconds == expected.at("time_lock").get<unsigned>());
    CHECK(std::to_string(multisig.transaction_index) == text(expected.at("transaction_index")));
    CHECK(std::to_string(multisig.stale_transaction_index) == text(expected.at("stale_transaction_index")));
    CHECK(multisig.rent_collector == maybe_key(expected.at("rent_collector")));
    CHECK(multisig.bump == expected.at("bump").get<int>());
    std::vector<MultisigMember> members;
    for (const Vectors& member : expected.at("members")) {
      members.push_back({key(member.at("key")), {member.at("permissions").get<std::uint8_t>()}});
    }
    CHECK(multisig.members == members);
  }
}

// Only a multisig without config authority is autonomous.
TEST_CASE("a config authority ends autonomy", "[solana]") {
  CHECK(decode_multisig(autonomous()).value().is_autonomous());
  const Bytes controlled = unhex(account_case("Multisig, controlled, rent_collector Some").at("hex"));
  CHECK_FALSE(decode_multisig(controlled).value().is_autonomous());
}

// Members count where they have the permission: of the four here (7, 7, 2, 5) three may do each thing.
TEST_CASE("members are counted by permission", "[solana]") {
  Multisig multisig = decode_multisig(autonomous()).value();
  CHECK(multisig.voters() == 3);
  CHECK(multisig.proposers() == 3);
  CHECK(multisig.executors() == 3);
  multisig.members.at(0).permissions.mask = 1;
  CHECK(multisig.voters() == 2);
  CHECK(multisig.proposers() == 3);
  CHECK(multisig.executors() == 2);
  CHECK_FALSE(Permissions{7}.has_unknown_bits());
  CHECK(Permissions{8}.has_unknown_bits());
}

// Accounts keep room for members who left; what stands there is not read.
TEST_CASE("bytes after a multisig are not read", "[solana]") {
  const Multisig exact = decode_multisig(autonomous()).value();
  for (const std::uint8_t filler : Bytes{0x00, 0xff}) {
    Bytes longer = autonomous();
    longer.resize(longer.size() + 100, filler);
    CHECK(decode_multisig(longer).value().members == exact.members);
  }
}

// Whether members repeat is for a gate to judge; the decoder keeps them all.
TEST_CASE("repeated members are kept", "[solana]") {
  Bytes data = autonomous();
  std::copy_n(data.begin() + 100, 33, data.begin() + 133);
  const Multisig multisig = decode_multisig(data).value();
  CHECK(multisig.members.size() == 4);
  CHECK(multisig.members.at(0) == multisig.members.at(1));
}

// A decoder that meets another account says which.
TEST_CASE("other Squads accounts are refused by name", "[solana]") {
  for (const Vectors& one : vectors("squads_v4_accounts").at("cases")) {
    const std::string name = one.at("name");
    const std::string type = name.substr(0, name.find_first_of(" ,:"));
    if (type == "Multisig") continue;
    INFO(name);
    const std::string text = trouble(decode_multisig(unhex(one.at("hex"))));
    CHECK(text.starts_with("Squads Multisig: expected discriminator e07479ba44a14fec at offset 0, found "));
    CHECK(text.ends_with(" (" + type + ")"));
  }
  CHECK(trouble(decode_multisig(Bytes(200))) ==
        "Squads Multisig: expected discriminator e07479ba44a14fec at offset 0, found 0000000000000000");
}

// A count of members that the data cannot hold is refused before anything is reserved for it.
TEST_CASE("more members than fit are refused", "[solana]") {
  Bytes data = autonomous();
  data.at(96) = 5;
  CHECK(trouble(decode_multisig(data)) ==
        "Squads Multisig: expected room for 5 × 33 bytes of members as counted at offset 96, the data has 232 bytes");
  std::fill_n(data.begin() + 96, 4, 0xff);
  CHECK(trouble(decode_multisig(data)).find("4294967295 × 33 bytes of members") != std::string::npos);
  data.at(94) = 2;
  CHECK(trouble(decode_multisig(data)) == "Squads Multisig: expected 0 or 1 for rent collector at offset 94, found 2");
}
