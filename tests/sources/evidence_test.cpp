#include "sources/evidence.hpp"

#include <zstd.h>

#include <catch2/catch.hpp>

#include "facts/accounts.hpp"
#include "solana/well_known.hpp"
#include "sources/recorded.hpp"

using namespace readyctl;

namespace {

const Pubkey address = "SysvarC1ock11111111111111111111111111111111"_pubkey;

Answer account_answer(const Bytes& data) {
  const auto bytes = std::make_shared<const Bytes>(data);
  const Account account{address, known::system_program, Lamports{5}, false, data.size(), bytes, Slot{9}};
  return {{{"primary", Slot{9}, Time{1000}, std::chrono::milliseconds(12),
            account_payload(account, "raw", bytes, std::nullopt)}}};
}

FactStore small_store() {
  const Unobtainable timeout{"timeout", "no answer within 10 s", Retry::now};
  FactStore facts;
  facts.emplace(key_of(AccountRequest{address}), account_answer({1, 2, 3, '\n', 0}));
  facts.emplace(key_of(ClockRequest{}),
                Answer{{{"local", std::nullopt, Time{5}, std::chrono::milliseconds(0), tl::unexpected(timeout)}}});
  facts.emplace(key_of(ProbeRequest{"primary", "getSlot"}),
                Answer{{{"primary", std::nullopt, Time{5}, std::chrono::milliseconds(1), tl::unexpected(timeout)},
                        {"primary", std::nullopt, Time{6}, std::chrono::milliseconds(1),
                         Payload{Json{{"result", 18446744073709551615ULL}}, nullptr, nullptr}}}});
  Answer agreed = account_answer({4, 5});
  agreed.agreeing.push_back({"backup", Slot{10}, Time{1500}, std::chrono::milliseconds(7), sha256("said")});
  agreed.agreeing.push_back({"spare", std::nullopt, Time{1600}, std::chrono::milliseconds(8), sha256("said")});
  facts.emplace(key_of(AccountRequest{known::rent}), std::move(agreed));
  return facts;
}

Bytes fixed_salt() { return Bytes(16, 7); }

// The bytes of a store as a file would hold them.
Bytes written(const FactStore& facts, EvidenceIndex& index) {
  Bytes bytes;
  index =
      put_evidence(facts, fixed_salt, [&](ByteView piece) { bytes.insert(bytes.end(), piece.begin(), piece.end()); });
  return bytes;
}

}  // namespace

// What was seen is read again as it was: bytes, failures, attempts, integers of 64 bits.
TEST_CASE("evidence goes round", "[sources]") {
  EvidenceIndex index;
  const Bytes bytes = written(small_store(), index);
  const auto evidence = parse_evidence(bytes, "e");
  REQUIRE(evidence.has_value());
  CHECK(check_evidence(*evidence, index, "e").has_value());
  CHECK(evidence->index.records == index.records);

  const Answer& account = evidence->facts.at(key_of(AccountRequest{address}));
  CHECK(*account.deciding().outcome->body == Bytes{1, 2, 3, '\n', 0});
  CHECK(account.deciding().slot == Slot{9});
  CHECK(account.deciding().elapsed.count() == 12);
  const Answer& agreed = evidence->facts.at(key_of(AccountRequest{known::rent}));
  REQUIRE(agreed.agreeing.size() == 2);
  CHECK(agreed.agreeing[0].from == "backup");
  CHECK(agreed.agreeing[0].slot == Slot{10});
  CHECK(agreed.agreeing[0].at == Time{1500});
  CHECK(agreed.agreeing[0].elapsed.count() == 7);
  CHECK(agreed.agreeing[0].value == sha256("said"));
  CHECK_FALSE(agreed.agreeing[1].slot);
  const Answer& clock = evidence->facts.at(key_of(ClockRequest{}));
  CHECK(clock.deciding().outcome.error().cause == "timeout");
  const Answer& probe = evidence->facts.at(key_of(ProbeRequest{"primary", "getSlot"}));
  CHECK(probe.observations.size() == 2);
  CHECK(probe.deciding().outcome->head["result"].get<std::uint64_t>() == 18446744073709551615ULL);
}

