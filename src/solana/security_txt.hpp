// security.txt: whom to tell about a fault in a program, as the program itself says.
//
// Source: neodyme-labs/solana-security-txt security-txt/src/lib.rs, parser.rs. Found by its markers anywhere in the
// code.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace readyctl {

/// Its fields by name: name, project_url, contacts and policy always; source_revision and others where they are given.
struct SecurityTxt {
  std::map<std::string, std::string> fields;

  /// A field; empty where it is not given.
  std::string field(const std::string& name) const;
};

/// None: the code holds no begin marker. Errors (kind `malformed`): no end marker; a key that is unknown, given twice
/// or without a value; text that is not UTF-8; a required key that is missing.
Result<std::optional<SecurityTxt>> find_security_txt(ByteView code);

}  // namespace readyctl
