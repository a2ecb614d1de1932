// Progress line: what a run waits for, in one line on a terminal, for as long as it waits.
//
// No thread draws it: the run tells what changed, and the source calls while it waits. It is made of a carriage return,
// "erase to the end of the line", and words.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engine/engine.hpp"

namespace readyctl {

/// The line in words: how many gates are decided, how much is had of the list that is being read, or else of the facts
/// that were asked for, and how long it has taken. As many of these as fit in fewer than `columns` characters.
std::string progress_text(const Progress& progress, std::chrono::milliseconds elapsed, std::size_t columns);

/// A terminal that can erase a line.
struct Screen {
  std::function<void(std::string_view)> put;
  std::function<std::size_t()> columns;  ///< asked for each line, because windows change their size
};

/// Standard error, when a person looks at it: a terminal that can erase a line (TERM says what it is, and not "dumb"),
/// of no pipeline (CI is not set).
std::optional<Screen> standard_error_screen();

class ProgressLine final : public Observer {
 public:
  using Instant = std::chrono::steady_clock::time_point;
  using Now = std::function<Instant()>;

  /// Without a screen nothing is ever shown. Time counts from here.
  explicit ProgressLine(std::optional<Screen> screen, Now now = std::chrono::steady_clock::now);
  ~ProgressLine() override { end(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void follow(const Progress& progress) override;

  /// Shows what is known now, if the last time is long enough ago. Called while the run waits.
  void tick();

  /// Asks `interrupted`, when there is one, and ticks each time: for a source that asks while it waits.
  Interrupted ticking(Interrupted interrupted = {});

  /// Erases the line for good.
  void end();

  /// Erases whatever line is shown, because something else is about to be written. The line comes back with a tick.
  static void make_room();

 private:
  void erase();

  std::optional<Screen> screen_;
  Now now_;
  Instant begun_;
  Instant drawn_;  // when it last was; the start counts, so that what ends at once shows nothing
  Progress progress_;

  static ProgressLine* shown_;  // the one that stands on the terminal
};

}  // namespace readyctl
