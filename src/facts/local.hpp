// Facts about the machine that decides: files of the release, and the wall clock.
#pragma once

#include <memory>

#include "base/sha256.hpp"
#include "facts/fact.hpp"
#include "facts/field_types.hpp"

namespace readyctl {

/// A file as it was read, once and whole.
struct File {
  std::string path;  ///< relative to the folder of release.json
  std::shared_ptr<const Bytes> data;
  Sha256 sha256;

  ByteView bytes() const { return *data; }
};

/// The payload of a file: head {"exists": true, "sha256": …, "size": …} and the bytes, or head {"exists": false}.
Payload file_payload(const std::shared_ptr<const Bytes>& data);
Payload no_file_payload();

/// The payload of the clock: head {"time": "2026-11-21T08:56:14Z"}.
Payload clock_payload(Time time);

namespace facts {

/// A file below the folder of release.json. Absent: there is none.
Fact<File> file(const RelativePath& path);

/// The same, or the knowledge that there is none.
Fact<std::optional<File>> file_if_any(const RelativePath& path);

/// The time of decision, by the wall clock of the machine that decides.
Fact<Time> now();

}  // namespace facts
}  // namespace readyctl
