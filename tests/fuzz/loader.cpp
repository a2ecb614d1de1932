// Accounts of the loaders: program, programdata, buffer, and loader v4.
#include "solana/loader.hpp"

#include "fuzz/retrace.hpp"
#include "solana/executable.hpp"

using namespace readyctl;

namespace {

void retrace_code(const fuzz::Retrace& retrace, ByteView code) {
  fuzz::require(code.data() == retrace.rest().data() && code.size() == retrace.rest().size(),
                "code is the rest of the data");
  const ByteView stripped = strip_trailing_zeros(code);
  fuzz::require(stripped.size() <= code.size() && (stripped.empty() || stripped.back() != 0), "no zero is left");
  fuzz::require(executable_hash(code) == executable_hash(stripped), "trailing zeros are not code");
  fuzz::require(!first_difference(code, stripped), "code does not differ from itself");
}

}  // namespace

FUZZ_TARGET(loader) {
  const ByteView account(data, size);
  const auto require_state = [&](LoaderState state) {
    fuzz::require(loader_state(account) == state, "an account is decoded as what it says it is");
  };
  if (const auto program = decode_program(account)) {
    require_state(LoaderState::program);
    fuzz::Retrace retrace(account);
    retrace.number(std::uint32_t{2});
    retrace.key(program->programdata);
  }
  if (const auto programdata = decode_programdata(account)) {
    require_state(LoaderState::programdata);
    fuzz::Retrace retrace(account);
    retrace.number(std::uint32_t{3});
    retrace.number(programdata->slot.value);
    retrace.wide_option_key<std::uint8_t>(programdata->upgrade_authority);
    retrace_code(retrace, programdata->code);
  }
  if (const auto buffer = decode_buffer(account)) {
    require_state(LoaderState::buffer);
    fuzz::Retrace retrace(account);
    retrace.number(std::uint32_t{1});
    retrace.wide_option_key<std::uint8_t>(buffer->authority);
    retrace_code(retrace, buffer->code);
  }
  if (const auto v4 = decode_loader_v4(account)) {
    fuzz::Retrace retrace(account);
    retrace.number(v4->slot.value);
    retrace.key(v4->authority);
    retrace.number(static_cast<std::uint64_t>(v4->status));
    retrace_code(retrace, v4->code);
  }
  return 0;
}
