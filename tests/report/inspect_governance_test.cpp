// inspect, for SPL Governance: who can pass what, on whose votes that rests, and what a proposal would do. The accounts
// of realm, governance and proposal are those of vectors.json, which the official SDK reads, or wrote.
#include "support/spl_governance.hpp"
#include "support/tokens.hpp"

#include "report/inspecting.hpp"

using namespace readyctl;
using namespace readyctl::test;

namespace {

const Pubkey other = "4yiPc9p3FB1HcKBhDHiSQoXvRLriSAooN6Px5grmScR8"_pubkey;
const Pubkey third = "7bcJYZwW6tgzBLbjnBmUS8Zi3vfmU1ZoK2cmGebgHWbp"_pubkey;
const Pubkey realm = "BYf4X84g8w1JKjb89RRu9a9yjrH8ovGQSAYLjBwcKVFG"_pubkey;
const Pubkey governance = "EH9EbxMW1Rxhm15TcskVwKyQMMNn282iVov6qmUdhQgf"_pubkey;
const Pubkey treasury = "2yBfcpQ8F1nmHi6A6JeiUo7SVyLnih3SV3gfN4SjPJqM"_pubkey;
const Pubkey community = "KLMityQ6FF76rEgLtmgbQRQeiKtwfWqFf6i8uU6dTus"_pubkey;
const Pubkey council = "F3sLDPoeTm4creyaDpJJJdsweRNQ8juRn6PK4uJBo49b"_pubkey;
const Pubkey proposal = "9mFybDPRhfiYZMVjrFakFKVkpmaGja1GGHECpdqizQLr"_pubkey;
constexpr std::size_t proposal_state_offset = 65;

Bytes mint_of(std::uint64_t supply, std::optional<Pubkey> authority) {
  Mint mint;
  mint.supply = supply;
  mint.initialized = true;
  mint.mint_authority = authority;
  return bytes_of_mint(mint);
}

Bytes vector_of(const std::string& name) { return unhex(vectors("spl_governance_votes").at(name).at("hex")); }

Json found_account(const Pubkey& address, const Bytes& data) {
  return {{"pubkey", to_string(address)},
          {"account", {{"owner", to_string(known::spl_governance)}, {"data", {to_base64(data), "base64"}}}}};
}
Payload all_found(const Json& accounts) { return rpc_result({{"context", {{"slot", 100U}}}, {"value", accounts}}); }

RpcRequest voters_request() {
  return program_accounts_request(Json::array({{{"memcmp", {{"offset", 1}, {"bytes", to_string(realm)}}}},
                                               {{"memcmp", {{"offset", 33}, {"bytes", to_string(council)}}}}}),
                                  0, 154, known::spl_governance);
}
RpcRequest votes_request() {
  return program_accounts_request(Json::array({{{"memcmp", {{"offset", 1}, {"bytes", to_string(proposal)}}}}}), 0, 75,
                                  known::spl_governance);
}

// The record of whoever has deposited so many tokens of the council.
Bytes council_record(const Pubkey& owner, std::uint64_t votes, std::optional<Pubkey> delegate = std::nullopt) {
  TokenOwnerRecord record;
  record.realm = realm;
  record.mint = council;
  record.owner = owner;
  record.deposit = votes;
  record.delegate = delegate;
  return token_owner_record_bytes_of(record);
}

// The realm "Ready DAO", whose authority is its governance, with a council of two.
struct World {
  FakeSource source;
  Pubkey instance = known::spl_governance;
  Json voters = Json::array();

