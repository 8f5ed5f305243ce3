#include "lexis.h"

#include <algorithm>

namespace typeloom {

namespace {

// The controls that a canonical writer spells in hexadecimal, and all that it escapes.
constexpr CodePoints kHexOnly[] = {{0, 7}, {11, 11}, {14, 31}};
constexpr CodePoints kEscaped[] = {{0, 31}, {'"', '"'}, {'\\', '\\'}};

constexpr uint32_t kHigh = 0xD800, kLow = 0xDC00, kPast = 0xE000;

uint32_t paired(uint32_t high, uint32_t low) { return 0x10000 + ((high - kHigh) << 10) + (low - kLow); }

}  // namespace

std::vector<CodePoints> escapes_ahead(const Inside& s, Escapes policy) {
  std::vector<CodePoints> out;
  auto offer = [&](uint32_t first, uint32_t last) {
    if (first <= last) out.push_back({first, last});
  };
  const uint32_t missing = 4 * (4 - (s.escape >> 16)), value = (s.escape & 0xFFFF) << missing;
  const uint32_t end = value + (1u << missing) - 1;  // four digits lie in value..end
  if (policy == Escapes::kCanonical) {
    if (s.lex == kBackslash) out.assign(std::begin(kEscaped), std::end(kEscaped));
    else
      for (const CodePoints& range : kHexOnly) offer(std::max(range.first, value), std::min(range.last, end));
    return out;
  }
  switch (s.lex) {
    case kBackslash:
      offer(0, kHigh - 1);
      offer(kPast, 0x10FFFF);
      break;
    case kHex:
      offer(value, std::min(end, kHigh - 1));
      offer(std::max(value, kPast), end);
      if (value < kLow && end >= kHigh)
        offer(paired(std::max(value, kHigh), kLow), paired(std::min(end, kLow - 1), kPast - 1));
      break;
    case kLowBackslash:
    case kLowU: offer(paired(s.high, kLow), paired(s.high, kPast - 1)); break;
    case kLowHex: offer(paired(s.high, std::max(value, kLow)), paired(s.high, std::min(end, kPast - 1))); break;
  }
  return out;
}

std::string decode_escapes(const std::string& spelled) {
  std::string out;
  Inside in;
  for (char c : spelled) {
    uint32_t code_point = 0;
    const Event event = inside_step(in, uint8_t(c), Escapes::kAny, code_point);
    if (event == Event::kByte) out += c;
    if (event != Event::kEscapeEnded) continue;
    uint8_t bytes[4];
    out.append(reinterpret_cast<char*>(bytes), size_t(encode_utf8(code_point, bytes)));
  }
  return out;
}

}  // namespace typeloom
