#include "llama_log.h"

#include <deque>
#include <mutex>

namespace typeloom {
namespace {

constexpr int kWarning = 3, kContinued = 5;  // ggml.h: enum ggml_log_level
constexpr size_t kLines = 40, kLineBytes = 4000;

struct Ring {
  std::mutex lock;
  std::deque<std::string> lines;
  bool last_was_kept = false;
};

Ring& ring() {
  static Ring* const only = new Ring;  // never destroyed: llama.cpp may log while the process ends
  return *only;
}

}  // namespace

void keep_log_line(int level, const char* text, void*) {
  Ring& kept = ring();
  const std::lock_guard<std::mutex> guard(kept.lock);
  if (level == kContinued) {
    if (kept.last_was_kept && !kept.lines.empty() && kept.lines.back().size() < kLineBytes) kept.lines.back() += text;
    return;
  }
  kept.last_was_kept = level >= kWarning;
  if (!kept.last_was_kept) return;
  kept.lines.emplace_back(text);
  if (kept.lines.back().size() > kLineBytes) kept.lines.back().resize(kLineBytes);
  if (kept.lines.size() > kLines) kept.lines.pop_front();
}

std::vector<std::string> kept_log_lines() {
  Ring& kept = ring();
  const std::lock_guard<std::mutex> guard(kept.lock);
  return {kept.lines.begin(), kept.lines.end()};
}

void forget_log_lines() {
  Ring& kept = ring();
  const std::lock_guard<std::mutex> guard(kept.lock);
  kept.lines.clear();
}

}  // namespace typeloom
