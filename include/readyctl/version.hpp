// The version of readyctl, as --version prints it and reports record it.
#pragma once

#include <string_view>

namespace readyctl {

inline constexpr std::string_view version = "0.1.0";

}  // namespace readyctl
