// What a test expects a finding to say.
#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "engine/finding.hpp"

namespace readyctl::test {

inline bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

inline void fails(const Finding& finding, const std::string& part) {
  INFO(finding.summary);
  CHECK(finding.outcome == Outcome::fail);
  CHECK(says(finding.summary, part));
}

inline void passes(const Finding& finding, const std::string& part) {
  INFO(finding.summary);
  CHECK(finding.outcome == Outcome::pass);
  CHECK(says(finding.summary, part));
}

}  // namespace readyctl::test
