# The language level and the warnings that every target of ours is built with. Warnings are errors.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

# Several files of a room are compiled as one, because most of what a compiler does for one is reading the same headers:
# the whole takes a third of the time. Who changes one file again and again turns it off.
option(CMAKE_UNITY_BUILD "Compile several files as one" ON)

find_program(CCACHE ccache)
if(CCACHE)
  # Precompiled headers are compared by content; without these, ccache never finds a file that uses one.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
endif()

add_library(readyctl_warnings INTERFACE)
target_compile_options(readyctl_warnings INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports these falsely inside coroutine frames and inlined standard containers when it optimises.
  target_compile_options(readyctl_warnings INTERFACE -Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow
                                                     -Wno-array-bounds)
  if(CMAKE_UNITY_BUILD)
    # A coroutine's frame holds types of an anonymous namespace, which GCC takes for a fault in any file that is included.
    target_compile_options(readyctl_warnings INTERFACE -Wno-subobject-linkage)
  endif()
  # What ccache needs to see through a precompiled header.
  target_compile_options(readyctl_warnings INTERFACE -fpch-preprocess)
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # libstdc++ 12 itself uses a function that it has deprecated, in std::stable_sort.
  target_compile_options(readyctl_warnings INTERFACE -Wno-deprecated-declarations)
endif()

# What nearly every file includes; nothing of ours.
set(READYCTL_COMMON_HEADERS
    <chrono> <filesystem> <functional> <map> <memory> <optional> <span> <string> <string_view> <tuple> <variant>
    <vector> <nlohmann/json.hpp> <tl/expected.hpp>)

# One room: a static library with its sources, its warnings, and the rooms below it.
function(readyctl_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;USES" ${ARGN})
  add_library(readyctl_${name} STATIC ${ROOM_SOURCES})
  target_include_directories(readyctl_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/include)
  target_link_libraries(readyctl_${name} PUBLIC ${ROOM_USES} PRIVATE readyctl_warnings readyctl_coverage)
  if(name STREQUAL "base")
    target_precompile_headers(readyctl_base PRIVATE ${READYCTL_COMMON_HEADERS})
  else()
    target_precompile_headers(readyctl_${name} REUSE_FROM readyctl_base)
  endif()
endfunction()
