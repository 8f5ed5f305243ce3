// A constraint on a whole text that need not be JSON: an automaton over its bytes, with one vocabulary's masks.
//
// It has what a Constraint (matcher.h) has, so the same Matcher walks it. Like there, all Matchers share the tables, and
// one lock guards them. Here, too, are the automata that stand for a JSON type inside a text.
#pragma once
#include <memory>
#include <mutex>

#include "automaton.h"
#include "matcher.h"
#include "text_masks.h"

namespace typeloom {

// The texts that a type's machine accepts: JSON as a terminal of a grammar.
class JsonAutomaton : public Automaton {
 public:
  JsonAutomaton(std::shared_ptr<Grammar> grammar, NodeId root, Layout layout, Order order, size_t max_states)
      : grammar_(std::move(grammar)), machine_(*grammar_, root, layout, order, false, max_states) {}

  uint32_t start() override { return machine_.start(); }
  uint32_t step(uint32_t state, uint8_t byte) override { return machine_.step(state, byte); }
  bool accepting(uint32_t state) override { return machine_.accepting(state); }
  uint32_t distance(uint32_t state) override { return machine_.accepting(state) ? 0 : machine_.distance(state); }

 private:
  std::shared_ptr<Grammar> grammar_;
  Machine machine_;
};

class TextConstraint {
 public:
  // What a Matcher asks of a machine.
  struct TextMachine {
    std::shared_ptr<Automaton> automaton;
    StateId start() { return automaton->start(); }
    StateId step(StateId state, uint8_t byte) { return automaton->step(state, byte); }
    bool accepting(StateId state) { return automaton->accepting(state); }
    uint32_t distance(StateId state) { return automaton->distance(state); }
    ByteSet candidates(StateId) { return ByteSet().set(); }
  };

  TextConstraint(std::shared_ptr<Vocabulary> vocabulary, std::shared_ptr<Automaton> automaton)
      : vocabulary(std::move(vocabulary)), machine{std::move(automaton)}, masks(*this->vocabulary, *machine.automaton) {}

  bool accepts(const std::string& text) {
    std::lock_guard<std::mutex> guard(lock);
    StateId state = machine.start();
    for (char c : text) {
      if (!state) return false;
      state = machine.step(state, uint8_t(c));
    }
    return state && machine.accepting(state);
  }

  std::shared_ptr<Vocabulary> vocabulary;
  TextMachine machine;
  TextMasks masks;
  std::mutex lock;
};

using TextMatcher = BasicMatcher<TextConstraint>;

}  // namespace typeloom
