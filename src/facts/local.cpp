#include "facts/local.hpp"

namespace readyctl {
namespace {

tl::unexpected<Refusal> bad_record(const std::string& what) { return unobtainable({"malformed", what, Retry::never}); }

}  // namespace

Payload file_payload(const std::shared_ptr<const Bytes>& data) {
  Json head = {{"exists", true}, {"sha256", to_string(sha256(*data))}, {"size", data->size()}};
  return {std::move(head), data, data};
}

Payload no_file_payload() { return {Json{{"exists", false}}, nullptr, nullptr}; }

Payload clock_payload(Time time) { return {Json{{"time", to_string(time)}}, nullptr, nullptr}; }

namespace facts {

Fact<std::optional<File>> file_if_any(const RelativePath& path) {
  return fact_of<std::optional<File>>(
      FileRequest{path.text}, [path](const Payload& payload, const Observation&) -> Reading<std::optional<File>> {
        if (payload.head == Json{{"exists", false}}) return std::optional<File>();
        const Json digest = payload.head.is_object() ? payload.head.value("sha256", Json()) : Json();
        const auto stated = parse_sha256(digest.is_string() ? digest.get<std::string>() : "");
        if (!stated || payload.data == nullptr) return bad_record("the record of file " + path.text + " is no file");
        return File{path.text, payload.data, *stated};
      });
}

Fact<File> file(const RelativePath& path) {
  Fact<std::optional<File>> fact = file_if_any(path);
  return {fact.request, [read = std::move(fact.read), path](const Observation& seen) -> Reading<File> {
            auto found = read(seen);
            if (!found) return tl::unexpected<Refusal>(found.error());
            if (!*found)
              return absent("file " + path.text + " does not exist below the folder of release.json", path.text);
            return std::move(**found);
          }};
}

Fact<Time> now() {
  return fact_of<Time>(ClockRequest{}, [](const Payload& payload, const Observation&) -> Reading<Time> {
    const Json text = payload.head.is_object() ? payload.head.value("time", Json()) : Json();
    const auto time = parse_time(text.is_string() ? text.get<std::string>() : "");
    if (!time) return bad_record("the record of the clock is no time");
    return *time;
  });
}

}  // namespace facts
}  // namespace readyctl
