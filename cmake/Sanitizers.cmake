# READYCTL_SANITIZE=ON: AddressSanitizer and UndefinedBehaviorSanitizer over everything; any report ends the process.
# Not optimised, because optimising instrumented code costs more time than the tests take to run.
option(READYCTL_SANITIZE "Build with ASan and UBSan" OFF)
if(READYCTL_SANITIZE)
  add_compile_options(-O0 -g1 -U_FORTIFY_SOURCE -fsanitize=address,undefined -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
  # Programs of a hundred megabytes, which lld links in a quarter of the time.
  find_program(READYCTL_LLD ld.lld-19)
  if(READYCTL_LLD AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    add_link_options(-fuse-ld=lld)
  endif()
endif()

# READYCTL_FUZZ=ON: the fuzz targets of tests/fuzz. The rooms are compiled with the coverage that steers libFuzzer; its
# main function is linked into the targets alone, so every other program runs as it would without.
option(READYCTL_FUZZ "Build the fuzz targets; needs Clang and READYCTL_SANITIZE" OFF)
add_library(readyctl_coverage INTERFACE)
if(READYCTL_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang" OR NOT READYCTL_SANITIZE)
    message(FATAL_ERROR "READYCTL_FUZZ needs Clang and READYCTL_SANITIZE=ON: a fault that no sanitizer sees is no finding")
  endif()
  target_compile_options(readyctl_coverage INTERFACE -fsanitize=fuzzer-no-link)
endif()

# READYCTL_COVERAGE=ON: every program writes which lines of the rooms it ran, to where LLVM_PROFILE_FILE says;
# tests/coverage.sh adds them up.
option(READYCTL_COVERAGE "Count the lines that run; needs Clang" OFF)
if(READYCTL_COVERAGE)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "READYCTL_COVERAGE needs Clang, whose counts tests/coverage.sh reads")
  endif()
  target_compile_options(readyctl_coverage INTERFACE -fprofile-instr-generate -fcoverage-mapping)
  add_link_options(-fprofile-instr-generate)
endif()