  World() {
    holds(realm, unhex(vectors("spl_governance").at("realm_v2_account").at("hex")));
    holds(governance, unhex(vectors("spl_governance").at("governance_v2_account").at("hex")));
    source.holds(community, {.owner = known::token, .data = mint_of(1000, std::nullopt)});
    source.holds(council, {.owner = known::token, .data = mint_of(7, treasury)});
    seats(other, 4);
    seats(third, 3, person);
  }
  void holds(const Pubkey& address, const Bytes& data) { source.holds(address, {.owner = instance, .data = data}); }
  Pubkey seats(const Pubkey& owner, std::uint64_t votes, std::optional<Pubkey> delegate = std::nullopt) {
    const Bytes data = council_record(owner, votes, delegate);
    const Pubkey address = token_owner_record_address({instance, realm, council}, owner).address;
    holds(address, data);
    voters.push_back(found_account(address, Bytes(data.begin(), data.begin() + 154)));
    source.answers(voters_request(), all_found(voters));
    return address;
  }
  void proposes(std::uint8_t state) {
    Bytes data = vector_of("proposal_v2_account");
    data.at(proposal_state_offset) = state;
    holds(proposal, data);
    holds(governance_transaction_address({instance, proposal, GovernanceAccount::proposal_v2, 0, 1}).address,
          vector_of("proposal_transaction_v2_account"));
  }
  Explanation inspected(const Pubkey& address, const VaultSearchOptions& options = {}) {
    return explained(source, address, options).value();
  }
};

Json holder(const Json& node, const std::string& role) {
  for (const Json& one : node["holders"]) {
    if (one["role"] == role) return one;
  }
  return nullptr;
}

}  // namespace

// Who can pass what, in words.
TEST_CASE("inspect explains a governance", "[report][governance]") {
  World world;
  const Explanation explanation = world.inspected(governance);
  CHECK(explanation.kind == "spl-governance");
  CHECK(explanation.summary ==
        to_string(governance) + " is an SPL governance of realm \"Ready DAO\" (" + to_string(realm) + ").");
  CHECK(line(explanation, "native treasury") == to_string(treasury));
  CHECK(line(explanation, "community vote") == "60 % yes: at least 600 of 1000 votes");
  CHECK(line(explanation, "council vote") == "51 % yes: at least 4 of 7 votes");
  const std::string text = render_text(explanation);
  CHECK(says(text, "of whoever has deposited mint " + to_string(council)));
  CHECK(says(text, "and more than say no; a vote ends as soon as enough say yes"));
  CHECK(says(text, "proposals: whoever has 1000000 votes of it; cannot veto"));
  CHECK(says(text, "proposals: whoever has 1 vote of it; can veto with 3 of 7 votes"));
  CHECK(line(explanation, "voting time") == "3d 0h, then 12h 0min for no and veto only");
  CHECK(line(explanation, "hold-up time") == "none: what was voted may be executed at once");
  CHECK(line(explanation, "realm authority") == to_string(governance) + ", who may change how votes are counted");
  CHECK(line(explanation, "council members") == to_string(other) + " has 4 votes");
  CHECK(says(text, to_string(third) + " has 3 votes, which " + to_string(person) + " may cast"));
  CHECK(has_danger(explanation, "no hold-up time"));
  CHECK(explanation.json["realm"]["councilMembers"][0] ==
        Json{{"key", to_string(other)}, {"votes", "4"}, {"delegate", nullptr}});
  CHECK(explanation.json["councilVoteThreshold"] == "51 % yes");
  CHECK(explanation.json["realm"]["councilMint"]["supply"] == "7");
}

// What the governance holds over its own realm takes its own vote; its council are people.
TEST_CASE("inspect shows the chain of a governance", "[report][governance]") {
  World world;
  const Json chain = world.inspected(governance).json["authorityChain"];
  CHECK(chain["kind"] == "spl-governance");
  const Json node = chain["holders"][0];
  CHECK(node["kind"] == "spl-governance-realm");
  CHECK(holder(node, "realm authority")["kind"] == "governance-itself");
  CHECK(holder(node, "community mint")["holders"].empty());
  const Json votes = holder(node, "council mint");
  CHECK(holder(votes, "council mint authority")["kind"] == "governance-itself");
  CHECK(holder(votes, "council member")["address"] == to_string(other));
  CHECK(holder(votes, "council member")["votes"] == "4");
  CHECK(holder(votes, "delegate")["address"] == to_string(person));
}

