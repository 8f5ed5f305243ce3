// The expression table: normal forms, derivatives, liveness. See regex.h for the theory of operation.
//
// Layout. A Node is 72 bytes: kind, operands, and everything that follows from the operands alone (nullable, bounds of
// length, byte-class boundaries, flags), computed once when the node is made, so no property needs a recursion later.
// Operand lists live in one pool. Byte classes are kept as a 256-bit set of *boundaries*: bit b says that b may behave
// differently from b-1; classes of a composite are the OR of its parts' boundaries, and a row costs one derivative per
// interval between boundaries.
//
// UTF-8. All other strings are never fed, so the language of an expression matters on valid UTF-8 only. Two rules make
// the bytewise algebra agree with the algebra of code points:
//   - `complement` yields AnyText & ~X, where AnyText steps character by character; so a state that is reached inside a
//     character knows how many bytes are still to come, and liveness is exact there, too;
//   - the split point of a concatenation (and of a repetition) must fall between characters: where neither side ensures
//     that by itself (flags kTight, kStartsAligned, kEndsAligned), the left side is intersected with AnyText.
//   kAll stands for "any text" where the consumer's own UTF-8 check suffices; it steps to itself on every byte.
//
// Nesting. Constructors refuse expressions nested deeper than kMaxNesting; derivatives may add a few levels to that (at
// most kHardNesting). Recursion in this file goes down nesting only; the right spine of a concatenation is a loop.
//
// Emptiness. Without conjunction and complement an expression other than kEmpty is not empty, by construction. Otherwise
// a best-first search over derivatives looks for a nullable one (at most kSearchBudget expansions, and only while the
// table is less than three quarters full); its verdicts are remembered for every state it settled.
#include "regex.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <functional>
#include <map>
#include <queue>
#include <tuple>
#include <unordered_map>

namespace typeloom {
namespace {

constexpr uint32_t kMaxNesting = 1000, kHardNesting = 4000;
constexpr size_t kSearchBudget = 20000, kLengthBudget = 4096, kLongestBudget = 2000, kUniversalBudget = 200;
constexpr size_t kRowsPerChunk = 64, kDerivativeCache = 4096;

// The kinds of the three constants equal their ids.
enum Kind : uint8_t { kConstants = 2, kBytes, kSwitch, kLiterals, kConcat, kAlternate, kConjoin, kComplement, kRepeat };
enum Flag : uint8_t {
  kNullable = 1,       // accepts the empty string
  kSearch = 2,         // holds a conjunction or complement: emptiness and lengths need a search
  kTight = 4,          // accepts valid UTF-8 only (meaningful for states between characters)
  kStartsAligned = 8,  // inside a valid text it can only start between characters
  kEndsAligned = 16,   // and only end there
  kContiguous = 32,    // its lengths are exactly min_chars..max_chars
};

struct Bits {
  uint64_t w[4] = {0, 0, 0, 0};
  bool has(unsigned b) const { return w[b >> 6] >> (b & 63) & 1; }
  void set(unsigned b) { w[b >> 6] |= uint64_t{1} << (b & 63); }
  void set(unsigned lo, unsigned hi) { for (unsigned b = lo; b <= hi; ++b) set(b); }
  bool none() const { return !(w[0] | w[1] | w[2] | w[3]); }
  bool operator==(const Bits& o) const { return !std::memcmp(w, o.w, sizeof w); }
  Bits& operator|=(const Bits& o) { for (int i = 0; i < 4; ++i) w[i] |= o.w[i]; return *this; }
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

struct Texts {
  std::vector<std::string> sorted;
  std::vector<uint32_t> chars;
};

bool is_continuation(unsigned b) { return (b & 0xC0) == 0x80; }
uint32_t count_chars(std::string_view s) {
  uint32_t n = 0;
  for (unsigned char ch : s) n += !is_continuation(ch);
  return n;
}
uint32_t plus(uint32_t x, uint32_t y) { return x > kUnbounded - y ? kUnbounded : x + y; }
uint32_t times(uint32_t x, uint32_t y) {
  if (!x || !y) return 0;
  const uint64_t p = uint64_t{x} * y;
  return x == kUnbounded || y == kUnbounded || p >= kUnbounded ? kUnbounded : uint32_t(p);
}
uint32_t finite(uint32_t x) { return x == kUnbounded ? kUnbounded - 1 : x; }  // a minimum too large to count is still finite
// Are the multiples k*[lo, hi], k = first..last, one interval without gaps?
bool multiples_touch(uint32_t lo, uint32_t hi, uint32_t first, uint32_t last) {
  if (first == last || (hi == kUnbounded && first)) return true;
  return (uint64_t{first} + 1) * lo <= (first ? uint64_t{first} * hi : 0) + 1;
}
uint64_t mix(uint64_t h, uint64_t v) {
  h ^= v + 0x9E3779B97F4A7C15ull + (h << 6) + (h >> 2);
  h *= 0xD6E8FEB86659FD93ull;
  return h ^ (h >> 32);
}

enum Verdict : uint8_t { kUnknown, kLive, kDead, kAssumedLive };

}  // namespace

struct ExprTable::Impl {
  using Ids = std::vector<ExprId>;

  explicit Impl(size_t limit) : max_states(std::max<size_t>(limit, 64)) {
    slots.assign(1024, 0);
    derivatives.assign(kDerivativeCache, {~uint64_t{0}, 0});
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
    any_char = chars({{0, 0x10FFFF}});
    any_text = make_repeat(any_char, 0, kUnbounded);
  }

