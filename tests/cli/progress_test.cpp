#include "cli/progress.hpp"

#include <catch2/catch.hpp>

#include "cli/command.hpp"
#include "cli/command_line.hpp"

using namespace readyctl;
using namespace readyctl::test;
using std::chrono::milliseconds;

namespace {

// A line over a terminal that keeps what it was sent, and a clock that the test turns.
struct Watched {
  std::vector<std::string> sent;
  std::size_t columns = 80;
  milliseconds now{0};
  ProgressLine line{Screen{[this](std::string_view text) { sent.emplace_back(text); }, [this] { return columns; }},
                    [this] { return ProgressLine::Instant(now); }};

  void follow_at(milliseconds moment, const Progress& progress) {
    now = moment;
    line.follow(progress);
  }
  void tick_at(milliseconds moment) {
    now = moment;
    line.tick();
  }
};

const std::string erased = "\r\x1b[K";

Progress some_way() { return {12, 3, 55, 41, std::nullopt}; }

Progress in_a_list() { return {1, 0, 5002, 4202, Progress::List{"proposals", 4200, 10'000}}; }

}  // namespace

// Gates, facts, time; of a long list that in place of the facts.
TEST_CASE("progress in words", "[cli]") {
  CHECK(progress_text(some_way(), milliseconds(2900), 80) ==
        "readyctl: gates decided 3 of 12, facts had 41 of 55 asked, 2 s");
  CHECK(progress_text(some_way(), milliseconds(900), 80) ==
        "readyctl: gates decided 3 of 12, facts had 41 of 55 asked");
  CHECK(progress_text(in_a_list(), milliseconds(125'000), 80) ==
        "readyctl: gates decided 0 of 1, proposals read 4,200 of 10,000, 2 min");
  CHECK(progress_text({0, 0, 1234567, 999, std::nullopt}, milliseconds(0), 80) ==
        "readyctl: facts had 999 of 1,234,567 asked");
}

// A line that reached the last column could not be erased: what does not fit is left out, from the end.
TEST_CASE("progress fits the terminal", "[cli]") {
  const std::string all = progress_text(some_way(), milliseconds(2000), 1000);
  CHECK(progress_text(some_way(), milliseconds(2000), all.size() + 1) == all);
  CHECK(progress_text(some_way(), milliseconds(2000), all.size()) ==
        "readyctl: gates decided 3 of 12, facts had 41 of 55 asked");
  CHECK(progress_text(some_way(), milliseconds(2000), 50) == "readyctl: gates decided 3 of 12");
  CHECK(progress_text(some_way(), milliseconds(2000), 20).empty());
}

// A run that is over at once shows nothing. One that is not shows a line five times a second at most, each over the
// last, also while nothing arrives; nothing is left of it, and nothing comes after the end.
TEST_CASE("progress is shown now and then, and erased", "[cli]") {
  Watched watched;
  watched.follow_at(milliseconds(0), some_way());
  watched.follow_at(milliseconds(199), some_way());
  CHECK(watched.sent.empty());
  watched.follow_at(milliseconds(200), some_way());
  REQUIRE(watched.sent.size() == 1);
  CHECK(watched.sent[0] == erased + "readyctl: gates decided 3 of 12, facts had 41 of 55 asked");
  watched.follow_at(milliseconds(300), in_a_list());
  watched.tick_at(milliseconds(399));
  CHECK(watched.sent.size() == 1);
  watched.tick_at(milliseconds(1400));
  REQUIRE(watched.sent.size() == 2);
  CHECK(watched.sent[1] == erased + "readyctl: gates decided 0 of 1, proposals read 4,200 of 10,000, 1 s");
  watched.line.end();
  REQUIRE(watched.sent.size() == 3);
  CHECK(watched.sent[2] == erased);
  watched.tick_at(milliseconds(9000));
  watched.line.end();
  CHECK(watched.sent.size() == 3);
}

// A run that ended before its line was due has nothing to erase.
TEST_CASE("nothing is erased that was not shown", "[cli]") {
  Watched watched;
  watched.follow_at(milliseconds(100), some_way());
  watched.line.end();
  ProgressLine::make_room();
  CHECK(watched.sent.empty());
}

// A diagnostic gets an empty line to stand on, and the line of progress comes back beneath it.
TEST_CASE("diagnostics are not appended to the line of progress", "[cli]") {
  run({"--version"});  // sets up the diagnostics
  Watched watched;
  watched.follow_at(milliseconds(500), some_way());
  REQUIRE(watched.sent.size() == 1);
  const Captured diagnostics(stderr, STDERR_FILENO);
  complain({ErrorKind::unreadable, "file", "is not there", ""});
  REQUIRE(watched.sent.size() == 2);
  CHECK(watched.sent[1] == erased);
  complain({ErrorKind::unreadable, "file", "is not there", ""});
  CHECK(watched.sent.size() == 2);
  watched.tick_at(milliseconds(700));
  CHECK(watched.sent.size() == 3);
}

// Without a terminal there is no line, whatever happens.
TEST_CASE("no terminal, no progress", "[cli]") {
  Captured standard_error(stderr, STDERR_FILENO);
  {
    milliseconds now{0};
    ProgressLine line(standard_error_screen(), [&] { return ProgressLine::Instant(now); });
    now = milliseconds(5000);
    line.follow(some_way());
    line.tick();
  }
  CHECK(standard_error.text().empty());
}

// The source asks whether the run was interrupted while it waits; each time is a tick.
TEST_CASE("waiting is ticking", "[cli]") {
  Watched watched;
  bool stop = false;
  const Interrupted asked = watched.line.ticking([&] { return stop; });
  watched.now = milliseconds(300);
  CHECK_FALSE(asked());
  CHECK(watched.sent.size() == 1);
  stop = true;
  CHECK(asked());
  CHECK_FALSE(watched.line.ticking()());
}
