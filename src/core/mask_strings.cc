// Masks inside strings: free ones, those of unique arrays, and those on which languages have a verdict.
#include "mask.h"

#include <algorithm>

namespace typeloom {

// The tokens that stay in a free string with room for so many characters, as far as one bitmap tells.
void Masks::stay_free(uint32_t room, Mask& mask) {
  mask.canonical = canonical() && room < vocabulary_.max_stay();
  mask.ground = canonical() && !mask.canonical ? vocabulary_.canonical_stays() : vocabulary_.stays(room);
}

void Masks::compute_free(StateId id, const State& s, Mask& mask) {
  stay_free(s.c, mask);
  if (s.c > Vocabulary::kExactStays && s.c < vocabulary_.max_stay())
    for (const Staying& stay : vocabulary_.long_stays())
      if (stay.n_chars <= s.c && (stay.canonical || !canonical())) mask.added.push_back(stay.token);
  const Chosen chosen{s.b, s.c, canonical(), nullptr};
  if (s.recorded) correct_items(id, chosen, mask);
  else take_exits(machine_.after_string(s), chosen, mask.added);
}

// Inside a string of a unique array. Where the string cannot be one of a used item, what follows it does not depend on it.
void Masks::correct_items(StateId id, const Chosen& chosen, Mask& mask) {
  const auto& leaving = vocabulary_.leaving();
  const Machine::OpenItem item = machine_.open_item(machine_.state(id));
  std::vector<uint8_t> alike(leaving.size(), 0);
  for (uint32_t i = 0; i < leaving.size(); ++i) {
    const Leaving& l = leaving[i];
    if (!chosen.has(i, l)) continue;
    const std::string& bytes = vocabulary_.bytes(l.token);
    bool alone = !item.after || l.goes_on;
    if (!alone && !item.held.empty()) {
      const std::string text = item.begun + decode_escapes(bytes.substr(0, l.quote)) + '"';
      for (const std::string& held : item.held) alone |= held.find(text) != std::string::npos;
    }
    if (!alone) alike[i] = 1;
    else if (steps(id, bytes)) mask.added.push_back(l.token);
  }
  if (item.after) take_exits(item.after, {0, kUnbounded, false, alike.data()}, mask.added);
}

void Masks::compute_language(StateId id, const State& s, Mask& mask) {
  if (s.a == kAll) {  // what is left is free
    compute_free(id, s, mask);
  } else {
    // Any number of characters out of a set: the counts refuse exits only, unless the room is within a token's reach.
    const bool loose = s.c > vocabulary_.max_chars() && repeats(s.a);
    const LanguageSplit& split = loose ? language_split(s.a, 0, kUnbounded, 0) : language_split(s.a, s.b, s.c, 0);
    if (!split.bitmap.empty()) mask.ground = split.bitmap.data();
    mask.added = split.stays;
    for (auto& escape : split.escapes) follow(steps(id, escape.inner + '\\'), escape.node, mask.added);
    if (split.any_leaves) {
      std::vector<uint8_t> leaves = split.leaves;
      for (size_t i = 0; loose && s.b > 0 && i < leaves.size(); ++i)
        leaves[i] = leaves[i] && vocabulary_.leaving()[i].n_chars >= s.b;
      const Chosen chosen{0, kUnbounded, false, leaves.data()};
      if (s.recorded) correct_items(id, chosen, mask);
      else take_exits(machine_.after_string(s), chosen, mask.added);
    }
  }
}

// A string on which several languages have a verdict: their feasible verdicts are one language, what follows differs.
void Masks::compute_languages(StateId id, const State& s, Mask& mask) {
  const std::vector<uint32_t> exprs = machine_.vector(s.a);
  const ExprId language = machine_.language_of(s.frame, exprs);
  const uint8_t* leaves = nullptr;
  if (language == kAll) {
    stay_free(kUnbounded, mask);
  } else {
    const LanguageSplit& split = language_split(language, 0, kUnbounded, 0);
    if (!split.bitmap.empty()) mask.ground = split.bitmap.data();
    mask.added = split.stays;
    for (auto& escape : split.escapes) follow(steps(id, escape.inner + '\\'), escape.node, mask.added);
    leaves = split.leaves.data();
  }
  group_exits(id, leaves, exprs,
              [&](const std::vector<uint8_t>& matched) {
                std::vector<uint32_t> verdicts;
                for (uint8_t m : matched) verdicts.push_back(m ? kTrue : kFalse);
                return machine_.after_string(s, verdicts);
              },
              mask);
}

// Whether the expression is any number of characters out of a set: every character leads back to it or to nothing.
bool Masks::repeats(ExprId expr) {
  auto known = repeats_.find(expr);
  if (known != repeats_.end()) return known->second;
  return repeats_[expr] = find_repeats(expr);
}

bool Masks::find_repeats(ExprId expr) {
  ExprTable& exprs = machine_.grammar().exprs;
  if (!exprs.nullable(expr)) return false;
  std::vector<std::pair<ExprId, uint8_t>> open{{expr, kBetween}};
  for (size_t i = 0; i < open.size(); ++i) {
    auto [e, lex] = open[i];
    if (open.size() > 40) return false;
    const ExprId* row = exprs.row(e);
    for (int b = 0; b < 256; ++b) {
      const uint8_t next = utf8_step(lex, uint8_t(b));
      if (next == 255 || row[b] == kEmpty || (next == kBetween && row[b] == expr)) continue;
      if (next == kBetween) return false;
      const std::pair<ExprId, uint8_t> step{row[b], next};
      if (std::find(open.begin(), open.end(), step) == open.end()) open.push_back(step);
    }
  }
  return true;
}

// Whether no text can kill the expression, and a bound on the characters it can owe. "Contains this somewhere" is so.
bool Masks::immortal(ExprId start, uint32_t& longest) {
  auto [it, fresh] = immortal_.try_emplace(start, kNone);
  if (fresh) {
    constexpr size_t kMost = 400;
    ExprTable& exprs = machine_.grammar().exprs;
    std::vector<std::pair<ExprId, uint8_t>> open{{start, kBetween}};
    std::unordered_map<uint64_t, bool> seen{{uint64_t(start) << 8, true}};
    uint32_t most = 0;
    bool dies = false;
    for (size_t i = 0; i < open.size() && !dies; ++i) {
      auto [e, lex] = open[i];
      if (lex == kBetween) most = std::max(most, exprs.min_chars(e));
      const ExprId* row = exprs.row(e);
      for (int b = 0; b < 256 && !dies; ++b) {
        const uint8_t next = utf8_step(lex, uint8_t(b));
        if (next == 255) continue;
        dies = row[b] == kEmpty || open.size() > kMost;
        if (!dies && seen.try_emplace(uint64_t(row[b]) << 8 | next, true).second) open.push_back({row[b], next});
      }
    }
    if (!dies && most < kUnbounded / 2)
      for (auto [e, lex] : open)  // what can be reached cannot die either, nor owe more
        if (lex == kBetween) immortal_.insert_or_assign(e, most);
  }
  longest = immortal_[start];
  return longest != kNone;
}

}  // namespace typeloom
