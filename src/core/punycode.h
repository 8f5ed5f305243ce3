// Punycode (RFC 3492, sections 6.2 and 6.3): a decoder that takes a digit at a time, and the encoder.
//
// The text of ASCII characters comes first; then each delta, a number of variable length with its lowest digit first, says
// how far the next character is from the last one: further behind in the text, and past its end with a greater code point.
// Every number has one spelling, so what decodes is what encoding gives back, in lower case.
#pragma once
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace typeloom {

struct Punycode {
  std::vector<uint32_t> points;   // what the complete deltas said
  uint32_t code_point = 0x80, at = 0, bias = 72, position = 36;
  uint64_t delta = 0, weight = 1;
  bool open = false, first = true;  // a delta has begun; none is complete

  enum Outcome { kGoesOn, kComplete, kTooFar };

  // -1 for what is no digit.
  static int digit_of(char c) { return c >= 'a' && c <= 'z' ? c - 'a' : c >= '0' && c <= '9' ? c - '0' + 26 : -1; }
  static char char_of(int digit) { return char(digit < 26 ? 'a' + digit : '0' + digit - 26); }

  // kTooFar: past the last code point, as every greater digit would be.
  Outcome read(uint32_t digit) {
    delta += digit * weight;
    const uint64_t room = points.size() + 1;
    if (code_point + (at + delta) / room > 0x10FFFF) return kTooFar;
    const uint32_t least = threshold();
    open = true;
    if (digit >= least) {
      weight *= 36 - least;
      position += 36;
      return kGoesOn;
    }
    code_point += uint32_t((at + delta) / room);
    at = uint32_t((at + delta) % room);
    points.insert(points.begin() + at++, code_point);
    adapt(uint32_t(points.size()));
    return kComplete;
  }

  // The digits of the text's characters outside ASCII, behind the others and a hyphen, if there are others.
  static std::string encode(const std::vector<uint32_t>& text) {
    std::string out;
    Punycode said;
    for (uint32_t point : text)
      if (point < 0x80) out += char(point), said.points.push_back(point);
    if (!out.empty()) out += '-';
    std::vector<uint32_t> order(text);
    std::sort(order.begin(), order.end());
    order.erase(std::unique(order.begin(), order.end()), order.end());
    for (uint32_t point : order) {
      if (point < 0x80) continue;
      uint32_t place = 0;  // among the characters that are said before it
      for (uint32_t c : text) {
        if (c == point) said.say(point, place, out);
        if (c <= point) ++place;
      }
    }
    return out;
  }

 private:
  uint32_t threshold() const { return position <= bias ? 1 : position >= bias + 26 ? 26 : position - bias; }
  void say(uint32_t point, uint32_t place, std::string& out) {
    uint64_t left = uint64_t(point - code_point) * (points.size() + 1) + place - at;
    for (bool more = true; more;) {
      const uint32_t least = threshold(), digit = left < least ? uint32_t(left) : least + uint32_t((left - least) % (36 - least));
      left = left < least ? 0 : (left - least) / (36 - least);
      out += char_of(int(digit));
      more = read(digit) == kGoesOn;
    }
  }
  void adapt(uint32_t n_points) {
    uint64_t left = first ? delta / 700 : delta / 2;
    left += left / n_points;
    uint32_t k = 0;
    for (; left > 35 * 26 / 2; k += 36) left /= 35;
    bias = k + uint32_t(36 * left / (left + 38));
    first = open = false;
    delta = 0;
    weight = 1;
    position = 36;
  }
};

}  // namespace typeloom
