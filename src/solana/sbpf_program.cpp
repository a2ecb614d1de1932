#include "solana/sbpf_program.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "base/text.hpp"

namespace readyctl {
namespace {

constexpr std::uint64_t region_bytes = std::uint64_t{1} << 32;
constexpr std::uint64_t instruction_bytes = 8;
constexpr std::uint8_t call_immediate = 0x85;
constexpr std::uint8_t load_64_bits = 0x18;  // takes two instructions' room
constexpr std::uint32_t first_strict_version = 3;

constexpr std::uint32_t segment_load = 1;
constexpr std::uint32_t segment_dynamic = 2;
constexpr std::uint32_t flag_execute = 1;
constexpr std::uint32_t flag_read = 4;

constexpr std::uint32_t section_null = 0;
constexpr std::uint32_t section_strings = 3;
constexpr std::uint32_t section_dynamic = 6;
constexpr std::uint32_t section_no_bits = 8;
constexpr std::uint32_t section_symbols = 2;
constexpr std::uint32_t section_dynamic_symbols = 11;
constexpr std::uint64_t section_writable = 1 | 2;  // in memory, and written there

constexpr std::size_t section_name_max = 16;
constexpr std::size_t symbol_name_max = 64;

// A range of the file or of addresses; the end is one past the last.
struct Range {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;

  bool holds(std::uint64_t at) const { return begin <= at && at < end; }
  bool is_clear_of(const Range& other) const { return end <= other.begin || other.end <= begin; }
};

// As of the file:
//   0  u32  type     8  u64  offset     16  u64  address      32  u64  bytes in the file
//   4  u32  flags                       24  u64  (physical)   40  u64  bytes in memory      48  u64  alignment
struct Segment {
  std::uint32_t type = 0;
  std::uint32_t flags = 0;
  std::uint64_t offset = 0;
  std::uint64_t address = 0;
  std::uint64_t physical = 0;
  std::uint64_t file_bytes = 0;
  std::uint64_t memory_bytes = 0;
};

//   0  u32  name     8  u64  flags      24  u64  offset
//   4  u32  type    16  u64  address    32  u64  bytes      40 … 64  not read
struct Section {
  std::uint32_t name_offset = 0;
  std::uint32_t type = 0;
  std::uint64_t flags = 0;
  std::uint64_t address = 0;
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
  std::string name;
};

//   0  u32  name     4  u8  info: kind in the low four bits     6  u16  section     8  u64  value     16  u64  size
struct Symbol {
  std::uint32_t name_offset = 0;
  bool is_function = false;
  std::uint64_t value = 0;
};

std::uint64_t plus(std::uint64_t a, std::uint64_t b) {
  std::uint64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? ~std::uint64_t{0} : sum;
}

// Reads one file. The first thing that is wrong is kept; after it every step does nothing.
class CodeLoader {
 public:
  explicit CodeLoader(ByteView code) : code_(code) {}

  Result<SbpfProgram> load() {
    const auto header = decode_elf(code_);
    if (!header) return failure(header.error());
    program_.header = *header;
    segment_table_ = table_range(header->program_headers);
    expect(code_[7] == 0, "expected 0 for the ABI at offset 7, found " + std::to_string(code_[7]));
    if (header->sbpf_version >= first_strict_version) {
      load_strictly();
    } else {
      load_leniently();
    }
    expect(program_.code_bytes > 0, "it has no code");
    expect(program_.code_bytes % instruction_bytes == 0,
           "its code of " + counted(program_.code_bytes, "byte") + " is no multiple of 8");
    if (trouble_) return malformed("", "SBF program: " + *trouble_);
    return program_;
  }

 private:
  bool ok() const { return !trouble_; }
  void expect(bool holds, const std::string& otherwise) {
    if (!holds && ok()) trouble_ = otherwise;
  }

  std::optional<ByteView> cut(const Range& range) const {
    if (range.begin > range.end || range.end > code_.size()) return std::nullopt;
    return code_.subspan(range.begin, range.end - range.begin);
  }
  static std::uint64_t number(ByteView bytes, std::size_t at, std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value |= std::uint64_t{bytes[at + i]} << (8 * i);
    return value;
  }
  static std::uint32_t u32(ByteView bytes, std::size_t at) {
    return static_cast<std::uint32_t>(number(bytes, at, sizeof(std::uint32_t)));
  }
  static std::uint64_t u64(ByteView bytes, std::size_t at) { return number(bytes, at, sizeof(std::uint64_t)); }

