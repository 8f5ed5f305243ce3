// The nodes of the expression table: storage, interning, and what follows from the operands alone.
//
// A Node is 72 bytes: kind, operands, and what is computed once when it is made (nullable, bounds of length, byte-class
// boundaries, flags), so no property needs a recursion later. Operand lists live in one pool. Byte classes are a 256-bit
// set of *boundaries*: bit b says that b may behave differently from b-1; the classes of a composite are the OR of its
// parts' boundaries, and a row costs one derivative per interval between boundaries.
//
// Internal to regex.cc; the layers are regex_nodes.h <- regex_forms.h <- regex_ahead.h <- regex_run.h <- regex.cc.
#pragma once
#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "automaton.h"
#include "document.h"
#include "regex.h"

namespace typeloom::regex {

constexpr uint32_t kMaxNesting = 1000, kHardNesting = 4000;

// The kinds of the three constants equal their ids.
enum Kind : uint8_t { kConstants = 2, kBytes, kSwitch, kLiterals, kExcerpt, kExternal, kConcat, kAlternate, kConjoin, kComplement,
                      kRepeat };
enum Flag : uint8_t {
  kNullable = 1,       // accepts the empty string
  kSearch = 2,         // holds a conjunction or complement: emptiness and lengths need a search
  kTight = 4,          // accepts valid UTF-8 only (meaningful for states between characters)
  kStartsAligned = 8,  // inside a valid text it can only start between characters
  kEndsAligned = 16,   // and only end there
  kContiguous = 32,    // its lengths are exactly min_chars..max_chars
  kText = 64,          // begins with an automaton that keeps its text (Automaton::free_run), whatever it goes on with
};

struct Bits {
  uint64_t w[4] = {0, 0, 0, 0};
  bool has(unsigned b) const { return w[b >> 6] >> (b & 63) & 1; }
  void set(unsigned b) { w[b >> 6] |= uint64_t{1} << (b & 63); }
  void set(unsigned lo, unsigned hi) { for (unsigned b = lo; b <= hi; ++b) set(b); }
  bool none() const { return !(w[0] | w[1] | w[2] | w[3]); }
  bool operator==(const Bits& o) const { return !std::memcmp(w, o.w, sizeof w); }
  Bits& operator|=(const Bits& o) { for (int i = 0; i < 4; ++i) w[i] |= o.w[i]; return *this; }
  // Of boundaries: the least byte that no boundary stands between.
  unsigned first_alike(unsigned b) const {
    for (unsigned i = b >> 6;; --i) {
      const uint64_t below = i == b >> 6 ? w[i] & (~uint64_t{0} >> (63 - (b & 63))) : w[i];
      if (below) return i * 64 + 63 - unsigned(__builtin_clzll(below));
      if (!i) return 0;
    }
  }
  // Bit b of the result: b and b-1 differ (b = 0: it is a member).
  Bits boundaries() const {
    Bits r;
    uint64_t carry = 0;
    for (int i = 0; i < 4; ++i) { r.w[i] = w[i] ^ (w[i] << 1 | carry); carry = w[i] >> 63; }
    return r;
  }
};

struct Node {
  uint8_t kind = 0, flags = 0;
  uint16_t nesting = 0;
  uint32_t a = 0, b = 0, c = 0, d = 0;  // operands; lists are [a, a+b) of the pool
  uint32_t min_chars = 0, max_chars = 0, min_bytes = 0;  // exact without kSearch, else bounds from outside
  Bits classes;
};

struct Texts {  // a list, sorted by its bytes; or a part of a list with gaps, by its places there
  std::vector<std::string> sorted;
  std::vector<uint32_t> chars;
  uint32_t whole = 0;
  std::vector<uint32_t> places;
};

inline bool is_continuation(unsigned b) { return (b & 0xC0) == 0x80; }
inline uint32_t count_chars(std::string_view s) {
  uint32_t n = 0;
  for (unsigned char ch : s) n += !is_continuation(ch);
  return n;
}
inline uint32_t plus(uint32_t x, uint32_t y) { return x > kUnbounded - y ? kUnbounded : x + y; }
inline uint32_t times(uint32_t x, uint32_t y) {
  if (!x || !y) return 0;
  const uint64_t p = uint64_t{x} * y;
  return x == kUnbounded || y == kUnbounded || p >= kUnbounded ? kUnbounded : uint32_t(p);
}
inline uint32_t finite(uint32_t x) { return x == kUnbounded ? kUnbounded - 1 : x; }  // a minimum too large to count is still finite
// Are the multiples k*[lo, hi], k = first..last, one interval without gaps?
inline bool multiples_touch(uint32_t lo, uint32_t hi, uint32_t first, uint32_t last) {
  if (first == last || (hi == kUnbounded && first)) return true;
  return (uint64_t{first} + 1) * lo <= (first ? uint64_t{first} * hi : 0) + 1;
}
inline uint64_t mix(uint64_t h, uint64_t v) {
  h ^= v + 0x9E3779B97F4A7C15ull + (h << 6) + (h >> 2);
  h *= 0xD6E8FEB86659FD93ull;
  return h ^ (h >> 32);
}

struct Nodes {
  using Ids = std::vector<ExprId>;

