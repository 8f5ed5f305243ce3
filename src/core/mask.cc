#include "mask.h"

#include <algorithm>
#include <cstring>
#include <map>

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
  if (s.mode == kFree || (s.mode == kLanguage && repeats(s.a))) {
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
    compute_free(id, s, mask);
  } else if (s.lex == kBetween && s.mode == kLanguage) {
    compute_language(id, s, mask);
  } else if (s.lex == kBetween && s.mode == kLanguages && !s.recorded) {
    compute_languages(id, s, mask);
  } else if (s.lex == kBetween && s.mode == kKey && machine_.key_state(s.a).unknown != kEmpty) {
    compute_key(id, s, mask);
  } else if (machine_.ignores_blanks(s)) {
    mask.ground = vocabulary_.blanks();
    walk(vocabulary_.unspaced(), id, mask.added);
  } else if (s.mode == kNumbers && digits_live(id)) {
    mask.ground = vocabulary_.numerals();
    const Trie& t = vocabulary_.trie();
    const ByteSet candidates = machine_.candidates(id);
    for (uint32_t i = t.child_begin[0]; i < t.child_begin[1]; ++i) {
      const uint8_t b = t.child_bytes[i];
      if (candidates[b] && !(b >= '0' && b <= '9')) follow(machine_.step(id, b), t.child_nodes[i], mask.added);
    }
    for (uint32_t token : vocabulary_.past_numerals())
      if (steps(id, vocabulary_.bytes(token))) mask.added.push_back(token);
  } else {
    walk(0, id, mask.added);
  }
  return mask;
}

// Whether any digits may follow, as many as one token has. States that digits lead to are few where no bound is near.
bool Masks::digits_live(StateId id) {
  constexpr size_t kMost = 24;
  std::vector<StateId> reached{id};
  size_t begin = 0;
  for (uint32_t n = 0; n < vocabulary_.longest_numeral() && begin < reached.size(); ++n) {
    const size_t end = reached.size();
    for (; begin < end; ++begin) {
      for (uint8_t b = '0'; b <= '9'; ++b) {
        const StateId next = machine_.step(reached[begin], b);
        if (!next) return false;
        if (std::find(reached.begin(), reached.end(), next) == reached.end()) reached.push_back(next);
      }
      if (reached.size() > kMost) return false;
    }
  }
  return true;
}

// --- the walk ---------------------------------------------------------------------------------------------------------

void Masks::walk(uint32_t node, StateId state, std::vector<uint32_t>& out) {
  const Trie& t = vocabulary_.trie();
  const ByteSet candidates = machine_.candidates(state);
  for (uint32_t i = t.child_begin[node]; i < t.child_begin[node + 1]; ++i) {
    const uint8_t b = t.child_bytes[i];
    if (!candidates[b]) continue;
    StateId next = machine_.step(state, b);
    if (!next) continue;
    const uint32_t c = t.child_nodes[i];
    take(c, out);
    if (t.is_leaf(c)) continue;
    const State& n = machine_.state(next);
    if (b == '"' && begins_string(n))
      enter_string(c, next, out);
    else
      walk(c, next, out);
  }
}

// A quote may also be the end of an escape. Of a string that has begun, the state says what may come; of a key, it does
// not say what was read, so a key that has begun is walked.
bool Masks::begins_string(const State& s) const {
  if (s.lex != kBetween) return false;
  if (s.mode == kFree || s.mode == kLanguage || s.mode == kLanguages) return true;
  if (s.mode != kKey) return false;
  const KeyState& k = machine_.key_state(s.a);
  return k.depth == 0 && k.text == 0;
}

