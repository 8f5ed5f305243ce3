// Tokens that go round in one state: what of a vocabulary stays inside a set of characters, and how the rest leaves it.
//
// Theory of operation. Most states of an ordinary grammar in which many tokens are allowed are loops: inside a name, a
// string or a comment, every character of some set leads back to the same state. So the tokens below a trie node are split
// by the set once: those that stay inside of it (a list, or a bitmap where they are many), and the *exits*: what is left of
// the others from their first character outside of it, as a trie of its own. Tens of thousands of tokens share a few
// hundred exits. Which characters a token has is known, so most tokens are told by a few comparisons.
//
// Splits belong to the vocabulary and are shared by all grammars. Immutable once made; making one is guarded by a lock.
#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <tuple>
#include <vector>

#include "vocabulary.h"

namespace typeloom {

struct CharSet {  // ASCII characters by their bit, and all characters above ASCII or none
  uint64_t ascii[2] = {0, 0};
  bool others = false;
  bool has(uint8_t b) const { return b < 0x80 ? ascii[b >> 6] >> (b & 63) & 1 : others; }
  void set(uint8_t b) { ascii[b >> 6] |= uint64_t{1} << (b & 63); }
  uint32_t size() const { return uint32_t(__builtin_popcountll(ascii[0]) + __builtin_popcountll(ascii[1])); }
};

struct LoopSplit {
  std::vector<uint32_t> stays;   // tokens below the node whose bytes after it stay inside
  std::vector<uint32_t> bitmap;  // the same, where there are many tokens below the node
  Trie exits;                    // of the other tokens that stay inside for a byte or more: the rest; values are tokens
};

class Loops {
 public:
  explicit Loops(const Vocabulary& vocabulary);  // its trie is made
  // The split of the tokens below `node`; a token may end inside of a character.
  const LoopSplit& split(uint32_t node, const CharSet& set);

 private:
  LoopSplit make(uint32_t node, const CharSet& set) const;

  const Vocabulary& vocabulary_;
  std::vector<CharSet> tails_;  // the characters of each token behind its first byte, in the order of the trie
  std::mutex lock_;
  std::map<std::tuple<uint32_t, uint64_t, uint64_t, bool>, LoopSplit> splits_;
};

}  // namespace typeloom
