// Free text up to a mark: what a model thinks before it answers.
//
// Every token that is text may come next, and no control token but the ones that end: an end token, or the tokens given as
// marks. The text is over once one of these was taken, or the mark has been written out as text, in whatever tokens.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "generation.h"
#include "vocabulary.h"

namespace typeloom {

class FreeText final : public TokenConstraint {
 public:
  // `mark` as text; `mark_tokens`: control tokens that are the mark by themselves.
  FreeText(std::shared_ptr<Vocabulary> vocabulary, std::string mark, std::vector<uint32_t> mark_tokens);

  void fill(uint32_t* words) override;
  bool accept(uint32_t token) override;
  bool is_accepting() override { return true; }  // it may be broken off anywhere
  bool is_free_text(uint32_t) override { return !over_; }
  std::unique_ptr<TokenConstraint> clone() const override { return std::make_unique<FreeText>(*this); }
  void restart() override;
  uint32_t n_tokens() const override { return vocabulary_->n_tokens(); }

 private:
  std::shared_ptr<Vocabulary> vocabulary_;
  std::string mark_;
  std::vector<uint32_t> mark_tokens_;
  std::vector<uint32_t> words_;  // the mask while it is not over
  std::string tail_;  // the end of the text, as much of it as the mark may begin in
  bool over_ = false;
};

}  // namespace typeloom
