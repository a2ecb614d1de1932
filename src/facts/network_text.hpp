// Text that came from a network, fit to stand in a sentence.
#pragma once

#include <string>
#include <string_view>

#include "base/text.hpp"
#include "facts/fact.hpp"

namespace readyctl {

inline constexpr std::size_t network_text_max = 200;

/// The text made printable, and cut when it is long.
inline std::string shown(std::string_view text) {
  const bool is_long = text.size() > network_text_max;
  return printable(text.substr(0, network_text_max)) + (is_long ? "…" : "");
}

/// Why something could not be had, made printable.
inline std::string words_for(const Refusal& refusal) {
  const auto* absence = std::get_if<Absent>(&refusal);
  return printable(absence != nullptr ? absence->what : std::get<Unobtainable>(refusal).what);
}

}  // namespace readyctl
