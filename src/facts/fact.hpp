// Fact<T>: a request together with how its answer is read. What a gate awaits.
#pragma once

#include <functional>
#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <variant>

#include "facts/answer.hpp"
#include "facts/request.hpp"

namespace readyctl {

/// The world answered, and the answer is that there is no such thing: no account, another owner, another layout. This
/// is definite: the gate that needed it fails.
struct Absent {
  std::string what;   ///< a sentence that names what is absent and what is there instead
  std::string named;  ///< by what it was looked for, an address or a path, where a wrong name is the likely cause
  bool may_be_right = false;  ///< the name: what it names may still be to come, as an account that nobody funded
};

/// Why a gate cannot have what it awaited.
using Refusal = std::variant<Absent, Unobtainable>;

template <class T>
using Reading = tl::expected<T, Refusal>;

inline tl::unexpected<Refusal> absent(std::string what, std::string named = {}, bool may_be_right = false) {
  return tl::unexpected<Refusal>(Absent{std::move(what), std::move(named), may_be_right});
}
inline tl::unexpected<Refusal> unobtainable(Unobtainable why) { return tl::unexpected<Refusal>(std::move(why)); }

/// One typed question. `read` is given the deciding observation, which may be a failure.
template <class T>
struct Fact {
  Request request;
  std::function<Reading<T>(const Observation&)> read;
};

/// The same question, asked by someone who has an answer to its refusal. Only for gates about absence itself: what a
/// plain fact would end as inconclusive, the asker of this one must handle.
template <class T>
Fact<Reading<T>> maybe(Fact<T> fact) {
  return {std::move(fact.request),
          [read = std::move(fact.read)](const Observation& seen) -> Reading<Reading<T>> { return read(seen); }};
}

/// A fact whose answer is read from its payload; one that could not be had passes its cause on.
template <class T, class ReadPayload>
Fact<T> fact_of(Request request, ReadPayload read_payload) {
  return {std::move(request), [read_payload = std::move(read_payload)](const Observation& seen) -> Reading<T> {
            if (!seen.outcome) return unobtainable(seen.outcome.error());
            return read_payload(*seen.outcome, seen);
          }};
}

}  // namespace readyctl
