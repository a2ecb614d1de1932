// Finding: what one gate says. An outcome, a sentence, and what was expected and observed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "facts/answer.hpp"
#include "facts/request.hpp"

namespace readyctl {

enum class Outcome {
  pass,          ///< every statement of the gate is true on complete facts
  fail,          ///< at least one statement is false on good facts
  inconclusive,  ///< a fact that the gate needs could not be had
  waived,        ///< failed, and a valid waiver covers it
  skipped,       ///< not in this phase
  not_run,       ///< interrupted, or not selected
};

std::string_view to_string(Outcome outcome);

/// One thing that a gate looked at.
struct Observed {
  std::string what;
  std::string expected;  ///< empty when nothing was expected of it
  std::string observed;
  std::string fact;  ///< key of the evidence record that holds it
  bool holds = true;
};

/// A parameter that may name something else than was meant: an address with one wrong character, an index that is one
/// off. What the pack advises is then no help, and may do harm.
struct Misnamed {
  std::string value;      ///< of the parameter, as text
  std::string parameter;  ///< its own name, where the value could be another's too; empty: whichever has the value
  std::string besides;    ///< what else to do, or not to do, as a clause
  /// What the pack advises helps, once the parameter was found to be right.
  bool may_be_right = false;
};

struct Finding {
  Outcome outcome = Outcome::not_run;
  std::string summary;
  std::vector<Observed> observations;
  std::optional<Unobtainable> cause;                ///< for inconclusive: why, and what may help
  std::optional<Misnamed> misnamed = std::nullopt;  ///< for fail: what to look at before anything is done
};

Finding pass(std::string summary);
Finding fail(std::string summary);
Finding inconclusive(Unobtainable cause);

/// Gathers what a gate looks at, one statement after the other, so that a person sees everything that is wrong at once.
///
///     Judgement judgement;
///     judgement.rests_on(programdata.request);
///     judgement.expect(threshold >= 2, {"threshold", "at least 2", "1"}, "one signature is enough to upgrade");
///     co_return judgement.conclude("2 of 3 members must sign");
class Judgement {
 public:
  struct Seen {
    std::string what;
    std::string expected;
    std::string observed;
  };

  /// The fact that the following observations come from.
  void rests_on(const Request& request) { fact_ = key_of(request); }

  /// Notes what was seen; when it does not hold, the gate fails and its summary says `otherwise`.
  void expect(bool holds, Seen seen, const std::string& otherwise);

  /// Notes what was seen where nothing was expected.
  void note(std::string what, std::string observed);

  /// Adds a caveat to the summary of a pass: something the gate cannot decide and its reader must know.
  void caveat(const std::string& words);

  /// What a failure most likely comes from. Of several the first one counts.
  void misnames(std::optional<Misnamed> parameter);

  bool failed() const { return !complaints_.empty(); }

  /// A fail with every complaint, or a pass with `summary` and the caveats.
  Finding conclude(const std::string& summary) const;

 private:
  std::string fact_;
  std::vector<Observed> observations_;
  std::vector<std::string> complaints_;
  std::vector<std::string> caveats_;
  std::optional<Misnamed> misnamed_;
};

}  // namespace readyctl
