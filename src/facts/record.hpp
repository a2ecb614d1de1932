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

/// The answer to a request under its own key, or under that of the whole account of which it is a part; nullptr: none.
inline const Answer* find_answer(const FactStore& facts, const std::string& key, const std::string& whole_key) {
  auto found = facts.find(key);
  if (found == facts.end()) found = facts.find(whole_key);
  return found == facts.end() ? nullptr : &found->second;
}

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