// Tokens below `node`, whose last byte opened the string or key that `id` is at the beginning of.
void Masks::enter_string(uint32_t node, StateId id, std::vector<uint32_t>& out) {
  const State s = machine_.state(id);
  ExprId language = s.mode == kFree ? kAll : s.a;
  uint32_t need = s.b, room = s.c;
  if (s.mode == kLanguages) language = machine_.language_of(s.frame, machine_.vector(s.a));
  if (s.mode == kKey) {
    language = machine_.key_state(s.a).unknown;
    need = 0;
    room = kUnbounded;
    if (language == kEmpty) return walk(node, id, out);  // declared keys only: a narrow walk
    if (language != kAll) declared_below(node, id, machine_.key_state(s.a), out);
  }
  if (language != kAll) {
    const LanguageSplit& split = language_split(language, need, room, node);
    out.insert(out.end(), split.stays.begin(), split.stays.end());
    for (auto& exit : split.exits) follow(steps(id, exit.inner + '"'), exit.node, out);
    for (auto& escape : split.escapes) follow(steps(id, escape.inner + '\\'), escape.node, out);
    return;
  }
  const StringSplit* split = vocabulary_.quoted(node);
  if (!split) return walk(node, id, out);
  for (const Staying& stay : split->stays) {
    if (stay.n_chars > room) break;
    if (stay.canonical || !canonical()) out.push_back(stay.token);
  }
  // What follows an ordinary key or string does not depend on it.
  StateId after = 0;
  Machine::OpenItem item;
  if (s.mode == kFree && s.recorded) {
    item = machine_.open_item(s);
    after = item.after;
  } else if (s.mode == kFree) {
    after = machine_.after_string(s);
  } else if (s.mode == kKey && !s.recorded && !machine_.key_state(s.a).watched && !leaves_name_keys(s)) {
    after = machine_.after_unknown_key(s, {});
  }
  for (const StringSplit::Exit& exit : split->exits) {
    if (exit.n_chars < need || exit.n_chars > room || (canonical() && !exit.canonical)) continue;
    bool alone = !after || (exit.goes_on && (s.mode == kKey || s.recorded));
    if (!alone && s.mode == kKey) alone = machine_.knows_key(s, decode_escapes(exit.inner));
    for (size_t i = 0; !alone && i < item.held.size(); ++i)
      alone = item.held[i].find(item.begun + decode_escapes(exit.inner) + '"') != std::string::npos;
    follow(alone ? steps(id, exit.inner + '"') : after, exit.node, out);
  }
}

// Under a union each leaf may have names of its own; which of them hold a key is not known without it.
bool Masks::leaves_name_keys(const State& s) {
  const ContainerJob& job = machine_.grammar().job(machine_.frame(s.frame).job);
  return !job.single && std::any_of(job.leaves.begin(), job.leaves.end(), [&](uint32_t leaf) {
    return machine_.grammar().object(leaf).names != kAll;
  });
}

void Masks::exits_below(uint32_t node, StateId state, std::vector<uint32_t>& out) {
  const Trie& t = vocabulary_.exits();
  out.insert(out.end(), t.tokens.begin() + t.token_begin[node], t.tokens.begin() + t.token_begin[node + 1]);
  if (t.is_leaf(node)) return;
  const ByteSet candidates = machine_.candidates(state);
  for (uint32_t i = t.child_begin[node]; i < t.child_begin[node + 1]; ++i) {
    if (!candidates[t.child_bytes[i]]) continue;
    if (StateId next = machine_.step(state, t.child_bytes[i])) exits_below(t.child_nodes[i], next, out);
  }
}

// The leaving tokens, as indices of `leaving()`, whose rests live in the state after the quote; walked once a state.
const std::vector<uint32_t>& Masks::exits_of(StateId after) {
  auto [it, fresh] = exits_.try_emplace(after);
  if (fresh && after) {
    std::vector<uint32_t> found;
    exits_below(machine_.ignores_blanks(machine_.state(after)) ? vocabulary_.unspaced_exits() : 0, after, found);
    memory_bytes_ += 4 * found.size();
    exits_[after] = std::move(found);
    return exits_[after];
  }
  return it->second;
}

void Masks::take_exits(StateId after, const Chosen& chosen, std::vector<uint32_t>& out) {
  for (uint32_t i : exits_of(after)) {
    const Leaving& l = vocabulary_.leaving()[i];
    if (chosen.has(i, l)) out.push_back(l.token);
  }
}

// --- strings ----------------------------------------------------------------------------------------------------------

