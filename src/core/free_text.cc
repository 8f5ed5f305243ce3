#include "free_text.h"

#include <algorithm>
#include <utility>

namespace typeloom {

FreeText::FreeText(std::shared_ptr<Vocabulary> vocabulary, std::string mark, std::vector<uint32_t> mark_tokens)
    : vocabulary_(std::move(vocabulary)),
      mark_(std::move(mark)),
      mark_tokens_(std::move(mark_tokens)),
      words_(vocabulary_->n_words(), 0u) {
  const auto allow = [this](uint32_t token) { words_[token / 32] |= 1u << (token % 32); };
  for (uint32_t token : vocabulary_->end_ids()) allow(token);
  for (uint32_t token : mark_tokens_) allow(token);
  for (uint32_t token = 0; token < vocabulary_->n_tokens(); ++token) {
    if (!vocabulary_->bytes(token).empty()) allow(token);
  }
}

void FreeText::fill(uint32_t* words) {
  if (!over_) {
    std::copy(words_.begin(), words_.end(), words);
    return;
  }
  for (uint32_t token : vocabulary_->end_ids()) words[token / 32] |= 1u << (token % 32);
}

bool FreeText::accept(uint32_t token) {
  if (over_) return false;
  if (std::find(mark_tokens_.begin(), mark_tokens_.end(), token) != mark_tokens_.end()) {
    over_ = true;
    return true;
  }
  const std::string& bytes = vocabulary_->bytes(token);
  if (bytes.empty()) return false;
  tail_ += bytes;
  if (mark_.empty()) return true;
  over_ = tail_.find(mark_) != std::string::npos;
  if (tail_.size() >= mark_.size()) tail_.erase(0, tail_.size() - mark_.size() + 1);
  return true;
}

void FreeText::restart() {
  tail_.clear();
  over_ = false;
}

}  // namespace typeloom
