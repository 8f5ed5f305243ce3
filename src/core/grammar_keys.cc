// Which leaves know a key, and what they ask of its value.
#include "grammar.h"

#include <algorithm>

namespace typeloom {

bool Grammar::matches(ExprId expr, const std::string& text) {
  for (char c : text) {
    if (expr == kEmpty) return false;
    expr = exprs.step(expr, uint8_t(c));
  }
  return exprs.nullable(expr);
}

KeyTable& Grammar::key_table(uint32_t job_id) {
  auto it = key_tables_.find(job_id);
  if (it != key_tables_.end()) return it->second;
  const ContainerJob& job = jobs_[job_id];
  KeyTable t;
  for (uint32_t leaf : job.leaves) {
    for (auto& p : objects_[leaf].properties) t.keys.push_back(p.first);
    for (auto& name : objects_[leaf].required) t.keys.push_back(name);
    for (auto& name : objects_[leaf].elsewhere) t.keys.push_back(name);
    for (auto& p : objects_[leaf].patterns)
      if (std::find(t.watched.begin(), t.watched.end(), p.first) == t.watched.end()) t.watched.push_back(p.first);
  }
  std::sort(t.keys.begin(), t.keys.end());
  t.keys.erase(std::unique(t.keys.begin(), t.keys.end()), t.keys.end());
  auto index = [&](const std::string& key) {
    return uint32_t(std::lower_bound(t.keys.begin(), t.keys.end(), key) - t.keys.begin());
  };
  t.goals.assign(t.keys.size(), kNone);
  std::vector<ExprId> unknown;
  for (uint32_t leaf : job.leaves) {
    const ObjectConstraint& c = objects_[leaf];
    std::vector<uint32_t> property(t.keys.size(), kNone), key_of, extra;
    std::vector<uint8_t> required(t.keys.size(), 0);
    for (uint32_t i = 0; i < c.properties.size(); ++i) {
      property[index(c.properties[i].first)] = i;
      key_of.push_back(index(c.properties[i].first));
    }
    for (auto& name : c.required) {
      uint32_t k = index(name);
      required[k] = 1;
      if (property[k] == kNone) extra.push_back(k);
    }
    std::vector<uint8_t> elsewhere(c.elsewhere.empty() ? 0 : t.keys.size(), 0);
    for (auto& name : c.elsewhere) elsewhere[index(name)] = 1;
    t.elsewhere.push_back(std::move(elsewhere));
    t.property.push_back(std::move(property));
    t.key_of.push_back(std::move(key_of));
    t.required.push_back(std::move(required));
    t.extra.push_back(std::move(extra));
    t.child.emplace_back(t.keys.size(), kNone);
    // Which undeclared keys this leaf can take: those that meet `names` and whose value can exist.
    std::vector<ExprId> taken, refused;
    std::vector<ExprId> all_patterns;
    for (auto& [expr, node] : c.patterns) {
      all_patterns.push_back(expr);
      if (cost(must(node)).bytes == kInfinite) refused.push_back(expr);
    }
    ExprId u = c.names;
    if (cost(must(c.additional)).bytes == kInfinite) u = exprs.conjoin({u, exprs.alternate(all_patterns)});
    for (ExprId r : refused) u = exprs.conjoin({u, exprs.complement(r)});
    unknown.push_back(u);
  }
  if (job.leaves.empty()) {
    t.unknown = kAll;
  } else if (job.single) {
    t.unknown = unknown[0];
  } else {  // some leaf may take it; under negation any key may be wanted
    t.unknown = job.must ? exprs.alternate(unknown) : kAll;
    bool positive = job.must;
    for (FormulaId f : job.atoms) positive &= !negated(f);
    if (!positive) t.unknown = kAll;
  }
  if (t.unknown != kEmpty && t.unknown != kAll && exprs.max_chars(t.unknown) != kUnbounded)
    t.unknown = exprs.conjoin({t.unknown, exprs.complement(exprs.literals(t.keys))});
  t.unknown_allowed = !exprs.is_empty(t.unknown);
  if (!t.unknown_allowed) t.unknown = kEmpty;
  return key_tables_.emplace(job_id, std::move(t)).first->second;
}

NodeId Grammar::child_of_key(uint32_t job_id, size_t leaf, uint32_t key) {
  KeyTable& t = key_table(job_id);
  if (t.child[leaf][key] != kNone) return t.child[leaf][key];
  const ObjectConstraint& c = objects_[jobs_[job_id].leaves[leaf]];
  std::vector<NodeId> nodes;
  if (t.property[leaf][key] != kNone) nodes.push_back(c.properties[t.property[leaf][key]].second);
  bool matched = !nodes.empty();
  for (auto& [expr, node] : c.patterns)
    if (matches(expr, t.keys[key])) nodes.push_back(node), matched = true;
  if (!matched) nodes.push_back(c.additional);
  if (c.names != kAll && !matches(c.names, t.keys[key])) nodes.push_back(kNever);
  return t.child[leaf][key] = all_of(std::move(nodes));
}

NodeId Grammar::child_of_unknown(uint32_t object, const std::vector<uint8_t>& matched,
                                 const std::vector<ExprId>& watched) {
  const ObjectConstraint& c = objects_[object];
  std::vector<NodeId> nodes;
  bool any = false;
  for (auto& [expr, node] : c.patterns) {
    size_t i = size_t(std::find(watched.begin(), watched.end(), expr) - watched.begin());
    if (matched[i]) nodes.push_back(node), any = true;
  }
  if (!any) nodes.push_back(c.additional);
  return all_of(std::move(nodes));
}

}  // namespace typeloom