  static Range table_range(const ElfTable& table) {
    return {table.offset, plus(table.offset, std::uint64_t{table.entry_bytes} * table.count)};
  }

  void read_segments() {
    const auto table = cut(segment_table_);
    expect(table.has_value(), "its program headers leave the file");
    for (std::size_t at = 0; ok() && at + 56 <= table->size(); at += 56) {
      const ByteView one = table->subspan(at, 56);
      segments_.push_back(
          {u32(one, 0), u32(one, 4), u64(one, 8), u64(one, 16), u64(one, 24), u64(one, 32), u64(one, 40)});
    }
  }

  // --- SBPF v3 and later

  void expect_segment(const Segment& segment, const std::string& what, std::uint32_t flags, std::uint64_t address,
                      std::uint64_t offset) {
    expect(segment.type == segment_load, "its program header of " + what + " is not to be loaded");
    expect(segment.flags == flags, "its program header of " + what + " has flags " + std::to_string(segment.flags) +
                                       ", expected " + std::to_string(flags));
    expect(segment.offset == offset,
           what + " begins at offset " + std::to_string(segment.offset) + ", expected " + std::to_string(offset));
    expect(segment.offset < code_.size() && segment.file_bytes <= code_.size() - segment.offset,
           what + " leaves the file");
    expect(segment.offset % instruction_bytes == 0 && segment.file_bytes % instruction_bytes == 0,
           what + " is no multiple of 8 bytes");
    expect(segment.address == address && segment.physical == address,
           what + " is at address " + std::to_string(segment.address) + ", expected " + std::to_string(address));
    expect(segment.file_bytes == segment.memory_bytes, what + " has another length in memory than in the file");
    expect(segment.memory_bytes < region_bytes, what + " is too long");
  }

  void load_strictly() {
    expect(std::all_of(code_.begin() + 8, code_.begin() + 16, [](std::uint8_t byte) { return byte == 0; }),
           "expected zeros from offset 8 to 16");
    read_segments();
    expect(!segments_.empty(), "it has no program headers");
    if (!ok()) return;
    const bool has_data = segments_.front().flags == flag_read;
    expect(!has_data || segments_.size() >= 2, "it has no program header of its code");
    if (!ok()) return;
    std::uint64_t offset = segment_table_.end;
    if (has_data) {
      expect_segment(segments_[0], "its read-only data", flag_read, 0, offset);
      offset = plus(offset, segments_[0].file_bytes);
    }
    const Segment& code = segments_[has_data ? 1 : 0];
    expect_segment(code, "its code", flag_execute, region_bytes, offset);
    const Range addresses{code.address, plus(code.address, code.memory_bytes)};
    const std::uint64_t entry = program_.header.entry;
    expect(addresses.holds(plus(entry, instruction_bytes - 1)), "its entry is outside of its code");
    expect(entry % instruction_bytes == 0, "its entry is no multiple of 8");
    if (!ok()) return;
    program_.code_offset = code.offset;
    program_.code_bytes = code.file_bytes;
    find_static_syscalls();
  }

  void find_static_syscalls() {
    const ByteView code = code_.subspan(program_.code_offset, program_.code_bytes);
    for (std::size_t at = 0; at + instruction_bytes <= code.size(); at += instruction_bytes) {
      const bool is_syscall = code[at] == call_immediate && code[at + 1] >> 4 == 0;
      if (is_syscall) keep_once(program_.syscall_keys, u32(code, at + 4));
      if (code[at] == load_64_bits) at += instruction_bytes;
    }
  }

  template <class T>
  static void keep_once(std::vector<T>& list, const T& one) {
    if (std::find(list.begin(), list.end(), one) == list.end()) list.push_back(one);
  }

  // --- SBPF v0 to v2

  void load_leniently() {
    read_segments();
    expect_segments_in_order();
    read_sections();
    if (!ok()) return;
    expect_sections_apart();
    name_sections();
    if (!ok()) return;
    expect_allowed_sections();
    if (!ok()) return;
    read_dynamic();
    expect_calls_inside();
    follow_relocations();
    expect_read_only_sections();
  }

