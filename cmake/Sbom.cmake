# Writes what a built readyctl consists of: a CycloneDX 1.5 document that names the binary by its SHA-256 and each
# Debian package of which code is in it or is loaded by it, with the version on this machine. No time and no serial
# number, so that the same build gives the same document.
#
#     cmake -DBINARY=build/release/src/readyctl -DVERSION=0.1.0 -DOUTPUT=readyctl.cdx.json -P cmake/Sbom.cmake
cmake_minimum_required(VERSION 3.25)

# What is compiled in from headers and archives, and so is no library that the binary names.
set(COMPILED_IN nlohmann-json3-dev libcli11-dev libspdlog-dev libfmt-dev libexpected-dev libstdc++-12-dev libgcc-12-dev
    libc6-dev)

function(run result)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE said OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  set(${result} "${said}" PARENT_SCOPE)
endfunction()

# The package that a library's file is of. dpkg knows some files by the path that they had before /lib was a link.
function(package_of path result)
  file(REAL_PATH "${path}" real)
  string(REGEX REPLACE "^/usr/lib/" "/lib/" older "${real}")
  foreach(candidate "${real}" "${older}")
    execute_process(COMMAND dpkg-query -S "${candidate}" OUTPUT_VARIABLE said ERROR_QUIET RESULT_VARIABLE failed)
    if(NOT failed)
      string(REGEX REPLACE ":.*" "" package "${said}")
      set(${result} "${package}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  message(FATAL_ERROR "${path} is of no package; the list would not be whole")
endfunction()

# Every library that the loader brings, theirs included.
run(loaded ldd "${BINARY}")
string(REGEX MATCHALL "/[^ \n]+" paths "${loaded}")
set(linked "")
foreach(path IN LISTS paths)
  package_of("${path}" package)
  list(APPEND linked ${package})
endforeach()
set(packages ${linked} ${COMPILED_IN})
list(REMOVE_DUPLICATES packages)
list(SORT packages)

file(SHA256 "${BINARY}" digest)
set(document [[{"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "metadata": {"component": {
  "type": "application", "bom-ref": "readyctl", "name": "readyctl", "hashes": [{"alg": "SHA-256"}],
  "licenses": [{"license": {"id": "Apache-2.0"}}]}}, "components": [], "dependencies": [{"ref": "readyctl", "dependsOn": []}]}]])
string(JSON document SET "${document}" metadata component version "\"${VERSION}\"")
string(JSON document SET "${document}" metadata component hashes 0 content "\"${digest}\"")

set(index 0)
foreach(package IN LISTS packages)
  run(version dpkg-query -W -f "\${Version}" ${package})
  run(architecture dpkg-query -W -f "\${Architecture}" ${package})
  string(REPLACE "+" "%2B" url_name "${package}")
  string(REPLACE "+" "%2B" url_version "${version}")
  string(REPLACE ":" "%3A" url_version "${url_version}")
  set(purl "pkg:deb/debian/${url_name}@${url_version}?arch=${architecture}&distro=debian-12")
  set(how linked)
  if(package IN_LIST COMPILED_IN)
    set(how "compiled in")
  endif()
  string(JSON document SET "${document}" components ${index}
         "{\"type\": \"library\", \"bom-ref\": \"${purl}\", \"name\": \"${package}\", \"version\": \"${version}\",
           \"purl\": \"${purl}\", \"properties\": [{\"name\": \"readyctl:use\", \"value\": \"${how}\"}]}")
  string(JSON document SET "${document}" dependencies 0 dependsOn ${index} "\"${purl}\"")
  math(EXPR index "${index} + 1")
endforeach()

file(WRITE "${OUTPUT}" "${document}\n")
