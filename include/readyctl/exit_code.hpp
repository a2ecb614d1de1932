// Exit statuses: what a pipeline may rely on. They never change meaning.
#pragma once

namespace readyctl {

enum class ExitCode : int {
  go = 0,     ///< GO: at least one blocking gate was decided, and every blocking gate passed or is validly waived
  no_go = 1,  ///< NO-GO: at least one blocking gate failed
  inconclusive =
      2,  ///< NO-GO, inconclusive: none failed, but at least one blocking gate could not be decided or did not run
  not_relied =
      3,       ///< not to be relied on: signature, digest, trust, release, phase or replay does not match, or expired
  usage = 64,  ///< unknown option, missing argument
  malformed = 65,     ///< a definition, release, key, trust file or report that is malformed or of a newer schema
  unreadable = 66,    ///< an input file is missing or unreadable
  defect = 70,        ///< a defect in readyctl
  unwritable = 73,    ///< an output could not be written; nothing half-written is left
  interrupted = 130,  ///< SIGINT: gates not reached are not-run, no file at its final name
  terminated = 143,   ///< SIGTERM: the same
};

}  // namespace readyctl
