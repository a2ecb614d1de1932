// The envelope of JSON-RPC, and what an error in it means.
#include "sources/json_rpc.hpp"

#include "fuzz/property.hpp"

using namespace readyctl;

FUZZ_TARGET(json_rpc) {
  const std::string text = fuzz::text_in(data, size);
  const auto reply = read_reply(text, 7);
  for (const int status : {200, 403, 429, 503}) {
    const HttpResponse response{status, "application/json", "3", text};
    const auto result = result_of(response, text, 7, Time{0});
    if (result) fuzz::require(status == 200 && reply && !reply->error, "a result is one that the server vouches for");
    if (!result) fuzz::require(!result.error().why.what.empty(), "every trouble is told in words");
  }
  if (!reply) {
    fuzz::require(!reply.error().empty(), "a refusal says why");
    return 0;
  }
  fuzz::require(!reply->error || reply->result.is_null(), "a reply is a result or an error");
  if (!reply->error) return 0;
  refuses_parameters(*reply->error);
  if (const auto max = accounts_max_of(*reply->error)) fuzz::require(*max > 0, "a limit lets something pass");
  return 0;
}