// A single key over votes is a single key over everything.
TEST_CASE("inspect warns of keys over the votes of a realm", "[report][governance]") {
  World world;
  world.source.holds(council, {.owner = known::token, .data = mint_of(7, person)});
  Realm controlled = decode_realm(unhex(vectors("spl_governance").at("realm_v2_account").at("hex"))).value();
  controlled.authority = person;
  world.holds(realm, realm_bytes(controlled));
  RealmConfig config{realm, {}, {}};
  config.community.voter_weight_addin = program;
  world.holds(realm_config_address(world.instance, realm).address, realm_config_bytes(config));
  const Explanation explanation = world.inspected(governance);
  CHECK(has_danger(explanation, "one key, the realm authority " + to_string(person)));
  CHECK(has_danger(explanation, "one key, the council mint authority " + to_string(person)));
  CHECK(has_danger(explanation, "program " + to_string(program) + " says how much votes of the community weigh"));
  CHECK(line(explanation, "community token") == "Liquid; votes are weighed by program " + to_string(program));
}

// Who may take everybody's votes decides too, a key as well as somebody behind an address.
TEST_CASE("inspect warns of who may take the votes of a realm", "[report][governance]") {
  World world;
  const auto taken_by = [&](const Pubkey& delegate) {
    Mint mint;
    mint.supply = 7;
    mint.initialized = true;
    mint.extensions = {held_by(token_extension::permanent_delegate, delegate, 32)};
    world.source.holds(council, {.owner = known::token_2022, .data = bytes_of_mint(mint)});
    return world.inspected(governance);
  };
  CHECK(has_danger(taken_by(person), "one key, the permanent delegate of the council mint " + to_string(person)));
  CHECK(has_danger(taken_by(vault), "nobody knows who is behind permanent delegate of the council mint "));
}

// A council that the governance itself sits on, through its treasury or a multisig, is a circle.
TEST_CASE("inspect names circles through a governance", "[report][governance]") {
  World world;
  world.seats(treasury, 2);
  has_history(world.source, treasury, 1);
  has_transaction(world.source, 0, transaction_of(0, {person, treasury, governance}));
  const Explanation explanation = world.inspected(governance);
  CHECK(has_danger(explanation, "custody goes in a circle: council member " + to_string(treasury)));
}

// Council seats lead on to the people behind them.
TEST_CASE("inspect follows the members of a council", "[report][governance]") {
  World world;
  world.seats(vault, 2);
  world.source.answers(vault_transactions_request(vault), one_account(lookalike, key_bytes(multisig)));
  SECTION("to a multisig") {
    world.source.holds(multisig, autonomous());
    const Json votes = holder(world.inspected(governance).json["authorityChain"]["holders"][0], "council mint");
    CHECK(votes["holders"].back()["kind"] == "squads-v4-vault");
    CHECK(votes["holders"].back()["holders"][0]["kind"] == "squads-v4-multisig");
  }
  SECTION("to nobody") {
    CHECK(has_danger(world.inspected(governance), "nobody knows who is behind council member " + to_string(vault)));
  }
}

// Whoever took his deposit back votes no more; and what an imitation of a record says of a voter counts nowhere.
TEST_CASE("inspect lists the depositors of a council and nobody else", "[report][governance]") {
  World world;
  const Pubkey left = "8qbHbw2BbbTHBW1sbeqakYXVKRQM8Ne7pLK7m6CVfeR"_pubkey;
  const auto member_is = [&](std::size_t position, const Pubkey& key) {
    const Json members = world.inspected(governance).json["realm"]["councilMembers"];
    REQUIRE(members.size() == 2);
    CHECK(members[position]["key"] == to_string(key));
  };
  SECTION("without the one whose deposit is zero") {
    world.seats(left, 0);
    member_is(0, other);
    member_is(1, third);
  }
  SECTION("without a record that does not stand where the program puts it") {
    const Bytes data = council_record(left, 9);
    world.voters.push_back(found_account(person, Bytes(data.begin(), data.begin() + 154)));
    world.source.answers(voters_request(), all_found(world.voters));
    member_is(0, other);
    member_is(1, third);
    world.holds(vault, data);
    CHECK(world.inspected(vault).kind == "unknown");
  }
}

