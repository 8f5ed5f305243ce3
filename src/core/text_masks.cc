#include "text_masks.h"

#include <algorithm>
#include <cstring>
#include <iterator>

#include "lexis.h"

namespace typeloom {

namespace {
constexpr size_t kSparse = 1024;       // more tokens than this are kept as a bitmap
constexpr uint32_t kSmallLoop = 8;     // a set of fewer characters is walked
constexpr uint32_t kSmallSubtree = 32;
constexpr uint8_t kProbes[] = {'z', 'e', 'E', '0', ' '};  // characters that lead into the usual loops
constexpr uint8_t kBlanks[] = {' ', '\t', '\n', '\r'};
constexpr uint32_t kMostBlank = 4096;     // more nodes than this below white space are walked, each with its own runs of it
constexpr uint32_t kInsideCharacter = 3;  // bytes that a character may still need

void set_bits(uint32_t* words, const std::vector<uint32_t>& tokens) {
  for (uint32_t t : tokens) words[t / 32] |= 1u << (t % 32);
}
void set_bits(uint32_t* words, const Trie& trie, uint32_t from_node, uint32_t to_node) {
  for (uint32_t k = trie.token_begin[from_node]; k < trie.token_begin[to_node]; ++k)
    words[trie.tokens[k] / 32] |= 1u << (trie.tokens[k] % 32);
}
void clear_bits(uint32_t* words, const Trie& trie, uint32_t from_node, uint32_t to_node) {
  for (uint32_t k = trie.token_begin[from_node]; k < trie.token_begin[to_node]; ++k)
    words[trie.tokens[k] / 32] &= ~(1u << (trie.tokens[k] % 32));
}
}  // namespace

void TextMasks::fill(uint32_t state, uint32_t* words) {
  const Entry& e = entry(state);
  if (!e.bitmap.empty()) {
    std::memcpy(words, e.bitmap.data(), size_t(vocabulary_.n_words()) * 4);
    return;
  }
  std::memset(words, 0, vocabulary_.n_words() * 4);
  set_bits(words, e.tokens);
}

void TextMasks::fill_within(uint32_t state, uint32_t* words, uint32_t budget) {
  if (budget > entry(state).reach) return fill(state, words);
  const uint32_t n_bytes = vocabulary_.n_words() * 4;
  Walk walk{words, budget ? budget - 1 : 0, 0, UINT32_MAX};
  std::memset(words, 0, n_bytes);
  walk_all(state, walk);
  if (automaton_.accepting(state)) set_bits(words, vocabulary_.end_ids());
  for (uint32_t i = 0; i < vocabulary_.n_words(); ++i)
    if (words[i]) return;
  walk.limit = walk.nearest;  // out of reach: the shortest way is the least bad
  walk_all(state, walk);
}

const TextMasks::Entry& TextMasks::entry(uint32_t state) {
  if (state >= of_state_.size()) of_state_.resize(state + 64, 0);
  if (of_state_[state]) return masks_[of_state_[state] - 1];
  draft_.assign((vocabulary_.n_words() + 1) / 2 * 2, 0);
  Walk walk{draft_.data(), UINT32_MAX, 0, UINT32_MAX};
  walk_all(state, walk);
  if (automaton_.accepting(state)) set_bits(draft_.data(), vocabulary_.end_ids());
  Entry e;
  e.reach = walk.reach;
  for (uint32_t i = 0; i < draft_.size() && e.tokens.size() <= kSparse; i += 2)
    for (uint64_t w = draft_[i] | uint64_t(draft_[i + 1]) << 32; w; w &= w - 1)
      e.tokens.push_back(i * 32 + uint32_t(__builtin_ctzll(w)));
  if (e.tokens.size() > kSparse) {
    e.bitmap = draft_;
    e.tokens = {};
  }
  memory_bytes_ += sizeof e + 4 * (e.tokens.size() + e.bitmap.size());
  masks_.push_back(std::move(e));
  of_state_[state] = uint32_t(masks_.size());
  return masks_.back();
}

void TextMasks::walk_all(uint32_t state, Walk& walk) {
  if (state) walk_below(vocabulary_.trie(), 0, state, walk);
}

// The tokens below a node, the node's own not among them.
void TextMasks::walk_below(const Trie& t, uint32_t node, uint32_t state, Walk& walk) {
  CharSet done;
  if (&t == &vocabulary_.trie() && t.end[node] - node > kSmallSubtree && walk.limit == UINT32_MAX) {
    done = walk_blanks(node, state, walk);
    if (walk_loop(node, state, done, walk)) return;
  }
  for (uint32_t k = t.child_begin[node]; k < t.child_begin[node + 1]; ++k) {
    if (done.has(t.child_bytes[k])) continue;
    if (const uint32_t next = automaton_.step(state, t.child_bytes[k])) walk_child(t, t.child_nodes[k], next, walk);
  }
}

// The tokens of a node and those below it; `state` is behind the node's byte.
void TextMasks::walk_child(const Trie& t, uint32_t child, uint32_t state, Walk& walk) {
  if (near_enough(state, walk)) set_bits(walk.words, t, child, child + 1);
  if (t.end[child] != child + 1) walk_below(t, child, state, walk);
}

// Where white space leads from the state back to it, the tokens below a node that go on with white space: runs of it, which
// vocabularies have hundreds of. The white space that was taken.
CharSet TextMasks::walk_blanks(uint32_t node, uint32_t state, Walk& walk) {
  const Trie& t = vocabulary_.trie();
  CharSet set;
  if (automaton_.step(state, kProbes[0]) == state) return set;  // a larger loop
  uint32_t n_nodes = 0;
  for (uint8_t b : kBlanks) {
    const uint32_t child = t.child(node, b);
    if (automaton_.step(state, b) != state) continue;
    set.set(b);
    if (child) n_nodes += t.end[child] - child;
  }
  if (n_nodes <= kSmallSubtree || n_nodes > kMostBlank) return {};
  const LoopSplit& split = vocabulary_.loops().split(node, set);
  for (size_t i = 0; i < split.bitmap.size(); ++i) walk.words[i] |= split.bitmap[i];
  set_bits(walk.words, split.stays);
  near_enough(state, walk);
  if (split.exits.size() > 1) walk_below(split.exits, 0, state, walk);
  return set;
}

// The tokens below a node of the vocabulary's trie, where most of them go on into one loop: those that stay inside of it
// and the exits of the others, corrected by what the characters do that do not lead there, or not at once.
bool TextMasks::walk_loop(uint32_t node, uint32_t state, const CharSet& done, Walk& walk) {
  const Trie& t = vocabulary_.trie();
  uint32_t into = 0;
  uint8_t probe = 0;
  for (uint8_t b : kProbes)
    if (const uint32_t next = automaton_.step(state, b); next && loop_of(next).size() >= kSmallLoop) {
      into = next;
      probe = b;
      break;
    }
  if (!into) return false;
  const CharSet set = loop_of(into);
  const bool others = set.others && others_lead(state, probe, into);
  struct Child {
    uint32_t node, state;
  };
  struct Late : Child {
    uint64_t differences[4];  // of its state and the loop
  };
  std::vector<Child> outside, apart;  // children whose character is not in the set, or leads elsewhere
  std::vector<Late> late;             // whose character tends there: another one leads there then
  uint32_t many = 0, few = 0;
  for (uint32_t k = t.child_begin[node]; k < t.child_begin[node + 1]; ++k) {
    const uint8_t b = t.child_bytes[k];
    if (done.has(b) && !set.has(b)) continue;
    const uint32_t next = automaton_.step(state, b), child = t.child_nodes[k];
    if (!set.has(b)) {
      if (next) outside.push_back({child, next});
    } else if (b < 0x80 ? next == into : others) {
      many += t.end[child] - child;
    } else if (b < 0x80 && next) {
      Late one{{child, next}, {0, 0, 0, 0}};
      automaton_.differences(next, into, one.differences);
      const bool tends = std::any_of(std::begin(kProbes), std::end(kProbes), [&](uint8_t p) {
        return set.has(p) && !(one.differences[p >> 6] >> (p & 63) & 1);
      });
      if (tends) late.push_back(one);
      else apart.push_back(one);
      (tends ? many : few) += t.end[child] - child;
    } else {
      apart.push_back({child, next});
      few += t.end[child] - child;
    }
  }
  if (many < 2 * few) return false;
  const LoopSplit& split = vocabulary_.loops().split(node, set);
  for (size_t i = 0; i < split.bitmap.size(); ++i) walk.words[i] |= split.bitmap[i];
  set_bits(walk.words, split.stays);
  near_enough(into, walk);
  if (set.others) walk.reach = std::max(walk.reach, automaton_.distance(into) + kInsideCharacter);
  if (split.exits.size() > 1) walk_below(split.exits, 0, into, walk);
  for (const Late& c : late) {
    near_enough(c.state, walk);
    walk_difference(c.node, c.state, into, c.differences, walk);
  }
  for (const Child& c : apart) {
    clear_bits(walk.words, t, c.node, t.end[c.node]);
    if (c.state) walk_child(t, c.node, c.state, walk);
  }
  for (const Child& c : outside) walk_child(t, c.node, c.state, walk);
  return true;
}

// The tokens below a node of the vocabulary's trie, where those that `taken` goes on with have been taken.
void TextMasks::walk_difference(uint32_t node, uint32_t state, uint32_t taken, Walk& walk) {
  if (vocabulary_.trie().is_leaf(node)) return;
  uint64_t differences[4] = {0, 0, 0, 0};
  automaton_.differences(state, taken, differences);
  walk_difference(node, state, taken, differences, walk);
}

void TextMasks::walk_difference(uint32_t node, uint32_t state, uint32_t taken, const uint64_t (&differences)[4], Walk& walk) {
  const Trie& t = vocabulary_.trie();
  for (uint32_t k = t.child_begin[node]; k < t.child_begin[node + 1]; ++k) {
    const uint8_t b = t.child_bytes[k];
    if (!(differences[b >> 6] >> (b & 63) & 1)) continue;
    const uint32_t next = automaton_.step(state, b), other = automaton_.step(taken, b), child = t.child_nodes[k];
    if (next == other) continue;
    if (!next) {
      clear_bits(walk.words, t, child, t.end[child]);
    } else if (!other) {
      walk_child(t, child, next, walk);
    } else {
      near_enough(next, walk);
      walk_difference(child, next, other, walk);
    }
  }
}

// The characters that lead from a state back to it.
CharSet TextMasks::loop_of(uint32_t state) {
  if (state >= loop_of_.size()) loop_of_.resize(state + 64);
  if (const uint32_t known = loop_of_[state]) return loops_[known - 1];
  CharSet set;
  const auto loops = [&](uint8_t b) { return automaton_.step(state, b) == state; };
  const uint8_t* probe = std::find_if(std::begin(kProbes), std::end(kProbes), loops);
  if (probe != std::end(kProbes)) {
    for (uint8_t b = 0; b < 0x80; ++b)
      if (loops(b)) set.set(b);
    set.others = others_lead(state, *probe, state);
    loops_.push_back(set);
    loop_of_[state] = uint32_t(loops_.size());
  } else {
    loop_of_[state] = 1;
  }
  return set;
}

// Whether every character above ASCII leads from one state to the other, as the ASCII character does.
bool TextMasks::others_lead(uint32_t from, uint8_t ascii, uint32_t to) {
  const uint64_t key = uint64_t(from) << 32 | to;
  if (const uint32_t known = others_.find(key)) return known == 2;
  const bool lead = automaton_.others_as(from, ascii) || find_others_lead(from, to);
  others_.insert(key, lead ? 2 : 1);
  return lead;
}

bool TextMasks::find_others_lead(uint32_t from, uint32_t to) {
  constexpr size_t kMost = 32;
  std::vector<std::pair<uint32_t, uint8_t>> open{{from, uint8_t(kBetween)}};
  for (size_t i = 0; i < open.size(); ++i) {
    const auto [state, lex] = open[i];
    if (open.size() > kMost) return false;
    for (unsigned b = 0x80; b < 256; ++b) {
      const uint8_t next_lex = utf8_step(lex, uint8_t(b));
      if (next_lex == 255) continue;
      const uint32_t next = automaton_.step(state, uint8_t(b));
      if (!next || (next_lex == kBetween && next != to)) return false;
      if (next_lex == kBetween) continue;
      const std::pair<uint32_t, uint8_t> place{next, next_lex};
      if (std::find(open.begin(), open.end(), place) == open.end()) open.push_back(place);
    }
  }
  return true;
}

}  // namespace typeloom
