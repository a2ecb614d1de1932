#include <catch2/catch.hpp>

#include "facts/history_pages.hpp"
#include "kinds/catalogue.hpp"
#include "solana/executable.hpp"
#include "support/gate.hpp"
#include "support/history.hpp"
#include "support/verdicts.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Pubkey program = "CVGMpraBxaqGoBYMABJ5Jxh5gYxdgo5h9NCwLJJKNBaw"_pubkey;
const Pubkey alice = "2Zi8Zo9EZWBBEaeSCj2qyTNs7Bm9N5AFaseA7CTQw6W4"_pubkey;
const Pubkey programdata = programdata_address(program).address;
const Bytes code = {0x7f, 'E', 'L', 'F', 1, 2, 3};

const Bytes deploy_data = {2, 0, 0, 0, 100, 0, 0, 0, 0, 0, 0, 0};
const Bytes upgrade_data = {3, 0, 0, 0};
const Bytes authority_data = {4, 0, 0, 0};
const Bytes extend_data = {6, 0, 0, 0, 0, 40, 0, 0};

Json seen(std::uint8_t number, std::uint64_t slot, bool failed = false) {
  const Json err = failed ? Json{{"InstructionError", {0, "Custom"}}} : Json();
  return {{"signature", signature(number)}, {"slot", slot}, {"err", err}};
}

Json entry(std::uint8_t number, std::uint64_t slot, Json more = Json::object()) {
  more["signature"] = signature(number);
  more["slot"] = std::to_string(slot);
  return more;
}

/// Deployed in slot 10, extended in 20, upgraded in 30, its authority changed in 40; an upgrade failed in 35.
struct Upgraded {
  FakeSource source;
  Json list = {{"apiVersion", "readyctl.upgrades/v1"},
               {"program", to_string(program)},
               {"upgrades", Json::array({entry(1, 10), entry(3, 30)})}};

  Upgraded() {
    deploy(source, program, code, alice, Slot{30});
    has_page({seen(5, 40), seen(4, 35, true), seen(3, 30), seen(2, 20), seen(1, 10)});
    did(1, 10, deploy_data);
    did(2, 20, extend_data);
    did(3, 30, upgrade_data);
    did(5, 40, authority_data);
  }
  void has_page(const Json& page, std::optional<std::string> before = std::nullopt) {
    source.answers(facts::signatures_page(programdata, before).request, rpc_result(page));
  }
  void did(std::uint8_t number, std::uint64_t slot, const Bytes& data) {
    const Bytes accounts = data == deploy_data ? Bytes{0, 1} : Bytes{1};
    Json transaction = transaction_of(number, {alice, programdata, known::loader_v3}, {}, {{2, accounts, data}});
    transaction["slot"] = slot;
    has_transaction(source, number, transaction);
  }
  Finding decide(Json more = Json::object()) {
    const std::string text = list.dump();
    source.holds_file("upgrades.json", Bytes(text.begin(), text.end()));
    more.emplace("program", to_string(program));
    more.emplace("path", "upgrades.json");
    return decide_gate(upgrade_history(), more, source);
  }
};

}  // namespace

// The list and the chain agree; the failed upgrade is none, and what the list does not cover is not asked for.
TEST_CASE("upgrade-history passes on a list that is complete", "[kinds]") {
  Upgraded upgraded;
  const Finding finding = upgraded.decide();
  CHECK(finding.outcome == Outcome::pass);
  CHECK(finding.summary ==
        "program " + to_string(program) +
            " was changed as upgrades.json says, and not otherwise (the last entry has no executableHash, so that what "
            "runs was not compared with it)");
  CHECK(upgraded.source.rounds().size() == 2);
  upgraded.list["covers"] = {"deploy", "upgrade", "extend", "set-authority"};
  upgraded.list["upgrades"] = {entry(1, 10, {{"action", "deploy"}}), entry(2, 20, {{"action", "extend"}}), entry(3, 30),
                               entry(5, 40, {{"action", "set-authority"}})};
  CHECK(upgraded.decide().outcome == Outcome::pass);
}

// What the loader was told in a way that is not known may be a change that the list covers.
TEST_CASE("upgrade-history is inconclusive on an instruction that it does not know", "[kinds]") {
  Upgraded upgraded;
  upgraded.did(5, 40, {10, 0, 0, 0});
  const Finding finding = upgraded.decide();
  CHECK(finding.outcome == Outcome::inconclusive);
  CHECK(
      says(finding.cause->what, "may have been changed by an instruction of the loader that is not known in slot 40"));
  upgraded.list["upgrades"] = Json::array({entry(1, 10)});
  fails(upgraded.decide(), "it is not in the list: Upgrade in slot 30");
}

// Each change that nobody wrote down.
TEST_CASE("upgrade-history names what is not in the list", "[kinds]") {
  Upgraded upgraded;
  upgraded.list["upgrades"] = Json::array({entry(1, 10)});
  fails(upgraded.decide(), "it is not in the list: Upgrade in slot 30 by transaction " + signature(3));
  upgraded.list["upgrades"] = Json::array({entry(3, 30)});
  fails(upgraded.decide(), "it is not in the list: DeployWithMaxDataLen in slot 10");
  upgraded.list["upgrades"] = {entry(1, 10), entry(3, 30)};
  upgraded.list["covers"] = {"deploy", "upgrade", "extend"};
  fails(upgraded.decide(), "it is not in the list: ExtendProgram in slot 20");
}