// Any changed, added or missing byte is refused, and the message says which record.
TEST_CASE("every flipped byte of the evidence is refused", "[sources]") {
  EvidenceIndex index;
  const Bytes bytes = written(small_store(), index);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const int mask : {0x01, 0x20, 0x80}) {
      Bytes changed = bytes;
      changed[i] = static_cast<std::uint8_t>(changed[i] ^ mask);
      const auto evidence = parse_evidence(changed, "e");
      const bool refused = !evidence || !check_evidence(*evidence, index, "e");
      INFO("byte " << i << " mask " << mask);
      CHECK(refused);
      if (!evidence && i > 21) CHECK(to_string(evidence.error()).find("record") != std::string::npos);
    }
  }
}

// Evidence that was cut anywhere is refused: at a record's end a record is missing, elsewhere it is cut off.
TEST_CASE("truncated evidence is refused", "[sources]") {
  EvidenceIndex index;
  const Bytes bytes = written(small_store(), index);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto evidence = parse_evidence(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)), "e");
    INFO(size);
    CHECK((!evidence || !check_evidence(*evidence, index, "e")));
  }
}

// What readyctl does not write is not evidence of it: a report may bind the digest of anything.
TEST_CASE("a record that readyctl would not write is refused", "[sources]") {
  const auto refusal = [](const std::string& observation, const std::string& salt = std::string(32, '0')) {
    const std::string text = "readyctl.evidence/v1\n{\"key\":{\"clock\":true},\"observations\":[" + observation +
                             "],\"salt\":\"" + salt + "\"}\n\n";
    const auto evidence = parse_evidence(Bytes(text.begin(), text.end()), "e");
    return evidence ? std::string() : to_string(evidence.error());
  };
  const std::string begin = R"({"at":"2026-11-21T08:56:14Z","elapsedMs":)";
  const std::string error = R"("error":{"cause":"c","retry":"now","what":"w"},"from":"local")";
  CHECK(refusal(begin + "0," + error + "}").empty());
  for (const std::string& odd : {begin + "0," + error + R"(,"note":1})", begin + "0," + error + R"(,"head":{}})",
                                 begin + R"(0,"error":{"cause":"c","retry":"now"},"from":"local"})",
                                 std::string(R"({"at":"2026-11-21T08:56:14.000Z","elapsedMs":0,)") + error + "}"}) {
    CAPTURE(odd);
    CHECK(refusal(odd).find("is not as readyctl writes it") != std::string::npos);
  }
  CHECK_FALSE(refusal(begin + "0," + error + "}", std::string(32, 'x')).empty());
  CHECK(refusal(begin + "31536000000," + error + "}").empty());
  for (const char* elapsed : {"31536000001,", "9223372036854775807,", "18446744073709551615,"}) {
    CHECK(refusal(begin + elapsed + error + "}").find("took more than a year") != std::string::npos);
  }
}

