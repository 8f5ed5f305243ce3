#include "forced.h"

#include <algorithm>

namespace typeloom {

std::vector<uint32_t> Tokenizer::cut(const std::string& text) const {
  std::vector<int32_t> tokens(text.size() + 8);
  const int32_t n = function_(vocab_, text.data(), int32_t(text.size()), tokens.data(), int32_t(tokens.size()), false, false);
  if (n < 0) return {};
  return {tokens.begin(), tokens.begin() + n};
}

int Forced::only_byte(StateId state) {
  if (state >= only_.size()) only_.resize(std::max<size_t>(state + 1, machine_.n_states() + 64), 0);
  if (only_[state]) return only_[state] - 2;
  int only = -1;
  if (!machine_.accepting(state)) {
    const ByteSet candidates = machine_.candidates(state);
    for (int b = 0; b < 256; ++b) {
      if (!candidates[size_t(b)] || !machine_.step(state, uint8_t(b))) continue;
      if (only >= 0) {
        only = -1;
        break;
      }
      only = b;
    }
  }
  only_[state] = int16_t(only + 2);
  return only;
}

std::string Forced::bytes(StateId state, size_t limit) {
  std::string out;
  for (int b; out.size() < limit && (b = only_byte(state)) >= 0; state = machine_.step(state, uint8_t(b)))
    out.push_back(char(b));
  return out;
}

// Whether some token begins with `end`, goes on behind it, and is allowed; `state` is the one behind `end`.
bool Forced::reaches_past(const std::string& end, StateId state) {
  const Trie& t = vocabulary_.trie();
  uint32_t node = 0;
  for (char c : end) {
    node = t.child(node, uint8_t(c));
    if (!node) return false;
  }
  return some_token_below(node, state);
}

bool Forced::some_token_below(uint32_t node, StateId state) {
  const Trie& t = vocabulary_.trie();
  std::vector<std::pair<uint32_t, StateId>> open{{node, state}};
  while (!open.empty()) {
    const auto [at, in] = open.back();
    open.pop_back();
    for (uint32_t c = at + 1; c < t.end[at]; c = t.end[c]) {
      const StateId next = machine_.step(in, t.byte[c]);
      if (!next) continue;
      if (t.token_begin[c] != t.token_begin[c + 1]) return true;
      open.push_back({c, next});
    }
  }
  return false;
}

const std::vector<uint32_t>& Forced::tokens(StateId state, const Tokenizer& tokenizer) {
  static const std::vector<uint32_t> none;
  if (only_byte(state) < 0 || vocabulary_.space_prefix()) return none;
  auto [it, fresh] = tokens_.try_emplace(state);
  if (!fresh) return it->second;
  const std::string certain = bytes(state, kMostBytes);
  std::vector<uint32_t> cut = tokenizer.cut(certain);
  std::vector<size_t> begins;
  size_t at = 0;
  for (size_t i = 0; i < cut.size(); ++i) {  // as far as the tokens are the bytes, and not a control token's name
    const bool known = cut[i] < vocabulary_.n_tokens() && !vocabulary_.bytes(cut[i]).empty();
    if (!known || certain.compare(at, vocabulary_.bytes(cut[i]).size(), vocabulary_.bytes(cut[i])) != 0) return it->second;
    begins.push_back(at);
    at += vocabulary_.bytes(cut[i]).size();
  }
  if (at != certain.size()) return it->second;
  StateId end = state;
  for (char c : certain) end = machine_.step(end, uint8_t(c));
  size_t kept = cut.size();
  for (size_t i = cut.size(); i-- > 0 && certain.size() - begins[i] < vocabulary_.max_token_bytes();)
    if (reaches_past(certain.substr(begins[i]), end)) kept = i;
  cut.resize(kept);
  return it->second = std::move(cut);
}

}  // namespace typeloom
