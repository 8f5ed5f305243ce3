// The automaton: one deterministic pushdown parse of JSON on which the grammar's demands ride.
//
// Theory of operation. JSON is deterministic, so there is one parse, whatever the schema. A *frame* is an open object or
// array: its job, what its leaves' verdicts are so far, how far it has come, and its parent frame. A *state* is a
// position in the lexis (inside a number, a string, a key, between values) with the frame around it. Both are interned:
// a state is one integer, equal integers accept the same continuations, and a transition is a table look-up once it has
// been taken. Copying, forking or rolling back a generation is copying an integer.
//
// `step` refuses a byte when no completion can follow it: the open value's atoms get verdicts (false as soon as they
// cannot come true), the frames around translate them by their formulas (`feasible`), and a definitely false root is a
// dead end. At a closing byte every verdict is decided, so acceptance is exact whatever the logic.
//
// Invariants. State 0 is dead. The state depends on the bytes alone, not on how they were cut into tokens. Objects never
// repeat a key. Compact layout has no whitespace; spaced has ", " and ": "; flexible has any JSON whitespace anywhere.
// Strings and keys are spelt canonically in the first two; in flexible layout any escapes will do.
#pragma once
#include <bitset>
#include <string>
#include <unordered_map>
#include <vector>

#include "grammar.h"
#include "intern.h"
#include "lexis.h"

namespace typeloom {

inline constexpr const char* kLiterals[] = {"null", "true", "false"};  // by Kind

enum class Layout : uint8_t { kCompact, kSpaced, kFlexible };
enum class Order : uint8_t { kDeclared, kAny };

enum Mode : uint8_t {
  kDead,
  kValue,     // a value begins here             a goal; b 1: or the array ends; lex 1: a blank first, 2: a blank may come
  kLiteral,   // inside true, false, null         a kind; b bytes read
  kNumbers,   // inside a number                  a number state; b number job
  kFree,      // inside a string, any text        b characters needed, c characters left; d escape
  kLanguage,  // inside a string of a language    a expression; b, c, d
  kLanguages, // inside a string, several atoms   a vector of expressions; d
  kKeyFirst,  // after {
  kKeyNext,   // after the comma of an object     lex 1: a blank first
  kKey,       // inside a key                     a key state; d
  kColon,     // after a key                      a goal
  kAfter,     // after a member or an item
  kEnd,       // after the document
};

struct State {
  uint8_t mode = kDead, lex = 0;
  uint32_t a = 0, b = 0, c = 0, d = 0;
  uint32_t verdicts = 0;   // what the open scalar's atoms become at its end, where that is decided already
  uint32_t recorded = 0;   // text of the values of unique arrays that are open, 0 if none is
  uint32_t frame = 0;
  bool operator==(const State& o) const {
    return mode == o.mode && lex == o.lex && a == o.a && b == o.b && c == o.c && d == o.d && verdicts == o.verdicts &&
           recorded == o.recorded && frame == o.frame;
  }
  uint64_t hash() const {
    uint64_t h = mix(uint64_t(mode) << 40 | uint64_t(lex) << 32 | a, uint64_t(b) << 32 | c);
    return mix(mix(h, uint64_t(d) << 32 | frame), uint64_t(verdicts) << 32 | recorded);
  }
};

struct Frame {
  uint32_t parent = 0;
  uint8_t kind = 0;        // kObject, kArray; kKinds for the document
  uint32_t depth = 0;
  uint32_t job = 0;
  uint32_t verdicts = 0;   // of the leaves (unless the job is single)
  uint32_t progress = 0;   // objects: seen keys or positions; arrays: matches per contains
  uint32_t count = 0;      // keys begun or items ended, as far as anything counts them
  uint32_t used = 0;       // undeclared keys, or items of a unique array, as a set of texts
  uint32_t link = 0;       // leaf -> atom of the member that is open
  uint32_t mark = 0;       // unique arrays: where the open item's recorded text began
  bool operator==(const Frame& o) const {
    return parent == o.parent && kind == o.kind && job == o.job && verdicts == o.verdicts && progress == o.progress &&
           count == o.count && used == o.used && link == o.link && mark == o.mark && depth == o.depth;
  }
  uint64_t hash() const {
    uint64_t h = mix(uint64_t(parent) << 8 | kind, uint64_t(job) << 32 | verdicts);
    h = mix(h, uint64_t(progress) << 32 | count);
    h = mix(h, uint64_t(used) << 32 | link);
    return mix(h, uint64_t(mark) << 32 | depth);
  }
};

struct KeyState {
  uint32_t low = 0, high = 0, depth = 0;  // keys[low..high) of the table begin with the `depth` bytes read
  ExprId unknown = kEmpty;                // what an undeclared key may still be
  uint32_t watched = 0;                   // the patterns, stepped along
  uint32_t text = 0;                      // the bytes read, if the key may be undeclared
  bool operator==(const KeyState& o) const {
    return low == o.low && high == o.high && depth == o.depth && unknown == o.unknown && watched == o.watched &&
           text == o.text;
  }
  uint64_t hash() const {
    return mix(mix(uint64_t(low) << 32 | high, uint64_t(depth) << 32 | unknown), uint64_t(watched) << 32 | text);
  }
};

struct Text {  // a text as its last byte and the text before it; 0 is the empty text
  uint32_t before = 0;
  uint32_t byte = 0;
  bool operator==(const Text& o) const { return before == o.before && byte == o.byte; }
  uint64_t hash() const { return mix(before, byte); }
};

struct Menu {  // the keys that may come next in a frame
  std::vector<uint32_t> declared;  // sorted indices into the job's key table
  bool unknown = false;
  ExprId language = kAll;          // of the undeclared ones, where it is narrower than the key table's
  bool any() const { return unknown || !declared.empty(); }
};

using StateId = uint32_t;
using ByteSet = std::bitset<256>;

class Machine {
 public:
  Machine(Grammar& grammar, NodeId root, Layout layout, Order order, bool leading_blank, size_t max_states);

