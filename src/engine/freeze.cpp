#include "engine/freeze.hpp"

#include "base/text.hpp"
#include "facts/cluster.hpp"
#include "facts/programs.hpp"
#include "solana/elf.hpp"
#include "solana/executable.hpp"
#include "solana/names.hpp"

namespace readyctl {
namespace {

// What a release is made of, as it was found.
struct Found {
  File artifact;
  GitState git;
  Time now;
  std::optional<File> previous_artifact;
  std::optional<std::string> genesis_hash;  ///< of the endpoints
  std::optional<Account> program;
  std::optional<Account> programdata;
};

tl::unexpected<Error> refuse(std::string where, std::string what, std::string hint) {
  return failure({ErrorKind::malformed, std::move(where), std::move(what), std::move(hint)});
}

tl::unexpected<Error> usage(std::string where, std::string what, std::string hint) {
  return failure({ErrorKind::usage, std::move(where), std::move(what), std::move(hint)});
}

Result<void> choose_tag(const FreezeOrder& order) {
  if (order.tag || order.tags_at_head.size() < 2) return {};
  std::vector<std::string> names;
  for (const std::string& name : order.tags_at_head) names.push_back(printable(name));
  return usage("--tag", "HEAD has " + counted(names.size(), "tag") + ": " + join(names, ", "),
               "say which one is frozen");
}

// scheme://…, or host:path as ssh has it. A path is where this machine has the source, which tells nobody else
// anything.
bool is_url(std::string_view text) {
  if (text.find("://") != std::string_view::npos) return true;
  const auto colon = text.find(':');
  return colon != std::string_view::npos && colon > 0 && colon < text.find('/') && text.front() != '.';
}

Result<std::string> require_url(const std::string& text, const std::string& whence) {
  if (is_url(text)) return text;
  return refuse("--repository", whence + printable(text) + ", which is no URL: others could not find the source there",
                "say --repository URL, as it is reached from everywhere");
}

Result<std::string> choose_repository(const FreezeOrder& order, const GitState& git) {
  if (order.repository) return require_url(*order.repository, "is ");
  for (const GitRemote& remote : git.remotes) {
    if (remote.name == "origin") return require_url(remote.url, "the remote origin of the checkout is ");
  }
  return refuse("--repository", "the checkout has no remote named origin",
                "say --repository URL, or git remote add origin URL");
}

// A repository that merely lies around the folder of release.json is not the source of the release because of that.
Result<void> check_root(const FreezeOrder& order, const GitState& git) {
  if (order.checkout_is_given || !git.prefix) return {};
  return usage(
      "--checkout",
      "is not said, and the folder of release.json is no checkout; it lies within a repository, whose folder " +
          printable(*git.prefix) + " it is",
      "say where the source of this release is checked out: --checkout DIR, or --checkout with the folder of "
      "release.json if that repository is its source");
}

Result<Cluster> choose_cluster(const FreezeOrder& order, const std::optional<std::string>& genesis_hash) {
  if (order.cluster && (!genesis_hash || *genesis_hash == order.cluster->genesis_hash)) return *order.cluster;
  if (order.cluster) {
    return refuse("--cluster",
                  "the genesis hash of " + printable(order.cluster->name) + " is " + order.cluster->genesis_hash +
                      ", and the endpoint's is " + *genesis_hash,
                  "give endpoints of the cluster that the release is for");
  }
  if (!genesis_hash) {
    return usage("--cluster", "is not known", "say --cluster mainnet-beta, testnet, devnet or NAME:GENESISHASH");
  }
  const auto known = cluster_of(*genesis_hash);
  if (known) return Cluster{std::string(*known), *genesis_hash};
  return usage("--cluster", "the endpoint is on no public cluster: its genesis hash is " + *genesis_hash,
               "say --cluster NAME:" + *genesis_hash);
}

Result<Release::Artifact> describe_artifact(const FreezeOrder& order, const File& file) {
  const auto elf = decode_elf(file.bytes());
  if (!elf)
    return refuse(order.artifact.text, "is no SBF program: " + elf.error().what,
                  "freeze the .so that cargo build-sbf made");
  return Release::Artifact{order.artifact.text, file.sha256, executable_hash(file.bytes())};
}

// The code that is deployed now; nothing when the program is yet to be deployed.
Result<std::optional<Sha256>> deployed_hash(const FreezeOrder& order, const Found& found) {
  if (!found.genesis_hash) return std::optional<Sha256>();
  const auto deployment = deployment_of(order.program, found.program, found.programdata);
  if (deployment) return std::optional(executable_hash(deployment->code()));
  if (deployment.error().sort == NotDeployed::missing) return std::optional<Sha256>();
  return refuse("--program", deployment.error().what, "a release needs a program that can be deployed or upgraded");
}

Result<std::optional<Release::Previous>> describe_previous(const FreezeOrder& order, const Found& found) {
  const auto deployed = deployed_hash(order, found);
  if (!deployed) return failure(deployed.error());
  if (!found.previous_artifact) {
    if (!*deployed) return std::optional<Release::Previous>();
    return std::optional(Release::Previous{**deployed, std::nullopt});
  }
  const Sha256 retained = executable_hash(found.previous_artifact->bytes());
  const std::string& path = order.previous_artifact->text;
  if (found.genesis_hash && !*deployed) {
    return refuse(path, "program " + to_string(order.program) + " is not deployed, so nothing is before this release",
                  "leave --previous-artifact out");
  }
  if (*deployed && **deployed != retained) {
    return refuse(path,
                  "has executable hash " + to_string(retained) + ", and the program that is deployed has " +
                      to_string(**deployed),
                  "give the file that is deployed now, or leave --previous-artifact out");
  }
  return std::optional(Release::Previous{retained, path});
}

Result<Release> compose(const FreezeOrder& order, const Found& found) {
  if (!found.git.commit) {
    return refuse("git checkout " + printable(order.checkout.text),
                  printable(found.git.ref.value_or("HEAD")) + " has no commit yet",
                  "commit what is released; only a commit can be frozen");
  }
  if (const auto root = check_root(order, found.git); !root) return failure(root.error());
  const auto cluster = choose_cluster(order, found.genesis_hash);
  if (!cluster) return failure(cluster.error());
  const auto artifact = describe_artifact(order, found.artifact);
  if (!artifact) return failure(artifact.error());
  const auto previous = describe_previous(order, found);
  if (!previous) return failure(previous.error());
  const auto repository = choose_repository(order, found.git);
  if (!repository) return failure(repository.error());

  Release release;
  release.api_version = release_api_version;
  release.name = order.name;
  release.cluster = *cluster;
  release.program = order.program;
  release.artifact = *artifact;
  release.previous = *previous;
  release.source = {{*repository}, to_string(*found.git.commit), order.chosen_tag(), std::nullopt};
  if (!order.paths.empty()) release.source.paths = order.paths;
  release.built_at = order.built_at.value_or(Time{found.now.milliseconds / 1000 * 1000});
  release.operator_name = order.operator_name;
  release.values = order.values;
  return release;
}

// The parameters of a release-freeze gate over the release that is about to be.
Json gate_params(const FreezeOrder& order, const Release& release) {
  Json params = {{"checkout", order.checkout.text},
                 {"commit", release.source.commit},
                 {"builtAt", to_string(release.built_at)},
                 {"allowUntracked", order.allow_untracked}};
  if (release.source.tag) params["tag"] = *release.source.tag;
  if (release.source.paths) params["paths"] = *release.source.paths;
  return params;
}

Result<Begin> prepare_gate(const GateKind& kind, const FreezeOrder& order, const Release& release) {
  const auto document = Document::parse("{}", "release.json");
  if (!document) return failure(document.error());
  return kind.prepare(gate_params(order, release), Place(*document));
}

Result<void> check_checkout(const FreezeOrder& order, const Finding& finding) {
  if (finding.outcome == Outcome::pass) return {};
  return refuse(
      "git checkout " + printable(order.checkout.text), "cannot be frozen: " + finding.summary,
      "nothing was written; freeze again when the checkout is the release and nothing else. What is built into it, "
      "the artifact too, git must ignore, or lie beside it: freeze in the folder above with --checkout DIR");
}

std::vector<std::string> remarks_on(const FreezeOrder& order, const Found& found, const Release& release) {
  std::vector<std::string> remarks;
  if (!found.genesis_hash) {
    remarks.emplace_back("no endpoint was given: the program and its cluster were not looked at");
    if (!release.previous) remarks.emplace_back("what is deployed before this release is not frozen");
  } else if (!release.previous) {
    remarks.push_back("program " + to_string(order.program) + " is not deployed yet: there is no previous code");
  }
  if (!release.source.tag) {
    remarks.push_back(found.git.shallow ? "no tag at HEAD; the clone is shallow, so there may be one elsewhere"
                                        : "no tag at HEAD, so none is frozen");
  }
  if (found.git.prefix) {
    remarks.push_back("the checkout is the folder " + *found.git.prefix +
                      " of its repository, all of which is compared" +
                      (order.paths.empty() ? "" : " as far as --path says"));
  }
  if (!order.built_at) remarks.emplace_back("builtAt is the time of freezing; --built-at says when it was built");
  if (order.allow_untracked && found.git.untracked.total > 0) {
    remarks.push_back(counted(found.git.untracked.total, "untracked file") + " in the checkout, allowed");
  }
  remarks.emplace_back("nothing here shows that the artifact was built from the commit");
  return remarks;
}

// Whether the moment to freeze has passed: what was before the release cannot be read from the chain any more.
bool is_deployed_already(const Found& found, const Release& release) {
  return found.genesis_hash && release.previous &&
         release.previous->executable_hash == release.artifact.executable_hash;
}

std::vector<std::string> warnings_of(const Found& found, const Release& release) {
  if (!is_deployed_already(found, release)) return {};
  return {
      "the program that is deployed now has the code of the artifact already, so it is frozen as what is before the "
      "release too: gates of the phases before the upgrade would pass although it is done, and nothing older is "
      "retained to go back to. Freeze before an upgrade is executed; use this release for post-deploy only, unless its "
      "code is meant to stay as it was"};
}

// What was composed, as it will be read again.
Result<Manifest> settle(const Release& release) {
  auto text = manifest_text(release);
  if (!text) return failure(text.error());
  auto manifest = parse_manifest(std::move(*text), "release.json");
  if (!manifest) return failure(manifest.error());
  if (manifest_text(manifest->release) != manifest->text) {
    return failure({ErrorKind::defect, "release.json", "does not read back as it was written", "please report this"});
  }
  return manifest;
}

Result<Frozen> conclude(const FreezeOrder& order, const Found& found, const Release& release) {
  auto manifest = settle(release);
  if (!manifest) return failure(manifest.error());
  return Frozen{std::move(*manifest), remarks_on(order, found, release), warnings_of(found, release)};
}

std::vector<Fact<File>> optional_file(const std::optional<RelativePath>& path) {
  if (!path) return {};
  return {facts::file(*path)};
}

}  // namespace

std::optional<std::string> FreezeOrder::chosen_tag() const {
  if (tag || tags_at_head.size() != 1) return tag;
  return tags_at_head.front();
}

Task<Result<Frozen>> freeze(FreezeOrder order, GateKind checkout_gate) {
  const auto tag = choose_tag(order);
  if (!tag) co_return failure(tag.error());
  Found found;
  const GitRequest checkout{order.checkout.text, order.chosen_tag(), order.paths};
  auto local = co_await all(facts::file(order.artifact), facts::git(checkout), facts::now());
  found.artifact = std::move(std::get<0>(local));
  found.git = std::move(std::get<1>(local));
  found.now = std::get<2>(local);

  std::vector<Fact<File>> previous = optional_file(order.previous_artifact);
  auto files = co_await each(std::move(previous));
  if (!files.empty()) found.previous_artifact = std::move(files.front());

  if (order.asks_chain) {
    const auto program = facts::code_account_if_any(order.program);
    const auto programdata = facts::programdata_with_code(order.program);
    auto chain = co_await all(facts::genesis_hash(), program, programdata);
    found.genesis_hash = std::move(std::get<0>(chain));
    found.program = std::move(std::get<1>(chain));
    found.programdata = std::move(std::get<2>(chain));
  }

  const Result<Release> release = compose(order, found);
  if (!release) co_return failure(release.error());
  const Result<Begin> gate = prepare_gate(checkout_gate, order, *release);
  if (!gate) co_return failure(gate.error());
  const Begin& begin = *gate;
  const Finding finding = co_await begin();
  const auto sound = check_checkout(order, finding);
  if (!sound) co_return failure(sound.error());
  co_return conclude(order, found, *release);
}

Result<std::string> manifest_text(const Release& release) {
  using Ordered = nlohmann::ordered_json;
  Ordered json;
  json["apiVersion"] = release.api_version;
  json["name"] = release.name;
  if (genesis_hash_of(release.cluster.name) == release.cluster.genesis_hash) {
    json["cluster"] = release.cluster.name;
  } else {
    json["cluster"] = Ordered{{"name", release.cluster.name}, {"genesisHash", release.cluster.genesis_hash}};
  }
  json["program"] = to_string(release.program);
  json["artifact"] = Ordered{{"path", release.artifact.path},
                             {"sha256", to_string(release.artifact.sha256)},
                             {"executableHash", to_string(release.artifact.executable_hash)}};
  if (release.previous) {
    json["previous"]["executableHash"] = to_string(release.previous->executable_hash);
    if (release.previous->path) json["previous"]["path"] = *release.previous->path;
  }
  json["source"]["repository"] = release.source.repository.text;
  json["source"]["commit"] = release.source.commit;
  if (release.source.tag) json["source"]["tag"] = *release.source.tag;
  if (release.source.paths) json["source"]["paths"] = *release.source.paths;
  json["builtAt"] = to_string(release.built_at);
  json["operator"] = release.operator_name;
  for (const auto& [name, value] : release.values) json["values"][name] = Ordered(value);
  try {
    return json.dump(2) + "\n";
  } catch (const Json::exception&) {  // the only thing that dump refuses
    return usage("release.json", "one of the texts given is not UTF-8", "give names and values in UTF-8");
  }
}

}  // namespace readyctl
