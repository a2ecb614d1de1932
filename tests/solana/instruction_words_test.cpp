#include "solana/instruction_words.hpp"

#include "solana/vectors.hpp"
#include "solana/well_known.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

// Accounts that read as what they are: the address of the i-th one is all of one digit.
Pubkey account(std::uint8_t number) {
  Pubkey key;
  key.bytes.fill(static_cast<std::uint8_t>(number + 1));
  return key;
}

std::string at(std::uint8_t number) { return to_string(account(number)); }

std::string words(const Pubkey& program, std::uint8_t accounts, const std::string& hex) {
  Instruction instruction{program, {}, unhex(hex)};
  for (std::uint8_t i = 0; i < accounts; ++i) instruction.accounts.push_back({account(i)});
  return words_for(instruction);
}

}  // namespace

// What may be done to a program, with the addresses that matter.
TEST_CASE("loader instructions have words", "[solana]") {
  const Pubkey& loader = known::loader_v3;
  CHECK(words(loader, 7, "03000000") == "upgrade program " + at(1) + " from buffer " + at(2) + " by authority " +
                                            at(6) + ", leftover lamports to " + at(3));
  CHECK(words(loader, 7, "0300000000").ends_with(", keeping the buffer"));
  CHECK(words(loader, 2, "04000000") == "take away the authority of " + at(0) + " for ever");
  CHECK(words(loader, 3, "04000000") == "give the authority of " + at(0) + " from " + at(1) + " to " + at(2));
  CHECK(words(loader, 4, "05000000") ==
        "close program " + at(3) + " for ever, its programdata " + at(0) + ", lamports to " + at(1));
  CHECK(words(loader, 3, "05000000") == "close " + at(0) + ", lamports to " + at(1));
  CHECK(words(loader, 4, "0600000000280000") == "extend program " + at(1) + " by 10240 bytes");
  CHECK(words(loader, 2,
              "01000000"
              "10000000"
              "0200000000000000"
              "abcd") == "write 2 bytes at offset 16 of buffer " + at(0));
}

// The rest of what the loader takes, and what it does not.
TEST_CASE("every loader instruction has words", "[solana]") {
  const Pubkey& loader = known::loader_v3;
  CHECK(words(loader, 2, "00000000") == "make " + at(0) + " a buffer of authority " + at(1));
  CHECK(words(loader, 8, "020000000001000000000000") ==
        "deploy program " + at(2) + " from buffer " + at(3) + " with authority " + at(7) + " and room for 256 bytes");
  CHECK(words(loader, 8, "02000000000100000000000001").ends_with(", closing the buffer"));
  CHECK(words(loader, 3, "07000000") ==
        "give the authority of " + at(0) + " from " + at(1) + " to " + at(2) + ", who signs too");
  CHECK(words(loader, 3, "08000000") == "migrate program " + at(1) + " to loader v4");
  CHECK(words(loader, 5, "0900000001000000") == "extend program " + at(1) + " by 1 byte");
  CHECK(words(loader, 2, "0a000000").starts_with("call program "));
}

// Lamports, nonces and tokens, as far as they move value or power.
TEST_CASE("runtime and token instructions have words", "[solana]") {
  CHECK(words(known::system_program, 2,
              "02000000"
              "00ca9a3b00000000") == "transfer 1000000000 lamports (1 SOL) from " + at(0) + " to " + at(1));
  CHECK(words(known::system_program, 3, "04000000") == "advance durable nonce " + at(0) + " of authority " + at(2));
  CHECK(words(known::token, 3,
              "03"
              "0500000000000000") == "transfer 5 base units from token account " + at(0) + " to " + at(1));
  CHECK(words(known::token_2022, 2,
              "0600"
              "00") == "set the mint authority of " + at(0) + " to nobody");
  CHECK(words(known::compute_budget, 0,
              "03"
              "e803000000000000") == "pay a priority fee of 1000 micro-lamports a compute unit");
  CHECK(words(known::memo, 0, "68690a") == "say \"hi\\n\"");
  CHECK(words(known::associated_token, 6, "01") == "create token account " + at(1) + " of mint " + at(3) + " for " +
                                                       at(2) + " with lamports of " + at(0) + ", unless it is there");
  CHECK(words(known::otter_verify, 4, "dbc858b09e3ffd7f").starts_with("call update of program "));
}

