#include "solana/program_metadata.hpp"

#include <algorithm>
#include <array>

#include "base/invariant.hpp"
#include "solana/derive.hpp"
#include "solana/reader.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

//    0  u8   discriminator (2)   65  u8   mutable      83  u8  encoding      86  u8   data source   96  data
//    1  32B  program             66  u8   canonical    84  u8  compression   87  u32  data length
//   33  32B  authority           67  16B  seed         85  u8  format        91  5B   padding
static_assert(1 + 32 + 32 == 65 && 65 + 1 + 1 == 67 && 67 + 16 == 83 && 83 + 4 == 87 && 87 + 4 + 5 == 96);
constexpr std::uint8_t buffer_discriminator = 1;
constexpr std::uint8_t metadata_discriminator = 2;
constexpr std::size_t seed_bytes = 16;

template <class T>
T enumerated(Reader& reader, std::string_view field, T last) {
  const std::uint8_t value = reader.u8(field);
  if (value > static_cast<std::uint8_t>(last)) {
    reader.fail("expected " + std::string(field) + " 0 to " + std::to_string(static_cast<int>(last)) + ", found " +
                std::to_string(value));
    return T{};
  }
  return static_cast<T>(value);
}

std::string read_seed(Reader& reader) {
  const ByteView seed = reader.bytes("seed", seed_bytes);
  const auto end = std::find(seed.begin(), seed.end(), 0);
  if (std::any_of(end, seed.end(), [](std::uint8_t byte) { return byte != 0; })) {
    reader.fail("the seed goes on after its end");
  }
  return {seed.begin(), end};
}

}  // namespace

std::string_view words_for(MetadataEncoding encoding) {
  static constexpr std::array<std::string_view, 4> words = {"none", "utf8", "base58", "base64"};
  return words.at(static_cast<std::size_t>(encoding));
}

std::string_view words_for(MetadataFormat format) {
  static constexpr std::array<std::string_view, 4> words = {"none", "json", "yaml", "toml"};
  return words.at(static_cast<std::size_t>(format));
}

Result<ProgramMetadata> decode_program_metadata(ByteView account) {
  Reader reader("program metadata", account);
  const std::uint8_t discriminator = reader.u8("discriminator");
  if (discriminator == buffer_discriminator) reader.fail("it is a buffer, which nobody has published yet");
  if (discriminator != metadata_discriminator) {
    reader.fail("expected discriminator 2, found " + std::to_string(discriminator));
  }
  ProgramMetadata metadata;
  metadata.program = reader.pubkey("program");
  metadata.authority = reader.nullable_pubkey("authority");
  metadata.is_mutable = reader.boolean("mutable");
  metadata.is_canonical = reader.boolean("canonical");
  metadata.seed = read_seed(reader);
  metadata.encoding = enumerated(reader, "encoding", MetadataEncoding::base64);
  metadata.compression = enumerated(reader, "compression", MetadataCompression::zlib);
  metadata.format = enumerated(reader, "format", MetadataFormat::toml);
  metadata.source = enumerated(reader, "data source", MetadataSource::external);
  const std::uint32_t length = reader.u32("data length");
  reader.bytes("padding", 5);
  metadata.data = reader.bytes("data", length);
  return reader.finish(std::move(metadata));
}

Pubkey program_metadata_address(const Pubkey& program, std::string_view seed) {
  invariant(seed.size() <= seed_bytes, "a seed of program metadata has at most 16 bytes");
  std::array<std::uint8_t, seed_bytes> padded{};
  std::copy(seed.begin(), seed.end(), padded.begin());
  return find_program_address({program.bytes, padded}, known::program_metadata)->address;
}

}  // namespace readyctl
