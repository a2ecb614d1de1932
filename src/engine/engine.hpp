// Engine: runs gates over one source until each has a finding.
//
// All gates run until each one waits. What they wait for is merged: a request asked twice travels once, one for a whole
// account covers one for a slice of it. The source gets the set, and whatever it answers resumes its waiters at once;
// what those ask for leaves as soon as no gate can run. So a run costs as many round trips as its longest chain of
// dependent facts, and an endpoint that hangs delays only the gates that asked it.
//
// Whatever is read of one account must say the same, wherever two answers of the run speak of the same bytes. Where
// they do not, the chain moved under the run, and no gate that read the account may rest on it.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/finding.hpp"
#include "engine/task.hpp"
#include "facts/record.hpp"
#include "facts/source.hpp"

namespace readyctl {

/// When a gate of a run begins.
enum class Begins {
  at_once,
  with_the_chain,  ///< once an endpoint is asked for anything, in the same round; else never
};

/// One gate that is to be decided.
struct GateRun {
  std::string id;                        ///< for --explain
  std::function<Task<Finding>()> begin;  ///< makes the coroutine; called once
  bool is_gate = true;                   ///< false: asks facts for a command, and no observer hears of it
  Begins begins = Begins::at_once;
};

/// What a gate waited for, one list of requests a wait.
using Trace = std::vector<std::vector<Request>>;

/// Why nobody may rest on an account, by the key of the request for the whole of it.
using Moved = std::map<std::string, Unobtainable>;

struct Decisions {
  std::vector<Finding> findings;  ///< in the order of the gates
  std::vector<Trace> traces;      ///< likewise
  FactStore facts;
  Moved moved;            ///< the accounts of which two answers differ
  std::size_t depth = 0;  ///< the longest chain of facts each of which had to be known to ask for the next
};

/// Whether a run must stop: an interrupt, a deadline. Asked between answers; gates not decided by then are not-run.
using Interrupted = std::function<bool()>;

/// How far a run is: counts, for somebody who waits for it.
struct Progress {
  std::size_t gates = 0;
  std::size_t gates_decided = 0;
  std::size_t facts_asked = 0;  ///< so far
  std::size_t facts_had = 0;    ///< of those, answered: what could not be had is had no other way
  struct List {
    std::string_view of;
    std::uint64_t read = 0;
    std::uint64_t all = 0;
  };
  std::optional<List> list;  ///< the first long list that a gate is going through
};

/// Follows a run. It is told and never asked, so nothing that is decided can depend on it.
class Observer {
 public:
  virtual ~Observer() = default;
  /// Called each time before the run waits for its source.
  virtual void follow(const Progress& progress) = 0;
};

/// Decides every gate. Never throws, and returns when each gate has a finding. `observer` may be nullptr. What is
/// `known` is not asked for, and is among the facts that are returned.
Decisions decide(const std::vector<GateRun>& gates, Source& source, const Interrupted& interrupted = {},
                 Observer* observer = nullptr, FactStore known = {});

/// What moved of that which a gate read, a part of it included.
std::optional<Unobtainable> moved_under(const Trace& trace, const Moved& moved);

/// The rounds that the traces take if every round answers all that is waited for: a property of gates and facts alone,
/// so that a replay counts the same.
std::size_t depth_of(const std::vector<Trace>& traces);

}  // namespace readyctl
