#include "machine.h"

#include <algorithm>
#include <map>

namespace typeloom {

namespace {

bool blank(uint8_t b) { return b == ' ' || b == '\t' || b == '\n' || b == '\r'; }

const char* const kLiterals[] = {"null", "true", "false"};

Inside unpack(const State& s) {
  Inside in;
  in.lex = s.lex;
  in.escape = s.d & 0x7FFFF;
  in.high = s.d >> 20 ? 0xD800 + (s.d >> 20) - 1 : 0;
  return in;
}

void pack(State& s, const Inside& in) {
  s.lex = in.lex;
  s.d = in.escape | (in.high ? (in.high - 0xD800 + 1) << 20 : 0);
}

// The escapes that a canonical writer makes, with what they denote.
const std::vector<std::pair<std::string, uint32_t>>& canonical_escapes() {
  static const auto* table = [] {
    auto* t = new std::vector<std::pair<std::string, uint32_t>>;
    for (uint32_t c = 0; c < 0x60; ++c) {
      if (c >= 0x20 && c != '"' && c != '\\') continue;
      std::string quoted = quote_canonically(std::string(1, char(c)));
      t->emplace_back(quoted.substr(1, quoted.size() - 2), c);
    }
    return t;
  }();
  return *table;
}

}  // namespace

Machine::Machine(Grammar& grammar, NodeId root, Layout layout, Order order, bool leading_blank, size_t max_states)
    : grammar_(grammar), layout_(layout), order_(order), max_states_(max_states) {
  states_.intern(State{});
  texts_.intern(Text{});
  texts_.intern(Text{0, 256});  // 1: where recording begins
  vectors_.intern({});
  Frame document;
  document.kind = kKinds;
  uint32_t frame = frames_.intern(document);
  GoalId goal = grammar_.must(root);
  if (goal != kFreeGoal && (grammar_.cost(goal).bytes == kInfinite || grammar_.cost(goal).depth > kMaxDepth))
    return;  // start stays 0
  State s;
  s.mode = kValue;
  s.lex = leading_blank ? 2 : 0;
  s.a = goal;
  s.frame = frame;
  start_ = intern(s);
}

StateId Machine::intern(const State& s) {
  StateId id = states_.intern(s);
  if (states_.size() > max_states_) throw LimitExceeded{"automaton states", states_.size()};
  return id;
}

std::string Machine::text(uint32_t id, uint32_t from) const {
  std::string out;
  for (; id != from && id > 1; id = texts_[id].before) out.push_back(char(texts_[id].byte));
  std::reverse(out.begin(), out.end());
  return out;
}

bool Machine::extends(uint32_t text, uint32_t prefix) const {
  for (uint32_t id = text;; id = texts_[id].before) {
    if (id == prefix) return true;
    if (id <= 1) return false;
  }
}

uint32_t Machine::text_of(const std::string& bytes) {
  uint32_t id = 0;
  for (char c : bytes) id = texts_.intern({id, uint8_t(c)});
  return id;
}

bool Machine::contains_text(uint32_t set, uint32_t text) const {
  const auto& v = vectors_[set];
  return std::binary_search(v.begin(), v.end(), text);
}

uint32_t Machine::insert_text(uint32_t set, uint32_t text) {
  std::vector<uint32_t> v = vectors_[set];
  v.insert(std::lower_bound(v.begin(), v.end(), text), text);
  return vectors_.intern(v);
}

size_t Machine::memory_bytes() const {
  return states_.size() * (sizeof(State) + 16) + frames_.size() * (sizeof(Frame) + 16) + transitions_.memory_bytes() +
         texts_.size() * 24 + key_states_.size() * (sizeof(KeyState) + 16) + grammar_.exprs.memory_bytes() +
         grammar_.numbers.memory_bytes();
}

// --- verdicts ---------------------------------------------------------------------------------------------------------

// Whether the document may still come true if the atoms of the value open in `frame` are `verdicts`.
bool Machine::feasible(uint32_t frame, std::vector<uint32_t> verdicts) const {
  for (;;) {
    const Frame& f = frames_[frame];
    if (f.kind == kKinds) return verdicts.empty() || verdicts[0] != kFalse;
    const ContainerJob& job = grammar_.job(f.job);
    const auto& link = vectors_[f.link];
    if (job.single) {
      if (!verdicts.empty() && verdicts[0] == kFalse) return false;
      if (f.kind == kArray && link.size() > 1) {  // a contains that has its most already must not match again
        const ArrayConstraint& array = grammar_.array(job.leaves[0]);
        const auto& c = array.contains;
        for (size_t j = 0; j < c.size(); ++j) {
          const uint32_t matched = vectors_[f.progress][j], verdict = verdicts[link[1 + j]];
          if (verdict == kTrue && matched >= c[j].maximum) return false;
          // ... and one that needs all the items that are left must match this one.
          if (verdict == kFalse && matched < c[j].minimum && array.maximum != kUnbounded &&
              c[j].minimum - matched > array.maximum - f.count - 1)
            return false;
        }
      }
      return true;
    }
    Verdicts leaves;
    for (uint32_t v : vectors_[f.verdicts]) leaves.push_back(uint8_t(v));
    for (size_t i = 0; i < leaves.size() && i < link.size(); ++i)
      if (link[i] != kNone && verdicts[link[i]] == kFalse) leaves[i] = kFalse;
    std::vector<uint32_t> atoms;
    for (FormulaId a : job.atoms) atoms.push_back(grammar_.evaluate(a, leaves.data()));
    if (job.must) return atoms[0] != kFalse;
    verdicts.swap(atoms);
    frame = f.parent;
  }
}

bool Machine::kind_possible(uint32_t frame, GoalId goal, Kind kind, const Expansion& e) {
  if (grammar_.goal_must(goal) && e.atoms[0] == kFalse) return false;
  if (kind >= kArray && frames_[frame].depth + std::max(1u, e.depth) > kMaxDepth) return false;
  if (grammar_.goal_must(goal) || e.atoms.empty()) return true;
  return feasible(frame, std::vector<uint32_t>(e.atoms.begin(), e.atoms.end()));
}

bool Machine::value_possible(uint32_t frame, GoalId goal) {
  const Frame& f = frames_[frame];
  if (f.kind == kArray && grammar_.job(f.job).has_unique && grammar_.job(f.job).single) return item_possible(frame, goal);
  if (goal == kFreeGoal) return true;
  if (grammar_.goal_must(goal)) {
    Cost c = grammar_.cost(goal);
    if (c.bytes == kInfinite) return false;
    if (f.depth + c.depth <= kMaxDepth) return true;
  }
  for (uint8_t kind = 0; kind < kKinds; ++kind)
    if (kind_possible(frame, goal, Kind(kind), grammar_.expand_live(goal, Kind(kind)))) return true;
  return false;
}

// In an array of unique items: some value of the goal is not there yet.
bool Machine::item_possible(uint32_t frame, GoalId goal) {
  if (goal == kFreeGoal) return true;
  const uint32_t used = frames_[frame].used;
  for (uint8_t k = 0; k < kKinds; ++k) {
    Kind kind = Kind(k);
    Expansion e = grammar_.expand_live(goal, kind);
    if (!kind_possible(frame, goal, kind, e)) continue;
    if (kind <= kFalseLiteral) {
      if (!contains_text(used, text_of(kLiterals[kind]))) return true;
    } else if (kind == kString) {
      const StringJob& job = grammar_.string_job(e.job);
      if (!job.single) return true;
      ExprId left = without_used(job.one.language, used);
      if (grammar_.exprs.has_length_between(left, job.one.minimum, job.one.maximum)) return true;
    } else if (kind == kNumber) {
      const NumbersJob& job = grammar_.number_job(e.job);
      if (!job.single || number_has_unused(grammar_.numbers.start(job.job), "", used)) return true;
    } else {
      return true;
    }
  }
  return false;
}

ExprId Machine::without_used(ExprId language, uint32_t used) {
  if (language == kAll || used == 0) return language;
  if (grammar_.exprs.max_chars(language) == kUnbounded) return language;
  std::vector<std::string> texts;
  for (uint32_t id : vectors_[used]) {
    std::string t = text(id);
    if (!t.empty() && t[0] == '"') texts.push_back(t.substr(1, t.size() - 2));  // canonical_json keeps strings decoded
  }
  if (texts.empty()) return language;
  return grammar_.exprs.conjoin({language, grammar_.exprs.complement(grammar_.exprs.literals(std::move(texts)))});
}

// Some number that continues `text` from s is not used: completions are tried in order; a finite language runs out of
// used ones, an infinite one offers an unused one soon.
bool Machine::number_has_unused(NumberState s, std::string text, uint32_t used) {
  if (!s) return false;
  struct Step {
    NumberState state;
    std::string text;
  };
  std::vector<Step> queue{{s, std::move(text)}};
  static const char bytes[] = "0123456789-.eE+";
  for (size_t i = 0; i < queue.size() && i < 20000; ++i) {
    Step step = queue[i];
    if (grammar_.numbers.holds(step.state) & 1)
      if (!contains_text(used, text_of(canonical_json(step.text)))) return true;
    for (const char* b = bytes; *b; ++b)
      if (NumberState next = grammar_.numbers.step(step.state, uint8_t(*b)))
        queue.push_back({next, step.text + *b});
  }
  return queue.size() >= 20000;
}

uint32_t Machine::canonical_value(uint32_t recorded, uint32_t mark) {
  return text_of(canonical_json(text(recorded, mark)));
}

// --- a byte -----------------------------------------------------------------------------------------------------------

StateId Machine::compute(StateId id, uint8_t b) {
  State s = states_[id];
  const uint32_t recorded_before = s.recorded;
  const bool skip = layout_ == Layout::kFlexible && blank(b);
  if (s.recorded) s.recorded = texts_.intern({s.recorded, b});
  auto stay = [&] {
    s.recorded = recorded_before;
    return intern(s);
  };
  switch (s.mode) {
    case kValue:
      if (s.lex == 1) return b == ' ' ? (s.lex = 0, stay()) : 0;
      if (s.lex == 2) {
        s.lex = 0;
        if (b == ' ') return stay();
      }
      if (skip) return stay();
      return step_value(s, b);
    case kLiteral: {
      const char* word = kLiterals[s.a];
      if (uint8_t(word[s.b]) != b) return 0;
      ++s.b;
      if (word[s.b]) return intern(s);
      return close_value(s.frame, s.recorded, vectors_[s.verdicts]);
    }
    case kNumbers: return step_number(s, b, recorded_before);
    case kFree:
    case kLanguage:
    case kLanguages:
    case kKey: return step_inside(s, b);
    case kKeyFirst:
      if (skip) return stay();
      if (b == '}') return close_container(s);
      return b == '"' ? key_start(s) : 0;
    case kKeyNext:
      if (s.lex == 1) return b == ' ' ? (s.lex = 0, stay()) : 0;
      if (skip) return stay();
      return b == '"' ? key_start(s) : 0;
    case kColon:
      if (skip) return stay();
      if (b != ':') return 0;
      s.mode = kValue;
      s.lex = layout_ == Layout::kSpaced;
      return intern(s);
    case kAfter: {
      if (skip) return stay();
      const Frame f = frames_[s.frame];
      if (f.kind == kObject) {
        if (b == '}') return close_container(s);
        if (b != ',' || !menu(s.frame).any()) return 0;
        s.mode = kKeyNext;
        s.lex = layout_ == Layout::kSpaced;
        return intern(s);
      }
      if (b == ']') return close_container(s);
      if (b != ',') return 0;
      State next;
      if (!next_item(s.frame, s.recorded, next)) return 0;
      next.lex = layout_ == Layout::kSpaced;
      return intern(next);
    }
    case kEnd: return skip ? id : 0;
  }
  return 0;
}

StateId Machine::step_value(const State& s, uint8_t b) {
  switch (b) {
    case 'n': return start_value(s, kNull, b);
    case 't': return start_value(s, kTrueLiteral, b);
    case 'f': return start_value(s, kFalseLiteral, b);
    case '"': return start_value(s, kString, b);
    case '[': return start_value(s, kArray, b);
    case '{': return start_value(s, kObject, b);
    case ']': {
      if (!s.b) return 0;
      State closing = s;
      if (s.c) closing.frame = s.c;
      return close_container(closing);
    }
  }
  if (b == '-' || (b >= '0' && b <= '9')) return start_value(s, kNumber, b);
  return 0;
}

StateId Machine::start_value(State s, Kind kind, uint8_t b) {
  if (s.a == kNone) return 0;  // only the closing bracket may come
  const GoalId goal = s.a;
  Expansion e = grammar_.expand_live(goal, kind);
  if (!kind_possible(s.frame, goal, kind, e)) return 0;
  const Frame around = frames_[s.frame];
  const bool unique =
      around.kind == kArray && grammar_.job(around.job).has_unique && grammar_.job(around.job).single;
  s.verdicts = vectors_.intern(std::vector<uint32_t>(e.atoms.begin(), e.atoms.end()));
  s.a = s.b = s.c = s.d = 0;
  s.lex = 0;
  switch (kind) {
    case kNull:
    case kTrueLiteral:
    case kFalseLiteral:
      if (unique && contains_text(around.used, text_of(kLiterals[kind]))) return 0;
      s.mode = kLiteral;
      s.a = kind;
      s.b = 1;
      return intern(s);
    case kNumber: {
      s.mode = kNumbers;
      s.b = e.job;
      s.a = grammar_.numbers.start(grammar_.number_job(e.job).job);
      s.verdicts = 0;
      return s.a ? step_number(s, b, 0) : 0;
    }
    case kString: {
      const StringJob& job = grammar_.string_job(e.job);
      if (job.single) {
        s.a = unique ? without_used(job.one.language, around.used) : job.one.language;
        s.b = job.one.minimum;
        s.c = job.one.maximum;
        if (!e.atoms.empty()) s.verdicts = vectors_.intern({kTrue});
        s.mode = s.a == kAll ? kFree : kLanguage;
        if (s.a != job.one.language && !grammar_.exprs.has_length_between(s.a, s.b, s.c)) return 0;
        return intern(s);
      }
      bool decided = true;
      for (uint8_t v : e.atoms) decided &= v != kOpen;
      s.c = kUnbounded;
      s.mode = decided ? kFree : kLanguages;
      s.a = decided ? kAll : vectors_.intern(job.exprs);
      if (!decided && grammar_.exprs.is_empty(language_of(s.frame, job.exprs))) return 0;
      return intern(s);
    }
    default: break;
  }
  Frame f;
  f.parent = s.frame;
  f.kind = kind;
  f.depth = around.depth + 1;
  f.job = e.job;
  const ContainerJob& job = grammar_.job(e.job);
  if (!job.single) {
    std::vector<uint32_t> leaves;
    for (uint32_t leaf : job.leaves) leaves.push_back(grammar_.constraint_possible(kind, leaf) ? kOpen : kFalse);
    f.verdicts = vectors_.intern(leaves);
  }
  if (kind == kObject) {
    if (order_ == Order::kDeclared) f.progress = vectors_.intern(std::vector<uint32_t>(job.leaves.size(), 0));
    s.mode = kKeyFirst;
    s.frame = frames_.intern(f);
    s.verdicts = 0;
    return intern(s);
  }
  std::vector<uint32_t> matches;
  for (uint32_t leaf : job.leaves) matches.insert(matches.end(), grammar_.array(leaf).contains.size(), 0);
  f.progress = vectors_.intern(matches);
  return first_item(s, frames_.intern(f));
}

// --- numbers ----------------------------------------------------------------------------------------------------------

StateId Machine::step_number(const State& s, uint8_t b, uint32_t recorded_before) {
  const NumbersJob& job = grammar_.number_job(s.b);
  NumberTable& numbers = grammar_.numbers;
  NumberState next = numbers.step(s.a, b);
  if (!next) {
    State ended = s;
    ended.recorded = recorded_before;
    if (!numbers.complete(s.a)) return 0;
    StateId after = end_number(ended);
    return after ? step(after, b) : 0;
  }
  State t = s;
  t.a = next;
  if (!job.single) {
    const auto possible = [&](const std::vector<uint32_t>& atoms) { return feasible(s.frame, atoms); };
    if (!possible(grammar_.open_verdicts(job, next))) return 0;
    if (grammar_.number_distance(job, next, possible) == kInfinite) return 0;
  }
  const Frame& f = frames_[s.frame];
  if (f.kind == kArray && f.used && job.single && grammar_.job(f.job).has_unique && grammar_.job(f.job).single &&
      !number_has_unused(next, text(t.recorded, f.mark), f.used))
    return 0;
  return intern(t);
}

StateId Machine::end_number(const State& s) {
  const NumbersJob& job = grammar_.number_job(s.b);
  uint64_t holds = grammar_.numbers.holds(s.a);
  if (job.single) {
    if (!job.atoms.empty() && !(holds & 1)) return 0;
    return close_value(s.frame, s.recorded, job.atoms.empty() ? std::vector<uint32_t>{} : std::vector<uint32_t>{kTrue});
  }
  return close_value(s.frame, s.recorded, grammar_.number_verdicts(job, holds));
}

// --- strings and keys -------------------------------------------------------------------------------------------------

StateId Machine::step_inside(State s, uint8_t b) {
  const Escapes policy = s.mode == kFree ? Escapes::kAny : Escapes::kCanonical;
  Inside in = unpack(s);
  const bool between = in.lex == kBetween;
  uint32_t code_point = 0;
  switch (inside_step(in, b, policy, code_point)) {
    case Event::kRefused: return 0;
    case Event::kQuote: return s.mode == kKey ? close_key(s) : close_string(s);
    case Event::kByte:
      pack(s, in);
      if (!feed(s, &b, 1, between)) return 0;
      return intern(s);
    case Event::kEscapeBegan:
    case Event::kEscapeGoes:
      pack(s, in);
      if (s.mode == kFree) {
        if (between) {
          if (s.c == 0) return 0;
          if (s.b) --s.b;
          if (s.c != kUnbounded) --s.c;
        }
        return intern(s);
      }
      return escape_lives(s) ? intern(s) : 0;
    case Event::kEscapeEnded: {
      pack(s, in);
      if (s.mode == kFree) return intern(s);
      uint8_t bytes[4];
      int n = encode_utf8(code_point, bytes);
      return feed(s, bytes, n, true) ? intern(s) : 0;
    }
  }
  return 0;
}

// Some canonical escape continues the one that is half read.
bool Machine::escape_lives(const State& s) {
  std::string so_far = "\\";
  if (s.lex == kHex) {
    so_far += 'u';
    for (uint32_t i = s.d >> 16 & 7; i-- > 0;) so_far += "0123456789abcdef"[s.d >> (4 * i) & 15];
  }
  for (auto& [spelling, code_point] : canonical_escapes()) {
    if (spelling.compare(0, so_far.size(), so_far) != 0) continue;
    State next = s;
    next.lex = kBetween;
    next.d = 0;
    uint8_t bytes[4];
    int n = encode_utf8(code_point, bytes);
    if (feed(next, bytes, n, true)) return true;
  }
  return false;
}

// Feeds decoded bytes to what the string or key must be; false if nothing can follow.
bool Machine::feed(State& s, const uint8_t* bytes, int n, bool began) {
  if (s.mode == kKey) return feed_key(s, bytes, n);
  if (s.mode == kLanguages) {
    std::vector<uint32_t> exprs = vectors_[s.a];
    std::vector<uint32_t> verdicts;
    for (uint32_t& e : exprs) {
      for (int i = 0; i < n; ++i) e = grammar_.exprs.step(e, bytes[i]);
      verdicts.push_back(e == kEmpty ? kFalse : e == kAll ? kTrue : kOpen);
    }
    s.a = vectors_.intern(exprs);
    return feasible(s.frame, verdicts) && !grammar_.exprs.is_empty(language_of(s.frame, exprs));
  }
  if (began) {
    if (s.c == 0) return false;
    if (s.b) --s.b;
    if (s.c != kUnbounded) --s.c;
  }
  if (s.mode == kFree) return true;
  for (int i = 0; i < n; ++i) s.a = grammar_.exprs.step(s.a, bytes[i]);
  if (s.a == kEmpty) return false;
  return (s.b == 0 && s.c == kUnbounded) || grammar_.exprs.has_length_between(s.a, s.b, s.c);
}

// The strings whose verdicts on the languages the frames around them can live with, as one language: every combination of
// verdicts that is feasible, united. Past a few open languages that is given up, and every string counts as possible.
ExprId Machine::language_of(uint32_t frame, const std::vector<uint32_t>& exprs) {
  constexpr size_t kMost = 4;
  ExprTable& table = grammar_.exprs;
  std::vector<size_t> open;
  for (size_t i = 0; i < exprs.size(); ++i)
    if (exprs[i] != kEmpty && exprs[i] != kAll) open.push_back(i);
  if (open.size() > kMost) return kAll;
  std::vector<ExprId> united;
  bool all = true;
  for (uint32_t wanted = 1u << open.size(); wanted-- > 0;) {
    std::vector<uint32_t> verdicts;
    std::vector<ExprId> parts;
    for (uint32_t e : exprs) verdicts.push_back(e == kAll ? kTrue : kFalse);
    for (size_t j = 0; j < open.size(); ++j) {
      const bool holds = wanted >> j & 1;
      verdicts[open[j]] = holds ? kTrue : kFalse;
      parts.push_back(holds ? exprs[open[j]] : table.complement(exprs[open[j]]));
    }
    if (feasible(frame, verdicts)) united.push_back(table.conjoin(std::move(parts)));
    else all = false;
  }
  return all ? kAll : table.alternate(std::move(united));
}

StateId Machine::close_string(const State& s) {
  if (s.mode == kLanguages) {
    std::vector<uint32_t> verdicts;
    for (uint32_t e : vectors_[s.a]) verdicts.push_back(grammar_.exprs.nullable(e) ? kTrue : kFalse);
    return feasible(s.frame, verdicts) ? close_value(s.frame, s.recorded, verdicts) : 0;
  }
  if (s.b > 0) return 0;
  if (s.mode == kLanguage && !grammar_.exprs.nullable(s.a)) return 0;
  return close_value(s.frame, s.recorded, vectors_[s.verdicts]);
}

StateId Machine::after_string(const State& s) {
  return close_value(s.frame, s.recorded, vectors_[s.verdicts]);
}

StateId Machine::after_string(const State& s, const std::vector<uint32_t>& verdicts) {
  return feasible(s.frame, verdicts) ? close_value(s.frame, s.recorded, verdicts) : 0;
}

StateId Machine::after_unknown_key(const State& s, const std::vector<uint8_t>& matched) {
  // A private-use character makes a key that nobody declared and nobody used.
  uint32_t text = key_states_[s.a].text;
  for (uint8_t b : {0xEE, 0x80, 0x80}) text = texts_.intern({text, b});
  return take_key(s, kNone, text, matched);
}

StateId Machine::key_start(const State& s) {
  const Menu& m = menu(s.frame);
  if (!m.any()) return 0;
  const Frame& f = frames_[s.frame];
  KeyTable& t = grammar_.key_table(f.job);
  KeyState k;
  k.high = uint32_t(t.keys.size());
  if (m.unknown) {
    k.unknown = t.unknown;
    if (f.used && t.unknown != kAll && grammar_.exprs.max_chars(t.unknown) != kUnbounded) {
      std::vector<std::string> texts;
      for (uint32_t id : vectors_[f.used]) texts.push_back(text(id));
      k.unknown = grammar_.exprs.conjoin(
          {t.unknown, grammar_.exprs.complement(grammar_.exprs.literals(std::move(texts)))});
    }
    k.watched = vectors_.intern(t.watched);
  }
  State next = s;
  next.mode = kKey;
  next.lex = 0;
  next.b = next.c = next.d = 0;
  next.a = key_states_.intern(k);
  return intern(next);
}

bool Machine::feed_key(State& s, const uint8_t* bytes, int n) {
  KeyState k = key_states_[s.a];
  const KeyTable& t = grammar_.key_table(frames_[s.frame].job);
  for (int i = 0; i < n; ++i) {
    const uint8_t b = bytes[i];
    // keys[low..high) share their first `depth` bytes and are sorted, so byte `depth` is sorted too.
    auto byte_at = [&](uint32_t key) {
      return k.depth < t.keys[key].size() ? int(uint8_t(t.keys[key][k.depth])) : -1;
    };
    auto first_not_below = [&](int bound) {
      uint32_t lo = k.low, hi = k.high;
      while (lo < hi) {
        uint32_t mid = (lo + hi) / 2;
        if (byte_at(mid) < bound) lo = mid + 1;
        else hi = mid;
      }
      return lo;
    };
    if (k.low < k.high) {
      uint32_t low = first_not_below(b), high = first_not_below(int(b) + 1);
      k.low = low;
      k.high = high;
      if (low == high) k.low = k.high = 0;
    }
    k.depth = k.low < k.high ? k.depth + 1 : 0;
    if (k.unknown != kEmpty) {
      k.unknown = grammar_.exprs.step(k.unknown, b);
      k.text = k.unknown == kEmpty ? 0 : texts_.intern({k.text, b});
      if (k.watched) {
        std::vector<uint32_t> watched = vectors_[k.watched];
        for (uint32_t& w : watched) w = w == kEmpty ? kEmpty : grammar_.exprs.step(w, b);
        k.watched = k.unknown == kEmpty ? 0 : vectors_.intern(watched);
      }
    }
  }
  s.a = key_states_.intern(k);
  if (k.unknown != kEmpty) return true;
  if (k.low == k.high) return false;
  const Menu& m = menu(s.frame);
  auto it = std::lower_bound(m.declared.begin(), m.declared.end(), k.low);
  return it != m.declared.end() && *it < k.high;
}

StateId Machine::close_key(const State& s) {
  const KeyState k = key_states_[s.a];
  const Frame& f = frames_[s.frame];
  const KeyTable& t = grammar_.key_table(f.job);
  if (k.low < k.high && t.keys[k.low].size() == k.depth) {
    const Menu& m = menu(s.frame);
    if (!std::binary_search(m.declared.begin(), m.declared.end(), k.low)) return 0;
    return take_key(s, k.low, 0, {});
  }
  if (k.unknown == kEmpty || !grammar_.exprs.nullable(k.unknown) || contains_text(f.used, k.text)) return 0;
  std::vector<uint8_t> matched(t.watched.size(), 0);
  if (k.watched)
    for (size_t i = 0; i < matched.size(); ++i) matched[i] = grammar_.exprs.nullable(vectors_[k.watched][i]);
  return take_key(s, kNone, k.text, matched);
}

bool Machine::leaf_takes(const Frame& f, const KeyTable& t, const ContainerJob& job, size_t leaf, uint32_t key) const {
  if (order_ == Order::kAny) return true;
  const ObjectConstraint& c = grammar_.object(job.leaves[leaf]);
  const uint32_t position = vectors_[f.progress][leaf];
  uint32_t end = uint32_t(c.properties.size());
  if (key != kNone && t.property[leaf][key] != kNone) end = t.property[leaf][key];
  if (position > end) return false;
  for (uint32_t i = position; i < end; ++i)
    if (t.required[leaf][t.key_of[leaf][i]]) return false;
  return true;
}

std::vector<uint32_t> Machine::after_key(const Frame& f, const KeyTable& t, const ContainerJob& job, uint32_t key) const {
  std::vector<uint32_t> progress = vectors_[f.progress];
  size_t n_positions = 0;
  bool note = true;
  if (order_ == Order::kDeclared) {
    n_positions = job.leaves.size();
    for (size_t leaf = 0; leaf < job.leaves.size(); ++leaf) {
      uint32_t i = key == kNone ? kNone : t.property[leaf][key];
      progress[leaf] = i == kNone ? uint32_t(grammar_.object(job.leaves[leaf]).properties.size()) : i + 1;
    }
    // With one leaf the position tells which of its properties are over.
    note = key != kNone && !(job.leaves.size() == 1 && t.property[0][key] != kNone);
  }
  if (note && key != kNone)
    progress.insert(std::lower_bound(progress.begin() + long(n_positions), progress.end(), key), key);
  return progress;
}

uint32_t Machine::saturate(const Frame& f, uint32_t count) {
  const ContainerJob& job = grammar_.job(f.job);
  uint32_t cap = 0;
  for (uint32_t leaf : job.leaves) {
    if (f.kind == kObject) {
      const ObjectConstraint& c = grammar_.object(leaf);
      cap = std::max(cap, c.maximum != kUnbounded ? c.maximum : c.minimum);
    } else {
      const ArrayConstraint& c = grammar_.array(leaf);
      cap = std::max(cap, std::max(uint32_t(c.prefix.size()), c.maximum != kUnbounded ? c.maximum : c.minimum));
    }
  }
  return std::min(count, cap);
}

// Whether leaf's counts still work out once `key` (kNone: an undeclared one) is taken.
bool Machine::complete_after(const Frame& f, const KeyTable& t, const ContainerJob& job, size_t leaf, uint32_t key,
                             bool unknown) {
  const ObjectConstraint& c = grammar_.object(job.leaves[leaf]);
  if (c.maximum == kUnbounded && c.minimum <= f.count + 1) return true;
  const auto& progress = vectors_[f.progress];
  const size_t n_positions = order_ == Order::kDeclared ? job.leaves.size() : 0;
  auto seen = [&](uint32_t k) { return std::binary_search(progress.begin() + long(n_positions), progress.end(), k); };
  uint32_t missing = 0, available = 0, position = 0;
  if (order_ == Order::kDeclared) {
    position = key != kNone && t.property[leaf][key] != kNone ? t.property[leaf][key] + 1 : uint32_t(c.properties.size());
  }
  for (uint32_t k = 0; k < t.keys.size(); ++k) {
    if (k == key || seen(k)) continue;
    const uint32_t i = t.property[leaf][k];
    if (order_ == Order::kDeclared && i != kNone && i < position) continue;
    if (t.required[leaf][k]) ++missing;
    if (grammar_.cost(grammar_.must(grammar_.child_of_key(f.job, leaf, k))).bytes != kInfinite) ++available;
  }
  if (c.maximum != kUnbounded && uint64_t(f.count) + 1 + missing > c.maximum) return false;
  if (c.minimum > f.count + 1 && !unknown && f.count + 1 + available < c.minimum) return false;
  return true;
}

StateId Machine::take_key(const State& s, uint32_t key, uint32_t unknown_text, const std::vector<uint8_t>& matched) {
  Frame f = frames_[s.frame];
  const ContainerJob& job = grammar_.job(f.job);
  KeyTable& t = grammar_.key_table(f.job);
  const bool unknown_later = t.unknown_allowed;
  State next = s;
  next.mode = kColon;
  next.lex = 0;
  next.b = next.c = next.d = next.verdicts = 0;
  GoalId goal = kFreeGoal;
  if (job.single) {
    if (key != kNone) {
      if (t.goals[key] == kNone) t.goals[key] = grammar_.must(grammar_.child_of_key(f.job, 0, key));
      goal = t.goals[key];
    } else {
      goal = grammar_.must(grammar_.child_of_unknown(job.leaves[0], matched, t.watched));
    }
    if (!leaf_takes(f, t, job, 0, key) || !complete_after(f, t, job, 0, key, unknown_later)) return 0;
  } else if (!job.leaves.empty()) {
    std::vector<uint32_t> verdicts = vectors_[f.verdicts], link(job.leaves.size(), kNone);
    std::vector<NodeId> atoms;
    for (size_t leaf = 0; leaf < job.leaves.size(); ++leaf) {
      if (verdicts[leaf] == kFalse) continue;
      NodeId child = key != kNone ? grammar_.child_of_key(f.job, leaf, key)
                                  : grammar_.child_of_unknown(job.leaves[leaf], matched, t.watched);
      bool named = key != kNone || grammar_.object(job.leaves[leaf]).names == kAll;
      if (!named) {  // an undeclared key that only another leaf's names take
        const std::string name = text(unknown_text);
        ExprId e = grammar_.object(job.leaves[leaf]).names;
        for (char ch : name) e = grammar_.exprs.step(e, uint8_t(ch));
        named = grammar_.exprs.nullable(e);
      }
      if (!named || child == kNever || !leaf_takes(f, t, job, leaf, key) ||
          !complete_after(f, t, job, leaf, key, unknown_later)) {
        verdicts[leaf] = kFalse;
        continue;
      }
      if (child == kAny) continue;
      auto it = std::find(atoms.begin(), atoms.end(), child);
      link[leaf] = uint32_t(it - atoms.begin());
      if (it == atoms.end()) atoms.push_back(child);
    }
    f.verdicts = vectors_.intern(verdicts);
    f.link = vectors_.intern(link);
    if (!atoms.empty()) {
      bool must = false;
      if (atoms.size() == 1) must = !feasible(frames_.intern(f), {kFalse});
      goal = grammar_.goal(std::move(atoms), must);
      if (grammar_.goal_must(goal)) f.link = 0;
    }
    if (!feasible(frames_.intern(f), std::vector<uint32_t>(grammar_.n_atoms(goal), kOpen))) return 0;
  }
  f.progress = vectors_.intern(after_key(f, t, job, key));
  f.count = saturate(f, f.count + 1);
  if (key == kNone) f.used = insert_text(f.used, unknown_text);
  next.frame = frames_.intern(f);
  next.a = goal;
  if (!value_possible(next.frame, goal)) return 0;
  return intern(next);
}

const Menu& Machine::menu(uint32_t frame) {
  auto it = menus_.find(frame);
  if (it != menus_.end()) return it->second;
  return menus_.emplace(frame, make_menu(frame)).first->second;
}

Menu Machine::make_menu(uint32_t frame) {
  const Frame f = frames_[frame];
  const ContainerJob& job = grammar_.job(f.job);
  KeyTable& t = grammar_.key_table(f.job);
  Menu m;
  const auto progress = vectors_[f.progress];
  const size_t n_positions = order_ == Order::kDeclared ? job.leaves.size() : 0;
  auto seen = [&](uint32_t k) { return std::binary_search(progress.begin() + long(n_positions), progress.end(), k); };
  auto possible = [&](uint32_t key) {
    if (t.goals[key] == kNone) t.goals[key] = grammar_.must(grammar_.child_of_key(f.job, 0, key));
    if (t.goals[key] == kFreeGoal) return true;
    Cost c = grammar_.cost(t.goals[key]);
    return c.bytes != kInfinite && f.depth + c.depth <= kMaxDepth;
  };
  if (job.single) {
    const ObjectConstraint& c = grammar_.object(job.leaves[0]);
    bool past = true;  // no required property stands before the undeclared ones
    if (order_ == Order::kDeclared) {
      for (uint32_t i = progress[0]; i < c.properties.size(); ++i) {
        uint32_t key = t.key_of[0][i];
        if (possible(key) && complete_after(f, t, job, 0, key, t.unknown_allowed)) m.declared.push_back(key);
        if (t.required[0][key]) {
          past = false;
          break;
        }
      }
      if (past)
        for (uint32_t key : t.extra[0])
          if (!seen(key) && possible(key) && complete_after(f, t, job, 0, key, t.unknown_allowed))
            m.declared.push_back(key);
      std::sort(m.declared.begin(), m.declared.end());
    } else {
      size_t next_seen = 0;
      for (uint32_t key = 0; key < t.keys.size(); ++key) {
        if (next_seen < progress.size() && progress[next_seen] == key) {
          ++next_seen;
          continue;
        }
        if (possible(key) && complete_after(f, t, job, 0, key, t.unknown_allowed)) m.declared.push_back(key);
      }
    }
    m.unknown = t.unknown_allowed && past && complete_after(f, t, job, 0, kNone, true);
    if (m.unknown && f.used && t.unknown != kAll && grammar_.exprs.max_chars(t.unknown) != kUnbounded) {
      std::vector<std::string> texts;
      for (uint32_t id : vectors_[f.used]) texts.push_back(text(id));
      m.unknown = !grammar_.exprs.is_empty(
          grammar_.exprs.conjoin({t.unknown, grammar_.exprs.complement(grammar_.exprs.literals(std::move(texts)))}));
    }
    return m;
  }
  State probe;
  probe.mode = kKey;
  probe.frame = frame;
  for (uint32_t key = 0; key < t.keys.size(); ++key)
    if (!seen(key) && take_key(probe, key, 0, {})) m.declared.push_back(key);
  m.unknown = t.unknown_allowed;
  if (m.unknown && !job.leaves.empty()) {  // leaves that cannot take any undeclared key would be false
    Verdicts verdicts;
    for (size_t leaf = 0; leaf < job.leaves.size(); ++leaf) {
      const ObjectConstraint& c = grammar_.object(job.leaves[leaf]);
      uint8_t v = uint8_t(vectors_[f.verdicts][leaf]);
      bool takes = c.additional != kNever || !c.patterns.empty();
      if (!takes || !leaf_takes(f, t, job, leaf, kNone) || !complete_after(f, t, job, leaf, kNone, true)) v = kFalse;
      verdicts.push_back(v);
    }
    std::vector<uint32_t> atoms;
    for (FormulaId a : job.atoms) atoms.push_back(grammar_.evaluate(a, verdicts.data()));
    m.unknown = job.must ? atoms[0] != kFalse : feasible(f.parent, atoms);
  }
  return m;
}

// --- containers -------------------------------------------------------------------------------------------------------

StateId Machine::first_item(const State& s, uint32_t frame) {
  State next;
  if (!next_item(frame, s.recorded, next)) {
    next = State{};
    next.mode = kValue;
    next.frame = frame;
    next.recorded = s.recorded;
    next.a = kNone;
  }
  next.b = 1;
  if (next.frame != frame) next.c = frame;  // what the array is if it ends here
  return intern(next);
}

bool Machine::next_item(uint32_t frame, uint32_t recorded, State& out) {
  Frame f = frames_[frame];
  const ContainerJob& job = grammar_.job(f.job);
  out = State{};
  out.mode = kValue;
  GoalId goal = kFreeGoal;
  auto item = [&](const ArrayConstraint& c) {
    if (f.count >= c.maximum) return kNever;
    return f.count < c.prefix.size() ? c.prefix[f.count] : c.items;
  };
  if (job.single) {
    const ArrayConstraint& c = grammar_.array(job.leaves[0]);
    NodeId node = item(c);
    if (node == kNever) return false;
    if (c.contains.empty()) {
      goal = grammar_.must(node);
    } else {
      std::vector<NodeId> atoms{node};
      std::vector<uint32_t> link{0};
      for (auto& k : c.contains) {
        auto it = std::find(atoms.begin(), atoms.end(), k.node);
        link.push_back(uint32_t(it - atoms.begin()));
        if (it == atoms.end()) atoms.push_back(k.node);
      }
      f.link = vectors_.intern(link);
      goal = grammar_.goal(std::move(atoms), false);
    }
  } else if (!job.leaves.empty()) {
    std::vector<uint32_t> verdicts = vectors_[f.verdicts], link(job.leaves.size(), kNone);
    std::vector<NodeId> atoms;
    auto atom = [&](NodeId node) {
      auto it = std::find(atoms.begin(), atoms.end(), node);
      uint32_t i = uint32_t(it - atoms.begin());
      if (it == atoms.end()) atoms.push_back(node);
      return i;
    };
    for (size_t leaf = 0; leaf < job.leaves.size(); ++leaf) {
      if (verdicts[leaf] == kFalse) continue;
      NodeId node = item(grammar_.array(job.leaves[leaf]));
      if (node == kNever) verdicts[leaf] = kFalse;
      else if (node != kAny) link[leaf] = atom(node);
    }
    for (uint32_t leaf : job.leaves)
      for (auto& k : grammar_.array(leaf).contains) link.push_back(atom(k.node));
    f.verdicts = vectors_.intern(verdicts);
    f.link = vectors_.intern(link);
    const bool counting = link.size() > job.leaves.size();
    if (!atoms.empty()) {
      bool must = atoms.size() == 1 && !counting && !feasible(frames_.intern(f), {kFalse});
      goal = grammar_.goal(std::move(atoms), must);
      if (grammar_.goal_must(goal)) f.link = 0;
    }
    if (!feasible(frames_.intern(f), std::vector<uint32_t>(grammar_.n_atoms(goal), kOpen))) return false;
  }
  if (job.has_unique) {
    if (!recorded) recorded = 1;
    f.mark = recorded;
  }
  out.frame = frames_.intern(f);
  out.recorded = recorded;
  out.a = goal;
  return value_possible(out.frame, goal);
}

StateId Machine::close_value(uint32_t frame, uint32_t recorded, const std::vector<uint32_t>& given) {
  const std::vector<uint32_t> verdicts = given;
  Frame f = frames_[frame];
  State next;
  next.recorded = recorded;
  if (f.kind == kKinds) {
    if (!verdicts.empty() && verdicts[0] == kFalse) return 0;
    next.mode = kEnd;
    next.frame = frame;
    next.recorded = 0;
    return intern(next);
  }
  const ContainerJob& job = grammar_.job(f.job);
  const std::vector<uint32_t> link = vectors_[f.link];
  std::vector<uint32_t> leaves;
  if (job.single) {
    if (!verdicts.empty() && verdicts[0] == kFalse) return 0;
  } else {
    leaves = vectors_[f.verdicts];
    for (size_t i = 0; i < leaves.size() && i < link.size(); ++i)
      if (link[i] != kNone && verdicts[link[i]] == kFalse) leaves[i] = kFalse;
  }
  if (f.kind == kArray) {
    f.count = saturate(f, f.count + 1);
    std::vector<uint32_t> matched = vectors_[f.progress];
    size_t at = 0;
    for (size_t leaf = 0; leaf < job.leaves.size(); ++leaf) {
      const ArrayConstraint& c = grammar_.array(job.leaves[leaf]);
      for (auto& k : c.contains) {
        const size_t i = job.leaves.size() + at;
        const bool match = i < link.size() && verdicts[link[i]] == kTrue;
        const uint32_t cap = k.maximum != kUnbounded ? k.maximum + 1 : k.minimum;
        if (match) matched[at] = std::min(matched[at] + 1, cap);
        bool possible = matched[at] <= k.maximum;
        if (c.maximum != kUnbounded && matched[at] < k.minimum && k.minimum - matched[at] > c.maximum - f.count)
          possible = false;
        if (!possible) {
          if (job.single) return 0;
          leaves[leaf] = kFalse;
        }
        ++at;
      }
    }
    f.progress = vectors_.intern(matched);
    if (job.has_unique) {
      uint32_t value = canonical_value(recorded, f.mark);
      if (contains_text(f.used, value)) {
        for (size_t leaf = 0; leaf < job.leaves.size(); ++leaf) {
          if (!grammar_.array(job.leaves[leaf]).unique) continue;
          if (job.single) return 0;
          leaves[leaf] = kFalse;
        }
      } else {
        f.used = insert_text(f.used, value);
      }
      if (f.mark == 1) next.recorded = 0;
      f.mark = 0;
      // An array that still needs items must be able to get them.
      if (job.single && f.count < grammar_.array(job.leaves[0]).minimum) {
        State probe;
        f.link = 0;
        if (!next_item(frames_.intern(f), recorded, probe)) return 0;
      }
    }
  }
  f.link = 0;
  if (!job.single) {
    f.verdicts = vectors_.intern(leaves);
    if (!job.leaves.empty() && !feasible(frames_.intern(f), {})) return 0;
  }
  next.mode = kAfter;
  next.frame = frames_.intern(f);
  return intern(next);
}

bool Machine::requirements_met(const Frame& f, const ContainerJob& job, size_t leaf) {
  if (f.kind == kArray) {
    const ArrayConstraint& c = grammar_.array(job.leaves[leaf]);
    if (f.count < c.minimum || f.count > c.maximum) return false;
    size_t at = 0;
    for (size_t i = 0; i < leaf; ++i) at += grammar_.array(job.leaves[i]).contains.size();
    for (auto& k : c.contains) {
      uint32_t n = vectors_[f.progress][at++];
      if (n < k.minimum || n > k.maximum) return false;
    }
    return true;
  }
  const ObjectConstraint& c = grammar_.object(job.leaves[leaf]);
  if (f.count < c.minimum || f.count > c.maximum) return false;
  const KeyTable& t = grammar_.key_table(f.job);
  const auto& progress = vectors_[f.progress];
  const size_t n_positions = order_ == Order::kDeclared ? job.leaves.size() : 0;
  auto seen = [&](uint32_t k) { return std::binary_search(progress.begin() + long(n_positions), progress.end(), k); };
  if (order_ == Order::kDeclared) {
    for (uint32_t i = progress[leaf]; i < c.properties.size(); ++i)
      if (t.required[leaf][t.key_of[leaf][i]]) return false;
    for (uint32_t key : t.extra[leaf])
      if (!seen(key)) return false;
    return true;
  }
  for (uint32_t key = 0; key < t.keys.size(); ++key)
    if (t.required[leaf][key] && !seen(key)) return false;
  return true;
}

StateId Machine::close_container(const State& s) {
  Frame f = frames_[s.frame];
  f.link = 0;
  f.mark = 0;
  const ContainerJob& job = grammar_.job(f.job);
  std::vector<uint32_t> atoms;
  if (job.single) {
    if (!requirements_met(f, job, 0)) return 0;
    atoms = {kTrue};
  } else {
    Verdicts leaves;
    for (size_t leaf = 0; leaf < job.leaves.size(); ++leaf) {
      uint32_t v = vectors_[f.verdicts][leaf];
      leaves.push_back(v == kFalse || !requirements_met(f, job, leaf) ? kFalse : kTrue);
    }
    for (FormulaId a : job.atoms) atoms.push_back(grammar_.evaluate(a, leaves.data()));
    if (job.must && !atoms.empty() && atoms[0] == kFalse) return 0;
    if (!feasible(f.parent, atoms)) return 0;
  }
  return close_value(f.parent, s.recorded, atoms);
}

// --- what a state is like ---------------------------------------------------------------------------------------------

bool Machine::accepting(StateId id) {
  const State& s = states_[id];
  if (s.mode == kEnd) return true;
  if (s.mode != kNumbers || frames_[s.frame].kind != kKinds || !grammar_.numbers.complete(s.a)) return false;
  return end_number(s) != 0;
}

ByteSet Machine::candidates(StateId id) {
  ByteSet set;
  const State& s = states_[id];
  auto add = [&](const char* bytes) {
    for (; *bytes; ++bytes) set.set(uint8_t(*bytes));
  };
  if (layout_ == Layout::kFlexible) add(" \t\n\r");
  switch (s.mode) {
    case kValue: add(s.lex == 1 ? " " : s.lex == 2 ? " \"[{ntf-0123456789" : "\"[{]ntf-0123456789"); break;
    case kLiteral: set.reset(), set.set(uint8_t(kLiterals[s.a][s.b])); break;
    case kNumbers: add("0123456789.eE+-,]}"); break;
    case kFree:
    case kLanguage:
    case kLanguages:
    case kKey:
      set.reset();
      if (s.lex == kBetween) {
        for (int b = 0x20; b < 256; ++b) set.set(size_t(b));
      } else if (s.lex < kBackslash) {
        for (int b = 0x80; b < 0xC0; ++b) set.set(size_t(b));
      } else {
        add("\"\\/bfnrtu0123456789abcdefABCDEF");
      }
      if (s.mode == kKey && s.lex == kBetween && key_states_[s.a].unknown == kEmpty) {
        set.reset();
        const KeyState& k = key_states_[s.a];
        const KeyTable& t = grammar_.key_table(frames_[s.frame].job);
        set.set('"');
        for (uint32_t i = k.low; i < k.high; ++i)
          if (t.keys[i].size() > k.depth) {
            uint8_t b = uint8_t(t.keys[i][k.depth]);
            set.set(b < 0x20 || b == '"' ? uint8_t('\\') : b);
          }
      } else if (s.mode == kLanguage && s.lex == kBetween) {
        const ExprId* row = grammar_.exprs.row(s.a);
        bool escaped = row['"'] != kEmpty || row['\\'] != kEmpty;
        for (int b = 0; b < 0x20; ++b) escaped |= row[b] != kEmpty;
        for (int b = 0x20; b < 256; ++b) set.set(size_t(b), row[b] != kEmpty);
        set.set('"');
        set.set('\\', escaped);
      }
      break;
    case kKeyFirst: add("\"}"); break;
    case kKeyNext: add(s.lex == 1 ? " " : "\""); break;
    case kColon: add(":"); break;
    case kAfter: add(",}]"); break;
  }
  return set;
}

// --- the way to the end -----------------------------------------------------------------------------------------------

namespace {
constexpr uint32_t kFarAway = 1u << 28;
uint32_t plus(uint32_t a, uint32_t b) { return std::min(kFarAway, std::min(a, kFarAway) + std::min(b, kFarAway)); }
}  // namespace

uint32_t Machine::value_bytes(GoalId goal) {
  if (goal == kNone) return kFarAway;
  if (goal == kFreeGoal) return 1;
  if (grammar_.goal_must(goal)) return grammar_.cost(goal).bytes;
  uint32_t best = kFarAway;  // several atoms: one that comes true will do, under a union
  for (NodeId atom : grammar_.atoms(goal)) best = std::min(best, grammar_.cost(grammar_.must(atom)).bytes);
  return best;
}

uint32_t Machine::member_bytes(uint32_t job, size_t leaf, uint32_t key) {
  const KeyTable& t = grammar_.key_table(job);
  uint32_t bytes = uint32_t(quote_canonically(t.keys[key]).size()) + (layout_ == Layout::kSpaced ? 4 : 2);  // , and :
  return plus(bytes, grammar_.cost(grammar_.must(grammar_.child_of_key(job, leaf, key))).bytes);
}

// What one leaf still needs before its container may close.
uint32_t Machine::owed_by_leaf(const Frame& f, const ContainerJob& job, size_t leaf, uint32_t more_items) {
  const uint32_t comma = layout_ == Layout::kSpaced ? 2 : 1;
  uint32_t total = 0;
  if (f.kind == kArray) {
    const ArrayConstraint& c = grammar_.array(job.leaves[leaf]);
    uint32_t minimum = c.minimum;
    for (auto& k : c.contains) minimum = std::max(minimum, k.minimum);
    for (uint32_t i = f.count + more_items; i < minimum && total < kFarAway; ++i) {
      NodeId node = i < c.prefix.size() ? c.prefix[i] : c.items;
      uint32_t each = plus(comma, value_bytes(grammar_.must(node)));
      if (i >= c.prefix.size()) {
        const uint64_t rest = uint64_t(minimum - i) * each;
        return plus(total, uint32_t(std::min<uint64_t>(rest, kFarAway)));
      }
      total = plus(total, each);
    }
    return total;
  }
  const ObjectConstraint& c = grammar_.object(job.leaves[leaf]);
  const KeyTable& t = grammar_.key_table(f.job);
  const auto& progress = vectors_[f.progress];
  const size_t n_positions = order_ == Order::kDeclared ? job.leaves.size() : 0;
  auto seen = [&](uint32_t k) { return std::binary_search(progress.begin() + long(n_positions), progress.end(), k); };
  uint32_t missing = 0, dearest = 0;
  auto owe = [&](uint32_t key) {
    const uint32_t bytes = member_bytes(f.job, leaf, key);
    total = plus(total, bytes);
    dearest = std::max(dearest, bytes);
    ++missing;
  };
  if (order_ == Order::kDeclared) {
    for (uint32_t i = progress[leaf]; i < c.properties.size(); ++i)
      if (t.required[leaf][t.key_of[leaf][i]]) owe(t.key_of[leaf][i]);
    for (uint32_t key : t.extra[leaf])
      if (!seen(key)) owe(key);
  } else {
    for (uint32_t key = 0; key < t.keys.size(); ++key)
      if (t.required[leaf][key] && !seen(key)) owe(key);
  }
  if (f.count + missing < c.minimum) {
    const uint32_t more = c.minimum - f.count - missing;
    total = plus(total, uint32_t(std::min<uint64_t>(uint64_t(more) * (12 + grammar_.dearest()), kFarAway)));
  }
  return total;
}

// From after a member or item of `frame` (with `more_items` that are not counted yet) to the end of the document.
uint32_t Machine::after(uint32_t frame, uint32_t more_items) {
  const Frame f = frames_[frame];
  if (f.kind == kKinds) return 0;
  const uint64_t key = uint64_t(frame) << 1 | more_items;
  auto it = afters_.find(key);
  if (it != afters_.end()) return it->second;
  const ContainerJob& job = grammar_.job(f.job);
  uint32_t owed = 0;
  if (job.single) {
    owed = owed_by_leaf(f, job, 0, more_items);
  } else if (!job.leaves.empty()) {
    uint32_t best = kFarAway, all = 0;
    Verdicts now;  // what the leaves become if the container closes as it is
    for (size_t leaf = 0; leaf < job.leaves.size(); ++leaf)
      now.push_back(vectors_[f.verdicts][leaf] != kFalse && requirements_met(f, job, leaf) ? kTrue : kFalse);
    if (!more_items || f.kind == kObject)
      if (!job.atoms.empty() && grammar_.evaluate(job.atoms[0], now.data()) == kTrue) best = 0;
    for (size_t leaf = 0; leaf < job.leaves.size(); ++leaf) {
      if (vectors_[f.verdicts][leaf] == kFalse) continue;
      const uint32_t bytes = owed_by_leaf(f, job, leaf, more_items);
      all = plus(all, bytes);
      Verdicts alone(job.leaves.size(), kFalse);
      alone[leaf] = kTrue;
      if (!job.atoms.empty() && grammar_.evaluate(job.atoms[0], alone.data()) == kTrue) best = std::min(best, bytes);
    }
    owed = best == kFarAway ? all : best;
  }
  const uint32_t total = plus(plus(owed, 1), after(f.parent, 1));
  afters_.emplace(key, total);
  return total;
}

uint32_t Machine::distance(StateId state) {
  if (state >= distances_.size()) distances_.resize(states_.size() + 64, 0);
  if (!distances_[state]) {
    const uint32_t found = find_distance(state);
    if (state >= distances_.size()) distances_.resize(states_.size() + 64, 0);
    distances_[state] = found + 1;
  }
  return distances_[state] - 1;
}

uint32_t Machine::find_distance(StateId id) {
  const State s = states_[id];
  if (s.mode == kEnd) return 0;
  if (s.mode == kDead) return kFarAway;
  const uint32_t rest = after(s.frame, 1);  // for objects the member is counted already, and 1 changes nothing
  const uint32_t colon = layout_ == Layout::kSpaced ? 2 : 1;
  uint32_t partial = 0;
  if (s.mode >= kFree && s.mode <= kKey && s.lex != kBetween)
    partial = s.lex == kOneLeft                       ? 1
              : s.lex == kThreeLeft || s.lex == kAfterF0 || s.lex == kAfterF4 ? 3
              : s.lex < kBackslash                      ? 2
              : s.lex == kBackslash                     ? 1
              : s.lex == kHex                           ? 10 - (s.d >> 16 & 7)  // a high surrogate needs its low half
              : s.lex == kLowBackslash                  ? 6
              : s.lex == kLowU                          ? 5
                                                        : 4 - (s.d >> 16 & 7);
  switch (s.mode) {
    case kValue: {
      const uint32_t value = plus(plus(value_bytes(s.a), s.lex == 1), rest);
      return s.b ? std::min(value, after(s.c ? s.c : s.frame, 0)) : value;
    }
    case kLiteral: return plus(uint32_t(std::char_traits<char>::length(kLiterals[s.a])) - s.b, rest);
    case kNumbers: {
      const NumbersJob& job = grammar_.number_job(s.b);
      if (job.single) return plus(grammar_.numbers.min_bytes(s.a, job.atoms.empty() ? ~0ull : 1), rest);
      const uint32_t bytes = grammar_.number_distance(
          job, s.a, [&](const std::vector<uint32_t>& atoms) { return feasible(s.frame, atoms); });
      return plus(bytes, rest);
    }
    case kFree: return plus(partial + 1, plus(s.b, rest));
    case kLanguage: return plus(partial + 1, plus(std::max(s.b, grammar_.exprs.min_bytes(s.a)), rest));
    case kLanguages:
      return plus(partial + 1, plus(grammar_.exprs.min_bytes(language_of(s.frame, vectors_[s.a])), rest));
    case kColon: return plus(colon, plus(value_bytes(s.a), rest));
    case kAfter: return after(s.frame, 0);
    case kKeyFirst: {  // the first member needs no comma
      const uint32_t whole = after(s.frame, 0), closed = plus(1, after(frames_[s.frame].parent, 1));
      return whole > closed ? whole - colon : whole;
    }
    case kKeyNext:
    case kKey: {
      const Frame f = frames_[s.frame];
      const ContainerJob& job = grammar_.job(f.job);
      const KeyTable& t = grammar_.key_table(f.job);
      const Menu& m = menu(s.frame);
      uint32_t low = 0, high = uint32_t(t.keys.size()), depth = 0;
      bool unknown = m.unknown;
      uint32_t more = 1;  // of an undeclared key that is begun
      if (s.mode == kKey) {
        const KeyState& k = key_states_[s.a];
        low = k.low;
        high = k.high;
        depth = k.depth;
        unknown = k.unknown != kEmpty;
        more = unknown ? grammar_.exprs.min_bytes(k.unknown) : 0;
      }
      const uint32_t quotes = s.mode == kKey ? 1 : 2 + s.lex;
      uint32_t best = kFarAway;
      if (unknown) {
        uint32_t value = plus(2, grammar_.dearest());
        if (job.leaves.empty()) value = 1;
        else if (job.single && grammar_.object(job.leaves[0]).patterns.empty())
          value = value_bytes(grammar_.must(grammar_.object(job.leaves[0]).additional));
        best = plus(more + quotes + colon, plus(value, rest));
      }
      const uint32_t opening = s.mode == kKey ? 0 : 1 + s.lex;
      size_t looked_at = 0;
      for (auto it = std::lower_bound(m.declared.begin(), m.declared.end(), low);
           it != m.declared.end() && *it < high && looked_at < 64; ++it, ++looked_at) {
        const StateId taken = take_key(s, *it, 0, {});
        if (!taken) continue;
        const uint32_t spelt = uint32_t(quote_canonically(t.keys[*it]).size()) - 1;
        best = std::min(best, plus(opening + spelt - std::min(depth, spelt - 1), distance(taken)));
      }
      return plus(best, partial);
    }
  }
  return kFarAway;
}

// --- canonical JSON ---------------------------------------------------------------------------------------------------

namespace {

std::string canonical_number(const std::string& t) {
  size_t i = 0;
  bool negative = t[i] == '-';
  if (negative) ++i;
  std::string digits;
  long exponent = 0;
  bool fraction = false;
  for (; i < t.size() && t[i] != 'e' && t[i] != 'E'; ++i) {
    if (t[i] == '.') {
      fraction = true;
      continue;
    }
    digits += t[i];
    if (fraction) --exponent;
  }
  if (i < t.size()) {
    std::string e = t.substr(i + 1);
    bool minus = !e.empty() && e[0] == '-';
    long value = 0;
    for (char c : e)
      if (c >= '0' && c <= '9') value = std::min(value * 10 + (c - '0'), 1000000000L);
    exponent += minus ? -value : value;
  }
  size_t first = digits.find_first_not_of('0');
  if (first == std::string::npos) return "0";
  digits = digits.substr(first);
  while (digits.size() > 1 && digits.back() == '0') digits.pop_back(), ++exponent;
  return (negative ? "-" : "") + digits + "e" + std::to_string(exponent);
}

struct CanonicalReader {
  const std::string& t;
  size_t i = 0;

