#include "decode.h"

#include <algorithm>
#include <chrono>

namespace typeloom {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

bool abort_if_cancelled(void* interrupt) { return static_cast<Interrupt*>(interrupt)->check(); }

}  // namespace

size_t common_beginning(const std::vector<uint32_t>& a, const std::vector<uint32_t>& b) {
  const auto n = static_cast<std::ptrdiff_t>(std::min(a.size(), b.size()));
  return static_cast<size_t>(std::mismatch(a.begin(), a.begin() + n, b.begin()).first - a.begin());
}

Decoder::Decoder(const LlamaFunctions& functions, void* context, const Shape& shape, const std::vector<uint32_t>& end_tokens)
    : functions_(functions),
      context_(context),
      memory_(functions.get_memory(context)),
      shape_(shape),
      workspace_(shape.n_tokens, end_tokens),
      held_(shape.slots),
      work_(shape.slots) {}

void Decoder::forget(uint32_t slot) {
  functions_.memory_seq_rm(memory_, static_cast<int32_t>(slot), -1, -1);  // a whole sequence is always removable
  held_.at(slot) = {};
}

void Decoder::extend(uint32_t slot, const uint32_t* tokens, size_t n, size_t in_batch) {
  Held& held = held_[slot];
  if (in_batch >= kMany && held.together == held.tokens.size()) held.together += n;
  held.tokens.insert(held.tokens.end(), tokens, tokens + n);
}

uint32_t Decoder::best_slot(const std::vector<uint32_t>& prompt, const std::vector<uint32_t>& taken) const {
  uint32_t best = shape_.slots;
  size_t best_common = 0;
  for (uint32_t slot = 0; slot < shape_.slots; ++slot) {
    if (std::find(taken.begin(), taken.end(), slot) != taken.end()) continue;
    const size_t common = common_beginning(held(slot), prompt);
    if (best == shape_.slots || common > best_common ||
        (common == best_common && held(slot).size() < held(best).size())) {
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

Decoder::Source Decoder::longest(uint32_t slot, const std::vector<uint32_t>& prompt) const {
  const Held& own = held_.at(slot);
  const size_t common = common_beginning(own.tokens, prompt);
  const size_t all_but_last = prompt.size() - 1;  // which is always evaluated: its logits are needed
  if (shape_.whole_only) return {slot, std::min(common, all_but_last)};
  const bool goes_on = common == own.tokens.size() && own.together > 0 && own.together < common;
  if (goes_on) return {slot, std::min(common, all_but_last)};
  Source best{slot, std::min(common, own.together)};
  for (uint32_t other = 0; other < shape_.slots; ++other) {
    const size_t length = std::min(common_beginning(held_[other].tokens, prompt), held_[other].together);
    if (length > best.length) best = {other, length};
  }
  best.length = kept(best.length, prompt.size());
  return best;
}

// Cells in use once the slot holds the prompt, and others theirs; beginnings that they have in common are the same cells.
size_t Decoder::cells_with(uint32_t slot, const std::vector<uint32_t>& prompt) const {
  const auto tokens = [&](uint32_t s) -> const std::vector<uint32_t>& {
    if (s == slot) return prompt;
    return work_[s].prompt.size() > held_[s].tokens.size() ? work_[s].prompt : held_[s].tokens;
  };
  size_t cells = 0;
  for (uint32_t s = 0; s < shape_.slots; ++s) {
    size_t shared = 0;
    for (uint32_t before = 0; before < s; ++before) shared = std::max(shared, common_beginning(tokens(s), tokens(before)));
    cells += tokens(s).size() - kept(shared, tokens(s).size());
  }
  return cells;
}

bool Decoder::make_room(uint32_t slot, const std::vector<uint32_t>& prompt) {
  if (shape_.whole_only || shape_.slots == 1) return true;
  while (cells_with(slot, prompt) > shape_.attention_cells) {
    uint32_t victim = shape_.slots;
    size_t most = 0, shared = 0;
    for (uint32_t s = 0; s < shape_.slots; ++s) {
      if (s == slot || work_[s].count > 0) continue;
      const size_t common = common_beginning(held_[s].tokens, prompt);
      if (held_[s].tokens.size() - common <= most) continue;
      victim = s;
      most = held_[s].tokens.size() - common;
      shared = common;
    }
    if (victim == shape_.slots) return false;
    trim(victim, shared);
  }
  return true;
}

// Forgets the tokens after the first n; all, if the memory refuses.
void Decoder::trim(uint32_t slot, size_t n) {
  Held& held = held_.at(slot);
  if (n == 0 || !functions_.memory_seq_rm(memory_, static_cast<int32_t>(slot), static_cast<int32_t>(n), -1)) {
    forget(slot);
    return;
  }
  held.tokens.resize(n);
  held.together = std::min(held.together, n);
}

size_t Decoder::place(uint32_t slot, const std::vector<uint32_t>& prompt) {
  const Source source = longest(slot, prompt);
  const int32_t sequence = static_cast<int32_t>(slot), end = static_cast<int32_t>(source.length);
  Held& held = held_.at(slot);
  bool kept = source.length > 0;
  if (kept && source.slot != slot) {
    clear_sequence(slot);
    functions_.memory_seq_cp(memory_, static_cast<int32_t>(source.slot), sequence, 0, end);
  } else if (kept && source.length < held.tokens.size()) {
    kept = functions_.memory_seq_rm(memory_, sequence, end, -1);
  } else if (kept) {
    return source.length;
  }
  if (!kept || functions_.memory_seq_pos_min(memory_, sequence) != 0) {  // a sliding window has lost the beginning
    forget(slot);
    return 0;
  }
  held.tokens.assign(prompt.begin(), prompt.begin() + static_cast<std::ptrdiff_t>(source.length));
  held.together = source.slot == slot ? std::min(held.together, source.length) : source.length;
  return source.length;
}

size_t Decoder::kept(size_t common, size_t n) {
  common = std::min(common, n - std::min(n, kMany));
  return common - common % kGroup;
}

size_t Decoder::portion(size_t n, size_t room) {
  if (n <= room) return n;
  const size_t whole = room - (room > kGroup ? room % kGroup : 0);
  if (n - whole >= kMany) return whole;
  if (whole > kMany) return whole - kMany;
  return whole - (n - whole == 1 && whole > 2 ? 1 : 0);
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
  if (prompt.size() > shape_.context_size) {
    throw DecodeFailure{FailureKind::kContextFull, std::to_string(prompt.size()) + " tokens do not fit into the context of " +
                                                       std::to_string(shape_.context_size) + " tokens"};
  }
  const size_t common = place(slot, prompt);
  timings.prompt_reused = static_cast<uint32_t>(common);
  for (size_t from = common; from < prompt.size();) {
    const size_t until = from + portion(prompt.size() - from, shape_.batch_size);
    Batch batch;
    for (size_t i = from; i < until; ++i) {
      batch.add(prompt[i], static_cast<uint32_t>(i), {static_cast<int32_t>(slot)}, i + 1 == prompt.size());
    }
    run_batch(batch, interrupt, timings);
    extend(slot, prompt.data() + from, until - from, batch.size());
    from = until;
  }
  timings.prompt += seconds_since(start);
}

const float* Decoder::logits_after(uint32_t slot, const std::vector<uint32_t>& prompt, Interrupt& interrupt) {
  Timings timings;
  make_room(slot, prompt);
  try {
    evaluate_prompt(slot, prompt, interrupt, timings);
  } catch (...) {
    forget(slot);
    throw;
  }
  return functions_.get_logits_ith(context_, -1);
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
