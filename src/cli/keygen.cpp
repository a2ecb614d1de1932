// readyctl keygen: a new key for signing reports.
#include "attest/keygen.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"

namespace readyctl {
namespace {

KeyFile format_for(const std::string& name) {
  if (name == "solana") return KeyFile::solana_keypair;
  return name == "ed25519" ? KeyFile::ed25519_pem : KeyFile::p256_pem;
}

// What a verifier pastes into "keys"; a P-256 key stands there as PEM.
std::string trust_entry(const PublicKey& key) {
  const std::string text = key.algorithm() == KeyAlgorithm::ed25519 ? to_string(key) : to_pem(key);
  return R"({ "name": "operator", "key": )" + Json(text).dump() + R"(, "roles": ["release"] })";
}

}  // namespace

void add_keygen(CLI::App& app, ExitCode& status) {
  struct Options {
    std::filesystem::path file;
    std::string type = "ed25519";
  };
  const auto options = std::make_shared<Options>();
  CLI::App& command = *app.add_subcommand("keygen", "make a key for signing reports, readable by its owner only");
  command.add_option("file", options->file, "where the private key goes; must not exist")
      ->required()
      ->type_name("FILE");
  command.add_option("--type", options->type, "ed25519 (PEM), p256 (PEM) or solana (keypair file)")
      ->check(CLI::IsMember({"ed25519", "p256", "solana"}))
      ->type_name("TYPE");
  command.callback([options, &status] {
    const auto key = make_key(format_for(options->type), options->file);
    if (!key) {
      status = complain(key.error());
      return;
    }
    print("Private key  " + printable(options->file.string()) + "\nPublic key   " + to_string(*key) + "\n" +
          to_pem(*key) + "In a trust file, with a name and roles of your own:\n" + trust_entry(*key) + "\n");
    status = ExitCode::go;
  });
}

}  // namespace readyctl