void Masks::compute_free(StateId id, const State& s, Mask& mask) {
  mask.ground = vocabulary_.stays(s.c);
  mask.canonical = canonical();
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
    mask.ground = vocabulary_.stays(kUnbounded);
    mask.canonical = canonical();
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

// Whether no text can kill the expression, and how many characters it can owe at most. "Contains this somewhere" is so.
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
    if (!dies && most < kUnbounded / 2) immortal_[start] = most;
  }
  longest = immortal_[start];
  return longest != kNone;
}

// --- the split by a language ------------------------------------------------------------------------------------------

struct Masks::Growth {
  LanguageSplit& split;
  ExprId start;
  uint32_t need, room;
  bool counted, at_root;
  uint32_t n_words;

  // Tokens that stay: a list while they are few, then a bitmap.
  void add(const uint32_t* first, const uint32_t* last) {
    if (split.bitmap.empty()) {
      split.stays.insert(split.stays.end(), first, last);
      if (at_root && split.stays.size() > kSparse) become_bitmap();
    } else {
      for (; first != last; ++first) split.bitmap[*first / 32] |= 1u << (*first % 32);
    }
  }
  void add(const std::vector<uint32_t>& words) {
    if (split.bitmap.empty()) become_bitmap();
    for (size_t i = 0; i < words.size(); ++i) split.bitmap[i] |= words[i];
  }

 private:
  void become_bitmap() {
    split.bitmap.assign(n_words, 0);
    for (uint32_t token : split.stays) split.bitmap[token / 32] |= 1u << (token % 32);
    split.stays.clear();
  }
};

bool Masks::some_escape_lives(const ExprId* row) const {
  if (!canonical()) return std::any_of(row, row + 256, [](ExprId e) { return e != kEmpty; });
  bool live = row['"'] != kEmpty || row['\\'] != kEmpty;
  for (int i = 0; i < 0x20 && !live; ++i) live = row[i] != kEmpty;
  return live;
}

std::string Masks::bytes_before(uint32_t node, uint32_t depth) const {
  const Trie& t = vocabulary_.trie();
  return vocabulary_.bytes(t.tokens[t.token_begin[node]]).substr(0, depth);
}

const Masks::ClassRow& Masks::class_row(ExprId expr) {
  auto [it, fresh] = class_rows_.try_emplace(expr);
  if (fresh) {
    const ExprId* row = machine_.grammar().exprs.row(expr);
    it->second.assign(256, kEmpty);
    for (size_t k = 0; k < 256; ++k) {
      const auto& bytes = vocabulary_.classes().bytes_of[k];
      if (bytes.empty()) continue;
      ExprId next = row[bytes[0]];
      for (uint8_t b : bytes)
        if (row[b] != next) next = kNone;  // the language tells them apart
      it->second[k] = next;
    }
  }
  return it->second;
}

