# READYCTL_SANITIZE=ON: AddressSanitizer and UndefinedBehaviorSanitizer over everything; any report ends the process.
# Not optimised, because optimising instrumented code costs more time than the tests take to run.
option(READYCTL_SANITIZE "Build with ASan and UBSan" OFF)
if(READYCTL_SANITIZE)
  add_compile_options(-O0 -g1 -U_FORTIFY_SOURCE -fsanitize=address,undefined -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()
