// Explanation: what an account is, for a person and as JSON.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "solana/pubkey.hpp"

namespace readyctl {

struct Explanation {
  struct Line {
    std::string label;  ///< empty: goes on with the line before
    std::string text;
  };

  std::string kind;     ///< "program", "squads-v4-multisig", …: fixed names for tools
  std::string summary;  ///< one sentence, beginning with the address
  std::vector<Line> lines;
  std::vector<std::string> dangers;  ///< sentences
  Json json = Json::object();        ///< what the kind adds to kind, address, summary, dangers and the account

  void say(std::string label, std::string text) { lines.push_back({std::move(label), std::move(text)}); }
  void go_on(std::string text) { lines.push_back({"", std::move(text)}); }
};

/// A list of addresses as JSON.
Json addresses(const std::vector<Pubkey>& keys);

/// For a terminal: the summary, the lines in two columns, the dangers. Everything is made printable.
std::string render_text(const Explanation& explanation);

/// One object: what the kind adds, with kind, summary and dangers.
Json json_of(const Explanation& explanation);

/// The same as text, indented.
std::string render_json(const Explanation& explanation);

}  // namespace readyctl
