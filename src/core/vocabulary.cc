#include "vocabulary.h"

#include <algorithm>

#include "lexis.h"
#include "loops.h"

namespace typeloom {

Trie make_trie(std::vector<std::pair<std::string, uint32_t>> entries) {
  if (!std::is_sorted(entries.begin(), entries.end())) std::sort(entries.begin(), entries.end());
  Trie t;
  size_t n_bytes = 1;
  for (auto& e : entries) n_bytes += e.first.size();
  t.byte.reserve(n_bytes / 2);
  t.byte.push_back(0);
  t.end.push_back(0);
  t.token_begin.push_back(0);
  std::vector<uint32_t> path{0};  // node at each depth of the previous entry
  std::string previous;
  for (auto& [text, value] : entries) {
    size_t common = 0;
    while (common < text.size() && common < previous.size() && text[common] == previous[common]) ++common;
    while (path.size() > common + 1) {
      t.end[path.back()] = uint32_t(t.byte.size());
      path.pop_back();
    }
    for (size_t i = common; i < text.size(); ++i) {
      path.push_back(uint32_t(t.byte.size()));
      t.byte.push_back(uint8_t(text[i]));
      t.end.push_back(0);
      t.token_begin.push_back(uint32_t(t.tokens.size()));
    }
    t.tokens.push_back(value);  // sorted order: the node of this entry is the newest or equal to the previous one
    previous = text;
  }
  for (uint32_t node : path) t.end[node] = uint32_t(t.byte.size());
  t.token_begin.push_back(uint32_t(t.tokens.size()));
  const uint32_t n = uint32_t(t.size());
  t.child_begin.reserve(n + 1);
  t.child_nodes.reserve(n - 1);
  t.child_bytes.reserve(n - 1);
  for (uint32_t node = 0; node < n; ++node) {
    t.child_begin.push_back(uint32_t(t.child_nodes.size()));
    for (uint32_t c = node + 1; c < t.end[node]; c = t.end[c]) {
      t.child_nodes.push_back(c);
      t.child_bytes.push_back(t.byte[c]);
    }
  }
  t.child_begin.push_back(uint32_t(t.child_nodes.size()));
  return t;
}

void append_trie(Trie& trie, const Trie& second) {
  const uint32_t n_nodes = uint32_t(trie.size()), n_values = uint32_t(trie.tokens.size());
  trie.byte.insert(trie.byte.end(), second.byte.begin(), second.byte.end());
  for (uint32_t end : second.end) trie.end.push_back(end + n_nodes);
  trie.token_begin.pop_back();
  for (uint32_t begin : second.token_begin) trie.token_begin.push_back(begin + n_values);
  trie.tokens.insert(trie.tokens.end(), second.tokens.begin(), second.tokens.end());
  const uint32_t n_children = uint32_t(trie.child_nodes.size());
  trie.child_begin.pop_back();
  for (uint32_t begin : second.child_begin) trie.child_begin.push_back(begin + n_children);
  for (uint32_t child : second.child_nodes) trie.child_nodes.push_back(child + n_nodes);
  trie.child_bytes.insert(trie.child_bytes.end(), second.child_bytes.begin(), second.child_bytes.end());
}

namespace {

std::string without_blanks(const std::string& text) {  // JSON's white space at the beginning
  const size_t first = text.find_first_not_of(" \t\n\r");
  return first == std::string::npos ? std::string() : text.substr(first);
}

}  // namespace

Vocabulary::Vocabulary(std::vector<std::string> tokens, std::vector<uint32_t> end_ids,
                       const std::vector<uint32_t>& special_ids, bool space_prefix)
    : tokens_(std::move(tokens)), end_ids_(std::move(end_ids)), space_prefix_(space_prefix) {
  for (uint32_t id : end_ids_) tokens_[id].clear();
  for (uint32_t id : special_ids) tokens_[id].clear();
  std::vector<std::pair<std::string, uint32_t>> entries;
  entries.reserve(tokens_.size());
  for (uint32_t id = 0; id < tokens_.size(); ++id)
    if (!tokens_[id].empty()) entries.emplace_back(tokens_[id], id);
  trie_ = make_trie(entries);
  blanks_.assign(n_words(), 0);
  for (auto& [text, id] : entries) {
    text = without_blanks(text);
    if (text.empty()) blanks_[id / 32] |= 1u << (id % 32);
  }
  append_trie(trie_, make_trie(std::move(entries)));
  split_strings();
  find_numerals();
  make_classes();
  loops_ = std::make_shared<Loops>(*this);
}

void Vocabulary::find_numerals() {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  numerals_.assign(n_words(), 0);
  for (uint32_t id = 0; id < tokens_.size(); ++id) {
    const std::string& text = tokens_[id];
    if (text.empty() || !digit(text[0])) continue;
    if (std::all_of(text.begin(), text.end(), digit)) {
      numerals_[id / 32] |= 1u << (id % 32);
      longest_numeral_ = std::max(longest_numeral_, uint32_t(text.size()));
    } else {
      past_numerals_.push_back(id);
    }
  }
}

void Vocabulary::make_classes() {
  ClassTrie& k = classes_;
  // Classes are numbered by their least byte, so that a class trie's children are sorted as its bytes are.
  std::vector<std::vector<uint8_t>> bytes(256);
  for (int b = 0; b < 256; ++b) {
    int lowest = b;
    if (b >= 'a' && b <= 'z') lowest = 'a';
    if (b >= 'A' && b <= 'Z') lowest = 'A';
    if (b >= '0' && b <= '9') lowest = '0';
    if (b >= 0x80 && b < 0xC0) lowest = b < 0x90 ? 0x80 : b < 0xA0 ? 0x90 : 0xA0;
    if (b >= 0xC2 && b < 0xE0) lowest = 0xC2;
    if (b > 0xE0 && b < 0xED) lowest = 0xE1;
    if (b == 0xEE || b == 0xEF) lowest = 0xEE;
    if (b > 0xF0 && b < 0xF4) lowest = 0xF1;
    k.class_of[b] = uint8_t(lowest);
    bytes[size_t(lowest)].push_back(uint8_t(b));
  }
  k.bytes_of = std::move(bytes);
  std::vector<std::pair<std::string, uint32_t>> entries;
  entries.reserve(tokens_.size());
  for (uint32_t id = 0; id < tokens_.size(); ++id) {
    if (tokens_[id].empty()) continue;
    std::string path = tokens_[id];
    for (char& c : path) c = char(k.class_of[uint8_t(c)]);
    entries.emplace_back(std::move(path), id);
  }
  k.trie = make_trie(std::move(entries));
  k.below.resize(k.trie.size());
  k.height.assign(k.trie.size(), 0);
  for (uint32_t node = uint32_t(k.trie.size()); node-- > 0;)  // children stand behind their parents
    for (uint32_t c = node + 1; c < k.trie.end[node]; c = k.trie.end[c]) {
      k.below[node] |= k.below[c];
      k.below[node].set(k.trie.byte[c]);
      k.height[node] = uint16_t(std::max<uint32_t>(k.height[node], std::min<uint32_t>(k.height[c] + 1u, UINT16_MAX)));
    }
  // Which nodes of the trie stand behind each class node: both are walked together.
  const uint32_t n_nodes = trie_.end[0];
  std::vector<uint32_t> node_of(n_nodes, 0);
  std::vector<uint32_t> count(k.trie.size() + 1, 0);
  std::vector<std::pair<uint32_t, uint32_t>> stack{{0, 0}};
  while (!stack.empty()) {
    auto [node, at] = stack.back();
    stack.pop_back();
    node_of[node] = at;
    ++count[at + 1];
    for (uint32_t c = node + 1; c < trie_.end[node]; c = trie_.end[c])
      stack.push_back({c, k.trie.child(at, k.class_of[trie_.byte[c]])});
  }
  for (size_t i = 1; i < count.size(); ++i) count[i] += count[i - 1];
  k.member_begin = count;
  k.members.resize(n_nodes);
  std::vector<std::vector<uint32_t>> of_byte(256);
  for (uint32_t node = 0; node < n_nodes; ++node) of_byte[trie_.byte[node]].push_back(node);
  for (const auto& nodes : of_byte)
    for (uint32_t node : nodes) k.members[count[node_of[node]]++] = node;
  constexpr uint32_t kMany = 256;
  k.bitmap_of.assign(k.trie.size(), 0);
  for (uint32_t node = 0; node < k.trie.size(); ++node) {
    const uint32_t first = k.trie.token_begin[node], last = k.trie.token_begin[node + 1];
    if (last - first < kMany) continue;
    std::vector<uint32_t> bitmap(n_words(), 0);
    for (uint32_t i = first; i < last; ++i) bitmap[k.trie.tokens[i] / 32] |= 1u << (k.trie.tokens[i] % 32);
    k.bitmaps.push_back(std::move(bitmap));
    k.bitmap_of[node] = uint32_t(k.bitmaps.size());
  }
}

ClassTrie::Members ClassTrie::members_by(uint32_t node, uint8_t byte, const Trie& bytes) const {
  const uint32_t* const all = members.data();
  const auto below = [&](uint32_t member, unsigned b) { return bytes.byte[member] < b; };
  const uint32_t* first = std::lower_bound(all + member_begin[node], all + member_begin[node + 1], unsigned{byte}, below);
  return {first, std::lower_bound(first, all + member_begin[node + 1], byte + 1u, below)};
}

bool Vocabulary::is_end(uint32_t token) const {
  return std::find(end_ids_.begin(), end_ids_.end(), token) != end_ids_.end();
}

const uint32_t* Vocabulary::stays(uint32_t n) const {
  if (n >= max_stay_) return stays_.back().data();
  return stays_[std::min(n, kExactStays)].data();
}

bool Vocabulary::is_inner_text(const std::string& text) const {
  return std::binary_search(inner_texts_.begin(), inner_texts_.end(), text);
}

namespace {

struct Fate {  // of one token that starts inside a string, between characters
  enum { kDies, kStays, kLeaves } what = kDies;
  uint32_t n_chars = 0;
  size_t quote = 0;  // offset of the closing quote
  bool canonical = true;
};

Fate fate_inside(const std::string& text, size_t from) {
  Fate fate;
  Inside any, strict;
  bool strict_lives = true;
  for (size_t i = from; i < text.size(); ++i) {
    uint8_t b = uint8_t(text[i]);
    uint32_t code_point = 0;
    bool between = any.lex == kBetween;
    if (strict_lives) {
      uint32_t ignored = 0;
      strict_lives = inside_step(strict, b, Escapes::kCanonical, ignored) != Event::kRefused;
    }
    Event event = inside_step(any, b, Escapes::kAny, code_point);
    if (event == Event::kRefused) return fate;
    fate.canonical = strict_lives;
    if (event == Event::kQuote) {
      fate.what = Fate::kLeaves;
      fate.quote = i;
      return fate;
    }
    if (between) ++fate.n_chars;
  }
  fate.what = Fate::kStays;
  return fate;
}

}  // namespace

void Vocabulary::split_strings() {
  const uint32_t words = n_words();
  std::vector<std::vector<uint32_t>> by_chars;
  std::vector<std::pair<std::string, uint32_t>> rests;
  uncanonical_.assign(words, 0);
  leaving_index_.assign(n_tokens(), UINT32_MAX);
  for (uint32_t id = 0; id < tokens_.size(); ++id) {
    const std::string& text = tokens_[id];
    if (text.empty()) continue;
    max_bytes_ = std::max(max_bytes_, uint32_t(text.size()));
    uint32_t closers = 0, commas = 0, chars = 0;
    size_t open = std::string::npos;
    for (size_t i = 0; i < text.size(); ++i) {
      char c = text[i];
      if (c == '}' || c == ']') ++closers;
      if (c == ',') ++commas;
      if ((c & 0xC0) != 0x80) ++chars;
      if (c == '"') {
        if (open != std::string::npos) inner_texts_.push_back(decode_escapes(text.substr(open, i - open)));
        open = i + 1;
      }
    }
    max_closers_ = std::max(max_closers_, closers);
    max_commas_ = std::max(max_commas_, commas);
    max_chars_ = std::max(max_chars_, chars);
    Fate fate = fate_inside(text, 0);
    if (fate.what == Fate::kStays) {
      if (by_chars.size() <= fate.n_chars) by_chars.resize(fate.n_chars + 1);
      by_chars[fate.n_chars].push_back(id);
    } else if (fate.what == Fate::kLeaves) {
      rests.emplace_back(text.substr(fate.quote + 1), uint32_t(leaving_.size()));
      leaving_index_[id] = uint32_t(leaving_.size());
      const size_t comma = text.find(',', fate.quote);
      const bool goes_on = comma != std::string::npos && without_blanks(text.substr(comma + 1)).size() > 1;
      leaving_.push_back({id, fate.n_chars, fate.canonical, uint32_t(fate.quote), text.find('\\') < fate.quote, goes_on});
    }
    if (fate.what != Fate::kDies && !fate.canonical) uncanonical_[id / 32] |= 1u << (id % 32);
  }
  std::sort(inner_texts_.begin(), inner_texts_.end());
  inner_texts_.erase(std::unique(inner_texts_.begin(), inner_texts_.end()), inner_texts_.end());
  if (by_chars.empty()) by_chars.resize(1);
  max_stay_ = uint32_t(by_chars.size()) - 1;
  std::vector<uint32_t> bitmap(words, 0);
  for (size_t n = 0; n < by_chars.size(); ++n) {
    for (uint32_t id : by_chars[n]) {
      bitmap[id / 32] |= 1u << (id % 32);
      if (n > kExactStays)
        long_stays_.push_back({id, uint32_t(n), !(uncanonical_[id / 32] >> (id % 32) & 1)});
    }
    if (n <= kExactStays) stays_.push_back(bitmap);
  }
  stays_.push_back(bitmap);
  canonical_stays_ = bitmap;
  for (uint32_t i = 0; i < words; ++i) canonical_stays_[i] &= ~uncanonical_[i];
  max_chars_ = std::max(max_chars_, max_stay_ + 1);
  exits_ = make_trie(rests);
  for (auto& rest : rests) rest.first = without_blanks(rest.first);
  append_trie(exits_, make_trie(std::move(rests)));
  for (const Leaving& l : leaving_) {
    const std::string spelled = tokens_[l.token].substr(0, l.quote);
    uint32_t node = 0;
    for (uint32_t i = 0; i <= l.quote; ++i) node = trie_.child(node, uint8_t(tokens_[l.token][i]));
    closings_.emplace(spelled, node);
    const std::string text = decode_escapes(spelled);
    if (closing_ends_.size() <= text.size()) closing_ends_.resize(text.size() + 1);
    closing_ends_[text.size()].first.set(text.empty() ? 0 : uint8_t(text.front()));
    closing_ends_[text.size()].last.set(text.empty() ? 0 : uint8_t(text.back()));
    if (spelled.find('\\') != std::string::npos) escaped_leaving_.emplace(text, l.token);
  }

  // Whether some token below the node has a comma and more than one byte behind it.
  const auto goes_on = [this](uint32_t from) {
    std::vector<std::pair<uint32_t, int>> open{{from, -1}};  // a node, and the bytes since the comma; before it, -1
    while (!open.empty()) {
      const auto [node, since] = open.back();
      open.pop_back();
      if (since > 1) return true;
      for (uint32_t c = node + 1; c < trie_.end[node]; c = trie_.end[c]) {
        const bool blank = without_blanks(std::string(1, char(trie_.byte[c]))).empty();
        open.push_back({c, since < 0 ? (trie_.byte[c] == ',' ? 0 : -1) : since || !blank ? since + 1 : 0});
      }
    }
    return false;
  };
  // The same split below the trie nodes that end in a quote.
  for (uint32_t node = 1; node < trie_.size(); ++node) {
    if (trie_.byte[node] != '"') continue;
    StringSplit split;
    // Walk the subtree once, carrying the string's lexis down.
    struct Step {
      uint32_t node;
      Inside any, strict;
      bool strict_lives;
      uint32_t n_chars;
      std::string inner;
    };
    std::vector<Step> stack{{node, {}, {}, true, 0, ""}};
    while (!stack.empty()) {
      Step s = stack.back();
      stack.pop_back();
      for (uint32_t c = s.node + 1; c < trie_.end[s.node]; c = trie_.end[c]) {
        Step next = s;
        next.node = c;
        uint32_t code_point = 0;
        bool between = s.any.lex == kBetween;
        if (next.strict_lives)
          next.strict_lives = inside_step(next.strict, trie_.byte[c], Escapes::kCanonical, code_point) != Event::kRefused;
        Event event = inside_step(next.any, trie_.byte[c], Escapes::kAny, code_point);
        if (event == Event::kRefused) continue;
        if (event == Event::kQuote) {
          split.exits.push_back({c, s.n_chars, next.strict_lives, goes_on(c), s.inner});
          continue;
        }
        if (between) ++next.n_chars;
        next.inner += char(trie_.byte[c]);
        for (uint32_t k = trie_.token_begin[c]; k < trie_.token_begin[c + 1]; ++k)
          split.stays.push_back({trie_.tokens[k], next.n_chars, next.strict_lives});
        stack.push_back(next);
      }
    }
    std::sort(split.stays.begin(), split.stays.end(),
              [](const Staying& a, const Staying& b) { return a.n_chars < b.n_chars; });
    quoted_.emplace(node, std::move(split));
  }
}

size_t Vocabulary::memory_bytes() const {
  return trie_.size() * 18 + trie_.tokens.size() * 4 + stays_.size() * n_words() * 4 + leaving_.size() * sizeof(Leaving);
}

}  // namespace typeloom
