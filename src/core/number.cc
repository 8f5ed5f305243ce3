// The automaton: lexical positions, states made of what each constraint still has to know, rows filled on first use.
//
// Theory of operation. A state keeps a representative of the texts that lead to it (the first one met) and, for each
// constraint, a *rest*: dead, sure, or open with the atoms that are still live. Its key is the lexical position and the
// keys of the open rests; equal keys mean equal residual languages, so a representative is as good as any other text,
// and a step is: append the byte to the representative, judge every open rest anew, intern the key. Where no rest is
// open the digits are forgotten, which leaves an unconstrained number with a dozen states.
// Behind an 'e' only the exponent counts: each rest shrinks to the ranges of exponents that satisfy it.
//
// Invariants. State 0 is dead. A state other than 0 has a live constraint. Rows hold kUnknown until filled.
#include "number.h"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>
#include <unordered_map>

#include "number_set.h"
#include "regex.h"  // LimitExceeded

namespace typeloom {

namespace {

enum class Place : uint8_t { kStart, kMinus, kZero, kInteger, kPoint, kFraction, kExponent, kExponentSign, kExponentDigits };

constexpr uint32_t kUnknown = UINT32_MAX;
constexpr size_t kClasses = 15;  // ten digits . e E + -
constexpr std::string_view kBytes = "0123456789.eE+-";

std::array<uint8_t, 256> make_classes() {
  std::array<uint8_t, 256> classes;
  classes.fill(kClasses);
  for (size_t i = 0; i < kBytes.size(); ++i) classes[static_cast<uint8_t>(kBytes[i])] = static_cast<uint8_t>(i);
  return classes;
}

bool is_complete(Place place) {
  return place == Place::kZero || place == Place::kInteger || place == Place::kFraction || place == Place::kExponentDigits;
}

bool in_exponent(Place place) { return place >= Place::kExponent; }

// JSON's number grammar (RFC 8259, section 6); false if the byte is refused.
bool advance(Place place, char byte, Place* next) {
  const bool digit = byte >= '0' && byte <= '9', mark = byte == 'e' || byte == 'E';
  switch (place) {
    case Place::kStart:
    case Place::kMinus:
      *next = byte == '-' ? Place::kMinus : byte == '0' ? Place::kZero : Place::kInteger;
      return digit || (byte == '-' && place == Place::kStart);
    case Place::kZero:
    case Place::kInteger:
      *next = byte == '.' ? Place::kPoint : mark ? Place::kExponent : Place::kInteger;
      return byte == '.' || mark || (digit && place == Place::kInteger);
    case Place::kPoint:
    case Place::kFraction:
      *next = digit ? Place::kFraction : Place::kExponent;
      return digit || (mark && place == Place::kFraction);
    case Place::kExponent:
      *next = digit ? Place::kExponentDigits : Place::kExponentSign;
      return digit || byte == '+' || byte == '-';
    case Place::kExponentSign:
    case Place::kExponentDigits:
      *next = Place::kExponentDigits;
      return digit;
  }
  return false;
}

using Range = std::pair<int64_t, int64_t>;

enum class Verdict : uint8_t { kDead, kSure, kOpen };

struct Rest {
  Verdict verdict = Verdict::kDead;
  bool holds = false;
  std::vector<uint32_t> atoms;       // live ones, before the exponent
  std::vector<Range> ranges;         // exponents that satisfy, sorted, with gaps between; behind an 'e'
  uint32_t first = 0, last = 0;      // canonical enumerations: the texts that begin so
};

struct State {
  uint32_t job = 0;
  Place place = Place::kStart;
  bool negative = false, exponent_negative = false;
  int64_t exponent = 0;              // absolute, saturated; 0 where no rest is open
  int exponent_digits = 0;           // counted in canonical spelling only
  size_t length = 0;                 // bytes read, counted while an enumeration of texts is open
  std::string digits;                // of the representative's mantissa, without point and leading zeros
  int64_t places = 0;
  std::vector<Rest> rests;
  uint64_t live = 0, sure = 0, holds = 0;
};

std::vector<Range> merge_ranges(std::vector<Range> ranges) {
  std::sort(ranges.begin(), ranges.end());
  std::vector<Range> merged;
  for (const Range& range : ranges) {
    if (range.first > range.second) continue;
    if (!merged.empty() && range.first <= merged.back().second + 1) {
      merged.back().second = std::max(merged.back().second, range.second);
    } else {
      merged.push_back(range);
    }
  }
  return merged;
}

struct VectorHash {
  size_t operator()(const std::vector<uint32_t>& values) const {
    size_t hash = values.size();
    for (uint32_t value : values) hash = (hash ^ value) * 0x9E3779B97F4A7C15ull;
    return hash;
  }
};

}  // namespace

struct NumberTable::Impl {
  Spelling spelling;
  size_t max_states;
  std::array<uint8_t, 256> classes = make_classes();
  std::vector<NumberSet> sets;
  std::vector<std::vector<NumberId>> jobs;
  std::unordered_map<std::vector<uint32_t>, NumberJob, VectorHash> job_ids;
  std::vector<NumberState> starts;
  std::vector<State> states;
  std::vector<uint32_t> rows;
  std::unordered_map<std::string, NumberState> ids;
  std::vector<std::map<uint64_t, uint32_t>> shortest;
  size_t bytes = 0;