// Nobody who may vote passes nothing; accounts that are not there are said.
TEST_CASE("inspect says what it cannot read of a realm", "[report][governance]") {
  World world;
  SECTION("the council's voters") {
    world.source.refuses(voters_request(), {"rpc-error", "excluded\x1b[2J", Retry::other_endpoint});
    const Explanation explanation = world.inspected(governance);
    CHECK(line(explanation, "council members") == "not known: excluded\\x1b[2J");
    CHECK(explanation.json["realm"]["councilMembers"].is_null());
  }
  SECTION("any vote") {
    world.source.holds(council, {.owner = known::token, .data = mint_of(0, treasury)});
    CHECK(line(world.inspected(governance), "council vote") == "51 % yes, and there are no votes: nothing passes");
  }
  SECTION("a mint") {
    world.source.holds(council, {.owner = known::system_program, .data = {}});
    const Explanation explanation = world.inspected(governance);
    CHECK(line(explanation, "council vote") == "51 % yes of votes whose number is not known");
    CHECK(says(render_text(explanation), "which is owned by " + to_string(known::system_program)));
  }
  SECTION("the realm") {
    world.source.holds(realm, {.owner = known::token, .data = {}});
    const Explanation explanation = world.inspected(governance);
    CHECK(says(render_text(explanation), "which is owned by " + to_string(known::token)));
    CHECK_FALSE(has_danger(explanation, "nobody may vote"));
  }
  SECTION("the realm's configuration") {
    world.holds(realm_config_address(world.instance, realm).address, {11});
    CHECK(says(line(world.inspected(governance), "realm config"), "cannot be read: RealmConfig"));
  }
  SECTION("anybody who may vote") {
    Governance silent =
        decode_governance(unhex(vectors("spl_governance").at("governance_v2_account").at("hex"))).value();
    silent.config.community_vote_threshold = {};
    silent.config.council_vote_threshold = {};
    world.holds(governance, governance_bytes(silent));
    CHECK(has_danger(world.inspected(governance), "nobody may vote: nothing can ever be approved"));
  }
}

// A name that steers terminals is shown, and steers nothing.
TEST_CASE("inspect makes the names of a realm printable", "[report][governance]") {
  World world;
  Realm evil = decode_realm(unhex(vectors("spl_governance").at("realm_v2_account").at("hex"))).value();
  evil.name = "\x1b[2JReady";
  world.holds(realm, realm_bytes(evil));
  const std::string text = render_text(world.inspected(governance));
  CHECK(says(text, "\\x1b[2JReady"));
  CHECK_FALSE(says(text, "\x1b"));
}

TEST_CASE("inspect explains the other accounts of a realm", "[report][governance]") {
  World world;
  const Explanation of_realm = world.inspected(realm);
  CHECK(of_realm.kind == "spl-governance-realm");
  CHECK(of_realm.summary == to_string(realm) + " is a realm of SPL Governance, named \"Ready DAO\".");
  // The realm's authority is a governance, which leads back to it.
  const Json authority = holder(of_realm.json["authorityChain"], "realm authority");
  CHECK(authority["kind"] == "spl-governance-account");
  CHECK(authority["holders"][0]["holders"][0]["isAbove"] == true);

  const Pubkey config = realm_config_address(world.instance, realm).address;
  world.holds(config, realm_config_bytes({realm, {}, {}}));
  const Explanation of_config = world.inspected(config);
  CHECK(of_config.kind == "spl-governance-realm-config");
  CHECK(of_config.json["realm"]["communityToken"]["type"] == "Liquid");

  const Explanation of_voter =
      world.inspected(token_owner_record_address({world.instance, realm, council}, third).address);
  CHECK(of_voter.kind == "spl-governance-token-owner-record");
  CHECK(line(of_voter, "voter") == to_string(third));
  CHECK(line(of_voter, "votes with") == "the council, mint " + to_string(council));
  CHECK(line(of_voter, "votes") == "3 base units deposited");
  CHECK(line(of_voter, "delegate") == to_string(person) + ", who may vote and propose with them");
}

