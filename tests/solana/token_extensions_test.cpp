#include "solana/token_extensions.hpp"

#include <set>

#include "solana/token.hpp"
#include "solana/vectors.hpp"

using namespace readyctl;
using namespace readyctl::test;
namespace ext = token_extension;

namespace {

Mint rich_mint() {
  const Vectors& one = case_named(vectors("token_accounts").at("cases"), "Token-2022 Mint with many extensions");
  return decode_mint(unhex(one.at("hex"))).value();
}

TokenAccount rich_account() {
  const Vectors& one = case_named(vectors("token_accounts").at("cases"), "Token-2022 Account with extensions");
  return decode_token_account(unhex(one.at("hex"))).value();
}

const TokenExtension& of(const std::vector<TokenExtension>& extensions, std::uint16_t id) {
  const TokenExtension* found = find_extension(extensions, id);
  REQUIRE(found != nullptr);
  return *found;
}

std::string hex_of(const std::optional<Pubkey>& key) { return key ? to_hex(key->bytes) : "none"; }

}  // namespace

// Names and ids go both ways, for the vectors' names, all known ones, and ids that nobody knows yet.
TEST_CASE("extensions have names", "[solana]") {
  for (const Vectors& one : vectors("token_accounts").at("cases")) {
    for (const Vectors& extension : one.at("decoded").value("extensions", Vectors::array())) {
      CHECK(extension_id(extension.at("name").get<std::string>()) == extension.at("type").get<std::uint16_t>());
    }
  }
  std::uint16_t id = 0;
  for (const std::string& name : extension_names()) {
    CHECK(extension_id(name) == ++id);
    CHECK(extension_name(id) == name);
    CHECK(extension_host(id).has_value());
  }
  CHECK(id == 28);
  CHECK(extension_name(29) == "unknown-29");
  CHECK(extension_id("unknown-29") == 29);
  CHECK(extension_id("unknown-65535") == 65535);
}

// A name that is not exactly one that we print is no name.
TEST_CASE("other extension names are refused", "[solana]") {
  for (const std::string name : {"", "permanentdelegate", "unknown-", "unknown-12", "unknown-029", "unknown-65536",
                                 "unknown-0x1", "unknown- 29"}) {
    INFO(name);
    CHECK_FALSE(extension_id(name).has_value());
  }
  CHECK_FALSE(extension_host(0).has_value());
  CHECK_FALSE(extension_host(29).has_value());
}

// Every extension of a vector stands on the sort of account that the table says, with the length it says.
TEST_CASE("extensions stand where the table says", "[solana]") {
  for (const TokenExtension& extension : rich_mint().extensions) {
    CHECK(extension_host(extension.id) == ExtensionHost::mint);
    CHECK(extension_bytes(extension.id) == extension.value.size());
  }
  for (const TokenExtension& extension : rich_account().extensions) {
    CHECK(extension_host(extension.id) == ExtensionHost::account);
    CHECK(extension_bytes(extension.id) == extension.value.size());
  }
}

// Who may do what with a mint that has everything a gate looks for.
TEST_CASE("mint extensions are read", "[solana]") {
  const std::vector<TokenExtension> extensions = rich_mint().extensions;
  CHECK(hex_of(permanent_delegate(of(extensions, ext::permanent_delegate)).value()) ==
        "68763add199b6f228af26c45f6e9c65de15d58a9a3a6d60120405eadb7728ced");
  CHECK(hex_of(mint_close_authority(of(extensions, ext::mint_close_authority)).value()) ==
        "f010cd5ef8dbc2a1126e39688e1d575b1953b3124b2bb03dde076751f8e5fa8f");
  CHECK(default_account_state(of(extensions, ext::default_account_state)).value() == TokenAccountState::frozen);

  const TransferHook hook = transfer_hook(of(extensions, ext::transfer_hook)).value();
  CHECK(hex_of(hook.authority) == "ff2add21779b52e00609857d193bdb98d523556bedcb98578319af7d9c4bbdc0");
  CHECK(hex_of(hook.program) == "5fd2440c5c31ecfd2582ea27f399e13eef1c628edb0354dbcd2851c35e076b54");

  const Pausable state = pausable(of(extensions, ext::pausable)).value();
  CHECK(hex_of(state.authority) == "2a0b29efee3f1c036e0b59f6be127d25c67da923c93ef7a1bc8c5f8300e470e7");
  CHECK_FALSE(state.paused);

  const ExtensionPointer pointer = metadata_pointer(of(extensions, ext::metadata_pointer)).value();
  CHECK(hex_of(pointer.authority) == "8026c975b258cde2e44aafcba1da290983ceaed4812d8957a69d25eb611d15f5");
  CHECK(hex_of(pointer.address) == "886d2010a7ef8a5366a78060c9c995f36f92c4c8a8d9db1c75591a5dc56fce79");
}

