#include "report/render_text.hpp"

#include <algorithm>
#include <ctime>

#include "base/sizes.hpp"
#include "base/text.hpp"
#include "facts/quorum.hpp"
#include "report/address_labels.hpp"

namespace readyctl {
namespace {

std::string text_at(const Json& object, const char* field) {
  const Json value = object.is_object() ? object.value(field, Json()) : Json();
  return value.is_string() ? printable(value.get<std::string>()) : "";
}

// Worst first; what says nothing about the release comes last.
int rank_of(const Json& finding) {
  const std::string outcome = finding["outcome"];
  const int base = finding["severity"] == "blocking" ? 0 : 10;
  if (outcome == "fail") return base;
  if (outcome == "inconclusive") return base + 1;
  if (outcome == "not-run") return base + 2;
  if (outcome == "waived") return 20;
  return outcome == "pass" ? 30 : 40;
}

std::string word_for(const std::string& outcome) {
  std::string word = outcome;
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return word;
}

std::string words_for_cause(const std::string& cause, const std::string& retry) {
  if (cause == "over-budget") return "allow more with the option that is named, once it is clear what costs so much";
  if (cause == "no-endpoint") return "say whom to ask: --endpoints FILE or --rpc NAME=URL";
  if (retry == to_string(Retry::now)) return "run again; what stood in the way may be gone";
  if (retry == to_string(Retry::other_endpoint)) return "give another endpoint, or put another one first";
  return "remove the cause; running again changes nothing";
}

AddressLabels labels_of(const Statement& statement) {
  const auto manifest = parse_manifest(statement.manifest_text, "release.json");
  return manifest ? AddressLabels(*manifest) : AddressLabels();
}

class TextReport {
 public:
  TextReport(const Statement& statement, const TextStyle& style)
      : statement_(statement), style_(style), labels_(labels_of(statement)) {
    for (const Json& finding : statement.findings()) findings_.push_back(&finding);
    std::stable_sort(findings_.begin(), findings_.end(),
                     [](const Json* a, const Json* b) { return rank_of(*a) < rank_of(*b); });
  }

  std::string render() {
    headline();
    for (const Json* finding : findings_) {
      if (rank_of(*finding) < 20) in_full(*finding);
    }
    bool first = true;
    for (const Json* finding : findings_) {
      if (rank_of(*finding) < 20) continue;
      if (first) line("");
      first = false;
      in_one_line(*finding);
    }
    circumstances();
    if (style_.explain) explanation();
    return std::move(text_);
  }

 private:
  void line(const std::string& words) { text_ += words + "\n"; }

  std::string painted(const std::string& words, const char* colour) const {
    return style_.colour ? "\x1b[" + std::string(colour) + "m" + words + "\x1b[0m" : words;
  }
  std::string painted_outcome(const std::string& outcome, std::size_t width) const {
    std::string word = word_for(outcome);
    const char* colour = outcome == "pass" ? "32" : outcome == "fail" ? "31;1" : outcome == "inconclusive" ? "33" : "2";
    word.resize(std::max(width, word.size()), ' ');
    return painted(word, colour);
  }

  std::size_t count(const char* outcome, const char* severity) const {
    const auto same = [&](const Json* finding) {
      return (*finding)["outcome"] == outcome && (*finding)["severity"] == severity;
    };
    return static_cast<std::size_t>(std::count_if(findings_.begin(), findings_.end(), same));
  }
  std::size_t count(const char* outcome) const { return count(outcome, "blocking") + count(outcome, "advisory"); }

  void headline() {
    const bool go = statement_.decision == Decision::go;
    std::string verdict = go ? "GO" : statement_.decision == Decision::no_go ? "NO-GO" : "NO-GO (inconclusive)";
    if (statement_.partial) verdict += go ? " for this phase only" : "";
    line(painted(verdict, go ? "32;1" : "31;1") + "  " + printable(statement_.release) + " on " +
         printable(statement_.cluster) + (statement_.phase ? ", phase " + printable(*statement_.phase) : ""));
    if (statement_.partial) line("This phase is partial: its report never verifies as a GO for the release.");
    line("Blocking gates: " + std::to_string(count("fail", "blocking")) + " failed, " +
         std::to_string(count("inconclusive", "blocking") + count("not-run", "blocking")) + " undecided, " +
         std::to_string(count("pass", "blocking")) + " passed, " + std::to_string(count("waived")) +
         " waived. Advisory: " + std::to_string(count("fail", "advisory")) + " failed, " +
         std::to_string(count("inconclusive", "advisory")) + " undecided, " +
         std::to_string(count("pass", "advisory")) + " passed. Skipped: " + std::to_string(count("skipped")) + ".");
    line("Program " + printable(statement_.program));
  }

  void in_full(const Json& finding) {
    const std::string outcome = finding["outcome"];
    line("");
    line(painted_outcome(outcome, 0) + "  " + text_at(finding, "gate") + "  [" + text_at(finding, "kind") + ", " +
         text_at(finding, "severity") + "]");
    line("    " + labels_.labelled(text_at(finding, "summary")));
    for (const Json& seen : finding["observations"]) observation(seen);
    if (finding.contains("cause")) {
      line("    cause     " + text_at(finding["cause"], "class"));
      line("    what to do  " +
           words_for_cause(text_at(finding["cause"], "class"), text_at(finding["cause"], "retry")));
    }
    if (finding.contains("because")) line("    because   " + text_at(finding, "because"));
    if (finding.contains("remedy")) line("    what to do  " + text_at(finding, "remedy"));
    if (finding.contains("owner")) line("    owner     " + text_at(finding, "owner"));
  }

