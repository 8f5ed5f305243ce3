// Continuous batching: many generations, evaluated together, the slots of which are refilled as they finish.
//
// Theory of operation. One step:
//
//     place   a new generation's slot gets the longest beginning of its prompt that any slot holds; if another slot is about
//             to have evaluated more of it, the generation waits for that, so that a beginning is evaluated once; and where
//             the memory holds so much that attention would cost more than is saved, it waits for another to finish
//     batch   the next tokens of every slot, those of texts in the making first, then prompts, as many as fit
//     read    each row goes to its Generation, which picks and goes on until it needs another row
//
// Nothing is assumed between two steps: a slot that does not hold a beginning of what its generation is to have (another
// call has used it) is placed again. So several of these may take turns at one Decoder.
//
// A generation that fails (its constraint, its logits, its time) fails alone. A batch that fails is thrown, and the slots in it are
// forgotten; the generations are whole, and another run() would evaluate them again.
//
// Invariants. A generation decides by its own rows, constraint and random source only: what it is together with changes
// its rows by rounding at most.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <vector>

#include "decode.h"
#include "generation.h"

namespace typeloom {

class Slots {
 public:
  struct Finished {
    uint64_t id;
    GenerationResult result;
    std::exception_ptr failure;  // null: there is a result
  };

  explicit Slots(Decoder& decoder) : decoder_(decoder) {}
  ~Slots();
  Slots(const Slots&) = delete;
  Slots& operator=(const Slots&) = delete;

  uint32_t n_tokens() const { return decoder_.shape().n_tokens; }  // of the vocabulary
  size_t n_live() const { return live_.size(); }
  bool is_full() const { return live_.size() >= decoder_.shape().slots; }

  using Clock = std::chrono::steady_clock;
  static constexpr Clock::time_point kNever = Clock::time_point::max();

  // Into the free slot that has most of the prompt; there must be one. It is cancelled in the first step after `until`.
  // Throws DecodeFailure for a prompt that is too long.
  void add(uint64_t id, std::unique_ptr<Generation> generation, Clock::time_point until = kNever);
  void add_in(uint32_t slot, uint64_t id, std::unique_ptr<Generation> generation, Clock::time_point until = kNever);

  // Steps until at least one generation is done; nothing if there is none. Throws DecodeFailure.
  std::vector<Finished> run(Interrupt& interrupt);

 private:
  struct Live {
    uint64_t id;
    uint32_t slot;
    std::unique_ptr<Generation> generation;
    Clock::time_point until;
    bool started = false;  // it was placed before, and works in its slot
    bool done = false;
  };
  struct Member {
    Live* live;
    size_t held, in_batch, count;  // tokens before the batch; the first one's place in it; tokens of this member
  };

  bool is_placed(const Live& live) const;
  bool is_coming(const Live& live) const;
  bool must_wait(const Live& live, const std::vector<uint32_t>& prompt);
  void drop_done();
  void expire(std::vector<Finished>& finished);
  void place();
  std::vector<Member> gather(Batch& batch);
  void step(std::vector<Finished>& finished, Interrupt& interrupt);
  void read(const Member& member, Interrupt& interrupt);
  void check_room(const Generation& generation) const;

  Decoder& decoder_;
  std::vector<Live> live_;  // in the order in which they came
  bool is_crowded_ = false;  // since the last one came or went, one was found to have no room
};

// One generation in one slot, which is forgotten if it fails. Throws DecodeFailure, and what the constraint throws.
GenerationResult generate(Decoder& decoder, uint32_t slot, std::unique_ptr<Generation> generation, Interrupt& interrupt);

}  // namespace typeloom
