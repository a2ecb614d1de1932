#include "attest/support.hpp"

using namespace readyctl;

namespace {

struct Ed25519Vector {
  std::string seed;
  std::string key;
  std::string message;
  std::string signature;
};

// RFC 8032, 7.1: tests 1, 2, 3 and SHA(abc).
const std::vector<Ed25519Vector> rfc8032_vectors = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
     "655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
     "b00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28d"
     "c027beceea1ec40a"},
    {"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e"
     "2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17a"
     "d9bef1177331a704"},
};

}  // namespace

// Seeds give the published public keys and signatures, and those verify.
TEST_CASE("Ed25519 is that of RFC 8032", "[attest]") {
  for (const Ed25519Vector& vector : rfc8032_vectors) {
    CAPTURE(vector.seed);
    const auto signer = signer_with_seed(vector.seed);
    const Bytes message = bytes_of_hex(vector.message);
    CHECK(signer->public_key() == ed25519_key(vector.key));
    CHECK(to_hex(signer->sign(message).value()) == vector.signature);
    CHECK(verify_signature(ed25519_key(vector.key), message, bytes_of_hex(vector.signature)));
  }
}

// The published ECDSA signature verifies with its high s and with the low one that some signers write instead.
TEST_CASE("ECDSA P-256 is that of RFC 6979, with s high or low", "[attest]") {
  const PublicKey key = p256_key(rfc6979::x, rfc6979::y);
  const std::string r = "00" + std::string(rfc6979::r);
  CHECK(verify_signature(key, bytes_of(rfc6979::message), der(r, "00" + std::string(rfc6979::s))));
  CHECK(verify_signature(key, bytes_of(rfc6979::message), der(r, rfc6979::low_s)));
}

// One bit of the message, of the signature, or another key: each is refused.
TEST_CASE("a signature fits one key and one message", "[attest]") {
  const Bytes message = bytes_of_hex("0123456789abcdef");
  for (const auto& signer : {rfc8032_signer(), new_p256_signer()}) {
    const Bytes signature = signer->sign(message).value();
    REQUIRE(verify_signature(signer->public_key(), message, signature));
    for (std::size_t i = 0; i < message.size() * 8; ++i) {
      Bytes changed = message;
      changed[i / 8] = static_cast<std::uint8_t>(changed[i / 8] ^ 1U << i % 8);
      CHECK(refused(ErrorKind::not_relied)(verify_signature(signer->public_key(), changed, signature)));
    }
    for (std::size_t i = 0; i < signature.size() * 8; ++i) {
      Bytes changed = signature;
      changed[i / 8] = static_cast<std::uint8_t>(changed[i / 8] ^ 1U << i % 8);
      CHECK(refused(ErrorKind::not_relied)(verify_signature(signer->public_key(), message, changed)));
    }
    CHECK(refused(ErrorKind::not_relied)(verify_signature(signer_number('1')->public_key(), message, signature)));
  }
}

// Signatures of impossible lengths are refused before any arithmetic.
TEST_CASE("signatures of other lengths are refused", "[attest]") {
  const PublicKey key = ed25519_key(rfc8032_public);
  for (const std::size_t size : {std::size_t{0}, std::size_t{63}, std::size_t{65}, std::size_t{5000}}) {
    CHECK(refused(ErrorKind::not_relied, "expected 64")(verify_signature(key, {}, Bytes(size))));
    CHECK(refused(ErrorKind::not_relied,
                  "not DER")(verify_signature(p256_key(rfc6979::x, rfc6979::y), {}, Bytes(size, 0x30))));
  }
}
