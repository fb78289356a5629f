# The newest clang there is, for the fuzz preset: before 16, clang does not compile Asio's coroutines with libstdc++. Each
# version that a distribution offers beside its default has a name of its own.
find_program(FLUXER_AUTH_CLANG
  NAMES clang++-20 clang++-19 clang++-18 clang++-17 clang++-16 clang++ REQUIRED)
set(CMAKE_CXX_COMPILER ${FLUXER_AUTH_CLANG})
