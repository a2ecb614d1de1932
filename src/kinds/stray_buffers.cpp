// stray-buffers: does a buffer lie about from which a key of ours could upgrade?
//
// Reads     for each key the buffers whose authority it is: 1 round; who made those that are not explained: 2 more
// pass      every buffer is explained, or was made by a stranger
// fail      one that is not explained and that one of the keys made
// Source    solana-sdk loader-v3-interface state.rs: Buffer is tag 1, its authority an option at byte 4
#include "engine/kind.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/named_authority.hpp"
#include "solana/loader.hpp"
#include "solana/loader_instructions.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

struct StrayBuffers {
  std::vector<Pubkey> keys;
  std::vector<Pubkey> explained;

  static constexpr auto fields() {
    return std::tuple{
        required("keys", &StrayBuffers::keys,
                 "vaults, deployers, keys of pipelines: whoever could deploy from a buffer"),
        optional("explained", &StrayBuffers::explained, "buffers that are known, such as the one of this release"),
    };
  }
};

ProgramQuery buffers_of(const Pubkey& key) {
  Bytes head{1, 0, 0, 0, 1};
  head.insert(head.end(), key.bytes.begin(), key.bytes.end());
  return {known::loader_v3, {{0, head}}, Slice{0, buffer_header_bytes}};
}

bool is_buffer_of(const FoundAccount& found, const Pubkey& key) {
  const auto buffer = decode_buffer(found.data);
  return !buffer || buffer->authority == key;  // what cannot be read is looked into
}

bool makes_buffer(const Instruction& instruction) {
  if (instruction.program != known::loader_v3) return false;
  const auto decoded = decode_loader_instruction(instruction.data);
  return decoded && decoded->action == LoaderAction::initialize_buffer;
}

Task<Finding> evaluate(StrayBuffers gate) {
  const AuthoritySearch wanted{gate.keys, gate.explained, buffers_of, is_buffer_of, makes_buffer};
  Task<std::vector<NamedAuthority>> search = named_authorities(wanted);
  const std::vector<NamedAuthority> found = co_await search;
  const NamedWords words{
      "buffer", "its authority could upgrade from it",
      "no unexplained buffer of the " + std::to_string(gate.keys.size()) + " keys was made by one of them"};
  co_return judge_named(words, found, gate.keys);
}

}  // namespace

GateKind stray_buffers() {
  return gate_kind<StrayBuffers>(
      {.name = "stray-buffers",
       .asks = "Does a buffer lie about from which a key of ours could upgrade?",
       .reads =
           "for each key the buffers whose authority it is, which some endpoints refuse to search for, in one round; "
           "who made those that are not explained in two more",
       .passes = "every buffer of the keys is explained, or was made by a stranger",
       .fails = "a buffer that is not explained and that one of the keys made",
       .why = "One of several buffers is the wrong one; and lamports left in them tempt people to close the wrong "
              "account.",
       .remedy = "solana program close BUFFER, or declare it in `explained`",
       .valid_for = valid_for_mutable_state},
      evaluate);
}

}  // namespace readyctl
