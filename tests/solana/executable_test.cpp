#include "solana/executable.hpp"

#include "solana/loader.hpp"
#include "solana/vectors.hpp"

using namespace readyctl;
using namespace readyctl::test;

// The hash of a file is solana-verify's: trailing zeros do not count, leading and inner ones do.
TEST_CASE("executables are hashed without trailing zeros", "[solana]") {
  for (const Vectors& one : vectors("program_hash").at("cases")) {
    INFO(one.dump());
    CHECK(to_string(executable_hash(unhex(one.at("payload_hex")))) == text(one.at("hash")));
  }
}

// A program and a buffer hash like the file they hold, wherever their headers end.
TEST_CASE("accounts are hashed behind their headers", "[solana]") {
  const Vectors& cases = vectors("program_hash").at("account_cases");
  const Bytes program = unhex(cases[0].at("data_hex"));
  const auto programdata = decode_programdata(program);
  REQUIRE(programdata.has_value());
  CHECK(to_string(executable_hash(programdata->code)) == text(cases[0].at("hash")));
  CHECK(programdata->slot == Slot{number(cases[0].at("slot"))});
  CHECK_FALSE(programdata->upgrade_authority.has_value());

  const Bytes staged = unhex(cases[1].at("data_hex"));
  const auto buffer = decode_buffer(staged);
  REQUIRE(buffer.has_value());
  CHECK(to_string(executable_hash(buffer->code)) == text(cases[1].at("hash")));
  CHECK(to_hex(buffer->authority.value().bytes) == text(cases[1].at("authority_hex")));
}

// Padding makes no difference; the first byte that does is found, also across a block's edge.
TEST_CASE("the first difference is found", "[solana]") {
  Bytes code(10'000, 0xab);
  Bytes padded = code;
  padded.resize(12'000);
  CHECK_FALSE(first_difference(code, padded).has_value());
  CHECK_FALSE(first_difference({}, Bytes(5)).has_value());
  for (const std::size_t at : std::vector<std::size_t>{0, 1, 4095, 4096, 4097, 8191, 8192, 9999}) {
    Bytes other = padded;
    other[at] = 0xac;
    CHECK(first_difference(code, other) == at);
    CHECK(first_difference(other, code) == at);
  }
}

// Code that goes on where the other ends differs there.
TEST_CASE("longer code differs at the end of the shorter", "[solana]") {
  CHECK(first_difference(unhex("616263"), unhex("6162636400")) == 3);
  CHECK(first_difference(unhex("6162630064"), unhex("61626300")) == 3);
  CHECK(first_difference(unhex("0000"), unhex("01")) == 0);
}
