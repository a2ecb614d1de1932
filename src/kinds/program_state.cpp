// program-state: is the program deployed, under the loader we expect, and with room for what comes?
//
// Reads     program account and the header of programdata(program), and the file when `capacityFor` is a path: 1 round
// pass      the program can run under the expected loader, was deployed in the expected slot, and has the room
// fail      no program; closed; not executable; another loader; programdata elsewhere; another slot; too little room
// Source    loader-v3 UpgradeableLoaderState; SIMD-0431 for what ExtendProgram must add
#include <algorithm>
#include <array>

#include "engine/kind.hpp"
#include "facts/local.hpp"
#include "facts/programs.hpp"
#include "kinds/catalogue.hpp"
#include "kinds/expectations.hpp"
#include "solana/program_extension.hpp"

namespace readyctl {
namespace {

/// A loader under which programs can run, as packs name it.
struct ProgramLoader {
  Loader loader = Loader::v3;
};

/// Code for which there must be room: a file, or a number of bytes.
struct NeededRoom {
  std::optional<RelativePath> path;
  std::uint64_t bytes = 0;  ///< without a path
};

}  // namespace

template <>
struct FieldType<ProgramLoader> {
  static std::vector<std::string> names() { return {"loader-v1", "loader-v2", "loader-v3"}; }

  static Result<ProgramLoader> read(const Json& value, const Place& place) {
    static constexpr std::array loaders = {Loader::v1, Loader::v2, Loader::v3};
    const auto text = FieldType<std::string>::read(value, place);
    if (!text) return failure(text.error());
    const auto known = names();
    const auto found = std::ranges::find(known, *text);
    if (found != known.end()) return ProgramLoader{loaders.at(static_cast<std::size_t>(found - known.begin()))};
    return place.malformed("no loader is named \"" + printable(*text) + "\"", suggestion(*text, known));
  }
  static Json schema(Placeholders) { return {{"enum", names()}}; }
  static std::string words() { return "\"loader-v1\", \"loader-v2\" or \"loader-v3\""; }
};

template <>
struct FieldType<NeededRoom> {
  static Result<NeededRoom> read(const Json& value, const Place& place) {
    const std::uint64_t bytes = value.is_number_unsigned() ? value.get<std::uint64_t>() : 0;
    if (bytes > 0 && bytes <= code_bytes_max) return NeededRoom{std::nullopt, bytes};
    if (!value.is_string()) {
      return place.malformed("expected " + words() + ", found " +
                             (value.is_number() ? value.dump() : std::string(words_for_type(value))));
    }
    auto path = FieldType<RelativePath>::read(value, place);
    if (!path) return failure(path.error());
    return NeededRoom{std::move(*path), 0};
  }
  static Json schema(Placeholders placeholders) {
    const Json bytes = {{"type", "integer"}, {"minimum", 1}, {"maximum", code_bytes_max}};
    return {{"anyOf", Json::array({bytes, FieldType<RelativePath>::schema(placeholders)})}};
  }
  static std::string words() {
    return "a path below the folder of release.json, or a number of bytes, 1 to " + std::to_string(code_bytes_max);
  }
};

namespace {

struct ProgramState {
  Pubkey program;
  ProgramLoader loader;
  std::optional<Slot> deployed_slot;
  std::optional<NeededRoom> capacity_for;

