#include "slots.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace typeloom {
namespace {

bool begins(const std::vector<uint32_t>& beginning, const std::vector<uint32_t>& whole) {
  return beginning.size() <= whole.size() && std::equal(beginning.begin(), beginning.end(), whole.begin());
}

}  // namespace

void Slots::add(uint64_t id, std::unique_ptr<Generation> generation, Clock::time_point until) {
  std::vector<uint32_t> taken;
  for (const Live& live : live_) taken.push_back(live.slot);
  const uint32_t slot = decoder_.best_slot(generation->target(), taken);
  add_in(slot, id, std::move(generation), until);
}

void Slots::add_in(uint32_t slot, uint64_t id, std::unique_ptr<Generation> generation, Clock::time_point until) {
  check_room(*generation);
  live_.push_back({id, slot, std::move(generation), until});
  is_crowded_ = false;
}

Slots::~Slots() {
  for (const Live& live : live_) {
    if (live.started) decoder_.release(live.slot);
  }
}

void Slots::drop_done() {
  for (const Live& live : live_) {
    if (live.done && live.started) decoder_.release(live.slot);
    if (live.done) is_crowded_ = false;
  }
  live_.erase(std::remove_if(live_.begin(), live_.end(), [](const Live& live) { return live.done; }), live_.end());
}

void Slots::check_room(const Generation& generation) const {
  if (generation.n_needed() <= decoder_.shape().context_size) return;
  throw DecodeFailure{FailureKind::kContextFull, std::to_string(generation.n_needed()) + " tokens do not fit into the context of " +
                                                     std::to_string(decoder_.shape().context_size) + " tokens"};
}

std::vector<Slots::Finished> Slots::run(Interrupt& interrupt) {
  std::vector<Finished> finished;
  while (finished.empty() && !live_.empty()) step(finished, interrupt);
  return finished;
}

// The slot holds a beginning of the target, and no row that is still wanted lies within it.
bool Slots::is_placed(const Live& live) const {
  const std::vector<uint32_t>& held = decoder_.held(live.slot);
  return live.started && held.size() <= live.generation->next_row() && begins(held, live.generation->target());
}

// Whether another slot is about to have evaluated more of this prompt's beginning than can be had now.
bool Slots::is_coming(const Live& live) const {
  if (decoder_.shape().whole_only) return false;
  const std::vector<uint32_t>& prompt = live.generation->target();
  const size_t now = decoder_.common(live.slot, prompt);
  return std::any_of(live_.begin(), live_.end(), [&](const Live& other) {
    if (&other == &live || !is_placed(other)) return false;
    const size_t shared = common_beginning(other.generation->target(), prompt);
    const size_t then = Decoder::kept(std::min(shared, size_t(other.generation->n_prompt())), prompt.size());
    return decoder_.held(other.slot).size() < then && then > now;
  });
}

// Whether the memory has no room for the prompt beside the texts in the making, of which some other is going on.
bool Slots::must_wait(const Live& live, const std::vector<uint32_t>& prompt) {
  const bool goes_on = std::any_of(live_.begin(), live_.end(), [&](const Live& other) { return &other != &live && is_placed(other); });
  if (!goes_on) {
    decoder_.make_room(live.slot, prompt);
    return false;
  }
  if (!is_crowded_) is_crowded_ = !decoder_.make_room(live.slot, prompt);
  return is_crowded_;
}

void Slots::place() {
  for (Live& live : live_) {
    if (is_placed(live) || is_coming(live)) continue;
    const Clock::time_point start = Clock::now();
    const std::vector<uint32_t>& target = live.generation->target();
    const auto end = static_cast<std::ptrdiff_t>(live.generation->next_row() + 1);
    const std::vector<uint32_t> prompt(target.begin(), target.begin() + end);
    if (must_wait(live, prompt)) continue;
    const size_t reused = decoder_.place(live.slot, prompt);
    Timings& timings = live.generation->timings();
    if (!std::exchange(live.started, true)) {
      decoder_.occupy(live.slot, prompt);
      timings.prompt_reused = static_cast<uint32_t>(reused);
    }
    timings.prompt += std::chrono::duration<double>(Clock::now() - start).count();
  }
}

