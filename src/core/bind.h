// What the files of the binding share: bytes and masks as they cross the seam.
#pragma once
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

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

}  // namespace typeloom
