#include "solana/loader_instructions.hpp"

#include "solana/vectors.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

LoaderInstruction decoded(const std::string& hex) {
  static Bytes data;  // outlives the view in the result
  data = unhex(hex);
  return decode_loader_instruction(data).value();
}

}  // namespace

// Every tag of the interface, with its fields.
TEST_CASE("loader instructions are read", "[solana]") {
  CHECK(decoded("00000000").action == LoaderAction::initialize_buffer);
  const LoaderInstruction write = decoded(
      "01000000"
      "10000000"
      "0200000000000000"
      "abcd");
  CHECK(write.action == LoaderAction::write);
  CHECK(write.offset == 16);
  CHECK(to_hex(write.bytes) == "abcd");
  const LoaderInstruction deploy = decoded(
      "02000000"
      "0000010000000000");
  CHECK(deploy.action == LoaderAction::deploy);
  CHECK(deploy.max_data_len == 65536);
  CHECK(decoded("03000000").action == LoaderAction::upgrade);
  CHECK(decoded("04000000").action == LoaderAction::set_authority);
  CHECK(decoded("05000000").action == LoaderAction::close);
  CHECK(decoded("06000000"
                "00280000")
            .additional_bytes == 10240);
  CHECK(decoded("07000000").action == LoaderAction::set_authority_checked);
  CHECK(decoded("08000000").action == LoaderAction::migrate);
  CHECK(decoded("09000000"
                "01000000")
            .action == LoaderAction::extend_checked);
}

// A byte may follow some of them; what follows beyond that is counted, because the loader ignores it.
TEST_CASE("loader instructions may carry one option", "[solana]") {
  CHECK_FALSE(decoded("03000000").option.has_value());
  CHECK(decoded("0300000000").option == false);
  CHECK(decoded("0300000001").option == true);
  CHECK(decoded("0500000001").option == true);
  CHECK(decoded("02000000"
                "0000010000000000"
                "00")
            .option == false);
  CHECK(decoded("030000000107").unread_bytes == 1);
  CHECK(decoded("0400000001").unread_bytes == 1);
  CHECK_FALSE(decoded("0300000002").option.has_value());
  CHECK(decoded("0300000002").unread_bytes == 1);
}

// What is no instruction of this loader is refused, and a write that claims more than it carries.
TEST_CASE("strange loader instructions are refused", "[solana]") {
  CHECK(trouble(decode_loader_instruction(unhex("0a000000"))) ==
        "loader v3 instruction: expected tag 0 to 9, found 10");
  CHECK_FALSE(decode_loader_instruction(unhex("030000")).has_value());
  CHECK_FALSE(decode_loader_instruction(Bytes{}).has_value());
  CHECK(trouble(decode_loader_instruction(unhex("01000000"
                                                "00000000"
                                                "ffffffffffffffff"
                                                "ab"))) ==
        "loader v3 instruction: a write of more bytes than the instruction holds");
}
