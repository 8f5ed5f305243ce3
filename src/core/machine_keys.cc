// Keys: the menu of those that may come, the one that is being read, and what taking one does to the leaves of its frame.
#include "machine.h"

#include <algorithm>

namespace typeloom {

StateId Machine::after_unknown_key(const State& s, const std::vector<uint8_t>& matched) {
  // A private-use character stands for a key that nobody declared and nobody used. It is the same one whatever has been
  // read of the key, so that all places in it lead to one state.
  uint32_t text = 0;
  for (uint8_t b : {0xEE, 0x80, 0x80}) text = texts_.intern({text, b});
  return take_key(s, kNone, text, matched);
}

bool Machine::knows_key(const State& s, const std::string& key) const {
  const Frame& f = frames_[s.frame];
  const auto& keys = grammar_.key_table(f.job).keys;
  if (std::binary_search(keys.begin(), keys.end(), key)) return true;
  return std::any_of(vectors_[f.used].begin(), vectors_[f.used].end(), [&](uint32_t used) { return text(used) == key; });
}

StateId Machine::key_start(const State& s) {
  const Menu& m = menu(s.frame);
  if (!m.any()) return 0;
  const Frame& f = frames_[s.frame];
  KeyTable& t = grammar_.key_table(f.job);
  KeyState k;
  k.high = uint32_t(t.keys.size());
  if (m.unknown) {
    k.unknown = m.language == kAll ? t.unknown : m.language;
    if (f.used && t.unknown != kAll && grammar_.exprs.max_chars(t.unknown) != kUnbounded) {
      std::vector<std::string> texts;
      for (uint32_t id : vectors_[f.used]) texts.push_back(text(id));
      k.unknown = grammar_.exprs.without(k.unknown, std::move(texts));
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

// Some declared key that may be taken goes on with one of the characters.
bool Machine::declared_key_lives(const State& s, const std::vector<CodePoints>& ranges) {
  const KeyState& k = key_states_[s.a];
  const KeyTable& t = grammar_.key_table(frames_[s.frame].job);
  const Menu& m = menu(s.frame);
  for (auto it = std::lower_bound(m.declared.begin(), m.declared.end(), k.low); it != m.declared.end() && *it < k.high; ++it) {
    const std::string& key = t.keys[*it];
    if (key.size() == k.depth) continue;
    const uint32_t c = decode_utf8(key.data() + k.depth);
    for (const CodePoints& range : ranges)
      if (c >= range.first && c <= range.last) return true;
  }
  return false;
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
  const ObjectConstraint& c = grammar_.object(job.leaves[leaf]);
  if (!orders(c) || rules_elsewhere(t, leaf, key)) return true;
  const uint32_t position = vectors_[f.progress][leaf];
  uint32_t end = uint32_t(c.properties.size());
  if (key != kNone && t.property[leaf][key] != kNone) end = t.property[leaf][key];
  if (position > end) return false;
  for (uint32_t i = position; i < end; ++i)
    if (t.required[leaf][t.key_of[leaf][i]] && !rules_elsewhere(t, leaf, t.key_of[leaf][i])) return false;
  return true;
}

std::vector<uint32_t> Machine::after_key(const Frame& f, const KeyTable& t, const ContainerJob& job, uint32_t key) const {
  std::vector<uint32_t> progress = vectors_[f.progress];
  size_t n_positions = 0;
  bool note = true;
  if (order_ == Order::kDeclared) {
    n_positions = job.leaves.size();
    for (size_t leaf = 0; leaf < job.leaves.size(); ++leaf) {
      if (!orders(grammar_.object(job.leaves[leaf])) || rules_elsewhere(t, leaf, key)) continue;
      uint32_t i = key == kNone ? kNone : t.property[leaf][key];
      progress[leaf] = i == kNone ? uint32_t(grammar_.object(job.leaves[leaf]).properties.size()) : i + 1;
    }
    // With one leaf the position tells which of its properties are over.
    note = key != kNone && !(by_position(job) && t.property[0][key] != kNone);
  }
  if (note && key != kNone)
    progress.insert(std::lower_bound(progress.begin() + long(n_positions), progress.end(), key), key);
  return progress;
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
  const bool in_order = orders(c);
  if (in_order && rules_elsewhere(t, leaf, key)) {
    position = progress[leaf];
  } else if (in_order) {
    position = key != kNone && t.property[leaf][key] != kNone ? t.property[leaf][key] + 1 : uint32_t(c.properties.size());
  }
  for (uint32_t k = 0; k < t.keys.size(); ++k) {
    if (k == key || seen(k)) continue;
    const uint32_t i = t.property[leaf][k];
    if (in_order && i != kNone && i < position && !rules_elsewhere(t, leaf, k)) continue;
    if (t.required[leaf][k]) ++missing;
    if (grammar_.cost(grammar_.must(grammar_.child_of_key(f.job, leaf, k))).bytes != kInfinite) ++available;
  }
  if (c.maximum != kUnbounded && uint64_t(f.count) + 1 + missing > c.maximum) return false;
  if (c.minimum <= f.count + 1 + available) return true;
  if (!unknown) return false;
  ExprTable& exprs = grammar_.exprs;
  if (exprs.max_chars(t.unknown) == kUnbounded) return true;
  std::vector<std::string> texts;  // undeclared keys are few: those used, then those left, as far as they are needed
  for (uint32_t id : vectors_[f.used]) texts.push_back(text(id));
  const uint32_t needed = c.minimum - (f.count + 1 + available) + (key == kNone ? 1 : 0);  // and the one that is meant
  for (uint32_t left = 0; left < needed; ++left) {
    const ExprId others = exprs.without(t.unknown, texts);
    if (exprs.is_empty(others)) return false;
    texts.push_back(shortest_text(others));
  }
  return true;
}

StateId Machine::take_key(const State& s, uint32_t key, uint32_t unknown_text, const std::vector<uint8_t>& matched) {
  Frame f = frames_[s.frame];
  GoalId goal = kFreeGoal;
  if (!begin_member(f, key, unknown_text, matched, goal)) return 0;
  State next = s;
  next.mode = kColon;
  next.lex = 0;
  next.b = next.c = next.d = next.verdicts = 0;
  next.frame = frames_.intern(f);
  next.a = goal;
  return value_possible(next.frame, goal) ? intern(next) : 0;
}

// The frame with one more member open, and what is asked of its value. False if the key cannot come.
bool Machine::begin_member(Frame& f, uint32_t key, uint32_t unknown_text, const std::vector<uint8_t>& matched, GoalId& goal) {
  const ContainerJob& job = grammar_.job(f.job);
  KeyTable& t = grammar_.key_table(f.job);
  const bool unknown_later = t.unknown_allowed;
  if (job.single) {
    if (key != kNone) {
      if (t.goals[key] == kNone) t.goals[key] = grammar_.must(grammar_.child_of_key(f.job, 0, key));
      goal = t.goals[key];
    } else {
      goal = grammar_.must(grammar_.child_of_unknown(job.leaves[0], matched, t.watched));
    }
    if (!leaf_takes(f, t, job, 0, key) || !complete_after(f, t, job, 0, key, unknown_later)) return false;
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
      if (grammar_.goal_must(goal) || goal == kFreeGoal) f.link = 0;  // a Ref to anything asks for nothing
    }
    if (!feasible(frames_.intern(f), std::vector<uint32_t>(grammar_.n_atoms(goal), kOpen))) return false;
  }
  f.progress = vectors_.intern(after_key(f, t, job, key));
  f.count = saturate(f, f.count + 1);
  if (key == kNone) f.used = insert_text(f.used, unknown_text);
  return true;
}

// Keeps of the undeclared keys the classes after which the document can live on.
void Machine::narrow_undeclared(const State& probe, Menu& m) {
  const KeyClasses& unknown = key_classes(frames_[probe.frame].job);
  if (!unknown.complete) return;
  std::vector<ExprId> kept;
  bool all = true;
  for (const KeyClass& some : std::vector<KeyClass>(unknown.classes)) {
    if (take_key(probe, kNone, some.text, some.matched)) kept.push_back(some.language);
    else all = false;
  }
  if (all) return;
  m.unknown = !kept.empty();
  m.language = grammar_.exprs.alternate(std::move(kept));
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
  if (job.single && (order_ == Order::kAny || by_position(job))) {
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
      m.unknown = !grammar_.exprs.is_empty(grammar_.exprs.without(t.unknown, std::move(texts)));
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
      uint8_t v = job.single ? uint8_t(kOpen) : uint8_t(vectors_[f.verdicts][leaf]);
      bool takes = c.additional != kNever || !c.patterns.empty();
      if (!takes || !leaf_takes(f, t, job, leaf, kNone) || !complete_after(f, t, job, leaf, kNone, true)) v = kFalse;
      verdicts.push_back(v);
    }
    std::vector<uint32_t> atoms;
    for (FormulaId a : job.atoms) atoms.push_back(grammar_.evaluate(a, verdicts.data()));
    m.unknown = job.must ? atoms[0] != kFalse : feasible(f.parent, atoms);
    if (m.unknown && joint(frame)) narrow_undeclared(probe, m);
  }
  return m;
}

}  // namespace typeloom
