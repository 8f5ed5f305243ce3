// The lexis of a JSON string, byte by byte: UTF-8 (RFC 3629: no overlong forms, no surrogates) and escapes (RFC 8259, 7).
//
// A Lex is the position inside a character; 0 is "between characters". Stepping a byte says what happened: a character
// began (and is over, for ASCII), a byte of a longer character, an escape that denotes a code point, the closing quote.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace typeloom {

enum Lex : uint8_t {
  kBetween = 0,
  // Inside UTF-8: how many bytes are missing, and the narrowed range of the next one.
  kOneLeft,
  kTwoLeft,
  kThreeLeft,
  kAfterE0,
  kAfterED,
  kAfterF0,
  kAfterF4,
  // Inside an escape. The value read so far stands beside it (`Escape`).
  kBackslash,
  kHex,               // inside \uXXXX
  kLowBackslash,      // after a high surrogate: \ must follow
  kLowU,              // then u
  kLowHex,            // then four digits of a low surrogate
};

// What a UTF-8 byte does at `lex` (which is below kBackslash): the next Lex, or 255 if the byte is not allowed there.
inline uint8_t utf8_step(uint8_t lex, uint8_t b) {
  switch (lex) {
    case kBetween:
      if (b < 0x80) return kBetween;
      if (b < 0xC2) return 255;
      if (b < 0xE0) return kOneLeft;
      if (b == 0xE0) return kAfterE0;
      if (b == 0xED) return kAfterED;
      if (b < 0xF0) return kTwoLeft;
      if (b == 0xF0) return kAfterF0;
      if (b < 0xF4) return kThreeLeft;
      if (b == 0xF4) return kAfterF4;
      return 255;
    case kOneLeft: return (b & 0xC0) == 0x80 ? kBetween : 255;
    case kTwoLeft: return (b & 0xC0) == 0x80 ? kOneLeft : 255;
    case kThreeLeft: return (b & 0xC0) == 0x80 ? kTwoLeft : 255;
    case kAfterE0: return b >= 0xA0 && b <= 0xBF ? kOneLeft : 255;
    case kAfterED: return b >= 0x80 && b <= 0x9F ? kOneLeft : 255;
    case kAfterF0: return b >= 0x90 && b <= 0xBF ? kTwoLeft : 255;
    case kAfterF4: return b >= 0x80 && b <= 0x8F ? kTwoLeft : 255;
  }
  return 255;
}

inline int hex_digit(uint8_t b) {
  if (b >= '0' && b <= '9') return b - '0';
  if (b >= 'a' && b <= 'f') return b - 'a' + 10;
  if (b >= 'A' && b <= 'F') return b - 'A' + 10;
  return -1;
}

// The code point of a two-byte escape, or -1.
inline int short_escape(uint8_t b) {
  switch (b) {
    case '"': return '"';
    case '\\': return '\\';
    case '/': return '/';
    case 'b': return 8;
    case 'f': return 12;
    case 'n': return 10;
    case 'r': return 13;
    case 't': return 9;
  }
  return -1;
}

inline int encode_utf8(uint32_t c, uint8_t out[4]) {
  if (c < 0x80) return out[0] = uint8_t(c), 1;
  if (c < 0x800) return out[0] = uint8_t(0xC0 | c >> 6), out[1] = uint8_t(0x80 | (c & 63)), 2;
  if (c < 0x10000)
    return out[0] = uint8_t(0xE0 | c >> 12), out[1] = uint8_t(0x80 | (c >> 6 & 63)), out[2] = uint8_t(0x80 | (c & 63)), 3;
  return out[0] = uint8_t(0xF0 | c >> 18), out[1] = uint8_t(0x80 | (c >> 12 & 63)), out[2] = uint8_t(0x80 | (c >> 6 & 63)),
         out[3] = uint8_t(0x80 | (c & 63)), 4;
}

// The code point that valid UTF-8 begins with.
inline uint32_t decode_utf8(const char* text) {
  const uint8_t* b = reinterpret_cast<const uint8_t*>(text);
  if (b[0] < 0x80) return b[0];
  if (b[0] < 0xE0) return uint32_t(b[0] & 0x1F) << 6 | (b[1] & 0x3F);
  if (b[0] < 0xF0) return uint32_t(b[0] & 0x0F) << 12 | uint32_t(b[1] & 0x3F) << 6 | (b[2] & 0x3F);
  return uint32_t(b[0] & 0x07) << 18 | uint32_t(b[1] & 0x3F) << 12 | uint32_t(b[2] & 0x3F) << 6 | (b[3] & 0x3F);
}

