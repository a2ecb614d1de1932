#include "facts/features.hpp"

#include "solana/vectors.hpp"
#include "solana/well_known.hpp"
#include "support/fake_source.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

Reading<FeatureState> read(const Payload& payload) {
  const auto fact = facts::feature(features::enable_sbpf_v3_deployment_and_execution);
  return fact.read({"fake", Slot{100}, Time{}, std::chrono::milliseconds(1), payload});
}

Payload account(const Pubkey& owner, const std::string& hex) {
  const auto data = std::make_shared<const Bytes>(unhex(hex));
  const Account held{
      features::enable_sbpf_v3_deployment_and_execution, owner, Lamports{1}, false, data->size(), data, Slot{100}};
  return account_payload(held, "raw", data, std::nullopt);
}

}  // namespace

// No account, a stranger's account, pending and active are each a definite answer.
TEST_CASE("features are looked up", "[facts]") {
  CHECK(read(no_account_payload())->stage == FeatureStage::not_proposed);
  CHECK(read(account(known::system_program, "010700000000000000"))->stage == FeatureStage::not_proposed);
  CHECK(read(account(known::feature_program, "000000000000000000"))->is_pending());
  CHECK(read(account(known::feature_program, "010700000000000000"))->since == Slot{7});
}

// An account of the Feature program that cannot be read is never taken for one that was not proposed.
TEST_CASE("a damaged feature is named", "[facts]") {
  const auto damaged = read(account(known::feature_program, "05"));
  REQUIRE_FALSE(damaged);
  CHECK(std::get<Absent>(damaged.error()).what.find("feature enable_sbpf_v3_deployment_and_execution (5cC3") == 0);
  const auto fact = facts::feature(features::enable_sbpf_v3_deployment_and_execution);
  const Unobtainable silent{"timeout", "no answer", Retry::now};
  const auto unknown = fact.read({"fake", Slot{}, Time{}, std::chrono::milliseconds(1), tl::unexpected(silent)});
  CHECK(std::holds_alternative<Unobtainable>(unknown.error()));
}
