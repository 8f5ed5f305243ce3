// The masked pick: one token out of a row of logits, among the tokens of a bit mask only.
//
// Theory of operation. The row is read in place; nothing of the size of the vocabulary is sorted or copied unless top-p has
// to look far down. Bit t % 32 of word t / 32 allows token t. A word of the mask covers 32 logits: an empty word costs one
// compare, a sparse word visits its set bits, a dense word is scanned with vector instructions (compiled for AVX2 and for
// the baseline, chosen when the library is loaded).
//
// Order of the filters, as in llama.cpp's default sampler chain: top-k, then top-p, then min-p, all on the softmax at
// temperature 1 over the allowed tokens; then the temperature; then one draw. Temperature 0 is the arg-max, and equal logits
// go to the lowest token id.
//
// Invariants. A token whose bit is not set is never returned. An empty mask and a NaN or +infinity among the logits that
// were looked at are errors, never a token.
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace typeloom {

// xoshiro256** (Blackman and Vigna, 2018), seeded by splitmix64: the same numbers on every platform.
class RandomSource {
 public:
  explicit RandomSource(uint64_t seed);
  uint64_t next();
  double uniform();  // in [0, 1), 53 bits

 private:
  uint64_t state_[4];
};

struct Sampling {
  float temperature = 0.0f;  // 0: arg-max
  uint32_t top_k = 0;        // 0: off
  float top_p = 1.0f;        // 1: off
  float min_p = 0.0f;        // 0: off
  float repetition_penalty = 1.0f;  // 1: off; applied by the generation, before anything else
};

enum class PickStatus : uint8_t { kPicked, kEmptyMask, kNotANumber };

struct Pick {
  PickStatus status;
  uint32_t token;
};

class Picker {
 public:
  explicit Picker(uint32_t n_tokens) : n_tokens_(n_tokens) {}

  // `mask` null: every token is allowed.
  Pick pick(const float* logits, const uint32_t* mask, const Sampling& sampling, RandomSource& random);

  // log(sum(exp(logits))) over the allowed tokens, in nats; the log-probability of t is logits[t] minus this.
  double log_sum_exp(const float* logits, const uint32_t* mask) const;

  using Candidate = std::pair<float, uint32_t>;  // logit, token
  // The allowed tokens with the largest logits but for `picked`, at most `n` of them, the largest first.
  std::vector<Candidate> runners_up(const float* logits, const uint32_t* mask, uint32_t picked, size_t n) const;

  uint32_t n_tokens() const { return n_tokens_; }

 private:
  void keep_top_k(const float* logits, const uint32_t* mask, uint32_t k);
  void keep_above(const float* logits, const uint32_t* mask, float threshold);
  void keep_top_p(double log_total, float top_p);

  uint32_t n_tokens_;
  std::vector<Candidate> candidates_;
  std::vector<float> weights_;
};

// How many bits of the mask are set (`limit` or more count as `limit`), and the lowest set bit.
struct MaskSummary {
  uint32_t count;
  uint32_t first;
};
MaskSummary summarise_mask(const uint32_t* mask, uint32_t n_tokens, uint32_t limit);

}  // namespace typeloom
