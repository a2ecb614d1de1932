#include "sources/evidence.hpp"

#include <openssl/rand.h>

#include <algorithm>

#include "base/hex.hpp"
#include "base/invariant.hpp"
#include "base/sizes.hpp"
#include "facts/field_types.hpp"
#include "sources/zstd_frame.hpp"

namespace readyctl {
namespace {

constexpr std::string_view first_line = "readyctl.evidence/v1\n";
constexpr std::size_t salt_bytes = 16;
constexpr std::uint64_t elapsed_max = 365ULL * 24 * 60 * 60 * 1000;  // milliseconds
// What every endpoint of a large quorum may have said of one fact, each as much as an answer may hold.
constexpr std::size_t header_values_max = 4'000'000;

// --- writing --------------------------------------------------------------------------------------------------------

// The digest of a body, which a reader of evidence has checked already.
using DigestOf = std::function<Sha256(const Bytes&)>;

Json outcome_json(const Payload& payload, const DigestOf& digest_of) {
  Json json = Json::object();
  json["head"] = payload.head;
  if (payload.body) json["body"] = {{"sha256", to_string(digest_of(*payload.body))}, {"size", payload.body->size()}};
  return json;
}

// Who answered, and when.
template <class Seen>
Json origin_json(const Seen& seen, Json json) {
  json["at"] = to_string(seen.at);
  json["elapsedMs"] = seen.elapsed.count();
  json["from"] = seen.from;
  if (seen.slot) json["slot"] = to_string(*seen.slot);
  return json;
}

Json observation_json(const Observation& seen, const DigestOf& digest_of) {
  Json json = seen.outcome ? outcome_json(*seen.outcome, digest_of) : Json::object();
  if (!seen.outcome) {
    const Unobtainable& error = seen.outcome.error();
    json["error"] = {{"cause", error.cause}, {"retry", to_string(error.retry)}, {"what", error.what}};
  }
  return origin_json(seen, std::move(json));
}

std::string header_of(const std::string& key, const Answer& answer, const Bytes& salt, const DigestOf& digest_of) {
  Json observations = Json::array();
  for (const Observation& seen : answer.observations) observations.push_back(observation_json(seen, digest_of));
  Json header = {{"key", Json::parse(key)}, {"salt", to_hex(salt)}};
  header["observations"] = std::move(observations);
  for (const Agreement& one : answer.agreeing) {
    header["agreeing"].push_back(origin_json(one, {{"sha256", to_string(one.value)}}));
  }
  return exact_json(header) + "\n";
}

std::string beginning_of_key(const std::string& key) {
  constexpr std::size_t characters_max = 200;
  return key.size() <= characters_max ? printable(key) : printable(key.substr(0, characters_max)) + "...";
}

// --- reading --------------------------------------------------------------------------------------------------------

// What a header's line says, with the fields that reading needs; anything unexpected is an error of the record.
class RecordReader {
 public:
  // `room` is how many bytes observations may still inflate to.
  RecordReader(const std::shared_ptr<const Bytes>& file, std::size_t& at, std::uint64_t& room, const std::string& name,
               std::size_t number)
      : file_(file), at_(at), room_(room), where_(name + ": record " + std::to_string(number)) {}

  Result<void> read_into(Evidence& evidence, std::string& last_key) {
    const std::string_view rest = text_of(*file_).substr(at_);
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) return bad("is cut off");
    const std::string_view line = rest.substr(0, end + 1);
    if (values_at_most(line) > header_values_max) {
      return bad("holds more than " + std::to_string(header_values_max) + " values");
    }
    auto header = parse_json(line.substr(0, end), where_);
    if (!header) return failure(header.error());
    if (!header->is_object() || !header->contains("key")) return bad("has no key");
    at_ += line.size();

    const std::string key = exact_json(header->at("key"));
    where_ += " (" + beginning_of_key(key) + ")";
    if (!last_key.empty() && key <= last_key) return bad("is out of order or stands twice");
    last_key = key;
    if (header->contains("withheld")) return withheld(*header, key, line, evidence);

    auto answer = observations(*header);
    if (!answer) return failure(answer.error());
    if (at_ >= file_->size() || (*file_)[at_] != '\n') return bad("does not end where its header says");
    ++at_;
    const auto salt = from_hex(header->at("salt").get<std::string>());
    header = Json();  // before it is written again
    const auto digest_of = [this](const Bytes& body) { return digests_.at(&body); };
    if (!salt || header_of(key, *answer, *salt, digest_of) != line) return bad("is not as readyctl writes it");
    evidence.index.records.push_back({key, sha256(line)});
    evidence.facts.emplace(key, std::move(*answer));
    return {};
  }

 private:
  tl::unexpected<Error> bad(const std::string& what) const { return malformed(where_, what); }

