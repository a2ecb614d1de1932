// idl: is the IDL on the chain the release's, and who may change it?
//
// Reads     the IDL file, the canonical program-metadata account, the Anchor IDL account and the header of programdata:
// 1
//           round
// pass      the declared account holds the release's IDL as canonical JSON, under the declared authority; the other one
//           is not there, or holds the same
// fail      no account, or not of its program; another IDL, by JSON pointer; content that is elsewhere, damaged, too
//           large, not JSON; an authority nobody mentioned; another mutability; another IDL in the other account
// Source    solana-program/program-metadata state/header.rs; coral-xyz/anchor 0.31 lang/src/idl.rs. Clients of
// Anchor 1.0
//           read program-metadata, older ones and explorers the Anchor account, so both speak for the program
#include "base/inflate.hpp"
#include "base/json_difference.hpp"
#include "base/text.hpp"
#include "engine/kind.hpp"
#include "facts/local.hpp"
#include "facts/programs.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/expectations.hpp"
#include "solana/anchor_idl.hpp"
#include "solana/program_metadata.hpp"

namespace readyctl {
namespace {

enum class IdlSource { program_metadata, anchor };

constexpr std::string_view idl_seed = "idl";
constexpr std::size_t idl_bytes_max = 8'388'608;

std::string words_for(IdlSource source) {
  return source == IdlSource::program_metadata ? "program-metadata account" : "Anchor IDL account";
}

}  // namespace

template <>
struct FieldType<IdlSource> {
  static Result<IdlSource> read(const Json& value, const Place& place) {
    const auto text = FieldType<std::string>::read(value, place);
    if (!text) return failure(text.error());
    if (*text == names()[0]) return IdlSource::program_metadata;
    if (*text == names()[1]) return IdlSource::anchor;
    return place.malformed("there is no source \"" + printable(*text) + "\" of an IDL", suggestion(*text, names()));
  }
  static Json schema(Placeholders) { return {{"enum", names()}}; }
  static std::string words() { return "\"program-metadata\" or \"anchor\""; }

 private:
  static std::vector<std::string> names() { return {"program-metadata", "anchor"}; }
};

namespace {

struct Idl {
  Pubkey program;
  RelativePath path;
  IdlSource source = IdlSource::program_metadata;
  Holder authority;
  std::optional<bool> is_mutable;
  bool other_may_differ = false;

  static constexpr auto fields() {
    return std::tuple{
        required("program", &Idl::program, "the program whose IDL it is"),
        required("path", &Idl::path, "the release's IDL, a JSON file"),
        optional("source", &Idl::source,
                 "which account clients read: program-metadata unless said; Anchor before 1.0 has its own"),
        optional("authority", &Idl::authority,
                 "who may write that account beside the upgrade authority; nobody unless said"),
        optional("mutable", &Idl::is_mutable,
                 "whether a program-metadata account may be changed at all; unsaid, the finding tells it"),
        optional("otherMayDiffer", &Idl::other_may_differ,
                 "true: accept another IDL in the account that is not declared, which some clients still read"),
    };
  }
  Result<void> validate(const Place& place) const {
    if (place.is_before_substitution()) return {};
    const auto address = anchor_idl_address(program);
    if (!address) return (place / "program").malformed("is the address of no program: " + address.error().what);
    if (!is_mutable || source == IdlSource::program_metadata) return {};
    return (place / "mutable").malformed("is a property of program-metadata accounts", "leave it out");
  }

