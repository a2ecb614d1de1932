// The names that a release gives to addresses, so that people see both.
#pragma once

#include <map>
#include <string>

#include "engine/release.hpp"

namespace readyctl {

class AddressLabels {
 public:
  AddressLabels() = default;
  /// The addresses among the names of the manifest. The program has none: it is always said to be one.
  explicit AddressLabels(const Manifest& manifest);

  /// The words with "(name)" after each address that has one.
  std::string labelled(const std::string& words) const;

 private:
  std::map<std::string, std::string> names_;  // by address
};

}  // namespace readyctl
