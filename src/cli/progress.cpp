#include "cli/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

#include "base/time.hpp"

namespace readyctl {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds between_lines{200};
constexpr std::string_view erased = "\r\x1b[K";
constexpr std::size_t usual_columns = 80;

// 10000 is "10,000".
std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::string portion(std::string_view of, std::uint64_t part, std::uint64_t all) {
  return std::string(of) + " " + grouped(part) + " of " + grouped(all);
}

std::vector<std::string> parts_of(const Progress& progress, milliseconds elapsed) {
  std::vector<std::string> parts;
  if (progress.gates > 0) parts.push_back(portion("gates decided", progress.gates_decided, progress.gates));
  if (const auto& list = progress.list) {
    parts.push_back(portion(std::string(list->of) + " read", list->read, list->all));
  } else {
    parts.push_back(portion("facts had", progress.facts_had, progress.facts_asked) + " asked");
  }
  const auto seconds = std::chrono::floor<std::chrono::seconds>(elapsed);
  if (seconds.count() > 0) parts.push_back(duration_text(seconds));
  return parts;
}

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

void put_on_standard_error(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

std::size_t columns_of_standard_error() {
  winsize size{};
  const bool is_known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return is_known ? size.ws_col : usual_columns;
}

}  // namespace

std::string progress_text(const Progress& progress, milliseconds elapsed, std::size_t columns) {
  std::string text;
  for (const std::string& part : parts_of(progress, elapsed)) {
    const std::string_view before = text.empty() ? "readyctl: " : ", ";
    if (text.size() + before.size() + part.size() >= columns) break;
    text.append(before).append(part);
  }
  return text;
}

std::optional<Screen> standard_error_screen() {
  const char* terminal = std::getenv("TERM");
  const bool can_erase = terminal != nullptr && *terminal != '\0' && std::string_view(terminal) != "dumb";
  if (::isatty(STDERR_FILENO) != 1 || !can_erase || is_set("CI")) return std::nullopt;
  return Screen{put_on_standard_error, columns_of_standard_error};
}

ProgressLine* ProgressLine::shown_ = nullptr;

ProgressLine::ProgressLine(std::optional<Screen> screen, Now now)
    : screen_(std::move(screen)), now_(std::move(now)), begun_(now_()), drawn_(begun_) {}

void ProgressLine::follow(const Progress& progress) {
  progress_ = progress;
  tick();
}

void ProgressLine::tick() {
  if (!screen_) return;
  const Instant moment = now_();
  if (moment - drawn_ < between_lines) return;
  drawn_ = moment;
  const milliseconds elapsed = std::chrono::floor<milliseconds>(moment - begun_);
  screen_->put(std::string(erased) + progress_text(progress_, elapsed, screen_->columns()));
  shown_ = this;
}

Interrupted ProgressLine::ticking(Interrupted interrupted) {
  return [this, interrupted = std::move(interrupted)] {
    tick();
    return interrupted && interrupted();
  };
}

void ProgressLine::end() {
  erase();
  screen_.reset();
}

void ProgressLine::make_room() {
  if (shown_ != nullptr) shown_->erase();
}

void ProgressLine::erase() {
  if (shown_ != this) return;
  screen_->put(erased);
  shown_ = nullptr;
}

}  // namespace readyctl