  static constexpr auto fields() {
    return std::tuple{
        required("program", &ProgramState::program, "address of the program account (not of its programdata)"),
        optional("loader", &ProgramState::loader, "the loader it must run under; \"loader-v3\" unless said"),
        optional("deployedSlot", &ProgramState::deployed_slot,
                 "the slot of its last deployment, upgrade or extension; loader v3 only"),
        optional("capacityFor", &ProgramState::capacity_for,
                 "the program that an upgrade will write, all of the file, or its length; loader v3 only"),
    };
  }
  Result<void> validate(const Place& place) const {
    if (loader.loader == Loader::v3) return {};
    const std::string under = "under " + std::string(words_for(loader.loader)) + " ";
    if (deployed_slot) return (place / "deployedSlot").malformed(under + "no slot is kept");
    if (capacity_for) return (place / "capacityFor").malformed(under + "no program can be upgraded");
    return {};
  }
};

// What to do about room that is missing. ExtendProgram refuses small steps, except the last one up to the limit.
std::string how_to_extend(const Deployment& deployed, std::uint64_t missing) {
  if (!deployed.header->upgrade_authority) return "and the program is final, so it cannot be extended";
  const std::uint64_t size = deployed.holder().space;
  const auto step = least_extension(size, missing, ExtensionSteps::at_least_minimum);
  if (step) return "ExtendProgram must add at least " + std::to_string(*step);
  return "and only " + std::to_string(headroom_of(size)) + " can be added: an account has at most " +
         std::to_string(account_bytes_max);
}

void judge_capacity(const Deployment& deployed, std::uint64_t needed, Judgement& judgement) {
  const std::uint64_t capacity = deployed.capacity();
  const bool fits = needed <= capacity;
  judgement.expect(fits,
                   {"capacity", "at least " + std::to_string(needed) + " bytes", std::to_string(capacity) + " bytes"},
                   fits ? ""
                        : "its capacity of " + std::to_string(capacity) + " bytes is too small by " +
                              std::to_string(needed - capacity) + " for a program of " + std::to_string(needed) + ", " +
                              how_to_extend(deployed, needed - capacity));
}

void judge_slot(const ProgramState& gate, const ProgramData& header, Judgement& judgement) {
  const std::string slot = to_string(header.slot);
  if (!gate.deployed_slot) return judgement.note("deployed slot", slot);
  judgement.expect(header.slot == *gate.deployed_slot, {"deployed slot", to_string(*gate.deployed_slot), slot},
                   "it was last deployed, upgraded or extended in slot " + slot + ", expected slot " +
                       to_string(*gate.deployed_slot));
}

// What else a pass decided: since when the code is there, and whether what comes will fit.
std::string decided_words(const Deployment& deployed, std::optional<std::uint64_t> needed) {
  if (!deployed.header) return "";
  const std::string room = ", room for " + std::to_string(deployed.capacity()) + " bytes";
  return " since slot " + to_string(deployed.header->slot) + room +
         (needed ? " where " + std::to_string(*needed) + " are needed" : "");
}

// `needed` is the room asked for, in bytes, where any is.
Finding judge(const ProgramState& gate, std::optional<Account> program, std::optional<Account> programdata,
              std::optional<std::uint64_t> needed) {
  const auto deployed = deployment_of(gate.program, std::move(program), std::move(programdata));
  if (!deployed) return not_deployed(gate.program, deployed.error());

  Judgement judgement;
  judgement.rests_on(AccountRequest{gate.program, Slice{0, program_account_bytes}});
  const std::string loader(words_for(deployed->loader));
  const std::string expected(words_for(gate.loader.loader));
  judgement.expect(deployed->loader == gate.loader.loader, {"loader", expected, loader},
                   "it runs under " + loader + ", expected " + expected);
  if (deployed->header) {
    judgement.rests_on(facts::programdata_header(gate.program).request);
    judge_slot(gate, *deployed->header, judgement);
    if (needed) judge_capacity(*deployed, *needed, judgement);
    if (!needed) judgement.note("capacity", std::to_string(deployed->capacity()) + " bytes");
  }
  const std::string subject = "program " + to_string(gate.program);
  return about(subject,
               judgement.conclude(subject + " is deployed under " + loader + decided_words(*deployed, needed)));
}

Fact<std::optional<Account>> program_account(const Pubkey& program) {
  return facts::account_if_any(program, Slice{0, program_account_bytes});
}

Task<Finding> without_file(ProgramState gate) {
  auto both = co_await all(program_account(gate.program), facts::programdata_header(gate.program));
  std::optional<std::uint64_t> needed;
  if (gate.capacity_for) needed = gate.capacity_for->bytes;
  co_return judge(gate, std::move(std::get<0>(both)), std::move(std::get<1>(both)), needed);
}

Task<Finding> with_file(ProgramState gate) {
  const auto local = facts::file(*gate.capacity_for->path);
  auto facts = co_await all(program_account(gate.program), facts::programdata_header(gate.program), local);
  const std::uint64_t needed = std::get<2>(facts).bytes().size();
  co_return judge(gate, std::move(std::get<0>(facts)), std::move(std::get<1>(facts)), needed);
}

Task<Finding> evaluate(ProgramState gate) {
  const bool names_a_file = gate.capacity_for && gate.capacity_for->path;
  return names_a_file ? with_file(gate) : without_file(gate);
}

}  // namespace

GateKind program_state() {
  return gate_kind<ProgramState>(
      {.name = "program-state",
       .asks = "Is the program deployed, under the loader we expect, and with room for what comes?",
       .reads = "the program account, the header of its programdata, and the file at `capacityFor`; one round",
       .passes = "the program can run under the expected loader, was deployed in the expected slot, and has the room",
       .fails = "no such program; no program at all; closed; not executable; another loader; programdata elsewhere; "
                "another slot; too little room; no such file",
       .why = "An upgrade that does not fit fails at the cutover, and a program that was closed never comes back.",
       .remedy = "too little room: solana program extend; another slot: find out who deployed; closed: deploy to a new "
                 "address",
       .valid_for = valid_for_mutable_state},
      evaluate);
}

}  // namespace readyctl