const Masks::LanguageSplit& Masks::language_split(ExprId expr, uint32_t need, uint32_t room, uint32_t node) {
  // Where no character is owed, a room beyond the reach of every token refuses nothing: one split serves all of those.
  const uint64_t wide = uint64_t(expr) << 32 | node;
  if (need == 0) {
    auto it = splits_.find(wide);
    if (it != splits_.end() && room >= it->second.reach) return it->second;
  }
  const bool counted = need > 0 || room != kUnbounded;
  const uint64_t exact = mix(mix(wide, uint64_t(need) << 32 | room), 1);
  if (counted) {
    auto it = splits_.find(exact);
    if (it != splits_.end()) return it->second;
  }
  LanguageSplit split;
  Growth growth{split, expr, need, room, counted, node == 0, vocabulary_.n_words()};
  uint32_t owes = 0;
  if (node == 0 && need == 0 && immortal(expr, owes) && (room == kUnbounded || room > vocabulary_.max_chars() + owes)) {
    // Every text may go on: what stays inside any string stays inside this one.
    const uint32_t* stays = vocabulary_.stays(kUnbounded);
    split.bitmap.assign(stays, stays + vocabulary_.n_words());
    for (uint32_t i = 0; canonical() && i < split.bitmap.size(); ++i) split.bitmap[i] &= ~vocabulary_.uncanonical()[i];
    split.leaves.assign(vocabulary_.leaving().size(), 0);
    split.reach = vocabulary_.max_chars() + owes + 1;
    for (uint32_t i = 0; i < vocabulary_.leaving().size(); ++i) {
      const Leaving& l = vocabulary_.leaving()[i];
      const std::string& text = vocabulary_.bytes(l.token);
      if (canonical() && !l.canonical) continue;
      ExprId e = expr;
      Inside in;
      for (uint32_t j = 0; j < l.quote; ++j) {
        uint32_t code_point = 0;
        const Event event = inside_step(in, uint8_t(text[j]), machine_.escapes(), code_point);
        uint8_t bytes[4] = {uint8_t(text[j])};
        const int n = event == Event::kByte ? 1 : event == Event::kEscapeEnded ? encode_utf8(code_point, bytes) : 0;
        for (int b = 0; b < n; ++b) e = machine_.grammar().exprs.step(e, bytes[b]);
      }
      split.leaves[i] = machine_.grammar().exprs.nullable(e);
      split.any_leaves |= split.leaves[i];
    }
  } else if (node == 0) {
    split.leaves.assign(vocabulary_.leaving().size(), 0);
    grow_by_class(growth);
  } else {
    grow_by_byte(growth, node, expr, 0, kBetween);
  }
  memory_bytes_ += 4 * (split.stays.size() + split.bitmap.size()) + split.leaves.size();
  const bool serves_all = need == 0 && room >= split.reach && !splits_.count(wide);
  return splits_.insert_or_assign(serves_all ? wide : exact, std::move(split)).first->second;
}

// The walk by classes; where the language tells the bytes of a class apart, the bytes behind it are walked.
void Masks::grow_by_class(Growth& g) {
  ExprTable& exprs = machine_.grammar().exprs;
  const ClassTrie& classes = vocabulary_.classes();
  const Trie& t = classes.trie;
  struct Step {
    uint32_t node;
    ExprId expr;
    uint32_t n_chars, depth;
    uint8_t lex;
  };
  std::vector<Step> stack{{0, g.start, 0, 0, kBetween}};
  while (!stack.empty()) {
    const Step s = stack.back();
    stack.pop_back();
    const ClassRow& row = class_row(s.expr);
    for (uint32_t at = t.child_begin[s.node]; at < t.child_begin[s.node + 1]; ++at) {
      const uint8_t k = t.child_bytes[at];
      if (row[k] == kEmpty && k != '"' && k != '\\') continue;
      const uint32_t c = t.child_nodes[at];
      if (s.lex == kBetween && k < 0x80) {
        if (k < 0x20) continue;
        if (k == '"') {
          if (exprs.nullable(s.expr) && s.n_chars >= g.need && s.n_chars <= g.room)
            for (uint32_t m = classes.member_begin[c]; m < classes.member_begin[c + 1]; ++m) {
              const Trie& bytes = vocabulary_.trie();
              const uint32_t quote = classes.members[m];
              for (uint32_t i = bytes.token_begin[quote]; i < bytes.token_begin[bytes.end[quote]]; ++i)
                g.split.leaves[vocabulary_.leaving_index(bytes.tokens[i])] = 1;
              g.split.any_leaves = true;
            }
          continue;
        }
        if (k == '\\') {
          if (some_escape_lives(exprs.row(s.expr)))
            for (uint32_t m = classes.member_begin[c]; m < classes.member_begin[c + 1]; ++m)
              g.split.escapes.push_back({classes.members[m], bytes_before(classes.members[m], s.depth)});
          continue;
        }
      }
      const uint8_t lex = utf8_step(s.lex, classes.bytes_of[k][0]);
      const ExprId next = row[k];
      if (lex == 255 || next == kEmpty) continue;
      const uint32_t n = s.n_chars + (s.lex == kBetween);
      if (next == kNone) {
        const ExprId* byte_row = exprs.row(s.expr);
        for (uint32_t m = classes.member_begin[c]; m < classes.member_begin[c + 1]; ++m) {
          const uint32_t node = classes.members[m];
          const ExprId e = byte_row[vocabulary_.trie().byte[node]];
          if (e != kEmpty) grow_by_byte(g, node, e, n, lex);
        }
        continue;
      }
      g.split.reach = std::max(g.split.reach, n + std::min(exprs.min_chars(next), kUnbounded / 2));
      if (g.counted && (n > g.room || !exprs.has_length_between(next, g.need > n ? g.need - n : 0,
                                                                g.room == kUnbounded ? kUnbounded : g.room - n)))
        continue;
      if (uint32_t many = classes.bitmap_of[c]) {
        g.add(classes.bitmaps[many - 1]);
      } else {
        g.add(t.tokens.data() + t.token_begin[c], t.tokens.data() + t.token_begin[c + 1]);
      }
      if (!t.is_leaf(c)) stack.push_back({c, next, n, s.depth + 1, lex});
    }
  }
}

