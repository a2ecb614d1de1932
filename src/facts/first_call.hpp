// FirstCall: one request to an endpoint that a run sends before anything is answered, known without sending it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace readyctl {

struct FirstCall {
  std::string endpoint;  ///< its name
  std::string method;
  std::uint64_t sent_bytes = 0;       ///< of the body
  std::vector<std::string> accounts;  ///< the addresses whose data it asks for
  /// The most account data that answers it; none: all the data that the accounts have, or no account is asked for.
  std::optional<std::uint64_t> data_bytes_max{};
};

}  // namespace readyctl
