// The machine's tables, and what a byte does in each mode.
#include "machine.h"

#include <algorithm>

namespace typeloom {

namespace {

bool blank(uint8_t b) { return b == ' ' || b == '\t' || b == '\n' || b == '\r'; }

}  // namespace

Machine::Machine(Grammar& grammar, NodeId root, Layout layout, Order order, bool leading_blank, size_t max_states)
    : grammar_(grammar),
      layout_(layout),
      escapes_(layout == Layout::kFlexible ? Escapes::kAny : Escapes::kCanonical),
      order_(order),
      max_states_(max_states) {
  if (order == Order::kDeclared) grammar.keep_declared_order();
  states_.intern(State{});
  texts_.intern(Text{});
  texts_.intern(Text{0, 256});  // 1: where recording begins
  vectors_.intern({});
  Frame document;
  document.kind = kKinds;
  uint32_t frame = frames_.intern(document);
  document.depth = 1;
  nowhere_ = frames_.intern(document);
  GoalId goal = grammar_.must(root);
  if (goal != kFreeGoal && grammar_.cost(goal).depth > kMaxDepth) return;  // start stays 0, also of what has no value
  if (!value_possible(frame, goal)) return;
  State s;
  s.mode = kValue;
  s.lex = leading_blank && layout != Layout::kFlexible ? 2 : 0;
  s.a = goal;
  s.frame = frame;
  start_ = intern(s);
}

StateId Machine::intern(const State& s) {
  StateId id = states_.intern(s);
  if (states_.size() > max_states_) throw LimitExceeded{"automaton states", states_.size()};
  return id;
}

std::string Machine::text(uint32_t id, uint32_t from) const {
  std::string out;
  for (; id != from && id > 1; id = texts_[id].before) out.push_back(char(texts_[id].byte));
  std::reverse(out.begin(), out.end());
  return out;
}

bool Machine::extends(uint32_t text, uint32_t prefix) const {
  for (uint32_t id = text;; id = texts_[id].before) {
    if (id == prefix) return true;
    if (id <= 1) return false;
  }
}

uint32_t Machine::text_of(const std::string& bytes) {
  uint32_t id = 0;
  for (char c : bytes) id = texts_.intern({id, uint8_t(c)});
  return id;
}

bool Machine::contains_text(uint32_t set, uint32_t text) const {
  const auto& v = vectors_[set];
  return std::binary_search(v.begin(), v.end(), text);
}

uint32_t Machine::insert_text(uint32_t set, uint32_t text) {
  std::vector<uint32_t> v = vectors_[set];
  v.insert(std::lower_bound(v.begin(), v.end(), text), text);
  return vectors_.intern(v);
}

size_t Machine::memory_bytes() const {
  return states_.size() * (sizeof(State) + 16) + frames_.size() * (sizeof(Frame) + 16) + transitions_.memory_bytes() +
         texts_.size() * 24 + key_states_.size() * (sizeof(KeyState) + 16) + grammar_.exprs.memory_bytes() +
         grammar_.numbers.memory_bytes();
}

// --- a byte -----------------------------------------------------------------------------------------------------------

StateId Machine::compute(StateId id, uint8_t b) {
  State s = states_[id];
  const uint32_t recorded_before = s.recorded;
  const bool skip = layout_ == Layout::kFlexible && blank(b);
  if (s.recorded) s.recorded = texts_.intern({s.recorded, b});
  auto stay = [&] {
    s.recorded = recorded_before;
    return intern(s);
  };
  switch (s.mode) {
    case kValue:
      if (s.lex == 1) return b == ' ' ? (s.lex = 0, stay()) : 0;
      if (s.lex == 2) {
        s.lex = 0;
        if (b == ' ') return stay();
      }
      if (skip) return stay();
      return step_value(s, b);
    case kLiteral: {
      const char* word = kLiterals[s.a];
      if (uint8_t(word[s.b]) != b) return 0;
      ++s.b;
      if (word[s.b]) return intern(s);
      return close_value(s.frame, s.recorded, vectors_[s.verdicts]);
    }
    case kNumbers: return step_number(s, b, recorded_before);
    case kFree:
    case kLanguage:
    case kLanguages:
    case kKey: return step_inside(s, b);
    case kKeyFirst:
      if (skip) return stay();
      if (b == '}') return close_container(s);
      return b == '"' ? key_start(s) : 0;
    case kKeyNext:
      if (s.lex == 1) return b == ' ' ? (s.lex = 0, stay()) : 0;
      if (skip) return stay();
      return b == '"' ? key_start(s) : 0;
    case kColon:
      if (skip) return stay();
      if (b != ':') return 0;
      s.mode = kValue;
      s.lex = layout_ == Layout::kSpaced;
      return intern(s);
    case kAfter: {
      if (skip) return stay();
      const Frame f = frames_[s.frame];
      if (f.kind == kObject) {
        if (b == '}') return close_container(s);
        if (b != ',' || !menu(s.frame).any()) return 0;
        s.mode = kKeyNext;
        s.lex = layout_ == Layout::kSpaced;
        return intern(s);
      }
      if (b == ']') return close_container(s);
      if (b != ',') return 0;
      State next;
      if (!next_item(s.frame, s.recorded, next)) return 0;
      next.lex = layout_ == Layout::kSpaced;
      return intern(next);
    }
    case kEnd: return skip ? id : 0;
  }
  return 0;
}

StateId Machine::step_value(const State& s, uint8_t b) {
  switch (b) {
    case 'n': return start_value(s, kNull, b);
    case 't': return start_value(s, kTrueLiteral, b);
    case 'f': return start_value(s, kFalseLiteral, b);
    case '"': return start_value(s, kString, b);
    case '[': return start_value(s, kArray, b);
    case '{': return start_value(s, kObject, b);
    case ']': {
      if (!s.b) return 0;
      State closing = s;
      if (s.c) closing.frame = s.c;
      return close_container(closing);
    }
  }
  if (b == '-' || (b >= '0' && b <= '9')) return start_value(s, kNumber, b);
  return 0;
}

StateId Machine::start_value(State s, Kind kind, uint8_t b) {
  if (s.a == kNone) return 0;  // only the closing bracket may come
  const GoalId goal = s.a;
  Expansion e = grammar_.expand_live(goal, kind);
  if (!kind_possible(s.frame, goal, kind, e)) return 0;
  const Frame around = frames_[s.frame];
  const bool unique =
      around.kind == kArray && grammar_.job(around.job).has_unique && grammar_.job(around.job).single;
  s.verdicts = vectors_.intern(std::vector<uint32_t>(e.atoms.begin(), e.atoms.end()));
  s.a = s.b = s.c = s.d = 0;
  s.lex = 0;
  switch (kind) {
    case kNull:
    case kTrueLiteral:
    case kFalseLiteral:
      if (unique && contains_text(around.used, text_of(kLiterals[kind]))) return 0;
      s.mode = kLiteral;
      s.a = kind;
      s.b = 1;
      return intern(s);
    case kNumber: {
      s.mode = kNumbers;
      s.b = e.job;
      s.a = grammar_.numbers.start(grammar_.number_job(e.job).job);
      s.verdicts = 0;
      return s.a ? step_number(s, b, 0) : 0;
    }
    case kString: {
      const StringJob& job = grammar_.string_job(e.job);
      if (job.single) {
        s.a = unique ? without_used(job.one.language, around.used) : job.one.language;
        s.b = job.one.minimum;
        s.c = job.one.maximum;
        if (!e.atoms.empty()) s.verdicts = vectors_.intern({kTrue});
        s.mode = s.a == kAll ? kFree : kLanguage;
        if (s.a != job.one.language && !grammar_.exprs.has_length_between(s.a, s.b, s.c)) return 0;
        return intern(s);
      }
      bool decided = true;
      for (uint8_t v : e.atoms) decided &= v != kOpen;
      s.c = kUnbounded;
      s.mode = decided ? kFree : kLanguages;
      s.a = decided ? kAll : vectors_.intern(job.exprs);
      if (!decided && grammar_.exprs.is_empty(language_of(s.frame, job.exprs))) return 0;
      return intern(s);
    }
    default: break;
  }
  const Frame f = open_frame(s.frame, kind, e.job);
  const uint32_t frame = frames_.intern(f);
  if (kind == kArray) return first_item(s, frame);
  s.mode = kKeyFirst;
  s.frame = frame;
  s.verdicts = 0;
  return intern(s);
}

Frame Machine::open_frame(uint32_t parent, Kind kind, uint32_t job_id) {
  Frame f;
  f.parent = parent;
  f.kind = kind;
  f.depth = frames_[parent].depth + 1;
  f.job = job_id;
  const ContainerJob& job = grammar_.job(job_id);
  if (!job.single) {
    std::vector<uint32_t> leaves;
    for (uint32_t leaf : job.leaves) leaves.push_back(grammar_.constraint_possible(kind, leaf) ? kOpen : kFalse);
    f.verdicts = vectors_.intern(leaves);
  }
  if (kind == kObject) {
    if (order_ == Order::kDeclared) f.progress = vectors_.intern(std::vector<uint32_t>(job.leaves.size(), 0));
    return f;
  }
  std::vector<uint32_t> matches;
  for (uint32_t leaf : job.leaves) matches.insert(matches.end(), grammar_.array(leaf).contains.size(), 0);
  f.progress = vectors_.intern(matches);
  return f;
}

// --- what a state is like ---------------------------------------------------------------------------------------------

bool Machine::accepting(StateId id) {
  const State& s = states_[id];
  if (s.mode == kEnd) return true;
  if (s.mode != kNumbers || frames_[s.frame].kind != kKinds || !grammar_.numbers.complete(s.a)) return false;
  return end_number(s) != 0;
}

namespace {

ByteSet set_of(const char* bytes) {
  ByteSet set;
  for (; *bytes; ++bytes) set.set(uint8_t(*bytes));
  return set;
}

ByteSet range_of(int first, int last) {
  ByteSet set;
  for (int b = first; b <= last; ++b) set.set(size_t(b));
  return set;
}

const ByteSet kBlanks = set_of(" \t\n\r");
const ByteSet kOtherValues = set_of("\"[{]ntf"), kNumberStarts = set_of("-0123456789"), kBlankFirst = set_of(" ");
const ByteSet kInNumbers = set_of("0123456789.eE+-,]}");
const ByteSet kInStrings = range_of(0x20, 0xFF), kContinuations = range_of(0x80, 0xBF);
const ByteSet kInEscapes = set_of("\"\\/bfnrtu0123456789abcdefABCDEF");
const ByteSet kQuote = set_of("\""), kColonOnly = set_of(":"), kFirstKeys = set_of("\"}"), kAfterValues = set_of(",}]");

}  // namespace

ByteSet Machine::candidates(StateId id) {
  const State& s = states_[id];
  const ByteSet blanks = layout_ == Layout::kFlexible ? kBlanks : ByteSet();
  switch (s.mode) {
    case kValue: {
      if (s.lex == 1) return blanks | kBlankFirst;
      const bool number = s.a != kNone && kind_possible(s.frame, s.a, kNumber, grammar_.expand_live(s.a, kNumber));
      return blanks | (s.lex == 2 ? kBlankFirst : ByteSet()) | kOtherValues | (number ? kNumberStarts : ByteSet());
    }
    case kLiteral: return ByteSet().set(uint8_t(kLiterals[s.a][s.b]));
    case kNumbers: return blanks | kInNumbers;
    case kFree:
    case kLanguages: return inside(s);
    case kLanguage: return s.lex == kBetween ? in_language(s.a) : inside(s);
    case kKey: return s.lex == kBetween && key_states_[s.a].unknown == kEmpty ? in_declared_keys(s) : inside(s);
    case kKeyFirst: return blanks | kFirstKeys;
    case kKeyNext: return blanks | (s.lex == 1 ? kBlankFirst : kQuote);
    case kColon: return blanks | kColonOnly;
    case kAfter: return blanks | kAfterValues;
  }
  return blanks;
}

ByteSet Machine::inside(const State& s) const {
  return s.lex == kBetween ? kInStrings : s.lex < kBackslash ? kContinuations : kInEscapes;
}

ByteSet Machine::in_language(ExprId language) {
  ByteSet set = kQuote;
  if (grammar_.exprs.free_run(language)) return kInStrings;  // a row would be a state for each byte
  const ExprId* row = grammar_.exprs.row(language);
  bool escaped = escapes_ == Escapes::kAny || row['"'] != kEmpty || row['\\'] != kEmpty;
  for (int b = 0; b < 0x20; ++b) escaped |= row[b] != kEmpty;
  for (int b = 0x20; b < 256; ++b) set.set(size_t(b), row[b] != kEmpty);
  return set.set('"').set('\\', escaped);
}

ByteSet Machine::in_declared_keys(const State& s) {
  ByteSet set = kQuote;
  const KeyState& k = key_states_[s.a];
  const KeyTable& t = grammar_.key_table(frames_[s.frame].job);
  for (uint32_t i = k.low; i < k.high; ++i)
    if (t.keys[i].size() > k.depth) {
      uint8_t b = uint8_t(t.keys[i][k.depth]);
      set.set(b < 0x20 || b == '"' ? uint8_t('\\') : b);
    }
  if (escapes_ == Escapes::kAny) set.set('\\');
  return set;
}

}  // namespace typeloom
