// What several providers are asked, and what comes of it when one lies, lags or says nothing.
#include <catch2/catch.hpp>
#include <deque>

#include "facts/quorum.hpp"
#include "solana/well_known.hpp"
#include "sources/rpc_fixture.hpp"

using namespace readyctl;
using namespace readyctl::test;
using std::chrono::milliseconds;

namespace {

const Request request = AccountRequest{address(1), std::nullopt, false};
const std::string key = key_of(request);
const Bytes truth = some_bytes(5);
const Bytes lie = some_bytes(5, 2);
using Lines = std::vector<std::string>;

Chain chain_with(const Bytes& data, std::uint64_t slot = 1000) {
  Chain chain;
  chain.slot = slot;
  chain.accounts[to_string(address(1))] = data;
  return chain;
}

Response silence() {
  Response response;
  response.hangs = true;
  return response;
}

// Servers of as many providers, and how many of them must agree.
struct Poll {
  Poll(std::vector<LoopbackServer::Handler> handlers, std::size_t needed) {
    for (auto& handler : handlers) servers.emplace_back(std::move(handler));
    std::vector<const LoopbackServer*> pointers;
    for (const LoopbackServer& server : servers) pointers.push_back(&server);
    bench.emplace(pointers);
    bench->options.quorum = needed;
    for (Endpoint& endpoint : bench->options.endpoints) endpoint.provider = "of-" + endpoint.name;
  }

  Answer ask(const Request& asked = request) {
    Answer answer = bench->ask_one(asked);
    CHECK(is_borne_out(key_of(asked), answer, quorum()));
    return answer;
  }
  Quorum quorum() const { return quorum_among(bench->options.endpoints, bench->options.quorum); }
  std::size_t asked(std::size_t server) const { return servers[server].seen("getMultipleAccounts").size(); }
  Lines contradicted_by(const Answer& answer) const { return readyctl::contradicted_by(key, answer, quorum()); }

  std::deque<LoopbackServer> servers;
  std::optional<Bench> bench;
};

Lines agreeing(const Answer& answer) {
  Lines names;
  for (const Agreement& one : answer.agreeing) names.push_back(one.from);
  return names;
}

bool is_the_truth(const Answer& answer) { return *answer.deciding().outcome.value().data == truth; }

}  // namespace

// As many providers as must agree are asked, at once, and nobody else.
TEST_CASE("agreement costs one round", "[rpc-quorum]") {
  Poll poll({chain_with(truth), chain_with(truth), chain_with(truth)}, 2);
  poll.bench->source().ask({request});
  const std::vector<Answered> first = poll.bench->source().next();
  REQUIRE(first.size() == 1);
  const Answer& answer = first[0].answer;
  CHECK(is_the_truth(answer));
  CHECK(agreeing(answer).size() == 1);
  CHECK(answer.observations.size() == 1);
  CHECK(poll.asked(0) == 1);
  CHECK(poll.asked(1) == 1);
  CHECK(poll.servers[2].seen().empty());
  CHECK(poll.bench->passed() == milliseconds(0));
}

// Wherever the liar stands in the order, the majority decides, and what the liar said is kept.
TEST_CASE("a liar among three is outvoted and named", "[rpc-quorum]") {
  const std::size_t liar = GENERATE(0U, 1U, 2U);
  const Lines names{"one", "two", "three"};
  std::vector<LoopbackServer::Handler> handlers;
  for (std::size_t i = 0; i < 3; ++i) handlers.emplace_back(chain_with(i == liar ? lie : truth));
  Poll poll(std::move(handlers), 2);
  const Answer answer = poll.ask();
  CHECK(is_the_truth(answer));
  CHECK(poll.contradicted_by(answer) == (liar == 2 ? Lines{} : Lines{names[liar]}));  // the third is not asked
  CHECK(poll.asked(2) == (liar == 2 ? 0 : 1));
  if (liar == 2) return;
  CHECK(summary(answer).front() == names[liar] + ": ok");
  CHECK(*answer.observations.front().outcome->data == lie);
}

// Two liars who agree win where two are enough, and lose where they are the minority.
TEST_CASE("liars win only where they are enough", "[rpc-quorum]") {
  SECTION("two of three, two must agree") {
    Poll poll({chain_with(lie), chain_with(lie), chain_with(truth)}, 2);
    CHECK_FALSE(is_the_truth(poll.ask()));
  }
  SECTION("two of three, all must agree") {
    Poll poll({chain_with(lie), chain_with(lie), chain_with(truth)}, 3);
    const Answer answer = poll.ask();
    CHECK(answer.deciding().outcome.error().cause == "contradiction");
    CHECK(summary(answer).size() == 4);
  }
  SECTION("two of five, three must agree") {
    Poll poll({chain_with(lie), chain_with(lie), chain_with(truth), chain_with(truth), chain_with(truth)}, 3);
    const Answer answer = poll.ask();
    CHECK(is_the_truth(answer));
    CHECK(poll.contradicted_by(answer) == Lines{"one", "two"});
  }
}

