#include "decimal.h"

#include <algorithm>
#include <stdexcept>

#include "regex.h"  // LimitExceeded

namespace typeloom {

namespace {
constexpr uint32_t kBase = 1000000000;
constexpr size_t kBaseDigits = 9;
}  // namespace

// ---- natural numbers

BigInt::BigInt(uint64_t value) {
  for (; value != 0; value /= kBase) limbs_.push_back(static_cast<uint32_t>(value % kBase));
}

void BigInt::trim() {
  while (!limbs_.empty() && limbs_.back() == 0) limbs_.pop_back();
}

BigInt BigInt::from_digits(std::string_view digits) {
  BigInt result;
  for (size_t end = digits.size(); end > 0;) {
    size_t begin = end > kBaseDigits ? end - kBaseDigits : 0;
    uint32_t limb = 0;
    for (size_t i = begin; i < end; ++i) limb = limb * 10 + static_cast<uint32_t>(digits[i] - '0');
    result.limbs_.push_back(limb);
    end = begin;
  }
  result.trim();
  return result;
}

std::string BigInt::digits() const {
  if (limbs_.empty()) return "0";
  std::string text = std::to_string(limbs_.back());
  for (size_t i = limbs_.size() - 1; i-- > 0;) {
    std::string limb = std::to_string(limbs_[i]);
    text.append(kBaseDigits - limb.size(), '0');
    text += limb;
  }
  return text;
}

int BigInt::compare(const BigInt& a, const BigInt& b) {
  if (a.limbs_.size() != b.limbs_.size()) return a.limbs_.size() < b.limbs_.size() ? -1 : 1;
  for (size_t i = a.limbs_.size(); i-- > 0;) {
    if (a.limbs_[i] != b.limbs_[i]) return a.limbs_[i] < b.limbs_[i] ? -1 : 1;
  }
  return 0;
}

BigInt BigInt::add(const BigInt& a, const BigInt& b) {
  BigInt sum;
  uint32_t carry = 0;
  for (size_t i = 0; i < std::max(a.limbs_.size(), b.limbs_.size()) || carry; ++i) {
    uint32_t limb = carry;
    if (i < a.limbs_.size()) limb += a.limbs_[i];
    if (i < b.limbs_.size()) limb += b.limbs_[i];
    carry = limb >= kBase;
    sum.limbs_.push_back(carry ? limb - kBase : limb);
  }
  return sum;
}

BigInt BigInt::multiply(const BigInt& a, const BigInt& b) {
  BigInt product;
  product.limbs_.assign(a.limbs_.size() + b.limbs_.size(), 0);
  for (size_t i = 0; i < a.limbs_.size(); ++i) {
    uint64_t carry = 0;
    for (size_t j = 0; j < b.limbs_.size() || carry; ++j) {
      uint64_t limb = product.limbs_[i + j] + carry;
      if (j < b.limbs_.size()) limb += static_cast<uint64_t>(a.limbs_[i]) * b.limbs_[j];
      product.limbs_[i + j] = static_cast<uint32_t>(limb % kBase);
      carry = limb / kBase;
    }
  }
  product.trim();
  return product;
}

uint32_t BigInt::divide_small(uint32_t divisor) {
  uint64_t remainder = 0;
  for (size_t i = limbs_.size(); i-- > 0;) {
    uint64_t limb = remainder * kBase + limbs_[i];
    limbs_[i] = static_cast<uint32_t>(limb / divisor);
    remainder = limb % divisor;
  }
  trim();
  return static_cast<uint32_t>(remainder);
}

void BigInt::divide(const BigInt& dividend, const BigInt& divisor, BigInt* quotient, BigInt* remainder) {
  if (compare(dividend, divisor) < 0) {
    *remainder = dividend;
    *quotient = BigInt();
    return;
  }
  if (divisor.limbs_.size() == 1) {
    BigInt result = dividend;
    *remainder = BigInt(result.divide_small(divisor.limbs_[0]));
    *quotient = result;
    return;
  }
  // Algorithm D: normalise so that the divisor's leading limb is at least half the base, then guess limb by limb; the
  // guess from two limbs is at most two too large.
  uint32_t scale = kBase / (divisor.limbs_.back() + 1);
  BigInt u = multiply(dividend, BigInt(scale)), v = multiply(divisor, BigInt(scale));
  const size_t n = v.limbs_.size();
  u.limbs_.resize(std::max(u.limbs_.size(), dividend.limbs_.size()) + 1, 0);
  const size_t m = u.limbs_.size() - n - 1;
  BigInt q;
  q.limbs_.assign(m + 1, 0);
  for (size_t j = m + 1; j-- > 0;) {
    uint64_t top = static_cast<uint64_t>(u.limbs_[j + n]) * kBase + u.limbs_[j + n - 1];
    uint64_t guess = std::min<uint64_t>(top / v.limbs_[n - 1], kBase - 1);
    uint64_t rest = top - guess * v.limbs_[n - 1];
    while (rest < kBase && guess * v.limbs_[n - 2] > rest * kBase + u.limbs_[j + n - 2]) {
      --guess;
      rest += v.limbs_[n - 1];
    }
    int64_t borrow = 0;
    uint64_t carry = 0;
    for (size_t i = 0; i < n; ++i) {
      uint64_t part = guess * v.limbs_[i] + carry;
      carry = part / kBase;
      int64_t limb = static_cast<int64_t>(u.limbs_[i + j]) - static_cast<int64_t>(part % kBase) - borrow;
      borrow = limb < 0;
      u.limbs_[i + j] = static_cast<uint32_t>(limb < 0 ? limb + kBase : limb);
    }
    int64_t limb = static_cast<int64_t>(u.limbs_[j + n]) - static_cast<int64_t>(carry) - borrow;
    borrow = limb < 0;
    u.limbs_[j + n] = static_cast<uint32_t>(limb < 0 ? limb + kBase : limb);
    if (borrow) {  // one too large after all: add the divisor back
      --guess;
      uint32_t over = 0;
      for (size_t i = 0; i < n; ++i) {
        uint32_t sum = u.limbs_[i + j] + v.limbs_[i] + over;
        over = sum >= kBase;
        u.limbs_[i + j] = over ? sum - kBase : sum;
      }
      u.limbs_[j + n] = (u.limbs_[j + n] + over) % kBase;
    }
    q.limbs_[j] = static_cast<uint32_t>(guess);
  }
  q.trim();
  u.trim();
  u.divide_small(scale);
  *quotient = q;
  *remainder = u;
}

BigInt BigInt::gcd(BigInt a, BigInt b) {
  while (!b.is_zero()) {
    BigInt quotient, remainder;
    divide(a, b, &quotient, &remainder);
    a = b;
    b = remainder;
  }
  return a;
}

// ---- decimals

Magnitude Magnitude::of(std::string_view digits, int64_t exponent) {
  size_t begin = digits.find_first_not_of('0');
  if (begin == std::string_view::npos) return {};
  size_t end = digits.find_last_not_of('0') + 1;
  return {std::string(digits.substr(begin, end - begin)), exponent + static_cast<int64_t>(digits.size() - end)};
}

int Magnitude::compare(const Magnitude& a, const Magnitude& b) {
  if (a.is_zero() || b.is_zero()) return static_cast<int>(b.is_zero()) - static_cast<int>(a.is_zero());
  if (a.leading() != b.leading()) return a.leading() < b.leading() ? -1 : 1;
  int order = a.digits.compare(b.digits);  // a proper prefix is smaller, and its value too: no trailing zeros
  return order < 0 ? -1 : order > 0;
}

std::string Magnitude::whole(int64_t power) const {
  if (is_zero()) return "0";
  return digits + std::string(static_cast<size_t>(exponent - power), '0');
}

std::string Magnitude::plain() const {
  if (is_zero()) return "0";
  if (exponent >= 0) return whole(0);
  size_t places = static_cast<size_t>(-exponent);
  if (digits.size() > places) return digits.substr(0, digits.size() - places) + "." + digits.substr(digits.size() - places);
  return "0." + std::string(places - digits.size(), '0') + digits;
}

int Signed::compare(const Signed& a, const Signed& b) {
  if (a.negative != b.negative) return a.negative ? -1 : 1;
  int order = Magnitude::compare(a.magnitude, b.magnitude);
  return a.negative ? -order : order;
}

Signed parse_decimal(std::string_view text, size_t limit) {
  auto refuse = [&] { throw std::invalid_argument("not a decimal number: " + std::string(text.substr(0, 60))); };
  auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() > limit) throw LimitExceeded{"digits of a number in a schema", text.size()};
  size_t at = 0;
  bool negative = !text.empty() && text[0] == '-';
  if (negative) ++at;
  std::string digits;
  int64_t exponent = 0;
  while (at < text.size() && is_digit(text[at])) digits += text[at++];
  if (at < text.size() && text[at] == '.') {
    for (++at; at < text.size() && is_digit(text[at]); --exponent) digits += text[at++];
  }
  if (digits.empty()) refuse();
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    bool down = ++at < text.size() && text[at] == '-';
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    if (at == text.size()) refuse();
    int64_t power = 0;
    for (; at < text.size() && is_digit(text[at]); ++at) power = std::min<int64_t>(power * 10 + (text[at] - '0'), 1 << 30);
    exponent += down ? -power : power;
  }
  if (at != text.size()) refuse();
  Signed result{negative, Magnitude::of(digits, exponent)};
  if (result.magnitude.is_zero()) return {};
  if (std::abs(result.magnitude.exponent) > static_cast<int64_t>(limit)) {
    throw LimitExceeded{"power of ten of a number in a schema", static_cast<size_t>(std::abs(result.magnitude.exponent))};
  }
  return result;
}