// Other bytes of the program, and bytes that are not where the program puts them, are not explained as if they were.
TEST_CASE("inspect does not trust the owner of a governance alone", "[report][governance]") {
  World world;
  world.holds(proposal, vector_of("proposal_transaction_v2_account"));
  CHECK(world.inspected(proposal).kind == "unknown");
  CHECK(says(world.inspected(proposal).summary, "its first byte says ProposalTransactionV2"));
  world.holds(proposal, unhex(vectors("spl_governance").at("governance_v2_account").at("hex")));
  CHECK(world.inspected(proposal).kind == "unknown");
  world.holds(proposal, {});
  CHECK(world.inspected(proposal).kind == "unknown");
}

// Organisations run instances of their own: their accounts derive from another program.
TEST_CASE("inspect knows instances of SPL Governance by their accounts", "[report][governance]") {
  FakeSource source;
  Governance own = decode_governance(unhex(vectors("spl_governance").at("governance_v2_account").at("hex"))).value();
  own.realm = realm_address(program, "Ready DAO").value().address;
  const Pubkey address = governance_address(program, own).address;
  source.holds(address, {.owner = program, .data = governance_bytes(own)});
  source.holds(own.realm,
               {.owner = program, .data = unhex(vectors("spl_governance").at("realm_v2_account").at("hex"))});
  const auto explanation = explained(source, address);
  REQUIRE(explanation);
  CHECK(explanation->kind == "spl-governance");
  CHECK(has_danger(*explanation, "program " + to_string(program) + " is not the default instance"));

  // Its native treasury is found by a transaction that names governance and instance.
  const Pubkey own_treasury = native_treasury_address(program, address).address;
  has_history(source, own_treasury, 1);
  has_transaction(source, 0, transaction_of(0, {person, own_treasury, address, program}));
  const auto found = search(source, own_treasury);
  REQUIRE(found);
  REQUIRE(found->governance());
  CHECK(found->governance()->address == address);
  CHECK(found->governance()->realm.program == program);
}

// Both the governance and its native treasury hold authorities.
TEST_CASE("inspect follows an upgrade authority to a governance", "[report][governance]") {
  World world;
  SECTION("that is the authority itself") {
    deploy(world.source, program, {0x7f, 'E', 'L', 'F'}, governance);
    const Explanation explanation = world.inspected(program);
    CHECK(explanation.json["custody"]["kind"] == "spl-governance");
    CHECK(explanation.json["custody"]["isNativeTreasury"] == false);
    CHECK(line(explanation, "council vote") == "51 % yes: at least 4 of 7 votes");
    CHECK(
        says(render_text(explanation), "    upgrade authority " + to_string(governance) + ": a governance, for which"));
    CHECK(says(render_text(explanation), "            council member " + to_string(other) + ": has 4 votes; a key"));
  }
  SECTION("whose native treasury is the authority") {
    deploy(world.source, program, {0x7f, 'E', 'L', 'F'}, treasury);
    has_history(world.source, treasury, 1);
    has_transaction(world.source, 0, transaction_of(0, {person, treasury, governance}));
    const Explanation explanation = world.inspected(program);
    CHECK(explanation.json["custody"]["governance"] == to_string(governance));
    CHECK(explanation.json["custody"]["isNativeTreasury"] == true);
    const Json node = explanation.json["authorityChain"]["holders"][0]["holders"][0];
    CHECK(node["kind"] == "spl-governance-native-treasury");
    CHECK(node["holders"][0]["address"] == to_string(governance));
    CHECK(world.inspected(treasury).kind == "spl-governance-native-treasury");
  }
  SECTION("that somebody named, or that is in the list of all") {
    const auto hinted = search(world.source, treasury, {.hint = governance});
    REQUIRE(hinted);
    REQUIRE(hinted->governance());
    CHECK(hinted->governance()->how == "named beforehand");
    world.source.answers(all_multisigs_request(), no_accounts());
    lists_nothing_else(world.source);
    world.source.answers(all_governances_request(18), one_account(governance, {}, known::spl_governance));
    const auto listed = search(world.source, treasury, {.hint = {}, .ask_for_all = true});
    REQUIRE(listed);
    REQUIRE(listed->governance());
    CHECK(says(listed->governance()->how, "found among all governances of "));
  }
  SECTION("that is none") {
    world.holds(governance, vector_of("proposal_v2_account"));
    const auto found = search(world.source, treasury, {.hint = governance});
    REQUIRE(found);
    CHECK_FALSE(found->keeper);
    CHECK(says(found->tried[0], "of which this address would be the native treasury if it were a governance of "));
  }
}

