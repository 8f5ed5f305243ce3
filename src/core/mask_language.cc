// What each token does to a string of a language, walked once a language on its own rows.
#include "mask.h"

#include <algorithm>

#include "automaton.h"

namespace typeloom {

namespace {
constexpr size_t kSparse = 1024;  // more tokens than this are kept as a bitmap
constexpr uint32_t kManyChildren = 3;  // a state is asked for so many bytes: its row is worth making
}  // namespace

struct Masks::Growth {
  LanguageSplit& split;
  ExprId start;
  uint32_t need, room;
  bool counted, at_root;
  uint32_t n_words;
  std::vector<uint32_t> gone;  // tokens that do not stay after all

  // `marks` is a bitmap of zeros.
  void take_back(std::vector<uint32_t>& marks) {
    if (!split.bitmap.empty()) {
      for (uint32_t token : gone) split.bitmap[token / 32] &= ~(1u << (token % 32));
    } else if (!gone.empty() && !split.stays.empty()) {
      marks.resize(n_words, 0);
      for (uint32_t token : gone) marks[token / 32] |= 1u << (token % 32);
      const auto marked = [&](uint32_t token) { return marks[token / 32] >> (token % 32) & 1; };
      split.stays.erase(std::remove_if(split.stays.begin(), split.stays.end(), marked), split.stays.end());
      for (uint32_t token : gone) marks[token / 32] = 0;
    }
    gone.clear();
  }

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

bool Masks::some_escape_lives(ExprId expr) {
  ExprTable& exprs = machine_.grammar().exprs;
  if (!canonical()) {
    const ExprId* row = exprs.row(expr);
    return std::any_of(row, row + 256, [](ExprId e) { return e != kEmpty; });
  }
  if (exprs.peek(expr, '"') != kEmpty || exprs.peek(expr, '\\') != kEmpty) return true;
  for (uint8_t b = 0; b < 0x20; ++b)
    if ((b == 0 || !exprs.alike(expr, uint8_t(b - 1), b)) && exprs.peek(expr, b) != kEmpty) return true;
  return false;
}

std::string Masks::bytes_before(uint32_t node, uint32_t depth) const {
  const Trie& t = vocabulary_.trie();
  return vocabulary_.bytes(t.tokens[t.token_begin[node]]).substr(0, depth);
}

Masks::ClassRow& Masks::class_row(ExprId expr) {
  if (expr >= class_row_of_.size()) class_row_of_.resize(machine_.grammar().exprs.n_states() + 64, 0);
  uint32_t& at = class_row_of_[expr];
  if (!at) {
    class_rows_.emplace_back();
    class_rows_.back().most.fill(kNone);
    at = uint32_t(class_rows_.size());
  }
  return class_rows_[at - 1];
}

// Fills the entry of one class.
ExprId Masks::class_step(ClassRow& row, ExprId expr, uint8_t k) {
  ExprTable& exprs = machine_.grammar().exprs;
  const auto& bytes = vocabulary_.classes().bytes_of[k];  // an interval
  if (exprs.alike(expr, bytes.front(), bytes.back())) return row.most[k] = exprs.peek(expr, bytes.front());
  const ExprId* to = exprs.row(expr);
  ExprId most = to[bytes.front()];  // by Boyer and Moore's vote: the majority's, if there is one
  int ahead = 0;
  for (uint8_t b : bytes) {
    if (ahead == 0) most = to[b];
    ahead += to[b] == most ? 1 : -1;
  }
  row.most[k] = most;
  for (uint8_t b : bytes)
    if (to[b] != most) row.others.push_back(b), row.told_apart[k] = true;
  return row.most[k];
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
  Growth growth{split, expr, need, room, counted, node == 0, vocabulary_.n_words(), {}};
  uint32_t owes = 0;
  const bool may_be_immortal = node == 0 && need == 0 && !machine_.grammar().exprs.keeps_text(expr);
  if (may_be_immortal && immortal(expr, owes) && (room == kUnbounded || room > vocabulary_.max_chars() + owes)) {
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
    if (!grow_by_run(growth)) grow_by_class(growth);
  } else {
    grow_by_byte(growth, node, expr, 0, kBetween);
  }
  memory_bytes_ += 4 * (split.stays.size() + split.bitmap.size()) + split.leaves.size();
  const bool serves_all = need == 0 && room >= split.reach && !splits_.count(wide);
  return splits_.insert_or_assign(serves_all ? wide : exact, std::move(split)).first->second;
}

// The walk in a text that an automaton keeps: states are made at its end only. False where the counts may refuse tokens.
bool Masks::grow_by_run(Growth& g) {
  ExprTable& exprs = machine_.grammar().exprs;
  const uint32_t run = exprs.free_run(g.start);
  if (run == 0 || g.need > 0) return false;
  const uint32_t reach = run + Automaton::kRunEnds + std::min(exprs.min_chars(g.start), kUnbounded / 2);
  if (g.room < reach) return false;
  const Trie& t = vocabulary_.trie();
  struct Step {
    uint32_t node, depth;
  };
  std::string path;
  std::vector<Step> stack{{0, 0}};
  while (!stack.empty()) {
    const Step s = stack.back();
    stack.pop_back();
    if (s.depth) {
      path.resize(s.depth - 1);
      path.push_back(char(t.byte[s.node]));
    }
    for (uint32_t at = t.child_begin[s.node]; at < t.child_begin[s.node + 1]; ++at) {
      const uint8_t b = t.child_bytes[at];
      const uint32_t c = t.child_nodes[at];
      if (b == '-' || (b >= '0' && b <= '9') || ((b | 32) >= 'a' && (b | 32) <= 'z')) {
        if (s.depth < run) {
          g.add(t.tokens.data() + t.token_begin[c], t.tokens.data() + t.token_begin[c + 1]);
          if (!t.is_leaf(c)) stack.push_back({c, s.depth + 1});
          continue;
        }
        ExprId e = g.start;
        for (char passed : path) e = exprs.step(e, uint8_t(passed));
        if ((e = exprs.step(e, b)) != kEmpty) grow_by_byte(g, c, e, s.depth + 1, kBetween);
      } else if (b == '"') {
        if (!exprs.accepts_text(g.start, path)) continue;
        g.split.any_leaves = true;
        for (uint32_t i = t.token_begin[c]; i < t.token_begin[t.end[c]]; ++i)
          g.split.leaves[vocabulary_.leaving_index(t.tokens[i])] = 1;
      } else if (b == '\\') {
        if (!canonical()) g.split.escapes.push_back({c, path});
      } else if (b >= 0x20) {
        const ExprId e = exprs.after(g.start, path, b);
        const uint8_t lex = utf8_step(kBetween, b);
        if (e != kEmpty && lex != 255) grow_by_byte(g, c, e, s.depth + 1, lex);
      }
    }
  }
  g.split.reach = std::max(g.split.reach, reach);
  return true;
}

const ByteSet& Masks::class_loops(ClassRow& row, ExprId expr) {
  if (!row.loops_known) {
    row.loops_known = true;
    machine_.grammar().exprs.row(expr);
    for (unsigned k = 0x20; k < 0x80; ++k) {
      if (k == '"' || k == '\\' || vocabulary_.classes().bytes_of[k].empty()) continue;
      const ExprId next = row.most[k] == kNone ? class_step(row, expr, uint8_t(k)) : row.most[k];
      row.loops[k] = next == expr && !row.told_apart[k];
    }
  }
  return row.loops;
}

// The walk by classes. Where every class below a node leads from an expression back to it, all tokens there stay. Where the
// language tells the bytes of a class apart, the class is walked as most of them go, and then the others are corrected.
void Masks::grow_by_class(Growth& g) {
  ExprTable& exprs = machine_.grammar().exprs;
  const ClassTrie& classes = vocabulary_.classes();
  const Trie& t = classes.trie;
  struct Step {
    uint32_t node;
    ExprId expr;
    uint32_t n_chars, depth;
    uint8_t lex, other;  // `other`: a byte whose members of the node are yet to be walked, if it is not 0,
    ExprId most;         // and what they were walked from with the others of their class
  };
  std::vector<Step> stack{{0, g.start, 0, 0, kBetween, 0, kEmpty}};
  while (!stack.empty()) {
    const Step s = stack.back();
    stack.pop_back();
    if (s.other) {
      for (uint32_t node : classes.members_by(s.node, s.other, vocabulary_.trie()))
        correct_split(g, node, s.most, s.expr, s.n_chars, s.lex);
      g.take_back(marks_);
      continue;
    }
    if (t.child_begin[s.node + 1] - t.child_begin[s.node] > kManyChildren) exprs.row(s.expr);
    ClassRow& row = class_row(s.expr);
    for (uint32_t at = t.child_begin[s.node]; at < t.child_begin[s.node + 1]; ++at) {
      const uint8_t k = t.child_bytes[at];
      const bool ends = s.lex == kBetween && (k == '"' || k == '\\');
      if (row.most[k] == kEmpty && !row.told_apart[k] && !ends) continue;
      if (s.lex == kBetween && k < 0x20) continue;
      const uint32_t c = t.child_nodes[at];
      if (ends && k == '"') {
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
      if (ends) {
        if (some_escape_lives(s.expr))
          for (uint32_t m = classes.member_begin[c]; m < classes.member_begin[c + 1]; ++m)
            g.split.escapes.push_back({classes.members[m], bytes_before(classes.members[m], s.depth)});
        continue;
      }
      const uint8_t lex = utf8_step(s.lex, classes.bytes_of[k][0]);
      if (lex == 255) continue;
      const ExprId next = row.most[k] == kNone ? class_step(row, s.expr, k) : row.most[k];
      const uint32_t n = s.n_chars + (s.lex == kBetween);
      for (size_t i = 0; row.told_apart[k] && i < row.others.size(); ++i) {
        const uint8_t b = row.others[i];
        if (classes.class_of[b] == k) stack.push_back({c, exprs.step(s.expr, b), n, 0, lex, b, next});
      }
      if (next == s.expr && lex == kBetween && !t.is_leaf(c) && (classes.below[c] & ~class_loops(row, next)).none()) {
        const uint32_t most = n + classes.height[c] + std::min(exprs.min_chars(next), kUnbounded / 2);
        if (most <= g.room && g.need <= g.room) {  // it goes round, so every length from there on is there
          g.split.reach = std::max(g.split.reach, most);
          g.add(t.tokens.data() + t.token_begin[c], t.tokens.data() + t.token_begin[t.end[c]]);
          continue;
        }
      }
      if (!reaches(g, next, n)) continue;
      if (uint32_t many = classes.bitmap_of[c]) {
        g.add(classes.bitmaps[many - 1]);
      } else {
        g.add(t.tokens.data() + t.token_begin[c], t.tokens.data() + t.token_begin[c + 1]);
      }
      if (!t.is_leaf(c)) stack.push_back({c, next, n, s.depth + 1, lex, 0, kEmpty});
    }
  }
}

// The tokens from `root` on were walked as if `most` were left where `expr` is. Both are walked side by side, by bytes, and
// only as far as they differ: mostly they soon meet again.
void Masks::correct_split(Growth& g, uint32_t root, ExprId most, ExprId expr, uint32_t n_chars, uint8_t lex_there) {
  ExprTable& exprs = machine_.grammar().exprs;
  const Trie& t = vocabulary_.trie();
  struct Step {
    uint32_t node;
    ExprId most, expr;
    uint32_t n_chars;
    uint8_t lex;
  };
  std::vector<Step> stack{{root, most, expr, n_chars, lex_there}};
  while (!stack.empty()) {
    const Step s = stack.back();
    stack.pop_back();
    const uint32_t first = t.token_begin[s.node], after = t.token_begin[t.end[s.node]];
    if (!reaches(g, s.most, s.n_chars)) {
      if (s.expr != kEmpty) grow_by_byte(g, s.node, s.expr, s.n_chars, s.lex);
      continue;
    }
    if (!reaches(g, s.expr, s.n_chars)) {
      g.gone.insert(g.gone.end(), t.tokens.begin() + first, t.tokens.begin() + after);
      for (uint32_t i = first; i < after; ++i) set_leaves(g, t.tokens[i], false);
      forget_escapes(g, s.node);
      continue;
    }
    if (t.child_begin[s.node + 1] - t.child_begin[s.node] > kManyChildren) exprs.row(s.most), exprs.row(s.expr);
    for (uint32_t at = t.child_begin[s.node]; at < t.child_begin[s.node + 1]; ++at) {
      const uint8_t b = t.child_bytes[at];
      const uint32_t c = t.child_nodes[at];
      if (s.lex == kBetween && b < 0x20) continue;
      if (s.lex == kBetween && b == '"') {
        const bool ends = exprs.nullable(s.expr);
        if (ends != exprs.nullable(s.most) && s.n_chars >= g.need && s.n_chars <= g.room)
          for (uint32_t i = t.token_begin[c]; i < t.token_begin[t.end[c]]; ++i) set_leaves(g, t.tokens[i], ends);
        continue;
      }
      if (s.lex == kBetween && b == '\\') {
        const bool lives = some_escape_lives(s.expr);
        if (lives == some_escape_lives(s.most)) continue;
        if (lives) g.split.escapes.push_back({c, text_before(c)});
        else forget_escapes(g, c);
        continue;
      }
      const uint8_t lex = utf8_step(s.lex, b);
      if (lex == 255) continue;
      const ExprId to_most = exprs.peek(s.most, b), to = exprs.peek(s.expr, b);
      if (to_most != to) stack.push_back({c, to_most, to, s.n_chars + (s.lex == kBetween), lex});
    }
  }
}

// Whether what is left after so many characters is not empty and suits the counts.
bool Masks::reaches(Growth& g, ExprId expr, uint32_t n_chars) {
  if (expr == kEmpty) return false;
  ExprTable& exprs = machine_.grammar().exprs;
  g.split.reach = std::max(g.split.reach, n_chars + std::min(exprs.min_chars(expr), kUnbounded / 2));
  return !g.counted || (n_chars <= g.room && exprs.has_length_between(expr, g.need > n_chars ? g.need - n_chars : 0,
                                                                      g.room == kUnbounded ? kUnbounded : g.room - n_chars));
}

void Masks::set_leaves(Growth& g, uint32_t token, bool leaves) {
  const uint32_t leaving = vocabulary_.leaving_index(token);
  if (leaving == UINT32_MAX) return;
  g.split.leaves[leaving] = leaves;
  g.split.any_leaves |= leaves;
}

void Masks::forget_escapes(Growth& g, uint32_t node) {
  const uint32_t end = vocabulary_.trie().end[node];
  auto& escapes = g.split.escapes;
  escapes.erase(std::remove_if(escapes.begin(), escapes.end(),
                               [&](const LanguageSplit::Place& p) { return p.node >= node && p.node < end; }),
                escapes.end());
}

// What any token from the node on begins with, without the node's own byte.
std::string Masks::text_before(uint32_t node) const {
  const Trie& t = vocabulary_.trie();
  uint32_t depth = 0;
  const std::string& token = vocabulary_.bytes(t.tokens[t.token_begin[node]]);
  for (uint32_t at = 0; at != node; ++depth) at = t.child(at, uint8_t(token[depth]));
  return token.substr(0, depth - 1);
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
  const auto enters = [&](uint32_t node, ExprId next, uint32_t n) {
    if (!reaches(g, next, n)) return false;
    g.add(t.tokens.data() + t.token_begin[node], t.tokens.data() + t.token_begin[node + 1]);
    return !t.is_leaf(node);
  };
  if (g.at_root && !enters(from, start, start_chars)) return;
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
    if (t.child_begin[s.node + 1] - t.child_begin[s.node] > kManyChildren) exprs.row(s.expr);
    for (uint32_t at = t.child_begin[s.node]; at < t.child_begin[s.node + 1]; ++at) {
      const uint8_t b = t.child_bytes[at];
      const ExprId next = exprs.peek(s.expr, b);
      if (next == kEmpty && b != '"' && b != '\\') continue;
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
          if (!some_escape_lives(s.expr)) continue;
          g.split.escapes.push_back({c, g.at_root ? text_before(c) : path});
          continue;
        }
      }
      const uint8_t lex = utf8_step(s.lex, b);
      if (lex == 255 || next == kEmpty) continue;
      const uint32_t n = s.n_chars + (s.lex == kBetween);
      if (enters(c, next, n)) stack.push_back({c, next, n, s.depth + 1, lex});
    }
  }
}

}  // namespace typeloom
