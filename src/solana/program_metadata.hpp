// Accounts of the Program Metadata program: what a program says of itself, such as its IDL.
//
// Source: solana-program/program-metadata program/src/state/header.rs, data.rs; clients/js/src/packData.ts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "solana/pubkey.hpp"

namespace readyctl {

// Numbered as stored.
enum class MetadataEncoding : std::uint8_t { none, utf8, base58, base64 };
enum class MetadataCompression : std::uint8_t { none, gzip, zlib };
enum class MetadataFormat : std::uint8_t { none, json, yaml, toml };
enum class MetadataSource : std::uint8_t { direct, url, external };

/// "none", "utf8", …
std::string_view words_for(MetadataEncoding encoding);
std::string_view words_for(MetadataFormat format);

struct ProgramMetadata {
  Pubkey program;
  std::optional<Pubkey> authority;  ///< who may change it beside the program's upgrade authority; none: nobody
  bool is_mutable = false;
  bool is_canonical = false;  ///< written by the program's upgrade authority
  std::string seed;           ///< without the zeros that fill it
  MetadataEncoding encoding = MetadataEncoding::none;
  MetadataCompression compression = MetadataCompression::none;
  MetadataFormat format = MetadataFormat::none;
  MetadataSource source = MetadataSource::direct;
  ByteView data;  ///< a view into what was decoded: compressed content, a URL, or where the external account is
};

/// Errors (kind `malformed`): a buffer or anything else that is no metadata; a flag or an enumeration beyond its
/// values; a seed that goes on after its end; data shorter than it claims. Bytes after the data are never read.
Result<ProgramMetadata> decode_program_metadata(ByteView account);

/// Where a program's upgrade authority keeps what goes by this name. `seed` has at most 16 bytes.
Pubkey program_metadata_address(const Pubkey& program, std::string_view seed);

}  // namespace readyctl
