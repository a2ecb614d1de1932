// Lies: answers that are as they must be, and not true.
#pragma once

#include <string>

#include "base/json.hpp"
#include "base/time.hpp"
#include "properties/dice.hpp"
#include "properties/fault.hpp"

namespace readyctl::test {

/// Whether the fault is a lie about what was asked, told by `tell`.
bool is_lie(Fault fault);

/// Changes the answer to a question about the chain, where the lie has anything to say of it. `now` is the time.
void tell(Fault lie, const std::string& method, Json& reply, Time now, Dice& dice);

}  // namespace readyctl::test
