#include "decode.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace typeloom {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

bool abort_if_cancelled(void* interrupt) { return static_cast<Interrupt*>(interrupt)->check(); }

}  // namespace

bool Interrupt::check() {
  if (cancelled()) return true;
  const Clock::time_point now = Clock::now();
  if (now - polled_ < std::chrono::milliseconds(50)) return false;
  polled_ = now;
  if (poll()) cancel();
  return cancelled();
}

Decoder::Decoder(const LlamaFunctions& functions, void* context, const Shape& shape, std::vector<uint32_t> end_tokens)
    : functions_(functions),
      context_(context),
      memory_(functions.get_memory(context)),
      shape_(shape),
      end_words_((shape.n_tokens + 31) / 32, 0),
      held_(shape.slots),
      mask_((shape.n_tokens + 31) / 32, 0),
      picker_(shape.n_tokens) {
  for (uint32_t token : end_tokens) {
    if (token < shape.n_tokens) end_words_[token / 32] |= 1u << (token % 32);
  }
}

Decoder::~Decoder() = default;

void Decoder::forget(uint32_t slot) {
  functions_.memory_seq_rm(memory_, static_cast<int32_t>(slot), -1, -1);  // a whole sequence is always removable
  held_.at(slot).clear();
}

uint32_t Decoder::best_slot(const std::vector<uint32_t>& prompt) const {
  uint32_t best = 0;
  size_t best_common = 0;
  for (uint32_t slot = 0; slot < shape_.slots; ++slot) {
    const std::vector<uint32_t>& held = held_[slot];
    size_t common = 0;
    while (common < held.size() && common < prompt.size() && held[common] == prompt[common]) ++common;
    if (slot == 0 || common > best_common || (common == best_common && held.size() < held_[best].size())) {
      best = slot;
      best_common = common;
    }
  }
  return best;
}

const float* Decoder::row(int32_t of_batch) const {
  const float* logits = functions_.get_logits_ith(context_, of_batch);
  if (!logits) throw DecodeFailure{FailureKind::kModel, "llama.cpp returned no logits"};
  return logits;
}

void Decoder::run_batch(Batch& batch, Interrupt& interrupt, Timings& timings) {
  if (interrupt.check()) throw DecodeFailure{FailureKind::kCancelled, "cancelled"};
  const LlamaBatch raw = batch.raw();
  if (functions_.set_abort_callback) functions_.set_abort_callback(context_, abort_if_cancelled, &interrupt);
  const int32_t status = functions_.decode(context_, raw);
  if (functions_.set_abort_callback) functions_.set_abort_callback(context_, nullptr, nullptr);
  ++timings.batches;
  if (status == 0) return;
  if (status == 2 || interrupt.cancelled()) throw DecodeFailure{FailureKind::kCancelled, "cancelled"};
  if (status == 1) {
    throw DecodeFailure{FailureKind::kContextFull, "no room for " + std::to_string(raw.n_tokens) +
                                                       " more tokens in the context of " +
                                                       std::to_string(shape_.context_size) + " tokens a sequence"};
  }
  throw DecodeFailure{FailureKind::kModel, "llama_decode returned " + std::to_string(status)};
}

// Evaluates tokens behind what the slot holds, in batches; the last row's logits stay readable. With `every_row`, n must
// fit into one batch, and row i is that of token i.
void Decoder::append(uint32_t slot, const uint32_t* tokens, size_t n, bool every_row, Interrupt& interrupt,
                     Timings& timings) {
  std::vector<uint32_t>& held = held_.at(slot);
  if (held.size() + n > shape_.context_size) {
    throw DecodeFailure{FailureKind::kContextFull, std::to_string(held.size() + n) + " tokens do not fit into the context of " +
                                                       std::to_string(shape_.context_size) + " tokens"};
  }
  for (size_t from = 0; from < n; from += shape_.batch_size) {
    const size_t until = std::min<size_t>(n, from + shape_.batch_size);
    Batch batch;
    for (size_t i = from; i < until; ++i) {
      batch.add(tokens[i], static_cast<uint32_t>(held.size() + (i - from)), {static_cast<int32_t>(slot)},
                every_row || i + 1 == n);
    }
    run_batch(batch, interrupt, timings);
    held.insert(held.end(), tokens + from, tokens + until);
  }
}

size_t Decoder::place(uint32_t slot, const std::vector<uint32_t>& prompt) {
  std::vector<uint32_t>& held = held_.at(slot);
  size_t common = 0;
  while (common < held.size() && common < prompt.size() && held[common] == prompt[common]) ++common;
  common = std::min(common, prompt.size() - 1);  // the last token is always evaluated: its logits are needed
  if (common < held.size()) {
    const int32_t sequence = static_cast<int32_t>(slot);
    const bool removed =
        common > 0 && functions_.memory_seq_rm(memory_, sequence, static_cast<int32_t>(common), -1) &&
        functions_.memory_seq_pos_min(memory_, sequence) == 0;  // a sliding window has lost the beginning
    if (removed) {
      held.resize(common);
    } else {
      forget(slot);
      common = 0;
    }
  }
  return common;
}

