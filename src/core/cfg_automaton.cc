#include "cfg_automaton.h"

#include <algorithm>
#include <unordered_set>

#include "lexis.h"

namespace typeloom {

namespace {
constexpr int kMostBounds = 128;
}  // namespace

CfgAutomaton::CfgAutomaton(std::shared_ptr<CfgGrammar> grammar, size_t max_states)
    : grammar_(std::move(grammar)), max_states_(max_states) {
  states_.intern({});  // 0 is dead
  origins_.push_back({UINT32_MAX, UINT32_MAX, 0, {}});
  if (grammar_->empty()) return;
  std::vector<Item> items{{grammar_->root(), kRoot}};
  start_ = state_of(closure_of(items));
}

uint32_t CfgAutomaton::intern(uint8_t lex, bool accepting, std::vector<Thread>& threads, uint32_t base) {
  if (threads.empty() && !accepting) return 0;
  std::sort(threads.begin(), threads.end());
  threads.erase(std::unique(threads.begin(), threads.end()), threads.end());
  content_.resize(kHead + 3 * threads.size());
  uint32_t* at = content_.data();
  *at++ = lex | (accepting ? kAccepting : 0);
  *at++ = base;
  for (const Thread& t : threads) *at++ = t.expr, *at++ = t.next.position, *at++ = t.next.origin;
  if (states_.size() >= max_states_) throw LimitExceeded{"states", states_.size()};
  return states_.intern(content_);
}

uint32_t CfgAutomaton::compute(uint32_t state, uint8_t byte) {
  if (!state) return 0;
  const Row row = row_of(state);
  const uint32_t base = states_[state][1];
  const uint32_t based = base ? step(base, byte) : 0;  // what it makes has no place in the lists below
  const ListPool::List s = states_[state];
  const uint8_t lex = utf8_step(uint8_t(s[0] & 255), byte);
  uint32_t next = 0;
  if (lex != 255) {
    ExprTable& exprs = grammar_->exprs();
    std::vector<Thread>& threads = threads_;
    std::vector<Item>& complete = complete_;
    threads.clear();
    complete.clear();
    for (size_t i = kHead; i < s.size(); i += 3) {
      const ExprId e = exprs.step(s[i], byte);
      if (e == kEmpty) continue;
      if (e != kEpsilon) threads.push_back({e, {s[i + 1], s[i + 2]}});
      if (lex == kBetween && exprs.nullable(e)) complete.push_back({s[i + 1], s[i + 2]});
    }
    if (base && threads.empty() && complete.empty()) {
      row.next[row.classes->of[byte]] = kBased;
      return based;
    }
    Closure* closure = complete.empty() ? nullptr : &closure_of(complete);
    const bool is_flat = !based || !states_[based][1];
    if (!closure && (threads.empty() || !based)) {
      next = based ? based : intern(lex, false, threads);
    } else if (threads.empty() && !based) {
      next = state_of(*closure);
    } else if (!threads.empty() && is_flat && !(closure && based)) {
      const uint32_t behind = closure ? state_of(*closure) : based;
      next = intern(lex, accepting(behind), threads, behind);
    } else {
      if (closure) threads.insert(threads.end(), closure->threads.begin(), closure->threads.end());
      if (based) add_threads(based, threads);
      next = intern(lex, (closure && closure->accepting) || (based && accepting(based)), threads);
    }
  }
  return row.next[row.classes->of[byte]] = next;
}

void CfgAutomaton::add_threads(uint32_t state, std::vector<Thread>& threads) const {
  for (uint32_t at = state; at; at = states_[at][1]) {
    const ListPool::List s = states_[at];
    for (size_t i = kHead; i < s.size(); i += 3) threads.push_back({s[i], {s[i + 1], s[i + 2]}});
  }
}

uint32_t CfgAutomaton::state_of(Closure& closure) {
  if (!closure.state) {
    std::vector<Thread> threads = closure.threads;
    closure.state = intern(kBetween, closure.accepting, threads) + 1;
  }
  return closure.state - 1;
}

const CfgAutomaton::Row& CfgAutomaton::row_of(uint32_t state) {
  if (state >= rows_.size()) rows_.resize(std::max<size_t>(states_.size(), state + 64), {nullptr, nullptr});
  Row& row = rows_[state];
  if (row.classes) return row;
  Bytes bounds{};
  thread_boundaries(state, bounds.bits);
  const ListPool::List s = states_[state];
  if (s[1]) {  // what the base tells apart matters where a thread goes on, too
    uint64_t of_base[4] = {0, 0, 0, 0}, live[4] = {0, 0, 0, 0};
    boundaries(s[1], of_base);
    for (size_t i = kHead; i < s.size(); i += 3) {
      const Bytes& bytes = expr_differences(kEmpty, s[i]);
      for (int k = 0; k < 4; ++k) live[k] |= bytes.bits[k];
    }
    for (int k = 0; k < 4; ++k) bounds.bits[k] |= of_base[k] & live[k];
  }
  const uint32_t id = bounds_.intern(bounds);
  if (id == classes_.size()) {
    Classes& made = classes_.emplace_back();
    for (unsigned b = 0; b < 256; ++b) {
      if (b && bounds.bits[b >> 6] >> (b & 63) & 1) ++made.n;
      made.of[b] = uint8_t(made.n);
    }
    ++made.n;
  }
  row.classes = &classes_[id];
  const uint32_t n = row.classes->n;
  if (row_memory_left_ < n + 1) {
    row_memory_.emplace_back(new uint32_t[kRowWords]);
    row_memory_left_ = kRowWords;
  }
  row_memory_left_ -= n + 1;
  row.next = row_memory_.back().get() + row_memory_left_;
  std::fill(row.next, row.next + n, kUnknown);
  row.next[n] = s[1];
  return row;
}

// All that goes on where `items` do, without a byte being read.
CfgAutomaton::Closure& CfgAutomaton::closure_of(std::vector<Item>& items) {
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  key_.clear();
  for (const Item& item : items) key_.insert(key_.end(), {item.position, item.origin});
  const uint32_t id = closure_keys_.intern(key_);
  if (id >= closures_.size()) closures_.resize(id + 1);
  if (closures_[id].known) return closures_[id];
  Closure closure;
  closure.known = true;
  std::unordered_set<uint64_t> seen;
  std::vector<Item> open, waiting;
  const auto add = [&](Item item) {
    if (seen.insert(uint64_t(item.position) << 32 | item.origin).second) open.push_back(item);
  };
  for (const Item& item : items) add(item);
  while (!open.empty()) {
    const Item item = open.back();
    open.pop_back();
    const uint32_t symbol = grammar_->symbol(item.position);
    if (symbol == CfgGrammar::kEnd) {
      closure.accepting |= item.origin == kRoot;
      for (const Item& after : origins_[item.origin].waits) add(after);
      continue;
    }
    if (grammar_->is_terminal(symbol)) {
      const ExprId expr = grammar_->terminal(symbol);
      if (expr != kEpsilon) closure.threads.push_back({expr, {item.position + 1, item.origin}});
    } else {
      waiting.push_back(item);
    }
    if (grammar_->nullable(symbol)) add({item.position + 1, item.origin});
  }
  if (!waiting.empty()) start_frame(waiting, closure.threads);
  closures_[id] = std::move(closure);
  return closures_[id];
}

// Adds the threads with which the names begin that `waiting` items wait for.
void CfgAutomaton::start_frame(std::vector<Item>& waiting, std::vector<Thread>& threads) {
  std::sort(waiting.begin(), waiting.end());
  Numbers content;
  for (const Item& item : waiting) content.insert(content.end(), {item.position, item.origin});
  const uint32_t frame = frames_.intern(content);
  if (frame == frame_names_.size()) {
    frame_names_.emplace_back(grammar_->n_names(), uint8_t(0));
    frame_threads_.emplace_back();
    Numbers begun;
    for (const Item& item : waiting) {
      const uint32_t name = grammar_->name_of(grammar_->symbol(item.position));
      if (std::find(begun.begin(), begun.end(), name) != begun.end()) continue;
      begun.push_back(name);
      for (uint32_t below : grammar_->beginning(name).names) frame_names_[frame][below] = 1;
    }
    std::vector<Thread> made;
    for (uint32_t name : begun)
      for (uint32_t position : grammar_->beginning(name).terminals) {
        const ExprId expr = grammar_->terminal(grammar_->symbol(position));
        if (expr != kEpsilon) made.push_back({expr, {position + 1, origin_of(frame, grammar_->name(position))}});
      }
    std::sort(made.begin(), made.end());
    made.erase(std::unique(made.begin(), made.end()), made.end());
    frame_threads_[frame] = std::move(made);
  }
  threads.insert(threads.end(), frame_threads_[frame].begin(), frame_threads_[frame].end());
}

uint32_t CfgAutomaton::origin_of(uint32_t frame, uint32_t name) {
  // A chain of names, each of which is all that another one waits for at its end, is walked by a loop.
  Numbers chain;
  uint32_t found;
  for (;;) {
    const uint64_t key = uint64_t(frame) << 32 | name;
    if (const uint32_t known = origin_ids_.find(key)) {
      found = known - 1;
      break;
    }
    const ListPool::List items = frames_[frame];
    std::vector<Item> outer;
    for (size_t i = 0; i < items.size(); i += 2)
      if (grammar_->name_of(grammar_->symbol(items[i])) == name) outer.push_back({items[i] + 1, items[i + 1]});
    Numbers inner;
    for (uint32_t position : grammar_->waiters(name))
      if (frame_names_[frame][grammar_->name(position)]) inner.push_back(position + 1);
    const bool at_end = outer.size() + inner.size() == 1 &&
                        grammar_->symbol(outer.empty() ? inner[0] : outer[0].position) == CfgGrammar::kEnd;
    const bool cycle = std::find(chain.begin(), chain.end(), name) != chain.end();
    if (at_end && !cycle) {
      chain.push_back(name);
      if (!outer.empty()) {
        found = outer[0].origin;
        break;
      }
      name = grammar_->name(inner[0]);
      continue;
    }
    found = uint32_t(origins_.size());
    origin_ids_.insert(key, found + 1);
    origins_.push_back({frame, name, kFarthest, {}});
    uint32_t nearest = kFarthest;
    for (size_t i = 0; i < items.size(); i += 2) {
      const uint32_t way = grammar_->beginning(grammar_->name_of(grammar_->symbol(items[i]))).climb[name];
      if (way == CfgGrammar::kNever) continue;
      const uint32_t outside = add_bytes(grammar_->rest(items[i] + 1), origins_[items[i + 1]].distance);
      nearest = std::min(nearest, add_bytes(way, outside));
    }
    origins_[found].distance = nearest;
    std::vector<Item> waits = std::move(outer);
    for (uint32_t position : inner) waits.push_back({position, origin_of(frame, grammar_->name(position))});
    origins_[found].waits = std::move(waits);
    break;
  }
  for (uint32_t passed : chain) {
    const uint64_t key = uint64_t(frame) << 32 | passed;
    if (!origin_ids_.find(key)) origin_ids_.insert(key, found + 1);
  }
  return found;
}

// --- what lies ahead --------------------------------------------------------------------------------------------------

// Bytes of a shortest text of the expression; inside a character of one that counts whole characters only, exactly.
uint32_t CfgAutomaton::expr_distance(ExprId expr, uint8_t lex) {
  ExprTable& exprs = grammar_->exprs();
  if (lex == kBetween) return std::min(kFarthest, exprs.min_bytes(expr));
  auto [it, fresh] = expr_distances_.try_emplace(uint64_t(expr) << 8 | lex, kFarthest);
  if (!fresh) return it->second;
  uint32_t best = kFarthest;
  ExprId last = kEmpty;
  uint8_t last_lex = 255;
  for (unsigned b = 0x80; b < 0xC0; ++b) {
    const uint8_t next = utf8_step(lex, uint8_t(b));
    const ExprId e = next == 255 ? ExprId(kEmpty) : exprs.step(expr, uint8_t(b));
    if (e == kEmpty || (e == last && next == last_lex)) continue;
    last = e;
    last_lex = next;
    best = std::min(best, add_bytes(1, expr_distance(e, next)));
  }
  return expr_distances_[uint64_t(expr) << 8 | lex] = best;
}

uint32_t CfgAutomaton::distance(uint32_t state) {
  if (!state) return kFarthest;
  if (accepting(state)) return 0;
  if (state >= distances_.size()) distances_.resize(states_.size() + 64, 0);
  if (distances_[state]) return distances_[state] - 1;
  uint32_t best = states_[state][1] ? distance(states_[state][1]) : kFarthest;
  const ListPool::List s = states_[state];
  for (size_t i = kHead; i < s.size(); i += 3) {
    const uint32_t behind = add_bytes(grammar_->rest(s[i + 1]), origins_[s[i + 2]].distance);
    best = std::min(best, add_bytes(expr_distance(s[i], uint8_t(s[0] & 255)), behind));
  }
  distances_[state] = best + 1;
  return best;
}

void CfgAutomaton::boundaries(uint32_t state, uint64_t (&bits)[4]) {
  for (uint32_t at = state; at; at = states_[at][1]) thread_boundaries(at, bits);
}

void CfgAutomaton::thread_boundaries(uint32_t state, uint64_t (&bits)[4]) {
  const ListPool::List s = states_[state];
  static constexpr uint8_t kPlaces[] = {0x80, 0x90, 0xA0, 0xC0, 0xC2, 0xE0, 0xE1, 0xED, 0xEE, 0xF0, 0xF1, 0xF4, 0xF5};
  for (uint8_t b : kPlaces) bits[b >> 6] |= uint64_t{1} << (b & 63);
  ExprId last = kEmpty;
  for (size_t i = kHead; i < s.size(); i += 3) {
    if (s[i] != last) grammar_->exprs().boundaries(s[i], bits);
    last = s[i];
  }
}

// Where every thread goes on by these characters as it does by that one, and the base by none of them, the state does, too.
bool CfgAutomaton::others_as(uint32_t state, uint8_t ascii) {
  ExprTable& exprs = grammar_->exprs();
  const ListPool::List s = states_[state];
  if (!state || (s[0] & 255) != kBetween) return false;
  for (size_t i = kHead; i < s.size(); i += 3)
    if (!others_lead(s[i], exprs.step(s[i], ascii))) return false;
  for (uint32_t base = s[1]; base; base = states_[base][1]) {
    if (step(base, ascii)) return false;
    const ListPool::List b = states_[base];
    for (size_t i = kHead; i < b.size(); i += 3)
      if (!others_lead(b[i], kEmpty)) return false;
  }
  return true;
}

bool CfgAutomaton::others_lead(ExprId from, ExprId to) {
  constexpr size_t kMost = 32;
  const uint64_t key = uint64_t(from) << 32 | to;
  if (const uint32_t known = others_.find(key)) return known == 2;
  ExprTable& exprs = grammar_->exprs();
  std::vector<std::pair<ExprId, uint8_t>> open{{from, uint8_t(kBetween)}};
  bool lead = true;
  for (size_t i = 0; i < open.size() && lead; ++i) {
    const auto [expr, lex] = open[i];
    for (unsigned b = 0x80; b < 256 && lead; ++b) {
      const uint8_t next_lex = utf8_step(lex, uint8_t(b));
      if (next_lex == 255) continue;
      const ExprId next = exprs.step(expr, uint8_t(b));
      if (next_lex == kBetween || next == kEmpty) {
        lead = next == to;
        continue;
      }
      const std::pair<ExprId, uint8_t> place{next, next_lex};
      if (std::find(open.begin(), open.end(), place) == open.end()) open.push_back(place);
    }
    lead = lead && open.size() <= kMost;
  }
  others_.insert(key, lead ? 2 : 1);
  return lead;
}

// Where the threads of two states with one place to go on at lead to the same expressions, and what else there is to none,
// and the bases to one state, the states are the same.
void CfgAutomaton::differences(uint32_t a, uint32_t b, uint64_t (&bits)[4]) {
  if (a == b) return;
  const ListPool::List s = states_[a], o = states_[b];
  const auto add = [&](ExprId x, ExprId y) {
    if (x == y) return;
    const Bytes& bytes = expr_differences(x, y);
    for (int i = 0; i < 4; ++i) bits[i] |= bytes.bits[i];
  };
  if (a && b && (s[0] & 255) != (o[0] & 255)) return Automaton::differences(a, b, bits);
  uint64_t matched = 0;  // of the other's first threads; what comes behind them is taken to have no match
  const size_t last = std::min<size_t>(o.size(), kHead + 3 * 64);
  for (size_t i = kHead; i < s.size(); i += 3) {
    ExprId other = kEmpty;
    for (size_t j = kHead; j < last; j += 3) {
      const uint64_t bit = uint64_t{1} << (j / 3);
      if (o[j + 2] != s[i + 2] || o[j + 1] != s[i + 1] || matched & bit) continue;
      other = o[j];
      matched |= bit;
      break;
    }
    add(s[i], other);
  }
  for (size_t j = kHead; j < o.size(); j += 3)
    if (j >= last || !(matched >> (j / 3) & 1)) add(o[j], kEmpty);
  differences(a ? s[1] : 0, b ? o[1] : 0, bits);
}

const CfgAutomaton::Bytes& CfgAutomaton::expr_differences(ExprId a, ExprId b) {
  if (a > b) std::swap(a, b);
  const uint64_t key = uint64_t(a) << 32 | b;
  if (const uint32_t known = expr_differences_.find(key)) return differences_[known - 1];
  ExprTable& exprs = grammar_->exprs();
  uint64_t bounds[4] = {1, 0, 0, 0};
  exprs.boundaries(a, bounds);
  exprs.boundaries(b, bounds);
  Bytes found{};
  int n_bounds = 0;
  for (uint64_t word : bounds) n_bounds += __builtin_popcountll(word);
  bool differ = n_bounds > kMostBounds;  // another automaton, whose states are made when they are met and not to compare them
  for (unsigned byte = 0; byte < 256; ++byte) {
    if (n_bounds <= kMostBounds && bounds[byte >> 6] >> (byte & 63) & 1)
      differ = (a ? exprs.step(a, uint8_t(byte)) : kEmpty) != exprs.step(b, uint8_t(byte));
    if (differ) found.bits[byte >> 6] |= uint64_t{1} << (byte & 63);
  }
  differences_.push_back(found);
  expr_differences_.insert(key, uint32_t(differences_.size()));
  return differences_.back();
}

size_t CfgAutomaton::memory_bytes() const {
  size_t bytes = row_memory_.size() * kRowWords * 4 + rows_.size() * sizeof(Row) + distances_.size() * 4;
  bytes += classes_.size() * (sizeof(Classes) + sizeof(Bytes)) + differences_.size() * sizeof(Bytes);
  bytes += expr_differences_.memory_bytes() + others_.memory_bytes() + origin_ids_.memory_bytes();
  bytes += states_.memory_bytes() + frames_.memory_bytes() + closure_keys_.memory_bytes();
  for (const auto& names : frame_names_) bytes += names.size() + sizeof names;
  for (const Origin& o : origins_) bytes += sizeof o + o.waits.size() * sizeof(Item);
  for (const Closure& c : closures_) bytes += sizeof c + c.threads.size() * sizeof(Thread);
  return bytes;
}

}  // namespace typeloom
