// Ways to the end: for a state, tokens that lead to a complete text, found by walking them and not by estimating.
//
// Theory of operation. `Machine::distance` is an estimate: exact for ordinary jobs, misleading under unions and conditions.
// A *way* is a proof: a chain of states, each one token behind the one before it, whose last one accepts. It is found by
// letting the distance lead (each byte that brings the end one byte nearer is followed), and where the distance misleads
// by a best-first search over bytes, bounded by kMostSearched states. The bytes are then cut into the fewest tokens of the
// vocabulary that spell them. Where some byte is no token, the search runs over whole tokens instead.
//
// A way is kept for each state on it, so ways run into each other like rivers, and a later question is a look-up. Once
// given, a length never grows. From a state of length n there is a token to a state of length n - 1: whoever only enters
// states whose length fits into what is left can always finish, whatever was estimated. `kNoWay` says that no completion
// was found within the bounds; as a rule there is none. Searching is bounded for one state and in all, so that it cannot
// use up the automaton's states: once that is spent, what the distance does not lead to the end is refused, and the ways
// that are known remain.
#pragma once
#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "machine.h"
#include "vocabulary.h"

namespace typeloom {

class Ways {
 public:
  static constexpr uint32_t kNoWay = UINT32_MAX;
  static constexpr size_t kMostSearched = 20000;   // states of one search
  static constexpr size_t kMostInAll = 400000;     // of all searches of a constraint; from then on ...
  static constexpr size_t kMostThereafter = 200;   // ... of one search, until twice as many are spent, and then none

  Ways(const Vocabulary& vocabulary, Machine& machine) : vocabulary_(vocabulary), machine_(machine) {}

  // Tokens of the way from this state; the end token is not counted.
  uint32_t length(StateId state) {
    if (!state) return kNoWay;
    if (state >= ways_.size() || !ways_[state].known) find(state);
    return ways_[state].length;
  }
  uint32_t first_token(StateId state) {  // of the way; kNone if the text is complete or there is none
    return length(state) == kNoWay ? kNone : ways_[state].token;
  }
  size_t n_searches() const { return n_searches_; }  // how often the distance did not lead to the end
  size_t memory_bytes() const { return ways_.size() * sizeof(Way); }

 private:
  struct Way {
    bool known = false;
    uint8_t byte = 0;
    StateId next = 0;           // after that byte; 0 where the way goes on by whole tokens, or ends
    uint32_t token = kNone;     // the first one
    uint32_t length = kNoWay;   // in tokens
  };
  struct Step {
    StateId from;
    uint8_t byte;
  };
  struct Reached {  // by a search
    StateId from;
    uint32_t by;    // a byte, or a token
    uint32_t cost;  // bytes or tokens so far
  };

  void find(StateId state);
  bool descend(StateId state, std::vector<Step>& path, StateId& end);
  bool search_bytes(StateId state, std::vector<Step>& path, StateId& end);
  bool search_tokens(StateId state);
  void cut_into_tokens(const std::vector<Step>& path, StateId end);
  size_t most() const {
    return n_searched_ < kMostInAll ? kMostSearched : n_searched_ < 2 * kMostInAll ? kMostThereafter : 0;
  }
  bool is_end(StateId state) {  // of a search: complete, or a way from here is known
    return (state < ways_.size() && ways_[state].known) ? ways_[state].length != kNoWay : machine_.accepting(state);
  }
  Way& way(StateId state) {
    if (state >= ways_.size()) ways_.resize(std::max<size_t>(state + 1, machine_.n_states() + 64));
    return ways_[state];
  }

  const Vocabulary& vocabulary_;
  Machine& machine_;
  std::vector<Way> ways_;  // by state
  size_t n_searches_ = 0;
  size_t n_searched_ = 0;  // states that searches have reached
};

}  // namespace typeloom
