// Result and Error: how trouble that is expected travels between rooms.
//
// Three sorts of trouble exist. What can be expected (a bad definition, a missing file, a refused request) is an Error
// inside a Result. What a library throws is caught at the function that touches the library and becomes an Error.
// What only a defect of ours can cause aborts with the invariant in words (see invariant.hpp).
#pragma once

#include <string>
#include <tl/expected.hpp>

namespace readyctl {

/// What sort of trouble an Error is. It decides the exit status of the process and nothing else.
enum class ErrorKind {
  not_relied,  ///< a signature, digest, trust rule, release or replay does not match (exit 3)
  usage,       ///< the command line asks for something that does not exist (exit 64)
  malformed,   ///< a definition, release, key, trust file or report is not what it must be (exit 65)
  unreadable,  ///< an input file is missing, refused or not a regular file (exit 66)
  defect,      ///< readyctl itself is wrong (exit 70)
  unwritable,  ///< an output could not be written; nothing half-written is left (exit 73)
};

/// One thing that went wrong, for a person who has not read the source.
struct Error {
  ErrorKind kind = ErrorKind::malformed;
  std::string where;  ///< file, file:line, address or option; empty when `what` says it all
  std::string what;   ///< what was found, and what was expected
  std::string hint;   ///< what to do about it; may be empty
};

/// `where: what`, and the hint on a line of its own.
inline std::string to_string(const Error& error) {
  std::string text = error.where.empty() ? error.what : error.where + ": " + error.what;
  if (!error.hint.empty()) text += "\n    " + error.hint;
  return text;
}

template <class T>
using Result = tl::expected<T, Error>;

/// Shorthand for returning an Error from a function that returns some Result.
inline tl::unexpected<Error> failure(Error error) { return tl::unexpected<Error>(std::move(error)); }

inline tl::unexpected<Error> malformed(std::string where, std::string what, std::string hint = {}) {
  return failure({ErrorKind::malformed, std::move(where), std::move(what), std::move(hint)});
}

}  // namespace readyctl