  Impl(Spelling given, size_t limit) : spelling(given), max_states(limit) {
    states.emplace_back();
    shortest.emplace_back();
    rows.assign(kClasses + 1, 0);
  }

  bool canonical() const { return spelling == Spelling::kCanonical; }
  bool by_digits(const NumberSet& set) const { return set.digits_only || (set.integer && canonical()); }

  // "-0", which is digits alone too, but not what a writer makes of an integer.
  bool negative_zero_lives(const NumberSet& set, const State& state, const Atom& atom) const {
    const bool spelt = set.integer && canonical();
    return !spelt && state.negative && (state.place == Place::kMinus || state.place == Place::kZero) &&
           atom.contains(Signed());
  }

  Mantissa mantissa_of(const State& state) const {
    Mantissa mantissa;
    mantissa.digits = state.digits;
    mantissa.places = state.places;
    mantissa.integer_part = state.place <= Place::kMinus || state.place == Place::kInteger;
    mantissa.highest = canonical() ? kCanonicalExponent : kInfinite;
    mantissa.lowest = -mantissa.highest;
    return mantissa;
  }

  // ---- judging one rest; each fills in verdict and holds

  void judge_texts(const NumberSet& set, const State& state, Rest* rest) const {
    rest->verdict = rest->first < rest->last ? Verdict::kOpen : Verdict::kDead;
    rest->holds = rest->first < rest->last && set.texts[rest->first].first.size() == state.length;
  }

  static void narrow_texts(const NumberSet& set, size_t position, char byte, Rest* rest) {
    auto begin = set.texts.begin() + rest->first, end = set.texts.begin() + rest->last;
    auto at = [position](const std::string& text) { return position < text.size() ? text[position] : '\0'; };
    rest->first = static_cast<uint32_t>(
        std::partition_point(begin, end, [&](const auto& entry) { return at(entry.first) < byte; }) - set.texts.begin());
    rest->last = static_cast<uint32_t>(
        std::partition_point(begin, end, [&](const auto& entry) { return at(entry.first) <= byte; }) - set.texts.begin());
  }

