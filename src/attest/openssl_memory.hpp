// What OpenSSL leaves in memory.
#pragma once

namespace readyctl {

/// From now on OpenSSL's memory is wiped whenever it is given back. OpenSSL wipes the keys that it holds, but not the
/// copies that its decoders make while they read one. Where there is no memory for it, `leave` is called, which does
/// not return: OpenSSL tells that in no way that differs from other failures. To be called before anything uses
/// OpenSSL; false when something has, as a library may that was loaded, and nothing is changed then.
[[nodiscard]] bool wipe_openssl_memory(void (*leave)());

}  // namespace readyctl
