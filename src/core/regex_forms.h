// The normal forms of expressions: every constructor finds the one node for all expressions it can tell are equal.
//
// Alternations and conjunctions are flattened, sorted and free of duplicates; sets of characters merge; runs of the same
// part (R{a,b}, R R, R{a,b} R{c,d}) are one repetition with summed or joined bounds, so counted repetitions never expand;
// concatenations are right-nested. This bounds the number of distinct derivatives (Brzozowski's similarity), and keeps
// counters from multiplying under a search for a counted run.
#pragma once
#include <tuple>

#include "regex_nodes.h"

namespace typeloom::regex {

constexpr size_t kDerivativeCache = 2048;

struct Forms : Nodes {
  ExprId any_char = 0, any_text = 0;
  ExprId continuations[4] = {};  // any n continuation bytes
  std::vector<std::pair<uint64_t, ExprId>> derivatives;  // direct-mapped cache, by (expression, byte); made on first use

  // Every table begins as a copy of one that knows any character and any text: a tenth of the price of making them.
  explicit Forms(size_t limit) : Forms(seed()) { max_states = std::max<size_t>(limit, 64); }
  Forms() : Nodes(1 << 16) {
    any_char = chars({{0, 0x10FFFF}});
    any_text = make_repeat(any_char, 0, kUnbounded);
  }
  static const Forms& seed() {
    static const Forms made;
    return made;
  }

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
    size_t arm = 0;
    for (unsigned b = 0; b < 256; ++b) {
      if (to[b] == kEmpty) continue;
      if (arm >= arms.size() || arms[arm].first != to[b]) {
        arm = size_t(std::find_if(arms.begin(), arms.end(), [&](auto& a) { return a.first == to[b]; }) - arms.begin());
        if (arm == arms.size()) arms.push_back({to[b], Bits()});
      }
      arms[arm].second.set(b);
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
    if (x == kAll || (x == any_text && x)) return kEmpty;  // every text that is ever fed is UTF-8
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
    const Texts& t = tables[table];
    if (hi == lo + 1 && text(t, lo).size() == depth) return kEpsilon;
    if (t.places.empty() || hi - lo == t.places.size()) return make(kLiterals, table, lo, hi, depth);
    const Range part = part_of(t.whole, {t.places.begin() + lo, t.places.begin() + hi});
    return make(kLiterals, part.table, part.first, part.last, depth);
  }

  // The bytes that continue a character, by their value bits: `n` more bytes, values inside `ranges`.
  using Ranges = std::vector<std::pair<uint32_t, uint32_t>>;
  ExprId continuation(const Ranges& ranges, int n) {
    if (ranges.empty()) return kEmpty;
    if (n == 0) return kEpsilon;
    const uint32_t span = uint32_t{1} << (6 * (n - 1));
    const bool full = ranges.size() == 1 && ranges[0].first == 0 && ranges[0].second == 64 * span - 1;
    if (full && continuations[n]) return continuations[n];
    ExprId to[256] = {};
    for (uint32_t v = 0; v < 64; ++v) to[0x80 + v] = continuation(clip(ranges, v * span, span), n - 1);
    const ExprId e = make_switch(to);
    if (full) continuations[n] = e;
    return e;
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
    if (merged.empty()) return kEmpty;
    if (merged.back().second < 0x80) {
      Bits s;
      for (auto [lo, hi] : merged) s.set(lo, hi);
      return make_bytes(s);
    }
    ExprId to[256] = {};
    for (auto& r : clip(merged, 0, 0x80))
      for (uint32_t c = r.first; c <= r.second; ++c) to[c] = kEpsilon;
    const auto lead = [&](uint32_t first, uint32_t last, uint32_t floor, int n) {
      const uint32_t span = uint32_t{1} << (6 * n);
      for (uint32_t b = first; b <= last; ++b) {
        const uint32_t start = (b - first) * span;
        if (merged.back().second < start || merged.front().first >= start + span) continue;
        Ranges part = clip(merged, start, span);
        Ranges above;
        for (auto [lo, hi] : part)
          if (hi + start >= floor) above.emplace_back(std::max(lo + start, floor) - start, hi);
        to[b] = continuation(above, n);
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
      case kExcerpt: return excerpt_after(n, b);
      case kExternal: {
        const uint32_t to = automata[n.a]->step(n.b, b);
        return to ? make(kExternal, n.a, to) : kEmpty;
      }
      case kConcat: case kAlternate: case kConjoin: case kComplement: case kRepeat: break;
      default: return kEmpty;
    }
    if (derivatives.empty()) derivatives.assign(kDerivativeCache, {~uint64_t{0}, 0});
    const uint64_t key = uint64_t{e} << 8 | b;
    const size_t slot = mix(0, key) & (kDerivativeCache - 1);
    if (derivatives[slot].first == key) return derivatives[slot].second;
    const ExprId d = compound_derivative(e, n, b);
    derivatives[slot] = {key, d};
    return d;
  }
  ExprId literals_after(const Node& n, uint8_t b) {
    const uint32_t from = n.b + (text(tables[n.a], n.b).size() == n.d);
    const uint32_t low = past_byte(n, from, int(b) - 1);
    return make_literals(n.a, low, past_byte(n, low, b), n.d + 1);
  }
  ExprId excerpt_after(const Node& n, uint8_t b) {
    Document::Range range = range_of(n);
    if (!documents[n.a]->step(range, b)) return kEmpty;
    return make(kExcerpt, n.a, range.low, range.high, range.depth);
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
};

}  // namespace typeloom::regex