  void observation(const Json& seen) {
    const bool holds = seen.value("holds", Json()) == true;
    const std::string what = labels_.labelled(text_at(seen, "what"));
    if (holds) {
      line("    " + what + ": " + labels_.labelled(text_at(seen, "observed")));
      return;
    }
    line("    " + painted(what, "1"));
    line("        expected  " + labels_.labelled(text_at(seen, "expected")));
    line("        observed  " + labels_.labelled(text_at(seen, "observed")));
  }

  void in_one_line(const Json& finding) {
    line(painted_outcome(finding["outcome"], 8) + text_at(finding, "gate") + "  " +
         labels_.labelled(text_at(finding, "summary")));
  }

  // UTC, then the local time, then how far away.
  std::string moment(Time time) const {
    const std::time_t seconds = time.milliseconds / 1000;
    std::tm local{};
    char buffer[64] = "";
    if (::localtime_r(&seconds, &local) != nullptr) std::strftime(buffer, sizeof buffer, "%H:%M %Z", &local);
    const auto distance = time - style_.now;
    const std::string words =
        distance.count() >= 0 ? "in " + duration_text(distance) : duration_text(-distance) + " ago";
    return to_string(time) + " (" + buffer + ", " + words + ")";
  }

  void circumstances() {
    const Json& predicate = statement_.predicate();
    line("");
    line("Decided " + moment(statement_.decided_at) + " by readyctl " + printable(statement_.tool_version));
    line(statement_.valid_until ? "Good until " + moment(*statement_.valid_until) : "Nothing in it expires");
    line("Release id " + to_string(statement_.release_id));
    const Json& snapshot = predicate.value("snapshot", Json::object());
    line("Facts rest on " + text_at(snapshot, "restsOn"));
    for (const Json& one : snapshot.value("contradicted", Json::array())) contradicted(one);
    snapshot_lines(snapshot);
    spent_line();
    for (const Json& option : predicate.value("weakened", Json::array())) {
      line("Weakened by " + (option.is_string() ? printable(option.get<std::string>()) : ""));
    }
  }

  void snapshot_lines(const Json& snapshot) {
    if (snapshot.contains("clock")) clock_line(snapshot["clock"]["first"], snapshot["clock"]["last"]);
    if (snapshot.contains("accounts")) {
      accounts_line(snapshot["accounts"]);
    } else if (snapshot.contains("slots")) {
      line("Read at slots " + text_at(snapshot["slots"], "least") + " to " + text_at(snapshot["slots"], "most"));
    }
    if (!snapshot.contains("retaken")) return;
    line("The snapshot was taken twice, and everything decided from the second one, because the chain moved:");
    for (const Json& reason : snapshot["retaken"]["because"]) line("    " + printable(reason.get<std::string>()));
  }

  void clock_line(const Json& first, const Json& last) {
    const auto at = [](const Json& clock) { return text_at(clock, "slot") + " (" + text_at(clock, "time") + ")"; };
    if (first.is_null() || last.is_null()) {
      const std::string from =
          first.is_null() ? "" : " from slot " + at(first) + ", epoch " + text_at(first, "epoch") + ", on";
      const std::string when = !last.is_null() ? "at the beginning" : first.is_null() ? "" : "once more at the end";
      line("The chain was read" + from + "; its clock could not be read" + (when.empty() ? "" : " ") + when +
           ", so whether an epoch ended meanwhile is not known");
      return;
    }
    const std::string epochs = first["epoch"] == last["epoch"]
                                   ? "epoch " + text_at(first, "epoch")
                                   : "epochs " + text_at(first, "epoch") + " and " + text_at(last, "epoch");
    line("The chain was read from slot " + at(first) + " to slot " + at(last) + ", " + epochs);
  }

  void accounts_line(const Json& accounts) {
    const std::string least = text_at(accounts, "least");
    const std::string most = text_at(accounts, "most");
    const auto count = accounts["count"].get<std::size_t>();
    line(counted(count, "account") + " read " +
         (least == most ? "at slot " + least
                        : "at slots " + least + " to " + most +
                              ", which is no one moment: what one holds may be older "
                              "than what another does"));
  }

  void spent_line() {
    const Json& cost = statement_.predicate()["cost"];
    if (!cost.contains("spent")) return;
    const auto number = [&](const char* field) { return cost["spent"][field].get<std::uint64_t>(); };
    const std::uint64_t retries = number("retries");
    line("Reading the chain cost " + counted(number("requests"), "request") +
         (retries == 0 ? "" : ", " + std::to_string(retries) + " of them for another try") + ", " +
         size_text(number("bytes")) + " and " +
         duration_text(std::chrono::milliseconds(static_cast<std::int64_t>(number("elapsedMs")))));
  }

  void contradicted(const Json& by) {
    std::vector<std::string> facts;
    for (const Json& key : by["facts"]) facts.push_back(words_for_key(key.get<std::string>()));
    line(painted("Contradicted by endpoint " + text_at(by, "by"), "31;1") + ", which says otherwise about " +
         labels_.labelled(printable(join(facts, ", "))));
  }

  void explanation() {
    const Json& cost = statement_.predicate()["cost"];
    line("");
    line("Depth " + cost["depth"].dump() +
         ": the longest chain of facts each of which had to be known to ask the next. " + cost["facts"].dump() +
         " distinct facts.");
    for (const Json& finding : statement_.findings()) {
      line(text_at(finding, "gate") + " asked for");
      for (const Json& key : finding["facts"]) line("    " + printable(key.get<std::string>()));
    }
  }

  const Statement& statement_;
  const TextStyle& style_;
  AddressLabels labels_;
  std::vector<const Json*> findings_;
  std::string text_;
};

}  // namespace

std::string render_text(const Statement& statement, const TextStyle& style) {
  return TextReport(statement, style).render();
}

}  // namespace readyctl
