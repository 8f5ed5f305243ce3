// Masks inside the keys of open objects: some other key, corrected along those that are declared or used.
#include "mask.h"

#include <algorithm>

namespace typeloom {

void Masks::compute_key(StateId id, const State& s, Mask& mask) {
  const KeyState k = machine_.key_state(s.a);
  const uint8_t* leaves = nullptr;
  std::vector<uint8_t> going_on;
  if (k.unknown == kAll) {
    stay_free(kUnbounded, mask);
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
    else if (vocabulary_.may_close(rest.data(), rest.size())) correct_open(rest);
  };
  for (uint32_t i = k.low; i < k.high; ++i)
    if (k.unknown != kAll || vocabulary_.may_close(table.keys[i].data() + k.depth, table.keys[i].size() - k.depth))
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
