// What lies ahead of a state: transition rows without dead ends, emptiness, shortest and longest texts, lengths.
//
// Without conjunction and complement an expression other than kEmpty is not empty, by construction, and the bounds that
// its node carries are exact. Otherwise a best-first search over derivatives looks for a nullable one: at most
// kSearchBudget expansions, and only while the table is less than three quarters full. Verdicts are remembered for every
// state that a search settled.
#pragma once
#include <functional>
#include <map>
#include <queue>

#include "regex_forms.h"

namespace typeloom::regex {

constexpr size_t kSearchBudget = 20000, kLengthBudget = 1500, kLongestBudget = 300, kUniversalBudget = 200;
constexpr size_t kRowsPerChunk = 64, kShortChunk = 4096;
enum Verdict : uint8_t { kUnknown, kLive, kDead, kAssumedLive };

struct Ahead : Forms {
  using Forms::Forms;

  std::vector<ExprId*> rows;  // by state, null until asked for
  std::vector<std::unique_ptr<ExprId[]>> chunks;
  size_t rows_in_chunk = kRowsPerChunk;
  struct ShortRow {  // the same by class of bytes that behave alike
    const uint8_t* of = nullptr;
    ExprId* next = nullptr;
  };
  std::vector<ShortRow> short_rows;
  std::vector<std::unique_ptr<ExprId[]>> short_chunks;
  size_t short_left = 0;  // of the last one
  std::vector<std::unique_ptr<uint8_t[]>> class_maps;  // byte -> class; by the set of boundaries
  std::vector<uint8_t> verdict_of;
  std::unordered_map<ExprId, std::vector<std::pair<uint8_t, ExprId>>> successors_of;  // of states that were searched
  std::unordered_map<ExprId, uint32_t> shortest_chars, shortest_bytes, longest_chars;
  std::unordered_map<ExprId, bool> universal;
  std::map<std::array<uint32_t, 3>, bool> window_memo;
  size_t undecided = 0;

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

  // Texts are valid UTF-8, so "any text" is "every string" there; saying so lets masks take their short way.
  ExprId alive(ExprId e) { return is_empty(e) ? kEmpty : e == any_text ? kAll : e; }

  Steps live_steps(ExprId e) {
    auto it = successors_of.find(e);
    Steps steps = it != successors_of.end() ? it->second : raw_steps(e);
    for (auto& step : steps) step.second = alive(step.second);
    return steps;
  }
  const ExprId* fill_row(ExprId e) {
    Steps steps;
    const bool known = e < short_rows.size() && short_rows[e].of;
    if (!known) steps = live_steps(e);
    if (rows_in_chunk == kRowsPerChunk) {
      chunks.emplace_back(new ExprId[kRowsPerChunk * 256]);  // not cleared: pages are touched as rows are filled
      rows_in_chunk = 0;
    }
    ExprId* row = chunks.back().get() + 256 * rows_in_chunk++;
    if (known)
      for (unsigned b = 0; b < 256; ++b) row[b] = short_rows[e].next[short_rows[e].of[b]];
    for (size_t i = 0; i < steps.size(); ++i)
      std::fill(row + steps[i].first, row + (i + 1 < steps.size() ? steps[i + 1].first : 256), steps[i].second);
    if (e >= rows.size()) rows.resize(nodes.size());
    return rows[e] = row;
  }
  const ExprId* row(ExprId e) { return e < rows.size() && rows[e] ? rows[e] : fill_row(e); }
  const ShortRow& fill_short_row(ExprId e) {
    const Steps steps = live_steps(e);
    const uint32_t set = set_id(at(e).classes);
    if (set >= class_maps.size()) class_maps.resize(sets.size());
    if (!class_maps[set]) {
      class_maps[set].reset(new uint8_t[256]);
      for (size_t i = 0; i < steps.size(); ++i)
        std::fill(&class_maps[set][steps[i].first], class_maps[set].get() + (i + 1 < steps.size() ? steps[i + 1].first : 256),
                  uint8_t(i));
    }
    if (short_left < steps.size()) {
      short_chunks.emplace_back(new ExprId[kShortChunk]);
      short_left = kShortChunk;
    }
    short_left -= steps.size();
    if (e >= short_rows.size()) short_rows.resize(nodes.size());
    ShortRow& row = short_rows[e];
    row.next = short_chunks.back().get() + short_left;
    for (size_t i = 0; i < steps.size(); ++i) row.next[i] = steps[i].second;
    row.of = class_maps[set].get();
    return row;
  }
  // One entry of the row, where a few will be asked for.
  ExprId step(ExprId e, uint8_t b) {
    if (e < short_rows.size() && short_rows[e].of) return short_rows[e].next[short_rows[e].of[b]];
    if (e < rows.size() && rows[e]) return rows[e][b];
    const ShortRow& made = fill_short_row(e);
    return made.next[made.of[b]];
  }
  // One entry of the row, without making it: most states inside of a counted run are met by one byte only.
  ExprId peek(ExprId e, uint8_t b) {
    if (e < rows.size() && rows[e]) return rows[e][b];
    if (e < short_rows.size() && short_rows[e].of) return short_rows[e].next[short_rows[e].of[b]];
    return alive(derivative(e, uint8_t(at(e).classes.first_alike(b))));
  }

