#include "number_set.h"

#include <algorithm>
#include <stdexcept>

#include "regex.h"  // LimitExceeded

namespace typeloom {

namespace {

// ---- reading a constraint

Lattice lattice_of(const Magnitude& step) {
  Lattice lattice;
  lattice.present = true;
  lattice.step = step;
  lattice.modulus = BigInt::from_digits(step.digits);
  for (BigInt rest = lattice.modulus; rest.divide_small(2) == 0; ++lattice.twos) {
  }
  for (BigInt rest = lattice.modulus; rest.divide_small(5) == 0; ++lattice.fives) {
  }
  return lattice;
}

Edge edge_of(const Bound& bound) { return {bound.present, bound.open, bound.value.magnitude}; }

// `side` is -1 for a low bound, 1 for a high one: the tighter of two.
Bound tighter(const Bound& a, const Bound& b, int side) {
  if (!a.present) return b;
  if (!b.present) return a;
  int order = Signed::compare(a.value, b.value) * side;
  if (order == 0) return a.open ? a : b;
  return order < 0 ? a : b;
}

Half half_of(const Bound& low, const Bound& high) {  // magnitudes of the numbers that are not negative
  Half half;
  const Signed zero;
  if (high.present) {
    int order = Signed::compare(high.value, zero);
    half.empty = order < 0 || (order == 0 && high.open);
    half.high = edge_of(high);
  }
  if (low.present) {
    int order = Signed::compare(low.value, zero);
    if (order > 0 || (order == 0 && low.open)) half.low = edge_of(low);
  }
  if (!half.empty && half.low.present && half.high.present) {
    int order = Magnitude::compare(half.low.value, half.high.value);
    half.empty = order > 0 || (order == 0 && (half.low.open || half.high.open));
  }
  return half;
}

std::string floor_digits(const Magnitude& value, bool* exact) {
  *exact = value.is_zero() || value.exponent >= 0;
  if (*exact) return value.whole(0);
  int64_t count = value.leading() + 1;
  return count <= 0 ? "0" : value.digits.substr(0, static_cast<size_t>(count));
}

std::string decrement(std::string digits) {  // of a natural number that is not zero
  for (size_t i = digits.size(); i-- > 0;) {
    if (digits[i] != '0') {
      --digits[i];
      break;
    }
    digits[i] = '9';
  }
  return digits.size() > 1 && digits[0] == '0' ? digits.substr(1) : digits;
}

int compare_whole(const std::string& a, const std::string& b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  int order = a.compare(b);
  return order < 0 ? -1 : order > 0;
}

void find_integer_ends(Half* half, bool negative) {
  half->integer_empty = half->empty;
  if (half->empty) return;
  bool exact = true;
  if (half->low.present) {
    std::string digits = floor_digits(half->low.value, &exact);
    half->integer_low = exact && !half->low.open ? digits : increment(digits);
  }
  if (negative && half->integer_low.empty()) half->integer_low = "1";
  if (half->high.present) {
    std::string digits = floor_digits(half->high.value, &exact);
    if (exact && half->high.open) digits = decrement(digits);
    if (static_cast<int64_t>(digits.size()) <= kCanonicalIntegerDigits) half->integer_high = digits;
  }
  if (static_cast<int64_t>(half->integer_low.size()) > kCanonicalIntegerDigits) half->integer_empty = true;
  if (!half->integer_low.empty() && !half->integer_high.empty() &&
      compare_whole(half->integer_low, half->integer_high) > 0) {
    half->integer_empty = true;
  }
}

bool finish(Atom* atom) {  // fills in what is derived; false if the atom is plainly empty
  Bound mirrored_low = atom->high, mirrored_high = atom->low;
  for (Bound* bound : {&mirrored_low, &mirrored_high}) {
    bound->value.negative = !bound->value.magnitude.is_zero() && !bound->value.negative;
  }
  atom->half[0] = half_of(atom->low, atom->high);
  atom->half[1] = half_of(mirrored_low, mirrored_high);
  for (int sign = 0; sign < 2; ++sign) find_integer_ends(&atom->half[sign], sign == 1);
  return !(atom->half[0].empty && atom->half[1].empty);
}

bool meet(const Atom& a, const Atom& b, Atom* out) {
  out->low = tighter(a.low, b.low, -1);
  out->high = tighter(a.high, b.high, 1);
  if (a.lattice.present && b.lattice.present) {
    out->lattice = lattice_of(least_common_multiple(a.lattice.step, b.lattice.step));
  } else {
    out->lattice = a.lattice.present ? a.lattice : b.lattice;
  }
  return finish(out);
}

Bound bound_at(const Signed& value, bool open) { return {true, open, value}; }

Signed power_of_ten(bool negative, int64_t exponent) { return {negative, Magnitude::of("1", exponent)}; }

// Whether `inner` adds nothing to `outer`: same lattice, interval inside.
bool subsumes(const Atom& outer, const Atom& inner) {
  if (outer.lattice.present != inner.lattice.present) return false;
  if (outer.lattice.present && Magnitude::compare(outer.lattice.step, inner.lattice.step) != 0) return false;
  auto inside = [](const Bound& out, const Bound& in, int side) {
    if (!out.present) return true;
    if (!in.present) return false;
    int order = Signed::compare(in.value, out.value) * side;
    return order < 0 || (order == 0 && (in.open || !out.open));
  };
  return inside(outer.low, inner.low, -1) && inside(outer.high, inner.high, 1);
}

constexpr size_t kSmallUnion = 256;  // enumerations are points and need no pruning

void prune(std::vector<Atom>* atoms) {
  if (atoms->size() > kSmallUnion) return;
  std::vector<Atom> kept;
  for (size_t i = 0; i < atoms->size(); ++i) {
    bool needed = true;
    for (size_t j = 0; j < atoms->size() && needed; ++j) {
      if (i == j || !subsumes((*atoms)[j], (*atoms)[i])) continue;
      needed = subsumes((*atoms)[i], (*atoms)[j]) && i < j;  // equal ones: the first stays
    }
    if (needed) kept.push_back((*atoms)[i]);
  }
  *atoms = kept;
}

std::vector<Atom> meet_unions(const std::vector<Atom>& a, const std::vector<Atom>& b) {
  std::vector<Atom> result;
  for (const Atom& x : a) {
    for (const Atom& y : b) {
      Atom both;
      if (meet(x, y, &both)) result.push_back(both);
    }
  }
  prune(&result);
  return result;
}

// Pydantic counts the digits of the normalised Decimal: places after the point, and digits before it (zero has one) or,
// below one, the places alone. With both keywords at most max_digits - decimal_places digits stand before the point.
std::vector<Atom> digit_atoms(int max_digits, int decimal_places) {
  for (int count : {max_digits, decimal_places}) {
    if (count > kMaxDigitsKeyword) throw LimitExceeded{"max_digits or decimal_places", static_cast<size_t>(count)};
  }
  std::vector<Atom> atoms;
  if (max_digits < 0) {
    Atom atom;
    atom.lattice = lattice_of(Magnitude::of("1", -decimal_places));
    if (finish(&atom)) atoms.push_back(atom);
    return atoms;
  }
  const int most = decimal_places >= 0 ? std::min(decimal_places, max_digits) : max_digits;
  for (int places = decimal_places >= 0 ? most : 0; places <= most; ++places) {
    int whole = decimal_places >= 0 ? std::max(0, max_digits - decimal_places) : max_digits - places;
    for (int part = 0; part < (whole == 0 ? 2 : 1); ++part) {  // no digit before the point: zero itself is out
      Atom atom;
      if (max_digits == 0) return {};
      atom.lattice = lattice_of(Magnitude::of("1", -places));
      atom.low = whole == 0 && part == 0 ? bound_at({}, true) : bound_at(power_of_ten(true, whole), true);
      atom.high = whole == 0 && part == 1 ? bound_at({}, true) : bound_at(power_of_ten(false, whole), true);
      if (finish(&atom)) atoms.push_back(atom);
    }
  }
  prune(&atoms);
  return atoms;
}

Signed least_overflowing_double(bool negative) {  // 2^1024 - 2^970: halfway, ties to even rounds up to infinity
  BigInt power(1);
  for (int i = 0; i < 970; ++i) power = BigInt::add(power, power);
  return {negative, Magnitude::of(BigInt::multiply(power, BigInt((uint64_t{1} << 54) - 1)).digits(), 0)};
}

// ---- canonical texts of an enumerated value

constexpr int64_t kLongestPlain = 400;

void append_texts(const std::string& given, const Signed& value, bool integer, std::vector<std::string>* texts) {
  const Magnitude& m = value.magnitude;
  const std::string sign = value.negative ? "-" : "";
  const bool whole = m.is_zero() || m.exponent >= 0;
  const int64_t longest = integer ? kCanonicalIntegerDigits - 1 : kLongestPlain;
  const bool plain = m.is_zero() || (m.leading() <= longest && (integer || m.exponent >= -kLongestPlain));
  if (integer) {
    if (whole && plain) texts->push_back(sign + m.plain());
    return;
  }
  if (plain) texts->push_back(sign + m.plain());
  if (plain && whole && given.find('.') != std::string::npos) texts->push_back(sign + m.plain() + ".0");
  std::string lower = given;
  std::replace(lower.begin(), lower.end(), 'E', 'e');
  texts->push_back(lower);
  if (!m.is_zero() && (m.leading() < -4 || m.leading() >= 16 || !plain)) {  // as repr() and JSON dumps write floats
    std::string mantissa = m.digits.substr(0, 1) + (m.digits.size() > 1 ? "." + m.digits.substr(1) : "");
    std::string power = std::to_string(std::abs(m.leading()));
    for (const char* mark : {"e+", "e-", "e"}) {
      if ((mark[1] == '-') != (m.leading() < 0)) continue;
      texts->push_back(sign + mantissa + mark + power);
      if (power.size() == 1) texts->push_back(sign + mantissa + mark + "0" + power);
    }
  }
}

bool canonical_lexis(const std::string& text) {  // a JSON number with at most three exponent digits
  size_t at = 0;
  auto digits = [&] {
    size_t begin = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return at - begin;
  };
  if (at < text.size() && text[at] == '-') ++at;
  if (at < text.size() && text[at] == '0') {
    ++at;
  } else if (digits() == 0) {
    return false;
  }
  if (at < text.size() && text[at] == '.' && (++at, digits() == 0)) return false;
  if (at < text.size() && text[at] == 'e') {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    size_t count = digits();
    if (count == 0 || count > static_cast<size_t>(kCanonicalExponentDigits)) return false;
  }
  return at == text.size();
}

}  // namespace

bool Atom::contains(const Signed& value) const {
  auto refuses = [&](const Bound& bound, int side) {
    if (!bound.present) return false;
    int order = Signed::compare(value, bound.value) * side;
    return order > 0 || (order == 0 && bound.open);
  };
  if (refuses(low, -1) || refuses(high, 1)) return false;
  return !lattice.present || value.magnitude.is_zero() || is_multiple(value.magnitude, lattice.step);
}

bool NumberSet::contains(const Signed& value) const {
  return std::any_of(atoms.begin(), atoms.end(), [&](const Atom& atom) { return atom.contains(value); });
}

NumberSet read_constraint(const NumberConstraint& given, Spelling spelling) {
  NumberSet set;
  if (given.by_value) spelling = Spelling::kAny;
  set.integer = given.integer && !given.by_value;
  set.digits_only = given.digits_only;
  Atom whole;
  if (given.has_minimum) whole.low = bound_at(parse_decimal(given.minimum, kMaxSchemaDigits), given.exclusive_minimum);
  if (given.has_maximum) whole.high = bound_at(parse_decimal(given.maximum, kMaxSchemaDigits), given.exclusive_maximum);
  if (given.integer) whole.lattice = lattice_of(Magnitude::of("1", 0));
  for (const std::string& text : given.multiple_of) {
    Signed step = parse_decimal(text, kMaxSchemaDigits);
    if (step.negative || step.magnitude.is_zero()) throw std::invalid_argument("multiple_of must be positive: " + text);
    whole.lattice = lattice_of(whole.lattice.present ? least_common_multiple(whole.lattice.step, step.magnitude)
                                                     : step.magnitude);
  }
  if (finish(&whole)) set.atoms.push_back(whole);
  if (given.finite_double) {
    static const Atom doubles = [] {  // 309 digits at both ends: made once a process
      Atom range;
      range.low = bound_at(least_overflowing_double(true), true);
      range.high = bound_at(least_overflowing_double(false), true);
      finish(&range);
      return range;
    }();
    const bool unbounded = set.atoms.size() == 1 && !given.has_minimum && !given.has_maximum && !whole.lattice.present;
    set.atoms = unbounded ? std::vector<Atom>{doubles} : meet_unions(set.atoms, {doubles});
  }
  if (given.max_digits >= 0 || given.decimal_places >= 0) {
    set.atoms = meet_unions(set.atoms, digit_atoms(given.max_digits, given.decimal_places));
  }
  if (!given.has_values) return set;

  std::vector<Atom> points;
  for (const std::string& text : given.values) {
    Signed value = parse_decimal(text, kMaxSchemaDigits);
    if (!set.contains(value)) continue;
    Atom point;
    point.low = point.high = bound_at(value, false);
    finish(&point);
    points.push_back(point);
    std::vector<std::string> spelled;
    if (spelling == Spelling::kCanonical) append_texts(text, value, given.integer, &spelled);
    for (std::string& one : spelled) {
      if (canonical_lexis(one)) set.texts.emplace_back(std::move(one), value);
    }
  }
  set.atoms = points;
  if (spelling == Spelling::kCanonical) {
    set.has_texts = true;
    auto by_text = [](const auto& a, const auto& b) { return a.first < b.first; };
    auto same_text = [](const auto& a, const auto& b) { return a.first == b.first; };
    std::sort(set.texts.begin(), set.texts.end(), by_text);
    set.texts.erase(std::unique(set.texts.begin(), set.texts.end(), same_text), set.texts.end());
  }
  return set;
}

NumberSet intersect_sets(const NumberSet& a, const NumberSet& b, Spelling spelling) {
  NumberSet both;
  both.integer = a.integer || b.integer;
  both.digits_only = a.digits_only || b.digits_only;
  both.atoms = meet_unions(a.atoms, b.atoms);
  if (spelling != Spelling::kCanonical || !(a.has_texts || b.has_texts)) return both;
  both.has_texts = true;
  const NumberSet& listed = a.has_texts ? a : b;
  const NumberSet& other = a.has_texts ? b : a;
  for (const auto& [text, value] : listed.texts) {
    if (other.integer && text.find_first_not_of("-0123456789") != std::string::npos) continue;
    if (other.integer && text == "-0") continue;
    bool held = other.contains(value);
    if (other.has_texts) {
      auto place = std::lower_bound(other.texts.begin(), other.texts.end(), text,
                                    [](const auto& entry, const std::string& key) { return entry.first < key; });
      held = place != other.texts.end() && place->first == text;
    }
    if (held) both.texts.emplace_back(text, value);
  }
  return both;
}

// ---- judging a prefix

std::pair<int64_t, int64_t> exponents(const Atom& atom, const Half& half, const Magnitude& value) {
  const std::pair<int64_t, int64_t> none{1, 0};
  if (half.empty) return none;
  if (value.is_zero()) return half.low.present ? none : std::pair{-kInfinite, kInfinite};
  auto shifted = [&](int64_t power) { return Magnitude{value.digits, value.exponent + power}; };
  int64_t first = -kInfinite, last = kInfinite;
  if (half.high.present) {
    if (half.high.value.is_zero()) return none;
    last = half.high.value.leading() - value.leading();
    int order = Magnitude::compare(shifted(last), half.high.value);
    if (order > 0 || (order == 0 && half.high.open)) --last;
  }
  if (half.low.present && !half.low.value.is_zero()) {
    first = half.low.value.leading() - value.leading();
    int order = Magnitude::compare(shifted(first), half.low.value);
    if (order < 0 || (order == 0 && half.low.open)) ++first;
  }
  if (atom.lattice.present) {
    // digits x 10^t is a multiple of the modulus from some t on, or never; digits has no trailing zero, so t >= 0.
    BigInt digits = BigInt::from_digits(value.digits), quotient, remainder;
    int64_t t = std::max(atom.lattice.twos, atom.lattice.fives);
    BigInt raised = BigInt::from_digits(value.digits + std::string(static_cast<size_t>(t), '0'));
    BigInt::divide(raised, atom.lattice.modulus, &quotient, &remainder);
    if (!remainder.is_zero()) return none;
    BigInt by_two = digits, by_five = digits;
    int twos = 0, fives = 0;
    while (twos < atom.lattice.twos && by_two.divide_small(2) == 0) ++twos;
    while (fives < atom.lattice.fives && by_five.divide_small(5) == 0) ++fives;
    t = std::max(atom.lattice.twos - twos, atom.lattice.fives - fives);
    first = std::max(first, t - value.exponent + atom.lattice.step.exponent);
  }
  return {first, last};
}

namespace {

// The completions at exponent shift j are the decimals in [digits x 10^j, (digits + 1) x 10^j).
bool zero_prefix_live(const Atom& atom, const Half& half, int64_t top) {
  if (!half.low.present) return true;
  Edge high = half.high;
  if (top < kInfinite) {
    Magnitude end = Magnitude::of("1", top);
    if (!high.present || Magnitude::compare(end, high.value) <= 0) high = {true, true, end};
  }
  if (atom.lattice.present) {
    return has_multiple_between(half.low.value, half.low.open, high.present ? &high.value : nullptr, high.open,
                                atom.lattice.step);
  }
  if (!high.present) return true;
  int order = Magnitude::compare(half.low.value, high.value);
  return order < 0 || (order == 0 && !half.low.open && !high.open);
}

bool prefix_live(const Atom& atom, const Half& half, const std::string& digits, int64_t bottom, int64_t top) {
  if (digits.empty()) return zero_prefix_live(atom, half, top);
  const std::string next = increment(digits);
  auto leading = [](const std::string& text) { return static_cast<int64_t>(text.size()) - 1; };
  if (half.high.present) {
    if (half.high.value.is_zero()) return false;
    int64_t j = half.high.value.leading() - leading(digits);
    int order = Magnitude::compare(Magnitude::of(digits, j), half.high.value);
    top = std::min(top, order > 0 || (order == 0 && half.high.open) ? j - 1 : j);
  }
  if (half.low.present && !half.low.value.is_zero()) {
    int64_t j = half.low.value.leading() - leading(next);
    bottom = std::max(bottom, Magnitude::compare(Magnitude::of(next, j), half.low.value) <= 0 ? j + 1 : j);
  }
  if (bottom > top) return false;
  if (!atom.lattice.present || top >= kInfinite) return true;
  for (int64_t j = top; j >= bottom; --j) {
    Magnitude begin = Magnitude::of(digits, j), end = Magnitude::of(next, j);
    if (Magnitude::compare(end, atom.lattice.step) <= 0) return false;  // all below the first multiple
    Edge low{true, false, begin}, high{true, true, end};
    if (half.low.present && Magnitude::compare(half.low.value, begin) >= 0) low = half.low;
    if (half.high.present && Magnitude::compare(half.high.value, end) < 0) high = half.high;
    if (has_multiple_between(low.value, low.open, &high.value, high.open, atom.lattice.step)) return true;
  }
  return false;
}

bool prefix_sure(const Atom& atom, const Half& half, const std::string& digits, int64_t bottom, int64_t top) {
  if (half.empty || atom.lattice.present) return false;
  if (half.high.present) {
    if (top >= kInfinite || half.high.value.is_zero()) return false;
    if (Magnitude::compare(Magnitude::of(increment(digits), top), half.high.value) > 0) return false;
  }
  if (!half.low.present) return true;
  if (digits.empty()) return false;
  if (half.low.value.is_zero()) return true;
  if (bottom <= -kInfinite) return false;
  int order = Magnitude::compare(Magnitude::of(digits, bottom), half.low.value);
  return order > 0 || (order == 0 && !half.low.open);
}

void append_number(int64_t number, std::string* key) {
  *key += std::to_string(number);
  *key += ' ';
}

// How the digits compare with those of an edge, both aligned at the first digit: below, above, or so many in common.
void append_comparison(const std::string& digits, const std::string& edge, std::string* key) {
  size_t common = std::min(digits.size(), edge.size());
  int order = digits.compare(0, common, edge, 0, common);
  if (order == 0 && digits.find_first_not_of('0', common) != std::string::npos) order = 1;
  if (order != 0) {
    *key += order < 0 ? '<' : '>';
  } else {
    append_number(static_cast<int64_t>(common), key);
  }
}

}  // namespace

Status status(const Atom& atom, const Half& half, const Mantissa& mantissa) {
  if (half.empty) return {false, false};
  const int64_t bottom = mantissa.lowest <= -kInfinite ? -kInfinite : mantissa.lowest - mantissa.places;
  const int64_t top =
      mantissa.integer_part || mantissa.highest >= kInfinite ? kInfinite : mantissa.highest - mantissa.places;
  return {prefix_live(atom, half, mantissa.digits, bottom, top), prefix_sure(atom, half, mantissa.digits, bottom, top)};
}

void append_key(const Atom& atom, const Half& half, const Mantissa& mantissa, std::string* key) {
  const std::string& digits = mantissa.digits;
  const bool low = half.low.present && !half.low.value.is_zero(), high = half.high.present;
  if (digits.empty()) {
    *key += 'z';
    append_number(mantissa.places, key);
    return;
  }
  if (low || high) append_number(static_cast<int64_t>(digits.size()) - mantissa.places, key);
  if (low) append_comparison(digits, half.low.value.digits, key);
  if (high) append_comparison(digits, half.high.value.digits, key);
  if (!atom.lattice.present) return;
  size_t end = digits.find_last_not_of('0') + 1;
  append_number(mantissa.places, key);
  append_number(static_cast<int64_t>(digits.size() - end), key);
  *key += remainder_digits(digits, atom.lattice.modulus);
  const BigInt stem = BigInt::from_digits(std::string_view(digits).substr(0, end));
  BigInt by_two = stem, by_five = stem;
  int twos = 0, fives = 0;
  while (twos < atom.lattice.twos && by_two.divide_small(2) == 0) ++twos;
  while (fives < atom.lattice.fives && by_five.divide_small(5) == 0) ++fives;
  *key += ':';
  append_number(twos, key);
  append_number(fives, key);
}

// ---- canonical integers

bool integer_live(const Atom& atom, const Half& half, const std::string& digits) {
  if (half.integer_empty) return false;
  const bool lattice = atom.lattice.present && !(atom.lattice.step.digits == "1" && atom.lattice.step.exponent == 0);
  const std::string& low = half.integer_low;
  const std::string& high = half.integer_high;
  auto multiple_between = [&](const std::string& from, const std::string& to) {
    Magnitude end = Magnitude::of(to, 0);
    return has_multiple_between(Magnitude::of(from, 0), false, &end, false, atom.lattice.step);
  };
  if (digits.empty() || digits == "0") {
    if (digits == "0") return low.empty() || low == "0";
    return !lattice || multiple_between(low.empty() ? "0" : low,
                                        high.empty() ? std::string(kCanonicalIntegerDigits, '9') : high);
  }
  const int64_t most = (high.empty() ? kCanonicalIntegerDigits : static_cast<int64_t>(high.size())) -
                       static_cast<int64_t>(digits.size());
  if (most < 0) return false;
  const int64_t unclipped = static_cast<int64_t>(digits.size()) + most;  // digits of the longest completions
  if (high.empty() && static_cast<int64_t>(low.size()) < unclipped && !lattice) return true;
  for (int64_t k = most; k >= 0; --k) {
    std::string from = digits + std::string(static_cast<size_t>(k), '0');
    std::string to = digits + std::string(static_cast<size_t>(k), '9');
    if (!low.empty() && compare_whole(to, low) < 0) return false;  // fewer digits: smaller still
    if (!high.empty() && compare_whole(from, high) > 0) continue;
    if (!low.empty() && compare_whole(from, low) < 0) from = low;
    if (!high.empty() && compare_whole(to, high) > 0) to = high;
    if (!lattice || multiple_between(from, to)) return true;
  }
  return false;
}

uint32_t integer_shortest(const Atom& atom, const Half& half, const std::string& digits) {
  if (half.integer_empty) return UINT32_MAX;
  const std::string& low = half.integer_low;
  const std::string& high = half.integer_high;
  const bool zero = low.empty() || low == "0";
  if (digits == "0") return zero ? 0 : UINT32_MAX;
  if (digits.empty() && zero) return 1;
  const size_t longest = high.empty() ? static_cast<size_t>(kCanonicalIntegerDigits) : high.size();
  for (size_t count = std::max({digits.size(), low.size(), size_t{1}}); count <= longest; ++count) {
    const std::string head = digits.empty() ? "1" : digits;
    std::string from = head + std::string(count - head.size(), '0');
    std::string to = digits + std::string(count - digits.size(), '9');
    if (compare_whole(from, low) < 0) from = low;
    if (!high.empty() && compare_whole(to, high) > 0) to = high;
    if (compare_whole(from, to) > 0) continue;
    const Magnitude end = Magnitude::of(to, 0);
    if (!atom.lattice.present || has_multiple_between(Magnitude::of(from, 0), false, &end, false, atom.lattice.step)) {
      return static_cast<uint32_t>(count - digits.size());
    }
  }
  return UINT32_MAX;
}

void append_integer_key(const Atom& atom, const Half& half, const std::string& digits, std::string* key) {
  if (digits.empty()) return;
  const size_t count = digits.size();
  append_number(static_cast<int64_t>(count), key);
  auto compare = [&](const std::string& edge) {
    if (edge.empty() || count > edge.size()) return;
    int order = digits.compare(0, count, edge, 0, count);
    *key += order < 0 ? '<' : order > 0 ? '>' : '=';
  };
  compare(half.integer_low);
  *key += '|';
  compare(half.integer_high);
  if (!atom.lattice.present) return;
  // The step of an integer set is whole: modulus x 10^exponent.
  *key += remainder_digits(digits, BigInt::from_digits(atom.lattice.step.whole(0)));
}

}  // namespace typeloom
