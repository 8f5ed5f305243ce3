// What the files of the binding share: bytes and masks as they cross the seam.
#pragma once
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

namespace typeloom {

namespace nb = nanobind;
using namespace nb::literals;

inline std::string bytes_of(const nb::bytes& b) { return {b.c_str(), b.size()}; }

// The words of a mask that Python owns, for as long as a call runs. An array that lends its memory by the buffer protocol
// is taken at its word, as numpy's does: that costs a third of a walk through DLPack, which is for all others.
class MaskWords {
 public:
  // Raises TypeError unless `mask` is a writable, contiguous array of int32, ValueError unless it has `n_words`.
  MaskWords(nb::handle mask, uint32_t n_words) {
    size_t size = 0;
    if (PyObject_GetBuffer(mask.ptr(), &view_, PyBUF_WRITABLE | PyBUF_FORMAT | PyBUF_ND) == 0) {
      const bool words = view_.ndim == 1 && view_.itemsize == 4 && view_.format && std::strchr("il", view_.format[0]) &&
                         !view_.format[1];
      size = words ? size_t(view_.shape[0]) : 0;
      data_ = words ? static_cast<uint32_t*>(view_.buf) : nullptr;
      if (!words) PyBuffer_Release(&view_);
    } else {
      PyErr_Clear();
      using Array = nb::ndarray<int32_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
      if (nb::try_cast<Array>(mask, array_)) {
        size = array_.shape(0);
        data_ = reinterpret_cast<uint32_t*>(array_.data());
      }
    }
    if (!data_) throw nb::type_error("the mask must be a writable, contiguous array of int32: make it with Vocabulary.new_mask()");
    if (size != n_words) {
      release();
      throw nb::value_error("the mask must have one int32 for every 32 tokens: make it with Vocabulary.new_mask()");
    }
  }
  MaskWords(const MaskWords&) = delete;
  MaskWords& operator=(const MaskWords&) = delete;
  ~MaskWords() { release(); }

  uint32_t* data() const { return data_; }

 private:
  void release() {
    if (view_.obj) PyBuffer_Release(&view_);
  }

  Py_buffer view_{};
  nb::ndarray<int32_t, nb::ndim<1>, nb::c_contig, nb::device::cpu> array_;
  uint32_t* data_ = nullptr;
};

}  // namespace typeloom
