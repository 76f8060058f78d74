# SPDX-License-Identifier: Apache-2.0
# Flags for our own targets. They are set for the directories below the root and are no part of any
# target's interface, so that they cannot reach a user. -Werror is the presets' affair
# (CMAKE_COMPILE_WARNING_AS_ERROR).

if(STOREMARK_WARNINGS)
  add_compile_options(
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wcast-align -Wcast-qual -Wextra-semi
    -Wformat=2 -Wimplicit-fallthrough -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual
    -Wundef -Wunused)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wduplicated-branches -Wduplicated-cond -Wlogical-op)
    if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
      # GCC bug 105651: a false alarm for "literal" + std::string.
      add_compile_options(-Wno-restrict)
    endif()
  endif()
endif()

if(STOREMARK_SANITIZE)
  add_compile_options(-fsanitize=${STOREMARK_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${STOREMARK_SANITIZE})
  if(STOREMARK_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=all)
  endif()
endif()
