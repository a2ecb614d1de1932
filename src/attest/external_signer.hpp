// External signers: a command of the operator's that signs, for keys in a KMS, a hardware token or another machine.
//
// The file that names it (docs/external-signers.md shows some):
//
//     {"apiVersion": "readyctl.signer/v1",
//      "command": ["/usr/local/bin/sign-with-kms", "--key", "release"],
//      "publicKey": "<base58 or PEM>",
//      "timeoutSeconds": 60}
//
// A relative program is looked for beneath the folder of this file; PATH is not searched, and no shell is involved. It
// must belong to us or to root, and nobody else may write to it. For each signature the command is started once. It
// gets our environment, working directory and standard error, and no open files of ours but standard input, output and
// error. On standard input stands one line of JSON, then the end:
//
//     {"message":"<base64 of the exact bytes to sign>","payloadType":"<if they are a DSSE encoding>",
//      "protocol":"readyctl.signer/v1","publicKey":"<as in the file>","sha256":"<hex of SHA-256 of the message>"}
//
// It answers with one JSON object on standard output, at most 64 KiB, and exit status 0:
//
//     {"signature":"<base64>"}     Ed25519: 64 bytes, pure, over the message. P-256: DER, over the SHA-256.
//
// A signature that does not verify under publicKey is not used.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "attest/signer.hpp"

namespace readyctl {

inline constexpr std::size_t external_signer_output_bytes_max = std::size_t{64} << 10;
inline constexpr std::chrono::seconds external_signer_timeout{60};
inline constexpr std::chrono::seconds external_signer_timeout_max{3600};

/// The signer that the JSON object in `text`, the content of `file`, describes. The command is not started yet. Errors
/// (kind `malformed`, with line and pointer): an unknown or missing key, an empty command, a relative program that
/// leads out of the folder, a public key that is none, a timeout beyond 1 to 3600 seconds; (kind `unreadable`) a
/// program that is missing, belongs to neither this process's user nor root, or that group or others may write to.
///
/// Its sign() fails with kind `unreadable` when the command cannot be started, exits with another status than 0, takes
/// longer than its timeout or until `interrupted` (it is killed then) or writes too much; `malformed` when the answer
/// is not the object above; `not_relied` when the signature does not verify.
Result<std::unique_ptr<Signer>> parse_external_signer(std::string text, const std::filesystem::path& file,
                                                      const std::function<bool()>& interrupted = {});

}  // namespace readyctl
