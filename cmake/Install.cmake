# What `cmake --install` puts where, and how other builds find it: find_package(fluxer_auth CONFIG) and pkg-config.
include(CMakePackageConfigHelpers)

set(fluxer_auth_cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/fluxer_auth)
set(fluxer_auth_installed fluxer_auth)
if(FLUXER_AUTH_BUILD_SANDBOX)
  list(APPEND fluxer_auth_installed fluxer_auth_sandbox)
endif()

# Before 1.0 each minor version may break the ABI.
set_target_properties(fluxer_auth PROPERTIES
  EXPORT_NAME auth
  VERSION ${PROJECT_VERSION}
  SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
if(FLUXER_AUTH_BUILD_SANDBOX)
  set_target_properties(fluxer_auth_sandbox PROPERTIES EXPORT_NAME auth_sandbox)
endif()

install(TARGETS ${fluxer_auth_installed} EXPORT fluxer_auth_targets)
install(FILES ${PROJECT_SOURCE_DIR}/include/fluxer/auth.hpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/fluxer)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/fluxer/auth DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/fluxer)
if(FLUXER_AUTH_BUILD_SANDBOX)
  install(FILES ${PROJECT_SOURCE_DIR}/include/fluxer/auth_sandbox.hpp
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/fluxer)
endif()
install(EXPORT fluxer_auth_targets NAMESPACE fluxer:: DESTINATION ${fluxer_auth_cmake_dir})

# Only a static library leaves it to its users to link what it needs.
set(fluxer_auth_config_idn "")
if(FLUXER_AUTH_HAS_IDN AND NOT BUILD_SHARED_LIBS)
  set(fluxer_auth_config_idn "find_dependency(PkgConfig)
pkg_check_modules(FLUXER_AUTH_LIBIDN2 QUIET IMPORTED_TARGET libidn2>=2.0)
if(NOT TARGET PkgConfig::FLUXER_AUTH_LIBIDN2)
  set(fluxer_auth_FOUND FALSE)
  set(fluxer_auth_NOT_FOUND_MESSAGE \"fluxer_auth needs libidn2, which pkg-config does not find\")
  return()
endif()
")
endif()
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/fluxer_authConfig.cmake.in
  ${PROJECT_BINARY_DIR}/fluxer_authConfig.cmake INSTALL_DESTINATION ${fluxer_auth_cmake_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/fluxer_authConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/fluxer_authConfig.cmake ${PROJECT_BINARY_DIR}/fluxer_authConfigVersion.cmake
  DESTINATION ${fluxer_auth_cmake_dir})

# A static library brings nothing along, so its users name what it needs.
set(fluxer_auth_pc_requires "Requires.private")
set(fluxer_auth_pc_libs "-lboost_json")
if(NOT BUILD_SHARED_LIBS)
  set(fluxer_auth_pc_requires "Requires")
  string(APPEND fluxer_auth_pc_libs " -lboost_url -pthread")
endif()
set(fluxer_auth_pc_idn "")
if(FLUXER_AUTH_HAS_IDN)
  set(fluxer_auth_pc_idn ", libidn2 >= 2.0")
endif()
list(TRANSFORM FLUXER_AUTH_BOOST_DEFINITIONS PREPEND "-D" OUTPUT_VARIABLE fluxer_auth_pc_flags)
if(BUILD_SHARED_LIBS)
  list(APPEND fluxer_auth_pc_flags -DFLUXER_AUTH_SHARED)
endif()
list(JOIN fluxer_auth_pc_flags " " fluxer_auth_pc_flags)
configure_file(${CMAKE_CURRENT_LIST_DIR}/fluxer_auth.pc.in ${PROJECT_BINARY_DIR}/fluxer_auth.pc.in @ONLY)
# The prefix is known only when it is installed (cmake --install --prefix).
install(CODE "set(fluxer_auth_pc_dir \"${CMAKE_INSTALL_LIBDIR}/pkgconfig\")
  file(READ \"${PROJECT_BINARY_DIR}/fluxer_auth.pc.in\" text)
  string(REPLACE \"[prefix]\" \"\${CMAKE_INSTALL_PREFIX}\" text \"\${text}\")
  file(WRITE \"${PROJECT_BINARY_DIR}/fluxer_auth.pc\" \"\${text}\")")
install(FILES ${PROJECT_BINARY_DIR}/fluxer_auth.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
