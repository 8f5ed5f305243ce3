// The inside of numbers and of string values, and what they become at their ends.
#include "machine.h"

#include <algorithm>

#include "automaton.h"

namespace typeloom {

namespace {

Inside unpack(const State& s) {
  Inside in;
  in.lex = s.lex;
  in.escape = s.d & 0x7FFFF;
  in.high = s.d >> 20 ? 0xD800 + (s.d >> 20) - 1 : 0;
  return in;
}

void pack(State& s, const Inside& in) {
  s.lex = in.lex;
  s.d = in.escape | (in.high ? (in.high - 0xD800 + 1) << 20 : 0);
}

}  // namespace

// --- numbers ----------------------------------------------------------------------------------------------------------

StateId Machine::step_number(const State& s, uint8_t b, uint32_t recorded_before) {
  const NumbersJob& job = grammar_.number_job(s.b);
  NumberTable& numbers = grammar_.numbers;
  NumberState next = numbers.step(s.a, b);
  if (!next) {
    State ended = s;
    ended.recorded = recorded_before;
    if (!numbers.complete(s.a)) return 0;
    StateId after = end_number(ended);
    return after ? step(after, b) : 0;
  }
  State t = s;
  t.a = next;
  if (!job.single) {
    const auto possible = [&](const std::vector<uint32_t>& atoms) { return may_end(s.frame, atoms); };
    if (!possible(grammar_.open_verdicts(job, next))) return 0;
    if (grammar_.number_distance(job, next, possible) == kInfinite) return 0;
  }
  const Frame& f = frames_[s.frame];
  if (f.kind == kArray && f.used && job.single && grammar_.job(f.job).has_unique && grammar_.job(f.job).single &&
      !number_has_unused(next, text(t.recorded, f.mark), f.used))
    return 0;
  return intern(t);
}

StateId Machine::end_number(const State& s) {
  const NumbersJob& job = grammar_.number_job(s.b);
  uint64_t holds = grammar_.numbers.holds(s.a);
  if (job.single) {
    if (!job.atoms.empty() && !(holds & 1)) return 0;
    return close_value(s.frame, s.recorded, job.atoms.empty() ? std::vector<uint32_t>{} : std::vector<uint32_t>{kTrue});
  }
  return close_value(s.frame, s.recorded, grammar_.number_verdicts(job, holds));
}

// --- strings ----------------------------------------------------------------------------------------------------------

StateId Machine::step_inside(State s, uint8_t b) {
  Inside in = unpack(s);
  const bool between = in.lex == kBetween;
  uint32_t code_point = 0;
  switch (inside_step(in, b, escapes_, code_point)) {
    case Event::kRefused: return 0;
    case Event::kQuote: return s.mode == kKey ? close_key(s) : close_string(s);
    case Event::kByte:
      pack(s, in);
      if (!feed(s, &b, 1, between)) return 0;
      return intern(s);
    case Event::kEscapeBegan:
    case Event::kEscapeGoes:
      pack(s, in);
      if (s.mode == kFree) {
        if (between) {
          if (s.c == 0) return 0;
          if (s.b) --s.b;
          if (s.c != kUnbounded) --s.c;
        }
        return intern(s);
      }
      return escape_lives(s) ? intern(s) : 0;
    case Event::kEscapeEnded: {
      pack(s, in);
      if (s.mode == kFree) return intern(s);
      uint8_t bytes[4];
      int n = encode_utf8(code_point, bytes);
      return feed(s, bytes, n, true) ? intern(s) : 0;
    }
  }
  return 0;
}

// Some escape that continues the one half read denotes a character that may stand here.
bool Machine::escape_lives(const State& s) {
  const std::vector<CodePoints> ahead = escapes_ahead(unpack(s), escapes_);
  if (s.mode == kKey) {
    const KeyState& k = key_states_[s.a];
    return (k.unknown != kEmpty && character_lives(k.unknown, ahead)) || declared_key_lives(s, ahead);
  }
  ExprTable& exprs = grammar_.exprs;
  if (s.mode == kLanguages) return character_lives(language_of(s.frame, vectors_[s.a]), ahead);
  const bool near_an_end = s.b <= 1 && s.c > 2 * Automaton::kRunEnds && exprs.keeps_text(s.a);
  if ((s.b == 0 && s.c == kUnbounded) || near_an_end) return character_lives(s.a, ahead);
  std::vector<std::pair<uint32_t, uint32_t>> ranges;
  for (const CodePoints& range : ahead) ranges.push_back({range.first, range.last});
  const ExprId begun = exprs.conjoin({s.a, exprs.concat({exprs.chars(ranges), kAll})});
  return exprs.has_length_between(begun, std::max(s.b, 1u), s.c);
}

// Some text of the language begins with one of the characters. Rows are live, so whole subtrees of UTF-8 are one look.
bool Machine::character_lives(ExprId language, const std::vector<CodePoints>& ranges) {
  if (language == kAll) return !ranges.empty();
  static constexpr uint32_t kLast[] = {0x7F, 0x7FF, 0xFFFF, 0x10FFFF};  // of one, two, three and four bytes
  for (CodePoints range : ranges) {
    for (int n = 1; n <= 4 && range.first <= range.last; ++n) {
      if (range.first > kLast[n - 1]) continue;
      const uint32_t last = std::min(range.last, kLast[n - 1]);
      uint8_t low[4], high[4];
      encode_utf8(range.first, low);
      encode_utf8(last, high);
      if (bytes_live(language, low, high, n)) return true;
      range.first = last + 1;
    }
  }
  return false;
}

bool Machine::bytes_live(ExprId language, const uint8_t* low, const uint8_t* high, int n) {
  static constexpr uint8_t kLeast[] = {0x80, 0x80, 0x80}, kMost[] = {0xBF, 0xBF, 0xBF};
  const ExprId* row = grammar_.exprs.row(language);
  for (uint32_t b = *low; b <= *high; ++b) {
    if (row[b] == kEmpty) continue;
    const uint8_t* rest_low = b == *low ? low + 1 : kLeast;
    const uint8_t* rest_high = b == *high ? high + 1 : kMost;
    const bool whole = std::equal(rest_low, rest_low + n - 1, kLeast) && std::equal(rest_high, rest_high + n - 1, kMost);
    if (n == 1 || whole || bytes_live(row[b], rest_low, rest_high, n - 1)) return true;
  }
  return false;
}

// Feeds decoded bytes to what the string or key must be; false if nothing can follow.
bool Machine::feed(State& s, const uint8_t* bytes, int n, bool began) {
  if (s.mode == kKey) return feed_key(s, bytes, n);
  if (s.mode == kLanguages) {
    std::vector<uint32_t> exprs = vectors_[s.a];
    std::vector<uint32_t> verdicts;
    for (uint32_t& e : exprs) {
      for (int i = 0; i < n; ++i) e = grammar_.exprs.step(e, bytes[i]);
      verdicts.push_back(e == kEmpty ? kFalse : e == kAll ? kTrue : kOpen);
    }
    s.a = vectors_.intern(exprs);
    return feasible(s.frame, verdicts) && !grammar_.exprs.is_empty(language_of(s.frame, exprs));
  }
  if (began) {
    if (s.c == 0) return false;
    if (s.b) --s.b;
    if (s.c != kUnbounded) --s.c;
  }
  if (s.mode == kFree) return true;
  for (int i = 0; i < n; ++i) s.a = grammar_.exprs.step(s.a, bytes[i]);
  if (s.a == kEmpty) return false;
  return (s.b == 0 && s.c == kUnbounded) || grammar_.exprs.has_length_between(s.a, s.b, s.c);
}

// The strings whose verdicts on the languages the frames around them can live with, as one language: every combination of
// verdicts that is feasible, united. Past a few open languages that is given up, and every string counts as possible.
ExprId Machine::language_of(uint32_t frame, const std::vector<uint32_t>& exprs) {
  constexpr size_t kMost = 4;
  ExprTable& table = grammar_.exprs;
  std::vector<size_t> open;
  for (size_t i = 0; i < exprs.size(); ++i)
    if (exprs[i] != kEmpty && exprs[i] != kAll) open.push_back(i);
  if (open.size() > kMost) return kAll;
  std::vector<ExprId> united;
  bool all = true;
  for (uint32_t wanted = 1u << open.size(); wanted-- > 0;) {
    std::vector<uint32_t> verdicts;
    std::vector<ExprId> parts;
    for (uint32_t e : exprs) verdicts.push_back(e == kAll ? kTrue : kFalse);
    for (size_t j = 0; j < open.size(); ++j) {
      const bool holds = wanted >> j & 1;
      verdicts[open[j]] = holds ? kTrue : kFalse;
      parts.push_back(holds ? exprs[open[j]] : table.complement(exprs[open[j]]));
    }
    if (may_end(frame, verdicts)) united.push_back(table.conjoin(std::move(parts)));
    else all = false;
  }
  return all ? kAll : table.alternate(std::move(united));
}

StateId Machine::close_string(const State& s) {
  if (s.mode == kLanguages) {
    std::vector<uint32_t> verdicts;
    for (uint32_t e : vectors_[s.a]) verdicts.push_back(grammar_.exprs.nullable(e) ? kTrue : kFalse);
    return may_end(s.frame, verdicts) ? close_value(s.frame, s.recorded, verdicts) : 0;
  }
  if (s.b > 0) return 0;
  if (s.mode == kLanguage && !grammar_.exprs.nullable(s.a)) return 0;
  return close_value(s.frame, s.recorded, vectors_[s.verdicts]);
}

StateId Machine::after_string(const State& s) {
  return close_value(s.frame, s.recorded, vectors_[s.verdicts]);
}

StateId Machine::after_string(const State& s, const std::vector<uint32_t>& verdicts) {
  return may_end(s.frame, verdicts) ? close_value(s.frame, s.recorded, verdicts) : 0;
}

}  // namespace typeloom