  explicit Nodes(size_t limit) : max_states(std::max<size_t>(limit, 64)) {
    slots.assign(1024, 0);
    Node n;
    n.min_chars = n.min_bytes = kUnbounded;
    n.flags = kTight | kStartsAligned | kEndsAligned | kContiguous;
    n.kind = kEmpty;
    push(n);
    n = Node();
    n.kind = kEpsilon;
    n.flags = kNullable | kTight | kContiguous;
    push(n);
    n = Node();
    n.kind = kAll;
    n.flags = kNullable | kContiguous;
    n.max_chars = kUnbounded;
    push(n);
  }

  size_t max_states;
  std::vector<Node> nodes;
  Ids pool;
  std::vector<uint32_t> slots;  // open addressing over node ids; 0 is free (kEmpty is never looked up)
  std::vector<Bits> sets;
  std::unordered_multimap<uint64_t, uint32_t> set_index;
  std::vector<Texts> tables;
  std::map<std::pair<uint32_t, std::vector<uint32_t>>, uint32_t> parts;  // (whole, places) -> table
  std::vector<std::shared_ptr<const Document>> documents;
  std::vector<std::shared_ptr<Automaton>> automata;
  const Node& at(ExprId e) const { return nodes[e]; }
  bool has(ExprId e, uint8_t flag) const { return nodes[e].flags & flag; }
  const ExprId* list(const Node& n) const { return pool.data() + n.a; }
  bool listed(uint8_t kind) const { return kind == kAlternate || kind == kConjoin || kind == kSwitch; }
  uint32_t list_size(const Node& n) const { return n.kind == kSwitch ? 2 * n.b : n.b; }

  uint32_t set_id(const Bits& s) {
    uint64_t h = 0;
    for (uint64_t w : s.w) h = mix(h, w);
    auto range = set_index.equal_range(h);
    for (auto it = range.first; it != range.second; ++it)
      if (sets[it->second] == s) return it->second;
    sets.push_back(s);
    set_index.emplace(h, uint32_t(sets.size() - 1));
    return uint32_t(sets.size() - 1);
  }

  ExprId push(const Node& n) {
    if (nodes.size() >= max_states) throw LimitExceeded{"regex states", nodes.size()};
    if (n.nesting > kHardNesting) throw LimitExceeded{"regex nesting", n.nesting};
    nodes.push_back(n);
    return ExprId(nodes.size() - 1);
  }

  uint64_t hash_of(const Node& n, const ExprId* operands) const {
    uint64_t h = n.kind;
    if (listed(n.kind)) {
      for (uint32_t i = 0, k = list_size(n); i < k; ++i) h = mix(h, operands[i]);
      return h;
    }
    return mix(mix(h, uint64_t{n.a} << 32 | n.b), uint64_t{n.c} << 32 | n.d);
  }

