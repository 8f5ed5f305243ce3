// The walk over the vocabulary's trie, and its short cuts at opening quotes and behind closing ones.
#include "mask.h"

#include <algorithm>

namespace typeloom {

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

// Leaving tokens, grouped by which of the expressions hold what they add before the quote; `after` gives the state then.
void Masks::group_exits(StateId id, const uint8_t* leaves, const std::vector<uint32_t>& given, const After& after,
                        Mask& mask) {
  ExprTable& exprs = machine_.grammar().exprs;
  const std::vector<uint32_t> watched = given;
  struct Group {
    std::vector<uint8_t> matched, tokens;
  };
  std::vector<Group> groups;  // few
  std::vector<uint8_t> matched(watched.size());
  for (uint32_t i = 0; i < vocabulary_.leaving().size(); ++i) {
    const Leaving& l = vocabulary_.leaving()[i];
    if (leaves ? !leaves[i] : canonical() && !l.canonical) continue;
    const std::string& text = vocabulary_.bytes(l.token);
    if (l.escaped) {  // rare: tried whole
      if (steps(id, text)) mask.added.push_back(l.token);
      continue;
    }
    for (size_t w = 0; w < watched.size(); ++w) {
      ExprId e = watched[w];
      for (uint32_t j = 0; j < l.quote && e != kEmpty; ++j) e = exprs.step(e, uint8_t(text[j]));
      matched[w] = e != kEmpty && exprs.nullable(e);
    }
    auto group = std::find_if(groups.begin(), groups.end(), [&](const Group& g) { return g.matched == matched; });
    if (group == groups.end())
      group = groups.insert(group, {matched, std::vector<uint8_t>(vocabulary_.leaving().size(), 0)});
    group->tokens[i] = 1;
  }
  for (const Group& group : groups)
    take_exits(after(group.matched), {0, kUnbounded, false, group.tokens.data()}, mask.added);
}

}  // namespace typeloom