  // ---- storage ------------------------------------------------------------------------------------------------
  size_t max_states;
  std::vector<Node> nodes;
  Ids pool;
  std::vector<uint32_t> slots;  // open addressing over node ids; 0 is free (kEmpty is never looked up)
  std::vector<Bits> sets;
  std::unordered_multimap<uint64_t, uint32_t> set_index;
  std::vector<Texts> tables;
  std::vector<ExprId*> rows;
  std::vector<std::unique_ptr<ExprId[]>> chunks;
  size_t rows_in_chunk = kRowsPerChunk;
  std::vector<uint8_t> verdicts;
  std::vector<std::pair<uint64_t, ExprId>> derivatives;  // direct-mapped cache, by (expression, byte)
  std::unordered_map<ExprId, std::vector<std::pair<uint8_t, ExprId>>> successors_of;  // of states that were searched
  std::unordered_map<ExprId, uint32_t> shortest_chars, shortest_bytes, longest_chars;
  std::unordered_map<ExprId, bool> universal;
  std::map<std::array<uint32_t, 3>, bool> window_memo;
  size_t undecided = 0;
  ExprId any_char = 0, any_text = 0;
  ExprId any_bytes[4] = {};  // n continuation bytes, any of them; 0 until it is made

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
    rows.push_back(nullptr);
    verdicts.push_back(kUnknown);
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

