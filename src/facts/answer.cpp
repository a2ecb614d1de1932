#include "facts/answer.hpp"

namespace readyctl {

std::string_view to_string(Retry retry) {
  switch (retry) {
    case Retry::now:
      return "now";
    case Retry::other_endpoint:
      return "other-endpoint";
    case Retry::never:
      break;
  }
  return "never";
}

}  // namespace readyctl
