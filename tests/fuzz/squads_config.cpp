// Config transactions and batches of Squads v4.
#include "solana/squads_config.hpp"

#include "fuzz/property.hpp"

using namespace readyctl;

FUZZ_TARGET(squads_config) {
  const ByteView account(data, size);
  const auto config = decode_config_transaction(account);
  const auto batch = decode_batch(account);
  fuzz::require(!config || !batch, "an account is one thing");
  if (!config) return 0;
  fuzz::require(config->actions.size() * 2 <= size, "no more actions than the data has room for");
  for (const ConfigAction& action : config->actions) fuzz::require(!words_for(action).empty(), "an action has words");
  return 0;
}
