#include "generation.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <utility>

namespace typeloom {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

}  // namespace

Workspace::Workspace(uint32_t n_tokens, const std::vector<uint32_t>& end_tokens)
    : n_tokens(n_tokens), end_words((n_tokens + 31) / 32, 0), picker(n_tokens) {
  for (uint32_t token : end_tokens) {
    if (token < n_tokens) end_words[token / 32] |= 1u << (token % 32);
  }
}

Generation::Generation(std::vector<uint32_t> prompt, std::shared_ptr<TokenConstraint> constraint,
                       const GenerationOptions& options, std::shared_ptr<RandomSource> random, uint32_t n_tokens)
    : target_(std::move(prompt)),
      n_prompt_(static_cast<uint32_t>(target_.size())),
      constraint_(std::move(constraint)),
      options_(options),
      random_(std::move(random)) {
  if (target_.empty()) throw DecodeFailure{FailureKind::kModel, "the prompt has no tokens; at least one is needed"};
  for (uint32_t token : target_) {
    if (token >= n_tokens) {
      throw DecodeFailure{FailureKind::kModel, "token " + std::to_string(token) + " of the prompt is outside of the vocabulary of " +
                                                   std::to_string(n_tokens) + " tokens"};
    }
  }
  if (constraint_ && constraint_->n_tokens() != 0 && constraint_->n_tokens() != n_tokens) {
    throw DecodeFailure{FailureKind::kVocabularySize, "the constraint was compiled for a vocabulary of " +
                                                          std::to_string(constraint_->n_tokens()) + " tokens, the model has " +
                                                          std::to_string(n_tokens)};
  }
  if (!constraint_) return;
  mask_.assign((n_tokens + 31) / 32, 0u);
  const uint32_t least = constraint_->least_tokens();
  if (least > options_.max_tokens) {
    throw DecodeFailure{FailureKind::kBudget,
                        least == UINT32_MAX
                            ? std::string("no way to a complete text was found within the search's bounds")
                            : "a complete text needs up to " + std::to_string(least) + " tokens, max_tokens is " +
                                  std::to_string(options_.max_tokens),
                        least, options_.max_tokens};
  }
}

bool Generation::wants_row(size_t place) const {
  if (place + 1 == target_.size()) return !ended_;
  return options_.evidence == Evidence::kRaw && place + 1 >= n_prompt_ &&
         std::isnan(evidence_[place + 1 - n_prompt_].raw);
}

size_t Generation::next_row() const {
  if (options_.evidence == Evidence::kRaw) {
    for (size_t i = 0; i < evidence_.size(); ++i) {
      if (std::isnan(evidence_[i].raw)) return n_prompt_ + i - 1;
    }
  }
  return target_.size() - 1;
}

size_t Generation::n_needed() const {
  if (!ended_) return target_.size();
  if (options_.evidence != Evidence::kRaw) return 0;
  for (size_t i = evidence_.size(); i-- > 0;) {
    if (std::isnan(evidence_[i].raw)) return n_prompt_ + i;  // the row in front of the last token that lacks one
  }
  return 0;
}

double Generation::raw_log_probability(uint32_t token, const float* logits, Workspace& workspace) const {
  return static_cast<double>(logits[token]) - workspace.picker.log_sum_exp(logits, nullptr);
}

void Generation::read_row(size_t place, const float* logits, Workspace& workspace, Interrupt& interrupt) {
  if (place + 1 < target_.size()) {
    evidence_[place + 1 - n_prompt_].raw = raw_log_probability(target_[place + 1], logits, workspace);
  } else if (!ended_) {
    advance(logits, workspace, interrupt);
  }
}

void Generation::fill_mask() {
  if (mask_filled_) return;
  const Clock::time_point start = Clock::now();
  std::fill(mask_.begin(), mask_.end(), 0u);
  constraint_->fill(mask_.data());
  mask_filled_ = true;
  result_.timings.mask += seconds_since(start);
}

// Source: llama.cpp, llama_sampler_penalties_apply.
const float* Generation::penalised(const float* logits, Workspace& workspace) {
  const float penalty = options_.sampling.repetition_penalty;
  if (penalty == 1.0f) return logits;
  bool copied = false;
  for (size_t i = 0; i < free_.size(); ++i) {
    const uint32_t token = free_[i];
    if (std::find(free_.begin(), free_.begin() + static_cast<std::ptrdiff_t>(i), token) !=
        free_.begin() + static_cast<std::ptrdiff_t>(i))
      continue;  // once is enough
    if (constraint_ && !constraint_->is_free_text(token)) continue;
    if (!std::exchange(copied, true)) workspace.row.assign(logits, logits + workspace.n_tokens);
    float& logit = workspace.row[token];
    logit = logit > 0.0f ? logit / penalty : logit * penalty;
  }
  return copied ? workspace.row.data() : logits;
}

uint32_t Generation::pick(const float* logits, Workspace& workspace) {
  logits = penalised(logits, workspace);
  const Pick pick = workspace.picker.pick(logits, constraint_ ? mask_.data() : nullptr, options_.sampling, *random_);
  if (pick.status == PickStatus::kNotANumber) {
    throw DecodeFailure{FailureKind::kNotANumber,
                        "the model's logits are not finite (NaN or infinity) at token " + std::to_string(n_produced())};
  }
  return pick.token;
}

