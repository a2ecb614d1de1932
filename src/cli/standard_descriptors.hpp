// Standard descriptors: what 0, 1 and 2 are when nobody gave them.
#pragma once

namespace readyctl {

/// Gives each of standard input, output and error that is closed to something that takes nothing and says nothing. Else
/// the next file that is opened gets its number, and what is printed goes into the evidence. A write to it still fails.
/// To be called before any file is opened.
void take_standard_descriptors();

}  // namespace readyctl