  // ---- what follows from the operands ------------------------------------------------------------------------
  void finish(Node& n) {
    switch (n.kind) {
      case kBytes: finish_bytes(n); break;
      case kSwitch: finish_switch(n); break;
      case kLiterals: finish_literals(n); break;
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
  void finish_literals(Node& n) {  // a table, [b, c) a range of it, d bytes of it already read
    const Texts& t = tables[n.a];
    const std::string& first = t.sorted[n.b];
    const uint32_t read = count_chars(std::string_view(first).substr(0, n.d));
    n.min_bytes = n.min_chars = kUnbounded;
    for (uint32_t i = n.b; i < n.c; ++i) {
      n.min_bytes = std::min(n.min_bytes, uint32_t(t.sorted[i].size()) - n.d);
      n.min_chars = std::min(n.min_chars, t.chars[i] - read);
      n.max_chars = std::max(n.max_chars, t.chars[i] - read);
    }
    if (n.max_chars - n.min_chars < n.c - n.b) {
      std::vector<bool> seen(n.max_chars - n.min_chars + 1);
      for (uint32_t i = n.b; i < n.c; ++i) seen[t.chars[i] - read - n.min_chars] = true;
      if (std::find(seen.begin(), seen.end(), false) == seen.end()) n.flags |= kContiguous;
    }
    if (first.size() == n.d) n.flags |= kNullable;
    bool aligned = true;
    for (uint32_t i = n.b + (first.size() == n.d); i < n.c; i = next_literal(n, i)) {
      const uint8_t b = uint8_t(t.sorted[i][n.d]);
      aligned &= !is_continuation(b);
      n.classes.set(b);
      if (b < 255) n.classes.set(b + 1);
    }
    if (aligned) n.flags |= kTight;
  }
  uint32_t next_literal(const Node& n, uint32_t i) const {  // past all texts that go on with the same byte as text i
    const auto& s = tables[n.a].sorted;
    const uint8_t b = uint8_t(s[i][n.d]);
    return uint32_t(std::partition_point(s.begin() + i, s.begin() + n.c,
                                         [&](const std::string& x) { return uint8_t(x[n.d]) <= b; }) - s.begin());
  }
  void finish_concat(Node& n) {
    const Node &x = at(n.a), &y = at(n.b);
    n.classes = x.classes;
    if (x.flags & kNullable) n.classes |= y.classes;
    n.min_bytes = finite(plus(x.min_bytes, y.min_bytes));
    n.min_chars = finite(plus(x.min_chars, y.min_chars));
    n.max_chars = plus(x.max_chars, y.max_chars);
    n.flags = (x.flags & y.flags & (kNullable | kTight | kContiguous)) | ((x.flags | y.flags) & kSearch);
    if ((x.flags & kStartsAligned) || (x.flags & kTight && y.flags & kStartsAligned)) n.flags |= kStartsAligned;
    if ((y.flags & kEndsAligned) || (y.flags & kTight && x.flags & kEndsAligned)) n.flags |= kEndsAligned;
    n.nesting = std::max<uint16_t>(x.nesting + 1, y.nesting);  // the right spine is walked by a loop
  }
  void finish_alternate(Node& n) {
    n.min_bytes = n.min_chars = kUnbounded;
    uint8_t every = kTight | kStartsAligned | kEndsAligned | kContiguous, some = 0;
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

  // ---- normal forms -------------------------------------------------------------------------------------------
  ExprId make(uint8_t kind, uint32_t a, uint32_t b = 0, uint32_t c = 0, uint32_t d = 0) {
    Node n;
    n.kind = kind;
    n.a = a; n.b = b; n.c = c; n.d = d;
    return intern(n);
  }
  ExprId make_list(uint8_t kind, const Ids& ids) {
    Node n;
    n.kind = kind;
    n.b = uint32_t(kind == kSwitch ? ids.size() / 2 : ids.size());
    return intern(n, ids.data());
  }
  ExprId make_bytes(const Bits& s) { return s.none() ? kEmpty : make(kBytes, set_id(s)); }

  // A set of bytes for each continuation; the form of character classes outside ASCII.
  ExprId make_switch(const ExprId (&to)[256]) {
    std::vector<std::pair<ExprId, Bits>> arms;  // in order of their first byte
    for (unsigned b = 0; b < 256; ++b) {
      if (to[b] == kEmpty) continue;
      auto it = std::find_if(arms.begin(), arms.end(), [&](auto& arm) { return arm.first == to[b]; });
      if (it == arms.end()) it = arms.insert(arms.end(), {to[b], Bits()});
      it->second.set(b);
    }
    if (arms.empty()) return kEmpty;
    if (arms.size() == 1 && arms[0].first == kEpsilon) return make_bytes(arms[0].second);
    Ids ids;
    for (auto& [target, s] : arms) ids.insert(ids.end(), {set_id(s), target});
    return make_list(kSwitch, ids);
  }
  bool is_class(ExprId e) const { return at(e).kind == kBytes || at(e).kind == kSwitch; }
  void spread(ExprId e, ExprId (&to)[256]) const {
    const Node& n = at(e);
    std::fill(to, to + 256, kEmpty);
    for (uint32_t i = 0, k = n.kind == kBytes ? 1 : n.b; i < k; ++i) {
      const Bits& s = sets[n.kind == kBytes ? n.a : pool[n.a + 2 * i]];
      const ExprId target = n.kind == kBytes ? kEpsilon : pool[n.a + 2 * i + 1];
      for (unsigned b = 0; b < 256; ++b) if (s.has(b)) to[b] = target;
    }
  }
  ExprId merge_classes(ExprId x, ExprId y, bool both) {
    if (x == y) return x;
    if (at(x).kind == kBytes && at(y).kind == kBytes) {
      Bits s = sets[at(x).a];
      const Bits& t = sets[at(y).a];
      for (int i = 0; i < 4; ++i) s.w[i] = both ? s.w[i] & t.w[i] : s.w[i] | t.w[i];
      return make_bytes(s);
    }
    ExprId u[256], v[256];
    spread(x, u);
    spread(y, v);
    ExprId last[3] = {kEmpty, kEmpty, kEmpty};
    for (unsigned b = 0; b < 256; ++b) {  // neighbours mostly repeat the last pair
      if (u[b] != last[0] || v[b] != last[1]) {
        last[0] = u[b];
        last[1] = v[b];
        last[2] = both ? make_conjoin({u[b], v[b]}) : make_alternate({u[b], v[b]});
      }
      u[b] = last[2];
    }
    return make_switch(u);
  }

  struct Run { ExprId part; uint32_t minimum, maximum; };
  Run run_of(ExprId e) const {
    const Node& n = at(e);
    return n.kind == kRepeat ? Run{n.a, n.b, n.c} : Run{e, 1, 1};
  }

  ExprId make_concat(ExprId x, ExprId y) {
    if (x == kEmpty || y == kEmpty) return kEmpty;
    if (x == kEpsilon) return y;
    if (y == kEpsilon) return x;
    if (at(x).kind != kConcat) return cons(x, y);
    Ids heads;
    for (; at(x).kind == kConcat; x = at(x).b) heads.push_back(at(x).a);
    y = cons(x, y);
    for (size_t i = heads.size(); i-- > 0;) y = cons(heads[i], y);
    return y;
  }
  ExprId cons(ExprId x, ExprId y) {  // x is no concatenation; neither is empty or epsilon
    for (;;) {
      const bool more = at(y).kind == kConcat;
      const ExprId first = more ? at(y).a : y, rest = more ? at(y).b : kEpsilon;
      if (x == kAll && first == kAll) return y;
      const Run p = run_of(x), q = run_of(first);
      const bool overflow = (p.maximum != kUnbounded && q.maximum != kUnbounded && plus(p.maximum, q.maximum) == kUnbounded) ||
                            plus(p.minimum, q.minimum) == kUnbounded;
      if (p.part != q.part || overflow) return make(kConcat, x, y);
      x = make_repeat(p.part, p.minimum + q.minimum, plus(p.maximum, q.maximum));
      if (rest == kEpsilon) return x;
      if (at(x).kind == kConcat || x == kEpsilon) return make_concat(x, rest);
      y = rest;
    }
  }

  ExprId make_repeat(ExprId part, uint32_t lo, uint32_t hi) {
    if (lo > hi) return kEmpty;
    if (hi == 0 || part == kEpsilon) return kEpsilon;
    if (part == kEmpty) return lo ? kEmpty : kEpsilon;
    if (part == kAll) return kAll;
    if (has(part, kNullable)) {
      lo = 0;
      const Node& n = at(part);
      if (n.kind == kAlternate && *list(n) == kEpsilon) {  // sorted: epsilon comes first
        Ids rest(list(n) + 1, list(n) + n.b);
        return make_repeat(make_alternate(std::move(rest)), 0, hi);
      }
    }
    if (lo == 1 && hi == 1) return part;
    if (lo == 0 && hi == 1) return make_alternate({kEpsilon, part});
    const Node& n = at(part);
    if (n.kind == kRepeat && multiples_touch(n.b, n.c, lo, hi)) {
      const uint32_t first = times(n.b, lo), last = times(n.c, hi);
      const bool exact = first != kUnbounded && (last != kUnbounded || n.c == kUnbounded || hi == kUnbounded);
      if (exact) return make_repeat(n.a, first, last);
    }
    return make(kRepeat, part, lo, hi);
  }

  ExprId make_complement(ExprId x) {  // over all byte strings
    if (x == kEmpty) return kAll;
    if (x == kAll) return kEmpty;
    if (at(x).kind == kComplement) return at(x).a;
    return make(kComplement, x);
  }

  // Flattened, sorted, without duplicates and without `neutral`; false if `absorbing` is among the parts or x and ~x.
  bool flatten(Ids& ids, uint8_t kind, ExprId neutral, ExprId absorbing) {
    Ids flat;
    for (ExprId e : ids) {
      if (at(e).kind == kind) flat.insert(flat.end(), list(at(e)), list(at(e)) + at(e).b);
      else if (e != neutral) flat.push_back(e);
    }
    std::sort(flat.begin(), flat.end());
    flat.erase(std::unique(flat.begin(), flat.end()), flat.end());
    if (std::binary_search(flat.begin(), flat.end(), absorbing)) return false;
    for (ExprId e : flat)
      if (at(e).kind == kComplement && std::binary_search(flat.begin(), flat.end(), at(e).a)) return false;
    ids.swap(flat);
    return true;
  }
  static void erase(Ids& ids, ExprId e) {
    auto it = std::lower_bound(ids.begin(), ids.end(), e);
    if (it != ids.end() && *it == e) ids.erase(it);
  }
  static void insert(Ids& ids, ExprId e) {
    auto it = std::lower_bound(ids.begin(), ids.end(), e);
    if (it == ids.end() || *it != e) ids.insert(it, e);
  }

  ExprId make_alternate(Ids ids) {
    if (!flatten(ids, kAlternate, kEmpty, kAll)) return kAll;
    if (ids.size() > 1) {
      if (std::binary_search(ids.begin(), ids.end(), any_text) && any_text)
        ids.erase(std::remove_if(ids.begin(), ids.end(), [&](ExprId e) { return e != any_text && has(e, kTight); }), ids.end());
      merge_alternative_classes(ids);
      merge_alternative_runs(ids);
      if (ids.size() > 1 && ids[0] == kEpsilon &&
          std::any_of(ids.begin() + 1, ids.end(), [&](ExprId e) { return has(e, kNullable); }))
        ids.erase(ids.begin());
    }
    if (ids.empty()) return kEmpty;
    return ids.size() == 1 ? ids[0] : make_list(kAlternate, ids);
  }
  void merge_alternative_classes(Ids& ids) {
    auto classes = std::stable_partition(ids.begin(), ids.end(), [&](ExprId e) { return !is_class(e); });
    if (ids.end() - classes < 2) { std::sort(ids.begin(), ids.end()); return; }
    Ids found(classes, ids.end());
    ids.erase(classes, ids.end());
    ExprId merged = found[0];
    for (size_t i = 1; i < found.size(); ++i) merged = merge_classes(merged, found[i], false);
    insert(ids, merged);
  }
  // R{a,b} T | R{c,d} T is one run where the spans touch; R T and T go where a run covers them.
  void merge_alternative_runs(Ids& ids) {
    struct Item { ExprId part, tail; uint32_t lo, hi; ExprId id; };
    std::vector<Item> items;
    for (ExprId e : ids) {
      const bool more = at(e).kind == kConcat;
      const Node& head = at(more ? at(e).a : e);
      if (head.kind == kRepeat) items.push_back({head.a, more ? at(e).b : kEpsilon, head.b, head.c, e});
    }
    if (items.empty()) return;
    std::sort(items.begin(), items.end(), [](const Item& x, const Item& y) {
      return std::tie(x.part, x.tail, x.lo, x.hi) < std::tie(y.part, y.tail, y.lo, y.hi);
    });
    for (size_t i = 0; i < items.size();) {
      Item m = items[i];
      size_t j = i + 1;
      for (; j < items.size() && items[j].part == m.part && items[j].tail == m.tail && items[j].lo <= plus(m.hi, 1); ++j)
        m.hi = std::max(m.hi, items[j].hi);
      if (m.lo <= 1 && m.tail == kEpsilon) {
        if (m.lo == 1 && ids[0] == kEpsilon) m.lo = 0;
        erase(ids, m.part);
      } else if (m.lo <= 1) {
        if (m.lo == 1 && std::binary_search(ids.begin(), ids.end(), m.tail)) m.lo = 0;
        if (m.lo == 0) erase(ids, m.tail);
      }
      const ExprId merged = j == i + 1 && m.lo == items[i].lo ? m.id : make_concat(make_repeat(m.part, m.lo, m.hi), m.tail);
      if (merged != m.id || j > i + 1) {
        for (size_t k = i; k < j; ++k) erase(ids, items[k].id);
        insert(ids, merged);
      }
      i = j;
    }
  }

  ExprId make_conjoin(Ids ids) {
    if (!flatten(ids, kConjoin, kAll, kEmpty)) return kEmpty;
    if (ids.empty()) return kAll;
    if (ids.size() == 1) return ids[0];
    if (ids[0] == kEpsilon)
      return std::all_of(ids.begin(), ids.end(), [&](ExprId e) { return has(e, kNullable); }) ? kEpsilon : kEmpty;
    if (std::binary_search(ids.begin(), ids.end(), any_text) &&
        std::any_of(ids.begin(), ids.end(), [&](ExprId e) { return e != any_text && has(e, kTight); }))
      erase(ids, any_text);
    // Runs of single characters: the sets and the spans intersect.
    Run all{kEmpty, 0, 0};
    size_t kept = 0, runs = 0;
    for (ExprId e : ids) {
      const Run r = run_of(e);
      const bool bytewise = is_class(e) && !has(e, kTight);  // inside a character: plain sets
      if (!is_class(r.part) || (!has(r.part, kTight) && !bytewise)) { ids[kept++] = e; continue; }
      if (!runs++) { all = r; continue; }
      all = {all.part == kEmpty ? kEmpty : merge_classes(all.part, r.part, true), std::max(all.minimum, r.minimum),
             std::min(all.maximum, r.maximum)};
    }
    ids.resize(kept);
    if (runs) {
      const ExprId e = make_repeat(all.part, all.minimum, all.maximum);
      if (e == kEmpty) return kEmpty;
      if (e == kEpsilon) return make_conjoin(with(ids, e));
      insert(ids, e);
    }
    if (ids.size() == 1) return ids[0];
    uint32_t lo = 0, hi = kUnbounded;
    for (ExprId e : ids) { lo = std::max(lo, at(e).min_chars); hi = std::min(hi, at(e).max_chars); }
    return lo > hi ? kEmpty : make_list(kConjoin, ids);
  }
  static Ids with(Ids ids, ExprId e) { ids.push_back(e); return ids; }

  ExprId make_literals(uint32_t table, uint32_t lo, uint32_t hi, uint32_t depth) {
    if (lo == hi) return kEmpty;
    if (hi == lo + 1 && tables[table].sorted[lo].size() == depth) return kEpsilon;
    return make(kLiterals, table, lo, hi, depth);
  }

  // The bytes that continue a character, by their value bits: `n` more bytes, values inside `ranges`.
  using Ranges = std::vector<std::pair<uint32_t, uint32_t>>;
  ExprId continuation(const Ranges& ranges, int n) {
    if (ranges.empty()) return kEmpty;
    if (n == 0) return kEpsilon;
    const uint32_t span = uint32_t{1} << (6 * (n - 1));
    // Nearly every part of a wide class is everything: made once for each n, or 64^n parts would be visited.
    const bool full = ranges.size() == 1 && ranges[0].first == 0 && ranges[0].second == 64 * span - 1;
    if (full && any_bytes[n]) return any_bytes[n];
    ExprId to[256] = {};
    if (full) std::fill(to + 0x80, to + 0xC0, continuation({{0, span - 1}}, n - 1));
    else
      for (uint32_t v = 0; v < 64; ++v) to[0x80 + v] = continuation(clip(ranges, v * span, span), n - 1);
    const ExprId made = make_switch(to);
    if (full) any_bytes[n] = made;
    return made;
  }
  static Ranges clip(const Ranges& ranges, uint32_t start, uint32_t span) {  // relative to start
    Ranges out;
    auto it = std::lower_bound(ranges.begin(), ranges.end(), start, [](auto& r, uint32_t v) { return r.second < v; });
    for (; it != ranges.end() && it->first < start + span; ++it)
      out.emplace_back(std::max(it->first, start) - start, std::min(it->second, start + span - 1) - start);
    return out;
  }
  ExprId chars(Ranges ranges) {
    std::sort(ranges.begin(), ranges.end());
    Ranges merged;
    auto add = [&](uint32_t lo, uint32_t hi) {
      if (lo > hi) return;
      if (!merged.empty() && lo <= merged.back().second + 1) merged.back().second = std::max(merged.back().second, hi);
      else merged.emplace_back(lo, hi);
    };
    for (auto [lo, hi] : ranges) {
      add(lo, std::min<uint32_t>(hi, 0xD7FF));
      add(std::max<uint32_t>(lo, 0xE000), std::min<uint32_t>(hi, 0x10FFFF));
    }
    ExprId to[256] = {};
    for (auto& r : clip(merged, 0, 0x80))
      for (uint32_t c = r.first; c <= r.second; ++c) to[c] = kEpsilon;
    const auto lead = [&](uint32_t first, uint32_t last, uint32_t floor, int n) {
      const uint32_t span = uint32_t{1} << (6 * n);
      ExprId whole = kEmpty;  // most lead bytes are followed by everything
      for (uint32_t b = first; b <= last; ++b) {
        const uint32_t start = (b - first) * span;
        Ranges part = clip(merged, start, span);
        Ranges above;
        for (auto [lo, hi] : part)
          if (hi + start >= floor) above.emplace_back(std::max(lo + start, floor) - start, hi);
        const bool full = above.size() == 1 && above[0].first == 0 && above[0].second == span - 1;
        to[b] = full && whole ? whole : continuation(above, n);
        if (full) whole = to[b];
      }
    };
    lead(0xC0, 0xDF, 0x80, 1);
    lead(0xE0, 0xEF, 0x800, 2);
    lead(0xF0, 0xF4, 0x10000, 3);
    return make_switch(to);
  }

  // ---- derivatives --------------------------------------------------------------------------------------------
  ExprId derivative(ExprId e, uint8_t b) {
    const Node n = at(e);  // a copy: making nodes moves the vector
    switch (n.kind) {
      case kAll: return kAll;
      case kBytes: return sets[n.a].has(b) ? kEpsilon : kEmpty;
      case kSwitch:
        for (uint32_t i = 0; i < n.b; ++i)
          if (sets[pool[n.a + 2 * i]].has(b)) return pool[n.a + 2 * i + 1];
        return kEmpty;
      case kLiterals: return literals_after(n, b);
      case kConcat: case kAlternate: case kConjoin: case kComplement: case kRepeat: break;
      default: return kEmpty;
    }
    const uint64_t key = uint64_t{e} << 8 | b;
    const size_t slot = mix(0, key) & (kDerivativeCache - 1);
    if (derivatives[slot].first == key) return derivatives[slot].second;
    const ExprId d = compound_derivative(e, n, b);
    derivatives[slot] = {key, d};
    return d;
  }
  ExprId literals_after(const Node& n, uint8_t b) {
    const auto& s = tables[n.a].sorted;
    const auto from = s.begin() + n.b + (s[n.b].size() == n.d), to = s.begin() + n.c;
    const auto lo = std::partition_point(from, to, [&](const std::string& x) { return uint8_t(x[n.d]) < b; });
    const auto hi = std::partition_point(lo, to, [&](const std::string& x) { return uint8_t(x[n.d]) <= b; });
    return make_literals(n.a, uint32_t(lo - s.begin()), uint32_t(hi - s.begin()), n.d + 1);
  }
  ExprId compound_derivative(ExprId e, const Node& n, uint8_t b) {
    if (n.kind == kComplement) return make_complement(derivative(n.a, b));
    if (n.kind == kRepeat) {
      const ExprId d = derivative(n.a, b);
      if (d == kEmpty) return kEmpty;
      return make_concat(d, make_repeat(n.a, n.b ? n.b - 1 : 0, n.c == kUnbounded ? n.c : n.c - 1));
    }
    Ids ids;
    if (n.kind == kConcat) {
      for (;;) {
        const Node m = at(e);
        if (m.kind != kConcat) {
          ids.push_back(derivative(e, b));
          break;
        }
        const ExprId d = derivative(m.a, b);
        if (d != kEmpty) ids.push_back(make_concat(d, m.b));
        if (!has(m.a, kNullable)) break;
        e = m.b;
      }
      return ids.size() == 1 ? ids[0] : make_alternate(std::move(ids));
    }
    ids.reserve(n.b);
    for (uint32_t i = 0; i < n.b; ++i) {
      const ExprId d = derivative(pool[n.a + i], b);
      if (d != kEmpty) ids.push_back(d);
      else if (n.kind == kConjoin) return kEmpty;
    }
    return n.kind == kAlternate ? make_alternate(std::move(ids)) : make_conjoin(std::move(ids));
  }

  // The derivatives of e: (first byte of the interval, successor), dead ends not yet removed.
  using Steps = std::vector<std::pair<uint8_t, ExprId>>;
  Steps raw_steps(ExprId e) {
    Steps steps;
    const Bits classes = at(e).classes;
    for (unsigned b = 0; b < 256; ++b)
      if (b == 0 || classes.has(b)) steps.emplace_back(uint8_t(b), derivative(e, uint8_t(b)));
    return steps;
  }
  // As references into an unordered_map, they stay valid when others are added.
  const Steps& searched_steps(ExprId e) {
    auto it = successors_of.find(e);
    return it != successors_of.end() ? it->second : successors_of.emplace(e, raw_steps(e)).first->second;
  }

  const ExprId* fill_row(ExprId e) {
    auto it = successors_of.find(e);
    Steps steps = it != successors_of.end() ? it->second : raw_steps(e);
    for (auto& step : steps) step.second = is_empty(step.second) ? kEmpty : whole(step.second);
    if (rows_in_chunk == kRowsPerChunk) {
      chunks.emplace_back(new ExprId[kRowsPerChunk * 256]);  // not cleared: pages are touched as rows are filled
      rows_in_chunk = 0;
    }
    ExprId* row = chunks.back().get() + 256 * rows_in_chunk++;
    for (size_t i = 0; i < steps.size(); ++i)
      std::fill(row + steps[i].first, row + (i + 1 < steps.size() ? steps[i + 1].first : 256), steps[i].second);
    return rows[e] = row;
  }
  const ExprId* row(ExprId e) { return rows[e] ? rows[e] : fill_row(e); }

  // ---- what lies ahead ----------------------------------------------------------------------------------------
  bool room_to_search() const { return nodes.size() < max_states - max_states / 4; }

  bool is_empty(ExprId e) {
    if (e == kEmpty) return true;
    if (!has(e, kSearch) || has(e, kNullable)) return false;
    if (verdicts[e] == kUnknown) search_emptiness(e, kSearchBudget);
    return verdicts[e] == kDead;
  }
  void search_emptiness(ExprId start, size_t budget) {
    using Entry = std::pair<uint32_t, ExprId>;  // nearest first, by the structural lower bound
    std::priority_queue<Entry, std::vector<Entry>, std::greater<Entry>> queue;
    std::unordered_map<ExprId, ExprId> parents{{start, start}};
    queue.push({at(start).min_bytes, start});
    const size_t most_nodes = nodes.size() + budget;
    while (!queue.empty()) {
      const ExprId e = queue.top().second;
      queue.pop();
      if (budget-- == 0 || nodes.size() > most_nodes || !room_to_search()) {
        ++undecided;
        verdicts[start] = kAssumedLive;
        return;
      }
      for (auto [byte, to] : searched_steps(e)) {
        if (to == kEmpty || verdicts[to] == kDead) continue;
        if (!has(to, kSearch) || has(to, kNullable) || verdicts[to] != kUnknown) {
          const uint8_t verdict = verdicts[to] == kAssumedLive ? kAssumedLive : kLive;
          for (ExprId x = e;; x = parents[x]) {
            verdicts[x] = verdict;
            if (x == start) return;
          }
        }
        if (parents.emplace(to, e).second) queue.push({at(to).min_bytes, to});
      }
    }
    for (auto& [e, parent] : parents) verdicts[e] = kDead;
  }

  // The cheapest way to a nullable state, a character (or a byte) a unit; A* with the structural lower bound.
  uint32_t shortest(ExprId start, bool in_chars) {
    const auto bound = [&](ExprId e) { return in_chars ? at(e).min_chars : at(e).min_bytes; };
    if (is_empty(start)) return kUnbounded;
    if (has(start, kNullable)) return 0;
    if (!has(start, kSearch)) return bound(start);
    auto& memo = in_chars ? shortest_chars : shortest_bytes;
    if (auto it = memo.find(start); it != memo.end()) return it->second;
    struct Entry { uint64_t total; uint32_t cost; ExprId e; };
    const auto later = [](const Entry& x, const Entry& y) { return x.total != y.total ? x.total > y.total : x.cost < y.cost; };
    std::priority_queue<Entry, std::vector<Entry>, decltype(later)> queue(later);
    std::unordered_map<ExprId, uint32_t> cost{{start, 0}};
    queue.push({bound(start), 0, start});
    uint32_t best = bound(start);  // if the search is given up: never too high
    size_t budget = kSearchBudget;
    while (!queue.empty()) {
      const Entry top = queue.top();
      queue.pop();
      if (cost[top.e] < top.cost) continue;
      best = uint32_t(std::min<uint64_t>(top.total, kUnbounded - 1));
      if (has(top.e, kNullable) || !has(top.e, kSearch) || budget-- == 0 || !room_to_search()) break;
      const Steps& steps = searched_steps(top.e);
      for (size_t i = 0; i < steps.size(); ++i) {
        const ExprId to = steps[i].second;
        if (to == kEmpty || verdicts[to] == kDead) continue;
        const unsigned last = i + 1 < steps.size() ? steps[i + 1].first - 1u : 255u;
        // An interval that touches continuation bytes is charged nothing, unless it holds a whole-character byte only.
        const bool inside = in_chars && is_continuation(steps[i].first) && is_continuation(last);
        const uint32_t next = top.cost + (inside ? 0 : 1);
        auto [it, fresh] = cost.emplace(to, next);
        if (!fresh && it->second <= next) continue;
        it->second = next;
        queue.push({uint64_t{next} + bound(to), next, to});
      }
    }
    return memo[start] = best;
  }

  // The longest path over live states; a cycle, or more than the budget of states, is unbounded.
  uint32_t longest(ExprId start) {
    if (!has(start, kSearch)) return start == kEmpty ? 0 : at(start).max_chars;
    if (is_empty(start)) return 0;
    if (auto it = longest_chars.find(start); it != longest_chars.end()) return it->second;
    struct Frame { ExprId e; unsigned byte; };
    std::unordered_map<ExprId, uint32_t> done;  // kUnbounded - 1: open
    std::vector<Frame> stack{{start, 0}};
    done[start] = kUnbounded - 1;
    while (!stack.empty()) {
      Frame& f = stack.back();
      const ExprId* r = row(f.e);
      uint32_t& mine = done[f.e];
      if (f.byte == 0) mine = kUnbounded - 1;
      bool descend = false;
      for (; f.byte < 256 && !descend; ++f.byte) {
        const ExprId to = r[f.byte];
        if (to == kEmpty || (f.byte && to == r[f.byte - 1])) continue;
        if (!has(to, kSearch)) {
          if (at(to).max_chars == kUnbounded) return longest_chars[start] = kUnbounded;
          continue;
        }
        auto [it, fresh] = done.emplace(to, kUnbounded - 1);
        if (!fresh && it->second == kUnbounded - 1) return longest_chars[start] = kUnbounded;  // a cycle of live states
        if (!fresh) continue;
        if (done.size() > kLongestBudget || !room_to_search()) return longest_chars[start] = kUnbounded;
        stack.push_back({to, 0});
        descend = true;
        break;
      }
      if (descend) continue;
      uint32_t most = 0;
      for (unsigned b = 0; b < 256; ++b) {
        const ExprId to = r[b];
        if (to == kEmpty) continue;
        const uint32_t ahead = has(to, kSearch) ? done[to] : at(to).max_chars;
        most = std::max(most, plus(ahead, is_continuation(b) ? 0 : 1));
      }
      done[f.e] = most;
      stack.pop_back();
    }
    for (auto [e, n] : done) longest_chars[e] = n;
    return longest_chars[start];
  }

  bool has_length_between(ExprId e, uint32_t lo, uint32_t hi) {
    if (lo > hi || is_empty(e)) return false;
    const uint32_t least = shortest(e, true);
    if (least > hi) return false;
    if (lo <= least) return true;
    const uint32_t most = longest(e);
    if (lo > most) return false;
    if (hi >= most || has(e, kContiguous)) return true;
    const std::array<uint32_t, 3> key{e, lo, hi};
    if (auto it = window_memo.find(key); it != window_memo.end()) return it->second;
    return window_memo[key] = layered(e, lo, hi);
  }

  // Which states are reached by exactly k characters, k = 0..hi; "yes" when there are too many to tell.
  bool layered(ExprId start, uint32_t lo, uint32_t hi) {
    Ids layer{start}, next, open;
    size_t budget = kLengthBudget;
    for (uint32_t k = 0;; ++k) {
      // Finish the character that is open, if one is.
      open = layer;
      for (size_t i = 0; i < open.size(); ++i) {
        if (budget-- == 0 || !room_to_search()) return true;
        const ExprId* r = row(open[i]);
        ExprId last = kEmpty;
        for (unsigned b = 0x80; b < 0xC0; ++b)
          if (r[b] != last && (last = r[b]) != kEmpty && std::find(open.begin(), open.end(), r[b]) == open.end())
            open.push_back(r[b]);
      }
      if (k >= lo)
        for (ExprId e : open) if (has(e, kNullable)) return true;
      if (k == hi) return false;
      next.clear();
      for (ExprId e : open) {
        const ExprId* r = row(e);
        ExprId last = kEmpty;
        for (unsigned b = 0; b < 256; ++b)
          if (!is_continuation(b) && r[b] != last && (last = r[b]) != kEmpty) next.push_back(r[b]);
      }
      std::sort(next.begin(), next.end());
      next.erase(std::unique(next.begin(), next.end()), next.end());
      if (next.empty()) return false;
      if (next == layer && k < lo) k = lo - 1;  // a fixed point: all further layers are this one
      layer.swap(next);
    }
  }

  bool is_all(ExprId e) {
    if (e == kAll || e == any_text) return true;
    if (!has(e, kNullable) || at(e).max_chars != kUnbounded || is_class(e)) return false;
    if (auto it = universal.find(e); it != universal.end()) return it->second;
    const ExprId rest = make_conjoin({make_complement(e), any_text});
    if (rest != kEmpty && has(rest, kSearch) && verdicts[rest] == kUnknown) {
      const size_t before = undecided;
      search_emptiness(rest, kUniversalBudget);
      undecided = before;
      if (verdicts[rest] == kAssumedLive) { verdicts[rest] = kUnknown; return universal[e] = false; }
    }
    return universal[e] = is_empty(rest);
  }

  // ---- the split point of concatenations falls between characters ----------------------------------------------
  ExprId tighten(ExprId e) { return has(e, kTight) ? e : e == kAll ? any_text : make_conjoin({e, any_text}); }
  ExprId concat_texts(ExprId x, ExprId y) {
    if (x == kAll && run_of(y).part == any_char) return make_repeat(any_char, run_of(y).minimum, kUnbounded);
    if (y == kAll && run_of(x).part == any_char) return make_repeat(any_char, run_of(x).minimum, kUnbounded);
    if (x == kAll && y == kAll) return kAll;
    if (x == kAll && at(y).kind == kConcat && at(y).a == kAll) return y;
    const bool aligned = has(x, kTight) || has(y, kTight) || has(x, kEndsAligned) || has(y, kStartsAligned);
    return make_concat(aligned ? x : tighten(x), y);
  }
  ExprId checked(ExprId e) const {
    if (at(e).nesting > kMaxNesting) throw LimitExceeded{"regex nesting", at(e).nesting};
    return e;
  }
  ExprId whole(ExprId e) const { return e == any_text ? kAll : e; }

  void describe(ExprId e, std::string& out) const {
    if (out.size() > 2000) { out += "..."; return; }
    const Node& n = at(e);
    const auto set = [&](const Bits& s) {
      char hex[8];
      out += '[';
      for (unsigned b = 0; b < 256; ++b) {
        if (!s.has(b)) continue;
        unsigned last = b;
        while (last < 255 && s.has(last + 1)) ++last;
        for (unsigned x : {b, last}) {
          if (x > 32 && x < 127) out += char(x);
          else { std::snprintf(hex, sizeof hex, "\\x%02X", x); out += hex; }
          if (b == last) break;
          if (x == b) out += '-';
        }
        b = last;
      }
      out += ']';
    };
    const auto joined = [&](const char* between) {
      out += '(';
      for (uint32_t i = 0; i < n.b; ++i) { if (i) out += between; describe(pool[n.a + i], out); }
      out += ')';
    };
    switch (n.kind) {
      case kEmpty: out += "<none>"; break;
      case kEpsilon: out += "\"\""; break;
      case kAll: out += "<all>"; break;
      case kBytes: set(sets[n.a]); break;
      case kSwitch:
        if (e == any_char) { out += "<char>"; break; }
        out += "{";
        for (uint32_t i = 0; i < n.b; ++i) { if (i) out += '|'; set(sets[pool[n.a + 2 * i]]); describe(pool[n.a + 2 * i + 1], out); }
        out += "}";
        break;
      case kLiterals: out += "<" + std::to_string(n.c - n.b) + " literals+" + std::to_string(n.d) + ">"; break;
      case kConcat:
        for (; at(e).kind == kConcat && out.size() <= 2000; e = at(e).b) { describe(at(e).a, out); out += ' '; }
        describe(e, out);
        break;
      case kAlternate: joined("|"); break;
      case kConjoin: joined("&"); break;
      case kComplement: out += "~("; describe(n.a, out); out += ')'; break;
      case kRepeat:
        out += '('; describe(n.a, out);
        out += "){" + std::to_string(n.b) + "," + (n.c == kUnbounded ? "" : std::to_string(n.c)) + "}";
        break;
    }
  }
};

// ---- the public face ------------------------------------------------------------------------------------------------

ExprTable::ExprTable(size_t max_states) : impl_(std::make_unique<Impl>(max_states)) {}
ExprTable::~ExprTable() = default;

ExprId ExprTable::literal(std::string_view bytes) {
  ExprId e = kEpsilon;
  for (size_t end = bytes.size(); end > 0;) {  // right to left, a character at a time
    size_t start = end - 1;
    while (start > 0 && is_continuation(uint8_t(bytes[start])) && end - start < 4) --start;
    uint32_t lead = uint8_t(bytes[start]);
    const size_t length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    ExprId character = kEmpty;
    if (length == end - start) {
      uint32_t point = length == 1 ? lead : lead & (0x7F >> length);
      for (size_t i = start + 1; i < end; ++i) point = point << 6 | (uint8_t(bytes[i]) & 0x3F);
      character = impl_->chars({{point, point}});
    }
    if (character == kEmpty) {  // not UTF-8: the plain byte
      Bits s;
      s.set(uint8_t(bytes[start = end - 1]));
      character = impl_->make_bytes(s);
    }
    e = impl_->make_concat(character, e);
    end = start;
  }
  return e;
}

ExprId ExprTable::literals(std::vector<std::string> texts) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  if (texts.empty()) return kEmpty;
  if (texts.size() == 1) return literal(texts[0]);
  Texts t;
  for (const std::string& s : texts) t.chars.push_back(count_chars(s));
  t.sorted = std::move(texts);
  impl_->tables.push_back(std::move(t));
  const uint32_t table = uint32_t(impl_->tables.size() - 1);
  return impl_->make_literals(table, 0, uint32_t(impl_->tables[table].sorted.size()), 0);
}

ExprId ExprTable::chars(const std::vector<std::pair<uint32_t, uint32_t>>& ranges) { return impl_->chars(ranges); }

ExprId ExprTable::concat(const std::vector<ExprId>& parts) {
  ExprId e = kEpsilon;
  for (size_t i = parts.size(); i-- > 0;) e = impl_->concat_texts(parts[i], e);
  return impl_->checked(impl_->whole(e));
}
ExprId ExprTable::alternate(std::vector<ExprId> parts) {
  return impl_->checked(impl_->whole(impl_->make_alternate(std::move(parts))));
}
ExprId ExprTable::conjoin(std::vector<ExprId> parts) {
  return impl_->checked(impl_->whole(impl_->make_conjoin(std::move(parts))));
}
ExprId ExprTable::complement(ExprId part) {
  if (part == impl_->any_text) return kEmpty;
  const Node n = impl_->at(part);
  if (n.kind == kConjoin && n.b == 2) {  // AnyText & ~X, complemented
    const ExprId *parts = impl_->list(n), x = parts[0] == impl_->any_text ? parts[1] : parts[0];
    if ((parts[0] == impl_->any_text || parts[1] == impl_->any_text) && impl_->at(x).kind == kComplement)
      return impl_->checked(impl_->whole(impl_->tighten(impl_->at(x).a)));
  }
  return impl_->checked(impl_->whole(impl_->make_conjoin({impl_->make_complement(part), impl_->any_text})));
}
ExprId ExprTable::repeat(ExprId part, uint32_t minimum, uint32_t maximum) {
  if (maximum > 1 && part != kAll) part = impl_->tighten(part);
  return impl_->checked(impl_->whole(impl_->make_repeat(part, minimum, maximum)));
}
ExprId ExprTable::length_between(uint32_t minimum, uint32_t maximum) {
  return impl_->whole(impl_->make_repeat(impl_->any_char, minimum, maximum));
}

const ExprId* ExprTable::row(ExprId state) { return impl_->row(state); }
bool ExprTable::nullable(ExprId state) const { return impl_->has(state, kNullable); }
bool ExprTable::is_empty(ExprId state) { return impl_->is_empty(state); }
bool ExprTable::is_all(ExprId state) { return impl_->is_all(state); }
uint32_t ExprTable::min_chars(ExprId state) { return impl_->shortest(state, true); }
uint32_t ExprTable::max_chars(ExprId state) { return impl_->longest(state); }
uint32_t ExprTable::min_bytes(ExprId state) { return impl_->shortest(state, false); }
bool ExprTable::has_length_between(ExprId state, uint32_t minimum, uint32_t maximum) {
  return impl_->has_length_between(state, minimum, maximum);
}
size_t ExprTable::n_states() const { return impl_->nodes.size(); }
size_t ExprTable::n_undecided() const { return impl_->undecided; }
size_t ExprTable::memory_bytes() const {
  size_t texts = 0, steps = 0;
  for (const Texts& t : impl_->tables)
    for (const std::string& s : t.sorted) texts += sizeof(std::string) + s.capacity() + 4;
  for (const auto& [e, list] : impl_->successors_of) steps += 64 + list.capacity() * sizeof list[0];
  return impl_->nodes.capacity() * (sizeof(Node) + sizeof(ExprId*) + 1) + impl_->pool.capacity() * 4 +
         impl_->slots.capacity() * 4 + impl_->sets.capacity() * sizeof(Bits) + texts + steps +
         impl_->chunks.size() * kRowsPerChunk * 256 * sizeof(ExprId) + impl_->derivatives.size() * 16;
}
std::string ExprTable::to_string(ExprId e) const {
  std::string out;
  impl_->describe(e, out);
  return out;
}

}  // namespace typeloom
