// Items and members end, containers close: verdicts of values become verdicts of the leaves around them.
#include "machine.h"

#include <algorithm>

namespace typeloom {

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
  GoalId goal = kFreeGoal;
  if (!begin_item(f, goal)) return false;
  if (grammar_.job(f.job).has_unique) {
    if (!recorded) recorded = 1;
    f.mark = recorded;
  }
  out = State{};
  out.mode = kValue;
  out.frame = frames_.intern(f);
  out.recorded = recorded;
  out.a = goal;
  return value_possible(out.frame, goal);
}

// The frame with one more item open, and what is asked of the item. False if there can be none.
bool Machine::begin_item(Frame& f, GoalId& goal) {
  const ContainerJob& job = grammar_.job(f.job);
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
      if (grammar_.goal_must(goal) || goal == kFreeGoal) f.link = 0;  // a Ref to anything asks for nothing
    }
    if (!feasible(frames_.intern(f), std::vector<uint32_t>(grammar_.n_atoms(goal), kOpen))) return false;
  }
  return true;
}

// What the verdicts of the value that ends in f make of f's leaves (`leaves`, unless the job is single) and counts; whether
// it repeats another one is not looked at. False if f can no longer come true.
bool Machine::settle(Frame& f, const std::vector<uint32_t>& verdicts, std::vector<uint32_t>& leaves) {
  const ContainerJob& job = grammar_.job(f.job);
  const std::vector<uint32_t> link = vectors_[f.link];
  if (job.single) {
    if (!verdicts.empty() && verdicts[0] == kFalse) return false;
  } else {
    leaves = vectors_[f.verdicts];
    for (size_t i = 0; i < leaves.size() && i < link.size(); ++i)
      if (link[i] != kNone && verdicts[link[i]] == kFalse) leaves[i] = kFalse;
  }
  if (f.kind != kArray) return true;
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
        if (job.single) return false;
        leaves[leaf] = kFalse;
      }
      ++at;
    }
  }
  f.progress = vectors_.intern(matched);
  return true;
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
  std::vector<uint32_t> leaves;
  if (!settle(f, verdicts, leaves)) return 0;
  if (f.kind == kArray && job.has_unique) {
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
  f.link = 0;
  if (!job.single) {
    f.verdicts = vectors_.intern(leaves);
    if (!job.leaves.empty() && !feasible(frames_.intern(f), {})) return 0;
  }
  next.mode = kAfter;
  next.frame = frames_.intern(f);
  return alive(next.frame) ? intern(next) : 0;
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
  if (by_position(job)) {
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
  std::vector<uint32_t> atoms;
  if (!decide(f, atoms) || !feasible(f.parent, atoms)) return 0;
  return close_value(f.parent, s.recorded, atoms);
}

// The verdicts of the atoms if the container closes here; false if it must not.
bool Machine::decide(const Frame& f, std::vector<uint32_t>& atoms) {
  const ContainerJob& job = grammar_.job(f.job);
  if (job.single) {
    atoms = {kTrue};
    return requirements_met(f, job, 0);
  }
  Verdicts leaves;
  for (size_t leaf = 0; leaf < job.leaves.size(); ++leaf) {
    uint32_t v = vectors_[f.verdicts][leaf];
    leaves.push_back(v == kFalse || !requirements_met(f, job, leaf) ? kFalse : kTrue);
  }
  for (FormulaId a : job.atoms) atoms.push_back(grammar_.evaluate(a, leaves.data()));
  return !job.must || atoms.empty() || atoms[0] != kFalse;
}

}  // namespace typeloom
