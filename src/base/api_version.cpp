#include "base/api_version.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace readyctl {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> files{{
    {"readyctl.gates", "a gate pack"},
    {"readyctl.release", "a release manifest"},
    {"readyctl.signer", "the file of an external signer"},
    {"readyctl.trust", "a trust file"},
    {"readyctl.upgrades", "a list of upgrades"},
}};

std::string_view kind_of(std::string_view version) { return version.substr(0, version.find('/')); }

std::string_view name_of_file(std::string_view version) {
  const auto found =
      std::find_if(files.begin(), files.end(), [&](const auto& file) { return file.first == kind_of(version); });
  return found == files.end() ? "a file that this readyctl does not know" : found->second;
}

std::string hint_for(std::string_view found, std::string_view wanted) {
  if (kind_of(found) == kind_of(wanted)) return "use the readyctl version that wrote it, or a newer one";
  return "it is " + std::string(name_of_file(found)) + "; give " + std::string(name_of_file(wanted)) + " here";
}

}  // namespace

Result<void> require_api_version(const Document& document, std::string_view wanted) {
  const Json stated = document.value().is_object() ? document.value().value("apiVersion", Json()) : Json();
  if (!stated.is_string() || stated == wanted) return {};
  return (Place(document) / "apiVersion")
      .malformed("is " + printable(stated.dump()) + ", and this readyctl reads " + std::string(wanted),
                 hint_for(stated.get<std::string>(), wanted));
}

}  // namespace readyctl
