// Exact decimal arithmetic on texts: magnitudes of any size, compared, divided and spelled without rounding.
//
// Theory of operation. A `Magnitude` is digits x 10^exponent with neither leading nor trailing zeros in `digits`, so that
// equal values are equal structs, comparison is a comparison of leading positions and then of texts, and a power of ten
// costs one addition. Only divisibility needs integers: `BigInt` is a plain base-10^9 natural number with schoolbook
// multiplication and division (Knuth, TAOCP volume 2, 4.3.1, algorithm D).
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace typeloom {

class BigInt {  // a natural number
 public:
  BigInt() = default;
  explicit BigInt(uint64_t value);
  static BigInt from_digits(std::string_view digits);  // decimal digits, leading zeros allowed, empty is 0
  std::string digits() const;                          // no leading zeros, "0" for zero
  bool is_zero() const { return limbs_.empty(); }
  static int compare(const BigInt&, const BigInt&);
  static BigInt add(const BigInt&, const BigInt&);
  static BigInt multiply(const BigInt&, const BigInt&);
  static void divide(const BigInt& dividend, const BigInt& divisor, BigInt* quotient, BigInt* remainder);
  static BigInt gcd(BigInt, BigInt);
  uint32_t divide_small(uint32_t divisor);  // in place; returns the remainder

 private:
  void trim();
  std::vector<uint32_t> limbs_;  // base 10^9, least significant first, no leading zero limb
};

struct Magnitude {  // digits x 10^exponent
  std::string digits;
  int64_t exponent = 0;

  bool is_zero() const { return digits.empty(); }
  int64_t leading() const { return exponent + static_cast<int64_t>(digits.size()) - 1; }  // power of the first digit
  static Magnitude of(std::string_view digits, int64_t exponent);  // normalised
  static int compare(const Magnitude&, const Magnitude&);
  std::string plain() const;                 // digits[.digits]
  std::string whole(int64_t exponent) const;  // digits of this / 10^exponent, which must be whole
};

struct Signed {
  bool negative = false;  // never for zero
  Magnitude magnitude;
  static int compare(const Signed&, const Signed&);
};

// Reads -?digits[.digits][e[+-]digits]. Throws std::invalid_argument when it is none, LimitExceeded past `limit` digits
// or powers of ten.
Signed parse_decimal(std::string_view text, size_t limit);

// Some multiple of `step` (not zero) lies between low and high; `high` null is no bound. Ends are included unless open.
bool has_multiple_between(const Magnitude& low, bool low_open, const Magnitude* high, bool high_open,
                          const Magnitude& step);
bool is_multiple(const Magnitude& value, const Magnitude& step);
Magnitude least_common_multiple(const Magnitude&, const Magnitude&);
std::string increment(std::string digits);  // digits + 1
std::string remainder_digits(std::string_view digits, const BigInt& modulus);

}  // namespace typeloom
