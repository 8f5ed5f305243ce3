// Nodes as the core sees them, and what they ask of a value once its JSON kind is known.
//
// Theory of operation. A *goal* is what is demanded of a value that is about to be read: a vector of nodes (atoms), each
// of which will be decided true or false by the value. Ordinarily there is one atom and it *must* be true. Under a union
// of objects several atoms ride on one value, and the objects around it decide what their verdicts mean.
//
// The first byte of a JSON value tells its kind. `expand(goal, kind)` then throws away everything that concerns other
// kinds: what is left is a *job*: constraints of that one kind (leaves) and, per atom, a formula over their verdicts.
// Conjunctions are merged into one leaf; strings are folded into one regular language; so a job nearly always is a
// single leaf that must hold (`single`), and nothing of the logic is left at run time.
//
// A text can be right in value and wrong in spelling: `1.0` for an integer in compact layout, keys out of the declared
// order. What a schema counts and negates are values, so below `not` and `contains`, and where `oneOf` counts, nodes are
// taken *by value*: their constraints are copied without what they ask of the spelling. `oneOf` is then "exactly one by
// value, and that one spelt as it asks". In a conjunction a key's place is ruled by the first part that declares it; to
// the later parts it is `elsewhere`.
//
// Formulas are evaluated in Kleene's three-valued logic: kOpen is "not decided yet".
//
// `cost(goal)` is a least fixpoint over goals, reached on demand: the fewest bytes of a value that meets the goal (compact
// layout) and the least nesting of one; infinite if there is none. Under a union it is the cheapest branch's.
#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "intern.h"
#include "number.h"
#include "regex.h"

namespace typeloom {

using NodeId = uint32_t;
using GoalId = uint32_t;
using FormulaId = uint32_t;
constexpr NodeId kNever = 0, kAny = 1;
constexpr GoalId kFreeGoal = 0;  // any value will do
constexpr uint32_t kInfinite = UINT32_MAX;
constexpr uint32_t kNone = UINT32_MAX;
constexpr int kMaxFormulaDepth = 1000;

enum Kind : uint8_t { kNull, kTrueLiteral, kFalseLiteral, kNumber, kString, kArray, kObject, kKinds };
enum Verdict : uint8_t { kFalse = 0, kOpen = 1, kTrue = 2 };
using Verdicts = std::vector<uint8_t>;

struct StringConstraint {
  ExprId language = kAll;
  uint32_t minimum = 0, maximum = kUnbounded;
};

struct ContainsConstraint {
  NodeId node;
  uint32_t minimum, maximum;
};

struct ArrayConstraint {
  std::vector<NodeId> prefix;
  NodeId items = kAny;
  uint32_t minimum = 0, maximum = kUnbounded;
  bool unique = false;
  std::vector<ContainsConstraint> contains;
};

struct ObjectConstraint {
  std::vector<std::pair<std::string, NodeId>> properties;  // in declared order
  std::vector<std::string> required;
  std::vector<std::pair<ExprId, NodeId>> patterns;
  NodeId additional = kAny;
  ExprId names = kAll;
  uint32_t minimum = 0, maximum = kUnbounded;
  bool ordered = true;                 // in declared order its properties come first, one after the other ...
  std::vector<std::string> elsewhere;  // ... save these keys, whose places others rule; sorted
};

struct Node {
  enum Op : uint8_t { kShape, kAllOf, kAnyOf, kOneOf, kNot, kRef, kByValue } op = kShape;
  uint8_t kinds = 0;  // bit per Kind (shape)
  // Constraints of a shape: index into the grammar's tables, kNone for "any of the kind".
  uint32_t number = kNone, string = kNone, array = kNone, object = kNone;
  std::vector<NodeId> parts;  // of a combination; kRef, kByValue: its target
};

struct Formula {
  enum Op : uint8_t { kConstant, kLeaf, kAnd, kOr, kOne, kNot } op;
  uint32_t leaf = 0;  // kLeaf: which; kConstant: 0 or 1
  std::vector<FormulaId> parts;
  bool operator==(const Formula& o) const { return op == o.op && leaf == o.leaf && parts == o.parts; }
  uint64_t hash() const { return mix(HashOf<std::vector<uint32_t>>{}(parts), uint64_t(op) << 32 | leaf); }
};
constexpr FormulaId kFormulaFalse = 0, kFormulaTrue = 1;

struct StringJob {
  bool single = true;
  StringConstraint one;        // single: must hold
  std::vector<ExprId> exprs;   // else: one language per atom
};

struct NumbersJob {
  bool single = true;
  NumberJob job = 0;
  std::vector<FormulaId> atoms;
};

// The declared keys of all leaves of an object job, sorted, so that a key being read is a range and a depth.
struct KeyTable {
  std::vector<std::string> keys;
  std::vector<std::vector<uint32_t>> property;  // [leaf][key] -> index in the leaf's properties, kNone if not declared there
  std::vector<std::vector<uint8_t>> required;   // [leaf][key]
  std::vector<std::vector<NodeId>> child;       // [leaf][key] -> node of the value, filled on demand (kNone)
  std::vector<GoalId> goals;                    // [key] -> goal of the value when the job is single, on demand (kNone)
  std::vector<std::vector<uint32_t>> key_of;    // [leaf][property index] -> key
  std::vector<std::vector<uint8_t>> elsewhere;  // [leaf][key]: its place is not the leaf's to rule; empty: none is
  std::vector<std::vector<uint32_t>> extra;     // [leaf] -> keys required but not declared there
  std::vector<ExprId> watched;                  // patterns of all leaves, deduplicated: stepped along an unknown key
  ExprId unknown = kAll;                        // texts that may be keys though no leaf declares them
  bool unknown_allowed = true;
};

struct ContainerJob {  // of an object or an array
  bool must = true, single = true;
  std::vector<uint32_t> leaves;   // indices into objects / arrays
  std::vector<FormulaId> atoms;
  bool has_unique = false;        // arrays: some leaf wants unique items
};

struct Expansion {
  Verdicts atoms;  // what the first byte already decides
  uint32_t job = kNone;
  uint32_t depth = 0;    // least nesting below the first byte, known when `live`
  bool live = false;     // atoms that no value of the kind meets have been found false
};

struct Cost {
  uint32_t bytes = kInfinite, depth = kInfinite;
};

class Grammar {
 public:
  explicit Grammar(Spelling spelling, size_t max_states);

