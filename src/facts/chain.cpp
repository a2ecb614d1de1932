#include "facts/chain.hpp"

#include "facts/json_member.hpp"
#include "solana/pubkey.hpp"

namespace readyctl::facts {
Fact<Blockhash> latest_blockhash() {
  const RpcRequest request{"getLatestBlockhash", Json::array({{{"commitment", "finalized"}}})};
  return fact_of<Blockhash>(request, [](const Payload& payload, const Observation&) -> Reading<Blockhash> {
    const Json& result = member(payload.head, "result");
    const Json& hash = member(member(result, "value"), "blockhash");
    const Json& slot = member(member(result, "context"), "slot");
    // A hash is 32 bytes in base58, as an address is.
    if (!hash.is_string() || !parse_pubkey(hash.get<std::string>()) || !slot.is_number_unsigned()) {
      return unobtainable({"malformed", "getLatestBlockhash answered no blockhash", Retry::other_endpoint});
    }
    return Blockhash{hash.get<std::string>(), Slot{slot.get<std::uint64_t>()}};
  });
}

}  // namespace readyctl::facts
