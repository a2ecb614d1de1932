// Which transactions of which multisigs the gates of a plan judge: what people will sign.
#pragma once

#include "engine/plan.hpp"
#include "engine/to_sign.hpp"

namespace readyctl {

/// What the gates that will be decided name, each transaction once with all its gates, in their order. A kind names one
/// by its parameter `multisig` and one of type TransactionIndex, with `vaultIndex` (0 unless said) and `message` where
/// it has them.
std::vector<TransactionToSign> transactions_to_sign(const Plan& plan, const std::vector<GateKind>& kinds);

}  // namespace readyctl
