// The decode loop: prompt in, tokens out, under a constraint, on the llama.cpp that is already loaded in this process.
//
// Theory of operation. Nothing is linked: llama.cpp's functions arrive as addresses of the installed library's symbols, and
// its one struct that is passed by value is declared here with the same layout (the caller compares both before it makes a
// Decoder). A Decoder belongs to one llama_context; it remembers which tokens each sequence's memory holds, so that a new
// prompt only evaluates what follows the longest common prefix. Where the memory refuses to forget a tail (recurrent and
// sliding-window models), the whole sequence is forgotten and evaluated again.
//
// One step: mask -> pick on the logits row in place -> accept -> evaluate. A mask with a single token needs no logits, so
// runs of such tokens are accepted first and evaluated in one batch. A token after which the text could not be completed
// inside of max_tokens is not taken: the mask is narrowed to what fits, and picked from again.
//
// Invariants. No token outside of the mask is ever produced; an empty mask, a refused token and a NaN are failures. After
// any failure the sequence is forgotten, so the next call starts clean. No Python in this file: the caller releases its
// lock and hands in an Interrupt, which is asked at every token and, inside of llama.cpp, at every graph node.
#pragma once
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "batch.h"
#include "pick.h"

namespace typeloom {

struct LlamaFunctions {
  int32_t (*decode)(void* context, LlamaBatch batch);
  float* (*get_logits_ith)(void* context, int32_t row);
  void* (*get_memory)(const void* context);
  bool (*memory_seq_rm)(void* memory, int32_t sequence, int32_t from, int32_t to);
  void (*memory_seq_cp)(void* memory, int32_t from_sequence, int32_t to_sequence, int32_t from, int32_t to);
  int32_t (*memory_seq_pos_min)(void* memory, int32_t sequence);
  void (*set_abort_callback)(void* context, bool (*callback)(void*), void* data);  // may be null
};

// What may come next. The engine's Matcher is one.
class Tokenizer;
class TokenConstraint {
 public:
  virtual ~TokenConstraint() = default;
  virtual void fill(uint32_t* words) = 0;  // bit t % 32 of word t / 32: token t may come next
  // Tokens that certainly suffice to complete the text, the end token not counted.
  virtual uint32_t least_tokens() { return 0; }
  // Whether the text can be completed within `budget` tokens of which `token`, an allowed one, is the first, and nothing
  // runs away. As long as only such tokens are taken, from a budget of least_tokens() on, one of them is always allowed.
  virtual bool fits(uint32_t token, uint32_t budget) {
    (void)token, (void)budget;
    return true;
  }
  // Clears the bits of all tokens that do not fit; never all of them, if the budget is at least least_tokens().
  virtual void narrow(uint32_t* words, uint32_t budget) { (void)words, (void)budget; }
  // For whoever cannot pick again: fill, narrowed where the end is near.
  virtual void fill_within(uint32_t* words, uint32_t budget) {
    (void)budget;
    fill(words);
  }
  virtual bool accept(uint32_t token) = 0;  // false: refused, and the state is unchanged
  virtual bool is_accepting() = 0;          // the text so far is complete
  // The tokens in which a model with this tokeniser writes what must come next; none where it has to be asked.
  virtual std::vector<uint32_t> forced_tokens(const Tokenizer& tokenizer) {
    (void)tokenizer;
    return {};
  }
  // An independent one in the same state, and going back to the beginning: for samplers. Null: it cannot be copied.
  virtual std::unique_ptr<TokenConstraint> clone() const { return nullptr; }
  virtual void restart() {}
  virtual uint32_t n_tokens() const { return 0; }  // of the vocabulary whose masks it fills; 0: not known
};

// Asked often, answers fast. `cancel` may be called from any thread; `poll` is overridden to look at signals.
class Interrupt {
 public:
  virtual ~Interrupt() = default;
  void cancel() { cancelled_.store(true, std::memory_order_relaxed); }
  bool cancelled() const { return cancelled_.load(std::memory_order_relaxed); }
  bool check();  // polls if 50 ms have gone by since it last did

 protected:
  virtual bool poll() { return false; }  // true: cancel

