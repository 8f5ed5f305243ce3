// What the files of the binding share: bytes and masks as they cross the seam, and the one binding of all Matchers.
#pragma once
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "decode.h"

namespace typeloom {

namespace nb = nanobind;
using namespace nb::literals;

using MaskWords = nb::ndarray<int32_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

inline std::string bytes_of(const nb::bytes& b) { return {b.c_str(), b.size()}; }

inline uint32_t* words_of(const MaskWords& mask, uint32_t n_words) {
  if (mask.shape(0) != n_words)
    throw nb::value_error("the mask must have one int32 for every 32 tokens: make it with Vocabulary.new_mask()");
  return reinterpret_cast<uint32_t*>(mask.data());
}

template <class M>
void bind_matcher(nb::module_& m, const char* name) {
  nb::class_<M, TokenConstraint>(m, name)
      .def(nb::init<std::decay_t<decltype(std::declval<M>().constraint())>>(), "constraint"_a)
      .def("fill_mask",
           [](M& self, const MaskWords& mask) {
             self.fill(words_of(mask, self.constraint()->vocabulary->n_words()));
           })
      .def("fill_mask_within",
           [](M& self, const MaskWords& mask, uint32_t budget) {
             self.fill_within(words_of(mask, self.constraint()->vocabulary->n_words()), budget);
           })
      .def("distance", &M::distance)
      .def("accept", [](M& self, int64_t token) { return token >= 0 && self.accept(uint32_t(std::min<int64_t>(token, UINT32_MAX))); })
      .def("accept_bytes", [](M& self, const nb::bytes& b) { return self.accept_bytes(bytes_of(b)); })
      .def("is_accepting", [](M& self) { return self.is_accepting(); })
      .def("rollback", &M::rollback)
      .def("reset", &M::reset)
      .def("copy", [](const M& self) { return new M(self); }, nb::rv_policy::take_ownership)
      .def("forced", [](M& self) { std::string s = self.forced(); return nb::bytes(s.data(), s.size()); })
      .def("live_bytes", [](M& self) { std::string s = self.live_bytes(); return nb::bytes(s.data(), s.size()); })
      .def_prop_ro("n_accepted", &M::n_accepted)
      .def_prop_ro("state", &M::state);
}

}  // namespace typeloom
