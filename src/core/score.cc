#include "score.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

namespace typeloom {
namespace {

using Clock = std::chrono::steady_clock;

struct LabelTrie {
  struct Node {
    uint32_t token = 0, parent = 0, depth = 0;
    std::vector<uint32_t> children;  // ascending by token
    bool is_label = false;
  };
  std::vector<Node> nodes{Node{}};
  std::vector<uint32_t> leaf_of_label;
  std::vector<double> log_probability;  // of the node, given its parent

  explicit LabelTrie(const std::vector<std::vector<uint32_t>>& labels) {
    for (const std::vector<uint32_t>& label : labels) {
      uint32_t at = 0;
      for (uint32_t token : label) at = child(at, token);
      if (label.empty() || nodes[at].is_label) {
        throw DecodeFailure{FailureKind::kLabels, "a label has no tokens, or two labels have the same tokens"};
      }
      nodes[at].is_label = true;
      leaf_of_label.push_back(at);
    }
    for (const Node& node : nodes) {
      if (node.is_label && !node.children.empty()) {
        throw DecodeFailure{FailureKind::kLabels, "the tokens of one label are the beginning of another; end each with an end token"};
      }
    }
    log_probability.assign(nodes.size(), 0.0);
  }

  uint32_t child(uint32_t at, uint32_t token) {
    std::vector<uint32_t>& children = nodes[at].children;
    const auto place = std::lower_bound(children.begin(), children.end(), token,
                                        [&](uint32_t node, uint32_t wanted) { return nodes[node].token < wanted; });
    if (place != children.end() && nodes[*place].token == token) return *place;
    const uint32_t made = static_cast<uint32_t>(nodes.size());
    children.insert(place, made);
    const uint32_t depth = nodes[at].depth + 1;
    nodes.push_back(Node{token, at, depth, {}, false});
    return made;
  }

  // Softmax of the row over the children alone.
  void weigh_children(uint32_t at, const float* logits) {
    float maximum = -std::numeric_limits<float>::infinity();
    for (uint32_t c : nodes[at].children) {
      const float logit = logits[nodes[c].token];
      if (std::isnan(logit) || logit == std::numeric_limits<float>::infinity()) {
        throw DecodeFailure{FailureKind::kNotANumber, "the model's logits are not finite (NaN or infinity)"};
      }
      maximum = std::max(maximum, logit);
    }
    const double n = static_cast<double>(nodes[at].children.size());
    double total = 0.0;
    for (uint32_t c : nodes[at].children) total += std::exp(static_cast<double>(logits[nodes[c].token] - maximum));
    for (uint32_t c : nodes[at].children) {
      log_probability[c] = std::isinf(maximum) ? -std::log(n)
                                               : static_cast<double>(logits[nodes[c].token] - maximum) - std::log(total);
    }
  }
};

// One call: a trie, the branches in use, and the scores so far.
class Scoring {
 public:
  Scoring(Decoder& decoder, uint32_t slot, const std::vector<uint32_t>& prompt, LabelTrie& trie, Interrupt& interrupt)
      : decoder_(decoder), slot_(slot), prompt_(prompt), trie_(trie), interrupt_(interrupt) {}
  ~Scoring() { empty_branches(); }

  LabelScores run() {
    std::vector<uint32_t> tips = deepest_choices();
    size_t next = 0;
    Round first = gather(tips, next);
    if (first.members.empty() || ahead_of(first) >= prompt_.size()) {
      // Labels part at their first token alone, or the first round needs pieces.
      decoder_.evaluate_prompt(slot_, prompt_, interrupt_, scores_.timings);
      weigh_first(decoder_.row(-1));
      branch(first);
      evaluate(first);
    } else {
      evaluate_with_prompt(first);
    }
    empty_branches();
    while (next < tips.size()) {
      const Round round = gather(tips, next);
      branch(round);
      evaluate(round);
      empty_branches();
    }
    return std::move(scores_);
  }

 private:
  // Some tips, a branch for each, and the nodes on their ways, each with the branches that pass through it, by depth.
  struct Round {
    uint32_t branches = 0;
    std::vector<uint32_t> members;
    std::vector<std::vector<int32_t>> in;
  };

