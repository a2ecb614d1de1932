// The headers of a program's code.
#include "solana/elf.hpp"

#include "fuzz/retrace.hpp"
#include "solana/executable.hpp"

using namespace readyctl;

namespace {

void require_inside(const ElfTable& table, std::size_t file_bytes) {
  const std::uint64_t bytes = std::uint64_t{table.entry_bytes} * table.count;
  fuzz::require(table.offset <= file_bytes && bytes <= file_bytes - table.offset, "a table of headers is in the file");
}

}  // namespace

FUZZ_TARGET(elf) {
  const auto header = decode_elf(ByteView(data, size));
  if (!header) return 0;
  require_inside(header->program_headers, size);
  if (header->sbpf_version < 3) require_inside(header->section_headers, size);

  Bytes padded(data, data + size);
  padded.resize(size + 32, 0);
  fuzz::require(decode_elf(padded).has_value(), "trailing zeros do no harm");
  fuzz::require(executable_hash(padded) == executable_hash(ByteView(data, size)), "trailing zeros are not code");

  fuzz::Retrace retrace(ByteView(data, size));
  retrace.skip(16);
  retrace.number(header->type);
  retrace.number(header->machine);
  retrace.number(std::uint32_t{1});
  retrace.number(header->entry);
  retrace.number(header->program_headers.offset);
  retrace.number(header->section_headers.offset);
  retrace.number(header->sbpf_version);
  retrace.number(static_cast<std::uint16_t>(elf_header_bytes));
  retrace.number(header->program_headers.entry_bytes);
  retrace.number(header->program_headers.count);
  retrace.number(header->section_headers.entry_bytes);
  retrace.number(header->section_headers.count);
  return 0;
}
