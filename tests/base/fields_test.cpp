#include "base/fields.hpp"

#include <catch2/catch.hpp>

using namespace readyctl;

namespace {

struct Inner {
  std::uint8_t small = 0;
  static constexpr auto fields() { return std::tuple{required("small", &Inner::small, "a small number")}; }
};

struct Outer {
  std::string name;
  std::optional<Inner> inner;
  std::vector<Inner> list;
  bool flag = true;

  static constexpr auto fields() {
    return std::tuple{required("name", &Outer::name, "a name"), optional("inner", &Outer::inner, "one inside"),
                      optional("list", &Outer::list, "several inside"), optional("flag", &Outer::flag, "a flag")};
  }
  Result<void> validate(const Place& place) const {
    if (name != "forbidden") return {};
    return place.malformed("this name is forbidden");
  }
};

struct Either {
  std::optional<bool> left;
  std::optional<bool> right;
  static constexpr Choice choice = Choice::exactly_one;
  static constexpr auto fields() {
    return std::tuple{optional("left", &Either::left, "l"), optional("right", &Either::right, "r")};
  }
};

template <class T>
Result<T> read(const std::string& text) {
  const auto document = Document::parse(text, "f.json");
  return read_record<T>(document->value(), Place(*document));
}

template <class T>
std::string refusal(const std::string& text) {
  const auto record = read<T>(text);
  return record ? "" : to_string(record.error());
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

// Fields are read by type; what is absent keeps its default.
TEST_CASE("a record is read by its table", "[base]") {
  const auto record = read<Outer>(R"({"name":"n","list":[{"small":1},{"small":255}]})");
  REQUIRE(record.has_value());
  CHECK(record->name == "n");
  CHECK(record->list.size() == 2);
  CHECK(record->flag);
  CHECK_FALSE(record->inner);
}

// Each mistake says what, where, and what was meant.
TEST_CASE("mistakes in a record are named", "[base]") {
  CHECK(holds(refusal<Outer>(R"({"name":"n","flg":true})"), "did you mean \"flag\"?"));
  CHECK(holds(refusal<Outer>("{}"), "has no \"name\": a name"));
  CHECK(holds(refusal<Outer>(R"({"name":1})"), "/name: expected a string, found a number"));
  CHECK(holds(refusal<Outer>(R"({"name":""})"), "the string is empty"));
  CHECK(holds(refusal<Outer>(R"({"name":"a\u0007"})"), "control character"));
  CHECK(holds(refusal<Outer>(R"({"name":"n","list":[{"small":256}]})"),
              "/list/0/small: expected a whole number, 0 to 255, found 256"));
  CHECK(holds(refusal<Outer>(R"({"name":"n","inner":{"small":-1}})"), "found -1"));
  CHECK(holds(refusal<Outer>(R"({"name":"n","inner":{"small":1.0}})"), "found 1.0"));
  CHECK(holds(refusal<Outer>(R"({"name":"forbidden"})"), "this name is forbidden"));
  CHECK(holds(refusal<Outer>("[]"), "expected an object, found an array"));
}

// A choice holds exactly one of its fields.
TEST_CASE("a choice takes exactly one field", "[base]") {
  CHECK(read<Either>(R"({"left":true})").has_value());
  CHECK(holds(refusal<Either>(R"({"left":true,"right":true})"), "exactly one of left, right"));
  CHECK(holds(refusal<Either>("{}"), "exactly one of left, right"));
}

// Before names are known, placeholders are passed over and everything else is still checked.
TEST_CASE("placeholders are passed over before substitution", "[base]") {
  const auto lint = [](const std::string& text) {
    const auto document = Document::parse(text, "f.json");
    const auto record = read_record<Outer>(document->value(), Place(*document).before_substitution());
    return record ? std::string() : to_string(record.error());
  };
  CHECK(lint(R"({"name":"n","list":["${one}",{"small":"${two}"}],"flag":"${three}"})").empty());
  CHECK(holds(lint(R"({"name":"n","list":["${one}",{"small":"two"}]})"), "/list/1/small"));
  CHECK(holds(lint(R"({"name":"${n}","flg":true})"), "unknown key"));
}

// The schema says what the reader accepts.
TEST_CASE("the schema comes from the same table", "[base]") {
  const Json schema = record_schema<Outer>(Placeholders::accepted);
  CHECK(schema["additionalProperties"] == false);
  CHECK(schema["required"] == Json::array({"name"}));
  CHECK(schema["properties"]["flag"]["anyOf"].size() == 2);
  CHECK(record_schema<Either>(Placeholders::refused)["maxProperties"] == 1);
  const auto docs = field_docs<Outer>();
  REQUIRE(docs.size() == 6);
  CHECK(docs[2].name == "inner.small");
}
