#include "cli/cli.hpp"

int main(int argc, char** argv) { return readyctl::run_command_line(argc, argv); }
