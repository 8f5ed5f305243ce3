// What Python sees of the decode loop. Only conversions: addresses in, lists and numbers out, failures to exceptions. The
// GIL is released for the length of every call that evaluates, and taken again every 50 ms to look for Ctrl-C.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "decode.h"
#include "forced.h"
#include "llama_log.h"
#include "score.h"
#include "slots.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace typeloom {

void raise_failure(const DecodeFailure& failure) {
  const nb::module_ errors = nb::module_::import_("typeloom.errors");
  const auto set = [&](const char* name, nb::object error) {
    PyErr_SetObject(nb::object(errors.attr(name)).ptr(), error.ptr());
  };
  const nb::str text(failure.message.c_str(), failure.message.size());
  switch (failure.kind) {
    case FailureKind::kContextFull:
      set("LimitError", errors.attr("LimitError")(text + nb::str("; load the model with a larger n_ctx"), "limit"_a = "n_ctx"));
      return;
    case FailureKind::kNotANumber:
    case FailureKind::kModel:
      set("ModelError", errors.attr("ModelError")(text));
      return;
    case FailureKind::kLabels:
      set("SchemaError", errors.attr("SchemaError")(text));
      return;
    case FailureKind::kVocabularySize:
      set("VocabularyError", errors.attr("VocabularyError")(text));
      return;
    case FailureKind::kBudget:
      set("BudgetError", errors.attr("BudgetError")(text + nb::str("; give more, or make fields optional"),
                                                    "needed"_a = failure.needed, "given"_a = failure.given));
      return;
    case FailureKind::kCancelled:
      set("Cancelled", errors.attr("Cancelled")(text));
      return;
    case FailureKind::kEmptyMask:
    case FailureKind::kRefused:
      break;
  }
  set("Error", errors.attr("Error")(text));
}

namespace {

// A constraint out of three Python functions, for tests and for rules that no grammar can say; they are called per token.
struct CallbackConstraint final : TokenConstraint {
  uint32_t size;
  nb::object allowed, take, accepting;
  CallbackConstraint(uint32_t n_tokens, nb::object allowed_, nb::object accept_, nb::object is_accepting_)
      : size(n_tokens), allowed(std::move(allowed_)), take(std::move(accept_)), accepting(std::move(is_accepting_)) {}

  void fill(uint32_t* words) override {
    nb::gil_scoped_acquire gil;
    for (nb::handle item : nb::object(allowed())) {
      const uint32_t token = nb::cast<uint32_t>(item);
      if (token >= size) throw nb::index_error("allowed() named a token outside of the vocabulary");
      words[token / 32] |= 1u << (token % 32);
    }
  }
  bool accept(uint32_t token) override {
    nb::gil_scoped_acquire gil;
    return nb::cast<bool>(take(token));
  }
  bool is_accepting() override {
    nb::gil_scoped_acquire gil;
    return nb::cast<bool>(accepting());
  }
  uint32_t n_tokens() const override { return size; }
};

int traverse_callbacks(PyObject* self, visitproc visit, void* arg) {
#if PY_VERSION_HEX >= 0x03090000
  Py_VISIT(Py_TYPE(self));
#endif
  if (!nb::inst_ready(self)) return 0;
  const CallbackConstraint* constraint = nb::inst_ptr<CallbackConstraint>(self);
  Py_VISIT(constraint->allowed.ptr());
  Py_VISIT(constraint->take.ptr());
  Py_VISIT(constraint->accepting.ptr());
  return 0;
}

int clear_callbacks(PyObject* self) {
  if (!nb::inst_ready(self)) return 0;
  CallbackConstraint* constraint = nb::inst_ptr<CallbackConstraint>(self);
  constraint->allowed.reset();
  constraint->take.reset();
  constraint->accepting.reset();
  return 0;
}

PyType_Slot callback_slots[] = {{Py_tp_traverse, reinterpret_cast<void*>(traverse_callbacks)},
                                {Py_tp_clear, reinterpret_cast<void*>(clear_callbacks)},
                                {0, nullptr}};

struct SignalInterrupt final : Interrupt {
  std::unique_ptr<nb::python_error> error;  // what the signal handler raised; KeyboardInterrupt as a rule

