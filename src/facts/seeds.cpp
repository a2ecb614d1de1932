#include "facts/seeds.hpp"

#include "solana/little_endian.hpp"

namespace readyctl {
namespace {

Bytes little_endian(std::uint64_t number, std::size_t size) {
  Bytes bytes;
  append_integer(bytes, number, size);
  return bytes;
}

// The small numbers are JSON numbers in a pack; everything else is a JSON string.
Json json_value(std::string_view form, std::string_view text) {
  const bool is_small = form == "u8" || form == "u16le" || form == "u32le";
  const auto number = is_small ? parse_u64(text) : failure({});
  return number ? Json(*number) : Json(std::string(text));
}

}  // namespace

Bytes Seed::bytes() const {
  if (utf8) return {utf8->begin(), utf8->end()};
  if (hex) return hex->bytes;
  if (pubkey) return {pubkey->bytes.begin(), pubkey->bytes.end()};
  if (u8) return little_endian(*u8, 1);
  if (u16le) return little_endian(*u16le, 2);
  if (u32le) return little_endian(*u32le, 4);
  return little_endian(u64le->value, 8);
}

Result<Seed> parse_seed(std::string_view text) {
  const auto colon = text.find(':');
  const std::string form(text.substr(0, colon));
  const auto usage = [&](std::string what, std::string hint) {
    return failure({ErrorKind::usage, "seed " + printable(text), std::move(what), std::move(hint)});
  };
  const std::vector<std::string> forms = field_names<Seed>();
  if (colon == std::string_view::npos) return usage("is not FORM:VALUE", "the forms are " + join(forms, ", "));
  if (std::find(forms.begin(), forms.end(), form) == forms.end()) {
    return usage("unknown form \"" + printable(form) + "\"", suggestion(form, forms));
  }
  const auto document = Document::parse("{}", "seed");
  if (!document) return failure(document.error());
  auto seed = read_record<Seed>(Json{{form, json_value(form, text.substr(colon + 1))}}, Place(*document));
  if (!seed) return usage(seed.error().what, seed.error().hint);
  return std::move(*seed);
}

std::vector<Bytes> bytes_of(const std::vector<Seed>& seeds) {
  std::vector<Bytes> bytes;
  for (const Seed& seed : seeds) bytes.push_back(seed.bytes());
  return bytes;
}

Result<Derived> find_program_address(const std::vector<Seed>& seeds, const Pubkey& program) {
  const std::vector<Bytes> bytes = bytes_of(seeds);
  return find_program_address(std::vector<ByteView>(bytes.begin(), bytes.end()), program);
}

}  // namespace readyctl
