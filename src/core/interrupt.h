// How a running call is told to stop.
#pragma once
#include <atomic>
#include <chrono>

namespace typeloom {

// Asked often, answers fast. `cancel` may be called from any thread; `poll` is overridden to look at signals.
class Interrupt {
 public:
  using Clock = std::chrono::steady_clock;

  virtual ~Interrupt() = default;
  void cancel() { cancelled_.store(true, std::memory_order_relaxed); }
  bool cancelled() const { return cancelled_.load(std::memory_order_relaxed); }

  bool check() {  // polls if 50 ms have gone by since it last did
    if (cancelled()) return true;
    const Clock::time_point now = Clock::now();
    if (now - polled_ < std::chrono::milliseconds(50)) return false;
    polled_ = now;
    if (poll()) cancel();
    return cancelled();
  }

 protected:
  virtual bool poll() { return false; }  // true: cancel

 private:
  std::atomic<bool> cancelled_{false};
  Clock::time_point polled_ = Clock::now();
};

}  // namespace typeloom
