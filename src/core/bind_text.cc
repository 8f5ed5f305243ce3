// The binding of constraints on texts that are not JSON; see text.h and cfg_automaton.h.
#include <nanobind/stl/pair.h>
#include <nanobind/stl/vector.h>

#include "bind.h"
#include "cfg_automaton.h"
#include "text.h"

namespace typeloom {

void bind_text(nb::module_& m) {
  nb::class_<CfgAutomaton, Automaton>(m, "CfgAutomaton")
      .def("__init__",
           [](CfgAutomaton* self, std::shared_ptr<Grammar> expressions, std::vector<ExprId> terminals, uint32_t n_names,
              std::vector<std::pair<uint32_t, std::vector<uint32_t>>> productions, uint32_t start, size_t max_states) {
             std::vector<Production> all;
             for (auto& [name, symbols] : productions) {
               if (name >= n_names) throw nb::index_error("a production is of a name that is not there");
               for (uint32_t s : symbols)
                 if (s >= terminals.size() + n_names) throw nb::index_error("a production uses a symbol that is not there");
               all.push_back({name, std::move(symbols)});
             }
             if (start >= n_names) throw nb::index_error("the start name is not there");
             auto grammar = std::make_shared<CfgGrammar>(std::move(expressions), std::move(terminals), n_names, all, start);
             new (self) CfgAutomaton(std::move(grammar), max_states);
           },
           "expressions"_a, "terminals"_a, "n_names"_a, "productions"_a, "start"_a, "max_states"_a)
      .def_prop_ro("n_states", &CfgAutomaton::n_states)
      .def_prop_ro("n_frames", &CfgAutomaton::n_frames)
      .def_prop_ro("is_empty", [](CfgAutomaton& a) { return a.start() == 0; })
      .def_prop_ro("min_bytes", [](CfgAutomaton& a) { return a.distance(a.start()); })
      .def_prop_ro("memory_bytes", &CfgAutomaton::memory_bytes);

  nb::class_<JsonAutomaton, Automaton>(m, "JsonAutomaton")
      .def(nb::init<std::shared_ptr<Grammar>, NodeId, Layout, Order, size_t>(), "grammar"_a, "root"_a, "layout"_a,
           "order"_a, "max_states"_a)
      .def_prop_ro("is_empty", [](JsonAutomaton& a) { return a.start() == 0; });

  nb::class_<TextConstraint>(m, "TextConstraint")
      .def(nb::init<std::shared_ptr<Vocabulary>, std::shared_ptr<Automaton>>(), "vocabulary"_a, "automaton"_a)
      .def("accepts", [](TextConstraint& c, const nb::bytes& text) { return c.accepts(bytes_of(text)); })
      .def_prop_ro("n_masks", [](const TextConstraint& c) { return c.masks.n_masks(); })
      .def_prop_ro("memory_bytes", [](const TextConstraint& c) { return c.masks.memory_bytes(); });

  bind_matcher<TextMatcher>(m, "TextMatcher");
}

}  // namespace typeloom
