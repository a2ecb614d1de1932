// Fault: what is wrong with an answer.
#pragma once

#include <string_view>

namespace readyctl::test {

enum class Fault {
  hang,
  reset,
  html,
  server_error,
  too_many,
  too_many_for_a_while,
  forbidden,
  redirect,
  empty,
  half,
  trailing,
  both_result_and_error,
  result_twice,
  other_id,
  node_behind,
  pruned,
  method_missing,
  refused_parameters,
  null_result,
  no_context,
  other_type,
  huge_number,
  bad_base64,
  wrong_length,
  short_list,
  lagging,
  slot_of_the_future,
  other_cluster,
  // Lies: well formed, and not true.
  other_release,  ///< as true of another world
  no_account,
  invented_account,
  other_owner,
  other_lamports,
  other_data,
  other_slot,
  other_blockhash,
  other_clock,
  fresh_clock,  ///< the time that it is by the clock of who asks
  empty_list,
  entry_left_out,
  entry_made_up,
  other_transaction,
  other_simulation,
};
inline constexpr unsigned fault_count = static_cast<unsigned>(Fault::other_simulation) + 1;
inline constexpr unsigned first_lie = static_cast<unsigned>(Fault::other_release);

std::string_view to_string(Fault fault);

}  // namespace readyctl::test
