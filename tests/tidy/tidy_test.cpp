// The rules of the house that a compiler does not hold.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <regex>

#include "kinds/catalogue.hpp"

using namespace readyctl;

namespace {

const std::filesystem::path source_dir = std::filesystem::path(READYCTL_SOURCE_DIR) / "src";

struct Line {
  std::filesystem::path file;
  std::size_t number = 0;
  std::string text;
};

std::vector<Line> lines_of_room(const std::string& room) {
  std::vector<Line> lines;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(source_dir / room)) {
    const auto extension = entry.path().extension();
    if (extension != ".cpp" && extension != ".hpp") continue;
    std::ifstream file(entry.path());
    std::string text;
    for (std::size_t number = 1; std::getline(file, text); ++number) lines.push_back({entry.path(), number, text});
  }
  return lines;
}

std::vector<Line> all_lines() {
  std::vector<Line> lines;
  for (const char* room : {"base", "solana", "facts", "engine", "kinds", "sources", "attest", "report", "cli"}) {
    const auto of_room = lines_of_room(room);
    lines.insert(lines.end(), of_room.begin(), of_room.end());
  }
  return lines;
}

}  // namespace

// One co_await a line, in the forms that GCC 12 compiles rightly: never in a condition, a conditional expression, a
// return, or with a temporary aggregate as argument.
TEST_CASE("every co_await stands at the left margin", "[tidy]") {
  const std::regex mention("\\bco_await\\b");
  const std::regex allowed(R"(^\s*(?:(?:const )?[\w:<>, &]+ = )?co_await [^{}\[?]*;$)");
  std::size_t seen = 0;
  for (const Line& line : all_lines()) {
    const std::string code = line.text.substr(0, line.text.find("//"));
    if (!std::regex_search(code, mention) || code.find("operator co_await") != std::string::npos) continue;
    ++seen;
    INFO(line.file.string() << ":" << line.number << ": " << line.text);
    CHECK(std::regex_match(code, allowed));
  }
  CHECK(seen > 10);
}

// Dependencies point down only.
TEST_CASE("rooms include only what lies below them", "[tidy]") {
  const std::map<std::string, std::vector<std::string>> may_include{
      {"base", {"base"}},
      {"solana", {"base", "solana"}},
      {"facts", {"base", "solana", "facts"}},
      {"engine", {"base", "solana", "facts", "engine"}},
      {"kinds", {"base", "solana", "facts", "engine", "kinds"}},
      {"sources", {"base", "solana", "facts", "engine", "sources"}},
      {"attest", {"base", "solana", "facts", "engine", "attest"}},
      {"report", {"base", "solana", "facts", "engine", "report"}},
  };
  const std::regex include("^#include \"([a-z]+)/");
  for (const auto& [room, allowed] : may_include) {
    for (const Line& line : lines_of_room(room)) {
      std::smatch match;
      if (!std::regex_search(line.text, match, include) || match[1] == "readyctl") continue;
      INFO(line.file.string() << ":" << line.number << ": " << line.text);
      CHECK(std::find(allowed.begin(), allowed.end(), match[1]) != allowed.end());
    }
  }
}

// Only one room knows each library of the outside.
TEST_CASE("libraries stay in their room", "[tidy]") {
  const std::map<std::string, std::string> owner{{"<curl/", "sources"}, {"<git2", "sources"}, {"<CLI/", "cli"}};
  for (const Line& line : all_lines()) {
    for (const auto& [header, room] : owner) {
      if (line.text.find("#include " + header) == std::string::npos) continue;
      INFO(line.file.string() << ":" << line.number);
      CHECK(line.file.parent_path().filename() == room);
    }
  }
}

// A kind that nobody lists would never decide anything.
TEST_CASE("every gate kind is in the catalogue", "[tidy]") {
  std::vector<std::string> named;
  const std::regex definition(R"(\{\.name = "([a-z-]+)\")");
  for (const Line& line : lines_of_room("kinds")) {
    std::smatch match;
    if (std::regex_search(line.text, match, definition)) named.push_back(match[1]);
  }
  std::vector<std::string> listed;
  for (const GateKind& kind : catalogue()) listed.push_back(kind.about.name);
  std::sort(named.begin(), named.end());
  CHECK(std::is_sorted(listed.begin(), listed.end()));
  CHECK(named == listed);
}
