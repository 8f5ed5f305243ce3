// A Constraint is a grammar's machine together with one vocabulary's masks; a Matcher is one generation under it.
//
// All Matchers of a Constraint share its tables: what one has met, the others need not compute. A Matcher is the list of
// states it went through, one integer a token, so copying and rolling back are copying and cutting that list.
// The tables grow while they are used; one lock guards them, taken once a call.
#pragma once
#include <memory>
#include <mutex>
#include <vector>

#include "decode.h"
#include "mask.h"

namespace typeloom {

class Constraint {
 public:
  Constraint(std::shared_ptr<Vocabulary> vocabulary, std::shared_ptr<Grammar> grammar, NodeId root, Layout layout,
             Order order, size_t max_states)
      : vocabulary(std::move(vocabulary)),
        grammar(std::move(grammar)),
        machine(*this->grammar, root, layout, order, this->vocabulary->space_prefix(), max_states),
        masks(*this->vocabulary, machine) {}

  bool accepts(const std::string& text) {
    std::lock_guard<std::mutex> guard(lock);
    StateId state = machine.start();
    for (char c : text) {
      if (!state) return false;
      state = machine.step(state, uint8_t(c));
    }
    return state && machine.accepting(state);
  }

  std::shared_ptr<Vocabulary> vocabulary;
  std::shared_ptr<Grammar> grammar;
  Machine machine;
  Masks masks;
  std::mutex lock;
};

// `Over`: a Constraint, or a TextConstraint (text.h).
template <class Over>
class BasicMatcher : public TokenConstraint {
 public:
  explicit BasicMatcher(std::shared_ptr<Over> constraint)
      : constraint_(std::move(constraint)), states_{constraint_->machine.start()} {}

  void fill(uint32_t* words) override {
    std::lock_guard<std::mutex> guard(constraint_->lock);
    if (ended_) {  // only the end may be said again
      std::fill(words, words + constraint_->vocabulary->n_words(), 0u);
      for (uint32_t id : constraint_->vocabulary->end_ids()) words[id / 32] |= 1u << (id % 32);
      return;
    }
    constraint_->masks.fill(states_.back(), words);
  }

  void fill_within(uint32_t* words, uint32_t budget) override {
    if (ended_) return fill(words);
    std::lock_guard<std::mutex> guard(constraint_->lock);
    constraint_->masks.fill_within(states_.back(), words, budget);
  }

  // Bytes of a short way to the end of the text.
  uint32_t distance() {
    std::lock_guard<std::mutex> guard(constraint_->lock);
    return constraint_->machine.distance(states_.back());
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
    if (ended_ || v.bytes(token).empty()) return false;
    return advance(v.bytes(token));
  }

  bool accept_bytes(const std::string& bytes) { return !ended_ && advance(bytes); }

  bool is_accepting() override {
    std::lock_guard<std::mutex> guard(constraint_->lock);
    return constraint_->machine.accepting(states_.back());
  }

  uint32_t n_tokens() const override { return constraint_->vocabulary->n_tokens(); }
  uint32_t n_accepted() const { return uint32_t(states_.size()) - 1; }

  bool rollback(uint32_t n) {  // forget the last n accepted tokens
    if (n > n_accepted()) return false;
    states_.resize(states_.size() - n);
    ended_ = ended_ > n ? ended_ - n : 0;
    return true;
  }

  void reset() {
    states_.resize(1);
    ended_ = 0;
  }

  // The bytes that every completion begins with, up to `limit` of them.
  std::string forced(size_t limit = 4096) {
    std::lock_guard<std::mutex> guard(constraint_->lock);
    auto& machine = constraint_->machine;
    std::string out;
    StateId state = states_.back();
    while (!ended_ && out.size() < limit && !machine.accepting(state)) {
      const ByteSet candidates = machine.candidates(state);
      int only = -1;
      for (int b = 0; b < 256; ++b) {
        if (!candidates[size_t(b)] || !machine.step(state, uint8_t(b))) continue;
        if (only >= 0) return out;
        only = b;
      }
      if (only < 0) break;
      out.push_back(char(only));
      state = machine.step(state, uint8_t(only));
    }
    return out;
  }

  // The bytes after which some completion exists.
  std::string live_bytes() {
    std::lock_guard<std::mutex> guard(constraint_->lock);
    std::string out;
    for (int b = 0; b < 256 && !ended_; ++b)
      if (constraint_->machine.step(states_.back(), uint8_t(b))) out.push_back(char(b));
    return out;
  }

  const std::shared_ptr<Over>& constraint() const { return constraint_; }
  StateId state() const { return states_.back(); }

 private:
  bool advance(const std::string& bytes) {
    std::lock_guard<std::mutex> guard(constraint_->lock);
    StateId state = states_.back();
    for (char c : bytes) {
      if (!state) return false;
      state = constraint_->machine.step(state, uint8_t(c));
    }
    if (!state) return false;
    states_.push_back(state);
    return true;
  }

  std::shared_ptr<Over> constraint_;
  std::vector<StateId> states_;
  uint32_t ended_ = 0;  // how many of the last accepted tokens were end tokens
};

using Matcher = BasicMatcher<Constraint>;

}  // namespace typeloom
