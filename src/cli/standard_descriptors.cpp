#include "cli/standard_descriptors.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <initializer_list>

namespace readyctl {

void take_standard_descriptors() {
  for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    const bool is_closed = ::fcntl(number, F_GETFD) < 0 && errno == EBADF;
    if (is_closed) ::open("/dev/null", O_RDONLY);  // the lowest number that is free, which is this one
  }
}

}  // namespace readyctl
