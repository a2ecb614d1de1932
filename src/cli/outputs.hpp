// Where a command writes: looked at before its work, so that nothing is lost, and nothing is overwritten by mistake.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/files.hpp"

namespace readyctl {

/// A file that a command reads or writes, and the option or word that named it.
struct NamedFile {
  std::string name;
  std::filesystem::path path;
};

/// Whether each output can be written. Errors: kind `usage` when one is the same file as another output or an input,
/// under whatever name; kind `unwritable` as of can_write_file.
Result<void> check_outputs(const std::vector<NamedFile>& outputs, const std::vector<NamedFile>& inputs,
                           Existing existing);

}  // namespace readyctl
