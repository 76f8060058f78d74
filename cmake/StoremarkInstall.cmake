# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` puts where: headers, library, CMake package, pkg-config file, tool, schemas.
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/storemark")

# A component's header goes where the component does.
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/storemark"
        DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
        FILES_MATCHING PATTERN "*.hpp" PATTERN "*.h" PATTERN "corosync_group.hpp" EXCLUDE)
install(TARGETS storemark EXPORT storemarkTargets
        LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
        ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(EXPORT storemarkTargets NAMESPACE storemark:: DESTINATION "${package_dir}")
if(STOREMARK_WITH_COROSYNC)
  install(FILES "${PROJECT_SOURCE_DIR}/include/storemark/corosync_group.hpp"
          DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/storemark")
  install(TARGETS storemark_corosync EXPORT storemarkCorosyncTargets
          LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
          ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
  install(EXPORT storemarkCorosyncTargets NAMESPACE storemark:: DESTINATION "${package_dir}")
endif()

if(BUILD_SHARED_LIBS)
  set(STOREMARK_STATIC OFF)
else()
  set(STOREMARK_STATIC ON)
endif()
list(JOIN STOREMARK_COROSYNC_MODULES " " STOREMARK_COROSYNC_WORDS)
configure_package_config_file(
  "${CMAKE_CURRENT_LIST_DIR}/storemarkConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/storemarkConfig.cmake"
  INSTALL_DESTINATION "${package_dir}"
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(
  "${PROJECT_BINARY_DIR}/storemarkConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES
          "${PROJECT_BINARY_DIR}/storemarkConfig.cmake"
          "${PROJECT_BINARY_DIR}/storemarkConfigVersion.cmake"
          "${CMAKE_CURRENT_LIST_DIR}/FindxxHash.cmake"
        DESTINATION "${package_dir}")

# pkg-config. Paths are relative to the file itself, so that the tree can be moved. Where the static
# library is the only one, its needs are everybody's; beside a shared one they are private.
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}" OR IS_ABSOLUTE "${CMAKE_INSTALL_INCLUDEDIR}")
  set(PC_PREFIX "${CMAKE_INSTALL_PREFIX}")
else()
  file(RELATIVE_PATH up "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
  string(REGEX REPLACE "/$" "" up "${up}")
  set(PC_PREFIX "\${pcfiledir}/${up}")
endif()
cmake_path(APPEND PC_LIBDIR "\${prefix}" "${CMAKE_INSTALL_LIBDIR}")
cmake_path(APPEND PC_INCLUDEDIR "\${prefix}" "${CMAKE_INSTALL_INCLUDEDIR}")
set(PC_REQUIRES "")
set(PC_REQUIRES_PRIVATE "libxxhash >= 0.8")
if(STOREMARK_STATIC)
  set(PC_REQUIRES "libxxhash >= 0.8")
  set(PC_REQUIRES_PRIVATE "")
endif()
configure_file("${CMAKE_CURRENT_LIST_DIR}/storemark.pc.in"
               "${PROJECT_BINARY_DIR}/storemark.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/storemark.pc"
        DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
if(STOREMARK_WITH_COROSYNC)
  set(PC_COROSYNC_REQUIRES "storemark = ${PROJECT_VERSION}")
  list(JOIN STOREMARK_COROSYNC_MODULES ", " PC_COROSYNC_REQUIRES_PRIVATE)
  if(STOREMARK_STATIC)
    string(APPEND PC_COROSYNC_REQUIRES ", ${PC_COROSYNC_REQUIRES_PRIVATE}")
    set(PC_COROSYNC_REQUIRES_PRIVATE "")
  endif()
  configure_file("${CMAKE_CURRENT_LIST_DIR}/storemark-corosync.pc.in"
                 "${PROJECT_BINARY_DIR}/storemark-corosync.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/storemark-corosync.pc"
          DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endif()

if(TARGET storemark_cli)
  file(RELATIVE_PATH lib_from_bin
       "${CMAKE_INSTALL_FULL_BINDIR}" "${CMAKE_INSTALL_FULL_LIBDIR}")
  if(BUILD_SHARED_LIBS)
    set_target_properties(storemark_cli PROPERTIES INSTALL_RPATH "$ORIGIN/${lib_from_bin}")
  endif()
  install(TARGETS storemark_cli RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/schemas"
          DESTINATION "${CMAKE_INSTALL_DATADIR}/storemark" FILES_MATCHING PATTERN "*.schema.json")
endif()
