#include "attest/external_signer.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include "attest/child_process.hpp"
#include "attest/support.hpp"
#include "base/base64.hpp"
#include "base/files.hpp"

using namespace readyctl;
using namespace std::chrono_literals;

namespace {

const CommandLimits roomy{.timeout = 60s, .output_bytes_max = 1 << 20};

Json signer_file(const PublicKey& key, const std::vector<std::string>& command) {
  return {{"apiVersion", "readyctl.signer/v1"},
          {"command", command},
          {"publicKey", key.algorithm() == KeyAlgorithm::ed25519 ? to_string(key) : to_pem(key)}};
}

// A signer whose command is this script of the shell.
Result<std::unique_ptr<Signer>> scripted(const ScratchFolder& folder, const PublicKey& key, const std::string& script,
                                         unsigned timeout_seconds = 60) {
  Json file = signer_file(key, {"/bin/sh", "-c", script});
  file["timeoutSeconds"] = timeout_seconds;
  return open_signer(folder.with("signer.json", file.dump()));
}

Result<Bytes> signature_of(const std::string& script, unsigned timeout_seconds = 60) {
  const ScratchFolder folder;
  const auto signer = scripted(folder, ed25519_key(rfc8032_public), script, timeout_seconds);
  REQUIRE(signer);
  return (*signer)->sign(bytes_of("message"));
}

// Whether any child of this process still runs or waits to be waited for.
bool has_children() { return ::waitpid(-1, nullptr, WNOHANG) != -1; }

}  // namespace

// A script around OpenSSL, as an operator would write one, signs for both algorithms, and the envelope verifies.
TEST_CASE("an external signer signs an envelope", "[attest]") {
  for (const KeyFile format : {KeyFile::ed25519_pem, KeyFile::p256_pem}) {
    const ScratchFolder folder;
    const PublicKey key = make_key(format, folder / "key.pem").value();
    const std::string sign = format == KeyFile::p256_pem
                                 ? "openssl dgst -sha256 -sign key.pem -out signature message"
                                 : "openssl pkeyutl -sign -inkey key.pem -rawin -in message -out signature";
    const std::string script =
        "cd " + folder.path().string() +
        " && cat > request && sed 's/.*\"message\":\"\\([^\"]*\\)\".*/\\1/' request | base64 -d > "
        "message && " +
        sign + " && printf '{\"signature\":\"%s\"}\\n' $(base64 -w0 signature)";
    const auto signer = scripted(folder, key, script);
    REQUIRE(signer);
    CHECK((*signer)->public_key() == key);
    Envelope envelope = envelope_over("{}");
    REQUIRE(add_signature(envelope, **signer));
    CHECK(who_signed(envelope, trust_of({trust_entry("kms", key)}), now).threshold_met);
    CHECK_FALSE(has_children());
  }
}

// The request is one line with the exact bytes, their digest, and the payload type when they are a PAE.
TEST_CASE("the request to an external signer", "[attest]") {
  const ScratchFolder folder;
  const PublicKey key = ed25519_key(rfc8032_public);
  const auto signer = scripted(folder, key, "cat > " + (folder / "request").string() + "; exit 1");
  REQUIRE(signer);
  const Bytes message = pae(in_toto_payload_type, bytes_of("{}"));
  REQUIRE_FALSE((*signer)->sign(message).has_value());
  const std::string request = content_of(folder / "request");
  CHECK(std::count(request.begin(), request.end(), '\n') == 1);
  CHECK(parse_json(request, "request").value() == Json{{"protocol", "readyctl.signer/v1"},
                                                       {"publicKey", to_string(key)},
                                                       {"payloadType", "application/vnd.in-toto+json"},
                                                       {"message", to_base64(message)},
                                                       {"sha256", to_string(sha256(message))}});
  REQUIRE_FALSE((*signer)->sign(bytes_of("no PAE")).has_value());
  CHECK_FALSE(parse_json(content_of(folder / "request"), "request").value().contains("payloadType"));
}

// A signature of another key, or of the right form and no meaning, is not used.
TEST_CASE("an external signer's wrong signature is not used", "[attest]") {
  const std::string foreign = to_base64(signer_number('1')->sign(bytes_of("message")).value());
  CHECK(refused(ErrorKind::not_relied, "/bin/sh", "its signature is not used",
                "not this key's")(signature_of("echo '{\"signature\":\"" + foreign + "\"}'")));
  CHECK(refused(ErrorKind::not_relied, "expected 64")(signature_of("echo '{\"signature\":\"AAAA\"}'")));
  const std::string right = to_base64(rfc8032_signer()->sign(bytes_of("message")).value());
  CHECK(signature_of("echo '{\"signature\":\"" + right + "\"}'"));
}