  StateId start() const { return start_; }
  StateId step(StateId state, uint8_t byte) {
    uint64_t key = uint64_t(state) << 8 | byte;
    uint32_t found = transitions_.find(key);
    if (found) return found - 1;
    StateId next = compute(state, byte);
    transitions_.insert(key, next + 1);
    return next;
  }
  bool accepting(StateId state);
  // Bytes of a short way to the end of the document, from this state: what is owed by the open lexeme and by each frame
  // around it. The way exists for ordinary jobs; under several leaves it is the cheapest leaf's, where one alone will do.
  uint32_t distance(StateId state);
  // Whether white space leads from this state to itself.
  bool ignores_blanks(const State& s) const {
    return layout_ == Layout::kFlexible && s.lex == kBetween && (s.mode == kValue || (s.mode >= kKeyFirst && s.mode != kKey));
  }
  ByteSet candidates(StateId state);  // a superset of the live bytes, cheap
  const State& state(StateId id) const { return states_[id]; }
  const Frame& frame(uint32_t id) const { return frames_[id]; }
  const KeyState& key_state(uint32_t id) const { return key_states_[id]; }
  const std::vector<uint32_t>& vector(uint32_t id) const { return vectors_[id]; }
  bool extends(uint32_t text, uint32_t prefix) const;  // text begins with prefix
  std::string text(uint32_t id, uint32_t from = 0) const;
  Grammar& grammar() { return grammar_; }
  Layout layout() const { return layout_; }
  Escapes escapes() const { return escapes_; }

  const Menu& menu(uint32_t frame);
  StateId intern(const State& s);
  // The state after the closing quote of a string whose verdicts are decided, and after that of some undeclared key for
  // which the watched patterns that match are known; what was read inside the quotes is not looked at.
  StateId after_string(const State& s);
  StateId after_string(const State& s, const std::vector<uint32_t>& verdicts);
  // The same inside a value of a unique array: after a string that no item used so far holds, whatever else it is.
  // 0 if the states after two such strings are not alike. `held` are the texts of used items that hold a string which
  // begins as the open one does, and `begun` is that beginning, decoded, behind a quote.
  struct OpenItem {
    StateId after = 0;
    std::string begun;
    std::vector<std::string> held;
  };
  OpenItem open_item(const State& s);
  ExprId language_of(uint32_t frame, const std::vector<uint32_t>& exprs);
  StateId after_unknown_key(const State& s, const std::vector<uint8_t>& matched);
  bool knows_key(const State& s, const std::string& key) const;  // it is declared, or used already

