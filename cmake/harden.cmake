# Flags against the exploitation of memory errors, as far as compiler and C library have them. The
# test `hardening` checks the program for their effects.
include(CheckCCompilerFlag)
include(CheckCSourceCompiles)

if(NOT SANITIZE)
  foreach(flag -fcf-protection -fstack-clash-protection)
    string(MAKE_C_IDENTIFIER "has${flag}" has)
    check_c_compiler_flag("${flag} -Werror" ${has})
    if(${has})
      target_compile_options(flags INTERFACE ${flag})
    endif()
  endforeach()
endif()

if(CMAKE_BUILD_TYPE MATCHES "Rel" AND NOT SANITIZE)
  set(CMAKE_REQUIRED_FLAGS "-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3")
  check_c_source_compiles("
    #include <stdlib.h>
    #if !defined __USE_FORTIFY_LEVEL || __USE_FORTIFY_LEVEL < 3
    #error
    #endif
    int main(void) { return 0; }" has_fortify_3)
  unset(CMAKE_REQUIRED_FLAGS)
  target_compile_options(flags INTERFACE
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$<IF:$<BOOL:${has_fortify_3}>,3,2>)
endif()
