// Masks: for a state, the set of tokens after which some completion exists.
//
// Theory of operation. A token is allowed if the machine survives its bytes; the walk over the vocabulary's trie shares
// the common prefixes of tokens and knows nothing about grammars but `step`. Three things make it rare and short:
// - Masks are memoised by the state, and by what of the state *one token can see* (`content`): the top frames, as many as
//   any token closes brackets, with counters cut off where no token reaches their bounds. So recursion depth, list
//   length and the values already written do not multiply masks.
// - Inside a free string the answer is the vocabulary's ready bitmap plus a walk of the few hundred rests by which tokens
//   leave a string. Inside a string of a language, the walk runs on the language's own rows and is memoised by language,
//   whatever the frame around it.
// - Where white space changes nothing, tokens are walked without the white space that they begin with, and those that
//   are nothing else are a ready bitmap.
// - Where any digits may follow, tokens of digits are a ready bitmap, too.
// - Inside the key of an open object the mask of "some other key" is corrected along the declared and used keys only.
//
// Invariant, tested over whole vocabularies: equal to stepping every token's bytes.
#pragma once
#include <array>
#include <functional>
#include <unordered_map>
#include <vector>

#include "machine.h"
#include "vocabulary.h"

namespace typeloom {

struct Mask {
  const uint32_t* ground = nullptr;   // a whole bitmap to begin with; none: all zero
  bool canonical = false;             // then tokens with uncanonical escapes are taken out
  std::vector<uint32_t> removed;      // then these are cleared
  std::vector<uint32_t> added;        // then these are set
};

class Masks {
 public:
  Masks(const Vocabulary& vocabulary, Machine& machine);

  void fill(StateId state, uint32_t* words);
  size_t n_masks() const { return masks_.size(); }
  size_t memory_bytes() const { return memory_bytes_; }

 private:
  // What tokens do to a string of which the rest must be in a language. With a character count, only for that count.
  struct LanguageSplit {
    std::vector<uint32_t> stays;    // tokens, if few
    std::vector<uint32_t> bitmap;   // else all of them
    std::vector<uint8_t> leaves;    // by Vocabulary::leaving(): what stands before the quote is accepted (at the root only)
    bool any_leaves = false;
    struct Place {
      uint32_t node;                // trie node of a closing quote or of a backslash
      std::string inner;            // the bytes before it
    };
    std::vector<Place> exits;       // below an opening quote
    std::vector<Place> escapes;     // backslashes after which some character is live
    uint32_t reach = 0;             // rooms of at least so many characters refuse nothing
  };
  // Which leaving tokens may follow: all that suit the counts, or the chosen ones.
  struct Chosen {
    uint32_t need = 0, room = kUnbounded;
    bool canonical = false;
    const uint8_t* leaves = nullptr;
    bool has(uint32_t index, const Leaving& l) const {
      return leaves ? leaves[index] : l.n_chars >= need && l.n_chars <= room && (l.canonical || !canonical);
    }
  };
  struct Growth;                    // a LanguageSplit being made
  // Where the bytes of each class lead: the successor of most of them (kNone: not asked yet), and the bytes of the classes
  // asked for that lead elsewhere.
  struct ClassRow {
    std::array<ExprId, 256> most;
    ByteSet told_apart;           // classes that have such bytes
    std::vector<uint8_t> others;  // those bytes
    bool loops_known = false;
    ByteSet loops;                // classes of ASCII characters that lead back to the expression
  };