  // The deepest nodes that choose between children; every other such node lies on the way to one of them.
  std::vector<uint32_t> deepest_choices() const {
    std::vector<bool> below(trie_.nodes.size(), false);  // some descendant chooses
    std::vector<uint32_t> tips;
    for (uint32_t at = static_cast<uint32_t>(trie_.nodes.size()); at-- > 1;) {  // children come after their parents
      const bool chooses = trie_.nodes[at].children.size() > 1;
      if (chooses && !below[at]) tips.push_back(at);
      if (chooses || below[at]) below[trie_.nodes[at].parent] = true;
    }
    std::reverse(tips.begin(), tips.end());
    return tips;
  }

  // As many tips as there are branches and as fit into one batch with a token of the prompt; a tip too long for that goes
  // alone.
  Round gather(const std::vector<uint32_t>& tips, size_t& next) const {
    Round round;
    round.in.resize(trie_.nodes.size());
    while (next < tips.size() && round.branches < decoder_.shape().branches) {
      size_t fresh = 0;
      for (uint32_t at = tips[next]; at != 0; at = trie_.nodes[at].parent) fresh += round.in[at].empty();
      if (round.branches > 0 && round.members.size() + fresh >= decoder_.shape().batch_size) break;
      const uint32_t sequence = decoder_.shape().slots + round.branches++;
      for (uint32_t at = tips[next]; at != 0; at = trie_.nodes[at].parent) {
        if (round.in[at].empty()) round.members.push_back(at);
        round.in[at].push_back(static_cast<int32_t>(sequence));
      }
      ++next;
    }
    std::sort(round.members.begin(), round.members.end(), [&](uint32_t a, uint32_t b) {
      return std::make_pair(trie_.nodes[a].depth, a) < std::make_pair(trie_.nodes[b].depth, b);
    });
    return round;
  }

  void branch(const Round& round) {
    for (uint32_t i = 0; i < round.branches; ++i) {
      const uint32_t sequence = decoder_.shape().slots + i;
      copies_.push_back(sequence);
      decoder_.copy_sequence(slot_, sequence);
    }
  }

  void empty_branches() {
    for (uint32_t sequence : copies_) decoder_.clear_sequence(sequence);
    copies_.clear();
  }

  bool chooses(uint32_t at) const { return trie_.nodes[at].children.size() > 1; }

  void add(Batch& batch, const Round& round, uint32_t at, bool row) const {
    const LabelTrie::Node& node = trie_.nodes[at];
    batch.add(node.token, static_cast<uint32_t>(prompt_.size()) + node.depth - 1, round.in[at], row);
  }

  // The prompt is held. A round in batches; more than one only if it is a single tip.
  void evaluate(const Round& round) {
    const Clock::time_point start = Clock::now();
    const std::vector<uint32_t>& members = round.members;
    const size_t size = decoder_.shape().batch_size;
    for (size_t from = 0; from < members.size(); from += size) {
      const size_t until = std::min(members.size(), from + size);
      Batch batch;
      bool any_row = false;
      for (size_t i = from; i < until; ++i) {
        any_row |= chooses(members[i]);
        add(batch, round, members[i], chooses(members[i]) || (i + 1 == until && !any_row));
      }
      decoder_.run_batch(batch, interrupt_, scores_.timings);
      for (size_t i = from; i < until; ++i) {
        if (chooses(members[i])) trie_.weigh_children(members[i], decoder_.row(static_cast<int32_t>(i - from)));
      }
    }
    scores_.timings.decode += std::chrono::duration<double>(Clock::now() - start).count();
  }

  // Tokens of the prompt that are too many for a batch with this round: whole groups, and no few (decode.h: Rounding).
  size_t ahead_of(const Round& round) const {
    const size_t size = decoder_.shape().batch_size;
    if (prompt_.size() + round.members.size() <= size) return 0;
    if (round.members.size() >= size) return prompt_.size();
    const size_t ahead = prompt_.size() + round.members.size() - size;
    return std::max(Decoder::kMany, (ahead + Decoder::kGroup - 1) / Decoder::kGroup * Decoder::kGroup);
  }

