// What has been written so far of the lists, strings and numbers that are open, and when one of them runs away.
//
// Theory of operation. A type may leave lists, strings and numbers open, and a model that has lost its way fills them for
// ever: a hundred thousand digits, the same sentence again and again, one more comma. That is no matter of the language
// (`accepts` knows nothing of it) but of generation, so it is counted beside the automaton, along the bytes that were
// taken. What has become too long, or repeats itself, is to be closed; how is up to the caller. What was seen to repeat
// itself stays so until it is closed: another word in between would only be the next thing to repeat.
//
// Only what the type leaves open is counted: whoever states a maximum has it.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "machine.h"

namespace typeloom {

struct Caps {                // of what the type leaves open
  uint32_t items = 512;      // of an array, or members of an object
  uint32_t characters = 4096;  // of a string
  uint32_t digits = 64;      // bytes of a number
  uint32_t repeats = 32;     // times that the end of a list or string repeats itself; 0: never mind
};

class RunAway {
 public:
  explicit RunAway(const Caps& caps) : caps_(caps) {}

  // Whether one token may be enough to reach a cap, inside a string.
  bool is_near() const;
  // A token begins: what was seen to repeat itself is to be closed from here on (the token that showed it may end).
  void begin_token();
  // Reads a byte that the machine takes in `state`. True: it prolongs what is to be closed.
  bool read(Machine& machine, StateId state, uint8_t byte);

 private:
  // How often the end of a sequence repeats itself, for periods of up to kPeriods elements.
  class Repetition {
   public:
    void add(uint32_t element);
    bool at_least(uint32_t times, uint32_t fewest) const;

   private:
    static constexpr size_t kPeriods = 16;
    std::array<uint32_t, kPeriods> last_{};   // a ring
    std::array<uint32_t, kPeriods> equal_{};  // by period - 1: elements in a row that equal the one a period before
    uint32_t n_ = 0;
  };
  struct Open {  // a container
    uint32_t items = 0;
    uint64_t item = 0;  // hash of the bytes of the item that is open
    Repetition repetition;
    bool repeats = false, closing = false;
  };

  bool read_inside(Machine& machine, const State& s, uint8_t byte);

  Caps caps_;
  std::vector<Open> open_;
  bool in_string_ = false, escaped_ = false;
  bool repeats_ = false, closing_ = false;  // the open string
  uint32_t characters_ = 0, digits_ = 0, blanks_ = 0;
  Repetition repetition_;  // of the characters of the open string
};

}  // namespace typeloom
