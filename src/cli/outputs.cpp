#include "cli/outputs.hpp"

namespace readyctl {
namespace {

Result<void> require_apart(const NamedFile& output, const NamedFile& other) {
  if (!is_same_file(output.path, other.path)) return {};
  return failure({ErrorKind::usage, output.name + " " + output.path.string(),
                  "is the same file as " + other.name + " " + other.path.string() + ", which it would overwrite",
                  "choose another name"});
}

Result<void> check_output(const NamedFile& output, Existing existing) {
  auto writable = can_write_file(output.path, existing);
  if (writable) return writable;
  const bool is_taken = existing == Existing::refuse && can_write_file(output.path);
  if (is_taken) writable.error().hint = "choose another name, or say --overwrite";
  return writable;
}

}  // namespace

Result<void> check_outputs(const std::vector<NamedFile>& outputs, const std::vector<NamedFile>& inputs,
                           Existing existing) {
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (const auto apart = require_apart(outputs[i], outputs[j]); !apart) return apart;
    }
    for (const NamedFile& input : inputs) {
      if (const auto apart = require_apart(outputs[i], input); !apart) return apart;
    }
  }
  for (const NamedFile& output : outputs) {
    if (const auto writable = check_output(output, existing); !writable) return writable;
  }
  return {};
}

}  // namespace readyctl