// The rest of the System program, with an instruction that is too short and one that is none.
TEST_CASE("every system instruction has words", "[solana]") {
  const auto system = [](std::uint8_t accounts, const std::string& hex) {
    return words(known::system_program, accounts, hex);
  };
  const std::string owner = at(2);
  const std::string key =
      "03030303030303030303030303030303"
      "03030303030303030303030303030303";
  const std::string lamports = "00ca9a3b00000000";
  CHECK(system(2, "00000000" + lamports + "0a00000000000000" + key) ==
        "create account " + at(1) + " of 10 bytes for program " + owner + " with 1000000000 lamports (1 SOL) of " +
            at(0));
  CHECK(system(1, "01000000" + key) == "assign " + at(0) + " to program " + owner);
  CHECK(system(5, "05000000" + lamports) ==
        "withdraw 1000000000 lamports (1 SOL) from durable nonce " + at(0) + " to " + at(1));
  CHECK(system(3, "06000000" + key) == "make " + at(0) + " a durable nonce of authority " + owner);
  CHECK(system(2, "07000000" + key) == "give durable nonce " + at(0) + " to authority " + owner);
  CHECK(system(1, "080000000100000000000000") == "allocate 1 byte for " + at(0));
  CHECK(system(1, "0c000000") == "bring durable nonce " + at(0) + " up to date");
  CHECK(system(1, "08000000").starts_with("call "));
  CHECK(system(1, "63000000").starts_with("call "));
}

// The rest of the token programs, and of the compute budget.
TEST_CASE("every token instruction has words", "[solana]") {
  const auto token = [](std::uint8_t accounts, const std::string& hex) { return words(known::token, accounts, hex); };
  const std::string five = "0500000000000000";
  const std::string from = "out of token account " + at(0);
  CHECK(token(4, "0c" + five + "06") ==
        "transfer 5 base units of mint " + at(1) + " from token account " + at(0) + " to " + at(2));
  CHECK(token(3, "04" + five) == "let " + at(1) + " take up to 5 base units " + from);
  CHECK(token(4, "0d" + five + "06") == "let " + at(2) + " take up to 5 base units " + from);
  CHECK(token(2, "05") == "let no delegate take from token account " + at(0));
  CHECK(token(3, "07" + five) == "mint 5 base units of " + at(0) + " to token account " + at(1));
  CHECK(token(3, "08" + five) == "burn 5 base units of " + at(1) + " in token account " + at(0));
  CHECK(token(3, "09") == "close token account " + at(0) + ", lamports to " + at(1));
  CHECK(token(3, "0a") == "freeze token account " + at(0));
  CHECK(token(3, "0b") == "thaw token account " + at(0));
  CHECK(token(3, "ff").starts_with("call "));
  CHECK(words(known::compute_budget, 0, "0100800000") == "ask for a heap of 32768 bytes");
  CHECK(words(known::compute_budget, 0, "02400d0300") == "limit compute to 200000 units");
  CHECK(words(known::compute_budget, 0, "0400000100") == "limit the accounts that are loaded to 65536 bytes");
  CHECK(words(known::compute_budget, 0, "05").starts_with("call "));
}

