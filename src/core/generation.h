// One text in the making: mask -> pick -> accept, until logits are needed that nobody has computed yet.
//
// Theory of operation. A Generation knows which tokens its sequence is to hold (`target`: the prompt and what was produced
// so far) and asks for rows of logits behind some of them; who evaluates them, and together with whom, is not its business.
// Given the row behind the last token of the target it goes on by itself: a mask with a single token needs no logits, so
// runs of such tokens are accepted at once, and the target grows by all of them before the next row is wanted. The same
// goes for text that is certain, as the model's tokeniser cuts it. A token after which the text could not be completed
// inside of max_tokens is not taken: the mask is narrowed to what fits, and picked from again.
// A token of free text that was taken lately costs what the repetition penalty says; everything else, structure above all,
// is never penalised, and the evidence speaks of the model's own logits.
// Because the target is always whole, a memory that was lost is only evaluated again; nothing is decided twice.
//
// Invariants. No token outside of the mask is ever produced; an empty mask, a refused token and a NaN are failures.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "interrupt.h"
#include "pick.h"

namespace typeloom {

class Tokenizer;

// What may come next. The engine's Matcher is one.
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
  // Whether `token`, an allowed one, is a part of a text whose words are the model's own, and leaves it going on.
  virtual bool is_free_text(uint32_t token) {
    (void)token;
    return false;
  }
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

enum class Evidence : uint8_t {
  kNone,    // tokens only
  kMasked,  // log-probability of each token among the allowed ones
  kRaw,     // also among all tokens, as if nothing had been masked, and the runners-up; costs two more passes and evaluates
            // forced tokens' rows
};

enum class Finish : uint8_t {
  kEnd,     // an end token was picked, or nothing but an end token could follow
  kLength,  // max_tokens were produced
};

struct RunnerUp {
  uint32_t token;
  double masked;  // nats, among the allowed tokens
};

struct TokenEvidence {
  double masked;  // nats, at temperature 1, before top-k, top-p and min-p
  double raw;     // nats; NaN unless asked for
  std::vector<RunnerUp> runners_up = {};  // the most probable of the other allowed tokens, where there was a choice
};

struct GenerationOptions {
  uint32_t max_tokens;
  Sampling sampling;
  Evidence evidence = Evidence::kNone;
  const Tokenizer* tokenizer = nullptr;  // of the model; none: text is forced only where a mask has a single token
};

struct Timings {  // seconds that the call waited for each; a batch shared with others counts in full for each of them
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

// The tokens that end a text, and a picker; all generations of a model share them, one at a time.
struct Workspace {
  uint32_t n_tokens;
  std::vector<uint32_t> end_words;
  Picker picker;
  std::vector<float> row;  // a copy of logits that are changed

  Workspace(uint32_t n_tokens, const std::vector<uint32_t>& end_tokens);
  bool is_end(uint32_t token) const { return (end_words[token / 32] >> (token % 32)) & 1u; }
};

class Generation {
 public:
  // `constraint` null: unconstrained. Throws DecodeFailure for a prompt that is empty or not of the vocabulary, and for a
  // budget below what a complete text needs.
  Generation(std::vector<uint32_t> prompt, std::shared_ptr<TokenConstraint> constraint, const GenerationOptions& options,
             std::shared_ptr<RandomSource> random, uint32_t n_tokens);

  const std::vector<uint32_t>& target() const { return target_; }
  uint32_t n_prompt() const { return n_prompt_; }
  bool wants_row(size_t place) const;  // behind target()[place]
  size_t next_row() const;             // the first such place; of no meaning once finished
  // Logits behind target()[place], in ascending order of places. Throws DecodeFailure, and what the constraint throws.
  void read_row(size_t place, const float* logits, Workspace& workspace, Interrupt& interrupt);
  // How many tokens of the target must be evaluated before there is nothing more to do.
  size_t n_needed() const;
  bool finished(size_t n_evaluated) const { return ended_ && n_evaluated >= n_needed(); }
  size_t n_produced() const { return target_.size() - n_prompt_; }
  Timings& timings() { return result_.timings; }
  GenerationResult take_result();  // when finished

 private:
  static constexpr size_t kPenalised = 64, kRunnersUp = 3;

  void advance(const float* logits, Workspace& workspace, Interrupt& interrupt);
  void take_forced(const float*& logits, Workspace& workspace);
  void fill_mask();
  uint32_t pick(const float* logits, Workspace& workspace);
  const float* penalised(const float* logits, Workspace& workspace);
  uint32_t steer(uint32_t token, const float* logits, TokenEvidence& evidence, Workspace& workspace);
  void take(uint32_t token, const TokenEvidence& evidence);
  uint32_t budget() const { return options_.max_tokens - static_cast<uint32_t>(n_produced()); }
  double raw_log_probability(uint32_t token, const float* logits, Workspace& workspace) const;

  std::vector<uint32_t> target_;
  uint32_t n_prompt_;
  std::shared_ptr<TokenConstraint> constraint_;
  GenerationOptions options_;
  std::shared_ptr<RandomSource> random_;
  std::vector<TokenEvidence> evidence_;  // one a produced token, unless Evidence::kNone
  std::vector<uint32_t> mask_;           // of the next token, if `mask_filled_`
  bool mask_filled_ = false;
  std::vector<uint32_t> free_;  // the last kPenalised tokens of free text, if repeating one costs something
  bool ended_ = false;
  GenerationResult result_;
};

}  // namespace typeloom
