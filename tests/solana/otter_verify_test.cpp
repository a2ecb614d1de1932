#include "solana/otter_verify.hpp"

#include "solana/vectors.hpp"

using namespace readyctl;
using namespace readyctl::test;

TEST_CASE("records of otter-verify are found and read", "[solana]") {
  const Vectors& all = vectors("otter_verify");
  for (const Vectors& one : all.at("pdas")) {
    CHECK(build_params_address(key(one.at("signer")), key(one.at("program"))) == key(one.at("address")));
  }
  const Vectors& account = all.at("build_params_account");
  const Vectors& expected = account.at("decoded");
  const Bytes data = unhex(account.at("hex"));
  const BuildParams params = decode_build_params(data).value();
  CHECK(params.program == key(expected.at("address")));
  CHECK(params.signer == key(expected.at("signer")));
  CHECK(params.version == text(expected.at("version")));
  CHECK(params.repository == text(expected.at("git_url")));
  CHECK(params.commit == text(expected.at("commit")));
  CHECK(params.arguments == std::vector<std::string>{"--library-name", "ready"});
  CHECK(params.deploy_slot == Slot{123456789});
  for (std::size_t size = 0; size < data.size(); ++size) CHECK_FALSE(decode_build_params(ByteView(data).first(size)));
  Bytes longer = data;
  longer.push_back(0);
  CHECK(trouble(decode_build_params(longer)) == "otter-verify record: bytes are left over");
  Bytes other = data;
  other[0] ^= 1;
  CHECK(trouble(decode_build_params(other)) == "otter-verify record: another discriminator");
}
