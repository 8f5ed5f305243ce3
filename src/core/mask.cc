#include "mask.h"

#include <algorithm>
#include <cstring>

namespace typeloom {

namespace {
constexpr uint32_t kFar = UINT32_MAX - 1;
constexpr size_t kSparse = 1024;  // more tokens than this are kept as a bitmap
}  // namespace

Masks::Masks(const Vocabulary& vocabulary, Machine& machine) : vocabulary_(vocabulary), machine_(machine) {}

void Masks::fill(StateId state, uint32_t* words) {
  const Mask& mask = masks_[mask_of(state)];
  const uint32_t n = vocabulary_.n_words();
  if (!mask.ground) {
    std::memset(words, 0, n * 4);
  } else if (mask.canonical) {
    const uint32_t* out = vocabulary_.uncanonical().data();
    for (uint32_t i = 0; i < n; ++i) words[i] = mask.ground[i] & ~out[i];
  } else {
    std::memcpy(words, mask.ground, n * 4);
  }
  for (uint32_t t : mask.removed) words[t / 32] &= ~(1u << (t % 32));
  for (uint32_t t : mask.added) words[t / 32] |= 1u << (t % 32);
}

uint32_t Masks::mask_of(StateId state) {
  if (state >= of_state_.size()) of_state_.resize(std::max<size_t>(state + 1, machine_.n_states() + 64), 0);
  if (of_state_[state]) return of_state_[state] - 1;
  uint32_t c = contents_.intern(content(state));
  if (c == of_content_.size()) {
    Mask mask = compute(state);
    if (machine_.accepting(state))
      for (uint32_t id : vocabulary_.end_ids()) mask.added.push_back(id);
    memory_bytes_ += sizeof(Mask) + 4 * (mask.added.size() + mask.removed.size());
    masks_.push_back(std::move(mask));
    of_content_.push_back(uint32_t(masks_.size() - 1));
    if (state >= of_state_.size()) of_state_.resize(machine_.n_states() + 64, 0);
  }
  of_state_[state] = of_content_[c] + 1;
  return of_content_[c];
}

std::vector<uint32_t> Masks::content(StateId id) {
  const State& s = machine_.state(id);
  const uint32_t chars = vocabulary_.max_chars(), commas = vocabulary_.max_commas() + 1;
  std::vector<uint32_t> out{uint32_t(s.mode) << 8 | s.lex, s.a, s.b, s.c, s.d, s.verdicts, s.recorded};
  if (s.mode == kFree) {
    out[2] = std::min(s.b, chars + 1);
    if (s.c > chars) out[3] = kUnbounded;
  }
  uint32_t frame = s.frame;
  if (s.mode == kKey) {
    const KeyState& k = machine_.key_state(s.a);
    uint32_t text = 0;
    for (uint32_t used : machine_.vector(machine_.frame(frame).used))
      if (k.unknown != kEmpty && machine_.extends(used, k.text)) text = k.text + 1;
    out[1] = 0;
    out.insert(out.end(), {k.low, k.high, k.depth, k.unknown, k.watched, text});
    if (text) out.push_back(machine_.frame(frame).used);
  }
  const uint32_t n_frames = vocabulary_.max_closers() + 1;
  for (uint32_t i = 0;; ++i) {
    const Frame& f = machine_.frame(frame);
    if (f.kind == kKinds) {
      out.push_back(kKinds);
      break;
    }
    const ContainerJob& job = machine_.grammar().job(f.job);
    uint32_t count = f.count;
    if (f.kind == kArray && job.single) {
      const ArrayConstraint& c = machine_.grammar().array(job.leaves[0]);
      if (count >= c.prefix.size()) {
        if (count >= c.minimum && c.maximum != kUnbounded && c.maximum - count > commas) count = kFar;
        else if (count < c.minimum && c.minimum - count > commas && c.maximum == kUnbounded) count = kFar - 1;
      }
    }
    uint32_t used = f.used;
    if (f.kind == kObject && used) {
      auto [it, fresh] = inner_used_.try_emplace(used, 0);
      if (fresh) {
        std::vector<uint32_t> inner;
        for (uint32_t text : machine_.vector(used))
          if (vocabulary_.is_inner_text(machine_.text(text))) inner.push_back(text);
        it->second = inner.empty() ? 0 : used;
      }
      used = it->second;
    }
    out.insert(out.end(), {uint32_t(f.kind) << 16 | (f.depth > 100 ? f.depth : 0), f.job, f.verdicts, f.progress, count,
                           used, f.link, f.mark});
    if (i + 1 >= n_frames && (job.must || job.single)) break;
    frame = f.parent;
  }
  return out;
}

Mask Masks::compute(StateId id) {
  Mask mask;
  const State s = machine_.state(id);
  if (s.lex == kBetween && s.mode == kFree) {
    compute_free(s, mask);
    if (s.recorded) correct_items(id, mask);
  } else if (s.lex == kBetween && s.mode == kLanguage) {
    compute_language(id, s, mask);
  } else if (s.lex == kBetween && s.mode == kKey && machine_.key_state(s.a).unknown != kEmpty) {
    compute_key(id, s, mask);
  } else {
    walk(0, id, mask.added);
  }
  return mask;
}

// --- the walk ---------------------------------------------------------------------------------------------------------

void Masks::walk(uint32_t node, StateId state, std::vector<uint32_t>& out) {
  const Trie& t = vocabulary_.trie();
  const ByteSet candidates = machine_.candidates(state);
  for (uint32_t c = node + 1; c < t.end[node]; c = t.end[c]) {
    const uint8_t b = t.byte[c];
    if (!candidates[b]) continue;
    StateId next = machine_.step(state, b);
    if (!next) continue;
    take(c, out);
    if (t.end[c] == c + 1) continue;
    const State& n = machine_.state(next);
    if (b == '"' && n.lex == kBetween && (n.mode == kFree || n.mode == kLanguage || n.mode == kKey))
      enter_string(c, next, out);
    else
      walk(c, next, out);
  }
}

// Tokens below `node`, whose last byte opened the string or key that `id` is at the beginning of.
void Masks::enter_string(uint32_t node, StateId id, std::vector<uint32_t>& out) {
  const State s = machine_.state(id);
  const StringSplit* split = vocabulary_.quoted(node);
  if (s.mode == kLanguage && s.a != kAll) {
    const LanguageSplit& language = language_split(s.a, s.b, s.c, node);
    out.insert(out.end(), language.stays.begin(), language.stays.end());
    return follow_exits(id, language, out);
  }
  if (s.mode == kKey) {
    const KeyState& k = machine_.key_state(s.a);
    if (k.unknown != kAll || k.watched) return walk(node, id, out);
  }
  if (!split) return walk(node, id, out);
  const bool canonical = s.mode != kFree;
  const uint32_t need = s.mode == kKey ? 0 : s.b, room = s.mode == kKey ? kUnbounded : s.c;
  for (const Staying& stay : split->stays) {
    if (stay.n_chars > room) break;
    if (stay.canonical || !canonical) out.push_back(stay.token);
  }
  for (const StringSplit::Exit& exit : split->exits) {
    if (exit.n_chars < need || exit.n_chars > room || (canonical && !exit.canonical)) continue;
    follow(steps(id, exit.inner + '"'), exit.node, out);
  }
}

void Masks::exits_below(uint32_t node, StateId state, uint32_t need, uint32_t room, bool canonical,
                        std::vector<uint32_t>& out) {
  const Trie& t = vocabulary_.exits();
  auto take_leaving = [&](uint32_t at) {
    for (uint32_t k = t.token_begin[at]; k < t.token_begin[at + 1]; ++k) {
      const Leaving& l = vocabulary_.leaving()[t.tokens[k]];
      if (l.n_chars >= need && l.n_chars <= room && (l.canonical || !canonical)) out.push_back(l.token);
    }
  };
  if (node == 0) take_leaving(0);
  const ByteSet candidates = machine_.candidates(state);
  for (uint32_t c = node + 1; c < t.end[node]; c = t.end[c]) {
    if (!candidates[t.byte[c]]) continue;
    StateId next = machine_.step(state, t.byte[c]);
    if (!next) continue;
    take_leaving(c);
    if (t.end[c] != c + 1) exits_below(c, next, need, room, canonical, out);
  }
}

void Masks::walk_exits(StateId after, uint32_t need, uint32_t room, bool canonical, std::vector<uint32_t>& out) {
  if (after) exits_below(0, after, need, room, canonical, out);
}

// --- strings ----------------------------------------------------------------------------------------------------------

void Masks::compute_free(const State& s, Mask& mask) {
  mask.ground = vocabulary_.stays(s.c);
  if (s.c > Vocabulary::kExactStays && s.c < vocabulary_.max_stay())
    for (const Staying& stay : vocabulary_.long_stays())
      if (stay.n_chars <= s.c) mask.added.push_back(stay.token);
  State closing = s;
  closing.b = 0;
  if (s.recorded) return;  // in a unique array the exits depend on the text: corrected one by one
  walk_exits(machine_.step(machine_.intern(closing), '"'), s.b, s.c, false, mask.added);
}

// Inside a free string of a unique array: each leaving token is tried.
void Masks::correct_items(StateId id, Mask& mask) {
  for (const Leaving& l : vocabulary_.leaving())
    if (steps(id, vocabulary_.bytes(l.token))) mask.added.push_back(l.token);
}

const Masks::LanguageSplit& Masks::language_split(ExprId expr, uint32_t need, uint32_t room, uint32_t node) {
  ExprTable& exprs = machine_.grammar().exprs;
  // Counters matter only where they can refuse something that the language alone would not.
  const bool counted = need > 0 || (room != kUnbounded && !(exprs.max_chars(expr) <= room));
  const uint64_t key = mix(mix(uint64_t(expr) << 32 | node, counted ? uint64_t(need) << 32 | room : 0), counted);
  auto [it, fresh] = splits_.try_emplace(key);
  LanguageSplit& split = it->second;
  if (!fresh) return split;
  const Trie& t = vocabulary_.trie();
  struct Step {
    uint32_t node;
    ExprId expr;
    uint32_t n_chars;
    uint8_t lex;
  };
  std::vector<Step> stack{{node, expr, 0, kBetween}};
  // Depth-first in trie order, so that the path to a node is the bytes of its ancestors: kept for the exits.
  std::string path;
  std::vector<uint32_t> depth_of;  // depth of each stacked step
  depth_of.push_back(0);
  std::vector<Step> children;
  while (!stack.empty()) {
    Step s = stack.back();
    const uint32_t depth = depth_of.back();
    stack.pop_back();
    depth_of.pop_back();
    if (s.node != node) {
      path.resize(depth - 1);
      path.push_back(char(t.byte[s.node]));
    }
    const ExprId* row = exprs.row(s.expr);
    children.clear();
    for (uint32_t c = s.node + 1; c < t.end[s.node]; c = t.end[c]) {
      const uint8_t b = t.byte[c];
      if (s.lex == kBetween) {
        if (b < 0x20) continue;
        if (b == '"') {
          if (exprs.nullable(s.expr) && s.n_chars >= need && s.n_chars <= room) split.exits.push_back({c, path});
          continue;
        }
        if (b == '\\') {  // escapes are walked by the machine
          bool live = row['"'] != kEmpty || row['\\'] != kEmpty;
          for (int i = 0; i < 0x20 && !live; ++i) live = row[i] != kEmpty;
          if (live) split.escapes.push_back({c, path});
          continue;
        }
      }
      const uint8_t lex = b < 0x80 && s.lex == kBetween ? uint8_t(kBetween) : utf8_step(s.lex, b);
      if (lex == 255) continue;
      const ExprId next = row[b];
      if (next == kEmpty) continue;
      const uint32_t n = s.n_chars + (s.lex == kBetween);
      if (counted && (n > room || !exprs.has_length_between(next, need > n ? need - n : 0,
                                                            room == kUnbounded ? kUnbounded : room - n)))
        continue;
      for (uint32_t k = t.token_begin[c]; k < t.token_begin[c + 1]; ++k) split.stays.push_back(t.tokens[k]);
      if (t.end[c] != c + 1) children.push_back({c, next, n, lex});
    }
    for (size_t i = children.size(); i-- > 0;) {
      stack.push_back(children[i]);
      depth_of.push_back(depth + 1);
    }
  }
  if (node == 0 && split.stays.size() > kSparse) {
    split.bitmap.assign(vocabulary_.n_words(), 0);
    for (uint32_t token : split.stays) split.bitmap[token / 32] |= 1u << (token % 32);
    split.stays.clear();
    split.stays.shrink_to_fit();
  }
  memory_bytes_ += 4 * (split.stays.size() + split.bitmap.size());
  return split;
}

void Masks::follow_exits(StateId id, const LanguageSplit& split, std::vector<uint32_t>& out) {
  for (auto& exit : split.exits) follow(steps(id, exit.inner + '"'), exit.node, out);
  for (auto& escape : split.escapes) follow(steps(id, escape.inner + '\\'), escape.node, out);
}

void Masks::compute_language(StateId id, const State& s, Mask& mask) {
  if (s.a == kAll) {  // what is left is free, but canonically spelt
    compute_free(s, mask);
    mask.canonical = true;
    std::vector<uint32_t> canonical;
    for (uint32_t t : mask.added)
      if (!(vocabulary_.uncanonical()[t / 32] >> (t % 32) & 1)) canonical.push_back(t);
    mask.added.swap(canonical);
    if (s.recorded) correct_items(id, mask);
    return;
  }
  const LanguageSplit& split = language_split(s.a, s.b, s.c, 0);
  if (!split.bitmap.empty()) mask.ground = split.bitmap.data();
  mask.added = split.stays;
  if (s.recorded) return correct_items(id, mask), follow_exits(id, split, mask.added);
  follow_exits(id, split, mask.added);
}

// --- keys -------------------------------------------------------------------------------------------------------------

void Masks::compute_key(StateId id, const State& s, Mask& mask) {
  const KeyState k = machine_.key_state(s.a);
  if (k.unknown == kAll && !k.watched) {
    mask.ground = vocabulary_.stays(kUnbounded);
    mask.canonical = true;
    // After any key that nobody declared and nobody used: a private-use character makes one.
    walk_exits(steps(id, "\xEE\x80\x80\""), 0, kUnbounded, true, mask.added);
  } else {
    const LanguageSplit& split = language_split(k.unknown, 0, kUnbounded, 0);
    if (!split.bitmap.empty()) mask.ground = split.bitmap.data();
    mask.added = split.stays;
    follow_exits(id, split, mask.added);
  }
  correct_keys(id, k, mask);
}

// Tokens that spell the rest of a declared or used key and its quote follow that key's own rules, not "some other key's".
void Masks::correct_keys(StateId id, const KeyState& k, Mask& mask) {
  const Frame f = machine_.frame(machine_.state(id).frame);
  const KeyTable& table = machine_.grammar().key_table(f.job);
  std::vector<std::string> rests;
  for (uint32_t i = k.low; i < k.high; ++i) rests.push_back(table.keys[i].substr(k.depth));
  for (uint32_t used : machine_.vector(f.used))
    if (machine_.extends(used, k.text)) rests.push_back(machine_.text(used, k.text));
  const Trie& t = vocabulary_.trie();
  for (const std::string& rest : rests) {
    std::string spelling = quote_canonically(rest).substr(1);
    uint32_t node = 0;
    StateId state = id;
    for (size_t i = 0; i < spelling.size(); ++i) {
      node = t.child(node, uint8_t(spelling[i]));
      if (!node) break;
      if (i + 1 < spelling.size()) {  // a declared key need not be in the language of the others
        if (state) state = machine_.step(state, uint8_t(spelling[i]));
        if (state) take(node, mask.added);
        continue;
      }
      const uint32_t first = t.token_begin[node], last = t.token_begin[t.end[node]];
      mask.removed.insert(mask.removed.end(), t.tokens.begin() + first, t.tokens.begin() + last);
      std::vector<uint32_t> gone(t.tokens.begin() + first, t.tokens.begin() + last);
      std::sort(gone.begin(), gone.end());
      mask.added.erase(std::remove_if(mask.added.begin(), mask.added.end(),
                                      [&](uint32_t token) {
                                        return std::binary_search(gone.begin(), gone.end(), token);
                                      }),
                       mask.added.end());
      if (state) follow(machine_.step(state, '"'), node, mask.added);
    }
  }
}

}  // namespace typeloom
