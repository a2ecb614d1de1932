// Contradicted facts: what a finding says of an endpoint that contradicts what the others agree on.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/finding.hpp"
#include "facts/record.hpp"

namespace readyctl {

/// Endpoints by the key of the record of a fact that they contradict, while as many others agree as must.
using Contradicted = std::map<std::string, std::vector<std::string>>;

Contradicted contradicted_among(const FactStore& facts);

/// Names them in a finding that rests on these records: whoever relies on it must know that somebody says otherwise.
void name_contradiction(Finding& finding, const std::vector<std::string>& keys, const Contradicted& contradicted);

}  // namespace readyctl