// One step inside a string. `escape` is the partial value of \u digits: count << 24 | high surrogate flag... kept as
// digits << 16 | value; `high` is the pending high surrogate.
struct Inside {
  uint8_t lex = kBetween;
  uint32_t escape = 0;  // digits read << 16 | value so far
  uint32_t high = 0;    // the high surrogate that waits for its low half, or 0
};

enum class Event : uint8_t {
  kRefused,
  kByte,       // a byte of a character; it began one if the Lex before was kBetween
  kEscapeBegan,
  kEscapeGoes,
  kEscapeEnded,  // `code_point` holds what it denotes
  kQuote,
};

enum class Escapes : uint8_t {
  kAny,        // every escape of RFC 8259 whose surrogates pair
  kCanonical,  // only those that a canonical writer makes: \" \\ \b \f \n \r \t and \u00xx for the other controls
};

inline Event inside_step(Inside& s, uint8_t b, Escapes policy, uint32_t& code_point) {
  switch (s.lex) {
    case kBetween:
      if (b == '"') return Event::kQuote;
      if (b == '\\') return s.lex = kBackslash, Event::kEscapeBegan;
      if (b < 0x20) return Event::kRefused;
      [[fallthrough]];
    default: {
      uint8_t next = utf8_step(s.lex, b);
      if (next == 255) return Event::kRefused;
      s.lex = next;
      return Event::kByte;
    }
    case kBackslash: {
      if (b == 'u') return s.lex = kHex, s.escape = 0, Event::kEscapeGoes;
      int c = short_escape(b);
      if (c < 0 || (c == '/' && policy == Escapes::kCanonical)) return Event::kRefused;
      s.lex = kBetween;
      code_point = uint32_t(c);
      return Event::kEscapeEnded;
    }
    case kHex:
    case kLowHex: {
      int d = hex_digit(b);
      if (d < 0) return Event::kRefused;
      uint32_t digits = (s.escape >> 16) + 1, value = (s.escape & 0xFFFF) << 4 | uint32_t(d);
      if (policy == Escapes::kCanonical) {  // \u00xx, lower case, of a control that has no short escape
        if (b >= 'A' && b <= 'F') return Event::kRefused;
        if (digits <= 2 && d != 0) return Event::kRefused;
        if (digits == 3 && d > 1) return Event::kRefused;
        if (digits == 4 && (value == 8 || value == 9 || value == 10 || value == 12 || value == 13)) return Event::kRefused;
      }
      if (s.lex == kLowHex) {  // DC00..DFFF only
        if (digits == 1 && value != 0xD) return Event::kRefused;
        if (digits == 2 && value < 0xDC) return Event::kRefused;
      } else if (digits == 2 && value >= 0xDC && value <= 0xDF) {
        return Event::kRefused;  // a low surrogate must not come first
      }
      if (digits < 4) return s.escape = digits << 16 | value, Event::kEscapeGoes;
      s.escape = 0;
      if (s.lex == kLowHex) {
        code_point = 0x10000 + ((s.high - 0xD800) << 10) + (value - 0xDC00);
        s.high = 0;
        s.lex = kBetween;
        return Event::kEscapeEnded;
      }
      if (value >= 0xD800 && value <= 0xDBFF) {
        s.high = value;
        s.lex = kLowBackslash;
        return Event::kEscapeGoes;
      }
      s.lex = kBetween;
      code_point = value;
      return Event::kEscapeEnded;
    }
    case kLowBackslash:
      if (b != '\\') return Event::kRefused;
      return s.lex = kLowU, Event::kEscapeGoes;
    case kLowU:
      if (b != 'u') return Event::kRefused;
      return s.lex = kLowHex, s.escape = 0, Event::kEscapeGoes;
  }
}

struct CodePoints {  // first and last are included
  uint32_t first, last;
};

// What the escape that is half read (its backslash at least) may still denote: ascending ranges, none of surrogates.
std::vector<CodePoints> escapes_ahead(const Inside& s, Escapes policy);

// What a stretch of a JSON string denotes; an escape that is not whole at its end denotes nothing yet.
std::string decode_escapes(const std::string& spelled);

}  // namespace typeloom
