// Explanations of messages that are to be signed, from text in base58 or base64.
#include <algorithm>

#include "fuzz/property.hpp"
#include "report/explain_message.hpp"

using namespace readyctl;

FUZZ_TARGET(message) {
  const auto explanation = explain_message(text_of(ByteView(data, size)), 2);
  if (!explanation) return 0;
  const auto json = parse_json(render_json(*explanation), "fuzz");
  fuzz::require(json.has_value(), "an explanation is JSON");
  fuzz::require(json->at("sha256").get<std::string>().size() == 64, "what is explained has a digest");
  const bool expires = json->at("expires").get<bool>();
  fuzz::require(expires || !explanation->dangers.empty(), "what does not expire is a danger");
  fuzz::require(!json->contains("lookupTables") || json->at("blindSigning").at("needed").get<bool>(),
                "what takes accounts out of lookup tables is signed blind");
  const std::string text = render_text(*explanation);
  fuzz::require(
      std::none_of(text.begin(), text.end(), [](unsigned char c) { return (c < 0x20 && c != '\n') || c == 0x7f; }),
      "nothing in it steers a terminal");
  return 0;
}
