#include "solana/amounts.hpp"

namespace readyctl {

std::string sol_text(Lamports lamports) {
  std::string text = std::to_string(lamports.value / lamports_per_sol);
  std::string fraction = std::to_string(lamports.value % lamports_per_sol);
  fraction.insert(0, 9 - fraction.size(), '0');
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  if (!fraction.empty()) text += "." + fraction;
  return text + " SOL";
}

}  // namespace readyctl