// The walk by bytes below `node`. At the root's split `node` itself is taken, below an opening quote it is not.
void Masks::grow_by_byte(Growth& g, uint32_t from, ExprId start, uint32_t start_chars, uint8_t start_lex) {
  ExprTable& exprs = machine_.grammar().exprs;
  const Trie& t = vocabulary_.trie();
  struct Step {
    uint32_t node;
    ExprId expr;
    uint32_t n_chars, depth;
    uint8_t lex;
  };
  auto reaches = [&](uint32_t node, ExprId next, uint32_t n) {
    g.split.reach = std::max(g.split.reach, n + std::min(exprs.min_chars(next), kUnbounded / 2));
    if (g.counted && (n > g.room || !exprs.has_length_between(next, g.need > n ? g.need - n : 0,
                                                              g.room == kUnbounded ? kUnbounded : g.room - n)))
      return false;
    g.add(t.tokens.data() + t.token_begin[node], t.tokens.data() + t.token_begin[node + 1]);
    return !t.is_leaf(node);
  };
  if (g.at_root && !reaches(from, start, start_chars)) return;
  // Offsets of the bytes inside the string, within the tokens below: the opening quote's own are left out.
  std::string path;
  std::vector<Step> stack{{from, start, start_chars, 0, start_lex}};
  while (!stack.empty()) {
    const Step s = stack.back();
    stack.pop_back();
    if (s.depth) {
      path.resize(s.depth - 1);
      path.push_back(char(t.byte[s.node]));
    }
    const ExprId* row = exprs.row(s.expr);
    for (uint32_t at = t.child_begin[s.node]; at < t.child_begin[s.node + 1]; ++at) {
      const uint8_t b = t.child_bytes[at];
      if (row[b] == kEmpty && b != '"' && b != '\\') continue;
      const uint32_t c = t.child_nodes[at];
      if (s.lex == kBetween && b < 0x80) {
        if (b < 0x20) continue;
        if (b == '"') {
          if (!exprs.nullable(s.expr) || s.n_chars < g.need || s.n_chars > g.room) continue;
          if (!g.at_root) {
            g.split.exits.push_back({c, path});
            continue;
          }
          g.split.any_leaves = true;
          for (uint32_t i = t.token_begin[c]; i < t.token_begin[t.end[c]]; ++i)
            g.split.leaves[vocabulary_.leaving_index(t.tokens[i])] = 1;
          continue;
        }
        if (b == '\\') {
          if (!some_escape_lives(row)) continue;
          std::string inner = path;
          if (g.at_root) {  // the path from the root is what any token below begins with
            uint32_t depth = 0;
            const std::string& token = vocabulary_.bytes(t.tokens[t.token_begin[c]]);
            for (uint32_t at = 0; at != c; ++depth) at = t.child(at, uint8_t(token[depth]));
            inner = token.substr(0, depth - 1);
          }
          g.split.escapes.push_back({c, inner});
          continue;
        }
      }
      const uint8_t lex = utf8_step(s.lex, b);
      const ExprId next = row[b];
      if (lex == 255 || next == kEmpty) continue;
      const uint32_t n = s.n_chars + (s.lex == kBetween);
      if (reaches(c, next, n)) stack.push_back({c, next, n, s.depth + 1, lex});
    }
  }
}

// --- keys -------------------------------------------------------------------------------------------------------------

