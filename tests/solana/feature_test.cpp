#include "solana/feature.hpp"

#include "solana/vectors.hpp"
#include "solana/well_known.hpp"

using namespace readyctl;
using namespace readyctl::test;

// Pending, active since a slot, and neither.
TEST_CASE("feature accounts are read", "[solana]") {
  CHECK_FALSE(decode_feature(Bytes(9)).value().activated_at);
  CHECK(decode_feature(unhex("010700000000000000")).value().activated_at == Slot{7});
  CHECK_FALSE(decode_feature(unhex("020700000000000000")));
  CHECK_FALSE(decode_feature(unhex("01")));
  CHECK_FALSE(decode_feature({}));
}

// Only what the Feature program owns is a proposal, whatever its bytes are.
TEST_CASE("the state of a feature is told", "[solana]") {
  const Bytes active = unhex("010700000000000000");
  CHECK(feature_state(known::feature_program, active)->is_active());
  CHECK(words_for(*feature_state(known::feature_program, active)) == "active since slot 7");
  CHECK(words_for(*feature_state(known::feature_program, Bytes(9))) == "pending");
  CHECK(words_for(*feature_state(known::system_program, active)) == "not proposed");
  CHECK(feature_state(known::system_program, {})->stage == FeatureStage::not_proposed);
  CHECK_FALSE(feature_state(known::feature_program, unhex("0207")));
}

// A name for those that are known, and always the whole address.
TEST_CASE("features are named", "[solana]") {
  CHECK(feature_name(features::enable_sbpf_v3_deployment_and_execution) ==
        "feature enable_sbpf_v3_deployment_and_execution (5cC3foj77CWun58pC51ebHFUWavHWKarWyR5UUik7dnC)");
  CHECK(feature_name(known::memo) == "feature " + to_string(known::memo));
}