// The newer fee applies from its epoch on, the older one before.
TEST_CASE("transfer fees change with the epoch", "[solana]") {
  TokenExtension extension = of(rich_mint().extensions, ext::transfer_fee_config);
  const TransferFeeConfig config = transfer_fee_config(extension).value();
  CHECK(hex_of(config.config_authority) == "497a21a65cf092de32d733f22954f14e6ddb074ba61ec9b6abcafa3e41712974");
  CHECK(config.withdraw_withheld_authority.has_value());
  CHECK(config.withheld == 0);
  CHECK(config.newer.epoch == 500);
  CHECK(config.newer.fee_max == 1'000'000);
  CHECK(config.newer.basis_points == 50);

  extension.value.at(90 + 8 + 8) = 75;
  const TransferFeeConfig changed = transfer_fee_config(extension).value();
  CHECK(changed.at(499).basis_points == 50);
  CHECK(changed.at(500).basis_points == 75);
}

// What a token account's owner has switched on.
TEST_CASE("account extensions are read", "[solana]") {
  const std::vector<TokenExtension> extensions = rich_account().extensions;
  CHECK(memo_transfer(of(extensions, ext::memo_transfer)).value());
  CHECK(cpi_guard(of(extensions, ext::cpi_guard)).value());
  CHECK(find_extension(extensions, ext::immutable_owner) != nullptr);
  CHECK(find_extension(extensions, ext::permanent_delegate) == nullptr);
}

// An address of zeros is nobody.
TEST_CASE("zeros mean nobody in extensions", "[solana]") {
  CHECK_FALSE(permanent_delegate({ext::permanent_delegate, Bytes(32)}).value().has_value());
  CHECK_FALSE(permissioned_burn_authority({ext::permissioned_burn, Bytes(32)}).value().has_value());
  CHECK_FALSE(transfer_hook({ext::transfer_hook, Bytes(64)}).value().program.has_value());
  CHECK(permissioned_burn_authority({ext::permissioned_burn, Bytes(32, 1)}).value().has_value());
}

// A reader refuses another extension, another length and values out of range, and says which.
TEST_CASE("extension readers refuse what is not theirs", "[solana]") {
  CHECK(trouble(permanent_delegate({ext::transfer_hook, Bytes(64)})) ==
        "PermanentDelegate: expected extension 12, found 14 (TransferHook)");
  CHECK(trouble(permanent_delegate({ext::permanent_delegate, Bytes(31)})) ==
        "PermanentDelegate: expected 32 bytes, found 31");
  CHECK(trouble(pausable({ext::pausable, Bytes(33, 2)})) ==
        "Pausable: expected 0 or 1 for paused at offset 32, found 2");
  CHECK(trouble(default_account_state({ext::default_account_state, Bytes{3}})) ==
        "DefaultAccountState: expected state 0, 1 or 2, found 3");
}

// Unknown extensions are kept; the list ends at id 0 or when no id fits any more.
TEST_CASE("extension lists end where the program ends them", "[solana]") {
  const auto one =
      decode_extensions(unhex("2900"
                              "0200"
                              "aabb"
                              "0000"
                              "ffff"));
  REQUIRE(one.has_value());
  CHECK(*one == std::vector<TokenExtension>{{41, unhex("aabb")}});
  CHECK(decode_extensions(unhex("2900"
                                "0000"
                                "01"))
            .value()
            .size() == 1);
  CHECK(decode_extensions({}).value().empty());
}

