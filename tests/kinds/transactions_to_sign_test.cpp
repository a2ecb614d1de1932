#include "kinds/transactions_to_sign.hpp"

#include <catch2/catch.hpp>

#include "facts/field_types.hpp"
#include "kinds/catalogue.hpp"

using namespace readyctl;

namespace {

const std::string multisig = "EMAHqrWV6zW35sP5TzNkR8Btscc3ohi4444EL6XPVaWN";
const std::string other = "E1Ukeo3ajAuTHqAu7TbXa7DgXT5KvXa8ws1Eu4ayZvpt";

PlannedGate gate(const std::string& id, const std::string& kind, const Json& params) {
  PlannedGate planned;
  planned.id = id;
  planned.definition.kind = kind;
  planned.params = params;
  return planned;
}

std::vector<TransactionToSign> named_by(std::vector<PlannedGate> gates) {
  Plan plan;
  plan.gates = std::move(gates);
  return transactions_to_sign(plan, catalogue());
}

}  // namespace

// One transaction that three gates judge stands once, with all that they say of it.
TEST_CASE("a transaction stands once, however many gates judge it", "[to-sign]") {
  const auto named = named_by(
      {gate("p/time", "execution-window", {{"multisig", multisig}, {"transaction", "5"}}),
       gate("p/upgrade", "upgrade-proposal",
            {{"multisig", multisig}, {"transaction", "5"}, {"vaultIndex", 3U}, {"message", "./out/up.txt"}}),
       gate("p/run", "upgrade-simulation", {{"multisig", multisig}, {"transaction", "5"}, {"vaultIndex", 3U}})});
  REQUIRE(named.size() == 1);
  CHECK(to_string(named[0].multisig) == multisig);
  CHECK(named[0].index == 5U);
  CHECK(named[0].vault_index == 3);
  CHECK(named[0].exported == "out/up.txt");
  CHECK(named[0].gates == std::vector<std::string>{"p/time", "p/upgrade", "p/run"});
}

// Another number, another multisig, another vault or another file is another transaction.
TEST_CASE("different transactions stand apart", "[to-sign]") {
  const auto upgrade = [](const Json& params) { return gate("p/g", "upgrade-proposal", params); };
  CHECK(named_by({upgrade({{"multisig", multisig}, {"transaction", "5"}}),
                  upgrade({{"multisig", multisig}, {"transaction", "6"}}),
                  upgrade({{"multisig", other}, {"transaction", "5"}}),
                  upgrade({{"multisig", multisig}, {"transaction", "5"}, {"vaultIndex", 1U}}),
                  upgrade({{"multisig", multisig}, {"message", "a.txt"}}),
                  upgrade({{"multisig", multisig}, {"message", "b.txt"}})})
            .size() == 6);
}

// Two files that are said to be of one transaction cannot both be; neither hides the other.
TEST_CASE("one number with two files stands twice", "[to-sign]") {
  const auto exported = [](const std::string& id, const std::string& file) {
    return gate(id, "upgrade-proposal", {{"multisig", multisig}, {"transaction", "5"}, {"message", file}});
  };
  const auto named = named_by({exported("p/a", "a.txt"), exported("p/b", "b.txt"), exported("p/again", "a.txt")});
  REQUIRE(named.size() == 2);
  CHECK(named[0].exported == "a.txt");
  CHECK(named[0].gates == std::vector<std::string>{"p/a", "p/again"});
  CHECK(named[1].exported == "b.txt");
}

// A file that is not imported yet has no number; its vault is the first unless said.
TEST_CASE("an exported file has no number before it is imported", "[to-sign]") {
  const auto named = named_by({gate("p/g", "upgrade-proposal", {{"multisig", multisig}, {"message", "a.txt"}})});
  REQUIRE(named.size() == 1);
  CHECK_FALSE(named[0].index);
  CHECK(named[0].vault_index == 0);
  CHECK(named[0].exported == "a.txt");
}

// Only gates that will be decided count; so do only those that name a transaction.
TEST_CASE("what is not decided or names none is not to be signed", "[to-sign]") {
  PlannedGate skipped = gate("p/g", "upgrade-proposal", {{"multisig", multisig}, {"transaction", "5"}});
  skipped.disposition = Disposition::skip;
  PlannedGate unselected = skipped;
  unselected.disposition = Disposition::leave_out;
  CHECK(named_by({skipped, unselected, gate("p/q", "pending-proposals", {{"multisig", multisig}}),
                  gate("p/s", "upgrade-simulation", {{"multisig", multisig}}),
                  gate("p/b", "balance", {{"address", multisig}})})
            .empty());
}

// A vault is told only by a kind that knows it.
TEST_CASE("a vault that no gate names is none", "[to-sign]") {
  const auto named = named_by({gate("p/g", "execution-window", {{"multisig", multisig}, {"transaction", "5"}})});
  REQUIRE(named.size() == 1);
  CHECK_FALSE(named[0].vault_index);
}

// A kind about one transaction names it beside its multisig, or people would not be shown it.
TEST_CASE("every kind about one transaction of a multisig is shown", "[to-sign]") {
  std::vector<std::string> shown;
  for (const GateKind& kind : catalogue()) {
    for (const FieldDoc& field : kind.fields()) {
      if (field.words != FieldType<TransactionIndex>::words()) continue;
      INFO(kind.about.name << " " << field.name);
      CHECK(named_by({gate("p/g", kind.about.name, {{"multisig", multisig}, {field.name, "5"}})}).size() == 1);
      shown.push_back(kind.about.name);
    }
  }
  CHECK(shown.size() >= 4);
}
