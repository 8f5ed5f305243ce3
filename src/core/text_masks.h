// Masks of an automaton over plain bytes: for a state, the set of tokens after which some completion exists.
//
// Theory of operation. A walk of the vocabulary's trie, a step of the automaton for each node. Masks are memoised by state.
// Where a state goes round in itself under a set of characters (inside a name, a string, a comment), the tokens that stay
// inside the set are one bitmap, and the others are walked by their exits (loops.h); so what is left to walk is small. What
// only tends into the loop (the beginning of a keyword, where any other name may stand) is taken as if it were there already,
// and corrected by walking both states side by side, along the bytes in which they differ: those are few, and an automaton
// says which (`Automaton::differences`).
//
// With a budget of tokens the same walk takes only what ends near enough to the end of the text. The first walk of a state
// remembers how far from the end any of its tokens leads, so that a large budget costs nothing.
//
// Invariant, tested over whole vocabularies: equal to stepping every token's bytes.
#pragma once
#include <deque>
#include <vector>

#include "automaton.h"
#include "intern.h"
#include "loops.h"
#include "vocabulary.h"

namespace typeloom {

class TextMasks {
 public:
  TextMasks(const Vocabulary& vocabulary, Automaton& automaton) : vocabulary_(vocabulary), automaton_(automaton), loops_(1) {}

  void fill(uint32_t state, uint32_t* words);
  // The same, less the tokens from which the end is farther than `budget` tokens, this one included (a token spells at
  // least one byte, so bytes bound tokens). If no token is near enough, the nearest ones are left.
  void fill_within(uint32_t state, uint32_t* words, uint32_t budget);
  size_t n_masks() const { return masks_.size(); }
  size_t memory_bytes() const { return memory_bytes_; }

 private:
  struct Entry {
    std::vector<uint32_t> bitmap;  // all tokens, where they are many
    std::vector<uint32_t> tokens;  // else their list
    uint32_t reach = 0;            // no token leads farther from the end than this, in bytes
  };
  struct Walk {  // one walk, with what it may take and what it found
    uint32_t* words;
    uint32_t limit;    // states farther from the end are not taken
    uint32_t reach;    // the farthest that was met
    uint32_t nearest;  // the nearest
  };

  const Entry& entry(uint32_t state);
  void walk_all(uint32_t state, Walk& walk);
  void walk_below(const Trie& trie, uint32_t node, uint32_t state, Walk& walk);
  void walk_child(const Trie& trie, uint32_t child, uint32_t state, Walk& walk);
  CharSet walk_blanks(uint32_t node, uint32_t state, Walk& walk);
  bool walk_loop(uint32_t node, uint32_t state, const CharSet& done, Walk& walk);
  void walk_difference(uint32_t node, uint32_t state, uint32_t taken, Walk& walk);
  void walk_difference(uint32_t node, uint32_t state, uint32_t taken, const uint64_t (&differences)[4], Walk& walk);
  CharSet loop_of(uint32_t state);
  bool others_lead(uint32_t from, uint8_t ascii, uint32_t to);
  bool find_others_lead(uint32_t from, uint32_t to);
  bool near_enough(uint32_t state, Walk& walk) {
    const uint32_t far = automaton_.distance(state);
    if (far > walk.reach) walk.reach = far;
    if (far < walk.nearest) walk.nearest = far;
    return far <= walk.limit;
  }

  const Vocabulary& vocabulary_;
  Automaton& automaton_;
  std::vector<uint32_t> of_state_;  // state -> entry + 1
  std::deque<Entry> masks_;
  std::vector<uint32_t> loop_of_;   // state -> its set in loops_, plus 1
  std::vector<CharSet> loops_;      // the first is empty
  FlatMap others_;                  // (from, to) -> 1 or 2: not all, or all characters above ASCII lead there
  std::vector<uint32_t> draft_;     // words of the mask that is being made, an even number
  size_t memory_bytes_ = 0;
};

}  // namespace typeloom