  uint8_t& verdict(ExprId e) {
    if (e >= verdict_of.size()) verdict_of.resize(nodes.size());  // kUnknown is 0
    return verdict_of[e];
  }
  bool room_to_search() const { return nodes.size() < max_states - max_states / 4; }

  bool is_empty(ExprId e) {
    if (e == kEmpty) return true;
    if (!has(e, kSearch) || has(e, kNullable) || at(e).kind == kExternal) return false;  // automata are live
    if (verdict(e) == kUnknown) {
      const Node n = at(e);
      if (n.kind == kConjoin || n.kind == kComplement) search_emptiness(e, kSearchBudget);
      else verdict(e) = settle_by_parts(e, n);
    }
    return verdict(e) == kDead;
  }
  // A concatenation is empty if one of its parts is, an alternation if all are, a repetition if its part is.
  uint8_t settle_by_parts(ExprId e, const Node& n) {
    const auto of = [&](ExprId part) -> uint8_t {
      return is_empty(part) ? kDead : has(part, kSearch) && verdict(part) == kAssumedLive ? kAssumedLive : kLive;
    };
    if (n.kind == kConcat) {
      uint8_t found = kLive;
      for (;; e = at(e).b) {  // the right spine may be long
        const uint8_t part = of(at(e).kind == kConcat ? at(e).a : e);
        if (part == kDead) return kDead;
        if (part == kAssumedLive) found = part;
        if (at(e).kind != kConcat) return found;
      }
    }
    if (n.kind == kRepeat) return of(n.a);
    uint8_t found = kDead;
    for (uint32_t i = 0; i < n.b; ++i) {
      const uint8_t part = of(pool[n.a + i]);
      if (part == kLive) return kLive;
      if (part == kAssumedLive) found = part;
    }
    return found;
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
        verdict(start) = kAssumedLive;
        return;
      }
      for (auto [byte, to] : searched_steps(e)) {
        if (to == kEmpty || verdict(to) == kDead) continue;
        if (!has(to, kSearch) || has(to, kNullable) || verdict(to) != kUnknown) {
          const uint8_t found = verdict(to) == kAssumedLive ? kAssumedLive : kLive;
          for (ExprId x = e;; x = parents[x]) {
            verdict(x) = found;
            if (x == start) return;
          }
        }
        if (parents.emplace(to, e).second) queue.push({at(to).min_bytes, to});
      }
    }
    for (auto& [e, parent] : parents) verdict(e) = kDead;
  }

  // The cheapest way to a nullable state, a character (or a byte) a unit; A* with the structural lower bound.
  uint32_t shortest(ExprId start, bool in_chars) {
    const auto bound = [&](ExprId e) { return in_chars ? at(e).min_chars : at(e).min_bytes; };
    if (is_empty(start)) return kUnbounded;
    if (has(start, kNullable)) return 0;
    if (!has(start, kSearch)) return bound(start);
    if (at(start).kind == kExternal) {  // too many states to search
      Automaton& automaton = *automata[at(start).a];
      return in_chars ? automaton.min_chars(at(start).b) : automaton.distance(at(start).b);
    }
    auto& memo = in_chars ? shortest_chars : shortest_bytes;
    if (auto it = memo.find(start); it != memo.end()) return it->second;
    const Node n = at(start);
    if (n.kind != kConjoin && n.kind != kComplement) return memo[start] = shortest_by_parts(start, n, in_chars);
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
        if (to == kEmpty || verdict(to) == kDead) continue;
        const unsigned last = i + 1 < steps.size() ? steps[i + 1].first - 1u : 255u;
        // An interval that touches continuation bytes is charged nothing, unless it holds a whole-character byte only.
        const bool inside = in_chars && is_continuation(steps[i].first) && is_continuation(last);
        const uint32_t next = top.cost + (inside ? 0 : 1);
        if (next <= best && has(to, kNullable)) return memo[start] = next;  // nothing can be nearer
        auto [it, fresh] = cost.emplace(to, next);
        if (!fresh && it->second <= next) continue;
        it->second = next;
        queue.push({uint64_t{next} + bound(to), next, to});
      }
    }
    return memo[start] = best;
  }

  uint32_t shortest_by_parts(ExprId e, const Node& n, bool in_chars) {
    if (n.kind == kRepeat) return finite(times(shortest(n.a, in_chars), n.b));
    if (n.kind == kConcat) {
      uint32_t sum = 0;
      for (; at(e).kind == kConcat; e = at(e).b) sum = plus(sum, shortest(at(e).a, in_chars));
      return finite(plus(sum, shortest(e, in_chars)));
    }
    const auto bound = [&](ExprId part) { return in_chars ? at(part).min_chars : at(part).min_bytes; };
    uint32_t least = kUnbounded;
    ExprId nearest = kEmpty;  // of those that need a search; it may settle the others
    for (uint32_t i = 0; i < n.b; ++i) {
      const ExprId part = pool[n.a + i];
      if (!has(part, kSearch)) least = std::min(least, shortest(part, in_chars));
      else if (nearest == kEmpty || bound(part) < bound(nearest)) nearest = part;
    }
    if (nearest != kEmpty && bound(nearest) < least) least = std::min(least, shortest(nearest, in_chars));
    for (uint32_t i = 0; i < n.b; ++i) {
      const ExprId part = pool[n.a + i];
      if (has(part, kSearch) && bound(part) < least) least = std::min(least, shortest(part, in_chars));
    }
    return least;
  }

  // The longest path over live states; a cycle, or more than the budget of states, is unbounded.
  uint32_t longest(ExprId start) {
    if (!has(start, kSearch)) return start == kEmpty ? 0 : at(start).max_chars;
    if (is_empty(start)) return 0;
    if (at(start).kind == kExternal) return automata[at(start).a]->max_chars(at(start).b);
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
    if (lo == 0 && hi == kUnbounded) return true;
    const uint32_t least = shortest(e, true);
    if (least > hi) return false;
    if (lo <= least) return true;
    const uint32_t most = longest(e);
    if (lo > most) return false;
    if (hi >= most || has(e, kContiguous)) return true;
    if (at(e).kind == kExcerpt) return documents[at(e).a]->has_length_between(range_of(at(e)), lo, hi);
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
    if (rest != kEmpty && has(rest, kSearch) && verdict(rest) == kUnknown) {
      const size_t before = undecided;
      search_emptiness(rest, kUniversalBudget);
      undecided = before;
      if (verdict(rest) == kAssumedLive) { verdict(rest) = kUnknown; return universal[e] = false; }
    }
    return universal[e] = is_empty(rest);
  }
};

}  // namespace typeloom::regex
