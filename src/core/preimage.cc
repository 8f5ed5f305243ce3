#include "preimage.h"

#include <cstring>

#include "lexis.h"

namespace typeloom {

namespace {

constexpr uint32_t kOneLetter = 0x80000000u;  // added to a letter where it stands for a range
constexpr uint32_t kFar = 1u << 20;           // the distance of what is further than a search went

std::vector<uint32_t> words_of(const std::string& bytes) {
  std::vector<uint32_t> words(bytes.size() / 4);
  if (!words.empty()) std::memcpy(words.data(), bytes.data(), words.size() * 4);
  return words;
}

}  // namespace

Letters::Letters(const std::string& bytes) {
  const std::vector<uint32_t> words = words_of(bytes);
  for (size_t i = 0; i + 2 < words.size(); i += 3) ranges_.push_back({words[i], words[i + 1], words[i + 2]});
}

ExprId LetterExprs::make(const ExprCode& code) {
  const std::vector<uint32_t> words = words_of(code.instructions);
  return table_.assemble(words.data(), words.size(), code.texts);
}

ExprId LetterExprs::step(ExprId expr, uint32_t letter) {
  const uint64_t key = uint64_t(expr) << 32 | letter;
  if (auto it = steps_.find(key); it != steps_.end()) return it->second;
  uint8_t bytes[4];
  const int n = encode_utf8(letter, bytes);
  for (int i = 0; i < n && expr != kEmpty; ++i) expr = table_.derivative(expr, bytes[i]);
  return steps_[key] = expr;
}

uint32_t LetterExprs::owed(ExprId expr, const std::vector<uint32_t>& alphabet) {
  if (expr == kEmpty) return kUnbounded;
  if (nullable(expr)) return 0;
  if (auto it = owed_.find(expr); it != owed_.end()) return it->second;
  std::vector<ExprId> layer{expr};
  uint32_t tried = 0;
  for (uint32_t n = 1; n <= kMostOwed; ++n) {
    std::vector<ExprId> next;
    for (ExprId e : layer)
      for (uint32_t letter : alphabet) {
        if (++tried > kMostTried) return owed_[expr] = kUnbounded;
        const ExprId to = step(e, letter);
        if (to != kEmpty && nullable(to)) return owed_[expr] = n;
        if (to != kEmpty) next.push_back(to);
      }
    std::sort(next.begin(), next.end());
    next.erase(std::unique(next.begin(), next.end()), next.end());
    layer.swap(next);
  }
  return owed_[expr] = kUnbounded;
}

Preimage::Preimage(Letters letters, ExprCode code, uint32_t longest)
    : letters_(std::move(letters)), longest_(longest) {
  for (const Letters::Range& r : letters_.ranges()) {
    uint8_t bytes[4];
    uint32_t& n = width_.try_emplace(r.letter, 4).first->second;
    n = std::min(n, uint32_t(encode_utf8(r.first, bytes)));
  }
  for (auto [letter, n] : width_) alphabet_.push_back(letter);
  std::sort(alphabet_.begin(), alphabet_.end(),
            [&](uint32_t a, uint32_t b) { return std::pair(width_[a], a) < std::pair(width_[b], b); });
  const ExprId expr = exprs_.make(code);
  if (owed(expr) <= longest_) start_ = place({expr, 0, 0, 0, 0});
}

uint32_t Preimage::place(const Place& made) {
  const auto [it, fresh] = ids_.try_emplace(made, uint32_t(places_.size()));
  if (fresh) {
    places_.push_back(made);
    rows_.emplace_back();
  }
  return it->second;
}

// What stands behind one character more; kEmpty where nothing can follow in the characters that are left.
ExprId Preimage::after(const Place& p, uint32_t letter) {
  if (p.count >= longest_) return kEmpty;
  const ExprId next = exprs_.step(p.expr, letter);
  const uint32_t needed = owed(next);
  return needed == kUnbounded || needed > longest_ - p.count - 1 ? ExprId(kEmpty) : next;
}

// The live states behind the characters that the place may be in, once for each letter.
template <class See>
void Preimage::each_next(const Place& p, See see) {
  if (p.first & kOneLetter) {
    const ExprId next = after(p, p.first & ~kOneLetter);
    if (next != kEmpty) see(next);
    return;
  }
  const Letters::Range* end = letters_.ranges().data() + letters_.ranges().size();
  std::vector<bool> seen(0x800);
  for (const Letters::Range* r = letters_.from(p.first); r != end && r->first <= p.last; ++r) {
    if (seen[r->letter]) continue;
    seen[r->letter] = true;
    const ExprId next = after(p, r->letter);
    if (next != kEmpty && see(next)) return;
  }
}

uint32_t Preimage::step(uint32_t state, uint8_t byte) {
  if (!rows_[state]) {
    rows_[state] = std::make_unique<std::array<uint32_t, 256>>();
    rows_[state]->fill(kUnknown);
  }
  const uint32_t known = (*rows_[state])[byte];
  if (known != kUnknown) return known;
  const uint32_t next = compute(places_[state], byte);
  return (*rows_[state])[byte] = next;
}

uint32_t Preimage::compute(const Place& from, uint8_t byte) {
  const Place p = from;  // a copy: new places move the vector
  const auto complete = [&](uint32_t letter) {
    const ExprId next = after(p, letter);
    return next == kEmpty ? 0 : place({next, longest_ == kUnbounded ? 0 : p.count + 1, 0, 0, 0});
  };
  uint32_t first, last, left;
  if (p.left) {
    if ((byte & 0xC0) != 0x80) return 0;
    left = p.left - 1;
    if (p.first & kOneLetter) {
      return left ? place({p.expr, p.count, left, p.first, p.last}) : complete(p.first & ~kOneLetter);
    }
    const uint32_t span = 1u << (6 * left), whole = span * 64, begin = p.first & ~(whole - 1);
    first = std::max(p.first, begin + (byte & 0x3F) * span);
    last = std::min(p.last, begin + (byte & 0x3F) * span + span - 1);
    if (first > last) return 0;
  } else {
    left = byte < 0x80 ? 0 : byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : 1;
    if ((byte >= 0x80 && byte < 0xC2) || byte > 0xF4) return 0;
    const uint32_t bits = left == 0 ? byte : byte & (0x3F >> left), span = 1u << (6 * left);
    static constexpr uint32_t kLeast[] = {0, 0x80, 0x800, 0x10000};
    first = std::max(bits * span, kLeast[left]);
    last = std::min(bits * span + span - 1, 0x10FFFFu);
  }
  const Letters::Range* range = letters_.from(first);
  if (range == letters_.ranges().data() + letters_.ranges().size() || range->first > last) return 0;
  if (left == 0) return complete(range->letter);
  if (range->first <= first && range->last >= last) first = last = kOneLetter | range->letter;
  bool lives = false;
  each_next({p.expr, p.count, left, first, last}, [&](ExprId) { return lives = true; });
  return lives ? place({p.expr, p.count, left, first, last}) : 0;
}

bool Preimage::accepting(uint32_t state) { return places_[state].left == 0 && exprs_.nullable(places_[state].expr); }

uint32_t Preimage::min_chars(uint32_t state) {
  const Place p = places_[state];
  if (!p.left) return owed(p.expr);
  uint32_t least = kUnbounded;
  each_next(p, [&](ExprId next) { return (least = std::min(least, owed(next))) == 0; });
  return least;
}

uint32_t Preimage::max_chars(uint32_t state) {
  const Place& p = places_[state];
  return longest_ == kUnbounded ? kUnbounded : longest_ - p.count - (p.left > 0);
}

uint32_t Preimage::distance(uint32_t state) {
  const Place p = places_[state];
  if (!p.left) return bytes_from(p.expr);
  uint32_t least = kFar;
  each_next(p, [&](ExprId next) { return (least = std::min(least, bytes_from(next))) == 0; });
  return p.left + least;
}

// Along the fewest characters, the shortest of them.
uint32_t Preimage::bytes_from(ExprId start) {
  const uint32_t needed = owed(start);
  if (needed == 0) return 0;
  if (auto it = bytes_.find(start); it != bytes_.end()) return it->second;
  uint32_t found = kFar;
  for (uint32_t letter : alphabet_) {
    if (width_[letter] >= found) break;
    const ExprId next = exprs_.step(start, letter);
    if (owed(next) < needed) found = std::min(found, width_[letter] + bytes_from(next));
  }
  return bytes_[start] = found;
}

}  // namespace typeloom