bool has_multiple_between(const Magnitude& low, bool low_open, const Magnitude* high, bool high_open,
                          const Magnitude& step) {
  if (high == nullptr) return true;
  int order = Magnitude::compare(low, *high);
  if (order > 0 || (order == 0 && (low_open || high_open))) return false;
  int64_t power = std::min({low.is_zero() ? step.exponent : low.exponent, high->is_zero() ? step.exponent : high->exponent,
                            step.exponent});
  BigInt unit = BigInt::from_digits(step.whole(power)), quotient, remainder;
  BigInt::divide(BigInt::from_digits(low.whole(power)), unit, &quotient, &remainder);
  if (!remainder.is_zero() || low_open) quotient = BigInt::add(quotient, BigInt(1));
  int end = BigInt::compare(BigInt::multiply(quotient, unit), BigInt::from_digits(high->whole(power)));
  return end < 0 || (end == 0 && !high_open);
}

bool is_multiple(const Magnitude& value, const Magnitude& step) {
  return has_multiple_between(value, false, &value, false, step);
}

Magnitude least_common_multiple(const Magnitude& a, const Magnitude& b) {
  int64_t power = std::min(a.exponent, b.exponent);
  BigInt x = BigInt::from_digits(a.whole(power)), y = BigInt::from_digits(b.whole(power)), quotient, remainder;
  BigInt::divide(x, BigInt::gcd(x, y), &quotient, &remainder);
  return Magnitude::of(BigInt::multiply(quotient, y).digits(), power);
}

std::string increment(std::string digits) {
  for (size_t i = digits.size(); i-- > 0;) {
    if (digits[i] != '9') {
      ++digits[i];
      return digits;
    }
    digits[i] = '0';
  }
  return "1" + digits;
}

std::string remainder_digits(std::string_view digits, const BigInt& modulus) {
  BigInt quotient, remainder;
  BigInt::divide(BigInt::from_digits(digits), modulus, &quotient, &remainder);
  return remainder.digits();
}

}  // namespace typeloom
