#include "document.h"

#include <algorithm>
#include <stdexcept>

#include "suffix_array.h"

namespace typeloom {

namespace {
bool begins_character(char c) { return (uint8_t(c) & 0xC0) != 0x80; }
}  // namespace

Document::Document(std::string text, std::vector<uint8_t> cuts) : text_(std::move(text)), cuts_(std::move(cuts)) {
  if (cuts_.size() != text_.size() + 1) throw std::invalid_argument("expected a cut for every place in the text");
  uint32_t last = uint32_t(text_.size());
  while (last > 0 && !(cuts_[last] & kEnd)) --last;
  text_.resize(last);
  cuts_.resize(last + 1);
  order_ = suffix_array(text_);
  order_.erase(std::remove_if(order_.begin(), order_.end(), [&](uint32_t i) { return !(cuts_[i] & kStart); }),
               order_.end());
  for (uint32_t i : order_) ++first_[uint8_t(text_[i]) + 1];
  for (int b = 0; b < 256; ++b) first_[b + 1] += first_[b];
  next_end_.resize(last + 1);
  chars_.resize(last + 1);
  for (uint32_t i = last + 1, end = last; i-- > 0;) {
    if (cuts_[i] & kEnd) end = i;
    next_end_[i] = end;
  }
  for (uint32_t i = 0; i < last; ++i) {
    const bool begins = begins_character(text_[i]);
    if (begins) begins_.push_back(i);
    if (begins && i > 0 && !(cuts_[i] & kEnd)) every_length_ = false;
    chars_[i + 1] = chars_[i] + begins;
  }
  begins_.push_back(last);
}

bool Document::step(Range& range, uint8_t byte) const {
  if (range.single()) {
    if (range.low >= text_.size() || uint8_t(text_[range.low]) != byte) return false;
    ++range.low, ++range.high;
    return true;
  }
  uint32_t low = range.low, high = range.high;
  if (range.depth == 0) {
    low = first_[byte], high = first_[byte + 1];
  } else {
    const auto at = order_.begin();
    const auto below = [&](uint32_t start, int b) {  // a suffix that runs out comes before all others
      const uint32_t place = start + range.depth;
      return place >= text_.size() || int(uint8_t(text_[place])) < b;
    };
    low = uint32_t(std::partition_point(at + low, at + high, [&](uint32_t s) { return below(s, byte); }) - at);
    high = uint32_t(std::partition_point(at + low, at + high, [&](uint32_t s) { return below(s, byte + 1); }) - at);
  }
  if (low == high) return false;
  range = normal({low, high, range.depth + 1});
  return true;
}

std::vector<uint8_t> Document::next_bytes(const Range& range) const {
  std::vector<uint8_t> out;
  if (range.single()) {
    if (range.low < text_.size()) out.push_back(uint8_t(text_[range.low]));
    return out;
  }
  uint32_t i = range.low;
  while (i < range.high && runs_out(i, range.depth)) ++i;
  while (i < range.high) {
    const uint8_t byte = byte_at(i, range.depth);
    out.push_back(byte);
    i = uint32_t(std::partition_point(order_.begin() + i, order_.begin() + range.high,
                                      [&](uint32_t s) { return uint8_t(text_[s + range.depth]) <= byte; }) -
                 order_.begin());
  }
  return out;
}

Document::Ahead Document::ahead(const Range& range) const {
  Ahead out{false, UINT32_MAX, UINT32_MAX, 0, true};
  const bool begun = range.single() || range.depth > 0;
  each_place(range, [&](uint32_t place) {
    const uint32_t end = begun ? next_end_[place] : next_end_[place + 1];
    out.ends |= begun && end == place;
    out.min_bytes = std::min(out.min_bytes, end - place);
    out.min_chars = std::min(out.min_chars, chars_[end] - chars_[place]);
    out.max_chars = std::max(out.max_chars, chars_.back() - chars_[place]);
    out.tight &= place == text_.size() || begins_character(text_[place]);
  });
  return out;
}

bool Document::has_length_between(const Range& range, uint32_t least, uint32_t most) const {
  if (least > most) return false;
  const bool begun = range.single() || range.depth > 0;
  bool found = false;
  each_place(range, [&](uint32_t place) {
    if (found) return;
    const uint64_t wanted = uint64_t(chars_[place]) + least;
    if (wanted >= begins_.size()) return;
    const uint32_t from = std::max(begins_[size_t(wanted)], begun ? place : place + 1);
    found = chars_[next_end_[from]] - chars_[place] <= most;
  });
  return found;
}

std::vector<uint32_t> Document::find(const std::string& excerpt) const {
  std::vector<uint32_t> out;
  if (excerpt.empty() || empty()) return out;
  const auto before = [&](uint32_t start, const std::string& e) { return text_.compare(start, e.size(), e) < 0; };
  const auto same = [&](uint32_t start) { return text_.compare(start, excerpt.size(), excerpt) == 0; };
  auto it = std::lower_bound(order_.begin(), order_.end(), excerpt, before);
  for (; it != order_.end() && same(*it); ++it)
    if (cuts_[*it + excerpt.size()] & kEnd) out.push_back(*it);
  std::sort(out.begin(), out.end());
  return out;
}

size_t Document::memory_bytes() const {
  return text_.capacity() + cuts_.capacity() +
         4 * (order_.capacity() + next_end_.capacity() + chars_.capacity() + begins_.capacity());
}

}  // namespace typeloom
