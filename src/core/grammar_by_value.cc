// Nodes taken by value: copies of their constraints that ask nothing of the spelling.
#include "grammar.h"

#include <algorithm>

namespace typeloom {

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

}  // namespace typeloom
