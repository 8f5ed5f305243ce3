#include "suffix_array.h"

#include <algorithm>

#include "regex.h"

namespace typeloom {

namespace {

constexpr uint32_t kFree = UINT32_MAX;

// Symbol i of the text is below `n_symbols`; one recursion level halves the length at least, so depth is O(log n).
template <class Symbol>
struct InducedSorting {
  const Symbol* text;
  uint32_t n;
  uint32_t n_symbols;
  std::vector<uint32_t>& order;
  std::vector<bool> small;  // suffix i is smaller than suffix i + 1 (type S)
  std::vector<uint32_t> bucket_start, bucket_end;

  InducedSorting(const Symbol* text, uint32_t n, uint32_t n_symbols, std::vector<uint32_t>& order)
      : text(text), n(n), n_symbols(n_symbols), order(order), small(n) {}

  // A position where a run of type S begins (leftmost S). The end of the text is smaller than every symbol.
  bool leftmost(uint32_t i) const { return i > 0 && small[i] && !small[i - 1]; }

  void classify() {
    for (uint32_t i = n; i-- > 0;)
      small[i] = i + 1 < n && (text[i] < text[i + 1] || (text[i] == text[i + 1] && small[i + 1]));
    bucket_start.assign(n_symbols, 0);
    bucket_end.assign(n_symbols, 0);
    for (uint32_t i = 0; i < n; ++i) ++bucket_end[text[i]];
    uint32_t sum = 0;
    for (uint32_t c = 0; c < n_symbols; ++c) {
      bucket_start[c] = sum;
      sum += bucket_end[c];
      bucket_end[c] = sum;
    }
  }

  // Given the leftmost-S positions in some order that is right within each bucket, sorts everything they induce.
  void induce(const std::vector<uint32_t>& leftmost_order) {
    std::fill(order.begin(), order.end(), kFree);
    std::vector<uint32_t> at = bucket_end;
    for (size_t k = leftmost_order.size(); k-- > 0;) order[--at[text[leftmost_order[k]]]] = leftmost_order[k];
    at = bucket_start;
    order[at[text[n - 1]]++] = n - 1;  // what stands before the end of the text is of type L
    for (uint32_t k = 0; k < n; ++k) {
      const uint32_t i = order[k];
      if (i != kFree && i > 0 && !small[i - 1]) order[at[text[i - 1]]++] = i - 1;
    }
    at = bucket_end;
    for (uint32_t k = n; k-- > 0;) {
      const uint32_t i = order[k];
      if (i != kFree && i > 0 && small[i - 1]) order[--at[text[i - 1]]] = i - 1;
    }
  }

  bool equal_pieces(uint32_t a, uint32_t b) const {  // from one leftmost S to the next
    for (uint32_t k = 0;; ++k) {
      if (a + k >= n || b + k >= n) return false;  // the end occurs once
      if (text[a + k] != text[b + k] || small[a + k] != small[b + k]) return false;
      if (k > 0 && (leftmost(a + k) || leftmost(b + k))) return leftmost(a + k) && leftmost(b + k);
    }
  }

  void sort() {
    classify();
    std::vector<uint32_t> positions;  // the leftmost S, in the order of the text
    for (uint32_t i = 1; i < n; ++i)
      if (leftmost(i)) positions.push_back(i);
    induce(positions);
    if (positions.size() > 1) {
      // Name the pieces between leftmost S by their order; the suffixes of the text of names sort the positions.
      std::vector<uint32_t> name(n, kFree);
      uint32_t n_names = 0, before = kFree;
      for (uint32_t i : order) {
        if (!leftmost(i)) continue;
        if (before == kFree || !equal_pieces(before, i)) ++n_names;
        name[i] = n_names - 1;
        before = i;
      }
      std::vector<uint32_t> reduced, reduced_order(positions.size());
      reduced.reserve(positions.size());
      for (uint32_t i : positions) reduced.push_back(name[i]);
      name = {};
      if (n_names == positions.size()) {
        for (uint32_t k = 0; k < reduced.size(); ++k) reduced_order[reduced[k]] = k;
      } else {
        InducedSorting<uint32_t>(reduced.data(), uint32_t(reduced.size()), n_names, reduced_order).sort();
      }
      for (uint32_t& k : reduced_order) k = positions[k];
      induce(reduced_order);
    }
  }
};

}  // namespace

std::vector<uint32_t> suffix_array(const std::string& text) {
  if (text.size() >= kMaxSuffixArrayBytes) throw LimitExceeded{"document bytes", text.size()};
  std::vector<uint32_t> order(text.size());
  if (!text.empty())
    InducedSorting<uint8_t>(reinterpret_cast<const uint8_t*>(text.data()), uint32_t(text.size()), 256, order).sort();
  return order;
}

}  // namespace typeloom