// What members sign. Discriminators are those of vectors.json; whole messages of the official client are told in the
// acceptance test of inspect --message.
TEST_CASE("Squads instructions have words", "[solana]") {
  const auto squads = [](std::uint8_t accounts, const std::string& hex) {
    return words(known::squads_v4, accounts, hex);
  };
  CHECK(squads(3, "9025a488bcd82af800") ==
        "approve proposal " + at(2) + " of multisig " + at(0) + " as member " + at(1));
  CHECK(squads(3,
               "f33e869ce66af6870102000000"
               "6869")
            .ends_with(", with the memo \"hi\""));
  CHECK(squads(5,
               "dc3c49e01e6c4f9f"
               "0500000000000000"
               "01") == "put transaction 5 of multisig " + at(0) + " to the vote as proposal " + at(1) +
                            ", a draft until it is activated, as member " + at(2));
  CHECK(squads(4, "c208a15799a419ab") ==
        "execute transaction " + at(2) + " of multisig " + at(0) + " as member " + at(3));
  CHECK(squads(2,
               "949a794dd4fe9b48"
               "10000000"
               "00") ==
        "set the time lock to 16 s of multisig " + at(0) + ", without a vote, as its config authority " + at(1));
  CHECK(squads(5,
               "9bec57e4894b5127"
               "01000000"
               "02"
               "0100"
               "00")
            .ends_with(", which would change the multisig itself: change the threshold to 1"));
  CHECK(squads(4, "c208a15799a419abff").ends_with(", followed by 1 byte that the program does not read"));
  CHECK(squads(3, "9025a488bcd82af8").starts_with("proposal_approve, whose arguments do not read: call program "));
  CHECK(squads(3, "9025a488bcd82af80101000000").find("do not read") != std::string::npos);
  CHECK(squads(1, "7a4d509f54585ac5").starts_with("multisig_create: call program "));
}

// Every instruction of the published list is known, by words or by name.
TEST_CASE("every Squads instruction is known", "[solana]") {
  for (const Vectors& one : vectors("anchor_discriminators").at("cases")) {
    if (one.at("program") != "squads_v4" || one.at("kind") != "instruction") continue;
    INFO(text(one.at("name")));
    CHECK_FALSE(words(known::squads_v4, 9, text(one.at("hex"))).starts_with("call program "));
  }
}

// The message that a vault transaction is created with is told, as the official client wrote it.
TEST_CASE("what a vault would do is told where it is proposed", "[solana]") {
  const std::string message = text(vectors("squads_v4_compact_message").at("hex"));
  const std::string size = to_hex(Bytes{static_cast<std::uint8_t>(message.size() / 2 % 256),
                                        static_cast<std::uint8_t>(message.size() / 2 / 256), 0, 0});
  const std::string told = words(known::squads_v4, 5,
                                 "30fa4ea8d0e2dad3"
                                 "00"
                                 "00" +
                                     size + message + "00");
  CHECK(told.find("so that vault 0 would upgrade program CVGMpraBxaqGoBYMABJ5Jxh5gYxdgo5h9NCwLJJKNBaw from buffer ") !=
        std::string::npos);
  const std::string cut = words(known::squads_v4, 5,
                                "30fa4ea8d0e2dad3"
                                "00"
                                "00"
                                "01000000"
                                "01"
                                "00");
  CHECK(cut.find("would do what does not read: vault transaction message: ") != std::string::npos);
}

// Whatever is not understood is told, so that it can be compared; an account that is missing is not left out.
TEST_CASE("what is not known is told in full", "[solana]") {
  CHECK(words(known::clock, 2, "abcd").ends_with(" with 2 accounts and data abcd"));
  CHECK(words(known::clock, 0, "").ends_with(" with 0 accounts and no data"));
  CHECK(words(known::clock, 0, std::string(130, '0')).find("65 bytes of data with SHA-256 ") != std::string::npos);
  CHECK(words(known::loader_v3, 7, "0b000000").starts_with("call program "));
  CHECK(words(known::system_program, 2, "02000000").starts_with("call program "));
  CHECK(words(known::token, 1, "ff").starts_with("call program "));
  CHECK(words(known::squads_v4, 1, "0000000000000000").starts_with("call program "));
  CHECK(words(known::loader_v3, 1, "03000000").find("an account that is missing") != std::string::npos);
}
