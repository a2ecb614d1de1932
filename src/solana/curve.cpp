// The curve test of ed25519, as the runtime does it. Every program-derived address depends on it.
//
// Source: curve25519-dalek edwards.rs `decompress`: y modulo p without its sign bit, u = y² - 1, v = d·y² + 1; on the
// curve when u is 0 or u/v is a square. u/v and u·v differ by the square v², so one Kronecker symbol of u·v decides.
// v is never 0, because -1/d is no square.
#include <openssl/bn.h>

#include <algorithm>
#include <memory>

#include "base/invariant.hpp"
#include "solana/derive.hpp"

namespace readyctl {
namespace {

struct FreeContext {
  void operator()(BN_CTX* context) const { BN_CTX_free(context); }
};
struct FreeNumber {
  void operator()(BIGNUM* number) const { BN_free(number); }
};
using Number = std::unique_ptr<BIGNUM, FreeNumber>;

Number number_of(const char* hex) {
  BIGNUM* number = nullptr;
  invariant(BN_hex2bn(&number, hex) != 0, "OpenSSL reads the constants of the curve");
  return Number(number);
}

Number fresh_number() {
  Number number(BN_new());
  invariant(number != nullptr, "OpenSSL has memory for a number");
  return number;
}

/// What one thread needs for one test after the other, without allocating each time.
struct Curve {
  std::unique_ptr<BN_CTX, FreeContext> context{BN_CTX_new()};
  Number p = number_of("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed");  // 2^255 - 19
  Number d = number_of("52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3");  // -121665 / 121666
  Number y_squared = fresh_number();
  Number u = fresh_number();
  Number v = fresh_number();

  bool holds(const Pubkey& key) {
    auto y_bytes = key.bytes;
    y_bytes.back() &= 0x7f;
    bool done = BN_lebin2bn(y_bytes.data(), static_cast<int>(y_bytes.size()), u.get()) != nullptr;
    // BN_mod_sqr reduces y, which may be as large as 2^255 - 1.
    done = done && BN_mod_sqr(y_squared.get(), u.get(), p.get(), context.get()) == 1;
    done = done && BN_mod_sub(u.get(), y_squared.get(), BN_value_one(), p.get(), context.get()) == 1;
    done = done && BN_mod_mul(v.get(), d.get(), y_squared.get(), p.get(), context.get()) == 1;
    done = done && BN_mod_add(v.get(), v.get(), BN_value_one(), p.get(), context.get()) == 1;
    done = done && BN_mod_mul(v.get(), u.get(), v.get(), p.get(), context.get()) == 1;
    const int symbol = done ? BN_kronecker(v.get(), p.get(), context.get()) : -2;
    invariant(symbol >= -1, "OpenSSL computes modulo p");
    return symbol >= 0;  // 0 only when u is 0
  }
};

}  // namespace

bool is_on_curve(const Pubkey& key) {
  thread_local Curve curve;
  return curve.holds(key);
}

}  // namespace readyctl