  void judge_integer(const NumberSet& set, const State& state, Rest* rest) const {
    rest->verdict = Verdict::kDead;
    if (state.place > Place::kInteger) return;
    const bool negative_zero = state.place == Place::kZero && state.negative;
    const std::string digits = state.place == Place::kZero ? "0" : state.digits;
    auto dies = [&](uint32_t index) {
      const Atom& atom = set.atoms[index];
      if (negative_zero_lives(set, state, atom)) return false;
      if (negative_zero) return true;
      const bool other_sign = state.place == Place::kStart && integer_live(atom, atom.half[1], digits);
      return !other_sign && !integer_live(atom, atom.half[state.negative], digits);
    };
    rest->atoms.erase(std::remove_if(rest->atoms.begin(), rest->atoms.end(), dies), rest->atoms.end());
    if (rest->atoms.empty()) return;
    rest->verdict = Verdict::kOpen;  // never sure: a fraction could follow
    if (!is_complete(state.place)) return;
    const Signed value{state.negative && !negative_zero, Magnitude::of(state.digits, 0)};
    rest->holds = std::any_of(rest->atoms.begin(), rest->atoms.end(),
                              [&](uint32_t index) { return set.atoms[index].contains(value); });
  }

  void judge_mantissa(const NumberSet& set, const State& state, Rest* rest) const {
    const Mantissa mantissa = mantissa_of(state);
    bool sure = false;
    auto dies = [&](uint32_t index) {
      const Atom& atom = set.atoms[index];
      Status verdict = status(atom, atom.half[state.negative], mantissa);
      if (state.place == Place::kStart) {
        Status other = status(atom, atom.half[1], mantissa);
        verdict = {verdict.live || other.live, verdict.sure && other.sure};
      }
      sure = sure || verdict.sure;
      return !verdict.live;
    };
    rest->atoms.erase(std::remove_if(rest->atoms.begin(), rest->atoms.end(), dies), rest->atoms.end());
    rest->verdict = sure ? Verdict::kSure : rest->atoms.empty() ? Verdict::kDead : Verdict::kOpen;
    if (!is_complete(state.place)) return;
    const Magnitude value = mantissa.value();
    const Signed number{state.negative && !value.is_zero(), value};
    rest->holds = std::any_of(rest->atoms.begin(), rest->atoms.end(),
                              [&](uint32_t index) { return set.atoms[index].contains(number); });
  }

  // The exponents that can still be written, as ranges; the first is the one written so far, if there is one.
  void reachable(const State& state, int64_t beyond, std::vector<Range>* out) const {
    const int64_t end = canonical() ? kCanonicalExponent : kInfinite;
    if (state.place == Place::kExponent) {
      out->push_back({-end, end});
    } else if (state.place == Place::kExponentSign || (!canonical() && state.exponent == 0)) {
      out->push_back(state.exponent_negative ? Range{-end, 0} : Range{0, end});
    } else {
      int64_t low = state.exponent, high = state.exponent;
      for (int count = state.exponent_digits;; ++count) {
        out->push_back(state.exponent_negative ? Range{-high, -low} : Range{low, high});
        if (canonical() ? count == kCanonicalExponentDigits : low > beyond) break;
        low = low * 10;
        high = high * 10 + 9;
      }
    }
  }

  void judge_exponent(const State& state, Rest* rest) const {
    int64_t beyond = 0;
    for (const Range& range : rest->ranges) {
      for (int64_t end : {range.first, range.second}) {
        if (std::abs(end) < kInfinite) beyond = std::max(beyond, std::abs(end));
      }
    }
    std::vector<Range> ahead;
    reachable(state, beyond, &ahead);
    bool some = false, all = true;
    for (const Range& reach : ahead) {
      bool inside = false;
      for (const Range& range : rest->ranges) {
        some = some || (reach.first <= range.second && range.first <= reach.second);
        inside = inside || (range.first <= reach.first && reach.second <= range.second);
      }
      all = all && inside;
    }
    rest->verdict = all ? Verdict::kSure : some ? Verdict::kOpen : Verdict::kDead;
    if (state.place != Place::kExponentDigits) return;
    const int64_t exponent = state.exponent_negative ? -state.exponent : state.exponent;
    rest->holds = std::any_of(rest->ranges.begin(), rest->ranges.end(), [&](const Range& range) {
      return range.first <= exponent && exponent <= range.second;
    });
  }