// Those who agree are written in one way only too.
TEST_CASE("a record has a size", "[sources]") {
  const auto refusal = [](const std::string& header) {
    const std::string text = "readyctl.evidence/v1\n" + header + "\n\n";
    return to_string(parse_evidence(Bytes(text.begin(), text.end()), "e").error());
  };
  std::string zeros = "0";
  for (int i = 0; i < 4'000'000; ++i) zeros += ",0";
  CHECK(refusal("{\"key\":[" + zeros + "]}").find("holds more than 4000000 values") != std::string::npos);
  CHECK(refusal("{\"key\":\"" + std::string(100'000, 'k') + "\"}").size() < 500);
}

TEST_CASE("an agreement that readyctl would not write is refused", "[sources]") {
  const auto refusal = [](const std::string& agreeing) {
    const std::string seen = R"({"at":"2026-11-21T08:56:14Z","elapsedMs":0,"from":"a","head":{}})";
    const std::string text = "readyctl.evidence/v1\n{\"agreeing\":" + agreeing +
                             ",\"key\":{\"rpc\":\"m\"},\"observations\":[" + seen + "],\"salt\":\"" +
                             std::string(32, '0') + "\"}\n\n";
    const auto evidence = parse_evidence(Bytes(text.begin(), text.end()), "e");
    return evidence ? std::string() : to_string(evidence.error());
  };
  const std::string begin = R"([{"at":"2026-11-21T08:56:14Z","elapsedMs":0,"from":"b")";
  const std::string digest = R"(,"sha256":")" + std::string(64, 'a') + "\"";
  CHECK(refusal(begin + digest + "}]").empty());
  CHECK(refusal(begin + digest + R"(,"slot":"9"}])").empty());
  for (const std::string& odd :
       {std::string("[]"), std::string("{}"), std::string("[1]"), begin + "}]", begin + R"(,"sha256":"aa"}])",
        begin + digest + R"(,"slot":9}])", begin + digest + R"(,"z":1}])"}) {
    CAPTURE(odd);
    CHECK_FALSE(refusal(odd).empty());
  }
}

// A record may be withheld without breaking the others; what rested on it cannot be had in a replay.
TEST_CASE("a record can be withheld", "[sources]") {
  EvidenceIndex index;
  const Bytes bytes = written(small_store(), index);
  const std::string text(text_of(bytes));
  const std::string key = key_of(ClockRequest{});
  const auto begin = text.find("{\"key\":" + key);
  const auto end = text.find("\n\n", begin) + 2;
  Sha256 digest;
  for (const RecordDigest& record : index.records) {
    if (record.key == key) digest = record.sha256;
  }
  const std::string replaced =
      text.substr(0, begin) + "{\"key\":" + key + ",\"withheld\":\"" + to_string(digest) + "\"}\n\n" + text.substr(end);

  const auto evidence = parse_evidence(Bytes(replaced.begin(), replaced.end()), "e");
  REQUIRE(evidence.has_value());
  CHECK(evidence->withheld == std::vector<std::string>{key});
  CHECK(check_evidence(*evidence, index, "e").has_value());
  RecordedSource source(*evidence);
  source.ask({ClockRequest{}});
  CHECK(source.next()[0].answer.deciding().outcome.error().cause == "withheld");
}

// What was never recorded cannot be had, and is no absence.
TEST_CASE("a replay knows nothing beyond its records", "[sources]") {
  const Evidence nothing;
  RecordedSource source(nothing);
  source.ask({AccountRequest{address}});
  const auto answered = source.next();
  REQUIRE(answered.size() == 1);
  CHECK(answered[0].answer.deciding().outcome.error().cause == "not-recorded");
}

// A slice that was asked for by itself is answered by the whole account's record too.
TEST_CASE("a recorded account answers for its slices", "[sources]") {
  Evidence evidence;
  evidence.facts = small_store();
  RecordedSource source(evidence);
  source.ask({AccountRequest{address, Slice{1, 2}}});
  CHECK(source.next()[0].answer.deciding().outcome.has_value());
}

// Each of many small records may claim to inflate to much. Together they may not, and that is found before it is done.
TEST_CASE("what evidence inflates to is bounded in all", "[sources]") {
  const auto compressed = [](const Pubkey& of, std::size_t space) {
    const Bytes data(space, 0);
    Bytes frame(ZSTD_compressBound(space));
    frame.resize(ZSTD_compress(frame.data(), frame.size(), data.data(), data.size(), 1));
    const Account account{of,     known::system_program, Lamports{1}, false, space, std::make_shared<const Bytes>(data),
                          Slot{9}};
    const Payload payload = account_payload(account, "zstd", std::make_shared<const Bytes>(frame), std::nullopt);
    return Answer{{{"primary", Slot{9}, Time{1000}, std::chrono::milliseconds(1), payload}}};
  };
  FactStore facts;
  for (const Pubkey& one : {known::clock, known::rent, known::epoch_schedule}) {
    facts.emplace(key_of(AccountRequest{one}), compressed(one, 1 << 20));
  }
  EvidenceIndex index;
  const Bytes bytes = written(facts, index);
  CHECK(bytes.size() < 4096);
  CHECK(parse_evidence(bytes, "e").has_value());
  CHECK(parse_evidence(bytes, "e", 3 << 20).has_value());
  const auto refused = parse_evidence(bytes, "e", (3 << 20) - 1);
  REQUIRE_FALSE(refused.has_value());
  CHECK(to_string(refused.error()).find("record 3") != std::string::npos);
  CHECK(refused.error().what.find("inflates to 1 MiB, and the records before it left 1023.9 KiB") != std::string::npos);
}