  void expect_segments_in_order() {
    std::uint64_t address = 0;
    for (const Segment& segment : segments_) {
      if (segment.type != segment_load) continue;
      expect(segment.address >= address, "its program headers are not in the order of their addresses");
      expect(plus(segment.offset, segment.file_bytes) <= code_.size(), "a segment leaves the file");
      address = segment.address;
    }
  }

  void read_sections() {
    const ElfTable& headers = program_.header.section_headers;
    section_table_ = table_range(headers);
    const Range file_header{0, elf_header_bytes};
    expect(headers.count > 0, "it has no section headers");
    expect(headers.offset % 8 == 0 && segment_table_.begin % 8 == 0, "its header tables are not at multiples of 8");
    expect(segment_table_.is_clear_of(file_header) && section_table_.is_clear_of(file_header) &&
               section_table_.is_clear_of(segment_table_),
           "its header tables overlap");
    if (!ok()) return;
    const auto table = cut(section_table_);
    expect(table.has_value(), "its section headers leave the file");
    for (std::size_t at = 0; ok() && at + 64 <= table->size(); at += 64) {
      const ByteView one = table->subspan(at, 64);
      sections_.push_back({u32(one, 0), u32(one, 4), u64(one, 8), u64(one, 16), u64(one, 24), u64(one, 32), {}});
    }
    expect(ok() && sections_.front().type == section_null, "its first section header is not empty");
  }

  void expect_sections_apart() {
    std::uint64_t last = 0;
    for (const Section& section : sections_) {
      const Range range{section.offset, plus(section.offset, section.bytes)};
      expect(range.end <= code_.size(), "a section leaves the file");
      if (section.type == section_no_bits) continue;
      expect(range.is_clear_of({0, elf_header_bytes}) && range.is_clear_of(segment_table_) &&
                 range.is_clear_of(section_table_),
             "a section overlaps the headers");
      expect(range.begin >= last, "its sections are not in the order of the file");
      last = range.end;
    }
  }

  // A text that ends with a zero before `max` bytes, in a section of texts.
  std::optional<std::string> text_in(const Section& strings, std::uint32_t offset, std::size_t max) const {
    if (strings.type != section_strings) return std::nullopt;
    const std::uint64_t begin = plus(strings.offset, offset);
    const auto bytes = cut({begin, std::min(plus(strings.offset, strings.bytes), plus(begin, max))});
    if (!bytes) return std::nullopt;
    const auto end = std::find(bytes->begin(), bytes->end(), std::uint8_t{0});
    if (end == bytes->end()) return std::nullopt;
    return std::string(bytes->begin(), end);
  }

  void name_sections() {
    const std::size_t names = number(code_, 62, 2);
    expect(names > 0 && names < sections_.size(), "it names no section of the names of sections");
    if (!ok()) return;
    for (Section& section : sections_) {
      auto name = text_in(sections_[names], section.name_offset, section_name_max);
      expect(name.has_value(), "the name of a section cannot be read, or is longer than 15 bytes");
      if (name) section.name = std::move(*name);
    }
    for (const std::string_view name : {".symtab", ".strtab", ".dynstr"}) {
      expect(count_of(name) <= 1, "it has more than one section " + std::string(name));
    }
  }

  std::ptrdiff_t count_of(std::string_view name) const {
    return std::count_if(sections_.begin(), sections_.end(), [&](const Section& one) { return one.name == name; });
  }
  const Section* section_named(std::string_view name) const {
    const auto found =
        std::find_if(sections_.begin(), sections_.end(), [&](const Section& one) { return one.name == name; });
    return found == sections_.end() ? nullptr : &*found;
  }