  // The one place where nodes are born: finds an equal node or finishes and adds this one.
  ExprId intern(Node n, const ExprId* operands = nullptr) {
    const uint64_t h = hash_of(n, operands);
    size_t mask = slots.size() - 1, i = h & mask;
    for (; slots[i]; i = (i + 1) & mask) {
      const Node& m = nodes[slots[i]];
      if (m.kind != n.kind || m.b != n.b) continue;
      if (listed(n.kind) ? std::equal(operands, operands + list_size(n), list(m)) : m.a == n.a && m.c == n.c && m.d == n.d)
        return slots[i];
    }
    if (listed(n.kind)) {
      n.a = uint32_t(pool.size());
      pool.insert(pool.end(), operands, operands + list_size(n));
    }
    finish(n);
    const ExprId id = push(n);
    slots[i] = id;
    if (nodes.size() * 2 > slots.size()) {
      slots.assign(slots.size() * 2, 0);
      mask = slots.size() - 1;
      for (ExprId e = 3; e < nodes.size(); ++e) {
        size_t j = hash_of(nodes[e], listed(nodes[e].kind) ? list(nodes[e]) : nullptr) & mask;
        while (slots[j]) j = (j + 1) & mask;
        slots[j] = e;
      }
    }
    return id;
  }

  void finish(Node& n) {
    switch (n.kind) {
      case kBytes: finish_bytes(n); break;
      case kSwitch: finish_switch(n); break;
      case kLiterals: finish_literals(n); break;
      case kExcerpt: finish_excerpt(n); break;
      case kExternal: finish_external(n); break;
      case kConcat: finish_concat(n); break;
      case kAlternate: finish_alternate(n); break;
      case kConjoin: finish_conjoin(n); break;
      case kComplement: finish_complement(n); break;
      case kRepeat: finish_repeat(n); break;
      default: break;
    }
    if ((n.flags & kTight) && !(n.flags & kNullable)) n.flags |= kStartsAligned | kEndsAligned;
  }
  void nest(Node& n, const Node& part) { n.nesting = std::max<uint16_t>(n.nesting, part.nesting + 1); }

