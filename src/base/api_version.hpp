// Api versions: which kind of file a document is, and of which version, as its "apiVersion" says.
#pragma once

#include <string_view>

#include "base/json.hpp"

namespace readyctl {

/// Whether the document is what is wanted, such as "readyctl.trust/v1". One that does not say is left to whoever reads
/// its fields. Errors (kind `malformed`): another version, or another of our files, which is named.
Result<void> require_api_version(const Document& document, std::string_view wanted);

}  // namespace readyctl
