// Regular languages over UTF-8 bytes, as hash-consed expressions stepped by Brzozowski derivatives.
//
// Theory of operation. An expression is an integer; equal integers denote equal languages (the reverse need not hold).
// The smart constructors keep expressions in a normal form (sorted, flattened, deduplicated alternations and
// conjunctions; neutral and absorbing elements removed), which bounds the number of distinct derivatives. An expression
// *is* its automaton's state: `row(e)` is the transition row of the state e, filled on first use by one derivative per
// byte class. Nothing is determinised before it is reached.
//
// Reference: Brzozowski, "Derivatives of Regular Expressions", JACM 11(4), 1964; Owens, Reppy, Turon,
// "Regular-expression derivatives re-examined", JFP 19(2), 2009 (byte classes of an expression).
//
// Invariants. Every text that is fed is valid UTF-8, so a complement is taken over all byte strings. Rows are *live*:
// an entry is kEmpty exactly if no accepted string lies behind it, as far as the emptiness search is allowed to look
// (`max_states`); past it, "not empty" is assumed, and `n_undecided()` counts how often.
// Ids and row pointers stay valid for the life of the table.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace typeloom {

class Automaton;
class Document;
using ExprId = uint32_t;
constexpr ExprId kEmpty = 0;    // no string
constexpr ExprId kEpsilon = 1;  // the empty string only
constexpr ExprId kAll = 2;      // every string
constexpr uint32_t kUnbounded = UINT32_MAX;

class ExprTable {
 public:
  explicit ExprTable(size_t max_states = 200000);
  ~ExprTable();
  ExprTable(const ExprTable&) = delete;
  ExprTable& operator=(const ExprTable&) = delete;

  // Constructors. `chars`: one code point out of inclusive ranges (surrogates are skipped), as its UTF-8 bytes.
  ExprId literal(std::string_view bytes);
  ExprId literals(std::vector<std::string> texts);  // any number of texts; stepping costs O(log n)
  ExprId excerpt(std::shared_ptr<const Document> document);  // the texts that stand in it; stepping costs O(log n)
  // The texts that another automaton accepts. It must not use this table itself: it is stepped while nodes are made.
  ExprId external(std::shared_ptr<Automaton> automaton);
  ExprId chars(const std::vector<std::pair<uint32_t, uint32_t>>& ranges);
  ExprId concat(const std::vector<ExprId>& parts);
  ExprId alternate(std::vector<ExprId> parts);
  ExprId conjoin(std::vector<ExprId> parts);
  ExprId complement(ExprId part);
  ExprId repeat(ExprId part, uint32_t minimum, uint32_t maximum /* kUnbounded */);
  ExprId length_between(uint32_t minimum, uint32_t maximum);  // that many code points, any
  ExprId without(ExprId language, std::vector<std::string> texts);  // its texts but for these

  // Several expressions at once, out of instructions; the last one's id. Each instruction is an operation and its operands
  // (an operand `e` is the number of an earlier instruction, a text is an offset into `texts` and a length):
  //   kMakeChars n (first last)*n | kMakeLiteral text | kMakeLiterals n text*n | kMakeConcat n e*n | kMakeAlternate n e*n
  //   | kMakeConjoin n e*n | kMakeComplement e | kMakeRepeat e minimum maximum | kMakeKnown id
  // Throws std::invalid_argument for code that is cut off or points outside.
  enum Make : uint32_t {
    kMakeChars, kMakeLiteral, kMakeLiterals, kMakeConcat, kMakeAlternate, kMakeConjoin, kMakeComplement, kMakeRepeat,
    kMakeKnown
  };
  ExprId assemble(const uint32_t* code, size_t n, std::string_view texts);

  // The automaton.
  const ExprId* row(ExprId state);  // 256 successors, all computed, dead ones kEmpty
  ExprId step(ExprId state, uint8_t byte);  // an entry of the row, by class of bytes: 256 entries are not filled
  ExprId peek(ExprId state, uint8_t byte);  // the same, where few bytes will be asked for: one derivative
  bool alike(ExprId state, uint8_t first, uint8_t last) const;  // certainly the bytes first..last lead to one state
  ExprId derivative(ExprId state, uint8_t byte);  // as `step`, though nothing may be left; without a search
  bool nullable(ExprId state) const;

  // Of expressions that begin with an automaton which keeps its text: any letters, digits and hyphens, so many of them, lead
  // to a live state, and no other byte that is not the end of that text; 0 where nothing of the kind is known. Where it is
  // more, `after` steps through such a text and a byte behind it without a state for each byte, and `accepts_text` is
  // whether the text is accepted.
  uint32_t free_run(ExprId state);
  bool keeps_text(ExprId state) const;  // whether it begins with such automata at all
  ExprId after(ExprId state, std::string_view text, uint8_t byte);
  bool accepts_text(ExprId state, std::string_view text);
  void boundaries(ExprId state, uint64_t (&bits)[4]) const;  // adds: bit b, byte b may lead elsewhere than b - 1

  // What lies ahead, in code points (a UTF-8 leading byte or ASCII byte begins one; inside a character, the rest of it
  // counts zero). All are memoised.
  bool is_empty(ExprId state);                // no accepted string
  bool is_all(ExprId state);                  // every string accepted (of valid UTF-8); may answer false when unsure
  uint32_t min_chars(ExprId state);           // of a shortest accepted string; kUnbounded if none
  uint32_t max_chars(ExprId state);           // of a longest; kUnbounded if there is no longest (or undecided)
  uint32_t min_bytes(ExprId state);           // of a shortest accepted string in bytes; kUnbounded if none
  bool has_length_between(ExprId state, uint32_t minimum, uint32_t maximum);  // exact for small windows, see .cc

  size_t n_states() const;     // expressions made
  size_t n_undecided() const;  // emptiness searches given up
  size_t memory_bytes() const;
  std::string to_string(ExprId) const;  // for error messages and tests

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Thrown by every table when a stated limit is passed; the binding turns it into typeloom.LimitError.
struct LimitExceeded {
  std::string limit;
  size_t value;
};

}  // namespace typeloom