// Whoever is at its rate limit is not waited for while others can be asked instead, and asked once more when these do
// not suffice.
TEST_CASE("a provider at its rate limit is asked again when the others disagree", "[rpc-quorum]") {
  const auto limited = [asked = std::make_shared<unsigned>()](const Seen& seen) {
    const bool is_limited = seen.method() == "getMultipleAccounts" && ++*asked == 1;
    Response response{429, ""};
    response.headers = {"Retry-After: 1"};
    return is_limited ? response : chain_with(truth)(seen);
  };
  SECTION("and not before") {
    Poll poll({limited, chain_with(truth), chain_with(truth)}, 2);
    CHECK(is_the_truth(poll.ask()));
    CHECK(poll.asked(0) == 1);
    CHECK(poll.bench->passed() == milliseconds(0));
  }
  SECTION("when another one lies") {
    Poll poll({limited, chain_with(truth), chain_with(lie)}, 2);
    const Answer answer = poll.ask();
    CHECK(is_the_truth(answer));
    CHECK(poll.contradicted_by(answer) == Lines{"three"});
    CHECK(poll.asked(0) == 2);
    CHECK(poll.bench->passed() >= milliseconds(1000));
  }
  SECTION("when another one answers nothing at all") {
    const auto broken = [](const Seen& seen) {
      return seen.method() == "getMultipleAccounts" ? Response{404, ""} : chain_with(truth)(seen);
    };
    Poll poll({limited, chain_with(truth), broken}, 2);
    CHECK(is_the_truth(poll.ask()));
    CHECK(poll.asked(0) == 2);
  }
}

