// A document whose excerpts are a language: the texts that stand somewhere in it, word for word.
//
// Theory of operation. The suffixes that may begin an excerpt are kept in the order of their bytes (a suffix array), so all
// occurrences of a text are a *range* of that order, and the text's next byte narrows the range by binary search. A range
// with the number of bytes read is a state of the automaton of all excerpts; nothing is built per state. As soon as a text
// occurs once only, what can follow depends on the place alone, so the state is then the place in the document.
//
// Where an excerpt may begin and end is given from outside, a bit for each place between two bytes: at every character,
// or at the boundaries of words.
//
// Invariants. Every state is live: some end lies ahead of it (bytes behind the last end are dropped). Occurrences are
// never empty. Immutable after construction, so it may be shared by any number of grammars and threads.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace typeloom {

class Document {
 public:
  static constexpr uint8_t kStart = 1, kEnd = 2;  // an excerpt may start, may end here

  // `text` is valid UTF-8; `cuts` has a byte for every place, so one more than the text. Takes time linear in the text.
  Document(std::string text, std::vector<uint8_t> cuts);

  // What was read, as the occurrences of it: order()[low..high), all of which begin with the `depth` bytes read. One
  // occurrence is normalised to low = high = where it has come to in the text, depth = 0.
  struct Range {
    uint32_t low, high, depth;
    bool single() const { return low == high; }
  };
  bool empty() const { return order_.empty(); }  // no excerpt exists
  Range start() const { return normal({0, uint32_t(order_.size()), 0}); }
  // What follows a byte; false if no occurrence goes on with it.
  bool step(Range& range, uint8_t byte) const;
  // The bytes with which some occurrence goes on, in order.
  std::vector<uint8_t> next_bytes(const Range& range) const;

  // What lies ahead of a range. Costs its width; a consumer that asks often remembers.
  struct Ahead {
    bool ends;                      // what was read is an excerpt
    uint32_t min_bytes, min_chars;  // to the nearest end, 0 if it ends here
    uint32_t max_chars;             // to the farthest
    bool tight;                     // what follows begins with a whole character
  };
  Ahead ahead(const Range& range) const;
  // Whether some occurrence ends after at least `least` and at most `most` further characters.
  bool has_length_between(const Range& range, uint32_t least, uint32_t most) const;
  bool every_length() const { return every_length_; }  // excerpts may end at every character

  // Where the excerpt stands: byte offsets of its beginnings, ascending; none if it is no excerpt.
  std::vector<uint32_t> find(const std::string& excerpt) const;

  const std::string& text() const { return text_; }
  size_t memory_bytes() const;

 private:
  Range normal(Range range) const {
    if (range.high - range.low != 1) return range;
    const uint32_t at = order_[range.low] + range.depth;
    return range.depth ? Range{at, at, 0} : range;  // before the first byte: not an excerpt yet
  }
  template <class Visit>
  void each_place(const Range& range, Visit visit) const {  // where the occurrences have come to in the text
    if (range.single()) return visit(range.low);
    for (uint32_t i = range.low; i < range.high; ++i) visit(order_[i] + range.depth);
  }
  uint8_t byte_at(uint32_t i, uint32_t depth) const { return uint8_t(text_[order_[i] + depth]); }
  bool runs_out(uint32_t i, uint32_t depth) const { return order_[i] + depth >= text_.size(); }

  std::string text_;              // up to the last end
  std::vector<uint8_t> cuts_;
  std::vector<uint32_t> order_;   // the starts, by the suffixes that begin there
  std::vector<uint32_t> next_end_;   // by place: the nearest end at it or behind it
  std::vector<uint32_t> chars_;      // by place: characters that begin before it
  std::vector<uint32_t> begins_;     // by character: its first byte
  uint32_t first_[257] = {};         // order_[first_[b]..first_[b + 1]) begin with the byte b
  bool every_length_ = true;
};

}  // namespace typeloom
