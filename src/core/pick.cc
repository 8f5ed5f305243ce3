#include "pick.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>

// One body, two machine codes: the loader picks AVX2 where the processor has it. Elsewhere the baseline is all there is.
#if defined(__x86_64__) && defined(__ELF__) && defined(__GNUC__)
#define TYPELOOM_VECTORISED __attribute__((target_clones("arch=haswell", "default")))
#else
#define TYPELOOM_VECTORISED
#endif
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3")
#endif

namespace typeloom {
namespace {

constexpr float kNegativeInfinity = -std::numeric_limits<float>::infinity();
constexpr uint32_t kLanes = 32;  // logits a mask word covers
constexpr uint32_t kSparse = 6;  // at most this many set bits are visited one by one

uint32_t valid_bits(uint32_t word, uint32_t base, uint32_t n_tokens) {
  return n_tokens - base >= kLanes ? word : word & ((1u << (n_tokens - base)) - 1u);
}

struct Best {
  float logit;
  uint32_t token;  // UINT32_MAX: none seen
  bool not_a_number;
};

struct BlockMaximum {
  float maximum;
  bool not_a_number;
};

// The comparison `value > best` is false for a NaN, so NaNs are counted apart.
inline __attribute__((always_inline)) BlockMaximum block_maximum(const float* row, uint32_t word) {
  float value[kLanes];
  if (word == UINT32_MAX) {
    std::memcpy(value, row, sizeof value);
  } else {
    for (uint32_t lane = 0; lane < kLanes; ++lane) value[lane] = (word >> lane) & 1u ? row[lane] : kNegativeInfinity;
  }
  float top[8];
  uint32_t wrong[8];
  for (int i = 0; i < 8; ++i) {
    top[i] = value[i];
    wrong[i] = value[i] != value[i];
  }
  for (int block = 8; block < 32; block += 8) {
    for (int i = 0; i < 8; ++i) {
      const float v = value[block + i];
      top[i] = v > top[i] ? v : top[i];
      wrong[i] |= v != v;
    }
  }
  BlockMaximum result{kNegativeInfinity, false};
  uint32_t any = 0;
  for (int i = 0; i < 8; ++i) {
    result.maximum = top[i] > result.maximum ? top[i] : result.maximum;
    any |= wrong[i];
  }
  result.not_a_number = any != 0;
  return result;
}

TYPELOOM_VECTORISED Best find_best(const float* logits, const uint32_t* mask, uint32_t n_tokens) {
  Best best{kNegativeInfinity, UINT32_MAX, false};
  uint32_t lowest = UINT32_MAX;  // the answer if every allowed logit is -infinity
  for (uint32_t base = 0; base < n_tokens; base += kLanes) {
    const uint32_t word = valid_bits(mask ? mask[base / kLanes] : UINT32_MAX, base, n_tokens);
    if (word == 0) continue;
    if (lowest == UINT32_MAX) lowest = base + static_cast<uint32_t>(__builtin_ctz(word));
    const float* row = logits + base;
    if (n_tokens - base < kLanes || (word & (word - 1)) == 0 ||
        static_cast<uint32_t>(__builtin_popcount(word)) <= kSparse) {
      for (uint32_t rest = word; rest; rest &= rest - 1) {
        const uint32_t lane = static_cast<uint32_t>(__builtin_ctz(rest));
        best.not_a_number |= row[lane] != row[lane];
        if (row[lane] > best.logit) best = {row[lane], base + lane, best.not_a_number};
      }
      continue;
    }
    const BlockMaximum block = block_maximum(row, word);
    best.not_a_number |= block.not_a_number;
    if (block.maximum > best.logit) {  // rare: a new record, find its lane
      for (uint32_t lane = 0; lane < kLanes; ++lane) {
        if (((word >> lane) & 1u) && row[lane] == block.maximum) {
          best.logit = block.maximum;
          best.token = base + lane;
          break;
        }
      }
    }
  }
  if (best.token == UINT32_MAX) best.token = lowest;
  return best;
}

// exp(x) for x <= 0 (what is not, NaN included, is clamped), relative error below 3e-7: 2^n times a polynomial of degree 6 on [-ln2/2, ln2/2] (Cephes expf).
inline __attribute__((always_inline)) float exp_not_positive(float x) {
  x = x > -87.0f ? x : -87.0f;
  x = x < 0.0f ? x : 0.0f;
  const float shifted = x * 1.44269504088896341f + 12582912.0f;  // rounds to the nearest integer in the low mantissa bits
  const float n = shifted - 12582912.0f;
  float r = x - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  float y = 1.9875691500e-4f;
  y = y * r + 1.3981999507e-3f;
  y = y * r + 8.3334519073e-3f;
  y = y * r + 4.1665795894e-2f;
  y = y * r + 1.6666665459e-1f;
  y = y * r + 5.0000001201e-1f;
  y = y * r * r + r + 1.0f;
  const int32_t bits = (static_cast<int32_t>(n) + 127) << 23;
  float scale;
  std::memcpy(&scale, &bits, sizeof scale);
  return y * scale;
}

TYPELOOM_VECTORISED double sum_exp(const float* logits, const uint32_t* mask, uint32_t n_tokens, float maximum) {
  double total = 0.0;
  for (uint32_t base = 0; base < n_tokens; base += kLanes) {
    const uint32_t word = valid_bits(mask ? mask[base / kLanes] : UINT32_MAX, base, n_tokens);
    if (word == 0) continue;
    const float* row = logits + base;
    if (n_tokens - base < kLanes || static_cast<uint32_t>(__builtin_popcount(word)) <= kSparse) {
      for (uint32_t rest = word; rest; rest &= rest - 1) total += std::exp(row[__builtin_ctz(rest)] - maximum);
      continue;
    }
    float part[8] = {0, 0, 0, 0, 0, 0, 0, 0};
    for (uint32_t block = 0; block < kLanes; block += 8) {
      for (uint32_t i = 0; i < 8; ++i) {
        const float e = exp_not_positive(row[block + i] - maximum);
        part[i] += (word >> (block + i)) & 1u ? e : 0.0f;
      }
    }
    total += static_cast<double>(((part[0] + part[4]) + (part[1] + part[5])) + ((part[2] + part[6]) + (part[3] + part[7])));
  }
  return total;
}

// The weights of a draw, exp((logit - maximum) / temperature); returns their sum.
TYPELOOM_VECTORISED double weigh(const std::pair<float, uint32_t>* candidates, size_t n, float maximum, float inverse,
                                 float* weights) {
  for (size_t i = 0; i < n; ++i) weights[i] = exp_not_positive((candidates[i].first - maximum) * inverse);
  double total = 0.0;
  for (size_t i = 0; i < n; ++i) total += static_cast<double>(weights[i]);
  return total;
}

// Calls visit(logit, token) for every allowed token, in ascending order.
template <class Visit>
void for_each_allowed(const float* logits, const uint32_t* mask, uint32_t n_tokens, Visit visit) {
  for (uint32_t base = 0; base < n_tokens; base += kLanes) {
    for (uint32_t rest = valid_bits(mask ? mask[base / kLanes] : UINT32_MAX, base, n_tokens); rest; rest &= rest - 1) {
      const uint32_t token = base + static_cast<uint32_t>(__builtin_ctz(rest));
      visit(logits[token], token);
    }
  }
}

// Larger logit first; equal logits by token id, so that every filter is deterministic.
bool before(const std::pair<float, uint32_t>& a, const std::pair<float, uint32_t>& b) {
  return a.first > b.first || (a.first == b.first && a.second < b.second);
}

uint64_t rotate_left(uint64_t value, int by) { return (value << by) | (value >> (64 - by)); }

}  // namespace

RandomSource::RandomSource(uint64_t seed) {
  for (uint64_t& word : state_) {  // splitmix64
    seed += 0x9e3779b97f4a7c15ull;
    uint64_t z = seed;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    word = z ^ (z >> 31);
  }
}

uint64_t RandomSource::next() {
  const uint64_t result = rotate_left(state_[1] * 5, 7) * 9;
  const uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = rotate_left(state_[3], 45);
  return result;
}

double RandomSource::uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

void Picker::keep_top_k(const float* logits, const uint32_t* mask, uint32_t k) {
  // A heap whose front is the worst of the best k; after the first few thousand tokens almost nothing enters it.
  candidates_.clear();
  for_each_allowed(logits, mask, n_tokens_, [&](float logit, uint32_t token) {
    if (candidates_.size() < k) {
      candidates_.emplace_back(logit, token);
      std::push_heap(candidates_.begin(), candidates_.end(), before);
    } else if (logit > candidates_.front().first) {
      std::pop_heap(candidates_.begin(), candidates_.end(), before);
      candidates_.back() = {logit, token};
      std::push_heap(candidates_.begin(), candidates_.end(), before);
    }
  });
}

void Picker::keep_above(const float* logits, const uint32_t* mask, float threshold) {
  candidates_.clear();
  for_each_allowed(logits, mask, n_tokens_, [&](float logit, uint32_t token) {
    if (logit >= threshold) candidates_.emplace_back(logit, token);
  });
}

void Picker::keep_top_p(double log_total, float top_p) {
  // Sort only as far down as the mass asks for.
  size_t sorted = 0;
  double mass = 0.0;
  while (sorted < candidates_.size()) {
    const size_t until = std::min(candidates_.size(), std::max<size_t>(256, sorted * 4));
    const auto from = candidates_.begin() + static_cast<std::ptrdiff_t>(sorted);
    const auto to = candidates_.begin() + static_cast<std::ptrdiff_t>(until);
    if (to != candidates_.end()) std::nth_element(from, to, candidates_.end(), before);
    std::sort(from, to, before);
    for (; sorted < until; ++sorted) {
      mass += std::exp(static_cast<double>(candidates_[sorted].first) - log_total);
      if (mass >= static_cast<double>(top_p)) {
        candidates_.resize(sorted + 1);
        return;
      }
    }
  }
}

double Picker::log_sum_exp(const float* logits, const uint32_t* mask) const {
  const Best best = find_best(logits, mask, n_tokens_);
  if (best.token == UINT32_MAX || best.logit == kNegativeInfinity) return -std::numeric_limits<double>::infinity();
  return static_cast<double>(best.logit) + std::log(sum_exp(logits, mask, n_tokens_, best.logit));
}

Pick Picker::pick(const float* logits, const uint32_t* mask, const Sampling& sampling, RandomSource& random) {
  const Best best = find_best(logits, mask, n_tokens_);
  if (best.token == UINT32_MAX) return {PickStatus::kEmptyMask, 0};
  if (best.not_a_number || best.logit == std::numeric_limits<float>::infinity()) return {PickStatus::kNotANumber, 0};
  if (sampling.temperature <= 0.0f || best.logit == kNegativeInfinity || sampling.top_k == 1) {
    return {PickStatus::kPicked, best.token};
  }

  // Which candidates stay. Without top-k and top-p, min-p is a threshold on the row; a token below exp(-80 T) of the best
  // has no part in a draw of 53 bits and is left out at once.
  const float reach = -80.0f * std::max(1.0f, sampling.temperature);
  const float min_p = sampling.min_p > 0.0f ? std::log(sampling.min_p) : reach;
  if (sampling.top_k > 0 && sampling.top_k < n_tokens_) {
    keep_top_k(logits, mask, sampling.top_k);
  } else {
    keep_above(logits, mask, best.logit + (sampling.top_p < 1.0f ? reach : std::max(min_p, reach)));
  }
  if (sampling.top_p < 1.0f) {
    double total = 0.0;
    for (const Candidate& c : candidates_) total += std::exp(static_cast<double>(c.first - best.logit));
    keep_top_p(static_cast<double>(best.logit) + std::log(total), sampling.top_p);
  }
  const float threshold = best.logit + min_p;
  candidates_.erase(std::remove_if(candidates_.begin(), candidates_.end(),
                                   [&](const Candidate& c) { return c.first < threshold && c.second != best.token; }),
                    candidates_.end());

  // One draw from the cumulative weights, in ascending token order so that the path of the filters does not matter.
  const auto by_token = [](const Candidate& a, const Candidate& b) { return a.second < b.second; };
  if (!std::is_sorted(candidates_.begin(), candidates_.end(), by_token)) {
    std::sort(candidates_.begin(), candidates_.end(), by_token);
  }
  weights_.resize(candidates_.size());
  const double total =
      weigh(candidates_.data(), candidates_.size(), best.logit, 1.0f / sampling.temperature, weights_.data());
  double left = random.uniform() * total;
  for (size_t i = 0; i < candidates_.size(); ++i) {
    left -= static_cast<double>(weights_[i]);
    if (left < 0.0) return {PickStatus::kPicked, candidates_[i].second};
  }
  return {PickStatus::kPicked, best.token};  // rounding left a sliver at the end
}

MaskSummary summarise_mask(const uint32_t* mask, uint32_t n_tokens, uint32_t limit) {
  MaskSummary summary{0, UINT32_MAX};
  for (uint32_t base = 0; base < n_tokens && summary.count < limit; base += kLanes) {
    const uint32_t word = valid_bits(mask[base / kLanes], base, n_tokens);
    if (word == 0) continue;
    if (summary.first == UINT32_MAX) summary.first = base + static_cast<uint32_t>(__builtin_ctz(word));
    summary.count += static_cast<uint32_t>(__builtin_popcount(word));
  }
  summary.count = std::min(summary.count, limit);
  return summary;
}

}  // namespace typeloom
