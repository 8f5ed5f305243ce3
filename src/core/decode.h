// The memory of a llama_context: which tokens each of its sequences holds, and the batches that are evaluated in it.
//
// Theory of operation. Nothing is linked: llama.cpp's functions arrive as addresses of the installed library's symbols, and
// its one struct that is passed by value is declared here with the same layout (the caller compares both before it makes a
// Decoder). A Decoder belongs to one llama_context. Its sequences [0, slots) hold what is being decoded, or was last: a new
// prompt evaluates only what follows the longest beginning that it has in common with one of them. If that is another one
// than its own, the beginning is copied, which marks cells of the unified cache and moves nothing. Memories that keep one
// state instead of cells (recurrent models) have no beginnings to copy, and where a memory refuses to forget a tail, the
// whole sequence is forgotten: there the prompt is evaluated again. The sequences after the slots are scratch.
//
// Rounding. How llama.cpp multiplies a column on a processor depends on how many there are (ggml-cpu): one alone by vec_dot, two
// and more of some types of weights by llamafile_sgemm, four at a time of others by repack's gemm and what is left over by
// its gemv, eight and more of others by the tiled kernel; the last bits differ. What becomes of a prompt must not depend on
// what was asked before, so each of its tokens is always multiplied by the same code. At least the last kMany tokens of a
// prompt are evaluated, what is held in front of them is kept in whole groups of kGroup, and a batch that is not the last one
// takes whole groups and leaves kMany over. Nothing is kept that was evaluated in a smaller batch: not what another call has
// written, token by token, nor a prompt of a few tokens (`together` counts the others). A text that goes on where this slot
// has come to keeps all that it holds. With one slot, a token then has the same place in memory, too, and the same bits,
// whatever came before; with more, what a token is beside in a batch is chance, and sums over the memory are in another
// order wherever the others' cells lie between.
//
// Room. All sequences share one memory, and without flash attention a token is multiplied with every cell of it, others'
// too. `attention_cells` is where that costs half as much as the weights do. A text that is to be evaluated makes room: slots
// that nobody works in give up what they do not share with it, and whoever has others beside it may wait for them (slots.h).
//
// Invariants. `held(s)` is what the memory of s holds, after failures too: whoever runs a batch extends or forgets. No
// Python in this file: the caller releases its lock and hands in an Interrupt, which is asked at every batch and, inside of
// llama.cpp, at every graph node.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "batch.h"
#include "generation.h"

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

class Decoder {
 public:
  static constexpr size_t kGroup = 4;  // columns that some products take at a time
  static constexpr size_t kMany = 8;   // columns from which on every product takes the code for many

  // `context_size`: tokens one sequence may hold; sequences [slots, slots + branches) are scratch for label scoring.
  struct Shape {
    uint32_t n_tokens;  // of the vocabulary
    uint32_t context_size;
    uint32_t batch_size;
    uint32_t slots;
    uint32_t branches;
    bool whole_only;  // a sequence can be copied as a whole only
    uint32_t attention_cells;  // more tokens than that in memory make attention dearer than the weights
  };

  Decoder(const LlamaFunctions& functions, void* context, const Shape& shape, const std::vector<uint32_t>& end_tokens);
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // The row of logits after the prompt. Throws DecodeFailure. Valid until the next call.
  const float* logits_after(uint32_t slot, const std::vector<uint32_t>& prompt, Interrupt& interrupt);

  // The slot that shares the longest beginning with the prompt; among equals the one that holds least. `taken` ones are
  // left out, and there is another.
  uint32_t best_slot(const std::vector<uint32_t>& prompt, const std::vector<uint32_t>& taken = {}) const;
  void forget(uint32_t slot);  // drop what the slot's memory holds
  const std::vector<uint32_t>& held(uint32_t slot) const { return held_.at(slot).tokens; }
  const Shape& shape() const { return shape_; }

  // ---- for what decodes (slots.h, score.h). All throw DecodeFailure.

  // How many of the prompt's first tokens some slot's memory has for this slot, so that they are not evaluated again.
  size_t common(uint32_t slot, const std::vector<uint32_t>& prompt) const { return longest(slot, prompt).length; }
  // Somebody works in the slot, and will have it hold this prompt, or does no longer: that is not given up for others.
  void occupy(uint32_t slot, const std::vector<uint32_t>& prompt) { work_.at(slot) = {work_.at(slot).count + 1, prompt}; }
  void release(uint32_t slot) { work_.at(slot) = {work_.at(slot).count - 1, {}}; }
  // Gives up what slots without work hold and do not share with the prompt, the most first, until it fits into
  // `attention_cells` with all others. False: it does not.
  bool make_room(uint32_t slot, const std::vector<uint32_t>& prompt);
  // Makes the slot hold them, and nothing else.
  size_t place(uint32_t slot, const std::vector<uint32_t>& prompt);
  // After a batch of so many tokens: the slot holds these of them too.
  void extend(uint32_t slot, const uint32_t* tokens, size_t n, size_t in_batch);
  // How many of the `common` first tokens of a prompt of n are kept, where they are held; the others are evaluated again.
  static size_t kept(size_t common, size_t n);
  // How many of so many tokens the next batch takes, if it has room for `room`: whole groups, and none but kMany are left for
  // the one after; as far as the room lets it, but never a single one.
  static size_t portion(size_t n, size_t room);
  // Makes the slot hold the prompt, evaluating what it does not hold; the last token's row is then row(-1).
  void evaluate_prompt(uint32_t slot, const std::vector<uint32_t>& prompt, Interrupt& interrupt, Timings& timings);
  void run_batch(Batch& batch, Interrupt& interrupt, Timings& timings);
  const float* row(int32_t of_batch) const;  // logits of that token of the last batch, which wanted them; -1: the last such
  void copy_sequence(uint32_t from, uint32_t to) {
    functions_.memory_seq_cp(memory_, static_cast<int32_t>(from), static_cast<int32_t>(to), -1, -1);
  }
  void clear_sequence(uint32_t sequence) { functions_.memory_seq_rm(memory_, static_cast<int32_t>(sequence), -1, -1); }
  Workspace& workspace() { return workspace_; }

 private:
  struct Source {
    uint32_t slot;
    size_t length;
  };
  struct Held {
    std::vector<uint32_t> tokens;
    size_t together = 0;  // how many of the first ones were evaluated in batches of kMany and more
  };
  struct Work {
    uint32_t count = 0;
    std::vector<uint32_t> prompt;
  };
  Source longest(uint32_t slot, const std::vector<uint32_t>& prompt) const;
  size_t cells_with(uint32_t slot, const std::vector<uint32_t>& prompt) const;
  void trim(uint32_t slot, size_t n);

  LlamaFunctions functions_;
  void* context_;
  void* memory_;
  Shape shape_;
  Workspace workspace_;
  std::vector<Held> held_;  // per slot: what is in its memory
  std::vector<Work> work_;  // per slot
};

size_t common_beginning(const std::vector<uint32_t>& a, const std::vector<uint32_t>& b);

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
