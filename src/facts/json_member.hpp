// member: what stands under a name in JSON that came from elsewhere, and may be anything.
#pragma once

#include "base/json.hpp"

namespace readyctl {

/// A member of an object; null where there is none, or no object.
inline const Json& member(const Json& object, const char* name) {
  static const Json nothing;
  const auto found = object.is_object() ? object.find(name) : object.end();
  return found == object.end() ? nothing : *found;
}

}  // namespace readyctl