std::vector<Slots::Member> Slots::gather(Batch& batch) {
  std::vector<Live*> ordered;  // texts come first: they need few tokens each
  for (Live& live : live_) {
    if (is_placed(live)) ordered.push_back(&live);
  }
  std::stable_partition(ordered.begin(), ordered.end(), [&](const Live* live) {
    return decoder_.held(live->slot).size() >= live->generation->n_prompt();
  });
  std::vector<Member> members;
  for (Live* live : ordered) {
    const Generation& generation = *live->generation;
    const size_t held = decoder_.held(live->slot).size();
    if (generation.n_needed() <= held || batch.size() == decoder_.shape().batch_size) continue;
    const size_t until = held + Decoder::portion(generation.n_needed() - held, decoder_.shape().batch_size - batch.size());
    members.push_back({live, held, batch.size(), until - held});
    for (size_t place = held; place < until; ++place) {
      batch.add(generation.target()[place], static_cast<uint32_t>(place), {static_cast<int32_t>(live->slot)},
                generation.wants_row(place));
    }
  }
  return members;
}

// What is held stays: it is the beginning of something.
void Slots::expire(std::vector<Finished>& finished) {
  const Clock::time_point now = Clock::now();
  for (Live& live : live_) {
    if (live.until > now) continue;
    finished.push_back({live.id, {}, std::make_exception_ptr(DecodeFailure{FailureKind::kCancelled, "out of time"})});
    live.done = true;
  }
  drop_done();
}

void Slots::step(std::vector<Finished>& finished, Interrupt& interrupt) {
  expire(finished);
  if (!finished.empty()) return;
  place();
  Batch batch;
  const std::vector<Member> members = gather(batch);
  const Clock::time_point start = Clock::now();
  Timings timings;
  try {
    decoder_.run_batch(batch, interrupt, timings);
  } catch (...) {
    for (const Member& member : members) decoder_.forget(member.live->slot);
    throw;
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  for (const Member& member : members) {
    Generation& generation = *member.live->generation;
    decoder_.extend(member.live->slot, generation.target().data() + member.held, member.count, batch.size());
    (member.held < generation.n_prompt() ? generation.timings().prompt : generation.timings().decode) += seconds;
    generation.timings().batches += timings.batches;
  }
  for (const Member& member : members) {
    Live& live = *member.live;
    try {
      read(member, interrupt);
      if (!live.generation->finished(decoder_.held(live.slot).size())) continue;
      finished.push_back({live.id, live.generation->take_result(), nullptr});
    } catch (...) {
      decoder_.forget(live.slot);
      if (interrupt.cancelled()) throw;
      finished.push_back({live.id, {}, std::current_exception()});
    }
    live.done = true;
  }
  drop_done();
}

void Slots::read(const Member& member, Interrupt& interrupt) {
  Generation& generation = *member.live->generation;
  for (size_t i = 0; i < member.count; ++i) {
    if (!generation.wants_row(member.held + i)) continue;
    generation.read_row(member.held + i, decoder_.row(static_cast<int32_t>(member.in_batch + i)), decoder_.workspace(),
                        interrupt);
  }
  check_room(generation);
}

GenerationResult generate(Decoder& decoder, uint32_t slot, std::unique_ptr<Generation> generation, Interrupt& interrupt) {
  Slots alone(decoder);
  alone.add_in(slot, 0, std::move(generation));
  std::vector<Slots::Finished> finished = alone.run(interrupt);
  if (finished.front().failure) std::rethrow_exception(finished.front().failure);
  return std::move(finished.front().result);
}

}  // namespace typeloom