  // The end of the prompt and the round in one batch: the branches pass through the prompt's tokens as the slot does. So
  // what the weights of the model cost to read is paid once.
  void evaluate_with_prompt(const Round& round) {
    const size_t ahead = ahead_of(round);
    size_t reused = decoder_.place(slot_, prompt_);
    if (reused < ahead) {
      const std::vector<uint32_t> beginning(prompt_.begin(), prompt_.begin() + static_cast<std::ptrdiff_t>(ahead));
      decoder_.evaluate_prompt(slot_, beginning, interrupt_, scores_.timings);
      reused = scores_.timings.prompt_reused;
    }
    scores_.timings.prompt_reused = static_cast<uint32_t>(reused);
    const Clock::time_point start = Clock::now();
    branch(round);
    std::vector<int32_t> everywhere{static_cast<int32_t>(slot_)};
    for (uint32_t sequence : copies_) everywhere.push_back(static_cast<int32_t>(sequence));
    const size_t from = std::max(reused, ahead), tail = prompt_.size() - from;
    Batch batch;
    for (size_t i = from; i < prompt_.size(); ++i) {
      batch.add(prompt_[i], static_cast<uint32_t>(i), everywhere, i + 1 == prompt_.size());
    }
    for (uint32_t at : round.members) add(batch, round, at, chooses(at));
    decoder_.run_batch(batch, interrupt_, scores_.timings);
    decoder_.extend(slot_, prompt_.data() + from, tail, batch.size());
    weigh_first(decoder_.row(static_cast<int32_t>(tail - 1)));
    for (size_t i = 0; i < round.members.size(); ++i) {
      const uint32_t at = round.members[i];
      if (chooses(at)) trie_.weigh_children(at, decoder_.row(static_cast<int32_t>(tail + i)));
    }
    scores_.timings.prompt += std::chrono::duration<double>(Clock::now() - start).count();
  }

  void weigh_first(const float* logits) {
    trie_.weigh_children(0, logits);
    const double all = decoder_.workspace().picker.log_sum_exp(logits, nullptr);
    scores_.first_token_mass = 0.0;
    for (uint32_t c : trie_.nodes[0].children) {
      scores_.first_token_mass += std::exp(static_cast<double>(logits[trie_.nodes[c].token]) - all);
    }
  }

  Decoder& decoder_;
  const uint32_t slot_;
  const std::vector<uint32_t>& prompt_;
  LabelTrie& trie_;
  Interrupt& interrupt_;
  std::vector<uint32_t> copies_;  // branch sequences in use, to be emptied whatever happens
  LabelScores scores_{};
};

}  // namespace

LabelScores score_labels(Decoder& decoder, uint32_t slot, const std::vector<uint32_t>& prompt,
                         const std::vector<std::vector<uint32_t>>& labels, Interrupt& interrupt) {
  const Decoder::Shape& shape = decoder.shape();
  if (labels.empty()) throw DecodeFailure{FailureKind::kLabels, "there are no labels"};
  for (uint32_t token : prompt) {
    if (token >= shape.n_tokens) {
      throw DecodeFailure{FailureKind::kModel, "the prompt has a token outside of the vocabulary of " +
                                                   std::to_string(shape.n_tokens) + " tokens"};
    }
  }
  if (prompt.empty()) throw DecodeFailure{FailureKind::kModel, "the prompt has no tokens; at least one is needed"};
  LabelTrie trie(labels);
  for (const LabelTrie::Node& node : trie.nodes) {
    if (node.token >= shape.n_tokens) throw DecodeFailure{FailureKind::kLabels, "a label has a token outside of the vocabulary"};
    if (node.children.size() > 1 && prompt.size() + node.depth > shape.context_size) {
      throw DecodeFailure{FailureKind::kContextFull, std::to_string(prompt.size()) + " prompt tokens and a label of more than " +
                                                         std::to_string(node.depth) + " tokens do not fit into the context of " +
                                                         std::to_string(shape.context_size) + " tokens"};
    }
  }
  LabelScores scores;
  decoder.make_room(slot, prompt);
  try {
    scores = Scoring(decoder, slot, prompt, trie, interrupt).run();
  } catch (...) {
    decoder.forget(slot);
    throw;
  }
  for (uint32_t leaf : trie.leaf_of_label) {
    double total = 0.0;
    for (uint32_t at = leaf; at != 0; at = trie.nodes[at].parent) total += trie.log_probability[at];
    scores.log_probabilities.push_back(total);
  }
  return scores;
}

}  // namespace typeloom