  bool poll() override {
    nb::gil_scoped_acquire gil;
    if (PyErr_CheckSignals() == 0) return false;
    error = std::make_unique<nb::python_error>();  // takes the exception out of the thread until the evaluation has ended
    return true;
  }
};

[[noreturn]] void raise(const DecodeFailure& failure) {
  raise_failure(failure);
  throw nb::python_error();
}

// Runs `work` without the GIL.
template <class Work>
auto evaluate(SignalInterrupt* given, Work work) {
  SignalInterrupt own;
  SignalInterrupt& interrupt = given ? *given : own;
  try {
    nb::gil_scoped_release release;
    return work(interrupt);
  } catch (const DecodeFailure& failure) {
    if (interrupt.error) {
      nb::python_error error(std::move(*interrupt.error));
      interrupt.error.reset();
      throw error;
    }
    raise(failure);
  }
}

template <class Function>
Function function_at(const nb::dict& addresses, const char* name) {
  if (!addresses.contains(name)) return nullptr;
  return reinterpret_cast<Function>(nb::cast<uintptr_t>(addresses[name]));
}

LlamaFunctions functions_at(const nb::dict& addresses) {
  LlamaFunctions f{};
  f.decode = function_at<decltype(f.decode)>(addresses, "llama_decode");
  f.get_logits_ith = function_at<decltype(f.get_logits_ith)>(addresses, "llama_get_logits_ith");
  f.get_memory = function_at<decltype(f.get_memory)>(addresses, "llama_get_memory");
  f.memory_seq_rm = function_at<decltype(f.memory_seq_rm)>(addresses, "llama_memory_seq_rm");
  f.memory_seq_cp = function_at<decltype(f.memory_seq_cp)>(addresses, "llama_memory_seq_cp");
  f.memory_seq_pos_min = function_at<decltype(f.memory_seq_pos_min)>(addresses, "llama_memory_seq_pos_min");
  f.set_abort_callback = function_at<decltype(f.set_abort_callback)>(addresses, "llama_set_abort_callback");
  if (!f.decode || !f.get_logits_ith || !f.get_memory || !f.memory_seq_rm || !f.memory_seq_cp || !f.memory_seq_pos_min) {
    throw nb::value_error("the address of a llama.cpp function is missing");
  }
  return f;
}

using FloatRow = nb::ndarray<const float, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using MaskRow = nb::ndarray<const int32_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

const uint32_t* mask_words(const std::optional<MaskRow>& mask, size_t n_tokens) {
  if (!mask) return nullptr;
  if (mask->shape(0) < (n_tokens + 31) / 32) throw nb::value_error("the mask is shorter than the row of logits");
  return reinterpret_cast<const uint32_t*>(mask->data());
}

}  // namespace

