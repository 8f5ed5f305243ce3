#include "canonical_json.h"

#include <algorithm>
#include <map>

#include "lexis.h"

namespace typeloom {

namespace {

std::string canonical_number(const std::string& t) {
  size_t i = 0;
  bool negative = t[i] == '-';
  if (negative) ++i;
  std::string digits;
  long exponent = 0;
  bool fraction = false;
  for (; i < t.size() && t[i] != 'e' && t[i] != 'E'; ++i) {
    if (t[i] == '.') {
      fraction = true;
      continue;
    }
    digits += t[i];
    if (fraction) --exponent;
  }
  if (i < t.size()) {
    std::string e = t.substr(i + 1);
    bool minus = !e.empty() && e[0] == '-';
    long value = 0;
    for (char c : e)
      if (c >= '0' && c <= '9') value = std::min(value * 10 + (c - '0'), 1000000000L);
    exponent += minus ? -value : value;
  }
  size_t first = digits.find_first_not_of('0');
  if (first == std::string::npos) return "0";
  digits = digits.substr(first);
  while (digits.size() > 1 && digits.back() == '0') digits.pop_back(), ++exponent;
  return (negative ? "-" : "") + digits + "e" + std::to_string(exponent);
}

struct CanonicalReader {
  const std::string& t;
  size_t i = 0;

  std::string string() {  // decoded, with its quotes kept as marks
    std::string out = "\"";
    ++i;
    Inside in;
    for (; i < t.size(); ++i) {
      uint32_t c = 0;
      uint8_t b = uint8_t(t[i]);
      Event e = inside_step(in, b, Escapes::kAny, c);
      if (e == Event::kQuote || e == Event::kRefused) break;
      if (e == Event::kByte) out += t[i];
      if (e == Event::kEscapeEnded) {
        uint8_t bytes[4];
        int n = encode_utf8(c, bytes);
        out.append(reinterpret_cast<char*>(bytes), size_t(n));
      }
    }
    ++i;
    return out + "\"";
  }

  void skip() {
    while (i < t.size() && (t[i] == ' ' || t[i] == '\t' || t[i] == '\n' || t[i] == '\r')) ++i;
  }

  // Lengths stand before strings inside containers, so that decoded quotes cannot be mistaken for ends.
  std::string value(int depth) {
    skip();
    if (i >= t.size()) return "";
    if (t[i] == '"') {
      std::string s = string();
      return depth ? std::to_string(s.size()) + s : s;
    }
    if (t[i] == '[') {
      std::string out = "[";
      for (++i; i < t.size() && (skip(), t[i] != ']');) {
        out += value(depth + 1) + ",";
        skip();
        if (i < t.size() && t[i] == ',') ++i;
      }
      ++i;
      return out + "]";
    }
    if (t[i] == '{') {
      std::map<std::string, std::string> members;
      for (++i; i < t.size() && (skip(), t[i] != '}');) {
        std::string key = string();
        skip();
        ++i;  // the colon
        members[key] = value(depth + 1);
        skip();
        if (i < t.size() && t[i] == ',') ++i;
      }
      ++i;
      std::string out = "{";
      for (auto& [k, v] : members) out += std::to_string(k.size()) + k + ":" + v + ",";
      return out + "}";
    }
    size_t begin = i;
    while (i < t.size() && t[i] != ',' && t[i] != ']' && t[i] != '}' && t[i] != ' ' && t[i] != '\n' && t[i] != '\t' &&
           t[i] != '\r')
      ++i;
    std::string word = t.substr(begin, i - begin);
    return word == "true" || word == "false" || word == "null" ? word : canonical_number(word);
  }
};

}  // namespace

std::string canonical_json(const std::string& text) {
  CanonicalReader reader{text};
  return reader.value(0);
}

}  // namespace typeloom