  std::string string() {  // decoded, with its quotes kept as marks
    std::string out = "\"";
    ++i;
    Inside in;
    for (; i < t.size(); ++i) {
      uint32_t c = 0;
      uint8_t b = uint8_t(t[i]);
      Event e = inside_step(in, b, Escapes::kAny, c);
      if (e == Event::kQuote || e == Event::kRefused) break;
      if (e == Event::kByte) out += t[i];
      if (e == Event::kEscapeEnded) {
        uint8_t bytes[4];
        int n = encode_utf8(c, bytes);
        out.append(reinterpret_cast<char*>(bytes), size_t(n));
      }
    }
    ++i;
    return out + "\"";
  }

  void skip() {
    while (i < t.size() && (t[i] == ' ' || t[i] == '\t' || t[i] == '\n' || t[i] == '\r')) ++i;
  }

  // Lengths stand before strings inside containers, so that decoded quotes cannot be mistaken for ends.
  std::string value(int depth) {
    skip();
    if (i >= t.size()) return "";
    if (t[i] == '"') {
      std::string s = string();
      return depth ? std::to_string(s.size()) + s : s;
    }
    if (t[i] == '[') {
      std::string out = "[";
      for (++i; i < t.size() && (skip(), t[i] != ']');) {
        out += value(depth + 1) + ",";
        skip();
        if (i < t.size() && t[i] == ',') ++i;
      }
      ++i;
      return out + "]";
    }
    if (t[i] == '{') {
      std::map<std::string, std::string> members;
      for (++i; i < t.size() && (skip(), t[i] != '}');) {
        std::string key = string();
        skip();
        ++i;  // the colon
        members[key] = value(depth + 1);
        skip();
        if (i < t.size() && t[i] == ',') ++i;
      }
      ++i;
      std::string out = "{";
      for (auto& [k, v] : members) out += std::to_string(k.size()) + k + ":" + v + ",";
      return out + "}";
    }
    size_t begin = i;
    while (i < t.size() && t[i] != ',' && t[i] != ']' && t[i] != '}' && t[i] != ' ' && t[i] != '\n' && t[i] != '\t' &&
           t[i] != '\r')
      ++i;
    std::string word = t.substr(begin, i - begin);
    return word == "true" || word == "false" || word == "null" ? word : canonical_number(word);
  }
};

}  // namespace

std::string canonical_json(const std::string& text) {
  CanonicalReader reader{text};
  return reader.value(0);
}

}  // namespace typeloom
