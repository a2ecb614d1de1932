// Signers: whoever can sign with a private key that we hold, or that a program of the operator's holds.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "attest/public_key.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"

namespace readyctl {

class Signer {
 public:
  virtual ~Signer() = default;

  virtual const PublicKey& public_key() const = 0;

  /// A signature that verify_signature accepts under public_key(): Ed25519 64 bytes, P-256 DER. Errors: the external
  /// signer failed; see external_signer.hpp.
  virtual Result<Bytes> sign(ByteView message) = 0;
};

/// The most that is read of a key file.
inline constexpr std::size_t key_file_bytes_max = std::size_t{64} << 10;

/// The signer that a key file stands for. The content decides, not the name:
///
///   [11,54,…]                      keypair file of the Solana CLI: 64 integers, 32 of seed, 32 of public key
///   -----BEGIN PRIVATE KEY-----    PKCS#8, not encrypted, Ed25519 or P-256; CRLF is accepted
///   {"apiVersion":"readyctl.signer/v1",…}   a command that signs; see external_signer.hpp
///
/// A file that holds a private key must be its owner's alone; one that names a command, and the program that it names,
/// must not be writable by group or others. Each must belong to this process's user or to root (all kind `unreadable`).
/// Errors (kind `malformed`): a public half that is not the seed's; PEM of another type, encrypted, with two keys or
/// trailing data; another algorithm or curve. Nothing of the content is ever in an error, and our copies of private
/// bytes are wiped.
///
/// `interrupted` ends the wait for an external signer; it is asked at least ten times a second.
Result<std::unique_ptr<Signer>> open_signer(const std::filesystem::path& key_file,
                                            const std::function<bool()>& interrupted = {});

}  // namespace readyctl
