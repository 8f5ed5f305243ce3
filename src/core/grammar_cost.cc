// What is the least that meets a goal: a least fixpoint over goals, reached on demand.
#include "grammar.h"

#include <algorithm>

namespace typeloom {

namespace {

uint32_t add_saturated(uint32_t a, uint32_t b) {
  if (a == kInfinite || b == kInfinite) return kInfinite;
  uint64_t s = uint64_t(a) + b;
  return s >= kInfinite ? kInfinite - 1 : uint32_t(s);
}

uint32_t times_saturated(uint32_t a, uint32_t b) {
  if (b == 0) return 0;
  if (a == kInfinite) return kInfinite;
  uint64_t p = uint64_t(a) * b;
  return p >= kInfinite ? kInfinite - 1 : uint32_t(p);
}

}  // namespace

Cost Grammar::known_cost(GoalId g, std::vector<GoalId>* wanted) {
  if (g >= costs_.size()) {
    costs_.resize(g + 1);
    cost_known_.resize(g + 1, 0);
  }
  if (!cost_known_[g] && wanted) wanted->push_back(g);
  return costs_[g];
}

Cost Grammar::cost_of_object(uint32_t id, std::vector<GoalId>* wanted) {
  const ObjectConstraint& c = objects_[id];
  if (c.required.size() > c.maximum) return {};
  Cost total{2, 0};
  uint32_t n = 0;
  auto pay = [&](const std::string& key, Cost value) {
    total.bytes = add_saturated(total.bytes, add_saturated(value.bytes, uint32_t(quote_canonically(key).size()) + 1));
    if (n > 0) total.bytes = add_saturated(total.bytes, 1);
    total.depth = std::max(total.depth, value.depth);
    ++n;
  };
  auto child = [&](const std::string& key) {
    std::vector<NodeId> nodes;
    bool matched = false;
    for (auto& [name, node] : c.properties)
      if (name == key) nodes.push_back(node), matched = true;
    for (auto& [expr, node] : c.patterns)
      if (matches(expr, key)) nodes.push_back(node), matched = true;
    if (!matched) nodes.push_back(c.additional);
    if (c.names != kAll && !matches(c.names, key)) nodes.push_back(kNever);
    return must(all_of(std::move(nodes)));
  };
  for (auto& key : c.required) pay(key, known_cost(child(key), wanted));
  if (n < c.minimum) {  // the cheapest of the optional ones, then undeclared keys
    std::vector<std::pair<uint32_t, std::pair<std::string, Cost>>> optional;
    for (auto& [key, node] : c.properties) {
      if (std::find(c.required.begin(), c.required.end(), key) != c.required.end()) continue;
      Cost v = known_cost(child(key), wanted);
      if (v.bytes != kInfinite) optional.push_back({add_saturated(v.bytes, uint32_t(key.size())), {key, v}});
    }
    Cost extra = known_cost(must(c.additional), wanted);
    for (auto& [expr, node] : c.patterns) {
      Cost p = known_cost(must(node), wanted);
      if (p.bytes < extra.bytes) extra = p;
    }
    std::sort(optional.begin(), optional.end(), [](auto& a, auto& b) { return a.first < b.first; });
    for (auto& o : optional)
      if (n < c.minimum) pay(o.second.first, o.second.second);
    if (n < c.minimum) {
      uint32_t missing = c.minimum - n;
      uint32_t room = exprs.max_chars(c.names);
      if (c.names == kEmpty || extra.bytes == kInfinite || (room == 0 && missing > 1)) return {};
      uint32_t name = 3 + exprs.min_bytes(c.names) + (missing > 200 ? 3 : missing > 1 ? 2 : 0);
      total.bytes = add_saturated(total.bytes, times_saturated(add_saturated(extra.bytes, name + 1), missing));
      total.depth = std::max(total.depth, extra.depth);
    }
  }
  if (total.bytes == kInfinite || total.depth == kInfinite) return {};
  return {total.bytes, total.depth + 1};
}

Cost Grammar::cost_of_array(uint32_t id, std::vector<GoalId>* wanted) {
  const ArrayConstraint& c = arrays_[id];
  uint32_t minimum = c.minimum;
  Cost total{2, 0};
  uint32_t needed = 0;
  if (wanted && !c.contains.empty()) {  // how many of them count is only known when what is contained has its cost
    for (NodeId p : c.prefix) known_cost(must(p), wanted);
    known_cost(must(c.items), wanted);
  }
  for (auto& k : c.contains) {  // items that satisfy a contains: at least so many, each at its own price
    if (k.minimum == 0) continue;
    uint32_t places = 0, last = 0;  // where they can stand, and how far one must go for the last of them
    Cost cheapest;
    auto offer = [&](NodeId item, uint32_t from, uint32_t count) {
      const Cost v = known_cost(must(all_of({k.node, item})), wanted);
      if (v.bytes == kInfinite) return;
      cheapest.bytes = std::min(cheapest.bytes, v.bytes);
      cheapest.depth = std::min(cheapest.depth, v.depth);
      if (places < k.minimum) last = from + std::min(count, k.minimum - places);
      places = add_saturated(places, count);
    };
    const uint32_t n_prefix = uint32_t(std::min<size_t>(c.prefix.size(), c.maximum));
    for (uint32_t i = 0; i < n_prefix; ++i) offer(c.prefix[i], i, 1);
    if (c.maximum > n_prefix) offer(c.items, n_prefix, c.maximum - n_prefix);
    if (places < k.minimum) total.depth = kInfinite;
    if (total.depth == kInfinite) continue;  // the others are asked all the same: this may be a first estimate
    needed = std::max(needed, last);
    total.depth = std::max(total.depth, cheapest.depth);
    total.bytes = add_saturated(total.bytes, times_saturated(cheapest.bytes, k.minimum));
  }
  minimum = std::max(minimum, needed);
  if (minimum > c.maximum) return {};
  for (uint32_t i = 0; i < std::min<uint32_t>(minimum, uint32_t(c.prefix.size())); ++i) {
    Cost v = known_cost(must(c.prefix[i]), wanted);
    total.bytes = add_saturated(total.bytes, v.bytes);
    total.depth = std::max(total.depth, v.depth);
  }
  if (minimum > c.prefix.size()) {
    Cost v = known_cost(must(c.items), wanted);
    total.bytes = add_saturated(total.bytes, times_saturated(v.bytes, minimum - uint32_t(c.prefix.size())));
    total.depth = std::max(total.depth, v.depth);
  }
  if (minimum > 1) total.bytes = add_saturated(total.bytes, minimum - 1);
  if (total.bytes == kInfinite || total.depth == kInfinite) return {};
  return {total.bytes, total.depth + 1};
}

Cost Grammar::cost_of_formula(FormulaId id, const std::vector<uint32_t>& leaves, Kind kind,
                              std::vector<GoalId>* wanted) {
  const Formula f = formulas_[id];
  switch (f.op) {
    case Formula::kConstant: return f.leaf ? Cost{2, 1} : Cost{};
    case Formula::kLeaf: return kind == kObject ? cost_of_object(leaves[f.leaf], wanted) : cost_of_array(leaves[f.leaf], wanted);
    case Formula::kNot: return {2, 1};
    case Formula::kAnd: {
      Cost worst{2, 1};
      for (FormulaId p : f.parts) {
        Cost c = cost_of_formula(p, leaves, kind, wanted);
        worst.bytes = std::max(worst.bytes, c.bytes);
        worst.depth = std::max(worst.depth, c.depth);
      }
      return worst;
    }
    default: {
      Cost best;
      for (FormulaId p : f.parts) {
        Cost c = cost_of_formula(p, leaves, kind, wanted);
        best.bytes = std::min(best.bytes, c.bytes);
        best.depth = std::min(best.depth, c.depth);
      }
      return best;
    }
  }
}

Cost Grammar::cost_now(GoalId g, std::vector<GoalId>* wanted) {
  if (!goal_must(g)) return {1, 0};
  Cost best;
  auto offer = [&](Cost c) {
    best.bytes = std::min(best.bytes, c.bytes);
    best.depth = std::min(best.depth, c.depth);
  };
  for (Kind kind : {kNull, kTrueLiteral, kFalseLiteral})
    if (expand(g, kind).atoms[0] == kTrue) offer({kind == kFalseLiteral ? 5u : 4u, 0});
  {
    Expansion e = expand(g, kNumber);
    if (e.atoms[0] != kFalse) {
      const NumbersJob& j = number_job(e.job);
      NumberState s = numbers.start(j.job);
      if (s) {
        uint32_t bytes = j.single ? numbers.min_bytes(s, 1) : number_distance(j, s, [](auto& atoms) { return atoms[0] != kFalse; });
        offer({bytes, 0});
      }
    }
  }
  {
    Expansion e = expand(g, kString);
    if (e.atoms[0] != kFalse) {
      const StringConstraint& c = string_job(e.job).one;
      uint32_t inside = c.language == kAll ? c.minimum : std::max(c.minimum, exprs.min_bytes(c.language));
      offer({add_saturated(2, inside), 0});
    }
  }
  for (Kind kind : {kArray, kObject}) {
    Expansion e = expand(g, kind);
    if (e.atoms[0] == kFalse) continue;
    if (e.atoms[0] == kTrue) {
      offer({2, 1});
      continue;
    }
    const ContainerJob job = jobs_[e.job];
    offer(cost_of_formula(job.atoms[0], job.leaves, kind, wanted));
  }
  return best;
}

Cost Grammar::cost(GoalId g) {
  if (g < cost_known_.size() && cost_known_[g]) return costs_[g];
  // Collect what this goal's cost depends on, then lower the estimates from infinity until nothing changes.
  std::vector<GoalId> open{g};
  std::unordered_map<GoalId, bool> seen{{g, true}};
  for (size_t i = 0; i < open.size(); ++i) {
    std::vector<GoalId> wanted;
    Cost c = cost_now(open[i], &wanted);
    known_cost(open[i], nullptr);
    costs_[open[i]] = c;
    for (GoalId w : wanted)
      if (seen.try_emplace(w, true).second) open.push_back(w);
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t i = open.size(); i-- > 0;) {
      Cost c = cost_now(open[i], nullptr);
      if (c.bytes < costs_[open[i]].bytes || c.depth < costs_[open[i]].depth) {
        costs_[open[i]] = {std::min(c.bytes, costs_[open[i]].bytes), std::min(c.depth, costs_[open[i]].depth)};
        changed = true;
      }
    }
  }
  for (GoalId o : open) {
    cost_known_[o] = 1;
    if (costs_[o].bytes != kInfinite) dearest_ = std::max(dearest_, costs_[o].bytes);
  }
  return costs_[g];
}

bool Grammar::constraint_possible(Kind kind, uint32_t constraint) {
  auto [it, fresh] = possible_.try_emplace(uint64_t(kind) << 32 | constraint, false);
  if (!fresh) return it->second;
  std::vector<GoalId> wanted;
  auto now = [&](std::vector<GoalId>* w) {
    return kind == kObject ? cost_of_object(constraint, w) : cost_of_array(constraint, w);
  };
  now(&wanted);
  for (GoalId w : wanted) cost(w);
  bool possible = now(nullptr).bytes != kInfinite;
  return possible_[uint64_t(kind) << 32 | constraint] = possible;
}

}  // namespace typeloom
