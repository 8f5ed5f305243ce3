// Constraints of no grammar: free text (free_text.h), and one that somebody listens to, which asks another one everything,
// and says each token that was accepted.
//
// The listener is a Python function, called in the thread that decodes, with the GIL; what it raises ends the generation,
// as any failure of a constraint does. Everything else goes through without Python.
#include <nanobind/nanobind.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <utility>
#include <vector>

#include "decode.h"
#include "free_text.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace typeloom {
namespace {

struct Watched final : TokenConstraint {
  nb::object kept;         // the Python object of `inner`, so that it lives as long
  TokenConstraint& inner;  // never null
  nb::object on_token;

  Watched(nb::object constraint, nb::object on_token_)
      : kept(std::move(constraint)), inner(nb::cast<TokenConstraint&>(kept)), on_token(std::move(on_token_)) {}

  void fill(uint32_t* words) override { inner.fill(words); }
  uint32_t least_tokens() override { return inner.least_tokens(); }
  bool fits(uint32_t token, uint32_t budget) override { return inner.fits(token, budget); }
  void narrow(uint32_t* words, uint32_t budget) override { inner.narrow(words, budget); }
  void fill_within(uint32_t* words, uint32_t budget) override { inner.fill_within(words, budget); }
  bool accept(uint32_t token) override {
    if (!inner.accept(token)) return false;
    nb::gil_scoped_acquire gil;
    on_token(token);
    return true;
  }
  bool is_free_text(uint32_t token) override { return inner.is_free_text(token); }
  bool is_accepting() override { return inner.is_accepting(); }
  std::vector<uint32_t> forced_tokens(const Tokenizer& tokenizer) override { return inner.forced_tokens(tokenizer); }
  void restart() override { inner.restart(); }
  uint32_t n_tokens() const override { return inner.n_tokens(); }
};

int traverse(PyObject* self, visitproc visit, void* arg) {
#if PY_VERSION_HEX >= 0x03090000
  Py_VISIT(Py_TYPE(self));
#endif
  if (!nb::inst_ready(self)) return 0;
  const Watched* watched = nb::inst_ptr<Watched>(self);
  Py_VISIT(watched->kept.ptr());
  Py_VISIT(watched->on_token.ptr());
  return 0;
}

int clear(PyObject* self) {
  if (!nb::inst_ready(self)) return 0;
  nb::inst_ptr<Watched>(self)->on_token.reset();  // breaks every cycle; `kept` stays, as `inner` is in it
  return 0;
}

PyType_Slot slots[] = {{Py_tp_traverse, reinterpret_cast<void*>(traverse)},
                       {Py_tp_clear, reinterpret_cast<void*>(clear)},
                       {0, nullptr}};

}  // namespace

void bind_watched(nb::module_& m) {
  nb::class_<FreeText, TokenConstraint>(m, "FreeText", "Any text, up to and with a mark: as text, or one of these tokens.")
      .def(nb::init<std::shared_ptr<Vocabulary>, std::string, std::vector<uint32_t>>(), "vocabulary"_a, "mark"_a,
           "mark_tokens"_a);
  nb::class_<Watched, TokenConstraint>(m, "Watched", nb::type_slots(slots),
                                       "The constraint, and on_token(token) is called after each accepted token.")
      .def("__init__",
           [](Watched* self, nb::object constraint, nb::object on_token) {
             if (!nb::isinstance<TokenConstraint>(constraint)) throw nb::type_error("expected a TokenConstraint");
             if (!PyCallable_Check(on_token.ptr())) throw nb::type_error("expected on_token to be callable");
             new (self) Watched(std::move(constraint), std::move(on_token));
           },
           "constraint"_a, "on_token"_a);
}

}  // namespace typeloom
