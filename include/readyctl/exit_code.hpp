// Exit statuses: what a pipeline may rely on. They never change meaning. docs/exit-codes.md says the same.
#pragma once

namespace readyctl {

enum class ExitCode : int {
  /// GO: at least one blocking gate was decided, and every blocking gate passed or is validly waived
  go = 0,
  /// NO-GO: at least one blocking gate failed
  no_go = 1,
  /// NO-GO, inconclusive: none failed, but at least one blocking gate could not be decided or did not run
  inconclusive = 2,
  /// not to be relied on: signature, digest, trust, release, phase or replay does not match, or the report expired
  not_relied = 3,
  /// usage: unknown command or option, missing argument, options that contradict each other
  usage = 64,
  /// a definition, release, key, trust file or report that is malformed or of a newer schema
  malformed = 65,
  /// an input file is missing, unreadable, or readable by people who must not
  unreadable = 66,
  /// a defect in readyctl, or not enough memory, and it is said which
  defect = 70,
  /// an output could not be written; nothing half-written is left
  unwritable = 73,
  /// interrupted by SIGINT: nothing was decided and nothing was written
  interrupted = 130,
  /// interrupted by SIGTERM: nothing was decided and nothing was written
  terminated = 143,
};

}  // namespace readyctl