  Pubkey metadata_account() const { return program_metadata_address(program, idl_seed); }
  Pubkey anchor_account() const { return anchor_idl_address(program).value(); }
  Pubkey account_of(IdlSource of) const { return of == IdlSource::anchor ? anchor_account() : metadata_account(); }
  IdlSource other() const { return source == IdlSource::anchor ? IdlSource::program_metadata : IdlSource::anchor; }
};

// What an account publishes, once everything about it was in order.
struct Published {
  std::optional<Pubkey> authority;
  std::optional<bool> is_mutable;
  Json idl;
};

tl::unexpected<Error> trouble(std::string what) { return malformed("", std::move(what)); }

Result<Json> idl_of(ByteView text) {
  auto json = parse_json(text_of(text), "IDL");
  if (!json) return trouble("it is no JSON: " + json.error().what);
  return json;
}

Result<Bytes> content_of(const ProgramMetadata& metadata) {
  const auto inflated = [&](Deflated format) { return inflate(metadata.data, format, idl_bytes_max); };
  if (metadata.compression == MetadataCompression::zlib) return inflated(Deflated::zlib);
  if (metadata.compression == MetadataCompression::gzip) return inflated(Deflated::gzip);
  return Bytes(metadata.data.begin(), metadata.data.end());
}

Result<Published> published(const Idl& gate, const ProgramMetadata& metadata) {
  if (metadata.program != gate.program) return trouble("it is of program " + named(metadata.program));
  if (!metadata.is_canonical) return trouble("it is not canonical: not the upgrade authority wrote it");
  if (metadata.seed != idl_seed) return trouble("it goes by the name \"" + printable(metadata.seed) + "\"");
  if (metadata.source == MetadataSource::url) {
    return trouble("it holds no IDL but a URL, and whoever serves that can change it: " +
                   printable(text_of(metadata.data)));
  }
  if (metadata.source == MetadataSource::external) {
    return trouble("it holds no IDL but the address of another account, whose owner can change it");
  }
  if (metadata.format != MetadataFormat::json) {
    return trouble("its format is " + std::string(words_for(metadata.format)) + ", expected json");
  }
  if (metadata.encoding != MetadataEncoding::utf8) {
    return trouble("its encoding is " + std::string(words_for(metadata.encoding)) + ", expected utf8");
  }
  const auto content = content_of(metadata);
  if (!content) return failure(content.error());
  auto json = idl_of(*content);
  if (!json) return failure(json.error());
  return Published{metadata.authority, metadata.is_mutable, std::move(*json)};
}

Result<Published> published(const AnchorIdl& idl) {
  const auto content = inflate(idl.data, Deflated::zlib, idl_bytes_max);
  if (!content) return failure(content.error());
  auto json = idl_of(*content);
  if (!json) return failure(json.error());
  return Published{idl.authority, std::nullopt, std::move(*json)};
}

Result<Published> read_published(const Idl& gate, IdlSource source, const Account& account) {
  const Pubkey owner = source == IdlSource::anchor ? gate.program : known::program_metadata;
  if (account.owner != owner) {
    return trouble("it is owned by " + named(account.owner) + ", expected " + named(owner));
  }
  if (source == IdlSource::anchor) {
    const auto idl = decode_anchor_idl(account.bytes());
    if (!idl) return failure(idl.error());
    return published(*idl);
  }
  const auto metadata = decode_program_metadata(account.bytes());
  if (!metadata) return failure(metadata.error());
  return published(gate, *metadata);
}

// A release's IDL that names another program would be published for the wrong one.
void judge_address(const Idl& gate, const Json& idl, Judgement& judgement) {
  judgement.expect(idl.is_object(), {"IDL in the file", "an object", std::string(words_for_type(idl))},
                   "the release's IDL is " + std::string(words_for_type(idl)) + " and no object");
  for (const char* place : {"/address", "/metadata/address"}) {
    const Json::json_pointer pointer(place);
    if (!idl.is_object() || !idl.contains(pointer)) continue;
    const Json& found = idl.at(pointer);
    const std::string address = found.is_string() ? printable(found.get<std::string>()) : found.dump();
    judgement.expect(address == to_string(gate.program), {"address in the file", to_string(gate.program), address},
                     "the release's IDL is of program " + address + ", expected " + to_string(gate.program));
  }
}

void judge_content(const std::string& what, const Json& expected, const Json& found, Judgement& judgement) {
  const auto difference = first_difference(expected, found);
  if (!difference) return judgement.note(what, "the release's IDL");
  const std::string at = difference->pointer.empty() ? "as a whole" : "at " + printable(difference->pointer);
  judgement.expect(false, {what + " " + at, printable(difference->first), printable(difference->second)},
                   "the " + what + " holds another IDL: " + at + " the release has " + printable(difference->first) +
                       ", the chain " + printable(difference->second));
}

void judge_mutability(const Idl& gate, const Published& idl, const std::optional<Account>& programdata,
                      Judgement& judgement) {
  if (!idl.is_mutable) return;
  const std::string found = *idl.is_mutable ? "yes" : "no";
  const std::string expected = !gate.is_mutable ? "" : *gate.is_mutable ? "yes" : "no";
  judgement.expect(expected.empty() || found == expected, {"mutable", expected, found},
                   *idl.is_mutable ? "it may still be changed" : "it can never be changed again");
  if (!*idl.is_mutable) return;
  const auto header =
      programdata ? decode_programdata(programdata->bytes()) : Result<ProgramData>(trouble("it does not exist"));
  if (header && !header->upgrade_authority) {
    return judgement.caveat(
        "nobody holds the upgrade authority of the program: the IDL's own authority may replace it");
  }
  const std::string who = header ? named(header->upgrade_authority) : "whoever that is";
  judgement.caveat("the upgrade authority of the program, " + who + ", may replace it at any time");
}

// Anybody can send lamports to an address, which puts an empty account there.
bool is_only_lamports(const Account& account) { return account.owner == known::system_program && account.space == 0; }

// Clients that read the other account would decode by another interface.
void judge_other(const Idl& gate, const std::optional<Account>& account, const Json& expected, Judgement& judgement) {
  const std::string what = words_for(gate.other());
  judgement.rests_on(AccountRequest{gate.account_of(gate.other())});
  if (!account || is_only_lamports(*account)) return judgement.note(what, "none");
  const std::string name = what + " " + to_string(account->address);
  const auto found = read_published(gate, gate.other(), *account);
  const bool is_same = found && !first_difference(expected, found->idl);
  const std::string state = is_same ? "the release's IDL"
                            : found ? "another IDL"
                                    : "no IDL that can be read: " + found.error().what;
  judgement.expect(is_same || gate.other_may_differ, {what, "none, or the release's IDL", state},
                   "the stale " + name + " beside it holds " + state);
  if (!is_same) judgement.caveat("the stale " + name + " beside it holds " + state);
  if (found) judgement.caveat("who may write the " + name + ": " + named(found->authority));
}

Finding judge(const Idl& gate, const Json& expected, const std::optional<Account>& account,
              const std::optional<Account>& other, const std::optional<Account>& programdata) {
  Judgement judgement;
  judgement.rests_on(FileRequest{gate.path.text});
  judge_address(gate, expected, judgement);
  const std::string what = words_for(gate.source);
  const std::string name = what + " " + to_string(gate.account_of(gate.source));
  judgement.rests_on(AccountRequest{gate.account_of(gate.source)});
  judgement.expect(account.has_value(), {what, "exists", account ? "exists" : "missing"},
                   "the " + name + " does not exist");
  if (account) {
    const auto found = read_published(gate, gate.source, *account);
    judgement.expect(found.has_value(), {what, "publishes an IDL", found ? "publishes an IDL" : found.error().what},
                     found ? "" : "the " + name + " publishes no IDL: " + found.error().what);
    if (found) {
      judge_content(what, expected, found->idl, judgement);
      expect_holder(judgement, "authority of the IDL", found->authority, gate.authority);
      judge_mutability(gate, *found, programdata, judgement);
    }
  }
  judge_other(gate, other, expected, judgement);
  const std::string subject = "the IDL of program " + to_string(gate.program);
  return about(subject, judgement.conclude(subject + " on the chain is " + gate.path.text));
}

Task<Finding> evaluate(Idl gate) {
  const auto file_fact = facts::file(gate.path);
  const auto account_fact = facts::account_if_any(gate.account_of(gate.source));
  const auto other_fact = facts::account_if_any(gate.account_of(gate.other()));
  const auto header_fact = facts::programdata_header(gate.program);
  auto all_facts = co_await all(file_fact, account_fact, other_fact, header_fact);
  auto& [file, account, other, programdata] = all_facts;
  const auto expected = parse_json(text_of(file.bytes()), file.path);
  if (!expected) co_return fail("the release's IDL is no JSON: " + to_string(expected.error()));
  co_return judge(gate, *expected, account, other, programdata);
}

}  // namespace

GateKind idl() {
  return gate_kind<Idl>(
      {.name = "idl",
       .asks = "Is the IDL on the chain the release's, and who may change it?",
       .reads = "the IDL file, the canonical program-metadata account, the Anchor IDL account and the header of "
                "programdata; one round",
       .passes = "the declared account holds the release's IDL as canonical JSON, under the declared authority; the "
                 "other account is not there, or holds the same",
       .fails = "no account, or one of another owner, program or name; another IDL, at the JSON pointer where it first "
                "differs; content at a URL or in another account, damaged, of more than 8 MiB, not UTF-8 JSON; an "
                "authority that nobody mentioned; another mutability; another IDL in the other account; a file that "
                "is no JSON or names another program",
       .why = "Wallets and explorers decode by the IDL on the chain: a stale or changed one shows people another "
              "instruction than they sign.",
       .remedy = "publish the release's IDL by the upgrade authority (program-metadata write idl, or anchor idl "
                 "upgrade), and close or upgrade the older account",
       .valid_for = valid_for_mutable_state},
      evaluate);
}

}  // namespace readyctl
