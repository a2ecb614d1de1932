// What is kept of a run's facts, and the identity of each record, by which a report binds its evidence.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/sha256.hpp"
#include "facts/answer.hpp"

namespace readyctl {

/// Every answer of a run by the key of its request. This is what becomes the evidence.
using FactStore = std::map<std::string, Answer>;

struct RecordDigest {
  std::string key;  ///< key of the request
  Sha256 sha256;    ///< of the record's header line, which holds the digest of its body
  bool operator==(const RecordDigest&) const = default;
};

/// What a report says of its evidence.
struct EvidenceIndex {
  Sha256 file;  ///< SHA-256 of the whole evidence file
  std::vector<RecordDigest> records;
};

}  // namespace readyctl
