# Read by CMake right after llama-cpp-python's own project() (CMAKE_PROJECT_llama_cpp_INCLUDE): build and install libllama and
# ggml, which is all that typeloom calls. Its CMakeLists.txt forces LLAMA_BUILD_COMMON into the cache; a normal variable of
# that name takes precedence over the cache (policies CMP0126 and CMP0077) and drops some two hundred compile steps.
set(LLAMA_BUILD_COMMON OFF)