  // Building (by the binding). Ids 0 and 1 are NEVER and ANY.
  NodeId add(Node node);
  NodeId reserve();                       // to be defined later: a Ref's target
  void define(NodeId id, NodeId target);
  void keep_declared_order() { ordered_ = true; }  // before anything is expanded
  uint32_t add_string(const StringConstraint& c) { return strings_.push_back(c), uint32_t(strings_.size() - 1); }
  uint32_t add_array(ArrayConstraint c);
  uint32_t add_object(ObjectConstraint c) { return objects_.push_back(std::move(c)), uint32_t(objects_.size() - 1); }
  uint32_t add_number(const NumberConstraint& c);

  GoalId goal(std::vector<NodeId> atoms, bool must);
  GoalId must(NodeId node) { return goal({node}, true); }
  bool goal_must(GoalId g) const { return goals_[g][0] != 0; }
  size_t n_atoms(GoalId g) const { return goals_[g].size() - 1; }
  std::vector<NodeId> atoms(GoalId g) const { return {goals_[g].begin() + 1, goals_[g].end()}; }
  const Expansion& expand(GoalId g, Kind kind);
  Expansion expand_live(GoalId g, Kind kind);  // the same, with unsatisfiable atoms found false
  Cost cost(GoalId g);
  uint32_t dearest() const { return dearest_; }          // of all finite costs found so far, in bytes
  bool constraint_possible(Kind kind, uint32_t constraint);  // some object or array meets it
  NodeId all_of(std::vector<NodeId> parts);
  NodeId by_value(NodeId node);
  // Whether one constraint on objects or arrays is another one, taken by value.
  bool is_by_value(Kind kind, uint32_t constraint, uint32_t of) const {
    const auto& known = kind == kObject ? objects_by_value_ : arrays_by_value_;
    auto it = known.find(of);
    return it != known.end() && it->second == constraint;
  }

  const StringJob& string_job(uint32_t i) const { return string_jobs_[i]; }
  const NumbersJob& number_job(uint32_t i) const { return number_jobs_[i]; }
  const ContainerJob& job(uint32_t i) const { return jobs_[i]; }
  KeyTable& key_table(uint32_t job);
  const ObjectConstraint& object(uint32_t i) const { return objects_[i]; }
  const ArrayConstraint& array(uint32_t i) const { return arrays_[i]; }

  // The node that the value under a declared key of the job's table, or under an unknown key, must meet for one leaf.
  NodeId child_of_key(uint32_t job, size_t leaf, uint32_t key);
  NodeId child_of_unknown(uint32_t object, const std::vector<uint8_t>& matched, const std::vector<ExprId>& watched);

