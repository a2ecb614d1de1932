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

// An address is a whole word: one that only begins like it, or ends like it, is another.
std::string AddressLabels::labelled(const std::string& words) const {
  const auto is_in_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  std::string text;
  for (auto at = words.begin(); at != words.end();) {
    const auto end = std::find_if_not(at, words.end(), is_in_word);
    const std::string word(at, end);
    text += word;
    const auto name = names_.find(word);
    if (name != names_.end()) text += " (" + name->second + ")";
    at = end;
    if (at != words.end()) text += *at++;
  }
  return text;
}

}  // namespace readyctl
