// Text for people: nearest names, escaping of what came from outside, lists in words.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace readyctl {

/// The candidate that differs from `name` by the fewest edits, if it is near enough to be meant.
std::optional<std::string> nearest(std::string_view name, std::span<const std::string> candidates);

/// `did you mean "x"?` when a candidate is near, else `known: a, b, c`.
std::string suggestion(std::string_view name, std::span<const std::string> candidates);

/// The text with everything that could steer a terminal, or pretend to be other text, made visible: control characters,
/// bidirectional marks, invisible characters and bytes that are not UTF-8 become \xNN or \u{NNNN}; a line feed becomes
/// \n. What readyctl prints of files or the network goes through here.
std::string printable(std::string_view text);

/// Whether the bytes are UTF-8 in its shortest form, without surrogates.
bool is_utf8(std::string_view text);

/// The text without the white space (space, tab, CR, LF) at its ends.
std::string_view trimmed(std::string_view text);

std::string join(std::span<const std::string> parts, std::string_view separator);

/// "1 gate", "2 gates".
std::string counted(std::size_t count, std::string_view singular);

}  // namespace readyctl
