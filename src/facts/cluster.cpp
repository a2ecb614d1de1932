#include "facts/cluster.hpp"

#include "solana/pubkey.hpp"

namespace readyctl::facts {

Fact<std::string> genesis_hash() {
  return fact_of<std::string>(
      RpcRequest{"getGenesisHash"}, [](const Payload& payload, const Observation&) -> Reading<std::string> {
        const Json result = payload.head.is_object() ? payload.head.value("result", Json()) : Json();
        // A hash is 32 bytes in base58, as an address is.
        if (!result.is_string() || !parse_pubkey(result.get_ref<const std::string&>())) {
          return unobtainable({"malformed", "getGenesisHash answered no hash", Retry::other_endpoint});
        }
        return result.get<std::string>();
      });
}

}  // namespace readyctl::facts
