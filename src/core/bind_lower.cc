// Lowering: Nodes, which are Python objects, become entries of a grammar; nothing is decided here.
//
// Theory of operation. A type of a dozen Nodes has some hundred fields, and most of what compiling it costs in Python
// is calling from one of them to the next. So the walk over them is here, on the attributes of the Python objects, and
// calls back for what needs more than reading: languages other than a list of texts, and errors, which Python words.
//
// Definitions are reserved first and lowered when a Ref reaches them, so cycles close and what nothing refers to costs
// nothing. Nodes are lowered once, by identity; the schema holds them all as long as the walk runs.
#include <nanobind/nanobind.h>
#include <nanobind/stl/shared_ptr.h>

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "bind.h"
#include "grammar.h"

namespace typeloom {

namespace {

// Names of attributes, interned: looking one up is then a comparison of pointers.
struct Names {
  static PyObject* interned(const char* name) { return PyUnicode_InternFromString(name); }
  PyObject *null = interned("null"), *booleans = interned("booleans"), *number = interned("number"),
      *string = interned("string"), *array = interned("array"), *object = interned("object"),
      *name = interned("name"), *parts = interned("parts"), *part = interned("part"), *integer = interned("integer"),
      *minimum = interned("minimum"), *exclusive_minimum = interned("exclusive_minimum"),
      *maximum = interned("maximum"), *exclusive_maximum = interned("exclusive_maximum"),
      *multiple_of = interned("multiple_of"), *max_digits = interned("max_digits"),
      *decimal_places = interned("decimal_places"), *values = interned("values"),
      *finite_double = interned("finite_double"), *digits_only = interned("digits_only"), *min_length = interned("min_length"),
      *max_length = interned("max_length"), *language = interned("language"), *texts = interned("texts"),
      *prefix = interned("prefix"), *items = interned("items"), *min_items = interned("min_items"),
      *max_items = interned("max_items"), *unique = interned("unique"), *contains = interned("contains"),
      *node = interned("node"), *properties = interned("properties"), *required = interned("required"),
      *patterns = interned("patterns"), *additional = interned("additional"), *names = interned("names"),
      *min_properties = interned("min_properties"), *max_properties = interned("max_properties");
};

class Lowering {
 public:
  // `calls` is the Lowering of engine/lower.py.
  Lowering(Grammar& grammar, nb::handle calls, const nb::dict& definitions)
      : grammar_(grammar),
        calls_(calls),
        definitions_(definitions),
        max_nesting_(nb::cast<uint32_t>(calls.attr("max_nesting"))),
        shape_(nb::object(calls.attr("shape_type"))),
        ref_(nb::object(calls.attr("ref_type"))),
        all_of_(nb::object(calls.attr("all_of_type"))),
        any_of_(nb::object(calls.attr("any_of_type"))),
        one_of_(nb::object(calls.attr("one_of_type"))),
        literals_(nb::object(calls.attr("literals_type"))) {
    known_.emplace(nb::object(calls.attr("never")).ptr(), kNever);
    known_.emplace(nb::object(calls.attr("any")).ptr(), kAny);
  }

  NodeId root(nb::handle node) {
    const NodeId root = lower(node);
    while (!waiting_.empty()) {
      const auto [id, target] = std::move(waiting_.back());
      waiting_.pop_back();
      grammar_.define(id, lower(target));
    }
    return root;
  }

 private:
  static const Names& names() {
    static const Names names;
    return names;
  }
  static nb::object get(nb::handle object, PyObject* name) {
    PyObject* value = PyObject_GetAttr(object.ptr(), name);
    if (!value) throw nb::python_error();
    return nb::steal(value);
  }
  static bool truth(nb::handle object, PyObject* name) { return get(object, name).ptr() == Py_True; }
  bool is(nb::handle object, const nb::object& type) const { return (PyObject*)Py_TYPE(object.ptr()) == type.ptr(); }

