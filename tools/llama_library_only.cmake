# Read by CMake right after llama-cpp-python's own project() (CMAKE_PROJECT_llama_cpp_INCLUDE): build and install libllama and
# ggml, which is all that typeloom calls. Its CMakeLists.txt forces LLAMA_BUILD_COMMON into the cache; a normal variable of
# that name takes precedence over the cache (policies CMP0126 and CMP0077) and drops some two hundred compile steps.
set(LLAMA_BUILD_COMMON OFF)

# ggml keeps the shapes of AMX tiles on the stack, where GCC takes the writing of them for dead and leaves it out: the first
# product ends in a segmentation fault (llama.cpp issue 20824, pull request 26954). Without AMX the same products use AVX-512.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
  include(CheckCXXCompilerFlag)
  check_cxx_compiler_flag(-mno-amx-tile TYPELOOM_KNOWS_AMX)
  if(TYPELOOM_KNOWS_AMX)
    add_compile_options(-mno-amx-tile -mno-amx-int8 -mno-amx-bf16)
  endif()
endif()