  struct Outcomes {  // vectors of verdicts that can be reached, interned; complete: no others can
    std::vector<uint32_t> verdicts;
    bool complete = true;
  };
  size_t n_assumed_alive() const { return n_assumed_alive_; }  // searches for a completion that were given up

  size_t n_states() const { return states_.size(); }
  size_t n_frames() const { return frames_.size(); }
  size_t n_transitions() const { return transitions_.size(); }
  size_t memory_bytes() const;

 private:
  ByteSet inside(const State& s) const;
  ByteSet in_language(ExprId language);
  ByteSet in_declared_keys(const State& s);
  StateId compute(StateId id, uint8_t byte);
  uint32_t find_distance(StateId state);
  uint32_t value_bytes(GoalId goal);
  uint32_t after(uint32_t frame, uint32_t more_items);
  uint32_t owed_by_leaf(const Frame& f, const ContainerJob& job, size_t leaf, uint32_t more_items);
  uint32_t member_bytes(uint32_t job, size_t leaf, uint32_t key);
  StateId step_value(const State& s, uint8_t byte);
  StateId start_value(State s, Kind kind, uint8_t byte);
  StateId step_number(const State& s, uint8_t byte, uint32_t recorded_before);
  StateId end_number(const State& s);
  StateId step_inside(State s, uint8_t byte);
  StateId close_string(const State& s);
  bool feed(State& s, const uint8_t* bytes, int n, bool began);
  bool feed_key(State& s, const uint8_t* bytes, int n);
  bool escape_lives(const State& s);
  bool character_lives(ExprId language, const std::vector<CodePoints>& ranges);
  bool bytes_live(ExprId language, const uint8_t* low, const uint8_t* high, int n);
  bool declared_key_lives(const State& s, const std::vector<CodePoints>& ranges);
  StateId close_key(const State& s);
  StateId take_key(const State& s, uint32_t key, uint32_t text, const std::vector<uint8_t>& matched);
  StateId close_value(uint32_t frame, uint32_t recorded, const std::vector<uint32_t>& verdicts);
  StateId close_container(const State& s);
  Frame open_frame(uint32_t parent, Kind kind, uint32_t job);
  bool begin_member(Frame& f, uint32_t key, uint32_t unknown_text, const std::vector<uint8_t>& matched, GoalId& goal);
  bool begin_item(Frame& f, GoalId& goal);
  bool settle(Frame& f, const std::vector<uint32_t>& verdicts, std::vector<uint32_t>& leaves);
  bool decide(const Frame& f, std::vector<uint32_t>& atoms);
  StateId first_item(const State& s, uint32_t frame);
  bool next_item(uint32_t frame, uint32_t recorded, State& out);
  StateId key_start(const State& s);
  bool feasible(uint32_t frame, std::vector<uint32_t> verdicts) const;
  // Liveness of joint frames (liveness.cc).
  struct KeyClass {
    ExprId language;
    uint32_t text;                 // a key of the class
    std::vector<uint8_t> matched;  // by the key table's watched patterns
  };
  struct KeyClasses {
    std::vector<KeyClass> classes;
    bool complete = true;          // every undeclared key is in one of them
  };
  bool is_nowhere(const Frame& f) const { return f.kind == kKinds && f.depth == 1; }
  bool joint_job(Kind kind, uint32_t job) const;
  bool joint_goal(GoalId goal, Kind kind);
  bool joint(uint32_t frame);
  bool alive(uint32_t frame);
  bool find_alive(uint32_t frame);
  bool one_leaf_will_do(const Frame& f);
  bool can_be_left(const Frame& f, size_t leaf, size_t other);
  bool may_end(uint32_t frame, const std::vector<uint32_t>& verdicts);
  bool alive_closing(uint32_t frame, const std::vector<uint32_t>& verdicts);
  bool alive_with(uint32_t frame, GoalId goal, Kind kind);
  bool undecided(GoalId goal, Kind kind);
  uint32_t detached(Frame f);
  const Outcomes& outcomes(GoalId goal, Kind kind, uint32_t depth);
  Outcomes find_outcomes(GoalId goal, Kind kind, uint32_t depth);
  void string_outcomes(const std::vector<uint32_t>& exprs, Outcomes& out);
  const Outcomes& rest_outcomes(uint32_t frame, uint32_t depth);
  Outcomes find_rest_outcomes(uint32_t frame, uint32_t depth);
  bool has_seen(const Frame& f, uint32_t key) const;
  bool changes(const Frame& before, const Frame& after);
  const KeyClasses& key_classes(uint32_t job);
  bool matches(ExprId language, const std::string& text);
  std::string shortest_text(ExprId language);

