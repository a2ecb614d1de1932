// durable-nonces: can something that was signed long ago still be sent?
//
// Reads     for each key the nonce accounts whose authority it is: 1 round; unless `onlyExplained`, who made those that
//           are not explained: 2 more
// pass      every nonce account is explained, or was made by a stranger, who needs a signature of the key to use it
// fail      one that is not explained and that one of the keys made; with `onlyExplained`, whoever made it
// Source    solana-sdk nonce state.rs, versions.rs: authority at byte 8; system-interface InitializeNonceAccount. A
//           transaction signed over a nonce does not expire
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "engine/kind.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/named_authority.hpp"
#include "solana/system_accounts.hpp"
#include "solana/well_known.hpp"

namespace readyctl {
namespace {

struct DurableNonces {
  std::vector<Pubkey> keys;
  std::vector<Pubkey> explained;
  bool only_explained = false;

  static constexpr auto fields() {
    return std::tuple{
        required("keys", &DurableNonces::keys, "members, vaults, deployers: whoever could have signed over a nonce"),
        optional("explained", &DurableNonces::explained, "nonce accounts that are known and accounted for"),
        optional("onlyExplained", &DurableNonces::only_explained,
                 "true: one that a stranger made fails as well, unless it is explained; the key may have been made to "
                 "sign over it"),
    };
  }
};

ProgramQuery nonces_of(const Pubkey& key) {
  return {known::system_program, {{8, Bytes(key.bytes.begin(), key.bytes.end())}}, Slice{0, nonce_account_bytes}};
}

bool is_nonce_of(const FoundAccount& found, const Pubkey& key) {
  const auto nonce = decode_nonce(found.data);
  return !nonce || (nonce->initialized && nonce->authority == key);  // what cannot be read is looked into
}

// InitializeNonceAccount of the System program.
bool makes_nonce(const Instruction& instruction) {
  constexpr std::array<std::uint8_t, 4> initialize = {6, 0, 0, 0};
  return instruction.program == known::system_program && instruction.data.size() >= initialize.size() &&
         std::equal(initialize.begin(), initialize.end(), instruction.data.begin());
}

Task<Finding> evaluate(DurableNonces gate) {
  const AuthoritySearch wanted{gate.keys, gate.explained, nonces_of, is_nonce_of, makes_nonce, !gate.only_explained};
  Task<std::vector<NamedAuthority>> search = named_authorities(wanted);
  const std::vector<NamedAuthority> found = co_await search;
  const std::string none = "no unexplained durable nonce of the " + counted(gate.keys.size(), "key") +
                           (gate.only_explained ? " exists" : " was made by one of them");
  const NamedWords words{"durable nonce", "a transaction signed over it does not expire",
                         none + "; nonces of other authorities, and what was signed over them, cannot be seen"};
  co_return gate.only_explained ? judge_unexplained(words, found) : judge_named(words, found, gate.keys);
}

}  // namespace

GateKind durable_nonces() {
  return gate_kind<DurableNonces>(
      {.name = "durable-nonces",
       .asks = "Can something that was signed long ago still be sent?",
       .reads =
           "for each key the nonce accounts whose authority it is, which some endpoints refuse to search for, in one "
           "round; who made those that are not explained in two more",
       .passes = "every nonce account of the keys is explained, or was made by a stranger",
       .fails = "a nonce account that is not explained and that one of the keys made; with `onlyExplained` one that is "
                "not explained, whoever made it",
       .why = "An approval that was signed over a durable nonce waits for its moment and never expires.",
       .remedy =
           "close the nonce account (solana withdraw-from-nonce-account), or advance it and declare it in `explained`",
       .valid_for = valid_for_mutable_state},
      evaluate);
}

}  // namespace readyctl
