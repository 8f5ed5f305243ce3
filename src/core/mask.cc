// What a mask is made of, and when one can be had of another: the memo by state and by what one token can see.
#include "mask.h"

#include <algorithm>
#include <cstring>

namespace typeloom {

namespace {
constexpr uint32_t kFar = UINT32_MAX - 1;
}  // namespace

Masks::Masks(const Vocabulary& vocabulary, Machine& machine) : vocabulary_(vocabulary), machine_(machine) {}

void Masks::fill(StateId state, uint32_t* words) {
  const Mask& mask = masks_[mask_of(state)];
  const uint32_t n = vocabulary_.n_words();
  if (!mask.ground) {
    std::memset(words, 0, n * 4);
  } else if (mask.canonical) {
    const uint32_t* out = vocabulary_.uncanonical().data();
    for (uint32_t i = 0; i < n; ++i) words[i] = mask.ground[i] & ~out[i];
  } else {
    std::memcpy(words, mask.ground, n * 4);
  }
  for (uint32_t t : mask.removed) words[t / 32] &= ~(1u << (t % 32));
  for (uint32_t t : mask.added) words[t / 32] |= 1u << (t % 32);
}

uint32_t Masks::mask_of(StateId state) {
  if (state >= of_state_.size()) of_state_.resize(std::max<size_t>(state + 1, machine_.n_states() + 64), 0);
  if (of_state_[state]) return of_state_[state] - 1;
  uint32_t c = contents_.intern(content(state));
  if (c == of_content_.size()) {
    Mask mask = compute(state);
    if (machine_.accepting(state))
      for (uint32_t id : vocabulary_.end_ids()) mask.added.push_back(id);
    memory_bytes_ += sizeof(Mask) + 4 * (mask.added.size() + mask.removed.size());
    masks_.push_back(std::move(mask));
    of_content_.push_back(uint32_t(masks_.size() - 1));
    if (state >= of_state_.size()) of_state_.resize(machine_.n_states() + 64, 0);
  }
  of_state_[state] = of_content_[c] + 1;
  return of_content_[c];
}

std::vector<uint32_t> Masks::content(StateId id) {
  const State& s = machine_.state(id);
  const uint32_t chars = vocabulary_.max_chars(), commas = vocabulary_.max_commas() + 1;
  std::vector<uint32_t> out{uint32_t(s.mode) << 8 | s.lex, s.a, s.b, s.c, s.d, s.verdicts, s.recorded};
  if (s.mode == kFree || (s.mode == kLanguage && repeats(s.a))) {
    out[2] = std::min(s.b, chars + 1);
    if (s.c > chars) out[3] = kUnbounded;
  }
  uint32_t frame = s.frame;
  if (s.mode == kKey) {
    const KeyState& k = machine_.key_state(s.a);
    uint32_t text = 0;
    for (uint32_t used : machine_.vector(machine_.frame(frame).used))
      if (k.unknown != kEmpty && machine_.extends(used, k.text)) text = k.text + 1;
    out[1] = 0;
    out.insert(out.end(), {k.low, k.high, k.depth, k.unknown, k.watched, text});
    if (text) out.push_back(machine_.frame(frame).used);
  }
  const uint32_t n_frames = vocabulary_.max_closers() + 1;
  for (uint32_t i = 0;; ++i) {
    const Frame& f = machine_.frame(frame);
    if (f.kind == kKinds) {
      out.push_back(kKinds);
      break;
    }
    const ContainerJob& job = machine_.grammar().job(f.job);
    uint32_t count = f.count;
    if (f.kind == kArray && job.single) {
      const ArrayConstraint& c = machine_.grammar().array(job.leaves[0]);
      if (count >= c.prefix.size()) {
        if (count >= c.minimum && c.maximum != kUnbounded && c.maximum - count > commas) count = kFar;
        else if (count < c.minimum && c.minimum - count > commas && c.maximum == kUnbounded) count = kFar - 1;
      }
    }
    uint32_t used = f.used;
    if (f.kind == kObject && used) {
      auto [it, fresh] = inner_used_.try_emplace(used, 0);
      if (fresh) {
        std::vector<uint32_t> inner;
        for (uint32_t text : machine_.vector(used))
          if (vocabulary_.is_inner_text(machine_.text(text))) inner.push_back(text);
        it->second = inner.empty() ? 0 : used;
      }
      used = it->second;
    }
    out.insert(out.end(), {uint32_t(f.kind) << 16 | (f.depth > 100 ? f.depth : 0), f.job, f.verdicts, f.progress, count,
                           used, f.link, f.mark});
    if (i + 1 >= n_frames && (job.must || job.single)) break;
    frame = f.parent;
  }
  return out;
}

Mask Masks::compute(StateId id) {
  Mask mask;
  const State s = machine_.state(id);
  if (s.lex == kBetween && s.mode == kFree) {
    compute_free(id, s, mask);
  } else if (s.lex == kBetween && s.mode == kLanguage) {
    compute_language(id, s, mask);
  } else if (s.lex == kBetween && s.mode == kLanguages && !s.recorded) {
    compute_languages(id, s, mask);
  } else if (s.lex == kBetween && s.mode == kKey && machine_.key_state(s.a).unknown != kEmpty) {
    compute_key(id, s, mask);
  } else if (machine_.ignores_blanks(s)) {
    mask.ground = vocabulary_.blanks();
    walk(vocabulary_.unspaced(), id, mask.added);
  } else if (s.mode == kNumbers && digits_live(id)) {
    mask.ground = vocabulary_.numerals();
    const Trie& t = vocabulary_.trie();
    const ByteSet candidates = machine_.candidates(id);
    for (uint32_t i = t.child_begin[0]; i < t.child_begin[1]; ++i) {
      const uint8_t b = t.child_bytes[i];
      if (candidates[b] && !(b >= '0' && b <= '9')) follow(machine_.step(id, b), t.child_nodes[i], mask.added);
    }
    for (uint32_t token : vocabulary_.past_numerals())
      if (steps(id, vocabulary_.bytes(token))) mask.added.push_back(token);
  } else {
    walk(0, id, mask.added);
  }
  return mask;
}

// Whether any digits may follow, as many as one token has. States that digits lead to are few where no bound is near.
bool Masks::digits_live(StateId id) {
  constexpr size_t kMost = 24;
  std::vector<StateId> reached{id};
  size_t begin = 0;
  for (uint32_t n = 0; n < vocabulary_.longest_numeral() && begin < reached.size(); ++n) {
    const size_t end = reached.size();
    for (; begin < end; ++begin) {
      for (uint8_t b = '0'; b <= '9'; ++b) {
        const StateId next = machine_.step(reached[begin], b);
        if (!next) return false;
        if (std::find(reached.begin(), reached.end(), next) == reached.end()) reached.push_back(next);
      }
      if (reached.size() > kMost) return false;
    }
  }
  return true;
}

}  // namespace typeloom
