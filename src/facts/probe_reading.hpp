// How the `…_in` functions read what an endpoint said. Private to this room.
#pragma once

#include <optional>
#include <string>

#include "facts/endpoints.hpp"
#include "facts/json_member.hpp"

namespace readyctl {

inline tl::unexpected<Unsaid> not_as_expected(const Probe& probe, const std::string& what) {
  return tl::unexpected(Unsaid{words_for(probe.request), "malformed answer: " + what});
}

// The results below point into the probe: account data can be long.
inline Said<const Json*> result_in(const Probe& probe) {
  if (probe.result) return &*probe.result;
  return tl::unexpected(Unsaid{words_for(probe.request), probe.result.error().what});
}

// Whether a whole number is one that everybody reads alike in JSON. Another one could not stand in the next request.
inline bool is_nameable(const Json& number) {
  return number.is_number_unsigned() && number.get<std::uint64_t>() <= std::uint64_t{1} << 53;
}

// The value of a result that carries a context, and the context's slot.
struct InContext {
  Slot slot;
  const Json* value;
};

inline Said<InContext> context_in(const Probe& probe) {
  const auto result = result_in(probe);
  if (!result) return tl::unexpected(result.error());
  const Json& slot = member(member(**result, "context"), "slot");
  if (!is_nameable(slot)) return not_as_expected(probe, "it has no context slot");
  if (!(*result)->contains("value")) return not_as_expected(probe, "it has no value");
  return InContext{Slot{slot.get<std::uint64_t>()}, &(**result)["value"]};
}

inline std::optional<Pubkey> base58_in(const Json& value) {
  if (!value.is_string()) return std::nullopt;
  const auto parsed = parse_pubkey(value.get_ref<const std::string&>());
  return parsed ? std::optional(*parsed) : std::nullopt;
}

}  // namespace readyctl
