// The canonical form of RFC 8785 (JSON Canonicalization Scheme).
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include "base/json.hpp"

namespace readyctl {
namespace {

constexpr std::uint64_t exact_in_a_double = std::uint64_t{1} << 53;

// The UTF-16 code units of UTF-8 text that the parser has already found valid: RFC 8785 sorts keys by them.
std::u16string utf16_of(const std::string& text) {
  std::u16string units;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    std::uint32_t point = size == 1 ? lead : lead & (0xffU >> (size + 1));
    for (std::size_t k = 1; k < size && i + k < text.size(); ++k) {
      point = point << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3fU);
    }
    i += size;
    if (point < 0x10000) {
      units += static_cast<char16_t>(point);
      continue;
    }
    point -= 0x10000;
    units += static_cast<char16_t>(0xd800 + (point >> 10));
    units += static_cast<char16_t>(0xdc00 + (point & 0x3ff));
  }
  return units;
}

void write_string(const std::string& text, std::string& out) {
  static constexpr std::string_view digits = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\\u00";
          out += digits[static_cast<unsigned char>(c) >> 4];
          out += digits[c & 0x0f];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

// A double as ECMAScript prints it: the shortest digits that read back the same, without exponent from 1e-6 to below
// 10^fixed_below.
constexpr int ecmascript_fixed_below = 21;
std::string number_text(double value, int fixed_below = ecmascript_fixed_below) {
  if (value == 0) return "0";
  std::array<char, 32> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::fabs(value), std::chars_format::scientific).ptr;
  std::string scientific(buffer.data(), end);
  const auto mark = scientific.find('e');
  const int exponent = std::stoi(scientific.substr(mark + 1));
  std::string digits = scientific.substr(0, mark);
  std::erase(digits, '.');
  const int count = static_cast<int>(digits.size());

  std::string text;
  if (exponent >= 0 && exponent < fixed_below) {
    if (count <= exponent + 1) {
      text = digits + std::string(static_cast<std::size_t>(exponent) + 1 - digits.size(), '0');
    } else {
      const std::size_t point = static_cast<std::size_t>(exponent) + 1;
      text = digits.substr(0, point) + "." + digits.substr(point);
    }
  } else if (exponent < 0 && exponent >= -6) {
    text = "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  } else {
    text = digits.substr(0, 1) + (count > 1 ? "." + digits.substr(1) : "") + "e" + (exponent < 0 ? "-" : "+") +
           std::to_string(std::abs(exponent));
  }
  return value < 0 ? "-" + text : text;
}

class Writer {
 public:
  explicit Writer(bool exact_integers) : exact_integers_(exact_integers) {}

  bool write(const Json& value) {
    switch (value.type()) {
      case Json::value_t::object:
        return write_object(value);
      case Json::value_t::array:
        return write_array(value);
      case Json::value_t::string:
        write_string(value.get_ref<const std::string&>(), text);
        return true;
      case Json::value_t::number_unsigned:
        return write_integer(value.get<std::uint64_t>(), false);
      case Json::value_t::number_integer: {
        const auto number = value.get<std::int64_t>();
        const auto magnitude = static_cast<std::uint64_t>(number < 0 ? -(number + 1) : number) + (number < 0 ? 1 : 0);
        return write_integer(magnitude, number < 0);
      }
      case Json::value_t::number_float:
        return write_double(value.get<double>());
      default:
        text += value.dump();
        return true;
    }
  }

  std::string text;
  std::string complaint;

 private:
  // ECMAScript gives numbers up to 1e21 no exponent, so what reads them back takes them for integers: beyond 2^53 ones
  // that have no canonical form, and beyond 64 bits ones that no parser of ours accepts.
  bool write_double(double value) {
    const double magnitude = std::fabs(value);
    const bool reads_as_integer = magnitude > static_cast<double>(exact_in_a_double) && magnitude < 1e21;
    if (reads_as_integer && !exact_integers_) {
      complaint = "number " + number_text(value) + " is beyond 2^53 and would be read back as an integer";
      return false;
    }
    text += reads_as_integer ? number_text(value, 0) : number_text(value);
    return true;
  }

  bool write_integer(std::uint64_t magnitude, bool negative) {
    if (magnitude > exact_in_a_double && !exact_integers_) {
      complaint = "integer " + std::string(negative ? "-" : "") + std::to_string(magnitude) +
                  " is beyond 2^53 and would not be read the same everywhere";
      return false;
    }
    text += (negative ? "-" : "") + std::to_string(magnitude);
    return true;
  }

  bool write_array(const Json& array) {
    text += '[';
    for (std::size_t i = 0; i < array.size(); ++i) {
      if (i > 0) text += ',';
      if (!write(array[i])) return false;
    }
    text += ']';
    return true;
  }

  bool write_object(const Json& object) {
    std::vector<std::pair<std::u16string, const std::string*>> keys;
    for (const auto& item : object.get_ref<const Json::object_t&>())
      keys.emplace_back(utf16_of(item.first), &item.first);
    std::sort(keys.begin(), keys.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    text += '{';
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (i > 0) text += ',';
      write_string(*keys[i].second, text);
      text += ':';
      if (!write(object.at(*keys[i].second))) return false;
    }
    text += '}';
    return true;
  }

  bool exact_integers_;
};

}  // namespace

Result<std::string> canonical_json(const Json& value) {
  Writer writer(false);
  if (!writer.write(value)) return malformed("", writer.complaint, "write it as a string of digits");
  return std::move(writer.text);
}

std::string exact_json(const Json& value) {
  Writer writer(true);
  writer.write(value);
  return std::move(writer.text);
}

}  // namespace readyctl