  std::string text(nb::handle object) const {
    Py_ssize_t size = 0;
    const char* data = PyUnicode_AsUTF8AndSize(object.ptr(), &size);
    if (data) return {data, size_t(size)};
    PyErr_Clear();
    return bytes_of(nb::cast<nb::bytes>(calls_.attr("utf8")(object)));  // raises, in words
  }
  static std::string digits(nb::handle decimal) {
    std::string text = nb::str(decimal).c_str();
    for (char& c : text)
      if (c == 'E') c = 'e';
    return text;
  }
  static uint64_t count(nb::handle number) {
    int overflow = 0;
    const long long value = PyLong_AsLongLongAndOverflow(number.ptr(), &overflow);
    if (value == -1 && !overflow && PyErr_Occurred()) throw nb::python_error();
    return overflow ? UINT64_MAX : uint64_t(value);
  }
  uint32_t least(nb::handle object, PyObject* name) const {
    const nb::object number = get(object, name);
    const uint64_t value = count(number);
    if (value >= kUnbounded) calls_.attr("refuse_count")(number);  // raises
    return uint32_t(value);
  }
  static uint32_t most(nb::handle object, PyObject* name) {
    const nb::object number = get(object, name);
    return number.is_none() ? kUnbounded : uint32_t(std::min<uint64_t>(count(number), kUnbounded - 1));
  }

  NodeId lower(nb::handle node) {
    auto known = known_.find(node.ptr());
    if (known != known_.end()) return known->second;
    if (++depth_ > max_nesting_) calls_.attr("refuse_depth")(depth_);  // raises
    const NodeId lowered = is(node, shape_) ? shape(node) : combination(node);
    --depth_;
    known_.emplace(node.ptr(), lowered);
    return lowered;
  }

  NodeId combination(nb::handle node) {
    Node n;
    if (is(node, ref_)) {
      const nb::object name = get(node, names().name);
      auto [it, fresh] = refs_.try_emplace(nb::cast<std::string>(name), 0);
      if (fresh) {
        it->second = grammar_.reserve();
        waiting_.emplace_back(it->second, nb::object(definitions_[name]));
      }
      return it->second;
    }
    const bool all = is(node, all_of_);
    if (all || is(node, any_of_) || is(node, one_of_)) {
      n.op = is(node, any_of_) ? Node::kAnyOf : Node::kOneOf;
      n.parts = nodes(get(node, names().parts));
      return all ? grammar_.all_of(std::move(n.parts)) : grammar_.add(std::move(n));
    }
    n.op = Node::kNot;
    n.parts = {lower(get(node, names().part))};
    return grammar_.add(std::move(n));
  }

  std::vector<NodeId> nodes(const nb::object& list) {
    std::vector<NodeId> out;
    for (nb::handle node : list) out.push_back(lower(node));
    return out;
  }

  NodeId shape(nb::handle shape) {
    const Names& n = names();
    Node node;
    if (truth(shape, n.null)) node.kinds |= 1u << kNull;
    for (nb::handle value : get(shape, n.booleans)) node.kinds |= 1u << (value.ptr() == Py_True ? kTrueLiteral : kFalseLiteral);
    const auto kind = [&](PyObject* name, Kind kind, uint32_t& entry, uint32_t (Lowering::*read)(nb::handle)) {
      const nb::object part = get(shape, name);
      if (part.is_none()) return;
      node.kinds |= uint8_t(1u << kind);
      auto known = parts_.find(part.ptr());
      entry = known != parts_.end() ? known->second : parts_[part.ptr()] = (this->*read)(part);
    };
    kind(n.number, kNumber, node.number, &Lowering::number);
    kind(n.string, kString, node.string, &Lowering::string);
    kind(n.array, kArray, node.array, &Lowering::array);
    kind(n.object, kObject, node.object, &Lowering::object);
    return grammar_.add(std::move(node));
  }

  uint32_t number(nb::handle number) {
    const Names& n = names();
    NumberConstraint c;
    const nb::object low = get(number, n.minimum), high = get(number, n.maximum), steps = get(number, n.multiple_of);
    const nb::object count = get(number, n.max_digits), places = get(number, n.decimal_places), values = get(number, n.values);
    c.integer = truth(number, n.integer);
    c.finite_double = truth(number, n.finite_double);
    c.digits_only = truth(number, n.digits_only);
    c.exclusive_minimum = truth(number, n.exclusive_minimum);
    c.exclusive_maximum = truth(number, n.exclusive_maximum);
    if ((c.has_minimum = !low.is_none())) c.minimum = digits(low);
    if ((c.has_maximum = !high.is_none())) c.maximum = digits(high);
    for (nb::handle step : steps) c.multiple_of.push_back(digits(step));
    if (!count.is_none()) c.max_digits = nb::cast<int>(count);
    if (!places.is_none()) c.decimal_places = nb::cast<int>(places);
    if ((c.has_values = !values.is_none()))
      for (nb::handle value : values) c.values.push_back(digits(value));
    const bool free = !c.integer && !c.digits_only && !c.finite_double && !c.exclusive_minimum && !c.exclusive_maximum && !c.has_minimum &&
                      !c.has_maximum && c.multiple_of.empty() && count.is_none() && places.is_none() && !c.has_values;
    return free ? kNone : grammar_.add_number(c);
  }

