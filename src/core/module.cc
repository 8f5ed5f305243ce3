// The binding of the engine: it converts, and does nothing else. What decodes is bound in bind_decode.cc.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cstring>
#include <optional>

#include "automaton.h"
#include "bind.h"
#include "document.h"
#include "matcher.h"
#include "sampler.h"

namespace nb = nanobind;
using namespace nb::literals;
using namespace typeloom;

namespace typeloom {
void bind_decode(nb::module_& m);
void bind_lower(nb::module_& m);
void bind_text(nb::module_& m);
void bind_watched(nb::module_& m);
void raise_failure(const DecodeFailure& failure);  // sets the Python exception
}

namespace {

void raise_limit(const LimitExceeded& e) {
  const nb::module_ errors = nb::module_::import_("typeloom.errors");
  std::string text = "limit exceeded: " + e.limit + " reached " + std::to_string(e.value) +
                     "; raise it by name (max_states) or simplify the type";
  nb::object error = errors.attr("LimitError")(nb::str(text.c_str()), "limit"_a = e.limit, "value"_a = e.value);
  PyErr_SetObject(nb::object(errors.attr("LimitError")).ptr(), error.ptr());
}

}  // namespace

NB_MODULE(_core, m) {
  m.doc() = "The native engine of typeloom; reached through typeloom.engine and typeloom.llama only.";
  // What a module-level object still holds when the interpreter ends (a loaded model, a compiled type) is no leak.
  nb::set_leak_warnings(false);
  nb::register_exception_translator([](const std::exception_ptr& p, void*) {
    try {
      std::rethrow_exception(p);
    } catch (const LimitExceeded& e) {
      raise_limit(e);
    } catch (const DecodeFailure& e) {
      raise_failure(e);
    }
  });

  nb::class_<Vocabulary>(m, "Vocabulary")
      .def("__init__",
           [](Vocabulary* self, const nb::list& tokens, std::vector<uint32_t> end_ids,
              const std::vector<uint32_t>& special_ids, bool space_prefix) {
             std::vector<std::string> bytes;
             bytes.reserve(tokens.size());
             for (nb::handle t : tokens) bytes.push_back(bytes_of(nb::cast<nb::bytes>(t)));
             for (uint32_t id : end_ids)
               if (id >= bytes.size()) throw nb::index_error("an end id is not in the vocabulary");
             for (uint32_t id : special_ids)
               if (id >= bytes.size()) throw nb::index_error("a special id is not in the vocabulary");
             new (self) Vocabulary(std::move(bytes), std::move(end_ids), special_ids, space_prefix);
           },
           "tokens"_a, "end_ids"_a, "special_ids"_a, "space_prefix"_a)
      .def_prop_ro("n_tokens", &Vocabulary::n_tokens)
      .def_prop_ro("n_words", &Vocabulary::n_words)
      .def_prop_ro("memory_bytes", &Vocabulary::memory_bytes)
      .def_prop_ro("n_trie_nodes", [](const Vocabulary& v) { return v.trie().size(); });

  nb::class_<Document>(m, "Document")
      .def("__init__",
           [](Document* self, const nb::bytes& text, const nb::bytes& cuts) {
             const std::string bits = bytes_of(cuts);
             new (self) Document(bytes_of(text), {bits.begin(), bits.end()});
           },
           "text"_a, "cuts"_a)
      .def("find", [](const Document& d, const nb::bytes& excerpt) { return d.find(bytes_of(excerpt)); })
      .def_prop_ro("is_empty", &Document::empty)
      .def_prop_ro("memory_bytes", &Document::memory_bytes);

  nb::enum_<Spelling>(m, "Spelling").value("CANONICAL", Spelling::kCanonical).value("ANY", Spelling::kAny);
  nb::enum_<Layout>(m, "Layout")
      .value("COMPACT", Layout::kCompact)
      .value("SPACED", Layout::kSpaced)
      .value("FLEXIBLE", Layout::kFlexible);
  nb::enum_<Order>(m, "Order").value("DECLARED", Order::kDeclared).value("ANY", Order::kAny);

  nb::class_<Automaton>(m, "Automaton", "Reads bytes and knows what may follow; made for one grammar, not shared.");

  nb::class_<Grammar>(m, "Grammar", "Expressions, and the Nodes that `lower` puts there.")
      .def(nb::init<Spelling, size_t>(), "spelling"_a, "max_states"_a)
      .def("external", [](Grammar& g, std::shared_ptr<Automaton> a) { return g.exprs.external(std::move(a)); })
      .def("expression",
           [](Grammar& g, const nb::bytes& code, const nb::bytes& texts) {
             const std::string words = bytes_of(code);
             std::vector<uint32_t> aligned(words.size() / 4);
             std::memcpy(aligned.data(), words.data(), 4 * aligned.size());
             return g.exprs.assemble(aligned.data(), aligned.size(), {texts.c_str(), texts.size()});
           },
           "code"_a, "texts"_a)
      .def("excerpt", [](Grammar& g, std::shared_ptr<Document> d) { return g.exprs.excerpt(std::move(d)); });

  nb::class_<Constraint>(m, "Constraint")
      .def(nb::init<std::shared_ptr<Vocabulary>, std::shared_ptr<Grammar>, NodeId, Layout, Order, size_t>(),
           "vocabulary"_a, "grammar"_a, "root"_a, "layout"_a, "order"_a, "max_states"_a)
      .def("accepts", [](Constraint& c, const nb::bytes& text) { return c.accepts(bytes_of(text)); })
      .def_prop_ro("is_empty", [](const Constraint& c) { return c.machine.start() == 0; })
      .def_prop_ro("n_states", [](const Constraint& c) { return c.machine.n_states(); })
      .def_prop_ro("n_transitions", [](const Constraint& c) { return c.machine.n_transitions(); })
      .def_prop_ro("n_masks", [](const Constraint& c) { return c.masks.n_masks(); })
      .def_prop_ro("memory_bytes",
                   [](const Constraint& c) {
                     return c.machine.memory_bytes() + c.masks.memory_bytes() + c.ways.memory_bytes();
                   })
      .def_prop_ro("n_searches", [](const Constraint& c) { return c.ways.n_searches(); })
      .def_prop_ro("n_undecided", [](const Constraint& c) {
        return c.machine.n_assumed_alive() + c.grammar->exprs.n_undecided();
      });

  bind_decode(m);
  bind_watched(m);

  nb::class_<Caps>(m, "Caps", "Of what the type leaves open, what generation writes at most.")
      .def("__init__",
           [](Caps* self, uint32_t items, uint32_t characters, uint32_t digits, uint32_t repeats) {
             new (self) Caps{items, characters, digits, repeats};
           },
           "items"_a, "characters"_a, "digits"_a, "repeats"_a);

  nb::class_<Matcher, TokenConstraint>(m, "Matcher")
      .def("__init__",
           [](Matcher* self, std::shared_ptr<Constraint> constraint, const Caps* caps) {
             new (self) Matcher(std::move(constraint), caps ? std::optional<Caps>(*caps) : std::nullopt);
           },
           "constraint"_a, "caps"_a.none() = nb::none())
      .def("fill_mask",
           [](Matcher& self, nb::handle mask) {
             self.fill(MaskWords(mask, self.constraint()->vocabulary->n_words()).data());
           })
      .def("fill_mask_within",
           [](Matcher& self, nb::handle mask, uint32_t budget) {
             self.fill_within(MaskWords(mask, self.constraint()->vocabulary->n_words()).data(), budget);
           })
      .def("narrow_mask",
           [](Matcher& self, nb::handle mask, uint32_t budget) {
             self.narrow(MaskWords(mask, self.constraint()->vocabulary->n_words()).data(), budget);
           })
      .def("fits", &Matcher::fits)
      .def("least_tokens", &Matcher::least_tokens)
      .def("is_free_text", &Matcher::is_free_text, "token"_a)
      .def("accept", [](Matcher& self, int64_t token) { return token >= 0 && self.accept(uint32_t(std::min<int64_t>(token, UINT32_MAX))); })
      .def("accept_bytes", [](Matcher& self, const nb::bytes& b) { return self.accept_bytes(bytes_of(b)); })
      .def("is_accepting", [](Matcher& self) { return self.is_accepting(); })
      .def("rollback", &Matcher::rollback)
      .def("reset", &Matcher::reset)
      .def("copy", [](const Matcher& self) { return new Matcher(self); }, nb::rv_policy::take_ownership)
      .def("forced", [](Matcher& self) { std::string s = self.forced(); return nb::bytes(s.data(), s.size()); })
      .def("forced_tokens", &Matcher::forced_tokens)
      .def("live_bytes", [](Matcher& self) { std::string s = self.live_bytes(); return nb::bytes(s.data(), s.size()); })
      .def_prop_ro("n_accepted", &Matcher::n_accepted)
      .def_prop_ro("state", &Matcher::state);

  nb::class_<MaskedSampler>(m, "MaskedSampler", "A constraint for a sampler chain or a loop of one's own; fails closed.")
      .def(nb::new_([](const TokenConstraint& constraint, std::vector<uint32_t> end_tokens, uint32_t max_tokens) {
             std::unique_ptr<TokenConstraint> own = constraint.clone();
             if (!own) throw nb::type_error("expected a Matcher; a constraint of Python functions cannot be copied");
             return std::make_shared<MaskedSampler>(std::move(own), std::move(end_tokens), max_tokens);
           }),
           "constraint"_a, "end_tokens"_a, "max_tokens"_a)
      .def("fill_mask",
           [](MaskedSampler& self, nb::handle mask) {
             const std::vector<uint32_t>& words = self.mask();
             std::copy(words.begin(), words.end(), MaskWords(mask, uint32_t(words.size())).data());
           })
      .def("accept", &MaskedSampler::accept)
      .def("reset", &MaskedSampler::reset)
      .def("fail", &MaskedSampler::fail)
      .def("is_accepting", &MaskedSampler::is_accepting)
      .def("copy", [](const MaskedSampler& self) { return std::make_shared<MaskedSampler>(self); })
      .def_prop_ro("failure", &MaskedSampler::failure)
      .def("make",
           [](std::shared_ptr<MaskedSampler> self, uintptr_t init) {
             return reinterpret_cast<uintptr_t>(
                 MaskedSampler::make(std::move(self), reinterpret_cast<MaskedSampler::Init>(init)));
           },
           "A llama_sampler that shares this state; `init` is the address of llama_sampler_init.");

  bind_lower(m);
  bind_text(m);
}
