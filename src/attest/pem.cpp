#include "attest/pem.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"

namespace readyctl {
namespace {

constexpr std::string_view begin_mark = "-----BEGIN ";
constexpr std::string_view end_mark = "-----END ";
constexpr std::string_view dashes = "-----";
constexpr std::size_t line_characters = 64;
constexpr std::size_t label_characters_max = 40;

// Takes the first line off `text`, without its end.
std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string advice_for(std::string_view found) {
  if (found == "ENCRYPTED PRIVATE KEY") {
    return "readyctl asks for no passphrase: decrypt it with `openssl pkcs8 -in KEY -out PLAIN` into a file of mode "
           "0600, or use an external signer";
  }
  if (found == "EC PRIVATE KEY" || found == "EC PARAMETERS") {
    return "convert it with `openssl pkcs8 -topk8 -nocrypt -in KEY -out NEW`";
  }
  if (found == "OPENSSH PRIVATE KEY") return "OpenSSH's format is not read: make a key with `readyctl keygen`";
  if (found == pem_private_key) return "this file is secret; take its public half with `openssl pkey -in KEY -pubout`";
  if (found == pem_public_key) return "a public key cannot sign; give the file of the private key";
  return "make an Ed25519 or P-256 key with `readyctl keygen`";
}

tl::unexpected<Error> wrong_label(std::string_view found, std::string_view expected) {
  const std::string quoted = "PEM of type \"" + printable(found.substr(0, label_characters_max)) + "\"";
  return malformed("", quoted + " found; expected \"" + std::string(expected) + "\"", advice_for(found));
}

Result<void> judge_rest(std::string_view rest, std::string_view label) {
  rest = trimmed(rest);
  if (rest.empty()) return {};
  if (rest.find(begin_mark) == std::string_view::npos) {
    return malformed("", "text follows the PEM block \"" + std::string(label) + "\"",
                     "keep the block alone in its file");
  }
  return malformed("", "more than one PEM block found; which key is meant?", "keep one key in one file");
}

}  // namespace

bool looks_like_pem(std::string_view text) { return text.find(begin_mark) != std::string_view::npos; }

Result<Secret> read_pem(std::string_view text, std::string_view label) {
  text = trimmed(text);
  if (!text.starts_with(begin_mark)) {
    return malformed("", "text precedes the PEM block", "keep the block alone in its file");
  }
  const std::string_view first = take_line(text);
  if (!first.ends_with(dashes) || first.size() < begin_mark.size() + dashes.size()) {
    return malformed("", "the first line of the PEM block is damaged");
  }
  const std::string_view found = first.substr(begin_mark.size(), first.size() - begin_mark.size() - dashes.size());
  if (found != label) return wrong_label(found, label);

  const std::string last = std::string(end_mark) + std::string(label) + std::string(dashes);
  Secret body{Bytes(text.size())};
  std::size_t size = 0;
  bool ended = false;
  while (!ended && !text.empty()) {
    const std::string_view line = take_line(text);
    ended = line == last;
    if (ended) break;
    if (line.find(':') != std::string_view::npos) {
      return malformed("", "the PEM block has headers, as old encrypted keys do", advice_for("ENCRYPTED PRIVATE KEY"));
    }
    for (const char c : line) body.data()[size++] = static_cast<std::uint8_t>(c);
  }
  if (!ended) return malformed("", "the PEM block has no line \"" + last + "\"", "the file may be cut short");
  if (const auto rest = judge_rest(text, label); !rest) return failure(rest.error());

  auto der = from_base64(body.text().substr(0, size));
  if (!der || der->empty()) return malformed("", "what stands between BEGIN and END of the PEM block is not base64");
  return Secret(std::move(*der));
}

std::string write_pem(ByteView der, std::string_view label) {
  const std::string body = to_base64(der);
  std::string text = std::string(begin_mark) + std::string(label) + "-----\n";
  for (std::size_t at = 0; at < body.size(); at += line_characters) text += body.substr(at, line_characters) + "\n";
  return text + std::string(end_mark) + std::string(label) + "-----\n";
}

}  // namespace readyctl
