#include "loops.h"

#include "lexis.h"

namespace typeloom {

namespace {
constexpr size_t kMany = 2048;  // more tokens than this are kept as a bitmap
}  // namespace

const LoopSplit& Loops::split(uint32_t node, const CharSet& set) {
  std::lock_guard<std::mutex> guard(lock_);
  const auto key = std::make_tuple(node, set.ascii[0], set.ascii[1], set.others);
  auto it = splits_.find(key);
  if (it == splits_.end()) it = splits_.emplace(key, make(node, set)).first;
  return it->second;
}

LoopSplit Loops::make(uint32_t from, const CharSet& set) const {
  const Trie& t = vocabulary_.trie();
  LoopSplit split;
  std::vector<std::pair<std::string, uint32_t>> rests;
  struct Place {
    uint32_t node, depth;  // bytes since `from`
    uint8_t lex;
  };
  std::vector<Place> open{{from, 0, kBetween}};
  while (!open.empty()) {
    const Place place = open.back();
    open.pop_back();
    for (uint32_t c = place.node + 1; c < t.end[place.node]; c = t.end[c]) {
      const uint8_t b = t.byte[c];
      if (place.lex == kBetween && !set.has(b)) {
        if (!place.depth) continue;  // it never was inside
        for (uint32_t below = c; below < t.end[c]; ++below)
          for (uint32_t k = t.token_begin[below]; k < t.token_begin[below + 1]; ++k)
            rests.emplace_back(std::string(), t.tokens[k]);
        continue;
      }
      const uint8_t lex = utf8_step(place.lex, b);
      if (lex == 255) continue;  // no text
      split.stays.insert(split.stays.end(), t.tokens.begin() + t.token_begin[c], t.tokens.begin() + t.token_begin[c + 1]);
      if (t.end[c] != c + 1) open.push_back({c, place.depth + 1, lex});
    }
  }
  // The rests: a token's bytes behind the node's, from the first that is outside.
  uint32_t prefix = 0;
  if (from) {
    uint32_t some = from;
    while (t.token_begin[some] == t.token_begin[some + 1]) ++some;  // some token below
    const std::string& bytes = vocabulary_.bytes(t.tokens[t.token_begin[some]]);
    for (uint32_t at = 0; at != from; ++prefix) at = t.child(at, uint8_t(bytes[prefix]));
  }
  for (auto& [rest, token] : rests) {
    const std::string& bytes = vocabulary_.bytes(token);
    size_t i = prefix;
    for (uint8_t lex = kBetween; lex != kBetween || set.has(uint8_t(bytes[i])); ++i) lex = utf8_step(lex, uint8_t(bytes[i]));
    rest = bytes.substr(i);
  }
  split.exits = make_trie(std::move(rests));
  if (split.stays.size() > kMany) {
    split.bitmap.assign(vocabulary_.n_words(), 0);
    for (uint32_t token : split.stays) split.bitmap[token / 32] |= 1u << (token % 32);
    split.stays.clear();
    split.stays.shrink_to_fit();
  }
  return split;
}

}  // namespace typeloom