// What waiting cannot change is not asked again, nor what must rest for longer than the run has; and a provider that
// stays silent is asked twice, not for as long as there is time.
TEST_CASE("a late provider is asked once more at most", "[rpc-quorum]") {
  const auto answering = [](Response response) {
    return [response](const Seen& seen) {
      return seen.method() == "getMultipleAccounts" ? response : chain_with(truth)(seen);
    };
  };
  SECTION("used up") {
    const auto used_up = [](const Seen& seen) {
      return seen.method() == "getMultipleAccounts" ? rpc_error(seen, -32429, "max usage reached", 429)
                                                    : chain_with(truth)(seen);
    };
    Poll poll({used_up, chain_with(truth), chain_with(lie)}, 2);
    CHECK(poll.ask().deciding().outcome.error().cause == "contradiction");
    CHECK(poll.asked(0) == 1);
  }
  SECTION("limited for longer than the run has") {
    Poll poll({answering({429, "", {"Retry-After: 15"}}), chain_with(truth), chain_with(lie)}, 2);
    poll.bench->options.total_deadline = milliseconds(10'000);
    CHECK(poll.ask().deciding().outcome.error().cause == "contradiction");
    CHECK(poll.asked(0) == 1);
    CHECK(poll.bench->passed() == milliseconds(0));
  }
  SECTION("silent") {
    Poll poll({answering(silence()), chain_with(truth), chain_with(lie)}, 2);
    CHECK(poll.ask().deciding().outcome.error().cause == "contradiction");
    CHECK(poll.asked(0) == 2);
    CHECK(poll.bench->passed() <= milliseconds(30'000));
  }
}

// Nobody agrees: nothing is decided, and all that was said is kept.
TEST_CASE("a contradiction without majority decides nothing", "[rpc-quorum]") {
  Poll poll({chain_with(truth), chain_with(lie), chain_with(some_bytes(5, 3))}, 2);
  const Answer answer = poll.ask();
  Lines said = summary(answer);
  std::sort(said.begin(), said.end());  // the first two may come in either order
  CHECK(said == Lines{"local: contradiction", "one: ok", "three: ok", "two: ok"});
  const Unobtainable& why = answer.deciding().outcome.error();
  CHECK(why.retry == Retry::other_endpoint);
  for (const char* name : {"one: 5 bytes", "two: 5 bytes", "three: 5 bytes"}) {
    CHECK(why.what.find(name) != std::string::npos);
  }
}

// One that is down is made up for by the next.
TEST_CASE("a provider that is down is made up for", "[rpc-quorum]") {
  Poll poll({[](const Seen&) { return Response{404, ""}; }, chain_with(truth), chain_with(truth)}, 2);
  const Answer answer = poll.ask();
  CHECK(is_the_truth(answer));
  CHECK(answer.observations.front().from == "one");
  CHECK(agreeing(answer).size() == 1);
}

// With all but one down nothing is decided on the word of that one, and each is said to have failed.
TEST_CASE("one word is not enough", "[rpc-quorum]") {
  const auto down = [](const Seen&) { return Response{404, ""}; };
  Poll poll({down, chain_with(truth), down}, 2);
  const Answer answer = poll.ask();
  CHECK(answer.deciding().outcome.error().cause == "http-status");
  const std::string& what = answer.deciding().outcome.error().what;
  for (const char* part : {"two answered", "one: ", "three: ", "2 of 3 providers must agree"}) {
    INFO(what);
    CHECK(what.find(part) != std::string::npos);
  }
}

// A silent provider is not waited for a second time where another can be asked.
TEST_CASE("a silent provider costs one attempt", "[rpc-quorum]") {
  Poll poll({on_our_cluster([](const Seen&) { return silence(); }), chain_with(truth), chain_with(truth)}, 2);
  CHECK(is_the_truth(poll.ask()));
  CHECK(poll.bench->passed() == milliseconds(10'000));
  CHECK(poll.asked(0) == 1);
}

// In a short run it has a third of the time while another can be asked, of its own provider or not; the last has it
// all.
TEST_CASE("a silent provider leaves time for another in a short run", "[rpc-quorum]") {
  const auto silent = on_our_cluster([](const Seen&) { return silence(); });
  std::vector<LoopbackServer::Handler> handlers{silent, chain_with(truth), chain_with(truth)};
  bool has_a_second_endpoint = false;
  SECTION("another provider") {}
  SECTION("another endpoint of its own") { has_a_second_endpoint = true; }
  Poll poll(std::move(handlers), 2);
  if (has_a_second_endpoint) poll.bench->options.endpoints[2].provider = "of-one";
  poll.bench->options.total_deadline = milliseconds(12'000);
  CHECK(is_the_truth(poll.ask()));
  CHECK(poll.bench->passed() == milliseconds(4000));
}

// Whoever does not say which cluster it is on is asked again for what nobody else can answer. What others can answer
// does not wait for that.
TEST_CASE("a question for one endpoint alone holds up no others there", "[rpc-quorum]") {
  const Request history = RpcRequest{"getSignaturesForAddress", Json::array({"a"})};
  const LoopbackServer::Handler knows_no_history = [](const Seen& seen) {
    return seen.method() == "getSignaturesForAddress" ? Response{404, ""} : chain_with(truth)(seen);
  };
  const LoopbackServer::Handler of_no_cluster = [](const Seen& seen) {
    if (seen.method() == "getGenesisHash") return silence();
    return seen.method() == "getSignaturesForAddress" ? result(seen, "x") : chain_with(truth)(seen);
  };
  Poll poll({knows_no_history, of_no_cluster, knows_no_history}, 2);
  poll.bench->options.total_deadline = milliseconds(12'000);
  const auto answers = poll.bench->ask({request, history});
  CHECK(is_the_truth(answers.at(key)));
  CHECK_FALSE(answers.at(key_of(history)).deciding().outcome);
}

// When the run has no more time, what came by then is all there is.
TEST_CASE("the end of the time ends the vote", "[rpc-quorum]") {
  const auto silent = [](const Seen&) { return silence(); };
  Poll poll({chain_with(truth), silent, silent}, 2);
  poll.bench->options.total_deadline = milliseconds(3000);
  const Answer answer = poll.ask();
  CHECK(answer.deciding().outcome.error().cause == "timeout");
  CHECK(poll.bench->passed() == milliseconds(3000));
  CHECK(summary(poll.ask(AccountRequest{address(2), {}, false})).back() == "local: timeout");
}

// Also when nothing came at all.
TEST_CASE("the end of the time ends a vote that nobody cast", "[rpc-quorum]") {
  const auto silent = [](const Seen&) { return silence(); };
  Poll poll({silent, silent, silent}, 2);
  poll.bench->options.total_deadline = milliseconds(1000);
  CHECK(poll.ask().deciding().outcome.error().cause == "timeout");
  CHECK(poll.bench->passed() == milliseconds(1000));
}

// Endpoints of one provider take over from each other, and are one voice.
TEST_CASE("two endpoints of one provider are one voice", "[rpc-quorum]") {
  Poll poll({[](const Seen&) { return Response{404, ""}; }, chain_with(truth), chain_with(truth)}, 2);
  poll.bench->options.endpoints[1].provider = "of-one";
  const Answer answer = poll.ask();
  CHECK(is_the_truth(answer));
  CHECK(agreeing(answer).size() == 1);
  CHECK(poll.asked(1) == 1);
  CHECK(poll.asked(2) == 1);
  SECTION("and do not agree with themselves") {
    Poll same({chain_with(truth), chain_with(truth), chain_with(lie)}, 2);
    same.bench->options.endpoints[1].provider = "of-one";
    CHECK(same.ask().deciding().outcome.error().cause == "contradiction");
    CHECK(same.asked(1) == 0);
  }
}

namespace {

// A node that is at one slot until it is asked for a later one, and has another account from then on.
struct Behind {
  std::uint64_t slot;
  std::uint64_t later;
  Bytes before;
  Bytes after;

  Response operator()(const Seen& seen) const {
    const Json params = seen.params();
    const bool moved_on = params.size() > 1 && params[1].value("minContextSlot", std::uint64_t{0}) > slot;
    return chain_with(moved_on ? after : before, moved_on ? later : slot)(seen);
  }
};

}  // namespace

// Honest nodes answer from different slots, and the account changed in between: the older one is read again.
TEST_CASE("an older answer is read again", "[rpc-quorum]") {
  SECTION("and agrees then") {
    Poll poll({Behind{1000, 1006, lie, truth}, chain_with(truth, 1005), chain_with(truth)}, 2);
    const Answer answer = poll.ask();
    CHECK(is_the_truth(answer));
    CHECK(poll.contradicted_by(answer).empty());
    CHECK(answer.deciding().slot == Slot{1005});
    CHECK(poll.asked(0) == 2);
    CHECK(poll.asked(2) == 0);
    CHECK(poll.servers[0].seen("getMultipleAccounts")[1].params()[1]["minContextSlot"] == 1005);
  }
  SECTION("twice at most, and then it is contradicted") {
    Poll poll({Behind{1000, 1006, lie, lie}, chain_with(truth, 1005), chain_with(truth, 1005)}, 2);
    const Answer answer = poll.ask();
    CHECK(is_the_truth(answer));
    CHECK(poll.contradicted_by(answer) == Lines{"one"});
    CHECK(poll.asked(0) <= 1 + 2);
    CHECK(poll.asked(1) <= 1 + 5);  // the one time that it is asked again it is behind, and so waited for
  }
  SECTION("unless it is too far behind to be compared") {
    Poll poll({chain_with(lie, 1000), chain_with(truth, 9000), chain_with(truth, 9001)}, 2);
    const Answer answer = poll.ask();
    CHECK(is_the_truth(answer));
    CHECK(poll.asked(0) == 1);
    CHECK(poll.contradicted_by(answer).empty());
  }
}

// One endpoint that claims a slot which nobody has reached holds nobody up, now or later.
TEST_CASE("a slot of its own makes nobody lag", "[rpc-quorum]") {
  Poll poll({chain_with(truth, 9'000'000), chain_with(truth), chain_with(truth)}, 2);
  const Answer answer = poll.ask();
  CHECK(is_the_truth(answer));
  CHECK(answer.deciding().slot == Slot{1000});
  CHECK(poll.ask(AccountRequest{address(2), {}, false}).deciding().outcome.has_value());
}

// No two rounds see the chain go backwards: a provider that is behind what was decided has no vote.
TEST_CASE("what was decided is not gone back behind", "[rpc-quorum]") {
  const auto shared_slot = std::make_shared<std::uint64_t>(2000);
  const auto falls_back = [shared_slot](const Seen& seen) { return chain_with(truth, *shared_slot)(seen); };
  Poll poll({falls_back, chain_with(truth, 2000), chain_with(truth, 2000)}, 2);
  poll.ask();
  *shared_slot = 1990;
  const Answer later = poll.ask(AccountRequest{address(2), {}, false});
  CHECK(summary(later).front() == "one: behind");
  CHECK(later.deciding().slot == Slot{2000});
}

// Accounts travel together to each provider, and each is counted by itself; so are those that go to the next.
TEST_CASE("accounts of a batch are counted one by one", "[rpc-quorum]") {
  Chain honest;
  for (unsigned i = 0; i < 100; ++i) honest.accounts[to_string(address(i))] = some_bytes(4, i);
  Chain liar = honest;
  for (const unsigned i : {3U, 40U, 41U}) liar.accounts[to_string(address(i))] = lie;
  Poll poll({liar, honest, honest}, 2);
  const auto answers = poll.bench->ask(account_requests(100));
  for (unsigned i = 0; i < 100; ++i) {
    const Answer& answer = answers.at(key_of(account_requests(i + 1).back()));
    CHECK(*answer.deciding().outcome.value().data == some_bytes(4, i));
  }
  CHECK(poll.asked(0) == 1);
  CHECK(poll.asked(1) == 1);
  REQUIRE(poll.asked(2) == 1);
  CHECK(poll.servers[2].seen("getMultipleAccounts")[0].params()[0].size() == 3);
}

// Code may travel compressed differently: what it inflates to is compared.
TEST_CASE("compression is not compared", "[rpc-quorum]") {
  const auto plain = [](const Seen& seen) {
    if (seen.method() == "getAccountInfo") return in_context(seen, account_json(truth));
    return chain_with(truth)(seen);
  };
  Poll poll({plain, chain_with(truth), chain_with(lie)}, 2);
  CHECK(is_the_truth(poll.ask(AccountRequest{address(1), std::nullopt, true})));
  CHECK(poll.servers[2].seen().empty());
}

// Other questions about the chain are voted on as well; what differs by nature is asked of one.
TEST_CASE("which methods are voted on", "[rpc-quorum]") {
  const auto says = [](const std::string& what) {
    return on_our_cluster([what](const Seen& seen) { return result(seen, what); });
  };
  Poll poll({says("x"), says("y"), says("y")}, 2);
  const Answer history = poll.ask(RpcRequest{"getSignaturesForAddress", Json::array({"a"})});
  CHECK(history.deciding().outcome.value().head == Json{{"result", "y"}});
  const Answer hash = poll.bench->ask_one(RpcRequest{"getLatestBlockhash", Json::array()});
  CHECK(summary(hash) == Lines{"one: ok"});
  CHECK(poll.servers[1].seen("getLatestBlockhash").empty());
}

// An answer without a slot that is contradicted is read again too: a list may have grown in between.
TEST_CASE("an answer without a slot is read again", "[rpc-quorum]") {
  const auto asked = std::make_shared<unsigned>(0);
  const auto grows = on_our_cluster([asked](const Seen& seen) { return result(seen, ++*asked == 1 ? 1 : 2); });
  const auto grown = on_our_cluster([](const Seen& seen) { return result(seen, 2); });
  Poll poll({grows, grown, grown}, 2);
  const Answer answer = poll.ask(RpcRequest{"getSignaturesForAddress", Json::array({"a"})});
  CHECK(answer.deciding().outcome.value().head == Json{{"result", 2}});
}

// Nothing that an endpoint of another cluster says is a vote.
TEST_CASE("another cluster has no vote", "[rpc-quorum]") {
  Chain wrong = chain_with(lie);
  wrong.genesis = other_genesis;
  Poll poll({wrong, chain_with(truth), chain_with(truth)}, 2);
  const Answer answer = poll.ask();
  CHECK(is_the_truth(answer));
  CHECK(summary(answer).front() == "one: wrong-cluster");
  CHECK(poll.contradicted_by(answer).empty());
  CHECK(summary(poll.ask(AccountRequest{address(2), {}, false})).front().starts_with("one") == false);
}

// A definite refusal of one is no refusal of all.
TEST_CASE("a definite error is one voice", "[rpc-quorum]") {
  const auto refuses = on_our_cluster([](const Seen& seen) { return rpc_error(seen, -32009, "Slot 5 was skipped"); });
  const auto answers = on_our_cluster([](const Seen& seen) { return result(seen, 5); });
  const Request asked = RpcRequest{"getBlockTime", Json::array({5})};
  Poll poll({refuses, answers, answers}, 2);
  CHECK(poll.ask(asked).deciding().outcome.has_value());
  Poll none({refuses, refuses, answers}, 2);
  CHECK(none.ask(asked).deciding().outcome.error().cause == "pruned");
}

// The record of the endpoints says how many must agree and who is one.
TEST_CASE("the quorum is recorded", "[rpc-quorum]") {
  Poll poll({chain_with(truth), chain_with(truth), chain_with(truth)}, 2);
  poll.bench->options.endpoints[2].provider = "of-one";
  FactStore facts = poll.bench->ask({EndpointsRequest{}});
  const Quorum quorum = quorum_in(facts);
  CHECK(quorum.needed == 2);
  CHECK(quorum.voters == std::vector<std::vector<std::string>>{{"one", "three"}, {"two"}});
}
