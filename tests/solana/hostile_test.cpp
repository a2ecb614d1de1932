// What hostile bytes do to the decoders: nothing. Each decoder is given every beginning of a valid account, every byte
// of it spoiled, and garbage. The sanitizers watch for reads past the end; the buffers are exactly as long as the data.
#include <functional>
#include <random>

#include "solana/elf.hpp"
#include "solana/feature.hpp"
#include "solana/loader.hpp"
#include "solana/spl_governance.hpp"
#include "solana/squads.hpp"
#include "solana/squads_spending.hpp"
#include "solana/squads_transactions.hpp"
#include "solana/squads_v3.hpp"
#include "solana/sysvars.hpp"
#include "solana/token.hpp"
#include "solana/vectors.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

using Lengths = std::vector<std::size_t>;

/// A decoder, a valid account for it, and which beginnings of that account are valid too.
struct Subject {
  std::string name;
  Bytes valid;
  std::function<std::optional<Error>(ByteView)> decode;
  Lengths valid_lengths;
};

template <class T>
std::optional<Error> outcome(const Result<T>& result) {
  return result ? std::nullopt : std::optional(result.error());
}

std::optional<Error> decode_and_describe(ByteView data) {
  const auto mint = decode_mint(data);
  if (!mint) return mint.error();
  for (const TokenExtension& extension : mint->extensions) REQUIRE_FALSE(describe(extension).empty());
  return std::nullopt;
}

Lengths from(std::size_t first, std::size_t last) {
  Lengths lengths;
  for (std::size_t length = first; length <= last; ++length) lengths.push_back(length);
  return lengths;
}

/// Valid where the extensions end: behind each entry, and one byte later, where no further id fits.
Lengths token_lengths(std::size_t base_bytes, const std::vector<TokenExtension>& extensions) {
  Lengths lengths{base_bytes};
  if (extensions.empty()) return lengths;
  std::size_t end = token_account_bytes + 1;
  lengths.insert(lengths.end(), {end, end + 1});
  for (const TokenExtension& extension : extensions) {
    end += 4 + extension.value.size();
    lengths.insert(lengths.end(), {end, end + 1});
  }
  lengths.pop_back();  // one byte behind the whole account
  return lengths;
}

Bytes vector_bytes(const std::string& group, const std::string& name) {
  return unhex(case_named(vectors(group).at("cases"), name).at("hex"));
}

/// A loader account of the vectors with some code behind its header.
Bytes loader_account(const std::string& step) {
  Bytes data = unhex(case_named(vectors("loader_v3").at("steps"), step).at("data_prefix_hex"));
  data.resize(data.size() + 20, 0x7f);
  return data;
}

Subject token_account(const std::string& label) {
  Bytes data = vector_bytes("token_accounts", label);
  const auto extensions = decode_token_account(data).value().extensions;
  return {label, data, [](ByteView d) { return outcome(decode_token_account(d)); },
          token_lengths(token_account_bytes, extensions)};
}

Subject mint(const std::string& label) {
  Bytes data = vector_bytes("token_accounts", label);
  const auto extensions = decode_mint(data).value().extensions;
  return {label, data, decode_and_describe, token_lengths(mint_bytes, extensions)};
}

template <class T>
Subject squads(const std::string& name, Result<T> (*decode)(ByteView)) {
  Bytes data = vector_bytes("squads_v4_accounts", name);
  const std::size_t size = data.size();
  return {name, std::move(data), [decode](ByteView d) { return outcome(decode(d)); }, {size}};
}

template <class T>
Subject prefix(const std::string& name, Bytes data, Result<T> (*decode)(ByteView), std::size_t shortest) {
  const std::size_t size = data.size();
  return {name, std::move(data), [decode](ByteView d) { return outcome(decode(d)); }, from(shortest, size)};
}

/// Cut where its value ends, so that every beginning is an error.
Bytes governance_vector(const std::string& account, std::size_t size) {
  Bytes data = unhex(vectors("spl_governance").at(account).at("hex"));
  data.resize(size);
  return data;
}

Bytes realm_config() {
  Bytes data(1 + 32 + 2 * (1 + 1 + 1 + 8));
  data.at(0) = 11;
  return data;
}

Bytes elf() {
  Bytes code = unhex(vectors("elf_headers").at("cases")[2].at("first64_hex"));
  code.resize(64 + 3 * 56 + 10);
  return code;
}

Bytes loader_v4() {
  Bytes data(loader_v4_header_bytes + 10, 1);
  std::fill_n(data.begin() + 40, 8, 0);
  return data;
}