  void finish_bytes(Node& n) {
    const Bits& s = sets[n.a];
    n.classes = s.boundaries();
    n.min_bytes = 1;
    const bool inside = !(s.w[0] | s.w[1] | s.w[3]);  // continuation bytes only: part of a character already counted
    n.min_chars = n.max_chars = inside ? 0 : 1;
    n.flags = kContiguous | (s.w[2] | s.w[3] ? 0 : kTight);
  }
  void finish_switch(Node& n) {
    n.min_chars = n.min_bytes = kUnbounded;
    bool inside = false;
    n.flags = kContiguous;
    for (uint32_t i = 0; i < n.b; ++i) {
      const Bits& s = sets[pool[n.a + 2 * i]];
      const Node& to = at(pool[n.a + 2 * i + 1]);
      n.classes |= s.boundaries();
      inside |= s.w[2] != 0;
      n.min_bytes = std::min(n.min_bytes, plus(1, to.min_bytes));
      n.min_chars = std::min(n.min_chars, to.min_chars);
      n.max_chars = std::max(n.max_chars, to.max_chars);
      nest(n, to);
    }
    if (!inside) {
      n.min_chars = plus(1, n.min_chars);
      n.max_chars = plus(1, n.max_chars);
      n.flags |= kTight;
    }
  }
  const std::string& text(const Texts& t, uint32_t i) const {
    return t.places.empty() ? t.sorted[i] : tables[t.whole].sorted[t.places[i]];
  }
  uint32_t chars_of(const Texts& t, uint32_t i) const {
    return t.places.empty() ? t.chars[i] : tables[t.whole].chars[t.places[i]];
  }
  // Texts of a table, wherever they stand in it: a range of the whole, where nothing is left out between them, so that
  // lists without some texts share what the gaps do not touch; else of the one table for just these.
  struct Range {
    uint32_t table, first, last;
  };
  Range part_of(uint32_t whole, std::vector<uint32_t> places) {
    const uint32_t n = uint32_t(places.size());
    if (places.back() - places.front() == n - 1) return {whole, places.front(), places.back() + 1};
    const auto [it, fresh] = parts.try_emplace({whole, std::move(places)}, uint32_t(tables.size()));
    if (fresh) {
      tables.emplace_back();
      tables.back().whole = whole;
      tables.back().places = it->first.second;
    }
    return {it->second, 0, n};
  }
  void finish_literals(Node& n) {  // a table, [b, c) a range of it, d bytes of it already read
    const Texts& t = tables[n.a];
    const std::string& first = text(t, n.b);
    const uint32_t read = count_chars(std::string_view(first).substr(0, n.d));
    n.min_bytes = n.min_chars = kUnbounded;
    for (uint32_t i = n.b; i < n.c; ++i) {
      n.min_bytes = std::min(n.min_bytes, uint32_t(text(t, i).size()) - n.d);
      n.min_chars = std::min(n.min_chars, chars_of(t, i) - read);
      n.max_chars = std::max(n.max_chars, chars_of(t, i) - read);
    }
    if (n.max_chars - n.min_chars < n.c - n.b) {
      std::vector<bool> seen(n.max_chars - n.min_chars + 1);
      for (uint32_t i = n.b; i < n.c; ++i) seen[chars_of(t, i) - read - n.min_chars] = true;
      if (std::find(seen.begin(), seen.end(), false) == seen.end()) n.flags |= kContiguous;
    }
    if (first.size() == n.d) n.flags |= kNullable;
    bool aligned = true;
    for (uint32_t i = n.b + (first.size() == n.d); i < n.c; i = next_literal(n, i)) {
      const uint8_t b = uint8_t(text(t, i)[n.d]);
      aligned &= !is_continuation(b);
      n.classes.set(b);
      if (b < 255) n.classes.set(b + 1);
    }
    if (aligned) n.flags |= kTight;
  }
  uint32_t next_literal(const Node& n, uint32_t i) const {  // past all texts that go on with the same byte as text i
    return past_byte(n, i, uint8_t(text(tables[n.a], i)[n.d]));
  }
  uint32_t past_byte(const Node& n, uint32_t low, int b) const {  // the first text from `low` on that goes on above b
    const Texts& t = tables[n.a];
    for (uint32_t high = n.c; low < high;) {
      const uint32_t middle = low + (high - low) / 2;
      if (int(uint8_t(text(t, middle)[n.d])) <= b) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  Document::Range range_of(const Node& n) const { return {n.b, n.c, n.d}; }
  void finish_excerpt(Node& n) {  // a document, and a range of it
    const Document& document = *documents[n.a];
    const Document::Ahead ahead = document.ahead(range_of(n));
    n.min_bytes = ahead.min_bytes;
    n.min_chars = ahead.min_chars;
    n.max_chars = ahead.max_chars;
    n.flags = (ahead.ends ? kNullable : 0) | (ahead.tight ? kTight : 0) | (document.every_length() ? kContiguous : 0);
    for (uint8_t b : document.next_bytes(range_of(n))) {
      n.classes.set(b);
      if (b < 255) n.classes.set(b + 1);
    }
  }
  // An automaton and its state. Its shortest completion is known in bytes; in characters only bounds are, hence kSearch.
  // Nothing that counts characters exactly may be asked of it: no length bounds, no conjunction with another language.
  void finish_external(Node& n) {
    Automaton& automaton = *automata[n.a];
    n.min_bytes = automaton.least(n.b);
    n.min_chars = n.min_bytes / 4;
    n.max_chars = kUnbounded;
    n.flags = kSearch | (automaton.accepting(n.b) ? kNullable | kTight : 0) | (automaton.free_run(automaton.start()) ? kText : 0);
    automaton.boundaries(n.b, n.classes.w);
    bool inside = false;  // an accepted text ends between characters; else a continuation byte tells
    for (unsigned b = 0x80; b < 0xC0 && !inside && !(n.flags & kNullable); ++b)
      inside = (b == 0x80 || n.classes.has(b)) && automaton.step(n.b, uint8_t(b));
    if (!inside) n.flags |= kTight;
  }
  void finish_concat(Node& n) {
    const Node &x = at(n.a), &y = at(n.b);
    n.classes = x.classes;
    if (x.flags & kNullable) n.classes |= y.classes;
    n.min_bytes = finite(plus(x.min_bytes, y.min_bytes));
    n.min_chars = finite(plus(x.min_chars, y.min_chars));
    n.max_chars = plus(x.max_chars, y.max_chars);
    n.flags = (x.flags & y.flags & (kNullable | kTight | kContiguous)) | ((x.flags | y.flags) & kSearch) | (x.flags & kText);
    if ((x.flags & kStartsAligned) || (x.flags & kTight && y.flags & kStartsAligned)) n.flags |= kStartsAligned;
    if ((y.flags & kEndsAligned) || (y.flags & kTight && x.flags & kEndsAligned)) n.flags |= kEndsAligned;
    n.nesting = std::max<uint16_t>(x.nesting + 1, y.nesting);  // the right spine is walked by a loop
  }
  void finish_alternate(Node& n) {
    n.min_bytes = n.min_chars = kUnbounded;
    uint8_t every = kTight | kStartsAligned | kEndsAligned | kContiguous | kText, some = 0;
    std::vector<std::pair<uint32_t, uint32_t>> spans;
    for (uint32_t i = 0; i < n.b; ++i) {
      const Node& x = at(pool[n.a + i]);
      every &= x.flags;
      some |= x.flags;
      n.classes |= x.classes;
      n.min_bytes = std::min(n.min_bytes, x.min_bytes);
      n.min_chars = std::min(n.min_chars, x.min_chars);
      n.max_chars = std::max(n.max_chars, x.max_chars);
      nest(n, x);
      spans.emplace_back(x.min_chars, x.max_chars);
    }
    if (every & kContiguous) {
      std::sort(spans.begin(), spans.end());
      uint32_t reach = spans[0].second;
      for (auto [lo, hi] : spans) {
        if (lo > plus(reach, 1)) every &= ~kContiguous;
        reach = std::max(reach, hi);
      }
    }
    n.flags = every | (some & (kNullable | kSearch));
  }
  void finish_conjoin(Node& n) {
    n.max_chars = kUnbounded;
    uint8_t every = kNullable, some = 0;
    for (uint32_t i = 0; i < n.b; ++i) {
      const Node& x = at(pool[n.a + i]);
      every &= x.flags;
      some |= x.flags;
      n.classes |= x.classes;
      n.min_bytes = std::max(n.min_bytes, x.min_bytes);
      n.min_chars = std::max(n.min_chars, x.min_chars);
      n.max_chars = std::min(n.max_chars, x.max_chars);
      nest(n, x);
    }
    n.flags = kSearch | every | (some & (kTight | kStartsAligned | kEndsAligned));
  }
  void finish_complement(Node& n) {
    const Node& x = at(n.a);
    n.classes = x.classes;
    n.max_chars = kUnbounded;
    n.flags = kSearch;
    if (x.flags & kNullable) n.min_bytes = 1;  // some byte follows, perhaps inside a character
    else n.flags |= kNullable;
    nest(n, x);
  }
  void finish_repeat(Node& n) {
    const Node& x = at(n.a);
    n.classes = x.classes;
    n.min_bytes = finite(times(x.min_bytes, n.b));
    n.min_chars = finite(times(x.min_chars, n.b));
    n.max_chars = times(x.max_chars, n.c);
    n.flags = x.flags & (kTight | kSearch);
    if (!n.b) n.flags |= kNullable;
    else n.flags |= x.flags & (kStartsAligned | kEndsAligned);
    if (x.flags & kContiguous && multiples_touch(x.min_chars, x.max_chars, n.b, n.c)) n.flags |= kContiguous;
    nest(n, x);
  }
};

}  // namespace typeloom::regex
