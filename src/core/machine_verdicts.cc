// Whether an open value can still come true: its atoms' verdicts, translated outwards by the formulas of the frames.
#include "machine.h"

#include <algorithm>

#include "canonical_json.h"

namespace typeloom {

// Whether the document may still come true if the atoms of the value open in `frame` are `verdicts`.
bool Machine::feasible(uint32_t frame, std::vector<uint32_t> verdicts) const {
  for (;;) {
    const Frame& f = frames_[frame];
    if (f.kind == kKinds) return is_nowhere(f) || verdicts.empty() || verdicts[0] != kFalse;
    const ContainerJob& job = grammar_.job(f.job);
    const auto& link = vectors_[f.link];
    if (job.single) {
      if (!verdicts.empty() && verdicts[0] == kFalse) return false;
      if (f.kind == kArray && link.size() > 1) {  // a contains that has its most already must not match again
        const ArrayConstraint& array = grammar_.array(job.leaves[0]);
        const auto& c = array.contains;
        for (size_t j = 0; j < c.size(); ++j) {
          const uint32_t matched = vectors_[f.progress][j], verdict = verdicts[link[1 + j]];
          if (verdict == kTrue && matched >= c[j].maximum) return false;
          // ... and one that needs all the items that are left must match this one.
          if (verdict == kFalse && matched < c[j].minimum && array.maximum != kUnbounded &&
              c[j].minimum - matched > array.maximum - f.count - 1)
            return false;
        }
      }
      return true;
    }
    Verdicts leaves;
    for (uint32_t v : vectors_[f.verdicts]) leaves.push_back(uint8_t(v));
    for (size_t i = 0; i < leaves.size() && i < link.size(); ++i)
      if (link[i] != kNone && verdicts[link[i]] == kFalse) leaves[i] = kFalse;
    std::vector<uint32_t> atoms;
    for (FormulaId a : job.atoms) atoms.push_back(grammar_.evaluate(a, leaves.data()));
    if (job.must) return atoms[0] != kFalse;
    verdicts.swap(atoms);
    frame = f.parent;
  }
}

bool Machine::kind_possible(uint32_t frame, GoalId goal, Kind kind, const Expansion& e) {
  if (grammar_.goal_must(goal) && e.atoms[0] == kFalse) return false;
  if (kind >= kArray && frames_[frame].depth + std::max(1u, e.depth) > kMaxDepth) return false;
  if (grammar_.goal_must(goal)) return joint_goal(goal, kind) ? alive_with(frame, goal, kind) : may_end(frame, {kTrue});
  if (!feasible(frame, std::vector<uint32_t>(e.atoms.begin(), e.atoms.end()))) return false;
  return !joint(frame) || alive_with(frame, goal, kind);
}

bool Machine::value_possible(uint32_t frame, GoalId goal) {
  const Frame& f = frames_[frame];
  if (f.kind == kArray && grammar_.job(f.job).has_unique && grammar_.job(f.job).single) return item_possible(frame, goal);
  if (goal == kFreeGoal) return may_end(frame, {});
  if (grammar_.goal_must(goal)) {
    Cost c = grammar_.cost(goal);
    if (c.bytes == kInfinite) return false;
    if (f.depth + c.depth <= kMaxDepth && !joint_goal(goal, kArray) && !joint_goal(goal, kObject))
      return may_end(frame, {kTrue});
  }
  for (uint8_t kind = 0; kind < kKinds; ++kind)
    if (kind_possible(frame, goal, Kind(kind), grammar_.expand_live(goal, Kind(kind)))) return true;
  return false;
}

// In an array of unique items: some value of the goal is not there yet.
bool Machine::item_possible(uint32_t frame, GoalId goal) {
  if (goal == kFreeGoal) return may_end(frame, {});
  const uint32_t used = frames_[frame].used;
  for (uint8_t k = 0; k < kKinds; ++k) {
    Kind kind = Kind(k);
    Expansion e = grammar_.expand_live(goal, kind);
    if (!kind_possible(frame, goal, kind, e)) continue;
    if (kind <= kFalseLiteral) {
      if (!contains_text(used, text_of(kLiterals[kind]))) return true;
    } else if (kind == kString) {
      const StringJob& job = grammar_.string_job(e.job);
      if (!job.single) return true;
      ExprId left = without_used(job.one.language, used);
      if (grammar_.exprs.has_length_between(left, job.one.minimum, job.one.maximum)) return true;
    } else if (kind == kNumber) {
      const NumbersJob& job = grammar_.number_job(e.job);
      if (!job.single || number_has_unused(grammar_.numbers.start(job.job), "", used)) return true;
    } else {
      return true;
    }
  }
  return false;
}

ExprId Machine::without_used(ExprId language, uint32_t used) {
  if (language == kAll || used == 0) return language;
  if (grammar_.exprs.max_chars(language) == kUnbounded) return language;
  auto [it, fresh] = without_used_.try_emplace(uint64_t(language) << 32 | used, language);
  if (!fresh) return it->second;
  std::vector<std::string> texts;
  for (uint32_t id : vectors_[used]) {
    std::string t = text(id);
    if (!t.empty() && t[0] == '"') texts.push_back(t.substr(1, t.size() - 2));  // canonical_json keeps strings decoded
  }
  if (texts.empty()) return language;
  return it->second = grammar_.exprs.without(language, std::move(texts));
}

// Some number that continues `text` from s is not used: completions are tried in order; a finite language runs out of
// used ones, an infinite one offers an unused one soon.
bool Machine::number_has_unused(NumberState s, std::string text, uint32_t used) {
  if (!s) return false;
  struct Step {
    NumberState state;
    std::string text;
  };
  std::vector<Step> queue{{s, std::move(text)}};
  static const char bytes[] = "0123456789-.eE+";
  for (size_t i = 0; i < queue.size() && i < 20000; ++i) {
    Step step = queue[i];
    if (grammar_.numbers.holds(step.state) & 1)
      if (!contains_text(used, text_of(canonical_json(step.text)))) return true;
    for (const char* b = bytes; *b; ++b)
      if (NumberState next = grammar_.numbers.step(step.state, uint8_t(*b)))
        queue.push_back({next, step.text + *b});
  }
  return queue.size() >= 20000;
}

// The value of an item that closes holds every string in it between quotes, decoded (canonical_json.h). So an item with a
// string that no used one holds is new, and which string it is does not matter: save to arrays of few possible items,
// where it may be the one that later items lack.
Machine::OpenItem Machine::open_item(const State& s) {
  static const std::string kNew = "\xEE\x80\x80";  // a private-use character
  OpenItem found;
  std::vector<uint32_t> ids;  // of the recorded text, by length
  for (uint32_t id = s.recorded; id > 1; id = texts_[id].before) ids.push_back(id);
  std::reverse(ids.begin(), ids.end());
  size_t open = 0;
  bool inside = false;
  for (size_t i = 0; i < ids.size(); ++i) {
    const uint32_t b = texts_[ids[i]].byte;
    if (b == '"') inside = !inside, open = i;
    else if (b == '\\' && inside) ++i;
  }
  found.begun = "\"" + decode_escapes(text(s.recorded, ids[open]));
  bool alike = true;
  for (uint32_t at = s.frame; frames_[at].kind != kKinds; at = frames_[at].parent) {
    const Frame& f = frames_[at];
    const ContainerJob& job = grammar_.job(f.job);
    if (f.kind != kArray || !job.has_unique) continue;
    if (at == s.frame && job.single)
      alike &= grammar_.array(job.leaves[0]).prefix.empty() &&
               (s.mode == kFree || grammar_.exprs.max_chars(s.a) == kUnbounded);
    for (uint32_t used : vectors_[f.used]) {
      std::string item = text(used);
      alike &= item.find("\"" + kNew + "\"") == std::string::npos;
      if (item.find(found.begun) != std::string::npos) found.held.push_back(std::move(item));
    }
  }
  if (!alike) return found;
  State other = s;
  other.recorded = ids[open];
  for (char c : kNew) other.recorded = texts_.intern({other.recorded, uint8_t(c)});
  other.recorded = texts_.intern({other.recorded, '"'});
  found.after = after_string(other);
  return found;
}

uint32_t Machine::canonical_value(uint32_t recorded, uint32_t mark) {
  return text_of(canonical_json(text(recorded, mark)));
}

}  // namespace typeloom
