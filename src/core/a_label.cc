#include "a_label.h"

#include <algorithm>

#include "punycode.h"

namespace typeloom {

namespace {

constexpr uint32_t kLeastDigits = 3;   // what the first character outside ASCII takes
constexpr uint32_t kBudget = 1400;     // digits that are tried for completions of one length
constexpr uint32_t kMostDigits = 2;    // and how many of them in a row
constexpr char kNone[] = "?";          // no completion

// Letters that nothing but their direction speaks against, left to right and right to left.
constexpr uint32_t kPlain[] = {0xDF,   0x101,  0x1C0,  0x251,  0x3B1,  0x430,   0x561,   0x5D0,   0x5EA,   0x628,   0x6CC,
                               0x712,  0x7CA,  0x840,  0x8A0,  0x905,  0xE01,   0x10D0,  0x1208,  0x1820,  0x1E01,  0x2D80,
                               0x3042, 0x4E00, 0x5000, 0x7000, 0x9000, 0xA000,  0xAC00,  0xC000,  0xD000,  0x10280, 0x10900,
                               0x10C80, 0x10E80, 0x12000, 0x13000, 0x16800, 0x1E900, 0x20000, 0x30000};

// What the text says so far; false if it ends before its deltas begin, or its deltas lead out of Unicode.
bool decode(const std::string& text, Punycode& read) {
  const size_t hyphen = text.rfind('-');
  if (hyphen == 0) return false;  // nothing may be delimited
  const size_t begin = hyphen == std::string::npos ? 0 : hyphen + 1;
  for (size_t i = 0; i + 1 < begin; ++i) read.points.push_back(uint8_t(text[i]));
  for (size_t i = begin; i < text.size(); ++i)
    if (read.read(uint32_t(Punycode::digit_of(text[i]))) == Punycode::kTooFar) return false;
  return true;
}

}  // namespace

std::string ALabels::lower(std::string_view bytes) {
  std::string out(bytes);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
  return out;
}

std::string ALabels::text_of(uint32_t state) const {
  std::string out(texts_[state - 1].length, 0);
  for (size_t i = out.size(); i-- > 0; state = texts_[state - 1].parent) out[i] = texts_[state - 1].last;
  return out;
}

uint32_t ALabels::step(uint32_t state, uint8_t byte) {
  const char c = lower({reinterpret_cast<const char*>(&byte), 1})[0];
  if (c != '-' && Punycode::digit_of(c) < 0) return 0;
  const uint32_t length = length_of(state);
  if (length == kMost) return 0;
  if (is_wide(state)) return wide(length + 1, c);
  const uint64_t key = uint64_t(state) << 8 | uint8_t(c);
  if (auto it = ids_.find(key); it != ids_.end()) return it->second;
  if (texts_.size() >= kMostTexts) return wide(length + 1, c);
  Text made;
  made.parent = state;
  made.last = c;
  made.length = uint8_t(length + 1);
  const std::string text = text_of(state) + c;
  made.accepted = is_label(text);
  if (!made.accepted && length >= kSure && completion(text) == kNone) return ids_[key] = 0;
  texts_.push_back(made);
  return ids_[key] = uint32_t(texts_.size());
}

bool ALabels::accepting(uint32_t state) {
  return is_wide(state) ? length_of(state) >= kLeastDigits && !(state & 1) : texts_[state - 1].accepted;
}

uint32_t ALabels::distance(uint32_t state) {
  if (is_wide(state)) return accepting(state) ? 0 : std::max(kLeastDigits, length_of(state) + 1) - length_of(state);
  return texts_[state - 1].accepted ? 0 : uint32_t(completion(text_of(state)).size());
}

void ALabels::boundaries(uint32_t, uint64_t (&bits)[4]) {
  const auto edges = [&](unsigned first, unsigned last) {
    for (unsigned b = first; b <= last + 1; ++b) bits[b / 64] |= uint64_t{1} << b % 64;
  };
  edges('-', '-');
  edges('0', '9');
  edges('A', 'Z');
  edges('a', 'z');
}

uint32_t ALabels::free_run(uint32_t state) {
  if (is_wide(state)) return 0;
  const uint32_t length = texts_[state - 1].length;
  return length < kSure ? kSure - length : 0;
}

// Decoding, and then the language; most texts are too short or end with a hyphen or in the middle of a delta.
bool ALabels::is_label(const std::string& text) {
  if (text.size() < kLeastDigits || text.size() > kMost || text.back() == '-') return false;
  Punycode read;
  return decode(text, read) && !read.open && holds(rules().label, read.points);
}

const std::string& ALabels::completion(const std::string& text) {
  if (auto it = completions_.find(text); it != completions_.end()) return it->second;
  std::string found = find_completion(text);
  return completions_[text] = std::move(found);
}

std::string ALabels::find_completion(const std::string& text) {
  if (is_label(text)) return "";
  std::string best = kNone;
  const auto consider = [&](std::string rest) {
    if (text.size() + rest.size() <= kMost && (best == kNone || rest.size() < best.size())) best = std::move(rest);
  };
  if (!text.empty()) {
    const std::string& before = completion(text.substr(0, text.size() - 1));
    if (before != kNone && !before.empty() && before[0] == text.back()) consider(before.substr(1));
  }
  uint32_t budget = kBudget;
  Punycode begun;
  const bool goes_on = decode(text, begun) && (begun.open || holds(rules().hopeful, begun.points));
  const auto whole = [&](const std::string& rest, const Punycode& read) {
    if (holds(rules().label, read.points)) consider(rest);
    return best != kNone;
  };
  if (goes_on && (best == kNone || best.size() > 1)) digits("", begun, 1, budget, whole);
  if (goes_on && !begun.open) by_characters(text, begun, consider);
  for (size_t more = 0; more < 2; ++more) {
    if (text.empty() && more == 0) continue;
    Punycode ordinary;
    for (char c : text) ordinary.points.push_back(uint8_t(c));
    for (size_t i = 0; i < more; ++i) ordinary.points.push_back('a');
    by_characters(text, ordinary, consider);
  }
  if (!goes_on || best != kNone) return best;
  for (uint32_t n = 2; n <= kMostDigits && best == kNone && text.size() + n <= kMost; ++n) {
    budget = kBudget;
    digits("", begun, n, budget, whole);
  }
  return best;
}

// The texts of exactly so many digits more of which the last completes a delta, and all others can become a label; until
// `found` says that it has seen enough.
template <class Found>
bool ALabels::digits(const std::string& before, const Punycode& read, uint32_t n_digits, uint32_t& budget, Found found) {
  for (uint32_t digit = 0; digit < 36 && budget > 0; ++digit) {
    --budget;
    Punycode next = read;
    const Punycode::Outcome outcome = next.read(digit);
    if (outcome == Punycode::kTooFar) return false;
    const std::string text = before + Punycode::char_of(int(digit));
    if (outcome == Punycode::kComplete && !holds(rules().hopeful, next.points)) continue;
    if (n_digits > 1 ? digits(text, next, n_digits - 1, budget, found) : outcome == Punycode::kComplete && found(text, next))
      return true;
  }
  return false;
}

// With one character more in front, at the end, or both, of what is complete: where its spelling begins with the text.
template <class Consider>
void ALabels::by_characters(const std::string& text, const Punycode& read, Consider consider) {
  uint32_t tried = 0;
  for (uint32_t point : kPlain) {
    if (point <= read.code_point) continue;
    for (int where = 1; where <= 3; ++where) {
      std::vector<uint32_t> points(read.points);
      if (where & 1) points.push_back(point);
      if (where & 2) points.insert(points.begin(), point);
      if (!holds(rules().label, points)) continue;
      const std::string spelt = Punycode::encode(points);
      if (spelt.compare(0, text.size(), text) == 0) consider(spelt.substr(text.size())), ++tried;
    }
    if (tried >= 3) return;
  }
}

bool ALabels::holds(ExprId language, const std::vector<uint32_t>& points) {
  LetterExprs& exprs = rules().exprs;
  for (uint32_t point : points) {
    const uint32_t letter = letters_.of(point);
    if (!letter || (language = exprs.step(language, letter)) == kEmpty) return false;
  }
  return exprs.nullable(language);
}

ALabels::Rules& ALabels::rules() {
  if (!rules_) {
    rules_ = std::make_unique<Rules>();
    rules_->label = rules_->exprs.make(label_code_);
    rules_->hopeful = rules_->exprs.make(hopeful_code_);
  }
  return *rules_;
}

}  // namespace typeloom
