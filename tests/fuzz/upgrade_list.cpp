// Lists of upgrades.
#include "fuzz/property.hpp"
#include "kinds/retained_upgrades.hpp"

using namespace readyctl;

FUZZ_TARGET(upgrade_list) {
  const auto list = parse_upgrades(fuzz::text_in(data, size), "upgrades.json");
  if (!list) {
    fuzz::require(!list.error().what.empty(), "what is refused is refused in words");
    return 0;
  }
  fuzz::require(list->api_version == "readyctl.upgrades/v1", "only this version is read");
  for (std::size_t i = 0; i < list->upgrades.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      fuzz::require(list->upgrades[i].signature != list->upgrades[j].signature, "no transaction stands in it twice");
    }
  }
  return 0;
}
