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
  CHECK(words(known::squads_v4, 3, "9025a488bcd82af8") ==
        "call proposal_approve of program " + to_string(known::squads_v4) + " (Squads v4 program) for " + at(0));
  CHECK(words(known::otter_verify, 4, "dbc858b09e3ffd7f").starts_with("call update of program "));
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