  void enter_exponent(const NumberSet& set, const State& state, Rest* rest) const {
    const Magnitude value = Magnitude::of(state.digits, -state.places);
    for (uint32_t index : rest->atoms) {
      const Atom& atom = set.atoms[index];
      rest->ranges.push_back(exponents(atom, atom.half[state.negative], value));
    }
    rest->ranges = merge_ranges(rest->ranges);
    rest->atoms.clear();
  }

  void judge(const NumberSet& set, const State& state, Rest* rest) const {
    rest->holds = false;
    if (rest->verdict == Verdict::kOpen) {
      if (set.has_texts) {
        judge_texts(set, state, rest);
      } else if (by_digits(set)) {
        judge_integer(set, state, rest);
      } else if (in_exponent(state.place)) {
        if (state.place == Place::kExponent) enter_exponent(set, state, rest);
        judge_exponent(state, rest);
      } else {
        judge_mantissa(set, state, rest);
      }
    }
    if (rest->verdict == Verdict::kSure) rest->holds = is_complete(state.place);
    if (rest->verdict != Verdict::kOpen) {
      const bool holds = rest->holds;
      const Verdict verdict = rest->verdict;
      *rest = Rest();
      rest->verdict = verdict;
      rest->holds = holds;
    }
  }

  // ---- states

  // Judges every rest, forgets what no open rest needs, and interns.
  NumberState intern(State&& state) {
    const std::vector<NumberId>& job = jobs[state.job];
    bool open = false, by_value = false, by_text = false;
    for (size_t i = 0; i < job.size(); ++i) {
      Rest& rest = state.rests[i];
      judge(sets[job[i]], state, &rest);
      const uint64_t bit = uint64_t{1} << i;
      if (rest.verdict != Verdict::kDead) state.live |= bit;
      if (rest.verdict == Verdict::kSure) state.sure |= bit;
      if (rest.holds) state.holds |= bit;
      if (rest.verdict != Verdict::kOpen) continue;
      open = true;
      (sets[job[i]].has_texts ? by_text : by_value) = true;
    }
    if (state.live == 0) return 0;
    if (!by_value || in_exponent(state.place)) {
      state.digits.clear();
      state.places = 0;
    }
    if (!by_value) {
      state.negative = state.exponent_negative = false;
      state.exponent = 0;
    }
    if (in_exponent(state.place)) state.negative = false;
    if (!by_text) state.length = 0;

    std::string key = make_key(state, open);
    auto known = ids.find(key);
    if (known != ids.end()) return known->second;
    if (states.size() >= max_states) throw LimitExceeded{"states of the number automaton", states.size()};
    const NumberState id = static_cast<NumberState>(states.size());
    bytes += key.size() + sizeof(State) + state.digits.size() + state.rests.size() * sizeof(Rest) + 100;
    for (const Rest& rest : state.rests) bytes += rest.atoms.size() * 4 + rest.ranges.size() * sizeof(Range);
    ids.emplace(std::move(key), id);
    states.push_back(std::move(state));
    shortest.emplace_back();
    rows.resize(rows.size() + kClasses, kUnknown);
    rows.push_back(0);  // every byte that no number contains
    return id;
  }

  std::string make_key(const State& state, bool open) const {
    std::string key;
    auto number = [&key](int64_t value) { key.append(std::to_string(value)).push_back(','); };
    number(state.job);
    number(static_cast<int64_t>(state.place));
    number(state.exponent_digits);
    for (const Rest& rest : state.rests) key.push_back("DSO"[static_cast<size_t>(rest.verdict)]);
    key.push_back(state.negative ? '-' : '+');
    key.push_back(state.exponent_negative ? '-' : '+');
    number(state.exponent);
    if (!open) return key;
    const std::vector<NumberId>& job = jobs[state.job];
    const Mantissa mantissa = mantissa_of(state);
    for (size_t i = 0; i < job.size(); ++i) {
      const Rest& rest = state.rests[i];
      if (rest.verdict != Verdict::kOpen) continue;
      const NumberSet& set = sets[job[i]];
      key.push_back(';');
      if (set.has_texts) {
        number(static_cast<int64_t>(state.length));
        number(rest.first);
        number(rest.last);
        continue;
      }
      for (const Range& range : rest.ranges) {
        number(range.first);
        number(range.second);
      }
      for (uint32_t index : rest.atoms) {
        const Atom& atom = set.atoms[index];
        const Half& half = atom.half[state.negative];
        key.push_back('a');
        number(index);
        if (state.place <= Place::kMinus) continue;
        if (by_digits(set)) {
          append_integer_key(atom, half, state.place == Place::kZero ? "0" : state.digits, &key);
        } else {
          append_key(atom, half, mantissa, &key);
        }
      }
    }
    return key;
  }

