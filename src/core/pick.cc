#include "pick.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>

// Two machine codes for the hot scans: AVX2 where the processor has it, asked when the program runs, and the baseline.
#if defined(__x86_64__) && defined(__GNUC__)
#define TYPELOOM_AVX2 1
#include <immintrin.h>
#endif
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3")
#endif

namespace typeloom {
namespace {

constexpr float kNegativeInfinity = -std::numeric_limits<float>::infinity();
constexpr uint32_t kLanes = 32;  // logits a mask word covers
constexpr uint32_t kSparse = 6;  // at most this many set bits are summed one by one

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

// What one mask word's 32 logits hold: the largest allowed one, and whether an allowed one is a NaN (for which `>` is false,
// so that it must be asked for apart).
BlockMaximum block_maximum(const float* row, uint32_t word) {
  BlockMaximum result{kNegativeInfinity, false};
  for (uint32_t lane = 0; lane < kLanes; ++lane) {
    const float value = (word >> lane) & 1u ? row[lane] : kNegativeInfinity;
    result.not_a_number |= value != value;
    result.maximum = value > result.maximum ? value : result.maximum;
  }
  return result;
}

#ifdef TYPELOOM_AVX2
__attribute__((target("avx2"))) BlockMaximum block_maximum_avx2(const float* row, uint32_t word) {
  const __m256 lowest = _mm256_set1_ps(kNegativeInfinity);
  __m256 top = lowest;
  __m256 wrong = _mm256_setzero_ps();
  const __m256i lane_bits = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
  for (uint32_t block = 0; block < kLanes; block += 8) {
    __m256 value = _mm256_loadu_ps(row + block);
    if (word != UINT32_MAX) {
      const __m256i bits = _mm256_and_si256(_mm256_set1_epi32(static_cast<int>(word >> block)), lane_bits);
      value = _mm256_blendv_ps(lowest, value, _mm256_castsi256_ps(_mm256_cmpeq_epi32(bits, lane_bits)));
    }
    wrong = _mm256_or_ps(wrong, _mm256_cmp_ps(value, value, _CMP_UNORD_Q));
    top = _mm256_max_ps(top, value);
  }
  __m128 half = _mm_max_ps(_mm256_castps256_ps128(top), _mm256_extractf128_ps(top, 1));
  half = _mm_max_ps(half, _mm_movehl_ps(half, half));
  half = _mm_max_ss(half, _mm_shuffle_ps(half, half, 1));
  return {_mm_cvtss_f32(half), _mm256_movemask_ps(wrong) != 0};
}
#endif

// Which scan this processor runs; decided once.
using BlockScan = BlockMaximum (*)(const float*, uint32_t);
BlockScan block_scan() {
#ifdef TYPELOOM_AVX2
  static const BlockScan chosen = __builtin_cpu_supports("avx2") ? block_maximum_avx2 : block_maximum;
  return chosen;
#else
  return block_maximum;
#endif
}

Best find_best(const float* logits, const uint32_t* mask, uint32_t n_tokens) {
  const BlockScan scan = block_scan();
  Best best{kNegativeInfinity, UINT32_MAX, false};
  uint32_t lowest = UINT32_MAX;  // the answer if every allowed logit is -infinity
  for (uint32_t base = 0; base < n_tokens; base += kLanes) {
    const uint32_t word = valid_bits(mask ? mask[base / kLanes] : UINT32_MAX, base, n_tokens);
    if (word == 0) continue;
    if (lowest == UINT32_MAX) lowest = base + static_cast<uint32_t>(__builtin_ctz(word));
    const float* row = logits + base;
    if (n_tokens - base < kLanes || (word & (word - 1)) == 0) {
      for (uint32_t rest = word; rest; rest &= rest - 1) {
        const uint32_t lane = static_cast<uint32_t>(__builtin_ctz(rest));
        best.not_a_number |= row[lane] != row[lane];
        if (row[lane] > best.logit) best = {row[lane], base + lane, best.not_a_number};
      }
      continue;
    }
    const BlockMaximum block = scan(row, word);
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
inline float exp_not_positive(float x) {
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

double block_sum_exp(const float* row, uint32_t word, float maximum) {
  double total = 0.0;
  for (uint32_t rest = word; rest; rest &= rest - 1) {
    total += static_cast<double>(exp_not_positive(row[__builtin_ctz(rest)] - maximum));
  }
  return total;
}

#ifdef TYPELOOM_AVX2
// exp_not_positive on eight lanes; lanes that the mask does not allow add nothing.
__attribute__((target("avx2,fma"))) double block_sum_exp_avx2(const float* row, uint32_t word, float maximum) {
  const __m256i lane_bits = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
  const __m256 magic = _mm256_set1_ps(12582912.0f);
  __m256 total = _mm256_setzero_ps();
  for (uint32_t block = 0; block < kLanes; block += 8) {
    const __m256i bits = _mm256_and_si256(_mm256_set1_epi32(static_cast<int>(word >> block)), lane_bits);
    const __m256 allowed = _mm256_castsi256_ps(_mm256_cmpeq_epi32(bits, lane_bits));
    __m256 x = _mm256_sub_ps(_mm256_loadu_ps(row + block), _mm256_set1_ps(maximum));
    x = _mm256_min_ps(_mm256_max_ps(x, _mm256_set1_ps(-87.0f)), _mm256_setzero_ps());
    const __m256 n = _mm256_sub_ps(_mm256_fmadd_ps(x, _mm256_set1_ps(1.44269504088896341f), magic), magic);
    __m256 r = _mm256_fnmadd_ps(n, _mm256_set1_ps(0.693359375f), x);
    r = _mm256_fmadd_ps(n, _mm256_set1_ps(2.12194440e-4f), r);
    __m256 y = _mm256_set1_ps(1.9875691500e-4f);
    y = _mm256_fmadd_ps(y, r, _mm256_set1_ps(1.3981999507e-3f));
    y = _mm256_fmadd_ps(y, r, _mm256_set1_ps(8.3334519073e-3f));
    y = _mm256_fmadd_ps(y, r, _mm256_set1_ps(4.1665795894e-2f));
    y = _mm256_fmadd_ps(y, r, _mm256_set1_ps(1.6666665459e-1f));
    y = _mm256_fmadd_ps(y, r, _mm256_set1_ps(5.0000001201e-1f));
    y = _mm256_add_ps(_mm256_fmadd_ps(_mm256_mul_ps(y, r), r, r), _mm256_set1_ps(1.0f));
    const __m256i power = _mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127)), 23);
    total = _mm256_add_ps(total, _mm256_and_ps(allowed, _mm256_mul_ps(y, _mm256_castsi256_ps(power))));
  }
  __m128 half = _mm_add_ps(_mm256_castps256_ps128(total), _mm256_extractf128_ps(total, 1));
  half = _mm_add_ps(half, _mm_movehl_ps(half, half));
  half = _mm_add_ss(half, _mm_shuffle_ps(half, half, 1));
  return static_cast<double>(_mm_cvtss_f32(half));
}
#endif

using BlockSum = double (*)(const float*, uint32_t, float);
BlockSum block_sum() {
#ifdef TYPELOOM_AVX2
  static const BlockSum chosen =
      __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? block_sum_exp_avx2 : block_sum_exp;
  return chosen;
#else
  return block_sum_exp;
#endif
}

double sum_exp(const float* logits, const uint32_t* mask, uint32_t n_tokens, float maximum) {
  const BlockSum add = block_sum();
  double total = 0.0;
  for (uint32_t base = 0; base < n_tokens; base += kLanes) {
    const uint32_t word = valid_bits(mask ? mask[base / kLanes] : UINT32_MAX, base, n_tokens);
    if (word == 0) continue;
    const bool whole = n_tokens - base >= kLanes;
    total += (whole && static_cast<uint32_t>(__builtin_popcount(word)) > kSparse ? add : block_sum_exp)(logits + base, word, maximum);
  }
  return total;
}

// The weights of a draw, exp((logit - maximum) / temperature); returns their sum.
double weigh(const std::pair<float, uint32_t>* candidates, size_t n, float maximum, float inverse,
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

std::vector<Picker::Candidate> Picker::runners_up(const float* logits, const uint32_t* mask, uint32_t picked,
                                                  size_t n) const {
  std::vector<Candidate> best;  // the largest first
  for (uint32_t from = 0; from < n_tokens_; from += 32) {
    uint32_t word = mask ? mask[from / 32] : UINT32_MAX;
    if (n_tokens_ - from < 32) word &= (1u << (n_tokens_ - from)) - 1;
    for (; word; word &= word - 1) {
      const uint32_t token = from + static_cast<uint32_t>(__builtin_ctz(word));
      if (token == picked || !(logits[token] > kNegativeInfinity)) continue;
      if (best.size() == n && !(logits[token] > best.back().first)) continue;
      if (best.size() == n) best.pop_back();
      const Candidate one{logits[token], token};
      best.insert(std::upper_bound(best.begin(), best.end(), one,
                                   [](const Candidate& a, const Candidate& b) { return a.first > b.first; }),
                  one);
    }
  }
  return best;
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
