// The texts of at most so many characters that, each replaced by its letter, are a text of an expression over letters.
//
// Theory of operation. Rules about Unicode tell characters apart by a few properties: the two thousand ranges of characters
// that IDNA speaks of are of less than three hundred kinds. So such rules are written over *letters*, one for each kind, and
// a character is a step of its letter. The expression stays small, and so do its states.
//
// A state is the expression's state, how many characters were read, and, inside a character, what its first bytes leave: the range of code points, or the one
// letter of all of them (so that a thousand beginnings of ideographs are one state).
//
// Liveness. Rules about labels show by themselves where nothing can follow, but for what is owed: another character behind a
// hyphen, a letter that joins. Up to three letters are tried for that, in 20,000 steps; what owes more counts as dead.
//
// Invariants. Letters are code points below 0x800; 0 is no letter, and a character without one is in no text.
#pragma once
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "automaton.h"
#include "intern.h"
#include "regex.h"

namespace typeloom {

// An expression as code (ExprTable::assemble).
struct ExprCode {
  std::string instructions, texts;
};

// The letter of each character.
class Letters {
 public:
  struct Range {
    uint32_t first, last, letter;
  };
  explicit Letters(const std::string& words);  // three 32-bit words a range, in order

  uint32_t of(uint32_t point) const {
    const Range* range = from(point);
    return range != ranges_.data() + ranges_.size() && range->first <= point ? range->letter : 0;
  }
  const Range* from(uint32_t point) const {  // the first range that does not end before it
    return &*std::lower_bound(ranges_.begin(), ranges_.end(), point, [](const Range& r, uint32_t p) { return r.last < p; });
  }
  const std::vector<Range>& ranges() const { return ranges_; }

 private:
  std::vector<Range> ranges_;
};

// Expressions over letters, stepped without rows: what is asked of them are some letters, not all bytes.
class LetterExprs {
 public:
  ExprId make(const ExprCode& code);
  ExprId step(ExprId expr, uint32_t letter);  // kEmpty where the expression itself shows that nothing can follow
  bool nullable(ExprId expr) const { return table_.nullable(expr); }
  // The letters of a shortest text, by trying; kUnbounded if it has more than kMostOwed.
  uint32_t owed(ExprId expr, const std::vector<uint32_t>& alphabet);

 private:
  static constexpr uint32_t kMostOwed = 3, kMostTried = 20000;

  ExprTable table_;
  std::unordered_map<uint64_t, ExprId> steps_;  // by expression and letter
  std::unordered_map<ExprId, uint32_t> owed_;
};

class Preimage : public Automaton {
 public:
  Preimage(Letters letters, ExprCode code, uint32_t longest);

  uint32_t start() override { return start_; }
  uint32_t step(uint32_t state, uint8_t byte) override;
  bool accepting(uint32_t state) override;
  uint32_t distance(uint32_t state) override;
  uint32_t least(uint32_t state) override { return accepting(state) ? 0 : places_[state].left + !places_[state].left; }
  uint32_t min_chars(uint32_t state) override;
  uint32_t max_chars(uint32_t state) override;

 private:
  // Inside a character: how many bytes are left, and the range of its code points; of one letter, the range is that letter's
  // number twice.
  struct Place {
    ExprId expr;
    uint32_t count, left, first, last;
    bool operator==(const Place& o) const {
      return expr == o.expr && count == o.count && left == o.left && first == o.first && last == o.last;
    }
  };
  struct HashPlace {
    size_t operator()(const Place& p) const { return mix(mix(p.expr, uint64_t(p.count) << 32 | p.left), uint64_t(p.first) << 32 | p.last); }
  };

  static constexpr uint32_t kUnknown = UINT32_MAX;
  using Row = std::unique_ptr<std::array<uint32_t, 256>>;

  uint32_t place(const Place& made);
  uint32_t compute(const Place& p, uint8_t byte);
  ExprId after(const Place& p, uint32_t letter);
  template <class See>
  void each_next(const Place& p, See see);
  uint32_t owed(ExprId expr) { return exprs_.owed(expr, alphabet_); }
  uint32_t bytes_from(ExprId expr);

  Letters letters_;
  LetterExprs exprs_;
  uint32_t longest_, start_ = 0;
  std::vector<Place> places_{Place{kEmpty, 0, 0, 0, 0}};
  std::vector<Row> rows_{1};  // by state, null until asked for
  std::unordered_map<Place, uint32_t, HashPlace> ids_;
  std::vector<uint32_t> alphabet_;  // those with the shortest characters first
  std::unordered_map<uint32_t, uint32_t> width_;  // bytes of a letter's shortest character
  std::unordered_map<ExprId, uint32_t> bytes_;
};

}  // namespace typeloom
