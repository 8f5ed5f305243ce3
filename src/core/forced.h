// Forced text: bytes that must come next, as the tokens in which the model would have written them.
//
// Theory of operation. Where every completion begins with the same bytes, nothing needs to be asked of the model: the bytes
// are cut into tokens and evaluated together. But they must be *its* tokens, for what follows depends on them, so the
// model's own tokeniser cuts them. And they must not end in the middle of a token that the model would have preferred:
// `"or` may be certain while `order` and `orderId` are both tokens. So the last tokens are given up again, from the first
// one at which some token of the vocabulary would reach past the certain bytes and is allowed; there the model is asked.
// What is left is what the model writes if it writes as its tokeniser cuts; a model that would not is bent to do so.
//
// Source: llguidance, docs/fast_forward.md, on tokenising what is certain and giving up its end.
#pragma once
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "machine.h"
#include "vocabulary.h"

namespace typeloom {

// The tokeniser of a loaded model; valid as long as that model.
class Tokenizer {
 public:
  using Function = int32_t (*)(const void* vocab, const char* text, int32_t length, int32_t* tokens, int32_t room,
                               bool add_special, bool parse_special);

  Tokenizer(Function function, const void* vocab) : function_(function), vocab_(vocab) {}
  std::vector<uint32_t> cut(const std::string& text) const;  // empty if it fails

 private:
  Function function_;
  const void* vocab_;
};

class Forced {
 public:
  Forced(const Vocabulary& vocabulary, Machine& machine) : vocabulary_(vocabulary), machine_(machine) {}

  // The bytes that every completion of the state begins with, up to `limit` of them.
  std::string bytes(StateId state, size_t limit);
  // The tokens that the model writes there, whatever follows. Remembered by state. A text must begin in `state` if the
  // vocabulary puts a blank in front of texts; else nothing is forced in such a vocabulary.
  const std::vector<uint32_t>& tokens(StateId state, const Tokenizer& tokenizer);

 private:
  static constexpr size_t kMostBytes = 1024;  // at once

  int only_byte(StateId state);  // -1: there are several, or none, or the text may end
  bool reaches_past(const std::string& end, StateId state);
  bool some_token_below(uint32_t node, StateId state);

  const Vocabulary& vocabulary_;
  Machine& machine_;
  std::vector<int16_t> only_;  // by state: the only byte + 2; 1: there is none; 0: not known
  std::unordered_map<StateId, std::vector<uint32_t>> tokens_;
};

}  // namespace typeloom