  void expect_allowed_sections() {
    expect(count_of(".text") == 1, "it has " + std::to_string(count_of(".text")) + " sections .text, expected 1");
    for (const Section& section : sections_) {
      const std::string name = printable(section.name);
      expect(!section.name.starts_with(".bss"), "it has a section " + name + ", and programs have no such memory");
      const bool is_data = section.name.starts_with(".data") && !section.name.starts_with(".data.rel");
      expect(!is_data || (section.flags & section_writable) != section_writable,
             "its section " + name + " is writable, and programs have no such memory");
    }
    if (!ok()) return;
    const Section& text = *section_named(".text");
    const std::uint64_t entry = program_.header.entry;
    text_addresses_ = {text.address, plus(text.address, text.bytes)};
    expect(text_addresses_.holds(entry), "its entry is outside of its section .text");
    expect(!ok() || (entry - text.address) % instruction_bytes == 0, "its entry is no multiple of 8");
    expect(text.address == text.offset, "its section .text is not at the address of its place in the file");
    expect(text.address < region_bytes, "its section .text is at too high an address");
    expect(text.type != section_no_bits || text.bytes == 0, "its section .text is not in the file");
    program_.code_offset = text.offset;
    program_.code_bytes = text.bytes;
  }

  // --- relocations of v0 to v2

  std::optional<ByteView> dynamic_table() {
    const auto is_readable = [&](const Range& range) {
      return range.begin % 8 == 0 && (range.end - range.begin) % 16 == 0 && cut(range).has_value();
    };
    const auto segment = std::find_if(segments_.begin(), segments_.end(),
                                      [](const Segment& one) { return one.type == segment_dynamic; });
    if (segment != segments_.end()) {
      const Range range{segment->offset, plus(segment->offset, segment->file_bytes)};
      if (is_readable(range)) return cut(range);
    }
    const auto section = std::find_if(sections_.begin(), sections_.end(),
                                      [](const Section& one) { return one.type == section_dynamic; });
    if (section == sections_.end()) return std::nullopt;
    const Range range{section->offset, plus(section->offset, section->bytes)};
    expect(is_readable(range), "its dynamic table cannot be read");
    return cut(range);
  }

  void read_dynamic() {
    const auto table = dynamic_table();
    if (!table || !ok()) return;
    std::array<std::uint64_t, 35> values{};
    for (std::size_t at = 0; at + 16 <= table->size(); at += 16) {
      const std::uint64_t tag = u64(*table, at);
      if (tag == 0) break;
      if (tag < values.size()) values[tag] = u64(*table, at + 8);
    }
    read_relocations(values[17], values[18], values[19]);
    read_symbols(values[6]);
  }

  void read_relocations(std::uint64_t address, std::uint64_t bytes, std::uint64_t entry_bytes) {
    if (address == 0) return;
    expect(entry_bytes == 16 && bytes > 0 && bytes % 16 == 0, "its table of relocations has a wrong size");
    std::optional<std::uint64_t> offset;
    for (const Segment& segment : segments_) {
      const Range range{segment.address, plus(segment.address, segment.memory_bytes)};
      if (!offset && range.holds(address)) offset = plus(address - segment.address, segment.offset);
    }
    for (const Section& section : sections_) {
      if (!offset && section.address == address) offset = section.offset;
    }
    expect(offset.has_value(), "its table of relocations is nowhere in the file");
    if (!ok()) return;
    const auto table = cut({*offset, plus(*offset, bytes)});
    expect(table.has_value() && *offset % 8 == 0, "its table of relocations leaves the file");
    if (ok()) relocations_ = *table;
  }

  void read_symbols(std::uint64_t address) {
    if (address == 0 || !ok()) return;
    const auto section =
        std::find_if(sections_.begin(), sections_.end(), [&](const Section& one) { return one.address == address; });
    expect(section != sections_.end() &&
               (section->type == section_symbols || section->type == section_dynamic_symbols) &&
               section->bytes % 24 == 0 && section->offset % 8 == 0,
           "its table of dynamic symbols cannot be read");
    if (!ok()) return;
    const auto table = cut({section->offset, plus(section->offset, section->bytes)});
    expect(table.has_value(), "its table of dynamic symbols leaves the file");
    for (std::size_t at = 0; ok() && at + 24 <= table->size(); at += 24) {
      const ByteView one = table->subspan(at, 24);
      symbols_.push_back({u32(one, 0), (one[4] & 0xf) == 2, u64(one, 8)});
    }
  }

