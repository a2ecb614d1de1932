#include "sources/long_strings.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <charconv>
#include <cstring>
#include <functional>
#include <memory>

namespace readyctl {
namespace {

// A marker holds characters that base64 has not, so a short base64 string is never taken for one.
constexpr std::string_view marker = "!long-string-";

// The position of the quote that ends the string whose text begins at `begin`, or npos. A quote is looked for again
// only behind the one that was found, because a string may be millions of escapes.
std::size_t end_of_string(std::string_view text, std::size_t begin, bool& plain) {
  plain = true;
  std::size_t at = begin;
  std::size_t quote = text.find('"', at);  // memchr
  while (quote != std::string_view::npos) {
    const void* escape = std::memchr(text.data() + at, '\\', quote - at);
    if (escape == nullptr) return quote;
    plain = false;
    at = static_cast<std::size_t>(static_cast<const char*>(escape) - text.data()) + 2;
    if (at > quote) quote = text.find('"', at);
  }
  return quote;
}

// A cheap look: enough to leave prose alone. Every character is looked at when the string is decoded.
bool looks_like_base64(std::string_view text) {
  return text.substr(0, 64).find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") ==
         std::string_view::npos;
}

}  // namespace

LiftedText lift_long_strings(std::string_view text, std::size_t rest_bytes_max) {
  LiftedText lifted;
  const auto keep = [&](std::string_view piece) {
    lifted.rest += piece.substr(0, rest_bytes_max + 1 - lifted.rest.size());
    return lifted.rest.size() <= rest_bytes_max;
  };
  std::size_t copied = 0;
  for (std::size_t at = text.find('"'); at != std::string_view::npos; at = text.find('"', at)) {
    bool plain = true;
    const std::size_t begin = at + 1;
    const std::size_t end = end_of_string(text, begin, plain);
    if (end == std::string_view::npos) break;
    const std::string_view inside = text.substr(begin, end - begin);
    if (plain && inside.size() >= long_string_bytes_min && looks_like_base64(inside)) {
      const std::string in_its_place = std::string(marker) + std::to_string(lifted.long_strings.size());
      if (!keep(text.substr(copied, begin - copied)) || !keep(in_its_place)) return lifted;
      lifted.long_strings.push_back(inside);
      copied = end;
    }
    at = end + 1;
  }
  keep(text.substr(copied));
  return lifted;
}

void release_long_string(std::string& text, std::string_view lifted) {
  const std::less_equal<const char*> before;
  const char* end = text.data() + text.size();
  if (!before(text.data(), lifted.data()) || !before(lifted.data() + lifted.size(), end)) return;
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  void* begin = text.data() + (lifted.data() - text.data());
  std::size_t left = lifted.size();
  if (std::align(page, page, begin, left) == nullptr) return;  // it has no page of its own
  madvise(begin, left / page * page, MADV_DONTNEED);           // refused, it is kept until the text is not
}

std::string_view LongStrings::text_of(const Json& string) {
  const auto& own = string.get_ref<const std::string&>();
  if (!own.starts_with(marker)) return own;
  std::size_t index = 0;
  const char* end = own.data() + own.size();
  const auto read = std::from_chars(own.data() + marker.size(), end, index);
  if (read.ec != std::errc() || read.ptr != end || index >= texts_.size() || is_used_[index]) return own;
  is_used_[index] = true;
  ++used_;
  return texts_[index];
}

}  // namespace readyctl
