# Flags for this project's own targets only; a consumer's targets stay as they are.

# Asio, Beast and JSON must be configured alike in every translation unit that links together (ODR), so these
# are public. Beast is kept out of the public headers, where they have no effect on compile time.
set(FLUXER_AUTH_BOOST_DEFINITIONS BOOST_ASIO_NO_DEPRECATED)
if(FLUXER_AUTH_SANITIZE MATCHES "thread")
  # Asio orders its reference counts and handlers with fences, which the sanitizer does not model; without
  # std::atomic it uses the compiler's full barriers instead, which it does.
  list(APPEND FLUXER_AUTH_BOOST_DEFINITIONS BOOST_ASIO_DISABLE_STD_ATOMIC)
endif()
if(FLUXER_AUTH_SANITIZE)
  # Sanitizers make compiling slow; a sixth of that would go to Asio's own functions, in each file anew (cmake/asio.cpp).
  list(APPEND FLUXER_AUTH_BOOST_DEFINITIONS BOOST_ASIO_SEPARATE_COMPILATION)
endif()

function(fluxer_auth_project_flags target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES
    CXX_EXTENSIONS OFF
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    POSITION_INDEPENDENT_CODE ON)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
  if(FLUXER_AUTH_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(CMAKE_UNITY_BUILD)
    # Several files in one unit (quicker under sanitizers) see each other's anonymous namespaces.
    target_compile_options(${target} PRIVATE -Wno-shadow $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # False positives of g++ 12 inside Boost.Asio and Beast headers and about coroutine frames, under -O1 and -O2.
    target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized -Wno-array-bounds -Wno-stringop-overflow
                                             -Wno-stringop-overread -Wno-restrict -Wno-dangling-pointer
                                             -Wno-mismatched-new-delete)
  endif()
  if(FLUXER_AUTH_SANITIZE)
    separate_arguments(runtime UNIX_COMMAND "${FLUXER_AUTH_SANITIZER_RUNTIME}")
    target_compile_options(${target} PUBLIC -fsanitize=${FLUXER_AUTH_SANITIZE} ${runtime} -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=${FLUXER_AUTH_SANITIZE})
    if(FLUXER_AUTH_SANITIZE MATCHES "undefined" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      # Made with each access, they take a third of the compiler's time. The address sanitizer sees null pointers and
      # bounds; alignment is checked by the fuzz targets, which clang builds.
      target_compile_options(${target} PRIVATE -fno-sanitize=null,alignment,object-size)
    endif()
  endif()
endfunction()

# Of code that tests and is not tested itself. Compiling it takes longer than running it, and twice as long with -O1.
function(fluxer_auth_test_flags target)
  fluxer_auth_project_flags(${target})
  target_compile_options(${target} PRIVATE -O0)
endfunction()