void Decoder::evaluate_prompt(uint32_t slot, const std::vector<uint32_t>& prompt, Interrupt& interrupt, Timings& timings) {
  const Clock::time_point start = Clock::now();
  for (uint32_t token : prompt) {
    if (token >= shape_.n_tokens) {
      throw DecodeFailure{FailureKind::kModel, "token " + std::to_string(token) + " of the prompt is outside of the vocabulary of " +
                                                   std::to_string(shape_.n_tokens) + " tokens"};
    }
  }
  if (prompt.empty()) throw DecodeFailure{FailureKind::kModel, "the prompt has no tokens; at least one is needed"};
  const size_t common = place(slot, prompt);
  timings.prompt_reused = static_cast<uint32_t>(common);
  append(slot, prompt.data() + common, prompt.size() - common, false, interrupt, timings);
  timings.prompt += seconds_since(start);
}

const float* Decoder::logits_after(uint32_t slot, const std::vector<uint32_t>& prompt, Interrupt& interrupt) {
  Timings timings;
  try {
    evaluate_prompt(slot, prompt, interrupt, timings);
  } catch (...) {
    forget(slot);
    throw;
  }
  return functions_.get_logits_ith(context_, -1);
}

GenerationResult Decoder::generate(uint32_t slot, const std::vector<uint32_t>& prompt, TokenConstraint* constraint,
                                   const GenerationOptions& options, RandomSource& random, Interrupt& interrupt) {
  if (constraint && constraint->n_tokens() != 0 && constraint->n_tokens() != shape_.n_tokens) {
    throw DecodeFailure{FailureKind::kVocabularySize, "the constraint was compiled for a vocabulary of " +
                                                          std::to_string(constraint->n_tokens()) + " tokens, the model has " +
                                                          std::to_string(shape_.n_tokens)};
  }
  const uint32_t least = constraint ? constraint->least_tokens() : 0;
  if (least > options.max_tokens) {
    throw DecodeFailure{FailureKind::kBudget,
                        least == UINT32_MAX
                            ? std::string("no way to a complete text was found within the search's bounds")
                            : "a complete text needs up to " + std::to_string(least) + " tokens, max_tokens is " +
                                  std::to_string(options.max_tokens),
                        least, options.max_tokens};
  }
  GenerationResult result;
  // Tokens that were accepted but not evaluated, and what is still to be said about them (Evidence::kRaw).
  std::vector<uint32_t> pending;
  const bool raw_wanted = options.evidence == Evidence::kRaw;
  const double unknown = std::numeric_limits<double>::quiet_NaN();

  // Evaluates the pending tokens. The row before pending[i] is row i - 1 of the batch; row -1 is `logits`, already read.
  const auto evaluate_pending = [&] {
    if (pending.empty()) return;
    const Clock::time_point start = Clock::now();
    for (size_t from = 0; from < pending.size(); from += shape_.batch_size) {
      const size_t n = std::min<size_t>(shape_.batch_size, pending.size() - from);
      append(slot, pending.data() + from, n, raw_wanted, interrupt, result.timings);
      if (!raw_wanted) continue;
      for (size_t i = 0; i < n; ++i) {  // row i foretells pending[from + i + 1]
        if (from + i + 1 >= pending.size()) break;
        const float* logits = row(static_cast<int32_t>(i));
        const size_t place = result.tokens.size() - pending.size() + from + i + 1;
        result.evidence[place].raw =
            static_cast<double>(logits[pending[from + i + 1]]) - picker_.log_sum_exp(logits, nullptr);
      }
    }
    pending.clear();
    result.timings.decode += seconds_since(start);
  };

  const auto pick_from = [&](const float* logits, const uint32_t* mask) {
    const Pick pick = picker_.pick(logits, mask, options.sampling, random);
    if (pick.status == PickStatus::kNotANumber) {
      throw DecodeFailure{FailureKind::kNotANumber, "the model's logits are not finite (NaN or infinity) at token " +
                                                        std::to_string(result.tokens.size())};
    }
    return pick.token;
  };

  const auto take = [&](uint32_t token, const TokenEvidence& evidence) {
    if (constraint && !constraint->accept(token)) {
      throw DecodeFailure{FailureKind::kRefused,
                          "the constraint refused token " + std::to_string(token) + ", which its own mask allows"};
    }
    result.tokens.push_back(token);
    if (options.evidence != Evidence::kNone) result.evidence.push_back(evidence);
    pending.push_back(token);
  };

  try {
    evaluate_prompt(slot, prompt, interrupt, result.timings);
    while (true) {
      if (interrupt.check()) throw DecodeFailure{FailureKind::kCancelled, "cancelled"};
      if (constraint && options.tokenizer) {
        for (uint32_t token : constraint->forced_tokens(*options.tokenizer)) {
          if (!constraint->fits(token, options.max_tokens - static_cast<uint32_t>(result.tokens.size()))) break;
          TokenEvidence evidence{0.0, unknown};
          if (raw_wanted && pending.empty()) {
            const float* logits = row(-1);
            evidence.raw = static_cast<double>(logits[token]) - picker_.log_sum_exp(logits, nullptr);
          }
          take(token, evidence);
        }
      }
      const uint32_t budget = options.max_tokens - static_cast<uint32_t>(result.tokens.size());
      uint32_t token = 0;
      bool picked = false;
      Clock::time_point start = Clock::now();
      if (constraint) {
        std::fill(mask_.begin(), mask_.end(), 0u);
        constraint->fill(mask_.data());
        const MaskSummary allowed = summarise_mask(mask_.data(), shape_.n_tokens, 2);
        result.timings.mask += seconds_since(start);
        if (allowed.count == 0) {
          throw DecodeFailure{FailureKind::kEmptyMask, "no token of the vocabulary may follow after " +
                                                           std::to_string(result.tokens.size()) + " tokens"};
        }
        bool only_end = true;
        for (size_t w = 0; w < mask_.size() && only_end; ++w) only_end = (mask_[w] & ~end_words_[w]) == 0;
        if (only_end) {
          result.finish = Finish::kEnd;
          break;
        }
        if (allowed.count == 1) {
          token = allowed.first;
          picked = true;
        }
      }
      if (budget == 0) {
        result.finish = Finish::kLength;
        break;
      }
      TokenEvidence evidence{0.0, unknown};
      if (!picked || (raw_wanted && pending.empty())) {
        evaluate_pending();
        const float* logits = row(-1);
        start = Clock::now();
        const uint32_t* mask = constraint ? mask_.data() : nullptr;
        if (!picked) {  // a forced token takes no draw, so the evidence asked for does not change what is drawn
          token = pick_from(logits, mask);
        }
        if (options.evidence != Evidence::kNone) {
          const double logit = static_cast<double>(logits[token]);
          evidence.masked = logit - picker_.log_sum_exp(logits, mask);
          if (raw_wanted) evidence.raw = logit - picker_.log_sum_exp(logits, nullptr);
        }
        result.timings.pick += seconds_since(start);
      }
      if (constraint && !is_end(token) && !constraint->fits(token, budget)) {
        result.steered.push_back(static_cast<uint32_t>(result.tokens.size()));
        constraint->narrow(mask_.data(), budget);
        const MaskSummary fitting = summarise_mask(mask_.data(), shape_.n_tokens, 2);
        if (fitting.count == 0) {
          throw DecodeFailure{FailureKind::kEmptyMask, "no token fits into what is left of max_tokens after " +
                                                           std::to_string(result.tokens.size()) + " tokens"};
        }
        const uint32_t refused = std::exchange(token, fitting.first);
        if (!picked) {
          const float* logits = row(-1);
          if (fitting.count > 1) token = pick_from(logits, mask_.data());
          evidence.masked += static_cast<double>(logits[token]) - static_cast<double>(logits[refused]);
          evidence.raw += static_cast<double>(logits[token]) - static_cast<double>(logits[refused]);
        }
      }
      if (is_end(token)) {
        result.finish = Finish::kEnd;
        if (constraint && !constraint->is_accepting()) {
          throw DecodeFailure{FailureKind::kRefused, "the constraint allowed an end token where the text is not complete"};
        }
        break;
      }
      take(token, evidence);
    }
    if (raw_wanted && pending.size() > 1) evaluate_pending();
    result.complete = constraint ? constraint->is_accepting() : result.finish == Finish::kEnd;
  } catch (...) {
    forget(slot);
    throw;
  }
  return result;
}

// ---- vocabulary ---------------------------------------------------------------------------------------------------

TokenPieces read_pieces(const PieceFunctions& functions, const void* vocab, uint32_t n_tokens) {
  TokenPieces pieces;
  pieces.bytes.reserve(n_tokens);
  pieces.attributes.reserve(n_tokens);
  std::string buffer(256, '\0');
  for (uint32_t token = 0; token < n_tokens; ++token) {
    int32_t length = 0;
    for (int attempt = 0; attempt < 2; ++attempt) {
      length = functions.token_to_piece(vocab, static_cast<int32_t>(token), buffer.data(),
                                        static_cast<int32_t>(buffer.size()), 0, true);
      if (length >= 0) break;
      buffer.resize(static_cast<size_t>(-static_cast<int64_t>(length)));
    }
    pieces.bytes.emplace_back(buffer.data(), length > 0 ? static_cast<size_t>(length) : 0);
    pieces.attributes.push_back(static_cast<uint32_t>(functions.get_attr(vocab, static_cast<int32_t>(token))));
    if (functions.is_eog(vocab, static_cast<int32_t>(token))) pieces.ends.push_back(token);
  }
  return pieces;
}

}  // namespace typeloom