 private:
  std::atomic<bool> cancelled_{false};
  std::chrono::steady_clock::time_point polled_ = std::chrono::steady_clock::now();
};

enum class Evidence : uint8_t {
  kNone,    // tokens only
  kMasked,  // log-probability of each token among the allowed ones
  kRaw,     // also among all tokens, as if nothing had been masked; costs one more pass and evaluates forced tokens' rows
};

enum class Finish : uint8_t {
  kEnd,     // an end token was picked, or nothing but an end token could follow
  kLength,  // max_tokens were produced
};

struct TokenEvidence {
  double masked;  // nats, at temperature 1, before top-k, top-p and min-p
  double raw;     // nats; NaN unless asked for
};

struct GenerationOptions {
  uint32_t max_tokens;
  Sampling sampling;
  Evidence evidence = Evidence::kNone;
  const Tokenizer* tokenizer = nullptr;  // of the model; none: text is forced only where a mask has a single token
};

struct Timings {  // seconds
  double prompt = 0, decode = 0, mask = 0, pick = 0;
  uint32_t prompt_reused = 0;  // prompt tokens that were still in the memory
  uint32_t batches = 0;        // calls of llama_decode
};

struct GenerationResult {
  std::vector<uint32_t> tokens;  // without the end token
  std::vector<TokenEvidence> evidence;
  Finish finish = Finish::kLength;
  bool complete = false;  // the constraint accepts the text as it is (unconstrained: finish is kEnd)
  std::vector<uint32_t> steered;  // before which tokens another one was picked, but did not fit
  Timings timings;
};

enum class FailureKind : uint8_t {
  kCancelled,
  kEmptyMask,
  kBudget,         // max_tokens do not suffice
  kRefused,        // the constraint refused a token out of its own mask, or ended where it does not accept
  kNotANumber,
  kContextFull,
  kModel,          // llama_decode failed
  kLabels,         // a label is empty, or one is the beginning of another
  kVocabularySize  // the constraint's masks have another size than the logits
};

struct DecodeFailure {
  FailureKind kind;
  std::string message;
  uint32_t needed = 0, given = 0;  // kBudget
};

class Decoder {
 public:
  // `context_size`: tokens one sequence may hold; sequences [slots, slots + branches) are scratch for label scoring.
  struct Shape {
    uint32_t n_tokens;  // of the vocabulary
    uint32_t context_size;
    uint32_t batch_size;
    uint32_t slots;
    uint32_t branches;
  };

  Decoder(const LlamaFunctions& functions, void* context, const Shape& shape, std::vector<uint32_t> end_tokens);
  ~Decoder();
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // Throws DecodeFailure. `constraint` null: unconstrained. O(prompt not yet in memory + produced) evaluations.
  GenerationResult generate(uint32_t slot, const std::vector<uint32_t>& prompt, TokenConstraint* constraint,
                            const GenerationOptions& options, RandomSource& random, Interrupt& interrupt);

  // The row of logits after the prompt. Throws DecodeFailure. Valid until the next call.
  const float* logits_after(uint32_t slot, const std::vector<uint32_t>& prompt, Interrupt& interrupt);

  // The slot that shares the longest beginning with the prompt; among equals the one that holds least.
  uint32_t best_slot(const std::vector<uint32_t>& prompt) const;
  void forget(uint32_t slot);  // drop what the slot's memory holds
  const std::vector<uint32_t>& held(uint32_t slot) const { return held_.at(slot); }
  const Shape& shape() const { return shape_; }

  // ---- for what decodes in another way than one token after another (score.h). All throw DecodeFailure.

  // Makes the slot hold the longest beginning of the prompt that is in memory, short of its last token, and nothing else.
  size_t place(uint32_t slot, const std::vector<uint32_t>& prompt);
  // After a batch: the slot holds these tokens too.
  void extend(uint32_t slot, const uint32_t* tokens, size_t n) { held_[slot].insert(held_[slot].end(), tokens, tokens + n); }
  // Makes the slot hold the prompt, evaluating what it does not hold; the last token's row is then row(-1).
  void evaluate_prompt(uint32_t slot, const std::vector<uint32_t>& prompt, Interrupt& interrupt, Timings& timings);
  void run_batch(Batch& batch, Interrupt& interrupt, Timings& timings);
  const float* row(int32_t of_batch) const;  // logits of that token of the last batch, which wanted them; -1: the last such
  void copy_sequence(uint32_t from, uint32_t to) {
    functions_.memory_seq_cp(memory_, static_cast<int32_t>(from), static_cast<int32_t>(to), -1, -1);
  }
  void clear_sequence(uint32_t sequence) { functions_.memory_seq_rm(memory_, static_cast<int32_t>(sequence), -1, -1); }
  const Picker& picker() const { return picker_; }

 private:
  void append(uint32_t slot, const uint32_t* tokens, size_t n, bool every_row, Interrupt& interrupt, Timings& timings);
  bool is_end(uint32_t token) const { return (end_words_[token / 32] >> (token % 32)) & 1u; }

  LlamaFunctions functions_;
  void* context_;
  void* memory_;
  Shape shape_;
  std::vector<uint32_t> end_words_;
  std::vector<std::vector<uint32_t>> held_;  // per slot: the tokens in its memory
  std::vector<uint32_t> mask_;
  Picker picker_;
};

// Every token's bytes and attribute bits (llama.h: enum llama_token_attr), by llama_token_to_piece with special = true.
struct TokenPieces {
  std::vector<std::string> bytes;
  std::vector<uint32_t> attributes;
  std::vector<uint32_t> ends;  // the tokens that end a generation
};
struct PieceFunctions {
  int32_t (*token_to_piece)(const void* vocab, int32_t token, char* buffer, int32_t length, int32_t lstrip, bool special);
  int32_t (*get_attr)(const void* vocab, int32_t token);
  bool (*is_eog)(const void* vocab, int32_t token);
};
TokenPieces read_pieces(const PieceFunctions& functions, const void* vocab, uint32_t n_tokens);

}  // namespace typeloom
