#include "cfg_grammar.h"

#include <algorithm>
#include <queue>

namespace typeloom {

CfgGrammar::CfgGrammar(std::shared_ptr<Grammar> expressions, std::vector<ExprId> terminals, uint32_t n_names,
                       const std::vector<Production>& productions, uint32_t start)
    : expressions_(std::move(expressions)), terminals_(std::move(terminals)), n_names_(n_names + 1) {
  const uint32_t n_terminals = uint32_t(terminals_.size());
  std::vector<Production> all{{n_names, {n_terminals + start}}};  // position 0 is in front of the start name
  all.insert(all.end(), productions.begin(), productions.end());
  drop_unproductive(all, n_names);
  if (empty_) return;
  lay_out(all);
  find_costs();
}

// Removes the productions that derive no text, and those that the start name never needs. A least fixpoint each.
void CfgGrammar::drop_unproductive(std::vector<Production>& productions, uint32_t start) {
  const uint32_t n_terminals = uint32_t(terminals_.size());
  std::vector<bool> productive(n_terminals + n_names_, false);
  for (uint32_t t = 0; t < n_terminals; ++t) productive[t] = !exprs().is_empty(terminals_[t]);
  std::vector<std::vector<uint32_t>> users(productive.size());
  std::vector<uint32_t> missing(productions.size(), 0), settled;
  for (uint32_t i = 0; i < productions.size(); ++i) {
    for (uint32_t s : productions[i].symbols)
      if (!productive[s]) ++missing[i], users[s].push_back(i);
    if (!missing[i]) settled.push_back(i);
  }
  while (!settled.empty()) {
    const uint32_t symbol = n_terminals + productions[settled.back()].name;
    settled.pop_back();
    if (productive[symbol]) continue;
    productive[symbol] = true;
    for (uint32_t i : users[symbol])
      if (--missing[i] == 0) settled.push_back(i);
  }
  empty_ = !productive[n_terminals + start];
  std::vector<std::vector<uint32_t>> of_name(n_names_);
  for (uint32_t i = 0; i < productions.size(); ++i)
    if (!missing[i]) of_name[productions[i].name].push_back(i);
  std::vector<bool> needed(n_names_, false);
  std::vector<uint32_t> open{start};
  std::vector<Production> kept;
  needed[start] = true;
  for (size_t k = 0; k < open.size(); ++k)
    for (uint32_t i : of_name[open[k]]) {
      for (uint32_t s : productions[i].symbols)
        if (s >= n_terminals && !needed[s - n_terminals]) needed[s - n_terminals] = true, open.push_back(s - n_terminals);
      kept.push_back(std::move(productions[i]));
    }
  productions.swap(kept);
}

void CfgGrammar::lay_out(const std::vector<Production>& productions) {
  const uint32_t n_terminals = uint32_t(terminals_.size());
  std::vector<std::pair<uint32_t, uint32_t>> spans;
  for (const Production& p : productions) {
    spans.emplace_back(uint32_t(symbols_.size()), p.name);
    symbols_.insert(symbols_.end(), p.symbols.begin(), p.symbols.end());
    symbols_.push_back(kEnd);
    names_.insert(names_.end(), p.symbols.size() + 1, p.name);
  }
  nullable_.assign(n_terminals + n_names_, false);
  for (uint32_t t = 0; t < n_terminals; ++t) nullable_[t] = exprs().nullable(terminals_[t]);
  for (bool changed = true; changed;) {
    changed = false;
    for (auto [from, name] : spans) {
      uint32_t p = from;
      while (symbols_[p] != kEnd && nullable_[symbols_[p]]) ++p;
      if (symbols_[p] != kEnd || nullable_[n_terminals + name]) continue;
      nullable_[n_terminals + name] = changed = true;
    }
  }
  initial_.resize(n_names_);
  beginnings_.resize(n_names_);
  waiters_.resize(n_names_);
  for (auto [from, name] : spans)
    for (uint32_t p = from; symbols_[p] != kEnd; ++p) {
      initial_[name].push_back(p);
      if (!is_terminal(symbols_[p])) waiters_[name_of(symbols_[p])].push_back(p);
      if (!nullable_[symbols_[p]]) break;
    }
}

void CfgGrammar::find_costs() {
  const uint32_t n_terminals = uint32_t(terminals_.size());
  cost_.assign(n_terminals + n_names_, kFarthest);
  for (uint32_t t = 0; t < n_terminals; ++t) cost_[t] = std::min(kFarthest, exprs().min_bytes(terminals_[t]));
  rest_.assign(symbols_.size(), 0);
  for (bool changed = true; changed;) {  // costs only fall, at most once a name and round
    changed = false;
    for (uint32_t p = uint32_t(symbols_.size()); p-- > 0;) {
      rest_[p] = symbols_[p] == kEnd ? 0 : add_bytes(cost_[symbols_[p]], rest_[p + 1]);
      const bool first = p == 0 || symbols_[p - 1] == kEnd;
      uint32_t& cost = cost_[n_terminals + names_[p]];
      if (first && rest_[p] < cost) cost = rest_[p], changed = true;
    }
  }
}

const CfgGrammar::Beginning& CfgGrammar::beginning(uint32_t name) {
  Beginning& b = beginnings_[name];
  if (!b.climb.empty()) return b;
  b.climb.assign(n_names_, kNever);
  using Entry = std::pair<uint32_t, uint32_t>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<Entry>> queue;
  b.climb[name] = 0;
  queue.push({0, name});
  while (!queue.empty()) {
    const auto [far, at] = queue.top();
    queue.pop();
    if (far > b.climb[at] || std::find(b.names.begin(), b.names.end(), at) != b.names.end()) continue;
    b.names.push_back(at);
    for (uint32_t p : initial_[at]) {
      if (is_terminal(symbols_[p])) {
        b.terminals.push_back(p);
        continue;
      }
      const uint32_t below = name_of(symbols_[p]), cost = add_bytes(far, rest_[p + 1]);
      if (b.climb[below] <= cost) continue;
      b.climb[below] = cost;
      queue.push({cost, below});
    }
  }
  std::sort(b.terminals.begin(), b.terminals.end());
  return b;
}

}  // namespace typeloom
