// Texts that an automaton keeps: what follows whole runs of bytes, with no state made for each of them.
//
// An automaton whose states are texts (Automaton::free_run) would give every token of a vocabulary states of its own. Where
// an expression is such automata, each with something behind that begins with another kind of byte, none is needed: any
// token of letters, digits and hyphens lives, and what follows the end of the text depends on whether it is accepted.
#pragma once
#include "regex_ahead.h"

namespace typeloom::regex {

struct Runs : Ahead {
  using Ahead::Ahead;

  std::unordered_map<ExprId, bool> stops_runs;  // by what stands behind an automaton

  // The automaton's node and what stands behind it.
  struct Part { ExprId automaton, rest; };
  Part head_of(ExprId e) const { return at(e).kind == kConcat ? Part{at(e).a, at(e).b} : Part{e, kEpsilon}; }
  Automaton& automaton_of(ExprId e) { return *automata[at(e).a]; }
  std::vector<Part> parts_of(ExprId e) const {
    std::vector<Part> parts;
    if (!has(e, kText)) return parts;
    const Node& n = at(e);
    if (n.kind != kAlternate) parts.push_back(head_of(e));
    else for (uint32_t i = 0; i < n.b; ++i) parts.push_back(head_of(pool[n.a + i]));
    for (const Part& p : parts)
      if (at(p.automaton).kind != kExternal) return {};  // an automaton in a conjunction, or repeated
    return parts;
  }

  uint32_t free_run(ExprId e) {
    uint32_t longest = 0;
    for (const Part& p : parts_of(e)) {
      if (!stops(p.rest)) return 0;
      longest = std::max(longest, automaton_of(p.automaton).free_run(at(p.automaton).b));
    }
    return longest;
  }
  // Nothing that may stand in the run begins it, and nothing that is written as an escape.
  bool stops(ExprId rest) {
    auto [it, fresh] = stops_runs.try_emplace(rest, true);
    if (fresh) {
      bool found = true;
      for (unsigned b = 0; b < 128 && found; ++b) {
        const bool plain = (b >= '0' && b <= '9') || ((b | 32) >= 'a' && (b | 32) <= 'z') || b == '-';
        if (plain || b < 0x20 || b == '"' || b == '\\') found = derivative(rest, uint8_t(b)) == kEmpty;
      }
      stops_runs[rest] = found;
      return found;
    }
    return it->second;
  }

  ExprId after(ExprId e, std::string_view text, uint8_t byte) {
    Ids next;
    for (const Part& p : parts_of(e))
      if (automaton_of(p.automaton).accepts(at(p.automaton).b, text)) next.push_back(derivative(p.rest, byte));
    const ExprId found = make_alternate(std::move(next));
    return is_empty(found) ? kEmpty : found;
  }
  bool accepts_text(ExprId e, std::string_view text) {
    for (const Part& p : parts_of(e))
      if (has(p.rest, kNullable) && automaton_of(p.automaton).accepts(at(p.automaton).b, text)) return true;
    return false;
  }
};

}  // namespace typeloom::regex