  NumberState make_start(NumberJob job) {
    State state;
    state.job = job;
    for (NumberId id : jobs[job]) {
      const NumberSet& set = sets[id];
      Rest rest;
      rest.verdict = Verdict::kOpen;
      rest.last = static_cast<uint32_t>(set.texts.size());
      if (!set.has_texts) {
        for (uint32_t i = 0; i < set.atoms.size(); ++i) rest.atoms.push_back(i);
      }
      state.rests.push_back(std::move(rest));
    }
    return intern(std::move(state));
  }

  int64_t saturation(const State& state) const {  // an exponent past this is past every finite end
    int64_t most = 0;
    for (const Rest& rest : state.rests) {
      for (const Range& range : rest.ranges) {
        for (int64_t end : {range.first, range.second}) {
          if (std::abs(end) < kInfinite) most = std::max(most, std::abs(end));
        }
      }
    }
    return most + 1;
  }

  NumberState compute(NumberState from, char byte) {
    Place place;
    if (!advance(states[from].place, byte, &place)) return 0;
    if (canonical() && byte == 'E') return 0;
    State next = states[from];
    const bool digit = byte >= '0' && byte <= '9';
    next.live = next.sure = next.holds = 0;
    next.place = place;
    const std::vector<NumberId>& job = jobs[next.job];
    for (size_t i = 0; i < job.size(); ++i) {
      const NumberSet& set = sets[job[i]];
      if (set.has_texts && next.rests[i].verdict == Verdict::kOpen) narrow_texts(set, next.length, byte, &next.rests[i]);
    }
    ++next.length;
    if (place == Place::kMinus) next.negative = true;
    if (digit && !in_exponent(place)) {
      if (place == Place::kFraction) ++next.places;
      if (byte != '0' || !next.digits.empty()) next.digits += byte;
    }
    if (place == Place::kExponentSign) next.exponent_negative = byte == '-';
    if (place == Place::kExponentDigits) {
      if (canonical() && ++next.exponent_digits > kCanonicalExponentDigits) return 0;
      next.exponent = std::min(next.exponent * 10 + (byte - '0'), saturation(next));
    }
    return intern(std::move(next));
  }

  NumberState step(NumberState from, uint8_t byte) {
    const size_t cell = static_cast<size_t>(from) * (kClasses + 1) + classes[byte];
    const uint32_t known = rows[cell];
    if (known != kUnknown) return known;
    const NumberState next = compute(from, static_cast<char>(byte));
    rows[cell] = next;
    return next;
  }

  // For canonical integers alone the distance is arithmetic: a large multiple_of has as many states as remainders.
  bool integers_only(const State& state, uint64_t which) const {
    for (size_t i = 0; i < state.rests.size(); ++i) {
      if (!(which >> i & 1)) continue;
      const NumberSet& set = sets[jobs[state.job][i]];
      if (!by_digits(set) || set.has_texts || state.rests[i].verdict != Verdict::kOpen) return false;
    }
    return true;
  }

