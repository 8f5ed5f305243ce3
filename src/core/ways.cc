#include "ways.h"

#include <algorithm>
#include <array>
#include <queue>

namespace typeloom {

namespace {

// Bytes in the order in which they are tried: what closes comes first, then what is common in words and numbers.
const std::array<uint8_t, 256>& trial_order() {
  static const std::array<uint8_t, 256> order = [] {
    std::array<uint8_t, 256> bytes{};
    std::array<bool, 256> taken{};
    size_t n = 0;
    for (const char* c = "\"}],:0e1a tnf[{-"; *c; ++c) bytes[n++] = uint8_t(*c), taken[uint8_t(*c)] = true;
    for (int b = 0; b < 256; ++b)
      if (!taken[size_t(b)]) bytes[n++] = uint8_t(b);
    return bytes;
  }();
  return order;
}

struct Open {  // a state that a search has reached; the one with the least `rank` is next
  uint64_t rank;
  StateId state;
  bool operator<(const Open& o) const { return rank > o.rank; }
};

}  // namespace

void Ways::find(StateId state) {
  std::vector<Step> path;
  StateId end = 0;
  if (descend(state, path, end) || search_bytes(state, path, end)) cut_into_tokens(path, end);
  if (!way(state).known || way(state).length == kNoWay) {
    if (!path.empty() && search_tokens(state)) return;
    way(state) = Way{};
    way(state).known = true;
  }
}

// Along bytes that bring the end nearer; false where none does.
bool Ways::descend(StateId state, std::vector<Step>& path, StateId& end) {
  uint32_t here = machine_.distance(state);
  while (!is_end(state)) {
    const ByteSet candidates = machine_.candidates(state);
    uint32_t nearest = here;
    uint8_t byte = 0;
    StateId onto = 0;
    for (uint8_t b : trial_order()) {
      if (!candidates[b]) continue;
      const StateId next = machine_.step(state, b);
      if (!next) continue;
      const uint32_t distance = machine_.distance(next);
      if (distance >= nearest || (next < ways_.size() && ways_[next].known && ways_[next].length == kNoWay)) continue;
      nearest = distance;
      byte = b;
      onto = next;
      if (distance + 1 == here) break;
    }
    if (!onto) {
      path.clear();
      return false;
    }
    path.push_back({state, byte});
    state = onto;
    here = nearest;
  }
  end = state;
  return true;
}

// Best first, by what was read and what the distance says is left.
bool Ways::search_bytes(StateId start, std::vector<Step>& path, StateId& end) {
  ++n_searches_;
  const size_t most = this->most();
  std::unordered_map<StateId, Reached> reached{{start, {0, 0, 0}}};
  std::priority_queue<Open> open;
  open.push({0, start});
  while (!open.empty() && reached.size() < most) {
    const StateId state = open.top().state;
    open.pop();
    const uint32_t cost = reached.at(state).cost + 1;
    const ByteSet candidates = machine_.candidates(state);
    for (uint8_t b : trial_order()) {
      if (!candidates[b]) continue;
      const StateId next = machine_.step(state, b);
      if (!next) continue;
      auto [it, fresh] = reached.try_emplace(next, Reached{state, b, cost});
      if (!fresh) continue;
      if (is_end(next)) {
        for (StateId at = next; at != start; at = reached.at(at).from)
          path.push_back({reached.at(at).from, uint8_t(reached.at(at).by)});
        std::reverse(path.begin(), path.end());
        n_searched_ += reached.size();
        end = next;
        return true;
      }
      if (next < ways_.size() && ways_[next].known) continue;  // no way leads on from there
      open.push({2 * uint64_t(cost) + 3 * uint64_t(machine_.distance(next)), next});
    }
  }
  if (open.empty())  // everything was looked at
    for (const auto& [state, by] : reached) way(state).known = true;
  n_searched_ += reached.size();
  return false;
}

// The fewest tokens that spell the path and what is known behind it, from its end backwards.
void Ways::cut_into_tokens(const std::vector<Step>& path, StateId end) {
  if (!way(end).known) {
    way(end).known = true;
    way(end).length = 0;
  }
  const Trie& trie = vocabulary_.trie();
  StateId next = end;
  for (size_t i = path.size(); i-- > 0;) {
    Way& here = way(path[i].from);
    here = Way{true, path[i].byte, next, kNone, kNoWay};
    uint32_t node = 0;
    for (StateId at = path[i].from; ways_[at].next;) {
      node = trie.child(node, ways_[at].byte);
      if (!node) break;
      at = ways_[at].next;
      if (trie.token_begin[node] == trie.token_begin[node + 1]) continue;
      const uint32_t length = ways_[at].length;
      if (length == kNoWay || length + 1 >= here.length) continue;
      here.length = length + 1;
      here.token = trie.tokens[trie.token_begin[node]];
    }
    next = path[i].from;
  }
  for (const Step& step : path)  // what no tokens spell is not known yet: another way may do
    if (ways_[step.from].length == kNoWay) ways_[step.from].known = false;
}

// Over whole tokens, where single bytes are missing from the vocabulary.
bool Ways::search_tokens(StateId start) {
  const Trie& trie = vocabulary_.trie();
  const size_t most = this->most();
  std::unordered_map<StateId, Reached> reached{{start, {0, 0, 0}}};
  std::priority_queue<Open> open;
  open.push({0, start});
  while (!open.empty() && reached.size() < most) {
    const StateId state = open.top().state;
    open.pop();
    const uint32_t cost = reached.at(state).cost + 1;
    std::vector<std::pair<uint32_t, StateId>> nodes{{0, state}};
    for (size_t i = 0; i < nodes.size(); ++i) {
      const auto [node, at] = nodes[i];
      for (uint32_t c = node + 1; c < trie.end[node]; c = trie.end[c]) {
        const StateId next = machine_.step(at, trie.byte[c]);
        if (!next) continue;
        if (trie.end[c] != c + 1) nodes.push_back({c, next});
        if (trie.token_begin[c] == trie.token_begin[c + 1]) continue;
        if (!reached.try_emplace(next, Reached{state, trie.tokens[trie.token_begin[c]], cost}).second) continue;
        if (!is_end(next)) {
          open.push({2 * uint64_t(cost) + 3 * uint64_t(machine_.distance(next)), next});
          continue;
        }
        if (!way(next).known) way(next) = Way{true, 0, 0, kNone, 0};
        uint32_t length = way(next).length;
        for (StateId back = next; back != start;) {
          const Reached& r = reached.at(back);
          back = r.from;
          way(back) = Way{true, 0, 0, r.by, ++length};
        }
        n_searched_ += reached.size();
        return true;
      }
    }
  }
  n_searched_ += reached.size();
  return false;
}

}  // namespace typeloom
