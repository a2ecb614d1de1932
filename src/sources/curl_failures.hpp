// What libcurl's errors mean for a run: a cause that tools rely on, and words for a person.
#pragma once

#include <curl/curl.h>

#include <string>

#include "facts/answer.hpp"

namespace readyctl {

/// Causes unreachable, timeout, tls, too-large, malformed. `detail` is libcurl's own text, empty when it gave none; it
/// may hold secrets, and so may the words.
Unobtainable failure_of_curl(CURLcode code, std::string detail);

}  // namespace readyctl