  uint32_t mask_of(StateId state);
  std::vector<uint32_t> content(StateId state);
  Mask compute(StateId state);
  void stay_free(uint32_t room, Mask& mask);
  void compute_free(StateId id, const State& s, Mask& mask);
  void compute_language(StateId id, const State& s, Mask& mask);
  void compute_languages(StateId id, const State& s, Mask& mask);
  void compute_key(StateId id, const State& s, Mask& mask);
  using After = std::function<StateId(const std::vector<uint8_t>& matched)>;
  void group_exits(StateId id, const uint8_t* leaves, const std::vector<uint32_t>& exprs, const After& after,
                   Mask& mask);
  bool immortal(ExprId expr, uint32_t& longest);
  bool repeats(ExprId expr);
  bool find_repeats(ExprId expr);
  const uint8_t* exits_inside(StateId id, const uint8_t* leaves, std::vector<uint8_t>& left, std::vector<uint32_t>& out);
  bool leaves_name_keys(const State& s);
  bool digits_live(StateId id);
  void correct_keys(StateId id, const KeyState& k, Mask& mask);
  void correct_items(StateId id, const Chosen& chosen, Mask& mask);
  void follow_escape(StateId state, uint32_t node, std::vector<uint32_t>& out);
  void declared_below(uint32_t node, StateId id, const KeyState& k, std::vector<uint32_t>& out);
  void follow(StateId state, uint32_t node, std::vector<uint32_t>& out) {
    if (!state) return;
    take(node, out);
    walk(node, state, out);
  }
  void walk(uint32_t node, StateId state, std::vector<uint32_t>& out);
  void take_exits(StateId after, const Chosen& chosen, std::vector<uint32_t>& out);
  const std::vector<uint32_t>& exits_of(StateId after);
  void exits_below(uint32_t node, StateId state, std::vector<uint32_t>& out);
  bool begins_string(const State& s) const;
  void enter_string(uint32_t node, StateId id, std::vector<uint32_t>& out);
  const LanguageSplit& language_split(ExprId expr, uint32_t need, uint32_t room, uint32_t node);
  void grow_by_class(Growth& growth);
  bool grow_by_run(Growth& growth);
  void grow_by_byte(Growth& growth, uint32_t node, ExprId expr, uint32_t n_chars, uint8_t lex);
  ClassRow& class_row(ExprId expr);
  ExprId class_step(ClassRow& row, ExprId expr, uint8_t k);
  const ByteSet& class_loops(ClassRow& row, ExprId expr);
  void correct_split(Growth& growth, uint32_t root, ExprId most, ExprId expr, uint32_t n_chars, uint8_t lex_there);
  bool reaches(Growth& growth, ExprId expr, uint32_t n_chars);
  void set_leaves(Growth& growth, uint32_t token, bool leaves);
  void forget_escapes(Growth& growth, uint32_t node);
  std::string text_before(uint32_t node) const;
  bool some_escape_lives(ExprId expr);
  std::string bytes_before(uint32_t node, uint32_t depth) const;
  void take(uint32_t node, std::vector<uint32_t>& out) {
    const Trie& t = vocabulary_.trie();
    for (uint32_t k = t.token_begin[node]; k < t.token_begin[node + 1]; ++k) out.push_back(t.tokens[k]);
  }
  StateId steps(StateId state, const std::string& bytes) {
    for (char c : bytes) {
      if (!state) return 0;
      state = machine_.step(state, uint8_t(c));
    }
    return state;
  }

  bool canonical() const { return machine_.escapes() == Escapes::kCanonical; }

  const Vocabulary& vocabulary_;
  Machine& machine_;
  std::vector<uint32_t> of_state_;   // state -> mask + 1
  Pool<std::vector<uint32_t>> contents_;
  std::vector<uint32_t> of_content_;
  std::deque<Mask> masks_;
  std::unordered_map<uint64_t, LanguageSplit> splits_;
  std::deque<ClassRow> class_rows_;
  std::vector<uint32_t> class_row_of_;   // expression -> index in class_rows_ + 1
  std::unordered_map<ExprId, bool> repeats_;
  std::unordered_map<ExprId, uint32_t> immortal_;   // expression -> most characters it can owe, kNone if it can die
  std::unordered_map<uint32_t, uint32_t> inner_used_;  // used set -> what of it one token can spell whole
  std::unordered_map<StateId, std::vector<uint32_t>> exits_;  // state after a quote -> leaving tokens whose rests live
  std::vector<uint32_t> marks_;   // a bitmap for whoever needs one for a moment; all zero in between
  size_t memory_bytes_ = 0;
};

}  // namespace typeloom