  Verdict evaluate(FormulaId f, const uint8_t* leaves) const;
  const Formula& formula(FormulaId f) const { return formulas_[f]; }
  // What the atoms of a number job become if the number ends in a state; `holds` as NumberTable says it.
  std::vector<uint32_t> number_verdicts(const NumbersJob& job, uint64_t holds) const;
  // Fewest further bytes to a whole number whose `holds` is good, over all constraints at once (each may be satisfiable
  // alone, and not together). kInfinite if there is none; 0 where the search gives up, which counts as "there is one".
  // `feasible` says whether verdicts of the job's atoms, open ones among them, may still come good.
  uint32_t number_distance(const NumbersJob& job, NumberState from,
                           const std::function<bool(const std::vector<uint32_t>&)>& feasible);
  // The vectors of verdicts that numbers give the job's atoms, until `found` answers false; false if the search was given
  // up before the last of them.
  bool number_outcomes(const NumbersJob& job, const std::function<bool(const std::vector<uint32_t>&)>& found);
  std::vector<uint32_t> open_verdicts(const NumbersJob& job, NumberState state);

  ExprTable exprs;
  NumberTable numbers;

 private:
  struct Folding;  // state of one expansion
  struct Reading {  // how a node is taken while a formula is built
    bool by_value = false;
    const std::vector<std::string>* elsewhere = nullptr;  // keys whose places earlier parts of a conjunction rule
  };
  FormulaId build(NodeId node, Kind kind, Folding& folding, int depth, const Reading& reading);
  FormulaId build_conjunction(const Node& node, Kind kind, Folding& folding, int depth, const Reading& reading);
  FormulaId build_exactly_one(const Node& node, Kind kind, Folding& folding, int depth, const Reading& reading);
  bool spelling_counts() const { return ordered_ || spelling_ == Spelling::kCanonical; }
  bool differs_by_value(NodeId node);
  uint32_t number_by_value(uint32_t number);
  uint32_t array_by_value(uint32_t array);
  uint32_t object_by_value(uint32_t object);
  uint32_t object_with_elsewhere(uint32_t object, const std::vector<std::string>& keys);
  void declared_keys(NodeId node, std::vector<std::string>& keys, int depth);
  FormulaId combine(Formula::Op op, std::vector<FormulaId> parts);
  FormulaId leaf_formula(uint32_t i);
  ExprId fold_string(FormulaId f, const std::vector<uint32_t>& leaves);
  ExprId string_expr(const StringConstraint& c);
  bool conjunction(FormulaId f, std::vector<uint32_t>& leaves) const;
  uint32_t merge_objects(uint32_t a, uint32_t b);
  uint32_t merge_arrays(uint32_t a, uint32_t b);
  void expand_string(Expansion& e, const Folding& folding, bool must);
  void expand_number(Expansion& e, const Folding& folding, bool must);
  void expand_container(Expansion& e, const Folding& folding, bool must, Kind kind);
  uint32_t intern_job(ContainerJob job, Kind kind);
  bool matches(ExprId expr, const std::string& text);
  Cost cost_now(GoalId g, std::vector<GoalId>* wanted);
  Cost cost_of_formula(FormulaId f, const std::vector<uint32_t>& leaves, Kind kind, std::vector<GoalId>* wanted);
  Cost cost_of_object(uint32_t object, std::vector<GoalId>* wanted);
  Cost cost_of_array(uint32_t array, std::vector<GoalId>* wanted);
  Cost known_cost(GoalId g, std::vector<GoalId>* wanted);

  bool negated(FormulaId f) const;

  std::vector<NumberConstraint> number_constraints_;  // by id in `numbers`
  std::deque<Node> nodes_;
  std::deque<StringConstraint> strings_;
  std::deque<ArrayConstraint> arrays_;
  std::deque<ObjectConstraint> objects_;
  Pool<std::vector<uint32_t>> all_ofs_;          // sorted parts -> node
  std::vector<NodeId> all_of_nodes_;
  Pool<std::vector<uint32_t>> goals_;            // [must, atoms...]
  std::vector<Expansion> expansions_;            // [goal * kKinds + kind]
  std::vector<uint8_t> expanded_;
  std::vector<Cost> costs_;
  std::vector<uint8_t> cost_known_;
  uint32_t dearest_ = 0;
  Pool<Formula> formulas_;
  std::deque<StringJob> string_jobs_;
  std::deque<NumbersJob> number_jobs_;
  std::deque<ContainerJob> jobs_;
  Pool<std::vector<uint32_t>> job_keys_;
  std::vector<uint32_t> job_of_key_;
  std::unordered_map<uint32_t, KeyTable> key_tables_;
  std::unordered_map<uint64_t, uint32_t> merged_objects_, merged_arrays_;
  std::unordered_map<uint64_t, bool> possible_;
  Spelling spelling_;
  bool ordered_ = false;
  std::unordered_map<NodeId, NodeId> by_value_;
  std::unordered_map<NodeId, bool> differs_;
  std::unordered_map<uint32_t, uint32_t> arrays_by_value_, objects_by_value_;
  std::map<std::pair<uint32_t, std::vector<std::string>>, uint32_t> with_elsewhere_;
};

// JSON text of a key, with its quotes, in canonical escapes: what a writer makes of it.
std::string quote_canonically(const std::string& text);

}  // namespace typeloom
