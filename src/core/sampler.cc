#include "sampler.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <utility>

#include "regex.h"  // LimitExceeded

namespace typeloom {

namespace {

struct Context {
  std::shared_ptr<MaskedSampler> sampler;
  MaskedSampler::Init init;
};

MaskedSampler& of(const LlamaSampler* s) { return *static_cast<Context*>(s->context)->sampler; }

const char* name_of(const LlamaSampler*) { return "typeloom"; }
void accept_token(LlamaSampler* s, int32_t token) { of(s).accept(static_cast<uint32_t>(token)); }
void reset_text(LlamaSampler* s) { of(s).reset(); }
void free_context(LlamaSampler* s) { delete static_cast<Context*>(s->context); }

LlamaSampler* clone_of(const LlamaSampler* s) {
  const Context& context = *static_cast<Context*>(s->context);
  return MaskedSampler::make(std::make_shared<MaskedSampler>(*context.sampler), context.init);
}

void apply_mask(LlamaSampler* s, LlamaTokenDataArray* candidates) {
  MaskedSampler& sampler = of(s);
  bool any = false;
  for (int attempt = 0; attempt < 2 && !any; ++attempt) {
    const std::vector<uint32_t>& mask = sampler.mask();
    for (size_t i = 0; i < candidates->size && !any; ++i) {
      const uint32_t token = static_cast<uint32_t>(candidates->data[i].id);
      any = token / 32 < mask.size() && (mask[token / 32] >> (token % 32) & 1u) && candidates->data[i].logit != -INFINITY;
    }
    if (!any) sampler.fail("no candidate that another sampler has left may come next; put this sampler in front of it");
  }
  const std::vector<uint32_t>& mask = sampler.mask();
  const bool failed = !sampler.failure().empty();
  for (size_t i = 0; i < candidates->size; ++i) {
    LlamaTokenData& candidate = candidates->data[i];
    const uint32_t token = static_cast<uint32_t>(candidate.id);
    const bool allowed = token / 32 < mask.size() && (mask[token / 32] >> (token % 32) & 1u);
    if (!allowed) candidate.logit = -INFINITY;
    else if (failed) candidate.logit = 0;
  }
  candidates->sorted = false;
  // Where even the end tokens are gone, what is picked is none of ours any more: the first candidate becomes the end.
  if (failed && !any && candidates->size > 0) {
    bool end = false;
    for (size_t i = 0; i < candidates->size; ++i) end |= candidates->data[i].logit == 0;
    for (uint32_t w = 0; w < mask.size() && !end; ++w)
      if (mask[w]) candidates->data[0] = {static_cast<int32_t>(w * 32 + uint32_t(__builtin_ctz(mask[w]))), 0, 0}, end = true;
  }
}

void copy_state(const LlamaSampler* from, LlamaSampler* to) { of(to) = of(from); }

const LlamaSamplerInterface kInterface = {name_of,  accept_token, apply_mask, reset_text,
                                          clone_of, free_context, {},         copy_state};

}  // namespace

MaskedSampler::MaskedSampler(std::unique_ptr<TokenConstraint> constraint, std::vector<uint32_t> end_tokens,
                             uint32_t max_tokens)
    : constraint_(std::move(constraint)),
      end_tokens_(std::move(end_tokens)),
      max_tokens_(max_tokens),
      mask_((constraint_->n_tokens() + 31) / 32) {
  const uint32_t least = constraint_->least_tokens();
  if (max_tokens_ != UINT32_MAX && least > max_tokens_)
    throw DecodeFailure{FailureKind::kBudget,
                        "a complete text needs up to " + std::to_string(least) + " tokens, max_tokens is " +
                            std::to_string(max_tokens_),
                        least, max_tokens_};
}

MaskedSampler::MaskedSampler(const MaskedSampler& other)
    : constraint_(other.constraint_->clone()),
      end_tokens_(other.end_tokens_),
      max_tokens_(other.max_tokens_),
      taken_(other.taken_),
      filled_(other.filled_),
      mask_(other.mask_),
      failure_(other.failure_) {}

MaskedSampler& MaskedSampler::operator=(const MaskedSampler& other) {
  constraint_ = other.constraint_->clone();
  end_tokens_ = other.end_tokens_;
  max_tokens_ = other.max_tokens_;
  taken_ = other.taken_;
  filled_ = other.filled_;
  mask_ = other.mask_;
  failure_ = other.failure_;
  return *this;
}

LlamaSampler* MaskedSampler::make(std::shared_ptr<MaskedSampler> self, Init init) {
  return init(&kInterface, new Context{std::move(self), init});
}

const std::vector<uint32_t>& MaskedSampler::mask() {
  if (filled_) return mask_;
  try {
    if (max_tokens_ == UINT32_MAX) {
      constraint_->fill_within(mask_.data(), UINT32_MAX);
    } else if (taken_ < max_tokens_) {
      constraint_->fill_within(mask_.data(), max_tokens_ - taken_);
    } else {  // nothing is left but to end
      constraint_->fill(mask_.data());
      std::vector<uint32_t> ends(mask_.size());
      for (uint32_t id : end_tokens_) ends[id / 32] |= 1u << (id % 32);
      for (size_t w = 0; w < mask_.size(); ++w) mask_[w] &= ends[w];
    }
    if (std::all_of(mask_.begin(), mask_.end(), [](uint32_t word) { return word == 0; }))
      fail("no token of the vocabulary may come next");
  } catch (const LimitExceeded& e) {
    fail("limit exceeded: " + e.limit + " reached " + std::to_string(e.value));
  } catch (const std::exception& e) {
    fail(e.what());
  }
  filled_ = true;
  return mask_;
}

void MaskedSampler::fail(const std::string& why) {
  if (failure_.empty()) failure_ = why;
  std::fill(mask_.begin(), mask_.end(), 0u);
  for (uint32_t id : end_tokens_) mask_[id / 32] |= 1u << (id % 32);
  filled_ = true;
}

void MaskedSampler::accept(uint32_t token) {
  if (!failure_.empty()) return;
  try {
    if (!constraint_->accept(token)) return fail("token " + std::to_string(token) + " was taken, which was not allowed");
    ++taken_;
    filled_ = false;
  } catch (const LimitExceeded& e) {
    fail("limit exceeded: " + e.limit + " reached " + std::to_string(e.value));
  } catch (const std::exception& e) {
    fail(e.what());
  }
}

void MaskedSampler::reset() {
  constraint_->restart();
  taken_ = 0;
  failure_.clear();
  filled_ = false;
}

}  // namespace typeloom
