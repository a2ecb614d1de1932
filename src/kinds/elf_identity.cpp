// elf-identity: is this binary of this program, and not of another program, cluster or test?
//
// Reads     the file: 1 round
// pass      none of the denied addresses and texts is in it; security.txt, where asked, is there and names the commit
// fail      a denied address or text; no security.txt, or a damaged one; another source_revision
// Source    an address stands in a binary as 32 bytes, or as base58 text; compilers may split it into immediates, so
// that
//           its absence says nothing. security.txt: neodyme-labs/solana-security-txt
#include <algorithm>

#include "base/text.hpp"
#include "engine/kind.hpp"
#include "facts/git.hpp"
#include "facts/local.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/expectations.hpp"
#include "solana/security_txt.hpp"

namespace readyctl {
namespace {

struct SecurityTxtRule {
  std::optional<CommitId> source_revision;

  static constexpr auto fields() {
    return std::tuple{optional("sourceRevision", &SecurityTxtRule::source_revision,
                               "the commit that it must name, in full or shortened")};
  }
};

struct ElfIdentity {
  RelativePath path;
  std::optional<Pubkey> program;
  std::vector<Pubkey> deny;
  std::vector<std::string> deny_texts;
  std::optional<SecurityTxtRule> security_txt;

  static constexpr auto fields() {
    using Gate = ElfIdentity;
    return std::tuple{
        required("path", &Gate::path, "the program file"),
        optional("program", &Gate::program,
                 "its own address; whether it is in the file is told, its absence says nothing"),
        optional("deny", &Gate::deny, "addresses that may not be in it: other programs', of devnet, of test mints"),
        optional("denyTexts", &Gate::deny_texts, "texts that may not be in it, such as localhost"),
        optional("securityTxt", &Gate::security_txt, "a security.txt must be in it, with contacts"),
    };
  }
  static Result<void> check_keys(const Json& given, const Place& place) {
    if (has_any(given, {"deny", "denyTexts", "securityTxt"})) return {};
    return expects_nothing(place);
  }
  Result<void> validate(const Place& place) const {
    if (!deny.empty() || !deny_texts.empty() || security_txt || place.is_before_substitution()) return {};
    return expects_nothing(place);
  }

 private:
  static Result<void> expects_nothing(const Place& place) {
    return place.malformed("expects nothing of the file", "give \"deny\", \"denyTexts\" or \"securityTxt\"");
  }
};

std::optional<std::size_t> find_bytes(ByteView code, ByteView wanted) {
  const auto found = std::search(code.begin(), code.end(), wanted.begin(), wanted.end());
  return found == code.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - code.begin()));
}

// An address as 32 bytes, or written out.
std::optional<std::size_t> find_address(ByteView code, const Pubkey& address) {
  const auto raw = find_bytes(code, address.bytes);
  const std::string text = to_string(address);
  return raw ? raw : find_bytes(code, bytes_of(text));
}

std::string words_for(const std::optional<std::size_t>& at) {
  return at ? "at byte " + std::to_string(*at) : "nowhere";
}

void judge_denied(const ElfIdentity& gate, ByteView code, Judgement& judgement) {
  for (const Pubkey& address : gate.deny) {
    const auto at = find_address(code, address);
    judgement.expect(!at, {"address " + to_string(address), "nowhere", words_for(at)},
                     "address " + named(address) + " is in it " + words_for(at));
  }
  for (const std::string& text : gate.deny_texts) {
    const auto at = find_bytes(code, bytes_of(text));
    judgement.expect(!at, {"text \"" + printable(text) + "\"", "nowhere", words_for(at)},
                     "text \"" + printable(text) + "\" is in it " + words_for(at));
  }
}

void judge_own(const ElfIdentity& gate, ByteView code, Judgement& judgement) {
  if (!gate.program) return;
  const auto at = find_address(code, *gate.program);
  judgement.note("own address", words_for(at));
  if (!at) judgement.caveat("its own address is not in it as such, which says nothing: a compiler may have split it");
}

void judge_security_txt(const SecurityTxtRule& rule, ByteView code, Judgement& judgement) {
  const auto found = find_security_txt(code);
  const std::string state = !found ? found.error().what : !*found ? "none" : "there";
  const bool is_there = found && *found;
  judgement.expect(is_there, {"security.txt", "there", state},
                   found ? "it has no security.txt" : "its security.txt is damaged: " + found.error().what);
  if (!is_there) return;
  const SecurityTxt& text = **found;
  const std::string contacts = printable(text.field("contacts"));
  judgement.expect(!contacts.empty(), {"contacts", "somebody", contacts}, "its security.txt names nobody to contact");
  if (!rule.source_revision) return;
  const std::string revision = text.field("source_revision");
  const bool names_it = revision.size() >= 7 && rule.source_revision->hex.starts_with(revision);
  judgement.expect(names_it, {"source_revision", rule.source_revision->hex, printable(revision)},
                   "its source_revision is \"" + printable(revision) + "\", expected " + rule.source_revision->hex);
}

Task<Finding> evaluate(ElfIdentity gate) {
  const File file = co_await facts::file(gate.path);
  Judgement judgement;
  judgement.rests_on(FileRequest{gate.path.text});
  judge_denied(gate, file.bytes(), judgement);
  judge_own(gate, file.bytes(), judgement);
  if (gate.security_txt) judge_security_txt(*gate.security_txt, file.bytes(), judgement);
  const std::string subject = "file " + file.path;
  co_return about(subject, judgement.conclude(subject + " holds nothing that is denied"));
}

}  // namespace

GateKind elf_identity() {
  return gate_kind<ElfIdentity>(
      {.name = "elf-identity",
       .asks = "Is this binary of this program, and not of another program, cluster or test?",
       .reads = "the file; one round",
       .passes =
           "none of the denied addresses and texts is in it; security.txt, where asked, is there and names the commit",
       .fails = "a denied address, as bytes or as text; a denied text; no security.txt, a damaged one, one without "
                "contacts, "
                "or with another source_revision",
       .why = "Programs were overwritten with another program's code, and deployed with the addresses of a test.",
       .remedy = "build again with the features and the keys of this cluster",
       .valid_for = std::nullopt},
      evaluate);
}

}  // namespace readyctl
