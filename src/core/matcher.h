// A Constraint is a grammar's machine together with one vocabulary's masks; a Matcher is one generation under it.
//
// All Matchers of a Constraint share its tables: what one has met, the others need not compute. A Matcher is the list of
// states it went through, one integer a token, so copying and rolling back are copying and cutting that list.
// The tables grow while they are used; one lock guards them, taken once a call.
#pragma once
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "decode.h"
#include "forced.h"
#include "mask.h"
#include "run_away.h"
#include "ways.h"

namespace typeloom {

class Constraint {
 public:
  Constraint(std::shared_ptr<Vocabulary> vocabulary, std::shared_ptr<Grammar> grammar, NodeId root, Layout layout,
             Order order, size_t max_states)
      : vocabulary(std::move(vocabulary)),
        grammar(std::move(grammar)),
        machine(*this->grammar, root, layout, order, this->vocabulary->space_prefix(), max_states),
        masks(*this->vocabulary, machine),
        ways(*this->vocabulary, machine),
        forced(*this->vocabulary, machine) {}

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
  Ways ways;
  Forced forced;
  std::mutex lock;
};

class Matcher : public TokenConstraint {
 public:
  // With caps, what the type leaves open and becomes longer than that does not fit; no caps, nothing is watched.
  Matcher(std::shared_ptr<Constraint> constraint, const std::optional<Caps>& caps)
      : constraint_(std::move(constraint)), states_{constraint_->machine.start()}, caps_(caps) {
    if (caps_) run_away_.emplace(*caps_);
  }

  void fill(uint32_t* words) override {
    std::lock_guard<std::mutex> guard(constraint_->lock);
    if (ended_) {  // only the end may be said again
      std::fill(words, words + constraint_->vocabulary->n_words(), 0u);
      for (uint32_t id : constraint_->vocabulary->end_ids()) words[id / 32] |= 1u << (id % 32);
      return;
    }
    constraint_->masks.fill(states_.back(), words);
  }

  // For whoever cannot pick again: far from the end all tokens are left, near it only those that fit.
  void fill_within(uint32_t* words, uint32_t budget) override;
  bool fits(uint32_t token, uint32_t budget) override;
  void narrow(uint32_t* words, uint32_t budget) override;

  // Tokens that certainly suffice to complete the text, the end token not counted; Ways::kNoWay if no way was found.
  uint32_t least_tokens() override {
    std::lock_guard<std::mutex> guard(constraint_->lock);
    return ended_ ? 0 : constraint_->ways.length(states_.back());
  }

  bool accept(uint32_t token) override;

  bool accept_bytes(const std::string& bytes) { return !ended_ && advance(bytes); }

  bool is_accepting() override {
    std::lock_guard<std::mutex> guard(constraint_->lock);
    return constraint_->machine.accepting(states_.back());
  }

  // In a string of any text, a token that does not close it.
  bool is_free_text(uint32_t token) override {
    if (ended_) return false;
    std::lock_guard<std::mutex> guard(constraint_->lock);
    return constraint_->machine.state(states_.back()).mode == kFree &&
           constraint_->vocabulary->leaving_index(token) == UINT32_MAX;
  }

  uint32_t n_tokens() const override { return constraint_->vocabulary->n_tokens(); }
  uint32_t n_accepted() const { return uint32_t(states_.size()) - 1; }

  bool rollback(uint32_t n);  // forget the last n accepted tokens
  void reset() { rollback(n_accepted()); }
  void restart() override { reset(); }
  std::unique_ptr<TokenConstraint> clone() const override { return std::make_unique<Matcher>(*this); }

  // The bytes that every completion begins with, up to `limit` of them.
  std::string forced(size_t limit = 4096) {
    std::lock_guard<std::mutex> guard(constraint_->lock);
    return ended_ ? std::string() : constraint_->forced.bytes(states_.back(), limit);
  }

  std::vector<uint32_t> forced_tokens(const Tokenizer& tokenizer) override {
    if (ended_) return {};
    std::lock_guard<std::mutex> guard(constraint_->lock);
    return constraint_->forced.tokens(states_.back(), tokenizer);
  }

  // The bytes after which some completion exists.
  std::string live_bytes() {
    std::lock_guard<std::mutex> guard(constraint_->lock);
    std::string out;
    for (int b = 0; b < 256 && !ended_; ++b)
      if (constraint_->machine.step(states_.back(), uint8_t(b))) out.push_back(char(b));
    return out;
  }

  const std::shared_ptr<Constraint>& constraint() const { return constraint_; }
  StateId state() const { return states_.back(); }

 private:
  bool advance(const std::string& bytes);
  void read_along(StateId state, const std::string& bytes);
  bool fits_locked(const std::string& bytes, uint32_t budget) const;

  std::shared_ptr<Constraint> constraint_;
  std::vector<StateId> states_;
  uint32_t ended_ = 0;  // how many of the last accepted tokens were end tokens
  std::optional<Caps> caps_;
  std::optional<RunAway> run_away_;  // of what was accepted; none: nothing is watched
  std::string text_;                 // what was accepted, while it is watched
  std::vector<size_t> ends_;         // by token: where in it the token ends
};

}  // namespace typeloom
