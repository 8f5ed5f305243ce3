#include "grammar.h"

#include <algorithm>

namespace typeloom {

namespace {

constexpr int kMaxFormulaDepth = 1000;

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

std::string quote_canonically(const std::string& text) {
  static const char* hex = "0123456789abcdef";
  std::string out = "\"";
  for (char ch : text) {
    uint8_t c = uint8_t(ch);
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case 8: out += "\\b"; break;
      case 9: out += "\\t"; break;
      case 10: out += "\\n"; break;
      case 12: out += "\\f"; break;
      case 13: out += "\\r"; break;
      default:
        if (c < 0x20) {
          out += "\\u00";
          out += hex[c >> 4];
          out += hex[c & 15];
        } else {
          out += ch;
        }
    }
  }
  return out + "\"";
}

Grammar::Grammar(Spelling spelling, size_t max_states)
    : exprs(max_states), numbers(spelling, max_states), spelling_(spelling) {
  nodes_.push_back(Node{});  // NEVER
  Node any;
  any.kinds = (1u << kKinds) - 1;
  nodes_.push_back(any);
  formulas_.intern({Formula::kConstant, 0, {}});
  formulas_.intern({Formula::kConstant, 1, {}});
  goals_.intern({0});  // kFreeGoal
}

NodeId Grammar::add(Node node) { return nodes_.push_back(std::move(node)), NodeId(nodes_.size() - 1); }

NodeId Grammar::reserve() {
  Node ref;
  ref.op = Node::kRef;
  ref.parts = {kNever};
  return add(std::move(ref));
}

void Grammar::define(NodeId id, NodeId target) { nodes_[id].parts = {target}; }

NodeId Grammar::all_of(std::vector<NodeId> parts) {
  parts.erase(std::remove(parts.begin(), parts.end(), kAny), parts.end());
  std::sort(parts.begin(), parts.end());
  parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
  if (parts.empty()) return kAny;
  if (parts[0] == kNever) return kNever;
  if (parts.size() == 1) return parts[0];
  uint32_t i = all_ofs_.intern(parts);
  if (i == all_of_nodes_.size()) {
    Node node;
    node.op = Node::kAllOf;
    node.parts = std::move(parts);
    all_of_nodes_.push_back(add(std::move(node)));
  }
  return all_of_nodes_[i];
}

GoalId Grammar::goal(std::vector<NodeId> atoms, bool must) {
  for (NodeId& a : atoms)
    for (int hops = 0; hops < kMaxFormulaDepth; ++hops) {
      if (nodes_[a].op != Node::kRef && (nodes_[a].op != Node::kByValue || spelling_counts())) break;
      a = nodes_[a].parts[0];
    }
  if (must && atoms[0] == kAny) return kFreeGoal;
  atoms.insert(atoms.begin(), must ? 1u : 0u);
  return goals_.intern(atoms);
}

// --- formulas ---------------------------------------------------------------------------------------------------------

FormulaId Grammar::leaf_formula(uint32_t i) { return formulas_.intern({Formula::kLeaf, i, {}}); }

FormulaId Grammar::combine(Formula::Op op, std::vector<FormulaId> parts) {
  if (op == Formula::kNot) {  // down to the leaves, so that a conjunction is seen as one behind any number of negations
    const Formula f = formulas_[parts[0]];
    if (f.op == Formula::kConstant) return f.leaf ? kFormulaFalse : kFormulaTrue;
    if (f.op == Formula::kNot) return f.parts[0];
    if (f.op == Formula::kLeaf || f.op == Formula::kOne) return formulas_.intern({op, 0, std::move(parts)});
    std::vector<FormulaId> opposites;
    for (FormulaId p : f.parts) opposites.push_back(combine(Formula::kNot, {p}));
    return combine(f.op == Formula::kAnd ? Formula::kOr : Formula::kAnd, std::move(opposites));
  }
  if (op == Formula::kOne) {
    parts.erase(std::remove(parts.begin(), parts.end(), kFormulaFalse), parts.end());
    size_t n_true = std::count(parts.begin(), parts.end(), kFormulaTrue);
    if (n_true > 1 || parts.empty()) return kFormulaFalse;
    if (n_true == 1) {  // all the others must be false
      std::vector<FormulaId> none;
      for (FormulaId p : parts)
        if (p != kFormulaTrue) none.push_back(combine(Formula::kNot, {p}));
      return combine(Formula::kAnd, std::move(none));
    }
    if (parts.size() == 1) return parts[0];
    return formulas_.intern({op, 0, std::move(parts)});
  }
  const FormulaId neutral = op == Formula::kAnd ? kFormulaTrue : kFormulaFalse;
  const FormulaId absorbing = op == Formula::kAnd ? kFormulaFalse : kFormulaTrue;
  std::vector<FormulaId> flat;
  for (FormulaId p : parts) {
    if (p == absorbing) return absorbing;
    if (p == neutral) continue;
    if (formulas_[p].op == op)
      flat.insert(flat.end(), formulas_[p].parts.begin(), formulas_[p].parts.end());
    else
      flat.push_back(p);
  }
  std::sort(flat.begin(), flat.end());
  flat.erase(std::unique(flat.begin(), flat.end()), flat.end());
  if (flat.empty()) return neutral;
  if (flat.size() == 1) return flat[0];
  return formulas_.intern({op, 0, std::move(flat)});
}

Verdict Grammar::evaluate(FormulaId id, const uint8_t* leaves) const {
  const Formula& f = formulas_[id];
  switch (f.op) {
    case Formula::kConstant: return f.leaf ? kTrue : kFalse;
    case Formula::kLeaf: return Verdict(leaves[f.leaf]);
    case Formula::kNot: return Verdict(2 - evaluate(f.parts[0], leaves));
    case Formula::kAnd: {
      uint8_t v = kTrue;
      for (FormulaId p : f.parts) {
        v = std::min<uint8_t>(v, evaluate(p, leaves));
        if (v == kFalse) break;
      }
      return Verdict(v);
    }
    case Formula::kOr: {
      uint8_t v = kFalse;
      for (FormulaId p : f.parts) {
        v = std::max<uint8_t>(v, evaluate(p, leaves));
        if (v == kTrue) break;
      }
      return Verdict(v);
    }
    case Formula::kOne: {
      int n_true = 0, n_open = 0;
      for (FormulaId p : f.parts) {
        Verdict v = evaluate(p, leaves);
        n_true += v == kTrue;
        n_open += v == kOpen;
      }
      if (n_true > 1 || n_true + n_open == 0) return kFalse;
      return n_open ? kOpen : kTrue;
    }
  }
  return kFalse;
}

// --- expansion --------------------------------------------------------------------------------------------------------

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

uint32_t Grammar::add_number(const NumberConstraint& c) {
  const NumberId id = numbers.add(c);
  if (number_constraints_.size() <= id) number_constraints_.resize(id + 1);
  number_constraints_[id] = c;
  return id;
}

uint32_t Grammar::add_array(ArrayConstraint c) {
  for (ContainsConstraint& k : c.contains) k.node = by_value(k.node);
  for (size_t i = c.contains.size(); i-- > 0;) {  // to contain none is to have only others
    if (c.contains[i].maximum > 0 || c.contains[i].minimum > 0) continue;
    Node other;
    other.op = Node::kNot;
    other.parts = {c.contains[i].node};
    const NodeId without = add(std::move(other));
    for (NodeId& p : c.prefix) p = all_of({p, without});
    c.items = all_of({c.items, without});
    c.contains.erase(c.contains.begin() + long(i));
  }
  arrays_.push_back(std::move(c));
  return uint32_t(arrays_.size() - 1);
}

NodeId Grammar::by_value(NodeId id) {
  if (id == kAny || id == kNever || nodes_[id].op == Node::kByValue) return id;
  auto [it, fresh] = by_value_.try_emplace(id, 0);
  if (fresh) {
    Node node;
    node.op = Node::kByValue;
    node.parts = {id};
    it->second = add(std::move(node));
  }
  return it->second;
}

// Whether something that the node reaches asks for a spelling. What does not is found once for all that was looked at.
bool Grammar::differs_by_value(NodeId root) {
  auto known = differs_.find(root);
  if (known != differs_.end()) return known->second;
  std::vector<NodeId> open{root};
  std::unordered_map<NodeId, bool> seen{{root, true}};
  auto visit = [&](NodeId id) {
    if (id != kAny && id != kNever && seen.try_emplace(id, true).second) open.push_back(id);
  };
  bool differs = false;
  for (size_t i = 0; i < open.size() && !differs; ++i) {
    auto already = differs_.find(open[i]);
    if (already != differs_.end()) {
      differs = already->second;
      continue;
    }
    const Node& node = nodes_[open[i]];
    if (node.op == Node::kNot || node.op == Node::kByValue) continue;  // by value already
    for (NodeId p : node.parts) visit(p);
    if (node.number != kNone && spelling_ == Spelling::kCanonical) {
      const NumberConstraint& c = number_constraints_[node.number];
      differs |= !c.by_value && (c.integer || c.has_values);
    }
    if (node.array != kNone) {
      for (NodeId p : arrays_[node.array].prefix) visit(p);
      visit(arrays_[node.array].items);
    }
    if (node.object != kNone) {
      const ObjectConstraint& c = objects_[node.object];
      differs |= ordered_ && c.ordered && !c.properties.empty();
      for (auto& p : c.properties) visit(p.second);
      for (auto& p : c.patterns) visit(p.second);
      visit(c.additional);
    }
  }
  if (differs) return differs_[root] = true;
  for (NodeId id : open) differs_[id] = false;
  return false;
}

uint32_t Grammar::number_by_value(uint32_t number) {
  if (number == kNone || spelling_ != Spelling::kCanonical) return number;
  NumberConstraint c = number_constraints_[number];
  if (c.by_value || !(c.integer || c.has_values)) return number;
  c.by_value = true;
  return add_number(c);
}

uint32_t Grammar::array_by_value(uint32_t array) {
  if (array == kNone) return kNone;
  auto known = arrays_by_value_.find(array);
  if (known != arrays_by_value_.end()) return known->second;
  ArrayConstraint c = arrays_[array];
  bool differs = differs_by_value(c.items);
  for (NodeId p : c.prefix) differs |= differs_by_value(p);
  if (!differs) return arrays_by_value_[array] = array;
  c.items = by_value(c.items);
  for (NodeId& p : c.prefix) p = by_value(p);
  const uint32_t copy = add_array(std::move(c));
  arrays_by_value_[copy] = copy;
  return arrays_by_value_[array] = copy;
}

uint32_t Grammar::object_by_value(uint32_t object) {
  if (object == kNone) return kNone;
  auto known = objects_by_value_.find(object);
  if (known != objects_by_value_.end()) return known->second;
  ObjectConstraint c = objects_[object];
  bool differs = differs_by_value(c.additional) || (ordered_ && c.ordered && !c.properties.empty());
  for (auto& p : c.properties) differs |= differs_by_value(p.second);
  for (auto& p : c.patterns) differs |= differs_by_value(p.second);
  if (!differs) return objects_by_value_[object] = object;
  c.ordered = false;
  c.elsewhere.clear();
  c.additional = by_value(c.additional);
  for (auto& p : c.properties) p.second = by_value(p.second);
  for (auto& p : c.patterns) p.second = by_value(p.second);
  const uint32_t copy = add_object(std::move(c));
  objects_by_value_[copy] = copy;
  return objects_by_value_[object] = copy;
}

uint32_t Grammar::object_with_elsewhere(uint32_t object, const std::vector<std::string>& keys) {
  if (!objects_[object].ordered || objects_[object].properties.empty()) return object;
  auto [it, fresh] = with_elsewhere_.try_emplace({object, keys}, 0);
  if (fresh) {
    ObjectConstraint c = objects_[object];
    c.elsewhere = keys;
    it->second = add_object(std::move(c));
  }
  return it->second;
}

// The keys that the node declares for the object itself; what is negated rules no places.
void Grammar::declared_keys(NodeId id, std::vector<std::string>& keys, int depth) {
  if (depth > kMaxFormulaDepth) throw LimitExceeded{"nesting of combined schemas", size_t(depth)};
  const Node& node = nodes_[id];
  if (node.op == Node::kNot || node.op == Node::kByValue) return;
  if (node.object != kNone)
    for (auto& p : objects_[node.object].properties) keys.push_back(p.first);
  for (NodeId p : node.parts) declared_keys(p, keys, depth + 1);
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
  constexpr size_t kBudget = 1000;
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

// --- keys -------------------------------------------------------------------------------------------------------------

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

// --- cost: the least fixpoint ------------------------------------------------------------------------------------------

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