void Generation::take(uint32_t token, const TokenEvidence& evidence) {
  if (options_.sampling.repetition_penalty != 1.0f && (!constraint_ || constraint_->is_free_text(token))) {
    if (free_.size() == kPenalised) free_.erase(free_.begin());
    free_.push_back(token);
  }
  if (constraint_ && !constraint_->accept(token)) {
    throw DecodeFailure{FailureKind::kRefused,
                        "the constraint refused token " + std::to_string(token) + ", which its own mask allows"};
  }
  mask_filled_ = false;
  target_.push_back(token);
  if (options_.evidence != Evidence::kNone) evidence_.push_back(evidence);
}

void Generation::take_forced(const float*& logits, Workspace& workspace) {
  for (uint32_t token : constraint_->forced_tokens(*options_.tokenizer)) {
    if (!constraint_->fits(token, budget())) break;
    TokenEvidence evidence{0.0, kUnknown};
    if (logits && options_.evidence == Evidence::kRaw) evidence.raw = raw_log_probability(token, logits, workspace);
    take(token, evidence);
    logits = nullptr;
  }
}

// Another token instead of one that does not fit into the budget; `logits` null: it was the only one allowed.
uint32_t Generation::steer(uint32_t refused, const float* logits, TokenEvidence& evidence, Workspace& workspace) {
  result_.steered.push_back(static_cast<uint32_t>(n_produced()));
  constraint_->narrow(mask_.data(), budget());
  const MaskSummary fitting = summarise_mask(mask_.data(), workspace.n_tokens, 2);
  if (fitting.count == 0) {
    throw DecodeFailure{FailureKind::kEmptyMask, "no token fits into what is left of max_tokens after " +
                                                     std::to_string(n_produced()) + " tokens"};
  }
  if (!logits) return fitting.first;
  const uint32_t token = fitting.count > 1 ? pick(logits, workspace) : fitting.first;
  const double further = static_cast<double>(logits[token]) - static_cast<double>(logits[refused]);
  evidence.masked += further;
  evidence.raw += further;
  return token;
}

void Generation::advance(const float* logits, Workspace& workspace, Interrupt& interrupt) {
  const bool raw_wanted = options_.evidence == Evidence::kRaw;
  while (true) {
    if (interrupt.check()) throw DecodeFailure{FailureKind::kCancelled, "cancelled"};
    if (constraint_ && options_.tokenizer && !mask_filled_) take_forced(logits, workspace);
    uint32_t token = 0;
    bool picked = false;
    if (constraint_) {
      fill_mask();
      const MaskSummary allowed = summarise_mask(mask_.data(), workspace.n_tokens, 2);
      if (allowed.count == 0) {
        throw DecodeFailure{FailureKind::kEmptyMask,
                            "no token of the vocabulary may follow after " + std::to_string(n_produced()) + " tokens"};
      }
      bool only_end = true;
      for (size_t w = 0; w < mask_.size() && only_end; ++w) only_end = (mask_[w] & ~workspace.end_words[w]) == 0;
      if (only_end) {
        result_.finish = Finish::kEnd;
        break;
      }
      if (allowed.count == 1) {
        token = allowed.first;
        picked = true;
      }
    }
    if (budget() == 0) {
      result_.finish = Finish::kLength;
      break;
    }
    if (!picked && !logits) return;  // until the row behind the target is there
    TokenEvidence evidence{0.0, kUnknown};
    if (logits && (!picked || raw_wanted)) {
      const Clock::time_point start = Clock::now();
      if (!picked) token = pick(logits, workspace);  // a forced token takes no draw, so evidence does not change what is drawn
      if (options_.evidence != Evidence::kNone) {
        const uint32_t* mask = constraint_ ? mask_.data() : nullptr;
        const double total = workspace.picker.log_sum_exp(logits, mask);
        evidence.masked = static_cast<double>(logits[token]) - total;
        if (raw_wanted) evidence.raw = raw_log_probability(token, logits, workspace);
        if (raw_wanted && !picked) {
          for (const auto& [logit, other] : workspace.picker.runners_up(logits, mask, token, kRunnersUp))
            evidence.runners_up.push_back({other, static_cast<double>(logit) - total});
        }
      }
      result_.timings.pick += seconds_since(start);
    }
    if (constraint_ && !workspace.is_end(token) && !constraint_->fits(token, budget())) {
      token = steer(token, picked ? nullptr : logits, evidence, workspace);
    }
    if (workspace.is_end(token)) {
      result_.finish = Finish::kEnd;
      if (constraint_ && !constraint_->is_accepting()) {
        throw DecodeFailure{FailureKind::kRefused, "the constraint allowed an end token where the text is not complete"};
      }
      break;
    }
    take(token, evidence);
    logits = nullptr;
  }
  ended_ = true;
  result_.complete = constraint_ ? constraint_->is_accepting() : result_.finish == Finish::kEnd;
}

GenerationResult Generation::take_result() {
  result_.tokens.assign(target_.begin() + n_prompt_, target_.end());
  result_.evidence = std::move(evidence_);
  return std::move(result_);
}

}  // namespace typeloom
