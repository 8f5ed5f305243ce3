// The probability of each label to follow a prompt, if one of them must.
//
// Theory of operation. Labels are paths of a trie of tokens: a node with one child costs nothing (given the labels, its
// probability is one), a node with several costs one row of logits, and rows of several branches are evaluated in one
// batch, each branch a copy of the prompt's sequence. The softmax at a node is over its children alone, so the products
// along the paths sum to one.
#pragma once
#include <cstdint>
#include <vector>

#include "decode.h"

namespace typeloom {

struct LabelScores {
  std::vector<double> log_probabilities;  // nats, one a label; their exponentials sum to 1
  double first_token_mass;                // raw probability of all first tokens of labels together
  Timings timings;
};

// Throws DecodeFailure; the slot is forgotten then. Labels are token sequences, none empty, none the beginning of another.
LabelScores score_labels(Decoder& decoder, uint32_t slot, const std::vector<uint32_t>& prompt,
                         const std::vector<std::vector<uint32_t>>& labels, Interrupt& interrupt);

}  // namespace typeloom
