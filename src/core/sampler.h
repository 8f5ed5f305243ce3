// A constraint as a `llama_sampler`, for any chain of llama.cpp.
//
// Theory of operation. llama.cpp asks a sampler to `apply` itself to an array of candidates, and tells it by `accept` which
// token was taken. Here apply puts -infinity on every candidate that may not come next, and accept moves a matcher. The six
// functions of the interface are native; no Python runs in them, and a clone is a sampler of its own. The sampler owns all
// it needs, so a chain that outlives the Constraint's Python object is safe.
//
// It fails closed. After something that cannot be (a token that was not allowed, a limit that was passed, nothing left to
// allow) only end tokens keep their logits, at zero: the text ends, incomplete, and `failure()` says why. Candidates
// that another sampler has already dropped cannot be brought back, so the sampler belongs in front of the chain.
//
// Source: llama.h, struct llama_sampler_i and llama_sampler_init.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "decode.h"

namespace typeloom {

struct LlamaTokenData {  // llama.h: struct llama_token_data
  int32_t id;
  float logit, p;
};
struct LlamaTokenDataArray {  // llama.h: struct llama_token_data_array
  LlamaTokenData* data;
  size_t size;
  int64_t selected;
  bool sorted;
};
struct LlamaSampler;
struct LlamaSamplerInterface {  // llama.h: struct llama_sampler_i
  const char* (*name)(const LlamaSampler* sampler);
  void (*accept)(LlamaSampler* sampler, int32_t token);
  void (*apply)(LlamaSampler* sampler, LlamaTokenDataArray* candidates);
  void (*reset)(LlamaSampler* sampler);
  LlamaSampler* (*clone)(const LlamaSampler* sampler);
  void (*free)(LlamaSampler* sampler);
  void* backend[5];  // for graphs on a device, which a mask has no part in: null
  void (*copy_state)(const LlamaSampler* from, LlamaSampler* to);
};
struct LlamaSampler {  // llama.h: struct llama_sampler
  const LlamaSamplerInterface* interface;
  void* context;
};

// What a sampler masks and how far it has come, without llama.cpp's interface around it: also a logits processor.
class MaskedSampler {
 public:
  using Init = LlamaSampler* (*)(const LlamaSamplerInterface* interface, void* context);  // llama_sampler_init

  // `max_tokens`: the text ends within so many; UINT32_MAX: it need not. Throws DecodeFailure if they do not suffice.
  MaskedSampler(std::unique_ptr<TokenConstraint> constraint, std::vector<uint32_t> end_tokens, uint32_t max_tokens);
  MaskedSampler(const MaskedSampler& other);
  MaskedSampler& operator=(const MaskedSampler& other);

  static LlamaSampler* make(std::shared_ptr<MaskedSampler> self, Init init);  // freed by llama_sampler_free

  // Bit t % 32 of word t / 32: token t may come next. Never throws; after a failure, end tokens only.
  const std::vector<uint32_t>& mask();
  void accept(uint32_t token);
  void reset();
  bool is_accepting() { return constraint_->is_accepting(); }
  const std::string& failure() const { return failure_; }
  void fail(const std::string& why);

 private:
  std::unique_ptr<TokenConstraint> constraint_;
  std::vector<uint32_t> end_tokens_;
  uint32_t max_tokens_, taken_ = 0;
  bool filled_ = false;
  std::vector<uint32_t> mask_;
  std::string failure_;
};

}  // namespace typeloom
