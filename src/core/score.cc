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

}  // namespace

LabelScores score_labels(Decoder& decoder, uint32_t slot, const std::vector<uint32_t>& prompt,
                         const std::vector<std::vector<uint32_t>>& labels, Interrupt& interrupt) {
  const Decoder::Shape& shape = decoder.shape();
  if (labels.empty()) throw DecodeFailure{FailureKind::kLabels, "there are no labels"};
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
  std::vector<uint32_t> copies;  // branch sequences in use, to be emptied whatever happens
  const auto empty_branches = [&] {
    for (uint32_t branch : copies) decoder.clear_sequence(branch);
    copies.clear();
  };
  try {
    decoder.evaluate_prompt(slot, prompt, interrupt, scores.timings);
    const Clock::time_point start = Clock::now();
    const float* logits = decoder.row(-1);
    trie.weigh_children(0, logits);
    const double all = decoder.picker().log_sum_exp(logits, nullptr);
    scores.first_token_mass = 0.0;
    for (uint32_t c : trie.nodes[0].children) {
      scores.first_token_mass += std::exp(static_cast<double>(logits[trie.nodes[c].token]) - all);
    }

    // The deepest nodes that choose between children; every other such node lies on the way to one of them.
    std::vector<bool> below(trie.nodes.size(), false);  // some descendant chooses
    std::vector<uint32_t> tips;
    for (uint32_t at = static_cast<uint32_t>(trie.nodes.size()); at-- > 1;) {  // children come after their parents
      const bool chooses = trie.nodes[at].children.size() > 1;
      if (chooses && !below[at]) tips.push_back(at);
      if (chooses || below[at]) below[trie.nodes[at].parent] = true;
    }
    std::reverse(tips.begin(), tips.end());

    for (size_t next = 0; next < tips.size();) {
      // As many tips as there are branches and as fit into one batch; a tip too long for one batch goes alone, in pieces.
      std::vector<std::vector<int32_t>> in(trie.nodes.size());
      std::vector<uint32_t> members;
      while (next < tips.size() && copies.size() < shape.branches) {
        size_t fresh = 0;
        for (uint32_t at = tips[next]; at != 0; at = trie.nodes[at].parent) fresh += in[at].empty();
        if (!copies.empty() && members.size() + fresh > shape.batch_size) break;
        const uint32_t branch = shape.slots + static_cast<uint32_t>(copies.size());
        decoder.copy_sequence(slot, branch);
        copies.push_back(branch);
        for (uint32_t at = tips[next]; at != 0; at = trie.nodes[at].parent) {
          if (in[at].empty()) members.push_back(at);
          in[at].push_back(static_cast<int32_t>(branch));
        }
        ++next;
      }
      std::sort(members.begin(), members.end(), [&](uint32_t a, uint32_t b) {
        return std::make_pair(trie.nodes[a].depth, a) < std::make_pair(trie.nodes[b].depth, b);
      });
      for (size_t from = 0; from < members.size(); from += shape.batch_size) {
        const size_t until = std::min<size_t>(members.size(), from + shape.batch_size);
        Batch batch;
        bool any_row = false;
        for (size_t i = from; i < until; ++i) {
          const LabelTrie::Node& node = trie.nodes[members[i]];
          any_row |= node.children.size() > 1;
          batch.add(node.token, static_cast<uint32_t>(prompt.size()) + node.depth - 1, in[members[i]],
                    node.children.size() > 1 || (i + 1 == until && !any_row));
        }
        decoder.run_batch(batch, interrupt, scores.timings);
        for (size_t i = from; i < until; ++i) {
          if (trie.nodes[members[i]].children.size() < 2) continue;
          trie.weigh_children(members[i], decoder.row(static_cast<int32_t>(i - from)));
        }
      }
      empty_branches();
    }
    scores.timings.decode += std::chrono::duration<double>(Clock::now() - start).count();
  } catch (...) {
    empty_branches();
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
