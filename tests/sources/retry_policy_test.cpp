#include "sources/retry_policy.hpp"

#include <catch2/catch.hpp>

#include "sources/rpc_accounts.hpp"

using namespace readyctl;
using std::chrono::milliseconds;

namespace {

struct Row {
  std::int64_t code;
  const char* message;
  int status;
  const char* cause;
  Remedy remedy;
};

}  // namespace

// Each JSON-RPC error has its class; a provider's own code is told from the chain's by its message.
TEST_CASE("classes of JSON-RPC errors", "[retry]") {
  const Row row = GENERATE(values<Row>({
      {-32700, "Parse error", 200, "rpc-error", Remedy::elsewhere},
      {-32600, "Invalid request", 200, "rpc-error", Remedy::elsewhere},
      {-32601, "Method not found", 200, "rpc-error", Remedy::elsewhere},
      {-32601, "Method not found", 404, "rpc-error", Remedy::elsewhere},
      {-32602, "Invalid param: WrongSize", 200, "rpc-error", Remedy::elsewhere},
      {-32602, "Invalid param: WrongSize", 400, "rpc-error", Remedy::elsewhere},
      {-32603, "Internal error", 200, "rpc-error", Remedy::again},
      {-32001, "Block 5 cleaned up", 200, "pruned", Remedy::elsewhere},
      {-32004, "Block not available for slot 5", 200, "rpc-error", Remedy::again},
      {-32005, "Node is behind by 42 slots", 200, "behind", Remedy::again},
      {-32007, "Slot 5 was skipped", 200, "pruned", Remedy::nothing},
      {-32007, "15/second request limit reached - reduce calls per second", 200, "rate-limited", Remedy::again},
      {-32009, "Slot 5 was skipped", 200, "pruned", Remedy::nothing},
      {-32010, "excluded", 200, "rpc-error", Remedy::elsewhere},
      {-32011, "Transaction history is not available from this node", 200, "pruned", Remedy::elsewhere},
      {-32012, "scan aborted", 200, "rpc-error", Remedy::again},
      {-32014, "Block status not yet available", 200, "rpc-error", Remedy::again},
      {-32015, "Transaction version (0) is not supported", 200, "rpc-error", Remedy::nothing},
      {-32016, "Minimum context slot has not been reached", 200, "behind", Remedy::again},
      {-32019, "Failed to query long-term storage", 200, "rpc-error", Remedy::again},
      {-32065, "Firedancer Error: unsupported", 200, "rpc-error", Remedy::elsewhere},
      {-32429, "rate limited", 200, "rate-limited", Remedy::again},
      {-32429, "max usage reached", 429, "rate-limited", Remedy::elsewhere},
      {-32029, "Rate limit exceeded", 200, "rate-limited", Remedy::again},
      {429, "Too many requests for a specific RPC call", 429, "rate-limited", Remedy::again},
      {429, "Too Many Requests", 200, "rate-limited", Remedy::again},
      {-32602, "whatever", 401, "refused", Remedy::elsewhere},
      {-32000, "whatever", 429, "rate-limited", Remedy::again},
      {-32052, "API key is not allowed", 403, "refused", Remedy::elsewhere},
      {-32052, "API key is not allowed", 200, "rpc-error", Remedy::elsewhere},
      {-39999, "who knows", 503, "http-status", Remedy::again},
  }));
  INFO(row.code << " " << row.message << " " << row.status);
  const Trouble trouble = trouble_of(RpcError{row.code, row.message}, row.status);
  CHECK(trouble.why.cause == row.cause);
  CHECK(trouble.remedy == row.remedy);
  CHECK(trouble.why.what.find(row.message) != std::string::npos);
  CHECK(trouble.error->code == row.code);
}

// A node that lacks a slot has it in a moment; one that says it is unhealthy need not.
TEST_CASE("short of a slot", "[retry]") {
  CHECK(is_short_of_slot(trouble_of(RpcError{-32016, "Minimum context slot has not been reached"}, 200)));
  CHECK(is_short_of_slot(behind(Slot{5}, Slot{6})));
  CHECK_FALSE(is_short_of_slot(trouble_of(RpcError{-32005, "Node is behind by 42 slots"}, 200)));
  CHECK_FALSE(is_short_of_slot(trouble_of_status(503)));
}

