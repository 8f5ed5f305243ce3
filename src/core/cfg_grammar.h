// A context-free grammar over byte languages, with everything that can be known before a text is read.
//
// Theory of operation. A *symbol* is a terminal (a regular expression over UTF-8, see regex.h) or a name (a nonterminal).
// Productions lie behind each other in one array; a *position* is a place in it, in front of a symbol or at a production's
// end, so one integer says which production is being read and how far. Productions that derive no text are dropped when
// the grammar is made: what is left can always be finished. From here on nothing is decided twice:
// - which positions may begin a name without a byte being read (`begins`), among them those that need a name themselves;
// - the fewest bytes from a position to its production's end (`rest`; Knuth's generalisation of Dijkstra's algorithm);
// - the fewest bytes from the end of one name to the end of a name that begins with it (`climb`).
//
// References: Earley, "An efficient context-free parsing algorithm", CACM 13(2), 1970; Aycock and Horspool, "Practical
// Earley parsing", Computer Journal 45(6), 2002 (names that derive the empty text); Knuth, "A generalization of Dijkstra's
// algorithm", Information Processing Letters 6(1), 1977.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "grammar.h"

namespace typeloom {

constexpr uint32_t kFarthest = 1u << 30;  // more bytes than any text; sums stop here

inline uint32_t add_bytes(uint32_t a, uint32_t b) { return a + b > kFarthest ? kFarthest : a + b; }

struct Production {
  uint32_t name;
  std::vector<uint32_t> symbols;  // below n_terminals: a terminal; else a name, plus n_terminals
};

class CfgGrammar {
 public:
  // `terminals` are expressions of `expressions->exprs`, which must live as long as this.
  CfgGrammar(std::shared_ptr<Grammar> expressions, std::vector<ExprId> terminals, uint32_t n_names,
             const std::vector<Production>& productions, uint32_t start);

  ExprTable& exprs() { return expressions_->exprs; }
  bool empty() const { return empty_; }  // no text at all

  static constexpr uint32_t kEnd = UINT32_MAX;
  uint32_t root() const { return 0; }  // the position in front of the start name
  uint32_t symbol(uint32_t position) const { return symbols_[position]; }  // kEnd at a production's end
  uint32_t name(uint32_t position) const { return names_[position]; }      // whose production it is
  bool is_terminal(uint32_t symbol) const { return symbol < terminals_.size(); }
  uint32_t name_of(uint32_t symbol) const { return symbol - uint32_t(terminals_.size()); }
  ExprId terminal(uint32_t symbol) const { return terminals_[symbol]; }
  bool nullable(uint32_t symbol) const { return nullable_[symbol]; }
  uint32_t rest(uint32_t position) const { return rest_[position]; }
  uint32_t n_names() const { return n_names_; }

  static constexpr uint32_t kNever = UINT32_MAX;

  // What begins a name: positions in front of terminals, and, by name, those in front of that name, in all productions
  // that the name may begin with, its own included.
  struct Beginning {
    std::vector<uint32_t> terminals;
    std::vector<uint32_t> names;                // all names it may begin with, itself first
    std::vector<uint32_t> climb;                // by name: fewest bytes from its end to this one's; kNever where it does not begin it
  };
  const Beginning& beginning(uint32_t name);
  const std::vector<uint32_t>& waiters(uint32_t name) const { return waiters_[name]; }  // initial positions in front of it

 private:
  void drop_unproductive(std::vector<Production>& productions, uint32_t start);
  void lay_out(const std::vector<Production>& productions);
  void find_costs();

  std::shared_ptr<Grammar> expressions_;
  std::vector<ExprId> terminals_;
  uint32_t n_names_;
  bool empty_ = false;
  std::vector<uint32_t> symbols_, names_, rest_;     // by position
  std::vector<bool> nullable_;                       // by symbol
  std::vector<uint32_t> cost_;                       // by symbol: fewest bytes of a text
  std::vector<std::vector<uint32_t>> initial_;       // by name: positions reached without a byte, in its own productions
  std::vector<std::vector<uint32_t>> waiters_;
  std::vector<Beginning> beginnings_;                // by name, without `climb` until asked for
};

}  // namespace typeloom
