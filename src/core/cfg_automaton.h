// The automaton of a context-free grammar: any grammar, ambiguous, left-recursive and with empty names too.
//
// Theory of operation. This is Earley's algorithm on a graph-structured stack, with its sets interned. All parses of what
// was read go on side by side. A *thread* is a terminal that is being read (its expression's state), the position that
// follows it, and an *origin*: where to go on when the production around it ends. A state is the set of its threads. When a
// terminal may be complete after a byte, the parse goes on from the position behind it: at a production's end to what its
// origin waited for, at a terminal with a new thread, and at a name with a *frame*: the set of items (position and origin)
// that wait for names at this place. An origin is a pair of a frame and a name; what waits for the name is known from the
// frame's items and, for names that begin with names (left recursion), from the grammar alone. So frames refer to older
// frames only, equal sets are one integer, and whether a list has ten items or a thousand, its state is the same.
//
// Where a terminal may be complete and may go on as well (a name, a number), a state is the threads that go on and the state
// of those that begin behind it, its *base*: many states share one base, and what the base does with a byte is known after
// the first of them has asked. A base has no base; where two would meet, their threads are taken together.
//
// An origin that a single item at the end of its production waits for is that item's own origin: right recursion does not
// pile up (Leo, "A general context-free parsing algorithm running in linear time on every LR(k) grammar without using
// lookahead", TCS 82(1), 1991).
//
// There is no lexer: a terminal may end wherever its language allows, and all ways to cut a text into terminals count.
//
// Invariants. Productive positions only, hence live by construction. Terminals end between characters. Distances of frames
// are known when they are made; a state's distance is that of its nearest thread.
#pragma once
#include <algorithm>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "automaton.h"
#include "cfg_grammar.h"
#include "intern.h"

namespace typeloom {

class CfgAutomaton : public Automaton {
 public:
  CfgAutomaton(std::shared_ptr<CfgGrammar> grammar, size_t max_states);
  CfgAutomaton(const CfgAutomaton&) = delete;

  uint32_t start() override { return start_; }
  uint32_t step(uint32_t state, uint8_t byte) override {
    if (state < rows_.size() && rows_[state].classes) {
      const Row& row = rows_[state];
      const uint32_t known = row.next[row.classes->of[byte]];
      if (known < kBased) return known;
      if (known == kBased) return step(row.next[row.classes->n], byte);
    }
    return compute(state, byte);
  }
  bool accepting(uint32_t state) override { return states_[state].size() && (states_[state][0] & kAccepting); }
  uint32_t distance(uint32_t state) override;
  void boundaries(uint32_t state, uint64_t (&bits)[4]) override;
  bool others_as(uint32_t state, uint8_t ascii) override;
  void differences(uint32_t a, uint32_t b, uint64_t (&bits)[4]) override;

  size_t n_states() const { return states_.size(); }
  size_t n_frames() const { return frames_.size(); }
  size_t memory_bytes() const;

 private:
  static constexpr uint32_t kUnknown = UINT32_MAX, kBased = UINT32_MAX - 1, kAccepting = 256, kRoot = 0, kRowWords = 4096;
  static constexpr size_t kHead = 2;  // words of a state in front of its threads
  using Numbers = std::vector<uint32_t>;
  struct Item {
    uint32_t position, origin;
    bool operator<(const Item& o) const { return position != o.position ? position < o.position : origin < o.origin; }
    bool operator==(const Item& o) const { return position == o.position && origin == o.origin; }
  };
  struct Thread {
    ExprId expr;
    Item next;  // where the parse goes on when the terminal is complete
    bool operator<(const Thread& o) const { return expr != o.expr ? expr < o.expr : next < o.next; }
    bool operator==(const Thread& o) const { return expr == o.expr && next == o.next; }
  };
  struct Bytes {
    uint64_t bits[4];
    uint64_t hash() const { return mix(mix(mix(mix(0, bits[0]), bits[1]), bits[2]), bits[3]); }
    bool operator==(const Bytes& o) const { return std::equal(bits, bits + 4, o.bits); }
  };
  struct Classes {  // intervals of bytes that behave alike, numbered
    uint32_t n = 0;
    uint8_t of[256];
  };
  struct Row {
    const Classes* classes;
    uint32_t* next;  // by class, kUnknown until asked for, kBased where only the base goes on; and the base
  };
  struct Origin {
    uint32_t frame = 0, name = 0;
    uint32_t distance = 0;    // from the name's end to the end of the text
    std::vector<Item> waits;  // what goes on when the name ends
  };
  struct Closure {  // what goes on when some items do
    std::vector<Thread> threads;
    bool accepting = false, known = false;
    uint32_t state = 0;  // of these threads, plus 1
  };

  uint32_t compute(uint32_t state, uint8_t byte);
  const Row& row_of(uint32_t state);
  void thread_boundaries(uint32_t state, uint64_t (&bits)[4]);
  uint32_t intern(uint8_t lex, bool accepting, std::vector<Thread>& threads, uint32_t base = 0);
  void add_threads(uint32_t state, std::vector<Thread>& threads) const;
  Closure& closure_of(std::vector<Item>& items);
  uint32_t state_of(Closure& closure);
  void start_frame(std::vector<Item>& waiting, std::vector<Thread>& threads);
  uint32_t origin_of(uint32_t frame, uint32_t name);
  uint32_t expr_distance(ExprId expr, uint8_t lex);
  bool others_lead(ExprId from, ExprId to);
  const Bytes& expr_differences(ExprId a, ExprId b);
  bool in_frame(uint32_t frame, uint32_t name);

  std::shared_ptr<CfgGrammar> grammar_;
  size_t max_states_;
  ListPool states_;  // lex and kAccepting; the base; (expression, position, origin) of each thread
  std::vector<Row> rows_;                        // by state, without classes until asked for
  std::vector<std::unique_ptr<uint32_t[]>> row_memory_;
  size_t row_memory_left_ = 0;                   // words of the last block
  Pool<Bytes> bounds_;                           // where intervals begin
  std::deque<Classes> classes_;                  // by bounds
  std::vector<uint32_t> distances_;              // by state, plus 1
  ListPool frames_;                         // (position, origin) of each item
  std::vector<std::vector<uint8_t>> frame_names_;  // by frame: which names may begin there
  std::vector<std::vector<Thread>> frame_threads_;
  std::deque<Origin> origins_;
  FlatMap origin_ids_;                           // frame and name -> origin, plus 1
  ListPool closure_keys_;
  std::deque<Closure> closures_;
  std::unordered_map<uint64_t, uint32_t> expr_distances_;
  FlatMap expr_differences_;                     // two expressions -> bytes that lead to different ones, plus 1
  std::deque<Bytes> differences_;
  FlatMap others_;                               // two expressions -> 1 or 2: not all, or all characters above ASCII lead there
  uint32_t start_ = 0;
  std::vector<Thread> threads_;  // of the state that `compute` makes; kept for their memory
  std::vector<Item> complete_;
  Numbers content_, key_;
};

}  // namespace typeloom