// Anything but the one object is refused, and not repeated: a broken signer may print anything.
TEST_CASE("an external signer's garbage is refused", "[attest]") {
  for (const std::string output : {"", "secret", "[]", "{}", "{\"signature\":1}", "{\"signature\":\"\"} {}",
                                   "{\"signature\":\"\",\"secret\":1}", "{\"signature\":\"\",\"signature\":\"\"}"}) {
    const auto signature = signature_of("printf '%s' '" + output + "'");
    CAPTURE(output);
    CHECK(refused(ErrorKind::malformed, "/bin/sh", "not one JSON object",
                  "expected {\"signature\":\"<base64>\"}")(signature));
    CHECK(to_string(signature.error()).find("secret") == std::string::npos);
  }
  CHECK(refused(ErrorKind::malformed, "not base64")(signature_of("echo '{\"signature\":\"*\"}'")));
}

// A signature that came with a failure is not used either.
TEST_CASE("an external signer's failure is reported", "[attest]") {
  const std::string right = to_base64(rfc8032_signer()->sign(bytes_of("message")).value());
  CHECK(refused(ErrorKind::unreadable, "/bin/sh",
                "exited with status 1")(signature_of("echo '{\"signature\":\"" + right + "\"}'; exit 1")));
  CHECK(refused(ErrorKind::unreadable, "ended by signal 15")(signature_of("kill -TERM $$")));
  CHECK_FALSE(has_children());
}

// A command that waits forever is killed, and nothing of it stays.
TEST_CASE("an external signer that hangs is killed", "[attest]") {
  CHECK(refused(ErrorKind::unreadable, "did not finish within 1 s", "was killed",
                "timeoutSeconds")(signature_of("exec tail -f /dev/null", 1)));
  CHECK_FALSE(has_children());
}

