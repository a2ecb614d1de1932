#include "solana/sysvars.hpp"

#include <cmath>
#include <limits>

#include "solana/vectors.hpp"

using namespace readyctl;
using namespace readyctl::test;

// The clock of a running validator.
TEST_CASE("the Clock sysvar is read", "[solana]") {
  const Vectors& vector = vectors("sysvars").at("clock");
  const Vectors& decoded = vector.at("decoded");
  const Clock clock = decode_clock(unhex(vector.at("hex"))).value();
  CHECK(to_string(clock.slot) == text(decoded.at("slot")));
  CHECK(std::to_string(clock.epoch_start_timestamp) == text(decoded.at("epoch_start_timestamp")));
  CHECK(std::to_string(clock.epoch) == text(decoded.at("epoch")));
  CHECK(std::to_string(clock.leader_schedule_epoch) == text(decoded.at("leader_schedule_epoch")));
  CHECK(std::to_string(clock.unix_timestamp) == text(decoded.at("unix_timestamp")));
}

// Times before 1970 are negative, not huge.
TEST_CASE("clock times are signed", "[solana]") {
  Bytes data(clock_bytes);
  std::fill_n(data.begin() + 32, 8, 0xff);
  CHECK(decode_clock(data).value().unix_timestamp == -1);
}

// The rent of a running validator.
TEST_CASE("the Rent sysvar is read", "[solana]") {
  const Vectors& vector = vectors("sysvars").at("rent");
  const Vectors& decoded = vector.at("decoded");
  const Rent rent = decode_rent(unhex(vector.at("hex"))).value();
  CHECK(rent.lamports_per_byte == decoded.at("lamports_per_byte").get<std::uint64_t>());
  CHECK(rent.exemption_threshold == decoded.at("exemption_threshold_f64").get<double>());
  CHECK(rent.burn_percent == decoded.at("burn_percent").get<int>());
}

// A threshold with which nothing can be computed is refused.
TEST_CASE("a threshold that is no number is refused", "[solana]") {
  Bytes data = unhex(vectors("sysvars").at("rent").at("hex"));
  data[14] = 0xf8;
  data[15] = 0x7f;
  CHECK(trouble(decode_rent(data)) ==
        "Rent sysvar: expected an exemption threshold of 0 or more at offset 8, found nan");
}

// The schedule of a running validator, whose values the reference names.
TEST_CASE("the EpochSchedule sysvar is read", "[solana]") {
  const EpochSchedule schedule =
      decode_epoch_schedule(unhex(vectors("sysvars").at("epoch_schedule").at("hex"))).value();
  CHECK(schedule.slots_per_epoch == 432'000);
  CHECK(schedule.leader_schedule_slot_offset == 432'000);
  CHECK(schedule.warmup);
  CHECK(schedule.first_normal_epoch == 14);
  CHECK(schedule.first_normal_slot == Slot{524'256});
}

// Balances are the validator's, before and after the threshold changed its meaning.
TEST_CASE("the least balance is the validator's", "[solana]") {
  const Rent today{.lamports_per_byte = 6960, .exemption_threshold = 1.0, .burn_percent = 50};
  const Rent before{.lamports_per_byte = 3480, .exemption_threshold = 2.0, .burn_percent = 50};
  for (const Vectors& one : vectors("rent_exempt").at("cases")) {
    INFO(one.dump());
    const Lamports expected{number(one.at("lamports"))};
    CHECK(minimum_balance(today, one.at("data_len")).value == expected.value);
    CHECK(minimum_balance(before, one.at("data_len")).value == expected.value);
  }
}

// Other thresholds multiply and truncate; what does not fit is the largest amount, never a small one.
TEST_CASE("balances truncate and saturate", "[solana]") {
  constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();
  CHECK(minimum_balance({.lamports_per_byte = 1, .exemption_threshold = 1.5}, 1).value == 193);  // 129 × 1.5 = 193.5
  CHECK(minimum_balance({.lamports_per_byte = 1, .exemption_threshold = 1.0}, largest).value == largest);
  CHECK(minimum_balance({.lamports_per_byte = largest, .exemption_threshold = 1.0}, 0).value == largest);
  CHECK(minimum_balance({.lamports_per_byte = largest / 128, .exemption_threshold = 2.0}, 0).value == largest);
  CHECK(minimum_balance({.lamports_per_byte = 1, .exemption_threshold = 1e300}, 0).value == largest);
  CHECK(minimum_balance({.lamports_per_byte = 1, .exemption_threshold = std::nan("")}, 0).value == largest);
  CHECK(minimum_balance({.lamports_per_byte = 1, .exemption_threshold = -1.0}, 0).value == 0);
}
