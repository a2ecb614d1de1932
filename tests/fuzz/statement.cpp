// Statements: the payload of a report, read, judged, shown, and taken for a replay.
#include "report/statement.hpp"

#include "fuzz/property.hpp"
#include "report/render_text.hpp"
#include "report/verification.hpp"

using namespace readyctl;

namespace {

void judge(const std::string& payload) {
  const auto statement = parse_statement(payload, "fuzz");
  if (!statement) return;
  fuzz::require(canonical_json(statement->json) == payload, "a statement has one spelling");
  fuzz::require(!statement->packs.empty() || inputs_of(*statement).has_value(), "its release can be read again");
  inputs_of(*statement);
  is_bound(*statement, {});
  is_in_time(*statement, Time{1'795'250'174'000});
  for (const bool explain : {false, true}) {
    const std::string text = render_text(*statement, {.colour = false, .now = Time{0}, .explain = explain});
    fuzz::require(text.find('\x1b') == std::string::npos, "nothing in it steers a terminal");
  }
}

}  // namespace

FUZZ_TARGET(statement) {
  const std::string text = fuzz::text_in(data, size);
  judge(text);
  // Few mutations keep the canonical form; it is put back so that the reader sees the rest of them.
  const auto json = parse_json(text, "fuzz");
  const auto canonical = json ? canonical_json(*json) : Result<std::string>(text);
  if (canonical && *canonical != text) judge(*canonical);
  return 0;
}
