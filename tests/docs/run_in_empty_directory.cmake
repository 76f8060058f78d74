# SPDX-License-Identifier: Apache-2.0
file(REMOVE_RECURSE "${directory}")
file(MAKE_DIRECTORY "${directory}")
execute_process(COMMAND "${program}" WORKING_DIRECTORY "${directory}" RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "it ended with ${status}")
endif()