  bool value_possible(uint32_t frame, GoalId goal);
  bool item_possible(uint32_t frame, GoalId goal);
  bool kind_possible(uint32_t frame, GoalId goal, Kind kind, const Expansion& e);
  bool orders(const ObjectConstraint& c) const { return order_ == Order::kDeclared && c.ordered; }
  // Whether the leaf's position tells which of its properties are over; else the keys that were seen are noted.
  bool by_position(const ContainerJob& job) const {
    if (job.leaves.size() != 1) return false;
    const ObjectConstraint& c = grammar_.object(job.leaves[0]);
    return orders(c) && c.elsewhere.empty();
  }
  static bool rules_elsewhere(const KeyTable& t, size_t leaf, uint32_t key) {
    return key != kNone && !t.elsewhere[leaf].empty() && t.elsewhere[leaf][key];
  }
  bool leaf_takes(const Frame& f, const KeyTable& t, const ContainerJob& job, size_t leaf, uint32_t key) const;
  bool requirements_met(const Frame& f, const ContainerJob& job, size_t leaf);
  bool complete_after(const Frame& f, const KeyTable& t, const ContainerJob& job, size_t leaf, uint32_t key, bool unknown);
  std::vector<uint32_t> after_key(const Frame& f, const KeyTable& t, const ContainerJob& job, uint32_t key) const;
  Menu make_menu(uint32_t frame);
  void narrow_undeclared(const State& probe, Menu& m);
  uint32_t saturate(const Frame& f, uint32_t count);
  uint32_t canonical_value(uint32_t recorded, uint32_t mark);
  ExprId without_used(ExprId language, uint32_t used);
  bool number_has_unused(NumberState s, std::string text, uint32_t used);
  bool contains_text(uint32_t set, uint32_t text) const;
  uint32_t insert_text(uint32_t set, uint32_t text);
  uint32_t text_of(const std::string& bytes);

  Grammar& grammar_;
  Layout layout_;
  Escapes escapes_;  // how strings and keys may be spelt: any way in flexible layout, else the one way of a JSON writer
  Order order_;
  size_t max_states_;
  Pool<State> states_;
  Pool<Frame> frames_;
  Pool<KeyState> key_states_;
  Pool<Text> texts_;
  Pool<std::vector<uint32_t>> vectors_;  // 0 is the empty one
  FlatMap transitions_;
  std::unordered_map<uint32_t, Menu> menus_;
  std::unordered_map<uint64_t, ExprId> without_used_;   // by language and set of used texts
  std::vector<uint32_t> distances_;                      // by state, plus 1; 0 until it is asked for
  std::unordered_map<uint64_t, uint32_t> afters_;
  std::vector<uint8_t> joint_, alive_;                   // by frame: 0 not asked yet, 1 no, 2 yes
  std::unordered_map<uint64_t, Outcomes> outcomes_, rest_outcomes_;
  std::unordered_map<uint32_t, KeyClasses> key_classes_;
  uint32_t nowhere_ = 0;                                 // the frame around what is looked at by itself
  size_t n_assumed_alive_ = 0;
  StateId start_ = 0;
};

constexpr uint32_t kMaxDepth = 200;  // open containers; as deep as Pydantic's own JSON reader (jiter) goes

}  // namespace typeloom