// What any other question would meet too is told from what one question meets.
TEST_CASE("faults of an endpoint", "[retry]") {
  CHECK(is_fault_of_endpoint(trouble_of_transfer({"unreachable", "", Retry::never})));
  CHECK(is_fault_of_endpoint(trouble_of_transfer({"timeout", "", Retry::never})));
  for (const int status : {408, 425, 429, 500, 502, 503}) CHECK(is_fault_of_endpoint(trouble_of_status(status)));
  CHECK(is_fault_of_endpoint(trouble_of(RpcError{-32005, "Node is behind by 42 slots"}, 200)));
  CHECK(is_fault_of_endpoint(trouble_of(RpcError{-32429, "rate limited"}, 200)));
  CHECK(is_fault_of_endpoint(trouble_of(RpcError{-32429, "max usage reached"}, 429)));
  for (const int status : {400, 403, 404, 413}) CHECK_FALSE(is_fault_of_endpoint(trouble_of_status(status)));
  for (const std::int64_t code : {-32016, -32004, -32603, -32601, -32009})
    CHECK_FALSE(is_fault_of_endpoint(trouble_of(RpcError{code, "whatever"}, 200)));
  CHECK_FALSE(is_fault_of_endpoint(trouble_of_transfer({"tls", "", Retry::now})));
}

// The retry class that a finding shows follows from what may help.
TEST_CASE("remedies are retry classes", "[retry]") {
  CHECK(trouble_of(RpcError{-32603, ""}, 200).why.retry == Retry::now);
  CHECK(trouble_of(RpcError{-32601, ""}, 200).why.retry == Retry::other_endpoint);
  CHECK(trouble_of(RpcError{-32009, ""}, 200).why.retry == Retry::never);
}

// HTTP statuses without a JSON-RPC body.
TEST_CASE("classes of HTTP statuses", "[retry]") {
  for (const int status : {408, 425, 500, 502, 503, 504, 522}) CHECK(trouble_of_status(status).remedy == Remedy::again);
  for (const int status : {204, 301, 400, 404, 405, 413}) CHECK(trouble_of_status(status).remedy == Remedy::elsewhere);
  CHECK(trouble_of_status(429).why.cause == "rate-limited");
  CHECK(trouble_of_status(401).why.cause == "refused");
  CHECK(trouble_of_status(307).why.what.find("redirect") != std::string::npos);
}

// A transfer that failed for want of a connection is tried again; one that failed for what the server is, is not.
TEST_CASE("classes of transfers that failed", "[retry]") {
  CHECK(trouble_of_transfer({"unreachable", "", Retry::never}).remedy == Remedy::again);
  CHECK(trouble_of_transfer({"timeout", "", Retry::never}).remedy == Remedy::again);
  CHECK(trouble_of_transfer({"tls", "", Retry::now}).remedy == Remedy::elsewhere);
  CHECK(trouble_of_transfer({"too-large", "", Retry::now}).why.retry == Retry::other_endpoint);
}

// Retry-After as seconds, as a date, as nonsense.
TEST_CASE("Retry-After", "[retry]") {
  const Time now = parse_time("2026-11-21T08:00:00Z").value();
  CHECK(parse_retry_after("7", now) == milliseconds(7000));
  CHECK(parse_retry_after("0", now) == milliseconds(0));
  CHECK(parse_retry_after("Sat, 21 Nov 2026 08:00:30 GMT", now) == milliseconds(30000));
  CHECK(parse_retry_after("Sat, 21 Nov 2026 07:00:00 GMT", now) == milliseconds(0));
  CHECK(parse_retry_after("99999999999999999999999", now).value() > std::chrono::hours(1000));
  CHECK(parse_retry_after("Sat, 21 Nov 2147483646 08:00:30 GMT", now).value() > std::chrono::hours(1000));
  for (const char* nonsense : {"", "soon", "-5", "1.5", "7 s"})
    CHECK_FALSE(parse_retry_after(nonsense, now).has_value());
}

// Waits double up to a cap, chance moves half of them, and a server's wish is honoured up to its own cap.
TEST_CASE("backoff", "[retry]") {
  const RetryPolicy policy;
  CHECK(policy.delay(1, 1.0, {}) == milliseconds(250));
  CHECK(policy.delay(1, 0.0, {}) == milliseconds(125));
  CHECK(policy.delay(2, 1.0, {}) == milliseconds(500));
  CHECK(policy.delay(3, 1.0, {}) == milliseconds(1000));
  CHECK(policy.delay(60, 1.0, {}) == policy.delay_max);
  CHECK(policy.delay(1, 1.0, milliseconds(3000)) == milliseconds(3000));
  CHECK(policy.delay(1, 1.0, std::chrono::hours(9)) == policy.retry_after_max);
  CHECK(policy.delay(2, 1.0, milliseconds(1)) == milliseconds(500));
}

// The number that a provider takes is read from its refusal.
TEST_CASE("too many inputs", "[retry]") {
  CHECK(accounts_max_of({-32602, "Too many inputs provided; max 5"}) == 5U);
  CHECK(accounts_max_of({-32602, "too many inputs provided; max 100"}) == 100U);
  CHECK_FALSE(accounts_max_of({-32602, "Too many inputs provided; max 0"}).has_value());
  CHECK_FALSE(accounts_max_of({-32602, "Invalid param"}).has_value());
}
