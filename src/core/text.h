// A constraint on a whole text that need not be JSON: an automaton over its bytes, with one vocabulary's masks.
//
// It has what a Constraint (matcher.h) has. Like there, all Matchers share the tables, and one lock guards them. Here, too, are the automata that stand for a JSON type inside a text.
#pragma once
#include <algorithm>
#include <memory>
#include <mutex>

#include "automaton.h"
#include "matcher.h"
#include "text_masks.h"

namespace typeloom {

// The texts that a type's machine accepts: JSON as a terminal of a grammar.
class JsonAutomaton : public Automaton {
 public:
  JsonAutomaton(std::shared_ptr<Grammar> grammar, NodeId root, Layout layout, Order order, size_t max_states)
      : grammar_(std::move(grammar)), machine_(*grammar_, root, layout, order, false, max_states) {}

  uint32_t start() override { return machine_.start(); }
  uint32_t step(uint32_t state, uint8_t byte) override { return machine_.step(state, byte); }
  bool accepting(uint32_t state) override { return machine_.accepting(state); }
  uint32_t distance(uint32_t state) override { return machine_.accepting(state) ? 0 : machine_.distance(state); }

 private:
  std::shared_ptr<Grammar> grammar_;
  Machine machine_;
};

class TextConstraint {
 public:
  TextConstraint(std::shared_ptr<Vocabulary> vocabulary, std::shared_ptr<Automaton> automaton)
      : vocabulary(std::move(vocabulary)), automaton(std::move(automaton)), masks(*this->vocabulary, *this->automaton) {}

  bool accepts(const std::string& text) {
    std::lock_guard<std::mutex> guard(lock);
    const StateId state = steps(automaton->start(), text);
    return state && automaton->accepting(state);
  }
  StateId steps(StateId state, const std::string& bytes) {
    for (char c : bytes) {
      if (!state) return 0;
      state = automaton->step(state, uint8_t(c));
    }
    return state;
  }

  std::shared_ptr<Vocabulary> vocabulary;
  std::shared_ptr<Automaton> automaton;
  TextMasks masks;
  std::mutex lock;
};

// One generation under a TextConstraint: the states it went through, one a token. A token spells at least one byte, and
// every byte of a shortest completion is a token of ordinary vocabularies, so distances in bytes are kept as budgets.
class TextMatcher : public TokenConstraint {
 public:
  explicit TextMatcher(std::shared_ptr<TextConstraint> constraint)
      : constraint_(std::move(constraint)), states_{constraint_->automaton->start()} {}

  void fill(uint32_t* words) override {
    if (ended_) return fill_ends(words);
    std::lock_guard<std::mutex> guard(constraint_->lock);
    constraint_->masks.fill(states_.back(), words);
  }
  void fill_within(uint32_t* words, uint32_t budget) override {
    if (ended_) return fill_ends(words);
    std::lock_guard<std::mutex> guard(constraint_->lock);
    constraint_->masks.fill_within(states_.back(), words, budget);
  }
  void narrow(uint32_t* words, uint32_t budget) override {
    if (ended_) return;
    std::vector<uint32_t> within(constraint_->vocabulary->n_words());
    fill_within(within.data(), budget);
    for (size_t i = 0; i < within.size(); ++i) words[i] &= within[i];
  }
  bool fits(uint32_t token, uint32_t budget) override {
    const Vocabulary& v = *constraint_->vocabulary;
    if (ended_ || token >= v.n_tokens() || v.is_end(token)) return true;
    std::lock_guard<std::mutex> guard(constraint_->lock);
    const StateId next = constraint_->steps(states_.back(), v.bytes(token));
    return next && uint64_t(constraint_->automaton->distance(next)) + 1 <= budget;
  }
  uint32_t least_tokens() override {
    std::lock_guard<std::mutex> guard(constraint_->lock);
    return ended_ ? 0 : constraint_->automaton->distance(states_.back());
  }
  bool accept(uint32_t token) override {
    const Vocabulary& v = *constraint_->vocabulary;
    if (token >= v.n_tokens()) return false;
    if (v.is_end(token)) {
      if (!is_accepting()) return false;
      states_.push_back(states_.back());
      ++ended_;
      return true;
    }
    return !v.bytes(token).empty() && accept_bytes(v.bytes(token));
  }
  bool accept_bytes(const std::string& bytes) {
    if (ended_) return false;
    std::lock_guard<std::mutex> guard(constraint_->lock);
    const StateId next = constraint_->steps(states_.back(), bytes);
    if (next) states_.push_back(next);
    return next != 0;
  }
  bool is_accepting() override {
    std::lock_guard<std::mutex> guard(constraint_->lock);
    return states_.back() && constraint_->automaton->accepting(states_.back());
  }
  uint32_t n_tokens() const override { return constraint_->vocabulary->n_tokens(); }
  uint32_t n_accepted() const { return uint32_t(states_.size()) - 1; }
  bool rollback(uint32_t n) {  // forget the last n accepted tokens
    if (n > n_accepted()) return false;
    states_.resize(states_.size() - n);
    ended_ = ended_ > n ? ended_ - n : 0;
    return true;
  }
  void reset() { rollback(n_accepted()); }
  void restart() override { reset(); }
  std::unique_ptr<TokenConstraint> clone() const override { return std::make_unique<TextMatcher>(*this); }
  // The bytes that every completion begins with, up to `limit` of them.
  std::string forced(size_t limit = 4096) {
    std::lock_guard<std::mutex> guard(constraint_->lock);
    std::string out;
    for (StateId state = states_.back(); !ended_ && out.size() < limit && !constraint_->automaton->accepting(state);) {
      const std::string live = live_from(state);
      if (live.size() != 1) break;
      out += live;
      state = constraint_->automaton->step(state, uint8_t(live[0]));
    }
    return out;
  }
  // The bytes after which some completion exists.
  std::string live_bytes() {
    std::lock_guard<std::mutex> guard(constraint_->lock);
    return ended_ ? std::string() : live_from(states_.back());
  }
  const std::shared_ptr<TextConstraint>& constraint() const { return constraint_; }
  StateId state() const { return states_.back(); }

 private:
  void fill_ends(uint32_t* words) {  // only the end may be said again
    std::fill(words, words + constraint_->vocabulary->n_words(), 0u);
    for (uint32_t id : constraint_->vocabulary->end_ids()) words[id / 32] |= 1u << (id % 32);
  }
  std::string live_from(StateId state) {
    std::string out;
    for (int b = 0; b < 256; ++b)
      if (constraint_->automaton->step(state, uint8_t(b))) out.push_back(char(b));
    return out;
  }

  std::shared_ptr<TextConstraint> constraint_;
  std::vector<StateId> states_;
  uint32_t ended_ = 0;  // how many of the last accepted tokens were end tokens
};

}  // namespace typeloom
