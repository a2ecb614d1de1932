#include "solana/security_txt.hpp"

#include "solana/vectors.hpp"

using namespace readyctl;
using namespace readyctl::test;

// Wherever it stands in the code, with every field.
TEST_CASE("security.txt is found and read", "[solana]") {
  for (const Vectors& one : vectors("security_txt").at("cases")) {
    INFO(text(one.at("label")));
    const auto found = find_security_txt(unhex(one.at("hex"))).value();
    REQUIRE(found);
    CHECK(found->fields.size() == one.at("fields").size());
    for (const auto& item : one.at("fields").items()) CHECK(found->field(item.key()) == text(item.value()));
    CHECK(found->field("expiry").empty());
  }
}

// One that is damaged is not taken for none.
TEST_CASE("a damaged security.txt is refused", "[solana]") {
  for (const Vectors& one : vectors("security_txt").at("must_reject")) {
    INFO(text(one.at("label")));
    CHECK_FALSE(find_security_txt(unhex(one.at("hex"))).has_value());
  }
  CHECK_FALSE(find_security_txt(Bytes{1, 2, 3}).value().has_value());
  CHECK_FALSE(find_security_txt({}).value().has_value());
}