// A length that leaves the account, or contradicts the layout, is an error.
TEST_CASE("broken extension lists are refused", "[solana]") {
  CHECK(trouble(decode_extensions(unhex("2900"
                                        "0300"
                                        "aabb"))) ==
        "Token-2022 extensions (after offset 166): expected 3 bytes of unknown extension at offset 4, the data has 6 "
        "bytes");
  CHECK(trouble(decode_extensions(unhex("0700"))) ==
        "Token-2022 extensions (after offset 166): expected 2 bytes of length at offset 2, the data has 2 bytes");
  CHECK(trouble(decode_extensions(unhex("0700"
                                        "0100"
                                        "00"))) == "ImmutableOwner: expected 0 bytes, found 1");
  CHECK(trouble(decode_extensions(unhex("0b00"
                                        "0100"
                                        "02"))) == "CpiGuard: expected 0 or 1 for locked at offset 0, found 2");
}

// Each extension of the vectors in one line that a person understands.
TEST_CASE("extensions are described in words", "[solana]") {
  const std::vector<TokenExtension> mint = rich_mint().extensions;
  CHECK(describe(of(mint, ext::transfer_fee_config)) ==
        "TransferFeeConfig: every transfer pays a fee: 50 basis points, at most 1000000, from epoch 500; " +
            to_string(*transfer_fee_config(of(mint, ext::transfer_fee_config))->config_authority) + " may change it, " +
            to_string(*transfer_fee_config(of(mint, ext::transfer_fee_config))->withdraw_withheld_authority) +
            " may collect it; 0 withheld in the mint");
  CHECK(describe(of(mint, ext::permanent_delegate)) ==
        "PermanentDelegate: " + to_string(**permanent_delegate(of(mint, ext::permanent_delegate))) +
            " may move or burn anybody's tokens");
  CHECK(describe(of(mint, ext::default_account_state)) == "DefaultAccountState: new accounts are frozen");
  CHECK(describe(of(mint, ext::interest_bearing_config)).find("interest of 250 basis points a year") !=
        std::string::npos);
  CHECK(describe({ext::permanent_delegate, Bytes(32)}) ==
        "PermanentDelegate: nobody may move or burn anybody's tokens");
  CHECK(describe({41, Bytes(3)}) == "unknown-41: not known to readyctl, 3 bytes");
  CHECK(describe({ext::pausable, Bytes(32)}) == "Pausable: its value of 32 bytes cannot be read");
}

// The names that a mint gives itself cannot steer a terminal.
TEST_CASE("token metadata is described safely", "[solana]") {
  const std::string label = "same mint after TokenMetadata Initialize (variable-length ext 19 appended)";
  const Mint mint = decode_mint(unhex(case_named(vectors("token_accounts").at("cases"), label).at("hex"))).value();
  TokenExtension metadata = of(mint.extensions, ext::token_metadata);
  CHECK(describe(metadata).find("the metadata names it \"Ready Token\" (\"RDY\")") != std::string::npos);
  metadata.value.at(68) = 0x1b;
  CHECK(describe(metadata).find("\"\\x1beady Token\"") != std::string::npos);
}

// Every known extension has words of its own, whatever its value holds.
TEST_CASE("every extension has words", "[solana]") {
  std::set<std::string> words;
  for (std::uint16_t id = 1; id <= extension_names().size(); ++id) {
    const std::string line = describe({id, Bytes(extension_bytes(id).value_or(256))});
    INFO(line);
    CHECK(line.starts_with(extension_name(id) + ": "));
    CHECK(line.find("cannot be read") == std::string::npos);
    CHECK(line.find('\n') == std::string::npos);
    words.insert(line);
  }
  CHECK(words.size() == extension_names().size());
}
