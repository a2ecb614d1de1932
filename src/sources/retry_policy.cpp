#include "sources/retry_policy.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "sources/lower_case.hpp"

namespace readyctl {
namespace {

struct ErrorClass {
  std::int64_t code;
  std::string_view cause;
  Remedy remedy;
};

// What blames the request may be how a provider refuses its customer ("API key is not allowed"): another one is asked.
constexpr std::array classes{
    ErrorClass{-32700, "rpc-error", Remedy::elsewhere},  // ParseError
    ErrorClass{-32600, "rpc-error", Remedy::elsewhere},  // InvalidRequest
    ErrorClass{-32601, "rpc-error", Remedy::elsewhere},  // MethodNotFound: unknown or switched off here
    ErrorClass{-32602, "rpc-error", Remedy::elsewhere},  // InvalidParams
    ErrorClass{-32603, "rpc-error", Remedy::again},      // InternalError
    ErrorClass{-32001, "pruned", Remedy::elsewhere},     // BlockCleanedUp
    ErrorClass{-32002, "rpc-error", Remedy::nothing},    // SendTransactionPreflightFailure
    ErrorClass{-32003, "rpc-error", Remedy::nothing},    // TransactionSignatureVerificationFailure
    ErrorClass{-32004, "rpc-error", Remedy::again},      // BlockNotAvailable
    ErrorClass{-32005, "behind", Remedy::again},         // NodeUnhealthy
    ErrorClass{-32006, "rpc-error", Remedy::nothing},    // TransactionPrecompileVerificationFailure
    ErrorClass{-32007, "pruned", Remedy::nothing},       // SlotSkipped
    ErrorClass{-32008, "rpc-error", Remedy::elsewhere},  // NoSnapshot
    ErrorClass{-32009, "pruned", Remedy::nothing},       // LongTermStorageSlotSkipped
    ErrorClass{-32010, "rpc-error", Remedy::elsewhere},  // KeyExcludedFromSecondaryIndex
    ErrorClass{-32011, "pruned", Remedy::elsewhere},     // TransactionHistoryNotAvailable
    ErrorClass{-32012, "rpc-error", Remedy::again},      // ScanError
    ErrorClass{-32013, "rpc-error", Remedy::nothing},    // TransactionSignatureLenMismatch
    ErrorClass{-32014, "rpc-error", Remedy::again},      // BlockStatusNotAvailableYet
    ErrorClass{-32015, "rpc-error", Remedy::nothing},    // UnsupportedTransactionVersion
    ErrorClass{-32016, "behind", Remedy::again},         // MinContextSlotNotReached
    ErrorClass{-32017, "rpc-error", Remedy::again},      // EpochRewardsPeriodActive
    ErrorClass{-32018, "rpc-error", Remedy::nothing},    // SlotNotEpochBoundary
    ErrorClass{-32019, "rpc-error", Remedy::again},      // LongTermStorageUnreachable
    ErrorClass{-32020, "rpc-error", Remedy::elsewhere},  // FilterTransactionNotFound
    ErrorClass{-32021, "pruned", Remedy::elsewhere},     // NoSlotHistory
    ErrorClass{-32065, "rpc-error", Remedy::elsewhere},  // Firedancer: an option that it has not
};

Retry retry_of(Remedy remedy) {
  switch (remedy) {
    case Remedy::again:
      return Retry::now;
    case Remedy::elsewhere:
      return Retry::other_endpoint;
    case Remedy::nothing:
      break;
  }
  return Retry::never;
}

Trouble make_trouble(std::string_view cause, std::string what, Remedy remedy) {
  return {{std::string(cause), std::move(what), retry_of(remedy)}, remedy, std::nullopt, std::nullopt};
}

// The code alone does not tell: QuickNode's -32007 is the chain's "slot skipped" elsewhere.
bool is_rate_limit(const RpcError& error, const std::string& message) {
  if (error.code == 429 || error.code == -32429 || error.code == -32029) return true;
  for (const char* words : {"request limit reached", "rate limit", "too many requests"}) {
    if (message.find(words) != std::string::npos) return true;
  }
  return false;
}

std::string words_for(const RpcError& error) {
  return "it answered error " + std::to_string(error.code) + ": " +
         (error.message.empty() ? "no message" : error.message);
}

std::string words_for(int status) {
  std::string number = "it answered HTTP " + std::to_string(status);
  switch (status) {
    case 204:
      return number + ", no content";
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      return number + ", a redirect, which is never followed";
    case 401:
    case 403:
      return number + ": the credential was refused, or this address or method is blocked";
    case 404:
      return number + ": there is no JSON-RPC at this URL";
    case 413:
      return number + ": the request is too large for it";
    case 429:
      return number + ": too many requests";
    default:
      return number;
  }
}

// The class of an error by its code, or by its message where the code is not telling.
std::optional<Trouble> class_of(const RpcError& error) {
  const std::string message = lower_case(error.message);
  if (message.find("max usage reached") != std::string::npos) {
    return make_trouble("rate-limited", words_for(error),
                        Remedy::elsewhere);  // the plan is used up: waiting is useless
  }
  if (is_rate_limit(error, message)) return make_trouble("rate-limited", words_for(error), Remedy::again);
  const auto known =
      std::find_if(classes.begin(), classes.end(), [&](const auto& one) { return one.code == error.code; });
  if (known == classes.end()) return std::nullopt;
  return make_trouble(known->cause, words_for(error), known->remedy);
}

Trouble class_of(const RpcError& error, int status) {
  const std::optional<Trouble> by_code = class_of(error);
  const bool status_decides =
      status == 401 || status == 403 || (status == 429 && !(by_code && by_code->why.cause == "rate-limited"));
  if (by_code && !status_decides) return *by_code;
  if (status == 200) return make_trouble("rpc-error", words_for(error), Remedy::elsewhere);
  Trouble trouble = trouble_of_status(status);
  trouble.why.what += "; " + words_for(error);
  return trouble;
}

}  // namespace

Trouble trouble_of(const RpcError& error, int status) {
  Trouble trouble = class_of(error, status);
  trouble.error = error;
  return trouble;
}

Trouble trouble_of_status(int status) {
  if (status == 429) return make_trouble("rate-limited", words_for(status), Remedy::again);
  if (status == 401 || status == 403) return make_trouble("refused", words_for(status), Remedy::elsewhere);
  const bool transient = status == 408 || status == 425 || (status >= 500 && status <= 599);
  return make_trouble("http-status", words_for(status), transient ? Remedy::again : Remedy::elsewhere);
}

Trouble trouble_of_transfer(Unobtainable why) {
  const bool transient = why.cause == "unreachable" || why.cause == "timeout";
  why.retry = transient ? Retry::now : Retry::other_endpoint;
  return {std::move(why), transient ? Remedy::again : Remedy::elsewhere, std::nullopt, std::nullopt};
}

std::optional<std::uint32_t> accounts_max_of(const RpcError& error) {
  constexpr std::string_view before = "too many inputs provided; max ";
  const std::string message = lower_case(error.message);
  const std::size_t at = message.find(before);
  if (at == std::string::npos) return std::nullopt;
  std::uint32_t max = 0;
  const char* begin = message.data() + at + before.size();
  const auto read = std::from_chars(begin, message.data() + message.size(), max);
  if (read.ec != std::errc() || max == 0) return std::nullopt;
  return max;
}

bool is_short_of_slot(const Trouble& trouble) {
  // An unhealthy node (-32005) is behind too, by as much as it says, and is not asked for a slot.
  return trouble.why.cause == "behind" && (!trouble.error || trouble.error->code == -32016);
}

bool is_fault_of_endpoint(const Trouble& trouble) {
  const std::string& cause = trouble.why.cause;
  if (cause == "rate-limited") return true;
  if (trouble.remedy != Remedy::again) return false;
  if (cause == "behind") return !is_short_of_slot(trouble);
  return cause == "unreachable" || cause == "timeout" || cause == "http-status";
}

bool refuses_parameters(const RpcError& error) {
  return error.code == -32602 || error.code == -32600 || error.code == -32065;
}

std::optional<Time> parse_http_date(std::string_view value) {
  const bool date = value.find(',') != std::string_view::npos && value.find(':') != std::string_view::npos;
  const time_t when = date ? curl_getdate(std::string(value).c_str(), nullptr) : -1;
  if (when < 0) return std::nullopt;
  // libcurl reads years of ten digits, whose milliseconds no 64 bits hold.
  constexpr std::int64_t last_second_of_9999 = 253'402'300'799;
  return Time{std::min<std::int64_t>(when, last_second_of_9999) * 1000};
}

std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value, Time now) {
  using namespace std::chrono;
  constexpr milliseconds longest = hours(24 * 365);
  if (value.empty()) return std::nullopt;
  if (value.find_first_not_of("0123456789") == std::string_view::npos) {
    std::uint64_t seconds_asked = 0;
    const auto read = std::from_chars(value.data(), value.data() + value.size(), seconds_asked);
    if (read.ec != std::errc() || seconds_asked > static_cast<std::uint64_t>(longest.count() / 1000)) return longest;
    return milliseconds(seconds_asked * 1000);
  }
  const auto when = parse_http_date(value);
  if (!when) return std::nullopt;
  return std::clamp(*when - now, milliseconds(0), longest);
}

std::chrono::milliseconds RetryPolicy::delay(unsigned attempt, double chance,
                                             std::optional<std::chrono::milliseconds> retry_after) const {
  const unsigned doublings = std::min(attempt > 0 ? attempt - 1 : 0, 16U);
  const auto full = std::min(first_delay * (1 << doublings), delay_max);
  const auto jittered = full / 2 + std::chrono::milliseconds(static_cast<std::int64_t>(
                                       static_cast<double>((full / 2).count()) * std::clamp(chance, 0.0, 1.0)));
  return std::max(jittered, std::min(retry_after.value_or(jittered), retry_after_max));
}

}  // namespace readyctl
