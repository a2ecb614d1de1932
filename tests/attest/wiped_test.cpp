// What is left of a private key in the memory of the process that has signed with it: nothing.
#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/wait.h>

#include <cstdint>
#include <cstring>

#include "attest/openssl_memory.hpp"
#include "attest/pem.hpp"
#include "attest/support.hpp"
#include "base/files.hpp"

using namespace readyctl;

namespace {

// As main does, before anything uses OpenSSL: other tests have constants that do.
[[gnu::constructor(101)]] void wipe_from_the_beginning() {
  if (!wipe_openssl_memory(std::abort)) std::abort();
}

constexpr std::uint8_t mask = 0x55;

Bytes masked(Bytes bytes) {
  for (std::uint8_t& byte : bytes) byte ^= mask;
  return bytes;
}

// What would tell the key: masked, so that the search does not find what it searches for by.
struct Traces {
  Bytes text;    // of the file, in its midst
  Bytes secret;  // 32 bytes: the seed, or the scalar
};

Bytes from(const Bytes& bytes, std::size_t at, std::size_t size) {
  return {bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.begin() + static_cast<std::ptrdiff_t>(at + size)};
}

// The bytes of a key file that are the private key.
Bytes secret_in(KeyFile format, const std::string& text) {
  if (format == KeyFile::solana_keypair) {
    const Json numbers = Json::parse(text);
    Bytes seed;
    for (std::size_t i = 0; i < 32; ++i) seed.push_back(numbers[i].get<std::uint8_t>());
    return seed;
  }
  const auto der = read_pem(text, pem_private_key);
  const Bytes bytes(der->view().begin(), der->view().end());
  constexpr std::size_t of_ed25519 = 16;  // where RFC 8410 and RFC 5958 put them
  constexpr std::size_t of_p256 = 36;
  return from(bytes, format == KeyFile::p256_pem ? of_p256 : of_ed25519, 32);
}

// Makes a key in a process of its own, which leaves the file, and what to look for.
Traces make_elsewhere(KeyFile format, const std::filesystem::path& key, const std::filesystem::path& notes) {
  const pid_t maker = ::fork();
  REQUIRE(maker >= 0);
  if (maker == 0) {
    if (!make_key(format, key)) ::_exit(1);
    const std::string text = content_of(key);
    const auto middle = from(Bytes(text.begin(), text.end()), 68, 24);
    const Bytes traces = [&] {
      Bytes all = masked(middle);
      const Bytes secret = masked(secret_in(format, text));
      all.insert(all.end(), secret.begin(), secret.end());
      return all;
    }();
    std::ofstream(notes, std::ios::binary).write(reinterpret_cast<const char*>(traces.data()), 24 + 32).flush();
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(maker, &status, 0) == maker);
  REQUIRE(status == 0);
  const Bytes all = read_file(notes).value();
  return {from(all, 0, 24), from(all, 24, 32)};
}

// How often they stand there. memchr is fast where a sanitizer makes loops slow.
std::size_t found_in(ByteView bytes, const Bytes& wanted) {
  std::size_t found = 0;
  const std::uint8_t* end = bytes.data() + bytes.size();
  const std::uint8_t* at = bytes.data();
  while (const void* first = std::memchr(at, wanted[0] ^ mask, static_cast<std::size_t>(end - at))) {
    at = static_cast<const std::uint8_t*>(first);
    std::size_t same = 0;
    while (same < wanted.size() && at + same < end && at[same] == (wanted[same] ^ mask)) ++same;
    if (same == wanted.size()) ++found;
    ++at;
  }
  return found;
}

// How often the bytes, or the same backwards as numbers hold them, stand in what this process can write to.
std::size_t found_in_memory(const Bytes& wanted) {
  constexpr std::size_t piece_bytes = std::size_t{1} << 20;
  constexpr std::uint64_t map_bytes_max = std::uint64_t{256} << 20;  // what is longer is a sanitizer's, not ours
  const Descriptor memory(::open("/proc/self/mem", O_RDONLY | O_CLOEXEC));
  REQUIRE(memory.number() >= 0);
  std::ifstream maps("/proc/self/maps");
  const Bytes backwards(wanted.rbegin(), wanted.rend());
  std::size_t found = 0;
  for (std::string line; std::getline(maps, line);) {
    char* end = nullptr;
    const std::uint64_t begin = std::strtoull(line.c_str(), &end, 16);
    const std::uint64_t until = std::strtoull(end + 1, &end, 16);
    if (std::string_view(end).substr(1, 2) != "rw" || until - begin > map_bytes_max) continue;
    for (std::uint64_t at = begin; at < until; at += piece_bytes - wanted.size()) {
      Bytes piece(std::min<std::uint64_t>(piece_bytes, until - at));
      const ssize_t got = ::pread(memory.number(), piece.data(), piece.size(), static_cast<off_t>(at));
      if (got <= 0) continue;
      const ByteView there = ByteView(piece).first(static_cast<std::size_t>(got));
      found += found_in(there, wanted) + found_in(there, backwards);
      OPENSSL_cleanse(piece.data(), piece.size());  // or the search itself would leave what it found
    }
  }
  return found;
}

}  // namespace

TEST_CASE("nothing of a private key stays in memory", "[attest]") {
  const KeyFile format = GENERATE(KeyFile::solana_keypair, KeyFile::ed25519_pem, KeyFile::p256_pem);
  const ScratchFolder folder;
  const Traces traces = make_elsewhere(format, folder / "key", folder / "notes");
  {
    const auto signer = open_signer(folder / "key");
    REQUIRE(signer);
    REQUIRE((*signer)->sign(bytes_of("a report")));
    CHECK(found_in_memory(traces.text) == 0);
    CHECK(found_in_memory(traces.secret) > 0);  // it is there while it is needed, and this search finds it
  }
  CHECK(found_in_memory(traces.text) == 0);
  CHECK(found_in_memory(traces.secret) == 0);
}