  void expect_calls_inside() {
    if (!ok()) return;
    const ByteView code = code_.subspan(program_.code_offset, program_.code_bytes);
    const auto count = static_cast<std::int64_t>(code.size() / instruction_bytes);
    for (std::int64_t i = 0; i < count; ++i) {
      const auto at = static_cast<std::size_t>(i) * instruction_bytes;
      const auto target = static_cast<std::int32_t>(u32(code, at + 4));
      if (code[at] != call_immediate || target == -1) continue;
      if (i + 1 + target >= 0 && i + 1 + target < count) continue;
      return expect(false, "instruction " + std::to_string(i) + " calls outside of its code");
    }
  }

  bool is_inside(std::uint64_t offset, std::uint64_t begin, std::uint64_t size) const {
    return cut({plus(offset, begin), plus(plus(offset, begin), size)}).has_value();
  }

  void follow_relocations() {
    for (std::size_t at = 0; ok() && at + 16 <= relocations_.size(); at += 16) {
      const std::uint64_t offset = u64(relocations_, at);
      const std::uint32_t sort = u32(relocations_, at + 8);
      const std::uint32_t symbol = u32(relocations_, at + 12);
      const std::string where = "its relocation at offset " + std::to_string(offset);
      const bool is_in_code = Range{program_.code_offset, program_.code_offset + program_.code_bytes}.holds(offset);
      expect(sort == 1 || sort == 8 || sort == 10, where + " is of the unknown sort " + std::to_string(sort));
      expect(is_inside(offset, 4, 4), where + " leaves the file");
      expect(sort == 10 || sort == 8 || is_inside(offset, 12, 4), where + " leaves the file");
      if (sort == 8) follow_address(offset, where, is_in_code);
      if (sort != 8) follow_symbol(symbol, where, sort == 10);
    }
  }

  void follow_address(std::uint64_t offset, const std::string& where, bool is_in_code) {
    if (!ok()) return;
    if (!is_in_code) return expect(is_inside(offset, 0, 8), where + " leaves the file");
    expect(is_inside(offset, 12, 4), where + " leaves the file");
    expect(!ok() || u32(code_, offset + 4) != 0 || u32(code_, offset + 12) != 0, where + " refers to address 0");
  }

  void follow_symbol(std::uint32_t index, const std::string& where, bool is_call) {
    expect(index < symbols_.size(), where + " refers to no symbol");
    if (!ok() || !is_call) return;
    const Symbol& symbol = symbols_[index];
    const Section* strings = section_named(".dynstr");
    const auto name = strings == nullptr ? std::nullopt : text_in(*strings, symbol.name_offset, symbol_name_max);
    expect(name.has_value(), where + " refers to a symbol whose name cannot be read");
    if (!ok()) return;
    if (symbol.is_function && symbol.value != 0) {
      return expect(text_addresses_.holds(symbol.value), where + " calls " + printable(*name) + " outside of its code");
    }
    keep_once(program_.syscalls, *name);
  }

  // Read-only sections stand where their addresses say, one after the other.
  void expect_read_only_sections() {
    constexpr std::array<std::string_view, 4> read_only = {".text", ".rodata", ".data.rel.ro", ".eh_frame"};
    std::uint64_t lowest = ~std::uint64_t{0};
    std::uint64_t highest = 0;
    std::uint64_t filled = 0;
    for (const Section& section : sections_) {
      if (std::find(read_only.begin(), read_only.end(), section.name) == read_only.end()) continue;
      const std::uint64_t bytes = section.type == section_no_bits ? 0 : section.bytes;
      expect(section.address == section.offset,
             "its section " + section.name + " is not at the address of its place in the file");
      expect(section.address <= region_bytes, "its section " + section.name + " is at too high an address");
      lowest = std::min(lowest, section.address);
      highest = std::max(highest, plus(section.address, bytes));
      filled = plus(filled, bytes);
    }
    expect(plus(lowest, filled) <= highest, "its read-only sections overlap");
    expect(highest <= code_.size(), "its read-only sections leave the file");
  }

  ByteView code_;
  SbpfProgram program_;
  std::optional<std::string> trouble_;
  Range segment_table_;
  Range section_table_;
  Range text_addresses_;
  std::vector<Segment> segments_;
  std::vector<Section> sections_;
  std::vector<Symbol> symbols_;
  ByteView relocations_;
};

}  // namespace

Result<SbpfProgram> decode_sbpf_program(ByteView code) { return CodeLoader(code).load(); }

}  // namespace readyctl
