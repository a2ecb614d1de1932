#include "solana/otter_verify.hpp"

#include <algorithm>

#include "solana/anchor.hpp"
#include "solana/derive.hpp"
#include "solana/reader.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

//    0  8B   discriminator     40  32B  signer          then  vec of strings, arguments; u64 deploy slot; u8 bump
//    8  32B  program           72  strings: version, repository, commit
static_assert(8 + 32 + 32 == 72);

std::string read_string(Reader& reader, std::string_view field) {
  const Bytes bytes = reader.byte_vec(field);
  return {bytes.begin(), bytes.end()};
}

}  // namespace

Result<BuildParams> decode_build_params(ByteView data) {
  Reader reader("otter-verify record", data);
  const Discriminator expected = anchor_account_discriminator("BuildParams");
  const ByteView found = reader.bytes("discriminator", expected.size());
  if (reader.ok() && !std::equal(found.begin(), found.end(), expected.begin())) reader.fail("another discriminator");
  BuildParams params;
  params.program = reader.pubkey("program");
  params.signer = reader.pubkey("signer");
  params.version = read_string(reader, "version");
  params.repository = read_string(reader, "repository");
  params.commit = read_string(reader, "commit");
  params.arguments.resize(reader.count("arguments", 4));
  for (std::string& argument : params.arguments) argument = read_string(reader, "argument");
  params.deploy_slot = Slot{reader.u64("deploy slot")};
  reader.u8("bump");
  if (reader.ok() && !reader.rest().empty()) reader.fail("bytes are left over");
  return reader.finish(std::move(params));
}

Pubkey build_params_address(const Pubkey& signer, const Pubkey& program) {
  return find_program_address({bytes_of("otter_verify"), signer.bytes, program.bytes}, known::otter_verify)->address;
}

}  // namespace readyctl
