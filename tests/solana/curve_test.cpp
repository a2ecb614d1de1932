#include "solana/derive.hpp"
#include "solana/vectors.hpp"

using namespace readyctl;
using namespace readyctl::test;

// The curve test agrees with curve25519-dalek, also where the JavaScript SDKs differ from it.
TEST_CASE("the curve test is dalek's", "[solana]") {
  for (const Vectors& point : vectors("on_curve").at("cases")) {
    INFO(point.dump());
    Pubkey bytes;
    const Bytes raw = unhex(point.at("hex"));
    REQUIRE(raw.size() == bytes.bytes.size());
    std::copy(raw.begin(), raw.end(), bytes.bytes.begin());
    CHECK(is_on_curve(bytes) == point.at("on_curve").get<bool>());
  }
}
