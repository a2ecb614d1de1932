#include "solana/program_metadata.hpp"

#include "base/inflate.hpp"
#include "solana/vectors.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

// Made by the official client, @solana-program/program-metadata; the program itself does not run here.
const Vectors& recorded() { return vectors("program_metadata").at("metadata_account"); }
Bytes account() { return unhex(text(recorded().at("hex"))); }

std::string trouble_at(std::size_t offset, std::uint8_t value) {
  Bytes bytes = account();
  bytes.at(offset) = value;
  return trouble(decode_program_metadata(bytes));
}

}  // namespace

TEST_CASE("program metadata is where its client writes it", "[solana]") {
  for (const Vectors& one : vectors("program_metadata").at("pdas")) {
    CHECK(program_metadata_address(key(one.at("program")), text(one.at("seed"))) == key(one.at("canonical")));
  }
}

TEST_CASE("program metadata is read", "[solana]") {
  const Bytes bytes = account();
  const ProgramMetadata metadata = decode_program_metadata(bytes).value();
  const Vectors& decoded = recorded().at("decoded");
  CHECK(metadata.program == key(decoded.at("program")));
  CHECK(metadata.authority == maybe_key(decoded.at("authority")));
  CHECK(metadata.is_mutable == decoded.at("mutable").get<bool>());
  CHECK(metadata.is_canonical == decoded.at("canonical").get<bool>());
  CHECK(metadata.seed == text(decoded.at("seed")));
  CHECK(words_for(metadata.encoding) == "utf8");
  CHECK(words_for(metadata.format) == "json");
  CHECK(metadata.compression == MetadataCompression::zlib);
  CHECK(metadata.source == MetadataSource::direct);
  CHECK(metadata.data.size() == decoded.at("data_length").get<std::size_t>());
  CHECK(text_of(inflate(metadata.data, Deflated::zlib, 1000).value()) == text(decoded.at("content")));
}

// Every byte that means something is looked at, and nothing is read past the end.
TEST_CASE("hostile program metadata is refused", "[solana]") {
  const Bytes bytes = account();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK_FALSE(decode_program_metadata(ByteView(bytes).first(size)));
  }
  CHECK(trouble_at(0, 1) == "program metadata: it is a buffer, which nobody has published yet");
  CHECK(trouble_at(0, 3) == "program metadata: expected discriminator 2, found 3");
  CHECK(trouble_at(65, 2) != "no error");
  CHECK(trouble_at(66, 2) != "no error");
  CHECK(trouble_at(80, 'x') == "program metadata: the seed goes on after its end");
  CHECK(trouble_at(83, 4) == "program metadata: expected encoding 0 to 3, found 4");
  CHECK(trouble_at(84, 3) == "program metadata: expected compression 0 to 2, found 3");
  CHECK(trouble_at(85, 4) == "program metadata: expected format 0 to 3, found 4");
  CHECK(trouble_at(86, 3) == "program metadata: expected data source 0 to 2, found 3");
  CHECK(trouble_at(90, 0xff) != "no error");
  Bytes longer = bytes;
  longer.push_back(9);
  CHECK(decode_program_metadata(longer).value().data.size() == 109);
}
