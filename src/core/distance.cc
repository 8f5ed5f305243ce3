// The way to the end: how many bytes a short completion of a state has.
#include "machine.h"

#include <algorithm>

namespace typeloom {

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
  if (by_position(job)) {
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
          job, s.a, [&](const std::vector<uint32_t>& atoms) { return may_end(s.frame, atoms); });
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

}  // namespace typeloom