  uint32_t string(nb::handle string) {
    const Names& n = names();
    const nb::object language = get(string, n.language);
    StringConstraint c;
    if (!language.is_none() && !is(language, literals_)) {
      const nb::tuple made = nb::cast<nb::tuple>(calls_.attr("string")(string));
      c = {nb::cast<ExprId>(made[0]), nb::cast<uint32_t>(made[1]), nb::cast<uint32_t>(made[2])};
      return grammar_.add_string(c);
    }
    c.minimum = least(string, n.min_length);
    c.maximum = most(string, n.max_length);
    if (language.is_none() && !c.minimum && c.maximum == kUnbounded) return kNone;
    if (!language.is_none()) {
      std::vector<std::string> texts;
      for (nb::handle one : get(language, n.texts)) texts.push_back(text(one));
      c.language = grammar_.exprs.literals(std::move(texts));
    }
    return grammar_.add_string(c);
  }

  uint32_t array(nb::handle array) {
    const Names& n = names();
    ArrayConstraint c;
    c.prefix = nodes(get(array, n.prefix));
    const nb::object items = get(array, n.items);
    if (!items.is_none()) c.items = lower(items);
    c.minimum = least(array, n.min_items);
    c.maximum = most(array, n.max_items);
    c.unique = truth(array, n.unique);
    for (nb::handle one : get(array, n.contains))
      c.contains.push_back({lower(get(one, n.node)), least(one, n.minimum), most(one, n.maximum)});
    const bool free = c.prefix.empty() && items.is_none() && !c.minimum && c.maximum == kUnbounded && !c.unique &&
                      c.contains.empty();
    return free ? kNone : grammar_.add_array(std::move(c));
  }

  uint32_t object(nb::handle object) {
    const Names& n = names();
    ObjectConstraint c;
    for (nb::handle property : get(object, n.properties)) {
      const NodeId node = lower(nb::handle(PyTuple_GET_ITEM(property.ptr(), 1)));
      c.properties.emplace_back(text(nb::handle(PyTuple_GET_ITEM(property.ptr(), 0))), node);
    }
    for (nb::handle name : get(object, n.required)) c.required.push_back(text(name));
    std::sort(c.required.begin(), c.required.end());
    for (nb::handle pattern : get(object, n.patterns)) {
      const NodeId node = lower(nb::handle(PyTuple_GET_ITEM(pattern.ptr(), 1)));
      c.patterns.emplace_back(nb::cast<ExprId>(calls_.attr("expr")(nb::handle(PyTuple_GET_ITEM(pattern.ptr(), 0)))), node);
    }
    const nb::object additional = get(object, n.additional), named = get(object, n.names);
    if (!additional.is_none()) c.additional = lower(additional);
    if (!named.is_none()) c.names = nb::cast<ExprId>(calls_.attr("names")(named));
    c.minimum = least(object, n.min_properties);
    c.maximum = most(object, n.max_properties);
    const bool free = c.properties.empty() && c.required.empty() && c.patterns.empty() && additional.is_none() &&
                      named.is_none() && !c.minimum && c.maximum == kUnbounded;
    return free ? kNone : grammar_.add_object(std::move(c));
  }

  Grammar& grammar_;
  nb::handle calls_;
  const nb::dict& definitions_;
  const uint32_t max_nesting_;
  const nb::object shape_, ref_, all_of_, any_of_, one_of_, literals_;
  std::unordered_map<PyObject*, NodeId> known_;
  std::unordered_map<PyObject*, uint32_t> parts_;  // numbers, strings, arrays and objects, in the grammar's tables
  std::unordered_map<std::string, NodeId> refs_;
  std::vector<std::pair<NodeId, nb::object>> waiting_;
  uint32_t depth_ = 0;
};

}  // namespace

void bind_lower(nb::module_& m) {
  m.def("lower",
        [](nb::handle root, const nb::dict& definitions, Grammar& grammar, nb::handle calls) {
          return Lowering(grammar, calls, definitions).root(root);
        },
        "root"_a, "definitions"_a, "grammar"_a, "calls"_a,
        "The id of a Node in a grammar, lowered with all that it reaches; `calls` answers what takes more than reading.");
}

}  // namespace typeloom
