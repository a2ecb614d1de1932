#include "report/address_labels.hpp"

#include <algorithm>
#include <cctype>

namespace readyctl {

AddressLabels::AddressLabels(const Manifest& manifest) {
  for (const auto& [name, value] : names_of(manifest)) {
    const bool is_address = value.is_string() && parse_pubkey(value.get<std::string>());
    if (is_address && name != "cluster.genesisHash" && name != "program")
      names_.emplace(value.get<std::string>(), name);
  }
}

// An address is a whole word: one that only begins like it, or ends like it, is another. It gets no label where the
// word before it is that, and none within a command, which is to be copied.
std::string AddressLabels::labelled(const std::string& words) const {
  const auto is_in_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  std::string text;
  std::string before;
  bool is_command = false;
  for (auto at = words.begin(); at != words.end();) {
    const auto end = std::find_if_not(at, words.end(), is_in_word);
    const std::string word(at, end);
    const auto name = names_.find(word);
    const bool is_labelled = name != names_.end() && !is_command && name->second != before;
    const bool is_alone_in_brackets = text.ends_with("(") && end != words.end() && *end == ')';
    text += word;
    if (is_labelled) text += is_alone_in_brackets ? ", " + name->second : " (" + name->second + ")";
    if (!word.empty()) before = word;
    at = end;
    if (at == words.end()) break;
    is_command ^= *at == '`';
    text += *at++;
  }
  return text;
}

}  // namespace readyctl
