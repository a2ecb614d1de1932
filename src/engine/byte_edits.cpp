#include "engine/byte_edits.hpp"

#include <algorithm>

#include "base/hex.hpp"

namespace readyctl {
namespace {

constexpr std::size_t small_bytes = 1024;  // of which each byte is changed
constexpr std::size_t head_bytes = 128;    // where the fields of larger data are
constexpr std::size_t spread_bytes = 128;  // of the rest
constexpr std::size_t word_bytes = 8;      // the width of most numbers

// What a number or a key at this place could be instead: one less, all bits the other way, nothing, as much as fits.
std::vector<ByteEdit> changes_at(std::size_t at, ByteView data) {
  const ByteView rest = data.subspan(at);
  const auto wide = rest.first(std::min(word_bytes, rest.size()));
  std::vector<ByteEdit> edits{{at, {rest[0]}, {static_cast<std::uint8_t>(rest[0] - 1)}},
                              {at, {rest[0]}, {static_cast<std::uint8_t>(~rest[0])}}};
  const Bytes before(wide.begin(), wide.end());
  edits.push_back({at, before, Bytes(before.size(), 0)});
  edits.push_back({at, before, Bytes(before.size(), 0xff)});
  std::erase_if(edits, [](const ByteEdit& edit) { return edit.before == edit.after; });
  return edits;
}

std::vector<std::size_t> places_in(std::size_t size, std::size_t most) {
  std::vector<std::size_t> places;
  if (size <= small_bytes && size <= most) {
    for (std::size_t at = 0; at < size; ++at) places.push_back(at);
    return places;
  }
  const std::size_t head = std::min({size, most / 2, head_bytes});
  for (std::size_t at = 0; at < head; ++at) places.push_back(at);
  const std::size_t rest = size - head;
  const std::size_t spread = std::min({rest, most - head, size <= small_bytes ? small_bytes : spread_bytes});
  for (std::size_t i = 0; i < spread; ++i) places.push_back(size - 1 - i * rest / spread);
  return places;
}

}  // namespace

std::string words_of(const ByteEdit& edit) {
  if (edit.after.size() == 1) {
    return "byte " + std::to_string(edit.at) + " is 0x" + to_hex(edit.after) + " and not 0x" + to_hex(edit.before);
  }
  return "bytes " + std::to_string(edit.at) + " to " + std::to_string(edit.at + edit.after.size() - 1) + " are " +
         to_hex(edit.after) + " and not " + to_hex(edit.before);
}

std::vector<ByteEdit> byte_edits(ByteView data, Span read, std::size_t edits_max, std::size_t& left_out) {
  constexpr std::size_t changes = 4;  // at each place
  std::vector<ByteEdit> edits;
  read.end = std::min(read.end, data.size());
  if (read.begin >= read.end) return edits;
  const std::size_t size = read.end - read.begin;
  const auto places = places_in(size, std::max(edits_max / changes, std::size_t{1}));
  left_out += changes * (size - places.size());
  for (const std::size_t place : places) {
    for (ByteEdit& edit : changes_at(place, data.subspan(read.begin, size))) {
      edit.at += read.begin;
      edits.push_back(std::move(edit));
    }
  }
  return edits;
}

void put(Bytes& data, std::size_t begin, const ByteEdit& edit) {
  for (std::size_t i = 0; i < edit.after.size(); ++i) {
    const std::size_t at = edit.at + i;
    if (at >= begin && at - begin < data.size()) data[at - begin] = edit.after[i];
  }
}

}  // namespace readyctl
