// The labels of host names that spell other characters in ASCII, behind their prefix "xn--": what they decode to is a text
// of a given language (RFC 5890, section 2.3.2.1).
//
// Theory of operation. Punycode puts characters between those that it has said, so nothing less than the whole text tells
// what it will say: a state *is* the text so far, in lower case, and the language is asked about what that decodes to.
// Texts are live by what can still be written behind them. A text of up to kSure bytes always is: all of it can be
// ordinary characters, with a hyphen and one or two characters outside ASCII behind it. Past that, a completion is looked
// for: one or two digits more, or another character in front, at the end or both where a delta is complete. What needs more
// counts as dead, so of the labels of more than kSure bytes some could be refused, and no state is a dead end. `hopeful`
// texts can still become texts of the language by characters that are put between theirs.
//
// Where other constraints hold for the same text, masks follow single tokens and make states for all of them. From kMostTexts
// states on nothing more is decoded: a state past those is a *wide* one, which knows its length and whether it ends with a
// hyphen. A step that was taken once leads to the same state ever after, so masks and `accept` agree all the same.
//
// States are made by `step` only. Masks would make one for each token; `free_run` and `accepts` tell them what they need.
//
// Invariants. At most kMost bytes. A text's completion is known from the text alone; it is that of the text without its last
// byte where that goes on so, hence some byte is always one nearer. It is a short one, if not the shortest.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "automaton.h"
#include "preimage.h"

namespace typeloom {

struct Punycode;

class ALabels : public Automaton {
 public:
  static constexpr uint32_t kMost = 59, kSure = 50, kMostTexts = 100000;

  // Expressions over letters; nothing is made of them before the first text is decoded.
  ALabels(Letters letters, ExprCode label, ExprCode hopeful)
      : letters_(std::move(letters)), label_code_(std::move(label)), hopeful_code_(std::move(hopeful)) {}

  uint32_t start() override { return 1; }
  uint32_t step(uint32_t state, uint8_t byte) override;
  bool accepting(uint32_t state) override;
  uint32_t distance(uint32_t state) override;
  uint32_t least(uint32_t state) override { return accepting(state) ? 0 : 1; }
  void boundaries(uint32_t state, uint64_t (&bits)[4]) override;
  uint32_t free_run(uint32_t state) override;
  bool accepts(uint32_t state, std::string_view bytes) override {
    return is_wide(state) ? Automaton::accepts(state, bytes) : is_label(text_of(state) + lower(bytes));
  }

 private:
  struct Text {
    uint32_t parent = 0;
    char last = 0;
    uint8_t length = 0;
    bool accepted = false;
  };
  struct Rules {
    LetterExprs exprs;
    ExprId label = kEmpty, hopeful = kEmpty;
  };

  static constexpr uint32_t kWide = 0x80000000;
  static bool is_wide(uint32_t state) { return state & kWide; }
  static uint32_t wide(uint32_t length, char last) {
    return length == kMost && last == '-' ? 0 : kWide | length << 1 | (last == '-');
  }
  uint32_t length_of(uint32_t state) const { return is_wide(state) ? (state & ~kWide) >> 1 : texts_[state - 1].length; }
  static std::string lower(std::string_view bytes);
  std::string text_of(uint32_t state) const;
  bool is_label(const std::string& text);
  const std::string& completion(const std::string& text);
  std::string find_completion(const std::string& text);
  template <class Found>
  bool digits(const std::string& text, const Punycode& read, uint32_t n_digits, uint32_t& budget, Found found);
  template <class Consider>
  void by_characters(const std::string& text, const Punycode& read, Consider consider);
  bool holds(ExprId language, const std::vector<uint32_t>& points);
  Rules& rules();

  Letters letters_;
  ExprCode label_code_, hopeful_code_;
  std::unique_ptr<Rules> rules_;
  std::vector<Text> texts_{1, Text()};  // by state, less 1; the empty text first
  std::unordered_map<uint64_t, uint32_t> ids_;
  std::unordered_map<std::string, std::string> completions_;
};

}  // namespace typeloom
