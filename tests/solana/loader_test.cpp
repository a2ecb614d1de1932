#include "solana/loader.hpp"

#include "solana/derive.hpp"
#include "solana/vectors.hpp"
#include "solana/well_known.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Vectors& steps() { return vectors("loader_v3").at("steps"); }

/// The account of a step as far as the vector shows it: the header.
Bytes header_after(const std::string& step) { return unhex(case_named(steps(), step).at("data_prefix_hex")); }

Pubkey authority() { return key(vectors("loader_v3").at("authority")); }
Pubkey second_authority() { return key(vectors("loader_v3").at("authority2")); }

}  // namespace

// Every account that the loader left behind is what it is, and decodes as nothing else.
TEST_CASE("loader-v3 accounts are told apart", "[solana]") {
  std::size_t accounts = 0;
  for (const Vectors& step : steps()) {
    if (!step.contains("data_prefix_hex")) continue;
    INFO(step.dump());
    const Bytes data = unhex(step.at("data_prefix_hex"));
    const LoaderState state = loader_state(data);
    CHECK(decode_buffer(data).has_value() == (state == LoaderState::buffer));
    CHECK(decode_program(data).has_value() == (state == LoaderState::program));
    CHECK(decode_programdata(data).has_value() == (state == LoaderState::programdata));
    CHECK((state == LoaderState::program) == step.at("executable").get<bool>());
    CHECK(loader_of(key(step.at("owner"))) == Loader::v3);
    ++accounts;
  }
  CHECK(accounts == 11);
}

// A program names the account of its code, which is the derived one; a closed program still does.
TEST_CASE("a program names its programdata", "[solana]") {
  for (const std::string step : {"after DeployWithMaxDataLen: program", "after Close: program account"}) {
    const Vectors& account = case_named(steps(), step);
    const ProgramAccount program = decode_program(unhex(account.at("data_prefix_hex"))).value();
    CHECK(program.programdata == programdata_address(key(account.at("account"))).address);
    CHECK(program.programdata ==
          key(case_named(steps(), "after deploy: programdata (header only shown)").at("account")));
  }
}

// Deployment, a change of authority and an upgrade, as they show in slot and authority.
TEST_CASE("programdata shows slot and authority", "[solana]") {
  const Bytes deployed = header_after("after deploy: programdata (header only shown)");
  CHECK(decode_programdata(deployed).value().slot == Slot{1000});
  CHECK(decode_programdata(deployed).value().upgrade_authority == authority());

  const Bytes handed_over = header_after("after SetAuthorityChecked: programdata");
  CHECK(decode_programdata(handed_over).value().slot == Slot{1000});
  CHECK(decode_programdata(handed_over).value().upgrade_authority == second_authority());

  const Bytes upgraded = header_after("after Upgrade at slot 2000: programdata");
  CHECK(decode_programdata(upgraded).value().slot == Slot{2000});
  CHECK(decode_programdata(upgraded).value().upgrade_authority == second_authority());

  const Bytes extended = unhex(case_named(steps(), "ExtendProgram additional_bytes=10240").at("header_hex"));
  CHECK(decode_programdata(extended).value().slot == Slot{3000});
}

// The loader leaves the old key behind when it makes a program final: the tag decides, not the bytes.
TEST_CASE("a final program has no authority", "[solana]") {
  Bytes data = header_after("after SetAuthority(None): programdata (NOTE bytes 13..45 keep the old authority)");
  CHECK(Pubkey{authority()}.bytes[0] == data.at(13));
  CHECK_FALSE(decode_programdata(data).value().upgrade_authority.has_value());
  data.at(12) = 1;
  CHECK(decode_programdata(data).value().upgrade_authority == authority());
  data.at(12) = 2;
  CHECK(trouble(decode_programdata(data)) ==
        "ProgramData account: expected 0 or 1 for upgrade authority at offset 12, found 2");
}

// Buffers show who may deploy them.
TEST_CASE("a buffer shows its authority", "[solana]") {
  CHECK(decode_buffer(header_after("InitializeBuffer buf1")).value().authority == authority());
  CHECK(decode_buffer(header_after("buffer after SetAuthority")).value().authority == second_authority());
  Bytes nobody = header_after("InitializeBuffer buf1");
  nobody.at(4) = 0;
  CHECK_FALSE(decode_buffer(nobody).value().authority.has_value());
}

// Code starts behind the header, whether or not there is an authority.
TEST_CASE("code starts at a fixed offset", "[solana]") {
  Bytes data = header_after("after deploy: programdata (header only shown)");
  CHECK(decode_programdata(data).value().code.empty());
  data.insert(data.end(), {0x7f, 'E', 'L', 'F', 0});
  for (const std::uint8_t tag : Bytes{0, 1}) {
    data.at(12) = tag;
    CHECK(to_hex(decode_programdata(data).value().code) == "7f454c4600");
  }
}

// A decoder that meets another state names both.
TEST_CASE("another loader state is named", "[solana]") {
  CHECK(trouble(decode_programdata(header_after("InitializeBuffer buf1"))) ==
        "ProgramData account: expected state tag 3 (ProgramData) at offset 0, found 1 (Buffer)");
  CHECK(trouble(decode_program(Bytes(36))) ==
        "Program account: expected state tag 2 (Program) at offset 0, found 0 (Uninitialized)");
  CHECK(trouble(decode_buffer(unhex("04000000"))) ==
        "Buffer account: expected state tag 1 (Buffer) at offset 0, found 4 (unknown state)");
  CHECK(loader_state(Bytes(4)) == LoaderState::uninitialized);
  CHECK(loader_state(Bytes(3)) == LoaderState::unknown);
  CHECK(loader_state(unhex("04000000")) == LoaderState::unknown);
}

// The owner says how a program is stored.
TEST_CASE("loaders are known by their address", "[solana]") {
  CHECK(loader_of(known::native_loader) == Loader::native);
  CHECK(loader_of(known::loader_v1) == Loader::v1);
  CHECK(loader_of(known::loader_v2) == Loader::v2);
  CHECK(loader_of(known::loader_v4) == Loader::v4);
  CHECK(words_for(loader_of(known::loader_v3).value()) == "loader v3");
  CHECK_FALSE(loader_of(known::system_program).has_value());
}

// Loader v4 never went live; its header is recognised all the same.
TEST_CASE("loader-v4 headers are read", "[solana]") {
  Bytes data(loader_v4_header_bytes + 2);
  data[0] = 7;
  data[8] = 1;
  data[40] = 2;
  const auto account = decode_loader_v4(data);
  REQUIRE(account.has_value());
  CHECK(account->slot == Slot{7});
  CHECK(account->authority.bytes[0] == 1);
  CHECK(account->status == LoaderV4Status::finalized);
  CHECK(account->code.size() == 2);
  data[40] = 3;
  CHECK(trouble(decode_loader_v4(data)) == "loader-v4 program: expected status 0, 1 or 2 at offset 40, found 3");
}