void Masks::compute_key(StateId id, const State& s, Mask& mask) {
  const KeyState k = machine_.key_state(s.a);
  const uint8_t* leaves = nullptr;
  std::vector<uint8_t> going_on;
  if (k.unknown == kAll) {
    mask.ground = vocabulary_.stays(kUnbounded);
    mask.canonical = canonical();
    if (s.recorded) leaves = exits_inside(id, leaves, going_on, mask.added);
    if (!k.watched) {
      take_exits(machine_.after_unknown_key(s, {}), {0, kUnbounded, canonical(), leaves}, mask.added);
      return correct_keys(id, k, mask);
    }
  } else {
    const LanguageSplit& split = language_split(k.unknown, 0, kUnbounded, 0);
    if (!split.bitmap.empty()) mask.ground = split.bitmap.data();
    mask.added = split.stays;
    for (auto& escape : split.escapes) follow(steps(id, escape.inner + '\\'), escape.node, mask.added);
    leaves = split.leaves.data();
    if (s.recorded) leaves = exits_inside(id, leaves, going_on, mask.added);
  }
  if (leaves_name_keys(s)) {
    for (const Leaving& l : vocabulary_.leaving())
      if (steps(id, vocabulary_.bytes(l.token))) mask.added.push_back(l.token);
    return correct_keys(id, k, mask);
  }
  // What follows a key depends on the patterns that hold it.
  group_exits(id, leaves, machine_.vector(k.watched),
              [&](const std::vector<uint8_t>& matched) { return machine_.after_unknown_key(s, matched); }, mask);
  correct_keys(id, k, mask);
}

// In a value of a unique array the key counts once the value closes: tokens that close something are tried alone, the
// others are what is left.
const uint8_t* Masks::exits_inside(StateId id, const uint8_t* leaves, std::vector<uint8_t>& left, std::vector<uint32_t>& out) {
  const auto& leaving = vocabulary_.leaving();
  left.assign(leaving.size(), 0);
  const Chosen chosen{0, kUnbounded, canonical(), leaves};
  for (uint32_t i = 0; i < leaving.size(); ++i) {
    if (!chosen.has(i, leaving[i])) continue;
    const std::string& bytes = vocabulary_.bytes(leaving[i].token);
    if (bytes.find_first_of("]}", leaving[i].quote) == std::string::npos) left[i] = 1;
    else if (steps(id, bytes)) out.push_back(leaving[i].token);
  }
  return left.data();
}

// Leaving tokens, grouped by which of the expressions hold what they add before the quote; `after` gives the state then.
template <class After>
void Masks::group_exits(StateId id, const uint8_t* leaves, const std::vector<uint32_t>& given, After after, Mask& mask) {
  ExprTable& exprs = machine_.grammar().exprs;
  const std::vector<uint32_t> watched = given;
  std::map<std::vector<uint8_t>, std::vector<uint8_t>> groups;
  for (uint32_t i = 0; i < vocabulary_.leaving().size(); ++i) {
    const Leaving& l = vocabulary_.leaving()[i];
    if (leaves ? !leaves[i] : canonical() && !l.canonical) continue;
    const std::string& text = vocabulary_.bytes(l.token);
    if (text.find('\\') < l.quote) {  // rare: tried whole
      if (steps(id, text)) mask.added.push_back(l.token);
      continue;
    }
    std::vector<uint8_t> matched;
    for (ExprId e : watched) {
      for (uint32_t j = 0; j < l.quote && e != kEmpty; ++j) e = exprs.step(e, uint8_t(text[j]));
      matched.push_back(e != kEmpty && exprs.nullable(e));
    }
    auto& group = groups[std::move(matched)];
    if (group.empty()) group.assign(vocabulary_.leaving().size(), 0);
    group[i] = 1;
  }
  for (auto& [matched, group] : groups)
    take_exits(after(matched), {0, kUnbounded, false, group.data()}, mask.added);
}

