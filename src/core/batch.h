// One llama_batch: tokens that are evaluated together, each at a position of one or more sequences.
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace typeloom {

// llama.h: struct llama_batch (passed by value to llama_decode).
struct LlamaBatch {
  int32_t n_tokens;
  int32_t* token;
  float* embd;
  int32_t* pos;
  int32_t* n_seq_id;
  int32_t** seq_id;
  int8_t* logits;
};

// The arrays behind it. Token i belongs to sequences[i]; pointers are made by raw(), valid until the next add().
class Batch {
 public:
  void add(uint32_t token, uint32_t position, std::vector<int32_t> in, bool row) {
    tokens_.push_back(static_cast<int32_t>(token));
    positions_.push_back(static_cast<int32_t>(position));
    counts_.push_back(static_cast<int32_t>(in.size()));
    sequences_.push_back(std::move(in));
    wants_row_.push_back(row ? 1 : 0);
  }

  size_t size() const { return tokens_.size(); }

  LlamaBatch raw() {
    pointers_.clear();
    for (std::vector<int32_t>& in : sequences_) pointers_.push_back(in.data());
    return {static_cast<int32_t>(tokens_.size()), tokens_.data(),   nullptr,          positions_.data(),
            counts_.data(),                       pointers_.data(), wants_row_.data()};
  }

 private:
  std::vector<int32_t> tokens_, positions_, counts_;
  std::vector<std::vector<int32_t>> sequences_;
  std::vector<int32_t*> pointers_;
  std::vector<int8_t> wants_row_;
};

}  // namespace typeloom
