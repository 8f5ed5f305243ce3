// The one interface of everything that reads bytes and knows what may still follow.
//
// States are interned integers: equal integers accept the same continuations, so a transition, a mask or a distance that
// is known once is known for good. State 0 is dead. An automaton is *live by construction*: `step` answers 0 exactly if no
// completion can follow, so whatever is still alive can be finished. Texts are UTF-8; a completion never ends inside a
// character. States are made while they are asked for, hence nothing here is const; a caller that shares an automaton
// between threads locks it.
#pragma once
#include <cstdint>
#include <string_view>

namespace typeloom {

class Automaton {
 public:
  virtual ~Automaton() = default;
  virtual uint32_t start() = 0;  // 0: the language is empty
  virtual uint32_t step(uint32_t state, uint8_t byte) = 0;
  virtual bool accepting(uint32_t state) = 0;
  // Bytes of a shortest completion. Some byte always leads to a state that is one nearer.
  virtual uint32_t distance(uint32_t state) = 0;
  // No more than the distance, and cheap.
  virtual uint32_t least(uint32_t state) { return distance(state); }
  // Characters of a shortest and of a longest completion; bounds from above where they are not known.
  virtual uint32_t min_chars(uint32_t state) { return distance(state); }
  virtual uint32_t max_chars(uint32_t state) {
    (void)state;
    return UINT32_MAX;
  }
  // An automaton whose states are texts has too many of them to make one for each token. It says so by more than 0: any text
  // of letters, digits and hyphens of so many bytes leads to a live state that is no further than kRunEnds from an accepting
  // one, and bytes of all other kinds to none.
  static constexpr uint32_t kRunEnds = 16;
  virtual uint32_t free_run(uint32_t state) {
    (void)state;
    return 0;
  }
  // Whether the bytes lead to an accepting state.
  virtual bool accepts(uint32_t state, std::string_view bytes) {
    for (char c : bytes)
      if (!state || !(state = step(state, uint8_t(c)))) return false;
    return state && accepting(state);
  }
  // Sets bit b % 64 of word b / 64 where byte b may lead elsewhere than b - 1; too many bits cost time, too few are wrong.
  virtual void boundaries(uint32_t state, uint64_t (&bits)[4]) {
    (void)state;
    for (uint64_t& word : bits) word = ~uint64_t{0};
  }
  // Whether each character above ASCII certainly leads where this ASCII character does, which is a live state.
  virtual bool others_as(uint32_t state, uint8_t ascii) {
    (void)state, (void)ascii;
    return false;
  }
  // Sets the bit of each byte that may lead from two states to different ones; too many bits cost time, too few are wrong.
  virtual void differences(uint32_t a, uint32_t b, uint64_t (&bits)[4]) {
    for (unsigned byte = 0; byte < 256; ++byte)
      if (step(a, uint8_t(byte)) != step(b, uint8_t(byte))) bits[byte >> 6] |= uint64_t{1} << (byte & 63);
  }
};

}  // namespace typeloom