  uint32_t shortest_integer(const State& state, uint64_t which) const {
    uint32_t best = UINT32_MAX;
    const std::string digits = state.place == Place::kZero ? "0" : state.digits;
    for (size_t i = 0; i < state.rests.size(); ++i) {
      if (!(which >> i & 1)) continue;
      for (uint32_t index : state.rests[i].atoms) {
        const NumberSet& set = sets[jobs[state.job][i]];
        const Atom& atom = set.atoms[index];
        if (negative_zero_lives(set, state, atom)) best = std::min<uint32_t>(best, state.place == Place::kMinus);
        if (state.place == Place::kZero && state.negative) continue;
        best = std::min(best, integer_shortest(atom, atom.half[state.negative], digits));
        if (state.place != Place::kStart) continue;
        const uint32_t negative = integer_shortest(atom, atom.half[1], digits);
        if (negative != UINT32_MAX) best = std::min(best, negative + 1);
      }
    }
    return best;
  }

  uint32_t search(NumberState from, uint64_t which) {  // breadth first; every level is one byte
    if (integers_only(states[from], which)) return shortest_integer(states[from], which);
    std::vector<NumberState> level{from};
    std::unordered_map<NumberState, bool> seen{{from, true}};
    for (uint32_t distance = 0; !level.empty(); ++distance) {
      for (NumberState state : level) {
        if (states[state].holds & which) return distance;
      }
      std::vector<NumberState> next_level;
      for (NumberState state : level) {
        for (char byte : kBytes) {
          const NumberState next = step(state, static_cast<uint8_t>(byte));
          if (next != 0 && (states[next].live & which) && seen.emplace(next, true).second) next_level.push_back(next);
        }
      }
      level = std::move(next_level);
    }
    return UINT32_MAX;
  }
};

NumberTable::NumberTable(Spelling spelling, size_t max_states) : impl_(new Impl(spelling, max_states)) {}
NumberTable::~NumberTable() = default;

NumberId NumberTable::add(const NumberConstraint& constraint) {
  impl_->sets.push_back(read_constraint(constraint, impl_->spelling));
  return static_cast<NumberId>(impl_->sets.size() - 1);
}

NumberId NumberTable::intersect(NumberId a, NumberId b) {
  NumberSet both = intersect_sets(impl_->sets.at(a), impl_->sets.at(b), impl_->spelling);
  impl_->sets.push_back(std::move(both));
  return static_cast<NumberId>(impl_->sets.size() - 1);
}

bool NumberTable::satisfiable(NumberId id) { return start(job({id})) != 0; }

NumberJob NumberTable::job(const std::vector<NumberId>& constraints) {
  if (constraints.size() > 64) throw LimitExceeded{"constraints on one number", constraints.size()};
  auto [place, added] = impl_->job_ids.emplace(constraints, static_cast<NumberJob>(impl_->jobs.size()));
  if (added) {
    impl_->jobs.push_back(constraints);
    impl_->starts.push_back(kUnknown);
  }
  return place->second;
}

NumberState NumberTable::start(NumberJob job) {
  NumberState& known = impl_->starts.at(job);
  if (known == kUnknown) known = impl_->make_start(job);
  return known;
}

NumberState NumberTable::step(NumberState state, uint8_t byte) { return impl_->step(state, byte); }

bool NumberTable::complete(NumberState state) const { return state != 0 && is_complete(impl_->states[state].place); }

uint64_t NumberTable::live(NumberState state) { return impl_->states[state].live; }
uint64_t NumberTable::sure(NumberState state) { return impl_->states[state].sure; }
uint64_t NumberTable::holds(NumberState state) { return impl_->states[state].holds; }

uint32_t NumberTable::min_bytes(NumberState state, uint64_t which) {
  which &= impl_->states[state].live;
  if (which == 0) return UINT32_MAX;
  auto known = impl_->shortest[state].find(which);
  if (known != impl_->shortest[state].end()) return known->second;
  const uint32_t found = impl_->search(state, which);
  impl_->shortest[state][which] = found;
  return found;
}

size_t NumberTable::n_states() const { return impl_->states.size(); }

size_t NumberTable::memory_bytes() const { return impl_->bytes + impl_->rows.size() * sizeof(uint32_t); }

}  // namespace typeloom