// What a command started goes with it, when it is killed because the operator gave up.
TEST_CASE("an interrupted command takes its children along", "[attest]") {
  const ScratchFolder folder;
  const std::string fifo = (folder / "fifo").string();
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  const Descriptor listening(::open(fifo.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  const std::string script =
      "exec 3> " + fifo + "; tail -f /dev/null & echo > " + (folder / "started").string() + "; wait";
  CommandLimits limits = roomy;
  limits.interrupted = [&] { return std::filesystem::exists(folder / "started"); };
  CHECK(refused(ErrorKind::unreadable, "was killed",
                "interrupted")(run_command({.program = "/bin/sh", .arguments = {"-c", script}}, "", limits)));
  CHECK_FALSE(has_children());
  pollfd all_gone{listening.number(), POLLIN, 0};  // hung up when nobody holds the other end
  CHECK(::poll(&all_gone, 1, 60'000) == 1);
  CHECK((all_gone.revents & POLLHUP) != 0);
}

// A command that closes its output and then hangs is killed too.
TEST_CASE("closing the output is not the end", "[attest]") {
  const Command command{.program = "/bin/sh", .arguments = {"-c", "exec tail -f /dev/null > /dev/null"}};
  CHECK(refused(ErrorKind::unreadable,
                "was killed")(run_command(command, "", {.timeout = 100ms, .output_bytes_max = 10})));
  CHECK_FALSE(has_children());
}

// Nor can a command fill our memory.
TEST_CASE("an external signer's output has a limit", "[attest]") {
  CHECK(refused(ErrorKind::unreadable, "wrote more than 65536 bytes")(signature_of("exec yes")));
  CHECK(refused(ErrorKind::unreadable, "wrote more than 65536 bytes")(signature_of("head -c 65537 /dev/zero")));
  CHECK_FALSE(has_children());
}

// A command that is not there, or is no program, is named.
TEST_CASE("a missing command is named", "[attest]") {
  const ScratchFolder folder;
  const PublicKey key = ed25519_key(rfc8032_public);
  CHECK(refused(ErrorKind::unreadable, "/none/such",
                "does not exist")(open_signer(folder.with("a.json", signer_file(key, {"/none/such"}).dump()))));
  folder.with("text", "not a program", 0600);
  const auto no_program = open_signer(folder.with("b.json", signer_file(key, {"text"}).dump()));
  REQUIRE(no_program);
  CHECK(refused(ErrorKind::unreadable, (folder / "text").string(), "cannot be started")((*no_program)->sign({})));
}

// PATH is not searched: a bare name is a file beside the signer file.
TEST_CASE("a relative command stands beside its signer file", "[attest]") {
  const ScratchFolder folder;
  folder.with("sign", "#!/bin/sh\nexit 7\n", 0700);
  const PublicKey key = ed25519_key(rfc8032_public);
  const auto beside = open_signer(folder.with("a.json", signer_file(key, {"sign"}).dump()));
  REQUIRE(beside);
  CHECK(refused(ErrorKind::unreadable, (folder / "sign").string(), "status 7")((*beside)->sign({})));
  CHECK(refused(ErrorKind::unreadable,
                "PATH is not searched")(open_signer(folder.with("b.json", signer_file(key, {"true"}).dump()))));
}

// The command sees three descriptors, however many of ours are open and inheritable.
TEST_CASE("a command inherits no other files", "[attest]") {
  const int open = ::open("/dev/null", O_RDONLY);
  REQUIRE(open > 2);
  const auto listed = run_command({.program = "/bin/sh", .arguments = {"-c", "ls /proc/$$/fd"}}, "", roomy);
  ::close(open);
  REQUIRE(listed);
  CHECK(*listed == "0\n1\n2\n");
}

// A request larger than any pipe arrives whole, while the answer is read at the same time.
TEST_CASE("large requests arrive whole", "[attest]") {
  const std::string input(3'000'000, 'x');
  CHECK(run_command({.program = "/usr/bin/wc", .arguments = {"-c"}}, input, roomy).value() == "3000000\n");
  const CommandLimits large{.timeout = 60s, .output_bytes_max = 4'000'000};
  CHECK(run_command({.program = "/bin/cat", .arguments = {}}, input, large).value() == input);
}

// A command that does not read what we send ends neither us nor itself; SIGPIPE is as it was afterwards.
TEST_CASE("a command may leave its input unread", "[attest]") {
  const std::string input(3'000'000, 'x');
  CHECK(run_command({.program = "/bin/sh", .arguments = {"-c", "exec <&-; echo done"}}, input, roomy).value() ==
        "done\n");
  sigset_t blocked;
  REQUIRE(::pthread_sigmask(SIG_BLOCK, nullptr, &blocked) == 0);
  CHECK(::sigismember(&blocked, SIGPIPE) == 0);
}

// Signals that readyctl ignores end a command as they would have without it.
TEST_CASE("a command starts with no signal ignored", "[attest]") {
  for (const int number : {SIGPIPE, SIGXFSZ}) {
    CAPTURE(number);
    const auto before = ::signal(number, SIG_IGN);
    const std::string script = "kill -" + std::to_string(number) + " $$; echo went on";
    const auto ended = run_command({.program = "/bin/sh", .arguments = {"-c", script}}, "", roomy);
    ::signal(number, before);
    CHECK(refused(ErrorKind::unreadable, "ended by signal " + std::to_string(number))(ended));
  }
}

// The end of the command is the end, even if something that it started in the background keeps its output open.
TEST_CASE("what a command leaves in the background is not waited for", "[attest]") {
  const ScratchFolder folder;
  const std::string pid = (folder / "pid").string();
  const std::string script = "tail -f /dev/null & echo $! > " + pid + "; echo done";
  CHECK(run_command({.program = "/bin/sh", .arguments = {"-c", script}}, "", roomy).value() == "done\n");
  CHECK(::kill(std::stoi(content_of(pid)), SIGKILL) == 0);
}

// A signer file holds no secret and may be read by all; whoever may write to it could have us run anything.
TEST_CASE("a signer file must not be writable by others", "[attest]") {
  const ScratchFolder folder;
  const std::string text = signer_file(ed25519_key(rfc8032_public), {"/bin/true"}).dump();
  for (const mode_t mode : {0600U, 0644U, 0755U, 0444U}) CHECK(open_signer(folder.with("s.json", text, mode)));
  for (const mode_t mode : {0666U, 0664U, 0646U, 0620U}) {
    CHECK(refused(ErrorKind::unreadable, (folder / "s.json").string(), "may write to it",
                  "chmod go-w")(open_signer(folder.with("s.json", text, mode))));
  }
}

// The same holds for the program, for whoever owns either, and for private keys.
TEST_CASE("what signs must be its operator's alone", "[attest]") {
  const ScratchFolder folder;
  const PublicKey key = ed25519_key(rfc8032_public);
  const auto file = folder.with("s.json", signer_file(key, {"sign"}).dump());
  for (const mode_t mode : {0777U, 0775U, 0702U}) {
    folder.with("sign", "#!/bin/sh\n", mode);
    CHECK(
        refused(ErrorKind::unreadable, (folder / "sign").string(), "may write to it", "chmod go-w")(open_signer(file)));
  }
  folder.with("sign", "#!/bin/sh\n", 0755);
  CHECK(open_signer(file));
  // Whoever may rename files in a folder can put another one in its place; not where only owners may.
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0777));
  CHECK(refused(ErrorKind::unreadable, folder.path().string(), "others may replace it there")(open_signer(file)));
  std::filesystem::permissions(folder.path(), std::filesystem::perms(01777));
  CHECK(open_signer(file));
  // Nor from a safe folder through a link into one that is none.
  const auto elsewhere = folder / "elsewhere";
  std::filesystem::create_directory(elsewhere);
  std::filesystem::rename(folder / "sign", elsewhere / "sign");
  std::filesystem::create_symlink(elsewhere / "sign", folder / "sign");
  CHECK(open_signer(file));
  std::filesystem::permissions(elsewhere, std::filesystem::perms(0777));
  CHECK(refused(ErrorKind::unreadable, elsewhere.string(), "others may replace it there")(open_signer(file)));
  std::filesystem::permissions(elsewhere, std::filesystem::perms(0755));
  // A script that an interpreter is given is as much the program as that is.
  const auto script = folder.with("script", "exit\n", 0666);
  const auto with_script = folder.with("t.json", signer_file(key, {"/bin/sh", script.string(), "-v"}).dump());
  CHECK(
      refused(ErrorKind::unreadable, script.string(), "is given to the program that signs")(open_signer(with_script)));
  folder.with("script", "exit\n", 0644);
  CHECK(open_signer(with_script));
  if (::geteuid() != 0) return;  // only root can give files away
  constexpr uid_t somebody = 12'345;
  REQUIRE(::chown((folder / "sign").c_str(), somebody, 0) == 0);
  CHECK(refused(ErrorKind::unreadable, (folder / "sign").string(), "id 12345")(open_signer(file)));
  REQUIRE(::chown(file.c_str(), somebody, 0) == 0);
  CHECK(refused(ErrorKind::unreadable, file.string(), "id 12345")(open_signer(file)));
  REQUIRE(make_key(KeyFile::ed25519_pem, folder / "key"));
  REQUIRE(::chown((folder / "key").c_str(), somebody, 0) == 0);
  CHECK(refused(ErrorKind::unreadable, (folder / "key").string(), "id 12345")(open_signer(folder / "key")));
}

// Each mistake in a signer file is placed.
TEST_CASE("signer files are read strictly", "[attest]") {
  const ScratchFolder folder;
  const auto changed = [&](const std::string& key, const Json& value) {
    Json file = signer_file(ed25519_key(rfc8032_public), {"/bin/true"});
    file[key] = value;
    return open_signer(folder.with("s.json", file.dump()));
  };
  CHECK(changed("timeoutSeconds", 3600));
  CHECK(changed("publicKey", to_pem(p256_key(rfc6979::x, rfc6979::y))));
  CHECK(refused(ErrorKind::malformed, "s.json:1", "unknown key \"timeout\"", "timeoutSeconds")(changed("timeout", 1)));
  CHECK(refused(ErrorKind::malformed, "/timeoutSeconds", "1 to 3600")(changed("timeoutSeconds", 0)));
  CHECK(refused(ErrorKind::malformed, "/timeoutSeconds", "1 to 3600")(changed("timeoutSeconds", 3601)));
  CHECK(refused(ErrorKind::malformed, "/command", "empty")(changed("command", Json::array())));
  CHECK(refused(ErrorKind::malformed, "/command", "expected a list")(changed("command", "/bin/true")));
  for (const std::string program : {"../sign", "bin/../../sign"}) {
    CHECK(refused(ErrorKind::malformed, "/command/0", "leads out")(changed("command", Json::array({program}))));
  }
  CHECK(refused(ErrorKind::malformed, "/publicKey", "neither PEM nor base58")(changed("publicKey", "0")));
  CHECK(
      refused(ErrorKind::malformed, "/apiVersion", "readyctl.signer/v1")(changed("apiVersion", "readyctl.signer/v2")));
  CHECK(refused(ErrorKind::malformed, "s.json")(open_signer(folder.with("s.json", "{"))));
}
