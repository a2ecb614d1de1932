// A signed report and its evidence, every byte of them: whatever is changed, verify refuses it and names the part.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include "attest/trust.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/command_line.hpp"
#include "cli/report_file.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

// The smallest report there is: one local gate, one signature, a trust file that knows the key.
class SmallReport {
 public:
  SmallReport() {
    std::string name = (std::filesystem::temp_directory_path() / "readyctl-flip-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    const std::string artifact = R"({"path":"a","sha256":")" + to_string(sha256("x")) + R"(","executableHash":")" +
                                 to_string(sha256("x")) + "\"}";
    put("a", "x");
    put("release.json", R"({"apiVersion":"readyctl.release/v1","name":"r","cluster":"devnet","program":")" +
                            std::string(32, '1') + R"(","artifact":)" + artifact +
                            R"(,"source":{"repository":"https://git.example.org/r","commit":")" + std::string(40, 'a') +
                            R"("},"builtAt":"2026-01-01T00:00:00Z","operator":"ops"})");
    const std::string gates =
        R"({"apiVersion":"readyctl.gates/v1","name":"p","gates":[{"id":"g","kind":"artifact-hash",)"
        R"("params":{"path":"${artifact.path}","sha256":"${artifact.sha256}"}}]})";
    put("p.json", gates);
    const Ran made = run({"keygen", path("key"), "--type", "solana"});
    REQUIRE(made.status == 0);
    const auto begin = made.out.find("Public key") + 10;
    const std::string key = made.out.substr(made.out.find_first_not_of(' ', begin));
    put("trust.json", R"({"apiVersion":"readyctl.trust/v1","keys":[{"name":"k","key":")" +
                          key.substr(0, key.find('\n')) +
                          R"(","roles":["release"]}],"report":{"threshold":1,"roles":["release"]},"packs":[")" +
                          to_string(sha256(gates)) + "\"]}");
    const Ran ran = run(
        {"run", path("p.json"), "--release", path("release.json"), "--key", path("key"), "--report", path("report")});
    INFO(ran.out << ran.err);
    REQUIRE((ran.status == 0 || ran.status == 1));
    status = ran.status;
  }
  ~SmallReport() { std::filesystem::remove_all(folder_); }
  SmallReport(const SmallReport&) = delete;
  SmallReport& operator=(const SmallReport&) = delete;

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string text(const std::string& name) const { return read_text_file(folder_ / name).value(); }
  void put(const std::string& name, std::string_view text) const { REQUIRE(write_file(folder_ / name, text)); }

  // What verify asks before it asks what the report says: the error, or none.
  Result<void> authentic_and_complete() const {
    const auto report = read_report(path("report"));
    if (!report) return failure(report.error());
    const Trust trust = read_trust(path("trust.json")).value();
    const auto signers = who_signed(report->envelope, trust, report->statement.decided_at);
    if (const auto met = require_threshold(signers); !met) return met;
    const auto evidence = read_evidence_of(*report, std::nullopt);
    if (!evidence) return failure(evidence.error());
    return {};
  }

  int status = 0;

 private:
  std::filesystem::path folder_;
};

// Flips the lowest bit of each byte in turn. Gives how many flips were refused in words that name one of `parts`.
std::size_t refused_flips(const SmallReport& report, const std::string& file, const std::vector<std::string>& parts) {
  const std::string whole = report.text(file);
  std::size_t refused = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    std::ofstream(report.path(file), std::ios::binary) << changed;
    const auto relied_on = report.authentic_and_complete();
    const std::string words = relied_on ? "relied on" : to_string(relied_on.error());
    const bool named = std::any_of(parts.begin(), parts.end(), [&](const auto& part) { return says(words, part); });
    if (!named) UNSCOPED_INFO("byte " << at << " of " << file << ": " << words);
    refused += named ? 1U : 0U;
  }
  std::ofstream(report.path(file), std::ios::binary) << whole;
  return refused;
}

const std::vector<std::string> report_parts{"payload",  "signature", "envelope", "key",    "statement",    "manifest",
                                            "subjects", "pack",      "its \"",   "schema", "syntax error", "finding"};

}  // namespace

TEST_CASE("the small report verifies", "[cli]") {
  const SmallReport report;
  CHECK(report.authentic_and_complete().has_value());
  CHECK(run({"verify", report.path("report"), "--trust", report.path("trust.json")}).status == report.status);
}

TEST_CASE("every flipped byte of a report is refused", "[cli]") {
  const SmallReport report;
  CHECK(refused_flips(report, "report", report_parts) == report.text("report").size());
}

TEST_CASE("every flipped byte of its evidence is refused", "[cli]") {
  const SmallReport report;
  CHECK(refused_flips(report, "report.evidence", {"evidence"}) == report.text("report.evidence").size());
}