// Tokens that spell the rest of a declared or used key and its quote follow that key's own rules, not "some other key's".
void Masks::correct_keys(StateId id, const KeyState& k, Mask& mask) {
  const Frame f = machine_.frame(machine_.state(id).frame);
  const KeyTable& table = machine_.grammar().key_table(f.job);
  const Trie& t = vocabulary_.trie();
  std::vector<uint32_t> gone, added;
  const auto replace_below = [&](uint32_t node, StateId after) {  // `node` is that of the closing quote
    gone.insert(gone.end(), t.tokens.begin() + t.token_begin[node], t.tokens.begin() + t.token_begin[t.end[node]]);
    follow(after, node, added);
  };
  // Where the other keys are any texts, only the keys that a token ends are looked at.
  const auto correct_open = [&](const std::string& rest) {
    const std::string spelled = quote_canonically(rest), inner = spelled.substr(1, spelled.size() - 2);
    if (const uint32_t node = vocabulary_.closing(inner)) replace_below(node, steps(id, spelled.substr(1)));
    if (canonical()) return;
    const auto& escaped = vocabulary_.escaped_leaving();
    for (auto [it, end] = escaped.equal_range(rest); it != end; ++it) {  // the same rest by other spellings
      gone.push_back(it->second);
      if (steps(id, vocabulary_.bytes(it->second))) added.push_back(it->second);
    }
  };
  // A declared key need not be in the language of the others: its beginnings live, too.
  const auto correct_along = [&](const std::string& rest) {
    const std::string spelling = quote_canonically(rest).substr(1);
    uint32_t node = 0;
    StateId state = id;
    for (size_t i = 0; i < spelling.size(); ++i) {
      if (!canonical() && state) follow_escape(state, node, added);
      node = t.child(node, uint8_t(spelling[i]));
      if (!node) break;
      if (state) state = machine_.step(state, uint8_t(spelling[i]));
      if (i + 1 == spelling.size()) replace_below(node, state);
      else if (state) take(node, added);
    }
  };
  const auto correct = [&](const std::string& rest) {
    if (k.unknown != kAll) correct_along(rest);
    else if (rest.size() <= vocabulary_.longest_closing()) correct_open(rest);
  };
  for (uint32_t i = k.low; i < k.high; ++i)
    if (k.unknown != kAll || table.keys[i].size() - k.depth <= vocabulary_.longest_closing())
      correct(table.keys[i].substr(k.depth));
  for (uint32_t used : machine_.vector(f.used))
    if (machine_.extends(used, k.text)) correct(machine_.text(used, k.text));
  if (!gone.empty()) {
    marks_.resize(vocabulary_.n_words());
    for (uint32_t token : gone) marks_[token / 32] |= 1u << (token % 32);
    mask.added.erase(std::remove_if(mask.added.begin(), mask.added.end(),
                                    [&](uint32_t token) { return marks_[token / 32] >> (token % 32) & 1; }),
                     mask.added.end());
    for (uint32_t token : gone) marks_[token / 32] &= ~(1u << (token % 32));
    mask.removed.insert(mask.removed.end(), gone.begin(), gone.end());
  }
  mask.added.insert(mask.added.end(), added.begin(), added.end());
}

// Tokens that go on with an escape, where `state` is between the characters of a key.
void Masks::follow_escape(StateId state, uint32_t node, std::vector<uint32_t>& out) {
  if (const uint32_t escape = vocabulary_.trie().child(node, '\\')) follow(machine_.step(state, '\\'), escape, out);
}

// Tokens below an opening quote that spell a declared key, or the beginning of one.
void Masks::declared_below(uint32_t from, StateId id, const KeyState& k, std::vector<uint32_t>& out) {
  const KeyTable& table = machine_.grammar().key_table(machine_.frame(machine_.state(id).frame).job);
  const Trie& t = vocabulary_.trie();
  for (uint32_t i = k.low; i < k.high; ++i) {
    std::string spelling = quote_canonically(table.keys[i]).substr(1);
    uint32_t node = from;
    StateId state = id;
    for (size_t j = 0; j < spelling.size() && state; ++j) {
      if (!canonical()) follow_escape(state, node, out);
      node = t.child(node, uint8_t(spelling[j]));
      if (!node) break;
      state = machine_.step(state, uint8_t(spelling[j]));
      if (!state) break;
      if (j + 1 < spelling.size()) take(node, out);
      else follow(state, node, out);
    }
  }
}

}  // namespace typeloom
