// The binding of constraints on texts that are not JSON; see text.h and cfg_automaton.h.
#include <nanobind/stl/pair.h>
#include <nanobind/stl/vector.h>

#include "a_label.h"
#include "bind.h"
#include "cfg_automaton.h"
#include "text.h"

namespace typeloom {

namespace {
using Code = std::pair<nb::bytes, nb::bytes>;
ExprCode code_of(const Code& code) { return {bytes_of(code.first), bytes_of(code.second)}; }
}  // namespace

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

  nb::class_<ALabels, Automaton>(m, "ALabels", "What stands behind xn-- in host names.")
      .def("__init__",
           [](ALabels* self, const nb::bytes& letters, const Code& label, const Code& hopeful) {
             new (self) ALabels(Letters(bytes_of(letters)), code_of(label), code_of(hopeful));
           },
           "letters"_a, "label"_a, "hopeful"_a);
  nb::class_<Preimage, Automaton>(m, "Preimage", "Texts by the letters of their characters: ranges of characters with their letters.")
      .def("__init__",
           [](Preimage* self, const nb::bytes& letters, const Code& code, uint32_t longest) {
             new (self) Preimage(Letters(bytes_of(letters)), code_of(code), longest);
           },
           "letters"_a, "code"_a, "longest"_a);

  nb::class_<TextConstraint>(m, "TextConstraint")
      .def(nb::init<std::shared_ptr<Vocabulary>, std::shared_ptr<Automaton>>(), "vocabulary"_a, "automaton"_a)
      .def("accepts", [](TextConstraint& c, const nb::bytes& text) { return c.accepts(bytes_of(text)); })
      .def_prop_ro("n_masks", [](const TextConstraint& c) { return c.masks.n_masks(); })
      .def_prop_ro("memory_bytes", [](const TextConstraint& c) { return c.masks.memory_bytes(); });

  nb::class_<TextMatcher, TokenConstraint>(m, "TextMatcher")
      .def(nb::init<std::shared_ptr<TextConstraint>>(), "constraint"_a)
      .def("fill_mask",
           [](TextMatcher& self, nb::handle mask) {
             self.fill(MaskWords(mask, self.constraint()->vocabulary->n_words()).data());
           })
      .def("fill_mask_within",
           [](TextMatcher& self, nb::handle mask, uint32_t budget) {
             self.fill_within(MaskWords(mask, self.constraint()->vocabulary->n_words()).data(), budget);
           })
      .def("narrow_mask",
           [](TextMatcher& self, nb::handle mask, uint32_t budget) {
             self.narrow(MaskWords(mask, self.constraint()->vocabulary->n_words()).data(), budget);
           })
      .def("fits", &TextMatcher::fits)
      .def("least_tokens", &TextMatcher::least_tokens)
      .def("is_free_text", [](TextMatcher& self, uint32_t token) { return self.is_free_text(token); }, "token"_a)
      .def("accept",
           [](TextMatcher& self, int64_t token) {
             return token >= 0 && self.accept(uint32_t(std::min<int64_t>(token, UINT32_MAX)));
           })
      .def("accept_bytes", [](TextMatcher& self, const nb::bytes& b) { return self.accept_bytes(bytes_of(b)); })
      .def("is_accepting", [](TextMatcher& self) { return self.is_accepting(); })
      .def("rollback", &TextMatcher::rollback)
      .def("reset", &TextMatcher::reset)
      .def("copy", [](const TextMatcher& self) { return new TextMatcher(self); }, nb::rv_policy::take_ownership)
      .def("forced",
           [](TextMatcher& self) {
             const std::string s = self.forced();
             return nb::bytes(s.data(), s.size());
           })
      .def("live_bytes",
           [](TextMatcher& self) {
             const std::string s = self.live_bytes();
             return nb::bytes(s.data(), s.size());
           })
      .def_prop_ro("n_accepted", &TextMatcher::n_accepted)
      .def_prop_ro("state", &TextMatcher::state);
}

}  // namespace typeloom
