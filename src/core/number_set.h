// The set of numbers that one constraint accepts, and what is left of it after a prefix of digits.
//
// Theory of operation. Every constraint is a finite union of *atoms*: an interval, and optionally a lattice (the whole
// multiples of a step). Bounds, multipleOf, integer, digit counts, enumerations and the range of IEEE doubles all read
// into atoms, and an intersection is the product of two unions. In canonical spelling two kinds are not sets of values
// but of texts: integers (digits only) and enumerations (a sorted list of texts).
//
// A prefix is judged per sign on a *half*: the atom's magnitudes. Two functions carry the automaton:
//   status  does some completion fall into the half, do all of them;
//   key     what of the prefix its residual language depends on. Equal keys must mean equal residual languages: so the
//           key holds how the digits compare with each bound's (a prefix of them, below, or above), where the leading
//           digit stands, and for a lattice the remainder, the trailing zeros and the powers of 2 and 5 in the rest.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "decimal.h"
#include "number.h"

namespace typeloom {

constexpr int64_t kInfinite = int64_t{1} << 60;         // as a power of ten: no end
constexpr size_t kMaxSchemaDigits = 10000;              // of a bound, and of its power of ten
constexpr int kMaxDigitsKeyword = 2000;                 // of max_digits and decimal_places
constexpr int64_t kCanonicalIntegerDigits = 4300;       // what Python's int() and Pydantic read
constexpr int64_t kCanonicalExponent = 999;             // three digits
constexpr int kCanonicalExponentDigits = 3;

struct Bound {
  bool present = false, open = false;
  Signed value;
};

struct Lattice {  // the multiples of step = modulus x 10^exponent, modulus = 2^twos 5^fives rest
  bool present = false;
  Magnitude step;
  BigInt modulus;
  int twos = 0, fives = 0;
};

struct Edge {  // a bound on magnitudes
  bool present = false, open = false;
  Magnitude value;
};

struct Half {
  bool empty = false;
  Edge low, high;             // low absent: zero is included
  bool integer_empty = false;  // of the canonical integers: digits only, no "-0"
  std::string integer_low, integer_high;  // least and greatest whole magnitude; empty is no bound (high: the cap)
};

struct Atom {
  Bound low, high;
  Lattice lattice;
  Half half[2];  // [0] the positive numbers and zero, [1] the negative ones, mirrored

  bool contains(const Signed&) const;
};

struct NumberSet {
  bool integer = false;
  bool digits_only = false;
  std::vector<Atom> atoms;
  bool has_texts = false;  // canonical enumeration: exactly these texts, sorted
  std::vector<std::pair<std::string, Signed>> texts;

  bool contains(const Signed&) const;
};

NumberSet read_constraint(const NumberConstraint&, Spelling);
NumberSet intersect_sets(const NumberSet&, const NumberSet&, Spelling);

struct Mantissa {  // -?digits[.digits] read so far, without the sign
  std::string digits;        // all of them; leading zeros stripped, so empty is zero
  int64_t places = 0;        // digits after the point
  bool integer_part = false;  // more digits may follow before the point
  int64_t lowest = 0, highest = 0;  // exponents that may still be written
  Magnitude value() const { return Magnitude::of(digits, -places); }
};

struct Status {
  bool live, sure;
};

Status status(const Atom&, const Half&, const Mantissa&);
void append_key(const Atom&, const Half&, const Mantissa&, std::string* key);

// The same for canonical integers; `digits` without leading zeros ("0" is zero), empty: none read yet.
bool integer_live(const Atom&, const Half&, const std::string& digits);
uint32_t integer_shortest(const Atom&, const Half&, const std::string& digits);  // fewest further digits; UINT32_MAX: none
void append_integer_key(const Atom&, const Half&, const std::string& digits, std::string* key);

// The exponents E with value x 10^E in the half, as an inclusive range (first > second: none).
std::pair<int64_t, int64_t> exponents(const Atom&, const Half&, const Magnitude& value);

}  // namespace typeloom
