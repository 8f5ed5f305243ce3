#include "loops.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "lexis.h"

namespace typeloom {

namespace {
constexpr uint32_t kMany = 2048;  // of more tokens than this, those that stay are a bitmap
constexpr size_t kAhead = 8;      // tokens whose bytes are fetched ahead
}  // namespace

Loops::Loops(const Vocabulary& vocabulary) : vocabulary_(vocabulary) {
  const Trie& t = vocabulary.trie();
  tails_.resize(t.token_begin[t.end[0]]);
  for (uint32_t k = 0; k < tails_.size(); ++k) {
    const std::string& bytes = vocabulary.bytes(t.tokens[k]);
    uint8_t lex = kBetween;
    for (size_t i = 0; i < bytes.size() && lex != 255; ++i) {
      const uint8_t b = uint8_t(bytes[i]);
      lex = utf8_step(lex, b);
      if (i && b < 0x80) tails_[k].set(b);
      if (i && b >= 0x80) tails_[k].others = true;
    }
    if (lex == 255) tails_[k] = {{~uint64_t{0}, ~uint64_t{0}}, true};  // no text: inside of no set by this
  }
}

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
  uint32_t prefix = 0;  // bytes of the node
  if (from) {
    uint32_t some = from;
    while (t.token_begin[some] == t.token_begin[some + 1]) ++some;  // some token below
    const std::string& bytes = vocabulary_.bytes(t.tokens[t.token_begin[some]]);
    for (uint32_t at = 0; at != from; ++prefix) at = t.child(at, uint8_t(bytes[prefix]));
  }
  const bool many = t.token_begin[t.end[from]] - t.token_begin[from] > kMany;
  if (many) split.bitmap.assign(vocabulary_.n_words(), 0);
  const auto stays = [&](uint32_t token) {
    if (many) split.bitmap[token / 32] |= 1u << (token % 32);
    else split.stays.push_back(token);
  };
  bool inside[256];
  for (unsigned b = 0; b < 256; ++b) inside[b] = set.has(uint8_t(b));
  const uint64_t outside[2] = {~set.ascii[0], ~set.ascii[1]};
  std::vector<uint32_t> read;  // tokens whose bytes have to be looked at
  for (uint32_t i = t.child_begin[from]; i < t.child_begin[from + 1]; ++i) {
    if (!inside[t.child_bytes[i]]) continue;
    const uint32_t child = t.child_nodes[i];
    for (uint32_t k = t.token_begin[child]; k < t.token_begin[t.end[child]]; ++k) {
      const CharSet& tail = tails_[k];
      const bool tail_is_inside =
          !(tail.ascii[0] & outside[0]) && !(tail.ascii[1] & outside[1]) && (set.others || !tail.others);
      if (prefix <= 1 && tail_is_inside) stays(t.tokens[k]);
      else read.push_back(t.tokens[k]);
    }
  }
  std::unordered_map<std::string_view, std::vector<uint32_t>> rests;  // from the first byte that is outside
  for (size_t k = 0; k < read.size(); ++k) {
    if (k + kAhead < read.size()) __builtin_prefetch(&vocabulary_.bytes(read[k + kAhead]));
    const std::string& bytes = vocabulary_.bytes(read[k]);
    uint8_t lex = kBetween;
    size_t i = prefix;
    for (; i < bytes.size() && (lex != kBetween || inside[uint8_t(bytes[i])]); ++i) {
      lex = utf8_step(lex, uint8_t(bytes[i]));
      if (lex == 255) break;
    }
    if (lex == 255) continue;  // no text
    if (i == bytes.size()) stays(read[k]);
    else rests[std::string_view(bytes).substr(i)].push_back(read[k]);
  }
  std::vector<std::string_view> order;  // few rests have many tokens
  for (const auto& [rest, tokens] : rests) order.push_back(rest);
  std::sort(order.begin(), order.end());
  std::vector<std::pair<std::string, uint32_t>> entries;
  for (std::string_view rest : order)
    for (uint32_t token : rests[rest]) entries.emplace_back(rest, token);
  split.exits = make_trie(std::move(entries));
  return split;
}

}  // namespace typeloom
