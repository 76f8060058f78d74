# SPDX-License-Identifier: Apache-2.0
# storemark_add_test(NAME <name> LABELS <label>... SOURCES <file>... [LIBS <target>...]
#                    [ARGS <arg>...] [TIMEOUT <seconds>] [RUN_SERIAL] [CAMPAIGN])
#
# A campaign (and what is labelled crash or media) spends its time in its own code, and is optimised;
# the others are compiled more often than they run, and are not. The library always is.
#
# Makes the GoogleTest binary <name>, which sees the library's internals ("journal/codec.hpp") and
# the tests' own support code ("support/..."), and one ctest of the same name.
#
# Labels say what a test costs and needs: unit, crash, media, process, threads, cli, rules (the
# restart rules, on scenarios that the tool reads), examples, golden, package, fuzz, bench, corosync (as
# root, on a ring of real daemons), long. A test labelled long runs under `./dev test --long` only. For each
# label the target tests_<label> builds the binaries that carry it.
find_package(GTest REQUIRED)

set(STOREMARK_TEST_LABELS unit crash media process threads cli rules examples golden package fuzz bench
    corosync long
    CACHE INTERNAL "")

function(storemark_check_labels name)
  if(NOT ARGN)
    message(FATAL_ERROR "test ${name}: no label")
  endif()
  foreach(label IN LISTS ARGN)
    if(NOT label IN_LIST STOREMARK_TEST_LABELS)
      message(FATAL_ERROR "test ${name}: unknown label ${label}")
    endif()
  endforeach()
endfunction()

# storemark_compile_quickly(<target>): for a GoogleTest binary that is compiled more often than it runs.
function(storemark_compile_quickly target)
  target_compile_options(${target} PRIVATE -O0)
  if(STOREMARK_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM storemark_test_headers)
  endif()
endfunction()

function(storemark_add_test)
  cmake_parse_arguments(PARSE_ARGV 0 arg "RUN_SERIAL;CAMPAIGN" "NAME;TIMEOUT" "LABELS;SOURCES;LIBS;ARGS")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_NAME OR NOT arg_SOURCES)
    message(FATAL_ERROR "storemark_add_test(${ARGV}): see cmake/StoremarkTest.cmake")
  endif()
  storemark_check_labels(${arg_NAME} ${arg_LABELS})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()

  add_executable(${arg_NAME} ${arg_SOURCES})
  if(NOT arg_CAMPAIGN AND NOT "crash" IN_LIST arg_LABELS AND NOT "media" IN_LIST arg_LABELS)
    storemark_compile_quickly(${arg_NAME})
  endif()
  target_include_directories(${arg_NAME} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
  target_link_libraries(${arg_NAME} PRIVATE storemark_internal ${arg_LIBS} GTest::gtest_main)
  foreach(label IN LISTS arg_LABELS)
    if(NOT TARGET tests_${label})
      add_custom_target(tests_${label})
    endif()
    add_dependencies(tests_${label} ${arg_NAME})
  endforeach()
  add_test(NAME ${arg_NAME} COMMAND ${arg_NAME} ${arg_ARGS})
  set_tests_properties(${arg_NAME} PROPERTIES
    LABELS "${arg_LABELS}" TIMEOUT ${arg_TIMEOUT} RUN_SERIAL ${arg_RUN_SERIAL})
endfunction()
