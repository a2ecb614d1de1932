#include "cli/command.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "base/printable_json.hpp"
#include "base/sizes.hpp"
#include "base/text.hpp"
#include "engine/obtain.hpp"
#include "facts/cluster.hpp"
#include "report/render_text.hpp"
#include "sources/evidence.hpp"

namespace readyctl {
namespace {

// Whoever chooses the endpoints chooses the answers, so a list of them is policy too. One with an absolute name is the
// operator's own, such as a secret that a pipeline mounts.
Result<std::vector<Endpoint>> read_list(const std::filesystem::path& list, const Root& root) {
  if (list.is_absolute() || !root.is_bounded()) return read_endpoints_file(list);
  const auto found = root.find(list, endpoints_file_bytes_max);
  if (!found) return failure(found.error());
  return parse_endpoints(std::string(text_of(found->bytes)), root.name_of(list).string(), folder_of(found->path));
}

Result<void> allow_link_local(const std::vector<std::string>& names, std::vector<Endpoint>& endpoints) {
  for (const std::string& name : names) {
    const auto named = [&](const Endpoint& endpoint) { return endpoint.name == name; };
    const auto found = std::find_if(endpoints.begin(), endpoints.end(), named);
    if (found == endpoints.end()) {
      return failure({ErrorKind::usage, "--allow-link-local " + name, "is the name of no endpoint",
                      "name one that --endpoints or --rpc gives"});
    }
    found->may_be_link_local = true;
  }
  return {};
}

Result<std::vector<Endpoint>> read_endpoints(const ChainOptions& options, const Root& root) {
  std::vector<Endpoint> endpoints;
  if (options.endpoints_file) {
    auto from_file = read_list(*options.endpoints_file, root);
    if (!from_file) return from_file;
    endpoints = std::move(*from_file);
  }
  for (const std::string& option : options.rpc) {
    auto endpoint = parse_rpc_option(option, options.insecure_rpc_in_argv);
    if (!endpoint) return failure(endpoint.error());
    endpoints.push_back(std::move(*endpoint));
  }
  if (const auto distinct = check_distinct_names(endpoints); !distinct) return failure(distinct.error());
  if (const auto known = allow_link_local(options.allowed_link_local, endpoints); !known) return failure(known.error());
  return endpoints;
}

// More could not be read again from the evidence.
Result<std::uint64_t> read_max_bytes(const std::string& text) {
  const auto bytes = parse_size(text);
  if (bytes && *bytes > 0 && *bytes <= evidence_bytes_max) return *bytes;
  std::string what = "\"" + text + "\" is ";
  if (!bytes) what = bytes.error().what;
  if (bytes) what += *bytes == 0 ? "nothing" : "more than replay reads of evidence, " + size_text(evidence_bytes_max);
  return failure({ErrorKind::usage, "--max-bytes", what, "write for example 512MiB"});
}

Task<std::string> which_cluster() {
  const std::string genesis_hash = co_await facts::genesis_hash();
  co_return genesis_hash;
}

// What is known of this process when its command has returned.
struct ProcessOutcome {
  bool reader_has_left = false;
  std::string deed;
  std::vector<std::string> withheld;  // of the words of the command line, what stands behind a URL's scheme
};

ProcessOutcome& outcome_of_process() {
  static ProcessOutcome outcome;
  return outcome;
}

constexpr std::string_view behind_scheme = "://";
constexpr std::string_view not_repeated = "[not repeated]";

// Whether a word holds a URL that says more than scheme, host and port.
bool holds_credentials(std::string_view word) {
  const std::size_t scheme = word.find(behind_scheme);
  if (scheme == std::string_view::npos) return false;
  const std::string_view rest = word.substr(scheme + behind_scheme.size());
  const std::size_t end = rest.find_first_of("/?@");
  return end != std::string_view::npos && !(rest[end] == '/' && end + 1 == rest.size());
}

// A word that has a blank in it is found whole; a URL that is said in another way than it was given, by its beginning.
std::string without_urls(std::string text, const std::vector<std::string>& withheld) {
  if (withheld.empty()) return text;
  for (const std::string& words : withheld) {
    for (std::size_t at = text.find(words); at != std::string::npos; at = text.find(words)) {
      text.replace(at, words.size(), not_repeated);
    }
  }
  for (std::size_t at = text.find(behind_scheme); at != std::string::npos; at = text.find(behind_scheme, at + 1)) {
    const std::size_t begin = at + behind_scheme.size();
    if (text.compare(begin, not_repeated.size(), not_repeated) == 0) continue;
    const std::size_t end = std::min(text.find_first_of(" \"", begin), text.size());
    text.replace(begin, end - begin, not_repeated);
  }
  return text;
}

}  // namespace

bool colour_is_wanted(int descriptor) {
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  const bool dumb = term == nullptr || std::string_view(term) == "dumb";
  return ::isatty(descriptor) == 1 && !dumb && (no_color == nullptr || *no_color == '\0');
}

void note_arguments(const std::vector<std::string>& words) {
  bool names_repository = false;
  for (const std::string& word : words) {
    const bool is_repository = names_repository || word.starts_with("--repository=");
    if (holds_credentials(word) && !is_repository) {
      outcome_of_process().withheld.push_back(word.substr(word.find(behind_scheme) + behind_scheme.size()));
    }
    names_repository = word == "--repository";
  }
  // One may begin as another does.
  std::sort(outcome_of_process().withheld.begin(), outcome_of_process().withheld.end(),
            [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
}

tl::unexpected<Error> usage(std::string where, std::string what, std::string hint) {
  return failure({ErrorKind::usage, std::move(where), std::move(what), std::move(hint)});
}

std::string shown(const Error& error) {
  const auto part = [](const std::string& text) {
    return printable(without_urls(text, outcome_of_process().withheld));
  };
  return to_string(Error{error.kind, part(error.where), part(error.what), part(error.hint)});
}

ExitCode complain(const Error& error) {
  spdlog::error("{}", shown(error));
  switch (error.kind) {
    case ErrorKind::not_relied:
      return ExitCode::not_relied;
    case ErrorKind::usage:
      return ExitCode::usage;
    case ErrorKind::malformed:
      return ExitCode::malformed;
    case ErrorKind::unreadable:
      return ExitCode::unreadable;
    case ErrorKind::unwritable:
      return ExitCode::unwritable;
    case ErrorKind::defect:
      break;
  }
  return ExitCode::defect;
}

ExitCode exit_code_of(Decision decision) {
  switch (decision) {
    case Decision::go:
      return ExitCode::go;
    case Decision::no_go:
      return ExitCode::no_go;
    case Decision::inconclusive:
      break;
  }
  return ExitCode::inconclusive;
}

void print(const std::string& text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (!written && errno == EPIPE) outcome_of_process().reader_has_left = true;
}

bool reader_has_left() { return outcome_of_process().reader_has_left; }

void remember_deed(std::string words) { outcome_of_process().deed = std::move(words); }
const std::string& remembered_deed() { return outcome_of_process().deed; }

void PolicyOptions::add_to(CLI::App& command) {
  command.add_option("--policy-root", root, policy_root_help)->type_name("DIR");
  command
      .add_option("--change", change,
                  "with --policy-root: the folder of the change under test, for the files that release.json and packs "
                  "name, in place of the folder of release.json")
      ->type_name("DIR");
}

Result<Root> PolicyOptions::open() const {
  const auto usage = [](std::string what, std::string hint) {
    return failure({ErrorKind::usage, "--policy-root", std::move(what), std::move(hint)});
  };
  if (!root && !change) return Root();
  if (!root) return usage("is missing: --change alone would take packs and release.json from anywhere", "give both");
  if (!change) return usage("says where packs are, and not where the files of the change are", "add --change DIR");
  auto policy_folder = Folder::open(*root);
  if (!policy_folder) return failure(policy_folder.error());
  const auto change_folder = Folder::open(*change);
  if (!change_folder) return failure(change_folder.error());
  if (policy_folder->holds(change_folder->path()) || change_folder->holds(policy_folder->path())) {
    return usage("and --change lie one within the other: " + policy_folder->path().string() + " and " +
                     change_folder->path().string(),
                 "check the two out side by side, so that no change can touch what decides on it");
  }
  return Root(*root, std::move(*policy_folder));
}

void PlanInputOptions::add_to(CLI::App& command) {
  command.add_option("packs", packs, "gate packs")->required()->type_name("PACK...");
  command.add_option("--release", release, "the release manifest, release.json")->required()->type_name("FILE");
  command.add_option("--phase", phase, "which phase of the release this is")->type_name("PHASE");
  add_list(command, "--select", select, "only this pack or gate; the others are not-run")->type_name("PACK[/GATE]");
  add_list(command, "--set", set, "a value that became known later; NAME:=JSON for one that is no text")
      ->type_name("NAME=VALUE");
  add_list(command, "--allow-root", allowed_roots, "a folder that packs may include files from")->type_name("DIR");
  policy.add_to(command);
}

Result<PlanInputs> PlanInputOptions::read(const Root& root) const {
  auto loaded = load_packs(packs, allowed_roots, root);
  if (!loaded) return failure(loaded.error());
  auto manifest = read_manifest(release, root);
  if (!manifest) return failure(manifest.error());
  auto assigned = parse_assignments(set, "--set");
  if (!assigned) return failure(assigned.error());
  return PlanInputs{std::move(*loaded), std::move(*manifest), std::move(*assigned), phase, select};
}

void ChainOptions::add_to(CLI::App& command) {
  command.add_option("--endpoints", endpoints_file, "file that lists the RPC endpoints to ask")->type_name("FILE");
  add_list(command, "--rpc", rpc, "an endpoint: NAME=URL, NAME=env:VAR or NAME=@FILE")->type_name("NAME=URL");
  command.add_flag("--insecure-rpc-in-argv", insecure_rpc_in_argv,
                   "accept a URL with credentials on the command line, where every user of the machine sees it");
  add_list(command, "--allow-link-local", allowed_link_local,
           "an endpoint that may be at a link-local or metadata address, where clouds keep credentials")
      ->type_name("NAME");
  command.add_option("--timeout", timeout, "total time for reading the chain (default 60s)")->type_name("DURATION");
  command.add_option("--max-requests", max_requests, "the most requests to endpoints (default 10000)")
      ->type_name("NUMBER");
  command
      .add_option("--max-bytes", max_bytes, "the most bytes of answers, decompressed, at most 1GiB (default 512MiB)")
      ->type_name("SIZE");
}

std::vector<NamedFile> ChainOptions::files(const Root& root) const {
  std::vector<NamedFile> files;
  if (endpoints_file) files.push_back({"--endpoints", root.name_of(*endpoints_file)});
  for (const std::string& option : rpc) {
    const auto file = option.find("=@");
    if (file != std::string::npos) files.push_back({"--rpc", option.substr(file + 2)});
  }
  return files;
}

Result<std::optional<RpcOptions>> ChainOptions::read(std::optional<std::string> genesis_hash, const Root& root) const {
  if (!given()) return std::optional<RpcOptions>();
  auto endpoints = read_endpoints(*this, root);
  if (!endpoints) return failure(endpoints.error());
  const auto deadline = parse_duration(timeout);
  if (!deadline || deadline->count() == 0) {
    const std::string what = deadline ? "\"" + timeout + "\" leaves no time to ask anything" : deadline.error().what;
    return failure({ErrorKind::usage, "--timeout", what, "write for example 60s or 2m"});
  }
  if (max_requests == 0) {
    return failure({ErrorKind::usage, "--max-requests", "\"0\" leaves nothing to ask", "write for example 10000"});
  }
  const auto bytes = read_max_bytes(max_bytes);
  if (!bytes) return failure(bytes.error());
  RpcOptions options;
  options.budget = {max_requests, *bytes};
  options.endpoints = std::move(*endpoints);
  options.genesis_hash = std::move(genesis_hash);
  options.total_deadline = *deadline;
  return std::optional<RpcOptions>(std::move(options));
}

Result<std::optional<RpcOptions>> ChainOptions::read_on_one_cluster() const {
  auto options = read(std::nullopt);
  if (!options || !*options || (*options)->endpoints.size() < 2) return options;
  const auto source = LiveSource::open({*options, "."});
  if (!source) return failure(source.error());
  const auto genesis_hash = obtain<std::string>(**source, which_cluster);
  if (!genesis_hash) return failure(genesis_hash.error());
  (*options)->genesis_hash = *genesis_hash;
  return options;
}

std::vector<std::string> ChainOptions::weakened() const {
  std::vector<std::string> options;
  if (insecure_rpc_in_argv) options.emplace_back("--insecure-rpc-in-argv");
  for (const std::string& name : allowed_link_local) options.push_back("--allow-link-local " + name);
  return options;
}

void QuorumOption::add_to(CLI::App& command) {
  command
      .add_option("--quorum", needed,
                  "how many providers must agree on what the chain holds (default: the majority of three or more, else "
                  "one)")
      ->type_name("K");
}

Result<void> QuorumOption::apply_to(std::optional<RpcOptions>& rpc) const {
  const auto refuse = [&](std::string what, std::string hint) {
    return failure({ErrorKind::usage, "--quorum " + std::to_string(*needed), std::move(what), std::move(hint)});
  };
  if (!rpc) {
    if (!needed) return {};
    return refuse("there is no endpoint to ask", "add --endpoints FILE or --rpc NAME=URL");
  }
  const Quorum quorum = quorum_among(rpc->endpoints, 1);
  const std::size_t providers = quorum.voters.size();
  rpc->quorum = needed.value_or(usual_quorum(providers));
  if (rpc->quorum >= 1 && rpc->quorum <= providers) return {};
  std::vector<std::string> names;
  for (const auto& voter : quorum.voters) names.push_back(join(voter, " with "));
  return refuse(
      "expected 1 to " + std::to_string(providers) + ", the number of providers: " + join(names, ", "),
      "endpoints of one provider, or of one domain where none is declared, count once: give more of others, or "
      "ask for fewer");
}

std::vector<std::string> QuorumOption::weakened(const std::optional<RpcOptions>& rpc) const {
  const bool is_less = rpc && rpc->quorum < usual_quorum(voters_among(rpc->endpoints).size());
  return is_less ? std::vector<std::string>{"--quorum " + std::to_string(rpc->quorum)} : std::vector<std::string>{};
}

void FormatOption::add_to(CLI::App& command) {
  command.add_option("--format", format, "text, or json for the statement itself")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("FORMAT");
  command.add_flag("--explain", explain, "show how the facts were got: depth, and which gate asked for what");
}

void FormatOption::show(const Statement& statement) const {
  if (format == "json") {
    print(printable_json(statement.json.dump()) + "\n");
    return;
  }
  print(render_text(statement, {.colour = colour_is_wanted(STDOUT_FILENO), .now = wall_clock(), .explain = explain}));
}

Result<Values> parse_assignments(const std::vector<std::string>& assignments, const std::string& option) {
  Values values;
  for (const std::string& text : assignments) {
    const auto equals = text.find('=');
    const bool typed = equals != std::string::npos && equals > 0 && text[equals - 1] == ':';
    const std::string name = equals == std::string::npos ? text : text.substr(0, typed ? equals - 1 : equals);
    const auto usage = [&](const std::string& what) {
      return failure({ErrorKind::usage, option + " " + printable(text), what,
                      "write NAME=TEXT, or NAME:=JSON for a value that is no text"});
    };
    if (equals == std::string::npos || !is_value_name(name)) return usage("is no assignment");
    Json value = text.substr(equals + 1);
    if (typed) {
      auto parsed = parse_json(text.substr(equals + 1), option + " " + name);
      if (!parsed) return usage(parsed.error().what);
      if (const auto canonical = canonical_json(*parsed); !canonical) return usage(canonical.error().what);
      value = std::move(*parsed);
    } else if (!FieldType<std::string>::read(value, Place(*Document::parse("{}", option)))) {
      return usage("the value is empty or holds control characters");
    }
    if (!values.emplace(name, std::move(value)).second) return usage("names \"" + name + "\" a second time");
  }
  return values;
}

Result<Manifest> read_manifest(const std::filesystem::path& path, const Root& root) {
  const auto file = root.find(path, manifest_bytes_max);
  if (!file) return failure(file.error());
  return parse_manifest(std::string(text_of(file->bytes)), root.name_of(path).string());
}

}  // namespace readyctl