std::vector<Subject> subjects() {
  return {
      prefix("Program", loader_account("after DeployWithMaxDataLen: program"), decode_program, 36),
      prefix("ProgramData", loader_account("after deploy: programdata (header only shown)"), decode_programdata, 45),
      prefix("Buffer", loader_account("InitializeBuffer buf1"), decode_buffer, 37),
      prefix("loader v4", loader_v4(), decode_loader_v4, 48),
      prefix("ELF", elf(), decode_elf, 64 + 3 * 56),
      prefix("Feature", unhex("010700000000000000"), decode_feature, 9),
      prefix("Clock", unhex(vectors("sysvars").at("clock").at("hex")), decode_clock, 40),
      prefix("Rent", unhex(vectors("sysvars").at("rent").at("hex")), decode_rent, 17),
      prefix("EpochSchedule", unhex(vectors("sysvars").at("epoch_schedule").at("hex")), decode_epoch_schedule, 33),
      mint("spl-token Mint, supply 1234567, decimals 6, mint+freeze authority set"),
      mint("Token-2022 Mint with many extensions"),
      mint("same mint after TokenMetadata Initialize (variable-length ext 19 appended)"),
      mint("Token-2022 Mint NonTransferable + ScaledUiAmount(1.5)"),
      token_account("spl-token Account with delegate and close authority"),
      token_account("Token-2022 Account with extensions"),
      squads("Multisig, autonomous, rent_collector None", decode_multisig),
      squads("Multisig, controlled, rent_collector Some", decode_multisig),
      squads("Proposal Rejected", decode_proposal),
      squads("Proposal Executing", decode_proposal),
      squads("VaultTransaction: loader-v3 Upgrade", decode_vault_transaction),
      squads("VaultTransaction: two instructions, ALT lookup, 2 ephemeral signers", decode_vault_transaction),
      squads("VaultBatchTransaction", decode_vault_batch_transaction),
      squads("SpendingLimit", decode_spending_limit),
      prefix("Squads v3 Ms", unhex(vectors("squads_v3").at("ms_account").at("hex")), decode_squads_v3_multisig, 154),
      prefix("Governance", governance_vector("governance_v2_account", 235), decode_governance, 235),
      prefix("Realm", governance_vector("realm_v2_account", 145), decode_realm, 145),
      prefix("RealmConfig", realm_config(), decode_realm_config, 55),
  };
}

}  // namespace

// A beginning of a valid account is an error in words, but where the layout itself may end earlier.
TEST_CASE("cut accounts are errors", "[solana]") {
  for (const Subject& subject : subjects()) {
    INFO(subject.name);
    Lengths accepted;
    for (std::size_t length = 0; length <= subject.valid.size(); ++length) {
      const Bytes cut(subject.valid.begin(), subject.valid.begin() + static_cast<std::ptrdiff_t>(length));
      const auto error = subject.decode(cut);
      if (!error) accepted.push_back(length);
      if (error && (error->kind != ErrorKind::malformed || error->what.empty())) FAIL("no words at " << length);
    }
    CHECK(accepted == subject.valid_lengths);
  }
}

// Spoiling any byte in any way never does more than change the value or make it an error.
TEST_CASE("spoiled accounts do no harm", "[solana]") {
  for (const Subject& subject : subjects()) {
    INFO(subject.name);
    for (std::size_t at = 0; at < subject.valid.size(); ++at) {
      for (const std::uint8_t flip : Bytes{0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff}) {
        Bytes spoiled = subject.valid;
        spoiled[at] ^= flip;
        const auto error = subject.decode(spoiled);
        if (error && error->what.empty()) FAIL("no words at " << at);
      }
    }
  }
}

// Garbage of any length is refused or read, with and without the beginning of a valid account before it.
TEST_CASE("garbage does no harm", "[solana]") {
  std::mt19937 random(20'260'821);
  for (const Subject& subject : subjects()) {
    INFO(subject.name);
    for (int round = 0; round < 2000; ++round) {
      const std::size_t kept = round % 2 == 0 ? 0 : random() % subject.valid.size();
      Bytes garbage(subject.valid.begin(), subject.valid.begin() + static_cast<std::ptrdiff_t>(kept));
      const std::size_t size = kept + random() % 400;
      while (garbage.size() < size) garbage.push_back(static_cast<std::uint8_t>(random()));
      garbage.shrink_to_fit();
      const auto error = subject.decode(garbage);
      if (error && error->what.empty()) FAIL("no words in round " << round);
    }
  }
}

// The parsers of text take any text.
TEST_CASE("garbage is no address", "[solana]") {
  std::mt19937 random(20'260'821);
  for (int round = 0; round < 20'000; ++round) {
    std::string text(random() % 60, '\0');
    for (char& c : text) c = static_cast<char>(random());
    const auto parsed = parse_pubkey(text);
    if (parsed && to_string(*parsed) != text) FAIL("an address that does not go round: " << text);
  }
}
