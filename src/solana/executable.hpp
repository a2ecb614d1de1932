// The executable hash: which code a file, a buffer and a deployed program have in common.
//
// The convention is solana-verify's: trailing zero bytes are not code, so a program and the file it was built from have
// the same hash however much room the account has. (solana-verifiable-build src/main.rs get_binary_hash)
#pragma once

#include <cstddef>
#include <optional>

#include "base/bytes.hpp"
#include "base/sha256.hpp"

namespace readyctl {

/// The bytes up to the last one that is not zero; empty when all are zero. A view into `code`.
ByteView strip_trailing_zeros(ByteView code);

/// SHA-256 of the code without its trailing zeros. `code` is a whole file, ProgramData from offset 45, a buffer from
/// offset 37, or the data of a loader v1 or v2 program. All zeros, or nothing, hash like nothing.
Sha256 executable_hash(ByteView code);

/// The offset of the first byte in which two pieces of code differ, both without trailing zeros; the end of the shorter
/// one when the other continues. None when they are the same code.
std::optional<std::size_t> first_difference(ByteView a, ByteView b);

}  // namespace readyctl
