// llama.cpp's log, kept instead of printed. llama.cpp has one log for the process, so there is one ring; the callback is
// native because llama.cpp logs in the middle of an evaluation, where Python code could swallow a pending Ctrl-C.
#pragma once
#include <string>
#include <vector>

namespace typeloom {

// ggml.h: ggml_log_callback. Keeps warnings and errors, the last 40; any thread.
void keep_log_line(int level, const char* text, void* data);

std::vector<std::string> kept_log_lines();
void forget_log_lines();

}  // namespace typeloom
