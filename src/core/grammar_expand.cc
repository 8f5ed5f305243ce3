// What a goal asks of a value of one kind: formulas over leaves; strings, numbers and conjunctions are folded into one.
#include "grammar.h"

#include <algorithm>

namespace typeloom {

struct Grammar::Folding {
  std::vector<uint32_t> leaves;  // constraint indices of the kind
  std::vector<FormulaId> atoms;

  uint32_t leaf(uint32_t constraint) {
    auto it = std::find(leaves.begin(), leaves.end(), constraint);
    if (it != leaves.end()) return uint32_t(it - leaves.begin());
    leaves.push_back(constraint);
    return uint32_t(leaves.size() - 1);
  }
};

FormulaId Grammar::build(NodeId id, Kind kind, Folding& folding, int depth, const Reading& reading) {
  if (depth > kMaxFormulaDepth) throw LimitExceeded{"nesting of combined schemas", size_t(depth)};
  const Node node = nodes_[id];
  Reading by_value = reading;
  by_value.by_value = spelling_counts();
  switch (node.op) {
    case Node::kShape: {
      if (!(node.kinds >> kind & 1)) return kFormulaFalse;
      uint32_t c = kNone;
      if (kind == kNumber) c = reading.by_value ? number_by_value(node.number) : node.number;
      if (kind == kString) c = node.string;
      if (kind == kArray) c = reading.by_value ? array_by_value(node.array) : node.array;
      if (kind == kObject) {
        c = reading.by_value ? object_by_value(node.object) : node.object;
        if (!reading.by_value && reading.elsewhere && c != kNone) c = object_with_elsewhere(c, *reading.elsewhere);
      }
      return c == kNone ? kFormulaTrue : leaf_formula(folding.leaf(c));
    }
    case Node::kRef: return build(node.parts[0], kind, folding, depth + 1, reading);
    case Node::kByValue: return build(node.parts[0], kind, folding, depth + 1, by_value);
    case Node::kNot: return combine(Formula::kNot, {build(node.parts[0], kind, folding, depth + 1, by_value)});
    case Node::kAllOf: return build_conjunction(node, kind, folding, depth, reading);
    case Node::kOneOf: return build_exactly_one(node, kind, folding, depth, reading);
    case Node::kAnyOf: break;
  }
  std::vector<FormulaId> parts;
  parts.reserve(node.parts.size());
  for (NodeId p : node.parts) parts.push_back(build(p, kind, folding, depth + 1, reading));
  return combine(Formula::kOr, std::move(parts));
}

FormulaId Grammar::build_conjunction(const Node& node, Kind kind, Folding& folding, int depth, const Reading& reading) {
  std::vector<FormulaId> parts;
  parts.reserve(node.parts.size());
  const bool places = kind == kObject && ordered_ && !reading.by_value;
  std::vector<std::string> declared;
  if (places && reading.elsewhere) declared = *reading.elsewhere;
  Reading inner = reading;
  for (NodeId p : node.parts) {
    if (places) inner.elsewhere = declared.empty() ? nullptr : &declared;
    parts.push_back(build(p, kind, folding, depth + 1, inner));
    if (places && node.parts.size() > 1) {
      declared_keys(p, declared, depth + 1);
      std::sort(declared.begin(), declared.end());
      declared.erase(std::unique(declared.begin(), declared.end()), declared.end());
    }
  }
  return combine(Formula::kAnd, std::move(parts));
}

FormulaId Grammar::build_exactly_one(const Node& node, Kind kind, Folding& folding, int depth, const Reading& reading) {
  Reading by_value = reading;
  by_value.by_value = spelling_counts();
  std::vector<FormulaId> spelt, values;
  for (NodeId p : node.parts) {
    spelt.push_back(build(p, kind, folding, depth + 1, reading));
    values.push_back(by_value.by_value == reading.by_value ? spelt.back() : build(p, kind, folding, depth + 1, by_value));
  }
  const FormulaId one = combine(Formula::kOne, values);
  return spelt == values ? one : combine(Formula::kAnd, {one, combine(Formula::kOr, std::move(spelt))});
}

bool Grammar::conjunction(FormulaId id, std::vector<uint32_t>& leaves) const {
  const Formula& f = formulas_[id];
  if (f.op == Formula::kLeaf) return leaves.push_back(f.leaf), true;
  if (f.op != Formula::kAnd) return false;
  for (FormulaId p : f.parts) {
    if (formulas_[p].op != Formula::kLeaf) return false;
    leaves.push_back(formulas_[p].leaf);
  }
  return true;
}

ExprId Grammar::string_expr(const StringConstraint& c) {
  if (c.minimum == 0 && c.maximum == kUnbounded) return c.language;
  if (c.minimum > c.maximum) return kEmpty;
  return exprs.conjoin({c.language, exprs.length_between(c.minimum, c.maximum)});
}

ExprId Grammar::fold_string(FormulaId id, const std::vector<uint32_t>& leaves) {
  const Formula f = formulas_[id];
  std::vector<ExprId> parts;
  for (FormulaId p : f.parts) parts.push_back(fold_string(p, leaves));
  switch (f.op) {
    case Formula::kConstant: return f.leaf ? kAll : kEmpty;
    case Formula::kLeaf: return string_expr(strings_[leaves[f.leaf]]);
    case Formula::kNot: return exprs.complement(parts[0]);
    case Formula::kAnd: return exprs.conjoin(std::move(parts));
    case Formula::kOr: return exprs.alternate(std::move(parts));
    case Formula::kOne: {  // once in some part, never in two: carried along the parts
      ExprId none = kAll, one = kEmpty;
      for (ExprId p : parts) {
        ExprId other = exprs.complement(p);
        one = exprs.alternate({exprs.conjoin({one, other}), exprs.conjoin({none, p})});
        none = exprs.conjoin({none, other});
      }
      return one;
    }
  }
  return kEmpty;
}

void Grammar::expand_string(Expansion& e, const Folding& folding, bool must) {
  StringJob job;
  std::vector<uint32_t> leaves;
  if (must && conjunction(folding.atoms[0], leaves)) {
    std::vector<ExprId> languages;
    for (uint32_t leaf : leaves) {
      const StringConstraint& c = strings_[folding.leaves[leaf]];
      languages.push_back(c.language);
      job.one.minimum = std::max(job.one.minimum, c.minimum);
      job.one.maximum = std::min(job.one.maximum, c.maximum);
    }
    job.one.language = exprs.conjoin(std::move(languages));
  } else if (must) {
    job.one.language = fold_string(folding.atoms[0], folding.leaves);
  } else {
    job.single = false;
    for (FormulaId f : folding.atoms) job.exprs.push_back(fold_string(f, folding.leaves));
  }
  if (job.single) {
    bool possible = job.one.minimum <= job.one.maximum &&
                    exprs.has_length_between(job.one.language, job.one.minimum, job.one.maximum);
    e.atoms = {uint8_t(possible ? kOpen : kFalse)};
    if (possible && job.one.language == kAll && job.one.minimum == 0 && job.one.maximum == kUnbounded) e.atoms = {kTrue};
  } else {
    for (ExprId x : job.exprs) e.atoms.push_back(exprs.is_empty(x) ? kFalse : exprs.is_all(x) ? kTrue : kOpen);
  }
  string_jobs_.push_back(std::move(job));
  e.job = uint32_t(string_jobs_.size() - 1);
}

void Grammar::expand_number(Expansion& e, const Folding& folding, bool must) {
  NumbersJob job;
  std::vector<uint32_t> leaves;
  std::vector<NumberId> constraints;
  job.atoms = folding.atoms;
  if (must && conjunction(folding.atoms[0], leaves)) {
    NumberId merged = folding.leaves[leaves[0]];
    for (size_t i = 1; i < leaves.size(); ++i) merged = numbers.intersect(merged, folding.leaves[leaves[i]]);
    constraints = {merged};
    job.atoms = {leaf_formula(0)};
  } else {
    job.single = false;
    constraints.assign(folding.leaves.begin(), folding.leaves.end());
    if (constraints.size() > 63) throw LimitExceeded{"number constraints under one union", constraints.size()};
  }
  Verdicts leaf_verdicts;
  for (NumberId c : constraints) leaf_verdicts.push_back(numbers.satisfiable(c) ? kOpen : kFalse);
  for (FormulaId f : job.atoms) e.atoms.push_back(evaluate(f, leaf_verdicts.data()));
  // Under a negation a number may go on though every constraint is false: one that never is keeps it alive.
  if (!job.single) constraints.push_back(numbers.add(NumberConstraint{}));
  job.job = numbers.job(constraints);
  number_jobs_.push_back(std::move(job));
  e.job = uint32_t(number_jobs_.size() - 1);
}

bool Grammar::negated(FormulaId id) const {
  const Formula& f = formulas_[id];
  if (f.op == Formula::kNot || f.op == Formula::kOne) return true;
  for (FormulaId p : f.parts)
    if (negated(p)) return true;
  return false;
}

uint32_t Grammar::merge_objects(uint32_t a, uint32_t b) {
  auto [it, fresh] = merged_objects_.try_emplace(uint64_t(a) << 32 | b, 0);
  if (!fresh) return it->second;
  if (!objects_[a].ordered && objects_[b].ordered) std::swap(a, b);  // the ordered one's properties first
  const ObjectConstraint &x = objects_[a], &y = objects_[b];
  ObjectConstraint m;
  std::unordered_map<std::string, NodeId> in_x, in_y;
  for (auto& [name, node] : y.properties) in_y[name] = node;
  for (auto& [name, node] : x.properties) {
    auto other = in_y.find(name);
    m.properties.emplace_back(name, all_of({node, other == in_y.end() ? y.additional : other->second}));
    in_x[name] = node;
  }
  for (auto& [name, node] : y.properties)
    if (!in_x.count(name)) m.properties.emplace_back(name, all_of({node, x.additional}));
  m.required = x.required;
  std::unordered_map<std::string, bool> required;
  for (auto& name : x.required) required[name] = true;
  for (auto& name : y.required)
    if (!required.count(name)) m.required.push_back(name);
  m.ordered = x.ordered;
  for (auto& [name, node] : y.properties)  // what only an unordered part declares may stand anywhere
    if (x.ordered && !y.ordered && !in_x.count(name)) m.elsewhere.push_back(name);
  m.elsewhere.insert(m.elsewhere.end(), x.elsewhere.begin(), x.elsewhere.end());
  for (auto& name : y.elsewhere)
    if (!in_x.count(name)) m.elsewhere.push_back(name);
  std::sort(m.elsewhere.begin(), m.elsewhere.end());
  m.elsewhere.erase(std::unique(m.elsewhere.begin(), m.elsewhere.end()), m.elsewhere.end());
  m.additional = all_of({x.additional, y.additional});
  m.names = exprs.conjoin({x.names, y.names});
  m.minimum = std::max(x.minimum, y.minimum);
  m.maximum = std::min(x.maximum, y.maximum);
  uint32_t id = add_object(std::move(m));
  merged_objects_[uint64_t(a) << 32 | b] = merged_objects_[uint64_t(b) << 32 | a] = id;
  return id;
}

uint32_t Grammar::merge_arrays(uint32_t a, uint32_t b) {
  auto [it, fresh] = merged_arrays_.try_emplace(uint64_t(a) << 32 | b, 0);
  if (!fresh) return it->second;
  const ArrayConstraint &x = arrays_[a], &y = arrays_[b];
  ArrayConstraint m;
  for (size_t i = 0; i < std::max(x.prefix.size(), y.prefix.size()); ++i)
    m.prefix.push_back(
        all_of({i < x.prefix.size() ? x.prefix[i] : x.items, i < y.prefix.size() ? y.prefix[i] : y.items}));
  m.items = all_of({x.items, y.items});
  m.minimum = std::max(x.minimum, y.minimum);
  m.maximum = std::min(x.maximum, y.maximum);
  m.unique = x.unique || y.unique;
  m.contains = x.contains;
  m.contains.insert(m.contains.end(), y.contains.begin(), y.contains.end());
  uint32_t id = add_array(std::move(m));
  merged_arrays_[uint64_t(a) << 32 | b] = id;
  return id;
}

uint32_t Grammar::intern_job(ContainerJob job, Kind kind) {
  std::vector<uint32_t> key{uint32_t(kind), job.must, uint32_t(job.leaves.size())};
  key.insert(key.end(), job.leaves.begin(), job.leaves.end());
  key.insert(key.end(), job.atoms.begin(), job.atoms.end());
  uint32_t i = job_keys_.intern(key);
  if (i == job_of_key_.size()) {
    jobs_.push_back(std::move(job));
    job_of_key_.push_back(uint32_t(jobs_.size() - 1));
  }
  return job_of_key_[i];
}

void Grammar::expand_container(Expansion& e, const Folding& folding, bool must, Kind kind) {
  ContainerJob job;
  job.must = must;
  std::vector<uint32_t> leaves;
  bool mergeable = must && conjunction(folding.atoms[0], leaves);
  if (mergeable && kind == kObject && leaves.size() > 1)
    for (uint32_t leaf : leaves) mergeable &= objects_[folding.leaves[leaf]].patterns.empty();
  if (mergeable) {
    uint32_t merged = folding.leaves[leaves[0]];
    for (size_t i = 1; i < leaves.size(); ++i)
      merged = kind == kObject ? merge_objects(merged, folding.leaves[leaves[i]])
                               : merge_arrays(merged, folding.leaves[leaves[i]]);
    job.leaves = {merged};
    job.atoms = {leaf_formula(0)};
  } else {
    job.single = false;
    job.leaves = folding.leaves;
    job.atoms = folding.atoms;
  }
  if (kind == kArray)
    for (uint32_t leaf : job.leaves) job.has_unique |= arrays_[leaf].unique;
  for (FormulaId f : job.atoms) {
    if (f <= kFormulaTrue) {
      e.atoms.push_back(f == kFormulaTrue ? kTrue : kFalse);
      continue;
    }
    e.atoms.push_back(kOpen);
  }
  e.job = intern_job(std::move(job), kind);
}

const Expansion& Grammar::expand(GoalId g, Kind kind) {
  size_t slot = size_t(g) * kKinds + kind;
  if (slot >= expanded_.size()) {
    expanded_.resize(std::max(slot + 1, goals_.size() * kKinds), 0);
    expansions_.resize(expanded_.size());
  }
  if (expanded_[slot]) return expansions_[slot];
  const std::vector<uint32_t> atoms = goals_[g];
  const bool must = atoms[0];
  Folding folding;
  for (size_t i = 1; i < atoms.size(); ++i) folding.atoms.push_back(build(atoms[i], kind, folding, 0, {}));
  Expansion e;
  if (kind <= kFalseLiteral) {
    for (FormulaId f : folding.atoms) e.atoms.push_back(f == kFormulaTrue ? kTrue : kFalse);
  } else if (must && folding.atoms[0] <= kFormulaTrue && folding.atoms[0] == kFormulaFalse) {
    e.atoms = {kFalse};
  } else {
    if (must && folding.atoms[0] == kFormulaTrue) folding = Folding{};  // anything of the kind: no atoms left
    const bool still_must = must && !folding.atoms.empty();
    if (kind == kString) {
      if (folding.atoms.empty()) folding.atoms.clear();
      if (!still_must && folding.atoms.empty()) {
        string_jobs_.push_back(StringJob{});
        e.job = uint32_t(string_jobs_.size() - 1);
      } else {
        expand_string(e, folding, still_must);
      }
    } else if (kind == kNumber) {
      if (folding.atoms.empty()) {
        NumbersJob job;
        job.job = numbers.job({numbers.add(NumberConstraint{})});
        number_jobs_.push_back(std::move(job));
        e.job = uint32_t(number_jobs_.size() - 1);
      } else if (folding.leaves.empty()) {  // every atom is decided already
        NumbersJob job;
        job.single = false;
        job.atoms = folding.atoms;
        job.job = numbers.job({numbers.add(NumberConstraint{})});
        for (FormulaId f : folding.atoms) e.atoms.push_back(f == kFormulaTrue ? kTrue : kFalse);
        number_jobs_.push_back(std::move(job));
        e.job = uint32_t(number_jobs_.size() - 1);
      } else {
        expand_number(e, folding, still_must);
      }
    } else {
      expand_container(e, folding, still_must, kind);
    }
    if (must && !still_must) e.atoms = {kTrue};
  }
  if (slot >= expansions_.size()) expansions_.resize(slot + 1), expanded_.resize(slot + 1, 0);
  expansions_[slot] = std::move(e);
  expanded_[slot] = 1;
  return expansions_[slot];
}

std::vector<uint32_t> Grammar::number_verdicts(const NumbersJob& job, uint64_t holds) const {
  Verdicts leaves(64, kFalse);
  for (size_t i = 0; i < 64; ++i) leaves[i] = holds >> i & 1 ? kTrue : kFalse;
  std::vector<uint32_t> atoms;
  for (FormulaId f : job.atoms) atoms.push_back(evaluate(f, leaves.data()));
  return atoms;
}

std::vector<uint32_t> Grammar::open_verdicts(const NumbersJob& job, NumberState state) {
  const uint64_t live = numbers.live(state), sure = numbers.sure(state);
  Verdicts leaves(64, kOpen);
  for (size_t i = 0; i < 64; ++i) leaves[i] = !(live >> i & 1) ? kFalse : sure >> i & 1 ? kTrue : kOpen;
  std::vector<uint32_t> atoms;
  for (FormulaId f : job.atoms) atoms.push_back(evaluate(f, leaves.data()));
  return atoms;
}

uint32_t Grammar::number_distance(const NumbersJob& job, NumberState from,
                                  const std::function<bool(const std::vector<uint32_t>&)>& feasible) {
  constexpr size_t kBudget = 3000;
  static const char bytes[] = "0123456789-.eE+";
  if (!from) return kInfinite;
  std::vector<std::pair<NumberState, uint32_t>> queue{{from, 0}};
  std::unordered_map<NumberState, bool> seen{{from, true}};
  for (size_t i = 0; i < queue.size(); ++i) {
    auto [state, distance] = queue[i];
    if (numbers.complete(state) && feasible(number_verdicts(job, numbers.holds(state)))) return distance;
    if (queue.size() > kBudget) return 0;
    for (const char* b = bytes; *b; ++b) {
      NumberState next = numbers.step(state, uint8_t(*b));
      if (next && seen.try_emplace(next, true).second && feasible(open_verdicts(job, next)))
        queue.push_back({next, distance + 1});
    }
  }
  return kInfinite;
}

bool Grammar::number_outcomes(const NumbersJob& job, const std::function<bool(const std::vector<uint32_t>&)>& found) {
  constexpr size_t kBudget = 300;
  static const char bytes[] = "0123456789-.eE+";
  const NumberState start = numbers.start(job.job);
  if (!start) return true;
  std::vector<NumberState> queue{start};
  std::unordered_map<NumberState, bool> seen{{start, true}};
  for (size_t i = 0; i < queue.size(); ++i) {
    if (numbers.complete(queue[i]) && !found(number_verdicts(job, numbers.holds(queue[i])))) return true;
    if (queue.size() > kBudget) return false;
    for (const char* b = bytes; *b; ++b) {
      const NumberState next = numbers.step(queue[i], uint8_t(*b));
      if (next && seen.try_emplace(next, true).second) queue.push_back(next);
    }
  }
  return true;
}

Expansion Grammar::expand_live(GoalId g, Kind kind) {
  expand(g, kind);
  size_t slot = size_t(g) * kKinds + kind;
  if (expansions_[slot].live) return expansions_[slot];
  Expansion e = expansions_[slot];
  if ((kind == kArray || kind == kObject) && e.job != kNone) {
    const ContainerJob job = jobs_[e.job];
    e.depth = job.atoms.empty() ? 1 : kInfinite;
    for (size_t i = 0; i < job.atoms.size(); ++i) {
      if (e.atoms[i] == kTrue) e.depth = 1;
      if (e.atoms[i] != kOpen) continue;
      std::vector<GoalId> wanted;
      cost_of_formula(job.atoms[i], job.leaves, kind, &wanted);
      for (GoalId w : wanted) cost(w);
      Cost c = cost_of_formula(job.atoms[i], job.leaves, kind, nullptr);
      if (c.bytes == kInfinite) e.atoms[i] = kFalse;
      else e.depth = std::min(e.depth, c.depth);
    }
    if (e.depth == kInfinite) e.depth = 1;  // every atom is false: free JSON, where the parent still allows it
  }
  if (kind == kNumber && e.job != kNone && goal_must(g) && !number_jobs_[e.job].single && e.atoms[0] == kOpen) {
    const NumbersJob& job = number_jobs_[e.job];
    if (number_distance(job, numbers.start(job.job), [](auto& atoms) { return atoms[0] != kFalse; }) == kInfinite)
      e.atoms[0] = kFalse;
  }
  e.live = true;
  return expansions_[slot] = e;
}

}  // namespace typeloom
