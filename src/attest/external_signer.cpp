#include "attest/external_signer.hpp"

#include <algorithm>

#include "attest/child_process.hpp"
#include "attest/envelope.hpp"
#include "attest/public_key_field.hpp"
#include "base/base64.hpp"
#include "base/fields.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/sha256.hpp"

namespace readyctl {
namespace {

constexpr std::string_view protocol = "readyctl.signer/v1";

struct SignerFile {
  std::string api_version;
  std::vector<std::string> command;
  std::optional<PublicKey> public_key;
  std::uint32_t timeout_seconds = static_cast<std::uint32_t>(external_signer_timeout.count());

  static constexpr auto fields() {
    return std::tuple{required("apiVersion", &SignerFile::api_version, "readyctl.signer/v1"),
                      required("command", &SignerFile::command, "the program, then its arguments"),
                      required("publicKey", &SignerFile::public_key, "the key that it signs with, base58 or PEM"),
                      optional("timeoutSeconds", &SignerFile::timeout_seconds, "it is killed after this; 1 to 3600")};
  }

  Result<void> validate(const Place& place) const {
    if (api_version != protocol) {
      return (place / "apiVersion")
          .malformed("expected \"" + std::string(protocol) + "\", found \"" + printable(api_version) + "\"");
    }
    if (command.empty())
      return (place / "command").malformed("the command is empty; expected the program and its arguments");
    const std::filesystem::path program(command.front());
    if (program.is_relative() && std::find(program.begin(), program.end(), "..") != program.end()) {
      return (place / "command" / 0)
          .malformed("\"" + printable(command.front()) + "\" leads out of the folder of this file",
                     "write an absolute path, or put the program beneath this folder");
    }
    if (timeout_seconds < 1 || timeout_seconds > external_signer_timeout_max.count()) {
      return (place / "timeoutSeconds").malformed("expected 1 to 3600, found " + std::to_string(timeout_seconds));
    }
    return {};
  }
};

class ExternalSigner final : public Signer {
 public:
  ExternalSigner(Command command, PublicKey key, std::string written_key, CommandLimits limits)
      : command_(std::move(command)),
        public_key_(std::move(key)),
        written_key_(std::move(written_key)),
        limits_(std::move(limits)) {}

  const PublicKey& public_key() const override { return public_key_; }

  Result<Bytes> sign(ByteView message) override {
    const auto answer = run_command(command_, request_for(message), limits_);
    if (!answer) return failure(answer.error());
    auto signature = read_answer(*answer);
    if (!signature) return signature;
    if (const auto fits = verify_signature(public_key_, message, *signature); !fits) {
      return failure({ErrorKind::not_relied, command_.program.string(),
                      "its signature is not used, for it does not verify under " + to_string(public_key_) + ": " +
                          fits.error().what,
                      fits.error().hint});
    }
    return signature;
  }

 private:
  std::string request_for(ByteView message) const {
    Json request = {{"protocol", protocol},
                    {"publicKey", written_key_},
                    {"message", to_base64(message)},
                    {"sha256", to_string(sha256(message))}};
    if (const auto type = payload_type_of(message)) request["payloadType"] = *type;
    return request.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  }

  // What it wrote is not repeated: nobody knows what a broken signer prints.
  Result<Bytes> read_answer(const std::string& answer) const {
    const auto json = parse_json(answer, command_.program.string());
    const bool form = json && json->is_object() && json->size() == 1 && json->contains("signature") &&
                      json->at("signature").is_string();
    if (!form) return no_answer("its answer is not one JSON object");
    auto signature = from_base64(json->at("signature").get<std::string>());
    if (!signature) return no_answer("its signature is not base64");
    return signature;
  }

  tl::unexpected<Error> no_answer(std::string what) const {
    return malformed(command_.program.string(), std::move(what),
                     "expected {\"signature\":\"<base64>\"} on standard output and nothing else");
  }

  Command command_;
  PublicKey public_key_;
  std::string written_key_;
  CommandLimits limits_;
};

// What decides what is signed, as much as the file that names it. `role` is a clause about it.
Result<void> require_safe(const std::filesystem::path& file, const Access& access, const std::string& role) {
  const auto refuse = [&](const std::filesystem::path& which, const std::string& what, std::string hint) {
    return failure({ErrorKind::unreadable, which.string(), what, std::move(hint)});
  };
  const std::string hint = "it must belong to you or to root, and nobody else may write to it (chmod go-w)";
  if (access.others_may_write()) return refuse(file, role + ", and group or others may write to it", hint);
  if (!access.owner_is_trusted()) {
    return refuse(file, role + ", and belongs to the user with id " + std::to_string(access.owner), hint);
  }
  std::error_code trouble;
  for (const auto& path : {file, std::filesystem::canonical(file, trouble)}) {
    const std::filesystem::path folder = folder_of(path);
    const auto around = access_to_folder(folder);
    if (!around) return failure(around.error());
    if (around->owner_is_trusted() && !around->others_may_rename()) continue;
    return refuse(folder, "holds " + path.filename().string() + ", which " + role + ", and others may replace it there",
                  "the folder must belong to you or to root, and nobody else may write to it (chmod go-w)");
  }
  return {};
}

Result<void> require_safe_program(const std::filesystem::path& program) {
  const auto access = access_to(program);
  if (!access) {
    Error error = access.error();
    error.hint = "the program is a path, relative to the signer file or absolute; PATH is not searched";
    return failure(std::move(error));
  }
  return require_safe(program, *access, "is run to sign");
}

// A script that an interpreter is given is the program. What else an argument may mean, only the program knows.
Result<void> require_safe_arguments(const std::vector<std::string>& arguments) {
  for (const std::filesystem::path argument : arguments) {
    std::error_code trouble;
    if (!argument.is_absolute() || !std::filesystem::is_regular_file(argument, trouble)) continue;
    const auto access = access_to(argument);
    if (!access) return failure(access.error());
    if (const auto safe = require_safe(argument, *access, "is given to the program that signs"); !safe) return safe;
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Signer>> parse_external_signer(std::string text, const std::filesystem::path& file,
                                                      const std::function<bool()>& interrupted) {
  const auto document = Document::parse(std::move(text), file.string());
  if (!document) return failure(document.error());
  auto read = read_record<SignerFile>(document->value(), Place(*document));
  if (!read) return failure(read.error());
  Command command{.program = folder_of(file) / read->command.front(),  // an absolute program stands alone
                  .arguments = {read->command.begin() + 1, read->command.end()}};
  if (const auto safe = require_safe_program(command.program); !safe) return failure(safe.error());
  if (const auto safe = require_safe_arguments(command.arguments); !safe) return failure(safe.error());
  CommandLimits limits{std::chrono::seconds(read->timeout_seconds), external_signer_output_bytes_max, interrupted};
  return std::make_unique<ExternalSigner>(std::move(command), read->public_key.value(),
                                          document->value().at("publicKey").get<std::string>(), std::move(limits));
}

}  // namespace readyctl