// Each entry that the chain does not bear out.
TEST_CASE("upgrade-history names what is not on the chain", "[kinds]") {
  Upgraded upgraded;
  const auto with = [&](const Json& more) {
    upgraded.list["upgrades"] = {entry(1, 10), entry(3, 30), more};
    return upgraded.decide();
  };
  fails(with(entry(9, 25)), "in slot 25, which is not in the history of the program");
  fails(with(entry(4, 35)), "which failed, and changed nothing");
  fails(with(entry(5, 40)), "which did no such thing to the program");
  upgraded.list["upgrades"] = {entry(1, 10), entry(3, 31)};
  fails(upgraded.decide(), "in slot 31, it was in slot 30");
  upgraded.list["upgrades"] = {entry(1, 10, {{"action", "upgrade"}}), entry(3, 30)};
  fails(upgraded.decide(), "it is not in the list: DeployWithMaxDataLen");
}

// The code that runs is that of the last entry.
TEST_CASE("upgrade-history compares the code with the last entry", "[kinds]") {
  Upgraded upgraded;
  upgraded.list["upgrades"] = {entry(1, 10), entry(3, 30, {{"executableHash", to_string(executable_hash(code))}})};
  CHECK(upgraded.decide().outcome == Outcome::pass);
  upgraded.list["upgrades"] = {entry(1, 10), entry(3, 30, {{"executableHash", std::string(64, 'a')}})};
  fails(upgraded.decide(), "its code has executable hash " + to_string(executable_hash(code)));
}

// A list that cannot be read, or speaks of something else.
TEST_CASE("upgrade-history refuses a list that says nothing", "[kinds]") {
  Upgraded upgraded;
  upgraded.list["program"] = to_string(alice);
  fails(upgraded.decide(), "program of the list is " + to_string(alice));
  upgraded.list["program"] = to_string(program);
  upgraded.list["upgrades"] = {entry(1, 10), entry(1, 10)};
  fails(upgraded.decide(), "stands in the list twice");
  upgraded.list["upgrades"] = Json::array({entry(1, 10, {{"note", "x"}})});
  fails(upgraded.decide(), "unknown key \"note\"");
  upgraded.list["upgrades"] = Json::array();
  upgraded.list["covers"] = {"deploy", "extend"};
  fails(upgraded.decide(), "leaves out what replaces the code");
  upgraded.list.erase("covers");
  upgraded.list["apiVersion"] = "v0";
  fails(upgraded.decide(), "expected \"readyctl.upgrades/v1\"");
  FakeSource missing;
  deploy(missing, program, code, alice);
  missing.answers_locally(FileRequest{"upgrades.json"}, no_file_payload());
  missing.answers(facts::signatures_page(programdata, std::nullopt).request, rpc_result(Json::array()));
  const Json params = {{"program", to_string(program)}, {"path", "upgrades.json"}};
  CHECK(decide_gate(upgrade_history(), params, missing).outcome == Outcome::fail);
}

// History that an endpoint gave up is not known to be empty; from a slot on, it need not be whole.
TEST_CASE("upgrade-history is inconclusive without the whole history", "[kinds]") {
  Upgraded pruned;
  pruned.has_page({seen(5, 40), seen(4, 35, true), seen(3, 30), seen(2, 20)});
  CHECK(pruned.decide().outcome == Outcome::inconclusive);
  const Finding since = pruned.decide({{"sinceSlot", "25"}});
  CHECK(since.outcome == Outcome::pass);
  pruned.list["upgrades"] = Json::array({entry(1, 10), entry(3, 30)});
  CHECK(says(pruned.decide({{"sinceSlot", "40"}}).summary, "nothing replaced the code since then"));
  CHECK(says(since.summary, "1 earlier entry were taken at the list's word"));
  CHECK(pruned.decide({{"sinceSlot", "15"}}).outcome == Outcome::inconclusive);
  const Finding to_come = pruned.decide({{"sinceSlot", "101"}});
  CHECK(to_come.outcome == Outcome::inconclusive);
  CHECK(says(to_come.summary, "was read at slot 100, and sinceSlot is later, slot 101"));
  Upgraded lagging;
  lagging.has_page({seen(2, 20), seen(1, 10)});
  lagging.list["upgrades"] = Json::array({entry(1, 10)});
  CHECK(lagging.decide().outcome == Outcome::inconclusive);
  Upgraded silent;
  silent.source.refuses(facts::signatures_page(programdata, std::nullopt).request);
  CHECK(silent.decide().outcome == Outcome::inconclusive);
}

// A history of more than one page is read to its beginning.
TEST_CASE("upgrade-history reads every page", "[kinds]") {
  Upgraded upgraded;
  Json first = Json::array({seen(5, 40), seen(3, 30)});
  while (first.size() < 1000) first.push_back(seen(4, 25, true));
  upgraded.has_page(first);
  upgraded.has_page({seen(2, 20), seen(1, 10)}, signature(4));
  CHECK(upgraded.decide().outcome == Outcome::pass);
  CHECK(upgraded.source.rounds().size() == 3);
}
