# What the compiler and the linker do so that a fault which is found in the field stays a crash, and the same source
# gives the same bytes wherever it is built. Not with sanitizers, which do more and do not go together with these.
option(READYCTL_HARDENED "Build with the hardening of compiler and linker" ON)
if(READYCTL_HARDENED AND NOT READYCTL_SANITIZE)
  # Distributions set a lower level in their own flags, and two levels are a warning.
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -D_GLIBCXX_ASSERTIONS -fstack-protector-strong
                      -fstack-clash-protection)
  # All symbols are bound before main, so that the table that calls go through can be read-only from then on.
  add_link_options(LINKER:-z,relro,-z,now,-z,noexecstack,-z,separate-code)
endif()

# CMake passes -pie to the linker only where it has been asked whether the linker knows it.
include(CheckPIESupported)
check_pie_supported(LANGUAGES CXX)

# No file of a build holds the folder that it was built in. Coverage needs it, and is counted with sanitizers.
if(NOT READYCTL_SANITIZE)
  add_compile_options(-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)
endif()