  Result<void> withheld(const Json& header, const std::string& key, std::string_view line, Evidence& evidence) {
    if (exact_json(header) + "\n" != line) return bad("is not in canonical form");
    const Json& stated = header["withheld"];
    const auto digest = parse_sha256(stated.is_string() ? stated.get<std::string>() : "");
    if (!digest || header.size() != 2) return bad("is withheld without the digest of what it was");
    if (at_ >= file_->size() || (*file_)[at_] != '\n') return bad("does not end where its header says");
    ++at_;
    evidence.index.records.push_back({key, *digest});
    evidence.withheld.push_back(key);
    return {};
  }

  // Takes what was answered out of the header.
  Result<Answer> observations(Json& header) {
    const Json salt = header.value("salt", Json());
    const bool salted = salt.is_string() && salt.get_ref<const std::string&>().size() == 2 * salt_bytes;
    const std::size_t fields = header.contains("agreeing") ? 4 : 3;
    if (header.size() != fields || !header.contains("observations") || !salted) {
      return bad("lacks observations or salt");
    }
    Json& list = header["observations"];
    if (!list.is_array() || list.empty()) return bad("lacks observations or salt");
    Answer answer;
    for (Json& json : list) {
      auto seen = observation(json);
      if (!seen) return failure(seen.error());
      answer.observations.push_back(std::move(*seen));
    }
    if (fields == 4) {
      if (const auto read = agreements(header["agreeing"], answer); !read) return failure(read.error());
    }
    return answer;
  }

  Result<void> agreements(const Json& list, Answer& answer) const {
    if (!list.is_array() || list.empty()) return bad("names nobody who agrees");
    for (const Json& json : list) {
      const auto origin = origin_in(json);
      if (!origin) return failure(origin.error());
      const Json digest = json.value("sha256", Json());
      const auto value = parse_sha256(digest.is_string() ? digest.get<std::string>() : "");
      if (!value) return bad("has an agreement without digest");
      answer.agreeing.push_back({origin->from, origin->slot, origin->at, origin->elapsed, *value});
    }
    return {};
  }

  // An observation of nothing yet.
  Result<Observation> origin_in(const Json& json) const {
    if (!json.is_object()) return bad("holds an observation that is no object");
    const Json from = json.value("from", Json());
    const Json at = json.value("at", Json());
    const Json elapsed = json.value("elapsedMs", Json());
    const auto time = parse_time(at.is_string() ? at.get<std::string>() : "");
    if (!from.is_string() || !time || !elapsed.is_number_unsigned()) return bad("does not say who answered, and when");
    if (elapsed.get<std::uint64_t>() > elapsed_max) return bad("says that an answer took more than a year");

    Observation seen{from.get<std::string>(), std::nullopt, *time,
                     std::chrono::milliseconds(elapsed.get<std::int64_t>()), Payload{}};
    if (json.contains("slot")) {
      const Json& slot = json["slot"];
      const auto number = parse_u64(slot.is_string() ? slot.get<std::string>() : "");
      if (!number) return bad("has a slot that is no string of digits");
      seen.slot = Slot{*number};
    }
    return seen;
  }

  Result<Observation> observation(Json& json) {
    auto seen = origin_in(json);
    if (!seen) return seen;
    if (json.contains("error")) return with_error(std::move(*seen), json["error"]);
    return with_payload(std::move(*seen), json);
  }

  Result<Observation> with_error(Observation seen, const Json& error) const {
    const auto text = [&](const char* name) {
      const Json value = error.is_object() ? error.value(name, Json()) : Json();
      return value.is_string() ? value.get<std::string>() : std::string();
    };
    const std::string retry = text("retry");
    if (text("cause").empty() || retry.empty()) return bad("has an error without cause or retry class");
    const Retry sort = retry == "now" ? Retry::now : retry == "other-endpoint" ? Retry::other_endpoint : Retry::never;
    if (to_string(sort) != retry) return bad("has an unknown retry class");
    seen.outcome = tl::unexpected(Unobtainable{text("cause"), text("what"), sort});
    return seen;
  }

  Result<Observation> with_payload(Observation seen, Json& json) {
    Payload payload;
    if (!json.contains("head")) return bad("has neither answer nor error");
    payload.head = std::move(json["head"]);
    if (json.contains("body")) {
      const auto body = take_body(json["body"]);
      if (!body) return failure(body.error());
      payload.body = *body;
      const auto data = inflated(*body, payload.head);
      if (!data) return failure(data.error());
      payload.data = *data;
    }
    seen.outcome = std::move(payload);
    return seen;
  }