// How far the vote is, who has not voted, when it can be executed and what it would do.
TEST_CASE("inspect weighs a proposal of a governance", "[report][governance]") {
  World world;
  const auto vote_of_other = [&] {
    Bytes data = unhex(vectors("spl_governance_votes").at("vote_records").at("approve"));
    std::copy(proposal.bytes.begin(), proposal.bytes.end(), data.begin() + 1);
    std::copy(other.bytes.begin(), other.bytes.end(), data.begin() + 33);
    data.resize(75);
    return data;
  };
  world.source.answers(votes_request(), all_found(Json::array({found_account(person, vote_of_other())})));
  SECTION("that has passed") {
    world.proposes(3);
    const Explanation explanation = world.inspected(proposal);
    CHECK(explanation.kind == "spl-governance-proposal");
    CHECK(line(explanation, "name") == "\"Upgrade\"");
    CHECK(line(explanation, "state") == "Succeeded");
    CHECK(line(explanation, "votes of") == "the council: 51 % yes: at least 4 of 7 votes");
    CHECK(line(explanation, "yes votes") == "5 for \"Approve\", succeeded, 0 of 1 transaction executed");
    CHECK(line(explanation, "no votes") == "1");
    CHECK(line(explanation, "veto votes") == "4");
    CHECK(line(explanation, "voters") == to_string(other) + ": yes, 3 votes");
    CHECK(line(explanation, "has not voted") == to_string(third));
    REQUIRE(explanation.json.contains("notVoted"));
    CHECK(explanation.json["notVoted"] == Json::array({to_string(third)}));
    CHECK(explanation.json["executableAt"] == "2023-11-14T22:13:24Z");
    CHECK(says(line(explanation, "executable"), "from 2023-11-14T22:13:24Z"));
    CHECK(line(explanation, "would") == "transaction 1 of choice 1 (executed)");
    CHECK(explanation.json["would"][0]["would"].size() == 1);
    CHECK(says(line(explanation, "proposed by"), "not known: no token owner record at "));
  }
  // Once a vote is over, whoever voted frees the deposit, and has voted all the same.
  SECTION("whose voters have freed their deposits since") {
    Bytes freed = vote_of_other();
    freed.at(65) = 1;
    world.source.answers(votes_request(), all_found(Json::array({found_account(person, freed)})));
    world.proposes(3);
    const Explanation explanation = world.inspected(proposal);
    CHECK(line(explanation, "voters") == to_string(other) + ": yes, 3 votes");
    CHECK(line(explanation, "has not voted") == to_string(third));
  }
  SECTION("that is voted on") {
    world.proposes(2);
    const Explanation explanation = world.inspected(proposal);
    CHECK(line(explanation, "voting") == "since 2023-11-14T22:13:22Z, at the latest until 2023-11-18T10:13:22Z");
    CHECK(line(explanation, "executable") == "not before it has passed, and then after no hold-up time");
  }
  // Whoever finalizes it sets the end of the vote to when its time was over: nobody has the hold-up time to react.
  SECTION("whose time to vote is over, and that nobody finalized") {
    world.proposes(2);
    const std::int64_t last = 1'700'302'402;  // 2023-11-18T10:13:22Z
    world.source.holds(known::clock, clock_at(last + 1));
    const Explanation explanation = world.inspected(proposal);
    CHECK(line(explanation, "executable") ==
          "if the votes are enough, from 2023-11-18T10:13:23Z on: whoever likes finalizes the vote and executes it in "
          "one go");
    CHECK(explanation.json["executableAt"] == "2023-11-18T10:13:23Z");
    CHECK(has_danger(explanation, "its vote is over since 2023-11-18T10:13:22Z and was not finalized"));
    world.source.holds(known::clock, clock_at(last));
    CHECK(line(world.inspected(proposal), "executable") == "not before it has passed, and then after no hold-up time");
  }
  SECTION("that was defeated") {
    world.proposes(7);
    CHECK(line(world.inspected(proposal), "executable") == "never");
  }
  SECTION("whose votes cannot be listed, and whose transaction does not decode") {
    world.source.refuses(votes_request(), {"rpc-error", "excluded", Retry::other_endpoint});
    world.proposes(3);
    world.holds(
        governance_transaction_address({world.instance, proposal, GovernanceAccount::proposal_v2, 0, 1}).address,
        {13, 1});
    const Explanation explanation = world.inspected(proposal);
    CHECK(line(explanation, "voters") == "who voted how is not known: excluded");
    CHECK(says(explanation.json["would"][0]["would"][0].get<std::string>(), "cannot be read: ProposalTransaction"));
  }
  // Whoever proposed it is told by a record of the same program: any other one can say anything.
  SECTION("whose proposer is known") {
    world.proposes(3);
    const Bytes data = council_record(third, 1);
    const Pubkey address = decode_governance_proposal(vector_of("proposal_v2_account")).value().token_owner_record;
    world.holds(address, data);
    CHECK(line(world.inspected(proposal), "proposed by") == to_string(third));
    world.source.holds(address, {.owner = known::token, .data = data});
    CHECK(says(line(world.inspected(proposal), "proposed by"), "not known: no token owner record at "));
  }
  SECTION("whose transaction is of another program") {
    world.proposes(3);
    world.source.holds(
        governance_transaction_address({world.instance, proposal, GovernanceAccount::proposal_v2, 0, 1}).address,
        {.owner = known::token, .data = vector_of("proposal_transaction_v2_account")});
    CHECK(world.inspected(proposal).json["would"][0]["would"] ==
          Json::array({"cannot be read: it is owned by " + to_string(known::token) + " (SPL Token program)"}));
  }
  // An imitation of the program can claim what it likes; millions of transactions are counted, not walked through.
  SECTION("that claims more choices and transactions than anybody reads") {
    world.proposes(3);
    Bytes data = vector_of("proposal_v2_account");
    Bytes option(data.begin() + 105, data.begin() + 131);
    option.at(24) = option.at(25) = 0xff;  // all indexes of transactions are taken
    constexpr std::size_t more = 999;
    for (std::size_t i = 0; i < more; ++i) data.insert(data.begin() + 131, option.begin(), option.end());
    data.at(101) = static_cast<std::uint8_t>(more + 1);
    data.at(102) = static_cast<std::uint8_t>((more + 1) >> 8);
    world.holds(proposal, data);
    const Explanation explanation = world.inspected(proposal);
    CHECK(explanation.json["options"].size() == 100);
    CHECK(explanation.json["optionsNotTold"] == 900);
    const std::string text = render_text(explanation);
    CHECK(says(text, "900 more choices are not told"));
    // The first choice has 2 transactions, and every other one 65535.
    CHECK(says(text, std::to_string(2 + 65535 * more - 200) + " more transactions were not read"));
  }
  SECTION("of a governance that is none") {
    world.proposes(3);
    world.source.holds(governance, {.owner = known::token, .data = {}});
    CHECK(world.inspected(proposal).kind == "unknown");
  }
  // It stands where its own program puts it, and that is not the program of the proposal.
  SECTION("of a governance of another instance") {
    world.proposes(3);
    Governance own = decode_governance(unhex(vectors("spl_governance").at("governance_v2_account").at("hex"))).value();
    const Pubkey address = governance_address(program, own).address;
    world.source.holds(address, {.owner = program, .data = governance_bytes(own)});
    Bytes data = vector_of("proposal_v2_account");
    std::copy(address.bytes.begin(), address.bytes.end(), data.begin() + 1);
    world.holds(proposal, data);
    CHECK(world.inspected(proposal).kind == "unknown");
  }
}
