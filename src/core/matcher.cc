#include "matcher.h"

namespace typeloom {

namespace {
constexpr uint32_t kDense = 4096;  // tokens; so many are not tried one by one where each makes states of its own
constexpr uint32_t kWideBerth = 16;
}  // namespace

void Matcher::fill_within(uint32_t* words, uint32_t budget) {
  fill(words);
  if (ended_) return;
  const uint32_t n_words = constraint_->vocabulary->n_words();
  uint32_t n_allowed = 0;
  for (uint32_t i = 0; i < n_words; ++i) n_allowed += uint32_t(__builtin_popcount(words[i]));
  if (n_allowed > kDense) {
    // Inside a string: what stays there brings the end no farther, and what leaves it opens a few values at most.
    std::lock_guard<std::mutex> guard(constraint_->lock);
    const uint64_t here = constraint_->ways.length(states_.back());
    const uint64_t growth = 4 * uint64_t(constraint_->machine.grammar().dearest());
    const bool far = budget > here + growth + constraint_->vocabulary->max_token_bytes() + kWideBerth;
    if (far && (!run_away_ || !run_away_->is_near())) return;
  }
  narrow(words, budget);
}

bool Matcher::fits(uint32_t token, uint32_t budget) {
  const Vocabulary& v = *constraint_->vocabulary;
  if (ended_ || v.is_end(token)) return true;
  std::lock_guard<std::mutex> guard(constraint_->lock);
  return fits_locked(v.bytes(token), budget);
}

bool Matcher::fits_locked(const std::string& bytes, uint32_t budget) const {
  Machine& machine = constraint_->machine;
  StateId state = states_.back();
  for (char c : bytes)
    if (state) state = machine.step(state, uint8_t(c));
  const uint32_t length = state ? constraint_->ways.length(state) : Ways::kNoWay;
  if (length >= budget || length == Ways::kNoWay) return false;
  if (!run_away_) return true;
  RunAway ahead = *run_away_;
  ahead.begin_token();
  state = states_.back();
  for (char c : bytes) {
    if (ahead.read(machine, state, uint8_t(c))) return false;
    state = machine.step(state, uint8_t(c));
  }
  return true;
}

void Matcher::narrow(uint32_t* words, uint32_t budget) {
  if (ended_) return;
  std::lock_guard<std::mutex> guard(constraint_->lock);
  const Vocabulary& v = *constraint_->vocabulary;
  const uint32_t first = constraint_->ways.first_token(states_.back());
  uint32_t n_allowed = 0, n_left = 0;
  for (uint32_t i = 0; i < v.n_words(); ++i) n_allowed += uint32_t(__builtin_popcount(words[i]));
  // In an array of unique items, and in a key that nobody declared, every text is a state of its own; there only what leaves the
  // string is tried: a large vocabulary would make a million states at a time.
  const State& here = constraint_->machine.state(states_.back());
  const bool is_undeclared_key = here.mode == kKey && constraint_->machine.key_state(here.a).unknown != kEmpty;
  const bool sparing = n_allowed > kDense && (here.recorded || is_undeclared_key);
  for (uint32_t i = 0; i < v.n_words(); ++i) {
    for (uint32_t w = words[i]; w; w &= w - 1) {
      const uint32_t token = i * 32 + uint32_t(__builtin_ctz(w));
      const bool tried = !sparing || token == first || v.leaving_index(token) != UINT32_MAX;
      if (v.is_end(token) || (tried && fits_locked(v.bytes(token), budget))) ++n_left;
      else words[i] &= ~(1u << (token % 32));
    }
  }
  // What runs away is closed by the way to the end, where nothing else closes it.
  if (!n_left && first != kNone) words[first / 32] |= 1u << (first % 32);
}

bool Matcher::accept(uint32_t token) {
  const Vocabulary& v = *constraint_->vocabulary;
  if (token >= v.n_tokens()) return false;
  if (!v.is_end(token)) return !ended_ && !v.bytes(token).empty() && advance(v.bytes(token));
  if (!is_accepting()) return false;
  states_.push_back(states_.back());
  if (caps_) ends_.push_back(text_.size());
  ++ended_;
  return true;
}

bool Matcher::advance(const std::string& bytes) {
  std::lock_guard<std::mutex> guard(constraint_->lock);
  StateId state = states_.back();
  for (char c : bytes) {
    if (!state) return false;
    state = constraint_->machine.step(state, uint8_t(c));
  }
  if (!state) return false;
  if (caps_) {
    read_along(states_.back(), bytes);
    text_ += bytes;
    ends_.push_back(text_.size());
  }
  states_.push_back(state);
  return true;
}

bool Matcher::rollback(uint32_t n) {
  if (n > n_accepted()) return false;
  states_.resize(states_.size() - n);
  ended_ = ended_ > n ? ended_ - n : 0;
  if (!caps_) return true;
  ends_.resize(ends_.size() - n);
  text_.resize(ends_.empty() ? 0 : ends_.back());
  run_away_.emplace(*caps_);
  std::lock_guard<std::mutex> guard(constraint_->lock);
  read_along(states_.front(), text_);
  return true;
}

void Matcher::read_along(StateId state, const std::string& bytes) {
  run_away_->begin_token();
  for (char c : bytes) {
    run_away_->read(constraint_->machine, state, uint8_t(c));
    state = constraint_->machine.step(state, uint8_t(c));
  }
}

}  // namespace typeloom