  Result<std::shared_ptr<const Bytes>> take_body(const Json& body) {
    const Json size = body.is_object() ? body.value("size", Json()) : Json();
    const Json digest = body.is_object() ? body.value("sha256", Json()) : Json();
    if (!size.is_number_unsigned() || !digest.is_string()) return bad("has a body without size or digest");
    const auto bytes = size.get<std::uint64_t>();
    if (bytes > file_->size() - at_) return bad("is cut off");
    const auto begin = file_->begin() + static_cast<std::ptrdiff_t>(at_);
    auto data = std::make_shared<const Bytes>(begin, begin + static_cast<std::ptrdiff_t>(bytes));
    at_ += bytes;
    const Sha256 found = sha256(*data);
    if (to_string(found) != digest.get<std::string>()) return bad("has a body that is not the one it was made of");
    digests_.emplace(data.get(), found);
    return data;
  }

  Result<std::shared_ptr<const Bytes>> inflated(const std::shared_ptr<const Bytes>& body, const Json& head) {
    if (!head.is_object() || head.value("encoding", Json()) != "zstd") return body;
    const Json space = head.value("space", Json());
    if (!space.is_number_unsigned() || space > 64U << 20) return bad("is compressed and does not say how large it is");
    if (space > room_) {
      return bad("inflates to " + size_text(space.get<std::uint64_t>()) + ", and the records before it left " +
                 size_text(room_) + " of what evidence may inflate to in all");
    }
    room_ -= space.get<std::uint64_t>();
    auto bytes = inflate_zstd(*body, space.get<std::size_t>());
    if (!bytes) return bad("cannot be decompressed: " + bytes.error().what);
    return std::make_shared<const Bytes>(std::move(*bytes));
  }

  const std::shared_ptr<const Bytes>& file_;
  std::size_t& at_;
  std::uint64_t& room_;
  std::string where_;
  std::map<const Bytes*, Sha256> digests_;  // of the bodies read
};

}  // namespace

Bytes random_salt() {
  Bytes salt(salt_bytes);
  invariant(RAND_bytes(salt.data(), static_cast<int>(salt.size())) == 1, "the system gives random bytes");
  return salt;
}

EvidenceIndex put_evidence(const FactStore& facts, const Salt& salt, const Sink& sink) {
  EvidenceIndex index;
  Sha256Hasher file;
  const auto put = [&](ByteView bytes) {
    file.update(bytes);
    sink(bytes);
  };
  put(bytes_of(first_line));
  for (const auto& [key, answer] : facts) {
    const std::string header = header_of(key, answer, salt(), [](const Bytes& body) { return sha256(body); });
    index.records.push_back({key, sha256(header)});
    put(bytes_of(header));
    for (const Observation& seen : answer.observations) {
      if (seen.outcome && seen.outcome->body) put(*seen.outcome->body);
    }
    put(bytes_of("\n"));
  }
  index.file = file.finish();
  return index;
}

EvidenceIndex index_evidence(const FactStore& facts, const Salt& salt) {
  return put_evidence(facts, salt, [](ByteView) {});
}

Result<Evidence> parse_evidence(Bytes bytes, const std::string& name, std::uint64_t inflated_bytes_max) {
  const auto file = std::make_shared<const Bytes>(std::move(bytes));
  if (!text_of(*file).starts_with(first_line)) {
    return malformed(name, "does not begin with \"readyctl.evidence/v1\"",
                     "give the evidence file of this report, or the readyctl version that wrote it");
  }
  Evidence evidence;
  evidence.index.file = sha256(*file);
  std::size_t at = first_line.size();
  std::uint64_t room = inflated_bytes_max;
  std::string last_key;
  for (std::size_t number = 1; at < file->size(); ++number) {
    const auto read = RecordReader(file, at, room, name, number).read_into(evidence, last_key);
    if (!read) return failure(read.error());
  }
  return evidence;
}

Result<void> check_evidence(const Evidence& evidence, const EvidenceIndex& bound, const std::string& name) {
  const auto differs = [&](std::string what) {
    return failure(
        {ErrorKind::not_relied, name, std::move(what), "this is not the evidence that the report was made of"});
  };
  std::map<std::string, Sha256> expected;
  for (const RecordDigest& record : bound.records) expected.emplace(record.key, record.sha256);
  for (const RecordDigest& record : evidence.index.records) {
    const auto found = expected.find(record.key);
    if (found == expected.end())
      return differs("record " + beginning_of_key(record.key) + " is not one of the report's");
    if (found->second != record.sha256) {
      return differs("record " + beginning_of_key(record.key) + " has digest " + to_string(record.sha256) +
                     ", the report binds " + to_string(found->second));
    }
    expected.erase(found);
  }
  if (!expected.empty()) return differs("record " + beginning_of_key(expected.begin()->first) + " is missing");
  if (evidence.withheld.empty() && evidence.index.file != bound.file) {
    return differs("the file has digest " + to_string(evidence.index.file) + ", the report binds " +
                   to_string(bound.file));
  }
  return {};
}

}  // namespace readyctl
