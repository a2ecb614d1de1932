// Evidence files.
#include "sources/evidence.hpp"

#include "base/hex.hpp"
#include "fuzz/property.hpp"

using namespace readyctl;

namespace {

// The salt of each record, in their order: headers are lines of JSON that say how many bytes follow them.
std::vector<Bytes> salts_in(std::string_view text) {
  std::vector<Bytes> salts;
  std::size_t at = text.find('\n') + 1;
  while (at < text.size()) {
    const std::size_t end = text.find('\n', at);
    const Json header = parse_json(text.substr(at, end - at), "header").value();
    at = end + 1;
    for (const Json& seen : header.at("observations")) {
      if (seen.contains("body") && !seen.contains("error")) at += seen.at("body").at("size").get<std::size_t>();
    }
    ++at;
    salts.push_back(from_hex(header.at("salt").get<std::string>()).value_or(Bytes{}));
  }
  return salts;
}

}  // namespace

FUZZ_TARGET(evidence) {
  const std::string text = fuzz::text_in(data, size);
  const auto evidence = parse_evidence(Bytes(data, data + size), "fuzz");
  if (!evidence) return 0;
  fuzz::require(check_evidence(*evidence, evidence->index, "fuzz").has_value(), "evidence agrees with itself");
  if (!evidence->withheld.empty()) return 0;

  const std::vector<Bytes> salts = salts_in(text);
  fuzz::require(salts.size() == evidence->facts.size(), "every record was read");
  std::size_t next = 0;
  const EvidenceIndex again = index_evidence(evidence->facts, [&] { return salts[next++]; });
  fuzz::require(again.records == evidence->index.records, "a record is as readyctl would write it");
  fuzz::require(again.file == evidence->index.file, "evidence has one spelling");
  return 0;
}
