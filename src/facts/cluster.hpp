// Facts about which cluster answers.
#pragma once

#include <string>

#include "facts/fact.hpp"

namespace readyctl::facts {

/// The genesis hash of the cluster, base58: the identity by which a release knows it.
Fact<std::string> genesis_hash();

}  // namespace readyctl::facts
