// artifact-hash: is the local file the program that was frozen?
//
// Reads     the file at `path`: 1 round
// pass      the file is an SBF program and has the frozen hashes
// fail      a file that is not there; a file that is no SBF program; another hash
// Source    solana-verify: the executable hash is the SHA-256 of the file without its trailing zeros
#include "engine/kind.hpp"
#include "facts/local.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/expectations.hpp"
#include "solana/elf.hpp"
#include "solana/executable.hpp"

namespace readyctl {
namespace {

struct ArtifactHash {
  RelativePath path;
  Sha256 sha256;
  std::optional<Sha256> executable_hash;

  static constexpr auto fields() {
    return std::tuple{
        required("path", &ArtifactHash::path, "the program file, as it was built"),
        required("sha256", &ArtifactHash::sha256, "the frozen SHA-256 of the whole file"),
        optional("executableHash", &ArtifactHash::executable_hash,
                 "the frozen hash of the file without its trailing zeros, as solana-verify prints it"),
    };
  }
};

void judge_format(const File& file, Judgement& judgement) {
  const auto elf = decode_elf(file.bytes());
  const std::string found = elf ? "SBF program of SBPF version " + std::to_string(elf->sbpf_version) : elf.error().what;
  judgement.expect(elf.has_value(), {"format", "SBF program", found}, "it cannot run on Solana: " + found);
}

// The two hashes of one file are easily taken for each other, so a failure says when that happened.
void judge_hashes(const ArtifactHash& gate, const File& file, Judgement& judgement) {
  const Sha256 executable = executable_hash(file.bytes());
  const std::string swapped = gate.sha256 == executable ? ", which is its executable hash" : "";
  judgement.expect(file.sha256 == gate.sha256, {"sha256", to_string(gate.sha256), to_string(file.sha256)},
                   "its SHA-256 is " + to_string(file.sha256) + ", expected " + to_string(gate.sha256) + swapped);
  if (!gate.executable_hash) return judgement.note("executable hash", to_string(executable));

  const Sha256& expected = *gate.executable_hash;
  const std::string swapped_too = expected == file.sha256 ? ", which is the SHA-256 of the whole file" : "";
  judgement.expect(
      executable == expected, {"executable hash", to_string(expected), to_string(executable)},
      "its executable hash is " + to_string(executable) + ", expected " + to_string(expected) + swapped_too);
}

void note_lengths(const File& file, Judgement& judgement) {
  const std::size_t zeros = file.bytes().size() - strip_trailing_zeros(file.bytes()).size();
  judgement.note("length", std::to_string(file.bytes().size()) + " bytes");
  judgement.note("trailing zeros", std::to_string(zeros) + " bytes");
}

Task<Finding> evaluate(ArtifactHash gate) {
  const File file = co_await facts::file(gate.path);

  Judgement judgement;
  judgement.rests_on(FileRequest{gate.path.text});
  judge_format(file, judgement);
  judge_hashes(gate, file, judgement);
  note_lengths(file, judgement);
  co_return about("file " + file.path, judgement.conclude("file " + file.path + " is the frozen program, SHA-256 " +
                                                          to_string(file.sha256)));
}

}  // namespace

GateKind artifact_hash() {
  return gate_kind<ArtifactHash>(
      {.name = "artifact-hash",
       .asks = "Is the local file the program that was frozen?",
       .reads = "the file at `path`; one round",
       .passes = "the file is an SBF program and has the frozen hashes",
       .fails = "no such file; no SBF program; another SHA-256; another executable hash",
       .why = "Whoever deploys, deploys a file. A rebuild, a stale folder or a wrong branch gives another one.",
       .remedy = "take the frozen file from the build that was reviewed, or freeze this one after a review",
       .valid_for = std::nullopt},
      evaluate);
}

}  // namespace readyctl
