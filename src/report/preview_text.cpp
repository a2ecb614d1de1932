// The preview of a run for a person on a terminal.
#include <algorithm>
#include <iterator>

#include "base/text.hpp"
#include "report/address_labels.hpp"
#include "report/preview.hpp"

namespace readyctl {
namespace {

using Row = std::vector<std::string>;

// Rows in columns, each as wide as its widest word; the last is not filled up.
std::string table(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line = " ";
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += " " + row[i];
      if (i + 1 < row.size()) line += std::string(widths[i] - row[i].size() + 1, ' ');
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

class TextPreview {
 public:
  explicit TextPreview(const Preview& preview)
      : preview_(preview), outlooks_(outlooks_of(preview)), labels_(preview.manifest) {}

  std::string render() {
    headline();
    gates();
    endpoints();
    calls();
    local();
    afterwards();
    to_sign();
    return std::move(text_);
  }

 private:
  void line(const std::string& words) { text_ += words + "\n"; }
  void section(const std::string& words, const std::vector<Row>& rows) {
    line("");
    line(words);
    text_ += table(rows);
  }

  std::size_t count(Outlook outlook) const {
    return static_cast<std::size_t>(std::count(outlooks_.begin(), outlooks_.end(), outlook));
  }

  void headline() {
    const Release& release = preview_.manifest.release;
    const std::optional<std::string>& phase = preview_.plan.phase;
    line("Plan of " + printable(release.name) + " on " + printable(release.cluster.name) +
         (phase ? ", phase " + printable(*phase) : ""));
    const bool was_read = std::any_of(preview_.signings.begin(), preview_.signings.end(),
                                      [](const Signing& one) { return one.vote.has_value(); });
    line(was_read ? "Nothing is decided. Of an endpoint nothing was asked but what is to be signed."
                  : "Nothing is decided, and nothing was asked of an endpoint.");
    if (preview_.plan.partial) line("This phase is partial: its report never verifies as a GO for the release.");
    line("Program " + to_string(release.program));
    line("Release id " + to_string(preview_.manifest.id));
  }

  static std::string words_for(Outlook outlook) {
    switch (outlook) {
      case Outlook::waits:
        return "waits for an endpoint";
      case Outlook::asks_no_endpoint:
        return "asks no endpoint";
      case Outlook::has_no_endpoint:
        return "needs an endpoint, and none was given";
      case Outlook::skipped:
      case Outlook::not_selected:
        break;
    }
    return "";
  }

  void gates() {
    std::vector<Row> running;
    std::vector<Row> left_out;
    for (std::size_t i = 0; i < outlooks_.size(); ++i) {
      const PlannedGate& gate = preview_.plan.gates[i];
      const bool runs = gate.disposition == Disposition::decide;
      const std::string severity = gate.definition.severity == Severity::blocking ? "blocking" : "advisory";
      (runs ? running : left_out)
          .push_back({printable(gate.id), printable(gate.definition.kind), severity,
                      runs ? words_for(outlooks_[i]) : printable(preview_.first.findings[i].summary)});
    }
    section("Gates that run: " + std::to_string(running.size()), running);
    if (!left_out.empty()) section("Gates that do not run: " + std::to_string(left_out.size()), left_out);
  }

  void endpoints() {
    std::vector<Row> rows;
    for (const EndpointInfo& one : preview_.endpoints) {
      rows.push_back({one.name, one.provider ? "of " + printable(*one.provider) : "of an unnamed provider",
                      one.role ? printable(*one.role) : ""});
    }
    section("Endpoints: " + std::to_string(rows.size()), rows);
    if (rows.size() < 2) return;
    if (preview_.quorum > 1) {
      line("  What an endpoint says of itself is asked of each; everything else of " + std::to_string(preview_.quorum) +
           " providers, which must agree, and of the next if one fails or contradicts.");
      return;
    }
    line(
        "  What an endpoint says of itself is asked of each; everything else of the first, and of the next if it "
        "fails.");
  }

  static std::string data_words(const std::optional<std::uint64_t>& bytes_max) {
    if (!bytes_max) return "all of their data";
    return *bytes_max == 0 ? "none of their data" : "at most " + counted(*bytes_max, "byte") + " of data";
  }

  void calls() {
    std::vector<Row> rows;
    std::uint64_t sent_bytes = 0;
    for (const CallCount& count : counts_of(preview_)) {
      sent_bytes += count.sent_bytes;
      const std::string accounts =
          count.accounts == 0 ? "" : counted(count.accounts, "account") + ", " + data_words(count.data_bytes_max);
      rows.push_back({count.endpoint, printable(count.method), counted(count.calls, "request"),
                      counted(count.sent_bytes, "byte"), accounts});
    }
    section("Sent before anything is answered: " + counted(preview_.calls.size(), "request") + ", " +
                counted(sent_bytes, "byte") + " of bodies, for " +
                counted(distinct_accounts(preview_.calls), "distinct account"),
            rows);
  }

  void local() {
    std::vector<Row> rows;
    for (const LocalRead& read : local_reads(preview_)) {
      const std::string identity =
          read.identity ? (read.is_checkout ? "commit " : "SHA-256 ") + *read.identity : printable(read.trouble);
      rows.push_back({read.is_checkout ? "checkout" : "file", printable(read.path), identity});
    }
    if (!rows.empty()) section("Read on this machine, for this plan too: " + std::to_string(rows.size()), rows);
  }

  void afterwards() {
    line("");
    if (const std::size_t waiting = count(Outlook::waits); waiting > 0) {
      line("What follows depends on the answers: " + counted(waiting, "gate") + (waiting == 1 ? " waits" : " wait") +
           " for an endpoint and may ask for more;");
      line("what is not answered is asked again, or of the next endpoint.");
    } else {
      line("Nothing follows: no gate waits for an endpoint.");
    }
    if (const std::size_t missed = count(Outlook::has_no_endpoint); missed > 0) {
      line(counted(missed, "gate") + " would be inconclusive: give --endpoints FILE or --rpc NAME=URL.");
    }
  }

  void to_sign() {
    line("");
    if (preview_.signings.empty()) return line("To be signed: no gate of this run names a transaction of a multisig.");
    line("To be signed: " + counted(preview_.signings.size(), "transaction"));
    for (const Signing& signing : preview_.signings) {
      line("");
      text_ += labels_.labelled(render_text(explain_signing(signing)));
    }
    line("");
    line(
        "A vote is a message of its own, made when it is signed, and its hash cannot be known before: compare it "
        "then,");
    line("with readyctl inspect --message TEXT.");
  }

  const Preview& preview_;
  std::vector<Outlook> outlooks_;
  AddressLabels labels_;
  std::string text_;
};

}  // namespace

std::string render_text(const Preview& preview) { return TextPreview(preview).render(); }

}  // namespace readyctl
