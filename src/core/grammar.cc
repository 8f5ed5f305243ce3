// Nodes, goals and formulas: what is kept of them, and what a formula says once its leaves are judged.
#include "grammar.h"

#include <algorithm>

namespace typeloom {

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

}  // namespace typeloom