void bind_decode(nb::module_& m) {
  nb::enum_<Evidence>(m, "Evidence", "How much is said about each produced token; the later, the dearer.")
      .value("NONE", Evidence::kNone, "tokens only")
      .value("MASKED", Evidence::kMasked, "log-probability among the allowed tokens")
      .value("RAW", Evidence::kRaw, "also the log-probability among all tokens, and the runners-up");
  nb::enum_<Finish>(m, "Finish", "Why generation ended.")
      .value("END", Finish::kEnd, "an end token was picked, or nothing else could follow")
      .value("LENGTH", Finish::kLength, "max_tokens were produced");

  nb::class_<TokenConstraint>(m, "TokenConstraint", "What may come next; a Matcher is one.");
  nb::class_<CallbackConstraint, TokenConstraint>(m, "CallbackConstraint", nb::type_slots(callback_slots),
                                                  "allowed() -> token ids; accept(token) -> bool; is_accepting() -> bool.")
      .def(nb::init<uint32_t, nb::object, nb::object, nb::object>(), "n_tokens"_a, "allowed"_a, "accept"_a, "is_accepting"_a);

  nb::class_<SignalInterrupt>(m, "Interrupt", "Ends a call that runs in another thread: cancel() may be called from anywhere.")
      .def(nb::init<>())
      .def("cancel", [](SignalInterrupt& self) { self.cancel(); })
      .def("cancelled", [](const SignalInterrupt& self) { return self.cancelled(); });

  nb::class_<RandomSource>(m, "RandomSource", "xoshiro256** seeded by splitmix64; carried through the steps of one stream.")
      .def(nb::init<uint64_t>(), "seed"_a)
      .def("uniform", &RandomSource::uniform)
      .def("next", &RandomSource::next);

  nb::class_<Sampling>(m, "Sampling")
      .def("__init__",
           [](Sampling* self, float temperature, uint32_t top_k, float top_p, float min_p, float repetition_penalty) {
             new (self) Sampling{temperature, top_k, top_p, min_p, repetition_penalty};
           },
           "temperature"_a = 0.0f, "top_k"_a = 0, "top_p"_a = 1.0f, "min_p"_a = 0.0f, "repetition_penalty"_a = 1.0f)
      .def_ro("temperature", &Sampling::temperature)
      .def_ro("top_k", &Sampling::top_k)
      .def_ro("top_p", &Sampling::top_p)
      .def_ro("min_p", &Sampling::min_p)
      .def_ro("repetition_penalty", &Sampling::repetition_penalty);

  nb::class_<Timings>(m, "Timings", "Seconds, but for the counts.")
      .def_ro("prompt", &Timings::prompt)
      .def_ro("decode", &Timings::decode)
      .def_ro("mask", &Timings::mask)
      .def_ro("pick", &Timings::pick)
      .def_ro("prompt_reused", &Timings::prompt_reused)
      .def_ro("batches", &Timings::batches);

  nb::class_<GenerationResult>(m, "GenerationResult")
      .def_ro("tokens", &GenerationResult::tokens)
      .def_prop_ro("log_probabilities",
                   [](const GenerationResult& self) {
                     std::vector<std::pair<double, double>> pairs;
                     for (const TokenEvidence& e : self.evidence) pairs.emplace_back(e.masked, e.raw);
                     return pairs;
                   })
      .def_prop_ro("runners_up",
                   [](const GenerationResult& self) {
                     std::vector<std::vector<std::pair<uint32_t, double>>> found;
                     for (const TokenEvidence& e : self.evidence) {
                       found.emplace_back();
                       for (const RunnerUp& one : e.runners_up) found.back().emplace_back(one.token, one.masked);
                     }
                     return found;
                   })
      .def_ro("finish", &GenerationResult::finish)
      .def_ro("complete", &GenerationResult::complete)
      .def_ro("steered", &GenerationResult::steered)
      .def_ro("timings", &GenerationResult::timings);

  nb::class_<LabelScores>(m, "LabelScores")
      .def_ro("log_probabilities", &LabelScores::log_probabilities)
      .def_ro("first_token_mass", &LabelScores::first_token_mass)
      .def_ro("timings", &LabelScores::timings);

  nb::class_<Tokenizer>(m, "Tokenizer", "The tokeniser of a loaded model, for text that nobody vouches for.")
      .def("__init__",
           [](Tokenizer* self, const nb::dict& addresses, uintptr_t vocab) {
             const auto function = function_at<Tokenizer::Function>(addresses, "llama_tokenize");
             if (!function) throw nb::value_error("the address of a llama.cpp function is missing");
             new (self) Tokenizer(function, reinterpret_cast<const void*>(vocab));
           },
           "addresses"_a, "vocab"_a)
      .def("cut", [](const Tokenizer& self, const nb::bytes& text) { return self.cut({text.c_str(), text.size()}); });

  nb::class_<Decoder>(m, "Decoder", "One llama_context and what its sequences hold. Not for two threads at once.")
      .def("__init__",
           [](Decoder* self, const nb::dict& addresses, uintptr_t context, uint32_t n_tokens, uint32_t context_size,
              uint32_t batch_size, uint32_t slots, uint32_t branches, bool whole_only, const std::vector<uint32_t>& end_tokens,
              uint32_t attention_cells) {
             if (!n_tokens || !context_size || !slots || !branches || batch_size < slots) {
               throw nb::value_error("sizes of a Decoder are positive, and a batch has room for every slot");
             }
             new (self) Decoder(functions_at(addresses), reinterpret_cast<void*>(context),
                                Decoder::Shape{n_tokens, context_size, batch_size, slots, branches, whole_only, attention_cells},
                                end_tokens);
           },
           "addresses"_a, "context"_a, "n_tokens"_a, "context_size"_a, "batch_size"_a, "slots"_a, "branches"_a, "whole_only"_a,
           "end_tokens"_a, "attention_cells"_a = UINT32_MAX)
      .def("generate",
           [](Decoder& self, uint32_t slot, std::vector<uint32_t> prompt, std::shared_ptr<TokenConstraint> constraint,
              uint32_t max_tokens, const Sampling& sampling, Evidence evidence, std::shared_ptr<RandomSource> random,
              const Tokenizer* tokenizer, SignalInterrupt* interrupt) {
             if (slot >= self.shape().slots) throw nb::index_error("no such slot");
             return evaluate(interrupt, [&](Interrupt& i) {
               return generate(self, slot,
                               std::make_unique<Generation>(std::move(prompt), std::move(constraint),
                                                            GenerationOptions{max_tokens, sampling, evidence, tokenizer},
                                                            std::move(random), self.shape().n_tokens),
                               i);
             });
           },
           "slot"_a, "prompt"_a, "constraint"_a.none(), "max_tokens"_a, "sampling"_a, "evidence"_a, "random"_a,
           "tokenizer"_a.none() = nb::none(), "interrupt"_a.none() = nb::none())
      .def("score",
           [](Decoder& self, uint32_t slot, const std::vector<uint32_t>& prompt,
              const std::vector<std::vector<uint32_t>>& labels, SignalInterrupt* interrupt) {
             if (slot >= self.shape().slots) throw nb::index_error("no such slot");
             return evaluate(interrupt, [&](Interrupt& i) { return score_labels(self, slot, prompt, labels, i); });
           },
           "slot"_a, "prompt"_a, "labels"_a, "interrupt"_a.none() = nb::none())
      .def("logits_after",
           [](Decoder& self, uint32_t slot, const std::vector<uint32_t>& prompt, SignalInterrupt* interrupt) {
             if (slot >= self.shape().slots) throw nb::index_error("no such slot");
             const float* row = evaluate(interrupt, [&](Interrupt& i) { return self.logits_after(slot, prompt, i); });
             float* copy = new float[self.shape().n_tokens];
             std::copy(row, row + self.shape().n_tokens, copy);
             nb::capsule owner(copy, [](void* p) noexcept { delete[] static_cast<float*>(p); });
             return nb::ndarray<nb::numpy, float, nb::ndim<1>>(copy, {self.shape().n_tokens}, owner);
           },
           "slot"_a, "prompt"_a, "interrupt"_a.none() = nb::none())
      .def("best_slot", [](const Decoder& self, const std::vector<uint32_t>& prompt) { return self.best_slot(prompt); },
           "prompt"_a)
      .def("forget", &Decoder::forget, "slot"_a)
      .def("held", &Decoder::held, "slot"_a);

  nb::class_<Slots::Finished>(m, "Finished", "A generation that is done.")
      .def_ro("id", &Slots::Finished::id)
      .def("result",
           [](Slots::Finished& self) {
             try {
               if (std::exception_ptr failure = std::exchange(self.failure, nullptr)) std::rethrow_exception(failure);
             } catch (const DecodeFailure& failure) {
               raise(failure);
             }
             return std::move(self.result);
           },
           "What it produced; raises what made it fail. To be called once.");
  nb::class_<Slots>(m, "Slots", "Generations that are evaluated together. Not for two threads at once.")
      .def(nb::init<Decoder&>(), "decoder"_a, nb::keep_alive<1, 2>())
      .def_prop_ro("is_full", &Slots::is_full, "Whether as many are live as the decoder has slots.")
      .def("__len__", &Slots::n_live, "How many are live.")
      .def("add",
           [](Slots& self, uint64_t id, std::vector<uint32_t> prompt, std::shared_ptr<TokenConstraint> constraint,
              uint32_t max_tokens, const Sampling& sampling, Evidence evidence, std::shared_ptr<RandomSource> random,
              const Tokenizer* tokenizer, std::optional<double> seconds) {
             const Slots::Clock::time_point until =
                 seconds && *seconds < 1e9 ? Slots::Clock::now() + std::chrono::duration_cast<Slots::Clock::duration>(
                                                                       std::chrono::duration<double>(*seconds))
                                           : Slots::kNever;
             if (self.is_full()) throw nb::value_error("every slot has a generation already");
             evaluate(nullptr, [&](Interrupt&) {
               self.add(id, std::make_unique<Generation>(std::move(prompt), std::move(constraint),
                                                         GenerationOptions{max_tokens, sampling, evidence, tokenizer},
                                                         std::move(random), self.n_tokens()),
                        until);
               return true;
             });
           },
           "id"_a, "prompt"_a, "constraint"_a.none(), "max_tokens"_a, "sampling"_a, "evidence"_a, "random"_a,
           "tokenizer"_a.none(), "seconds"_a.none() = nb::none(), nb::keep_alive<1, 9>(),
           "Puts a generation into a free slot; it is cancelled once it has taken so many seconds.")
      .def("run",
           [](Slots& self, SignalInterrupt* interrupt) {
             return evaluate(interrupt, [&](Interrupt& i) { return self.run(i); });
           },
           "interrupt"_a.none() = nb::none(), "Steps until at least one is done; those that are. None if there was none.");

  m.def("masked_pick",
        [](FloatRow logits, std::optional<MaskRow> mask, const Sampling& sampling, RandomSource& random) {
          const uint32_t n = static_cast<uint32_t>(logits.shape(0));
          Picker picker(n);
          const Pick pick = picker.pick(logits.data(), mask_words(mask, n), sampling, random);
          if (pick.status == PickStatus::kEmptyMask) raise({FailureKind::kEmptyMask, "the mask allows no token"});
          if (pick.status == PickStatus::kNotANumber) raise({FailureKind::kNotANumber, "the logits are not finite"});
          return pick.token;
        },
        "logits"_a, "mask"_a.none(), "sampling"_a, "random"_a,
        "One token out of a row of logits, among the set bits of the mask (None: all).");
  m.def("log_sum_exp",
        [](FloatRow logits, std::optional<MaskRow> mask) {
          const uint32_t n = static_cast<uint32_t>(logits.shape(0));
          return Picker(n).log_sum_exp(logits.data(), mask_words(mask, n));
        },
        "logits"_a, "mask"_a.none(), "log(sum(exp(logits))) over the set bits of the mask (None: all), in nats.");
  m.def("log_callback", [] { return reinterpret_cast<uintptr_t>(&keep_log_line); }, "The address to give to llama_log_set.");
  m.def("kept_log_lines", [] {
    nb::list lines;
    for (const std::string& line : kept_log_lines()) {
      lines.append(nb::steal(PyUnicode_DecodeUTF8(line.data(), static_cast<Py_ssize_t>(line.size()), "replace")));
    }
    return lines;
  }, "llama.cpp's last warnings and errors.");
  m.def("forget_log_lines", &forget_log_lines, "Forget what llama.cpp logged.");
  m.def("read_pieces",
        [](const nb::dict& addresses, uintptr_t vocab, uint32_t n_tokens) {
          PieceFunctions f{};
          f.token_to_piece = function_at<decltype(f.token_to_piece)>(addresses, "llama_token_to_piece");
          f.get_attr = function_at<decltype(f.get_attr)>(addresses, "llama_vocab_get_attr");
          f.is_eog = function_at<decltype(f.is_eog)>(addresses, "llama_vocab_is_eog");
          if (!f.token_to_piece || !f.get_attr || !f.is_eog) throw nb::value_error("the address of a llama.cpp function is missing");
          const TokenPieces pieces = read_pieces(f, reinterpret_cast<const void*>(vocab), n_tokens);
          nb::list bytes;
          for (const std::string& piece : pieces.bytes) bytes.append(nb::bytes(piece.data(), piece.size()));
          return nb::make_tuple(bytes, pieces.attributes, pieces.ends);
        },
        "addresses"_a, "vocab"_a, "n_tokens"_a, "Each token's bytes, each token's attribute bits, and the end tokens, as three lists.");
}

}  // namespace typeloom
