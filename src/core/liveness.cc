// Whether a container can still end well where the cheap answer may be wrong: a bounded search over joint completions.
//
// Theory of operation. `feasible` asks every leaf of a frame by itself and so lets two leaves under `oneOf` live though
// whatever makes one true makes both. A frame is *joint* if that can happen to it: its formula is more than a union, or
// it counts matches of `contains`, or what is around it is joint and its verdicts matter there.
//
// For joint frames, outcomes are computed: which vectors of verdicts can a goal's values reach (`outcomes`), and which
// can a container still reach from where it is (`rest_outcomes`)? The search is over abstract members: a key (or a class of
// undeclared keys that the same patterns hold) with an outcome of its value, not over texts. It ignores everything
// outside of the container, so its results are shared by all places. A frame is alive if one of its outcomes lets the
// frame around it live on.
//
// The search deepens by nesting, and visits a bounded number of frames at each level. If it ends without a complete
// answer, the frame is taken to be alive and counted in `n_assumed_alive()`: then an empty mask is possible, which ends
// in an exception. Results depend on the frame only, never on what was asked before.
#include <algorithm>

#include "machine.h"

namespace typeloom {

namespace {

constexpr uint32_t kDeepest = 1;       // levels of nesting below the frame
constexpr size_t kMostSteps[] = {60, 300};  // of one search by levels of nesting below it: values of members looked at
constexpr size_t kMostOutcomes = 64;   // of one goal
constexpr size_t kMostOpen = 4;        // open languages of a string whose combinations are tried
constexpr size_t kMostWatched = 4;     // patterns whose combinations make classes of undeclared keys

bool is_union(const Grammar& grammar, FormulaId id) {
  const Formula& f = grammar.formula(id);
  if (f.op == Formula::kLeaf || f.op == Formula::kConstant) return true;
  if (f.op != Formula::kOr) return false;
  return std::all_of(f.parts.begin(), f.parts.end(),
                     [&](FormulaId p) { return grammar.formula(p).op == Formula::kLeaf; });
}

void add(Machine::Outcomes& outcomes, uint32_t verdicts) {
  auto at = std::lower_bound(outcomes.verdicts.begin(), outcomes.verdicts.end(), verdicts);
  if (at != outcomes.verdicts.end() && *at == verdicts) return;
  if (outcomes.verdicts.size() >= kMostOutcomes) outcomes.complete = false;
  else outcomes.verdicts.insert(at, verdicts);
}

}  // namespace

bool Machine::joint_job(Kind kind, uint32_t id) const {
  const ContainerJob& job = grammar_.job(id);
  if (job.single) return kind == kArray && !grammar_.array(job.leaves[0]).contains.empty();
  return !std::all_of(job.atoms.begin(), job.atoms.end(), [&](FormulaId a) { return is_union(grammar_, a); });
}

bool Machine::joint(uint32_t frame) {
  if (frame >= joint_.size()) joint_.resize(frames_.size() + 64, 0);
  if (joint_[frame]) return joint_[frame] == 2;
  const Frame f = frames_[frame];
  bool is = false;
  if (f.kind != kKinds) {
    const ContainerJob& job = grammar_.job(f.job);
    is = joint_job(Kind(f.kind), f.job) || (!job.single && !job.must && joint(f.parent));
  }
  joint_[frame] = is ? 2 : 1;
  return is;
}

// Whether a container that the goal demands is joint.
bool Machine::joint_goal(GoalId goal, Kind kind) {
  if (kind != kArray && kind != kObject) return false;
  const Expansion& e = grammar_.expand(goal, kind);
  return e.job != kNone && joint_job(kind, e.job);
}

// --- what is asked of the search ----------------------------------------------------------------------------------------

bool Machine::alive(uint32_t frame) {
  if (!joint(frame)) return true;
  if (frame >= alive_.size()) alive_.resize(frames_.size() + 64, 0);
  if (alive_[frame]) return alive_[frame] == 2;
  const bool found = find_alive(frame);
  if (frame >= alive_.size()) alive_.resize(frames_.size() + 64, 0);
  alive_[frame] = found ? 2 : 1;
  return found;
}

bool Machine::find_alive(uint32_t frame) {
  const Frame f = frames_[frame];
  const ContainerJob& job = grammar_.job(f.job);
  if (one_leaf_will_do(f)) return true;
  const uint32_t inside = detached(f);
  for (uint32_t depth = 0; depth <= kDeepest; ++depth) {
    const Outcomes found = rest_outcomes(inside, depth);
    for (uint32_t v : found.verdicts)
      if (job.must || job.single || alive_closing(f.parent, vectors_[v])) return true;
    if (found.complete) return false;
  }
  ++n_assumed_alive_;
  return true;
}

// A frame that must come true, and comes true by one open leaf alone: every other open one is that leaf taken by value, or
// can be left false, since it asks for a key that the one does not need. In a tagged union, everything after the tag.
bool Machine::one_leaf_will_do(const Frame& f) {
  const ContainerJob& job = grammar_.job(f.job);
  if (!job.must || job.single) return false;
  const std::vector<uint32_t>& verdicts = vectors_[f.verdicts];
  for (size_t one = 0; one < job.leaves.size(); ++one) {
    if (verdicts[one] == kFalse) continue;
    Verdicts alone;
    bool others = true;  // are settled
    for (size_t leaf = 0; leaf < job.leaves.size() && others; ++leaf) {
      const bool along = leaf == one || grammar_.is_by_value(Kind(f.kind), job.leaves[leaf], job.leaves[one]);
      alone.push_back(verdicts[leaf] != kFalse && along ? kTrue : kFalse);
      others = verdicts[leaf] == kFalse || along || can_be_left(f, leaf, one);
    }
    if (others && grammar_.evaluate(job.atoms[0], alone.data()) == kTrue) return true;
  }
  return false;
}

// Whether an object's leaf comes out false if no more keys are written than another one needs.
bool Machine::can_be_left(const Frame& f, size_t leaf, size_t other) {
  if (f.kind != kObject) return false;
  const ContainerJob& job = grammar_.job(f.job);
  const KeyTable& t = grammar_.key_table(f.job);
  if (grammar_.object(job.leaves[other]).minimum > grammar_.object(job.leaves[other]).required.size()) return false;
  for (uint32_t key = 0; key < t.keys.size(); ++key)
    if (t.required[leaf][key] && !t.required[other][key] && !has_seen(f, key)) return true;
  return false;
}

// Whether a value whose atoms become these verdicts, open ones among them, may end in the frame.
bool Machine::may_end(uint32_t frame, const std::vector<uint32_t>& verdicts) {
  if (!feasible(frame, verdicts)) return false;
  if (!joint(frame) || std::find(verdicts.begin(), verdicts.end(), uint32_t(kOpen)) != verdicts.end()) return true;
  return alive_closing(frame, verdicts);
}

// Whether the document can live on after the value that is open in the frame ends with these verdicts, all decided.
bool Machine::alive_closing(uint32_t frame, const std::vector<uint32_t>& given) {
  const std::vector<uint32_t> verdicts = given;
  Frame f = frames_[frame];
  if (f.kind == kKinds) return is_nowhere(f) || verdicts.empty() || verdicts[0] != kFalse;
  std::vector<uint32_t> leaves;
  if (!settle(f, verdicts, leaves)) return false;
  f.link = 0;
  if (!grammar_.job(f.job).single) {
    f.verdicts = vectors_.intern(leaves);
    if (!leaves.empty() && !feasible(frames_.intern(f), {})) return false;
  }
  return alive(frames_.intern(f));
}

// Whether some value of the goal, of one kind, lets the document live on after it.
bool Machine::alive_with(uint32_t frame, GoalId goal, Kind kind) {
  for (uint32_t depth = 0; depth <= kDeepest; ++depth) {
    const Outcomes found = outcomes(goal, kind, depth);
    for (uint32_t v : found.verdicts)
      if (alive_closing(frame, vectors_[v])) return true;
    if (found.complete) return false;
  }
  ++n_assumed_alive_;
  return true;
}

bool Machine::undecided(GoalId goal, Kind kind) {
  const Expansion e = grammar_.expand_live(goal, kind);
  return std::find(e.atoms.begin(), e.atoms.end(), uint8_t(kOpen)) != e.atoms.end();
}

// --- outcomes -----------------------------------------------------------------------------------------------------------

// The frame by itself: at its place, with what it has come to, and nothing around it.
uint32_t Machine::detached(Frame f) {
  f.parent = nowhere_;
  f.depth = 1;
  f.link = f.mark = f.used = 0;
  return frames_.intern(f);
}

const Machine::Outcomes& Machine::outcomes(GoalId goal, Kind kind, uint32_t depth) {
  const uint64_t key = (uint64_t(goal) * kKinds + kind) * (kDeepest + 1) + depth;
  auto it = outcomes_.find(key);
  if (it == outcomes_.end()) it = outcomes_.emplace(key, find_outcomes(goal, kind, depth)).first;
  return it->second;
}

Machine::Outcomes Machine::find_outcomes(GoalId goal, Kind kind, uint32_t depth) {
  Outcomes out;
  const Expansion e = grammar_.expand_live(goal, kind);
  const std::vector<uint32_t> first(e.atoms.begin(), e.atoms.end());
  if (grammar_.goal_must(goal) && first[0] == kFalse) return out;
  if (!undecided(goal, kind)) {
    add(out, vectors_.intern(first));
    return out;
  }
  if (kind == kNumber) {
    const NumbersJob& job = grammar_.number_job(e.job);
    if (job.single) add(out, vectors_.intern({kTrue}));
    else {
      const auto n_open = std::count(first.begin(), first.end(), uint32_t(kOpen));
      const size_t most = size_t{1} << std::min<size_t>(size_t(n_open), 16);
      const bool all = grammar_.number_outcomes(job, [&](const std::vector<uint32_t>& v) {
        add(out, vectors_.intern(v));
        return out.verdicts.size() < most;
      });
      out.complete &= all;
    }
    return out;
  }
  if (kind == kString) {
    const StringJob& job = grammar_.string_job(e.job);
    if (job.single) add(out, vectors_.intern({kTrue}));
    else string_outcomes(job.exprs, out);
    return out;
  }
  Frame f = open_frame(nowhere_, kind, e.job);
  const ContainerJob& job = grammar_.job(f.job);
  if (job.must && !joint_job(kind, e.job)) {  // found by its cost
    add(out, vectors_.intern({kTrue}));
    return out;
  }
  return rest_outcomes(detached(f), depth);
}

void Machine::string_outcomes(const std::vector<uint32_t>& exprs, Outcomes& out) {
  ExprTable& table = grammar_.exprs;
  std::vector<size_t> open;
  std::vector<uint32_t> verdicts;
  for (size_t i = 0; i < exprs.size(); ++i) {
    verdicts.push_back(table.is_empty(exprs[i]) ? kFalse : table.is_all(exprs[i]) ? kTrue : kOpen);
    if (verdicts.back() == kOpen) open.push_back(i);
  }
  if (open.size() > kMostOpen) {
    out.complete = false;
    return;
  }
  for (uint32_t wanted = 1u << open.size(); wanted-- > 0;) {
    std::vector<ExprId> parts;
    for (size_t j = 0; j < open.size(); ++j) {
      const bool holds = wanted >> j & 1;
      verdicts[open[j]] = holds ? kTrue : kFalse;
      parts.push_back(holds ? exprs[open[j]] : table.complement(exprs[open[j]]));
    }
    if (parts.empty() || !table.is_empty(table.conjoin(std::move(parts)))) add(out, vectors_.intern(verdicts));
  }
}

const Machine::Outcomes& Machine::rest_outcomes(uint32_t frame, uint32_t depth) {
  const uint64_t key = uint64_t(frame) * (kDeepest + 1) + depth;
  auto it = rest_outcomes_.find(key);
  if (it == rest_outcomes_.end()) it = rest_outcomes_.emplace(key, find_rest_outcomes(frame, depth)).first;
  return it->second;
}

// Breadth first over the members that can change anything: what leaves every verdict and count as it is, and is not
// required by anybody, brings no outcome nearer. Whether an item can repeat another one is not asked: it counts as possible.
Machine::Outcomes Machine::find_rest_outcomes(uint32_t frame, uint32_t depth) {
  Outcomes out;
  const ContainerJob& job = grammar_.job(frames_[frame].job);
  const bool one_will_do = job.must || job.single;
  if (one_leaf_will_do(frames_[frame])) {
    add(out, vectors_.intern({kTrue}));
    return out;
  }
  std::vector<uint32_t> queue{frame};
  std::unordered_map<uint32_t, bool> seen{{frame, true}};
  std::vector<uint32_t> atoms;
  size_t steps = 0;
  for (size_t i = 0; i < queue.size(); ++i) {
    const Frame f = frames_[queue[i]];
    atoms.clear();
    if (decide(f, atoms)) {
      add(out, vectors_.intern(one_will_do ? std::vector<uint32_t>{kTrue} : atoms));
      if (one_will_do || out.verdicts.size() >= (size_t{1} << std::min<size_t>(job.atoms.size(), 16))) {
        out.complete = true;
        return out;
      }
    }
    if (steps > kMostSteps[depth]) {
      out.complete = false;
      continue;
    }
    bool done = false;
    auto reach = [&](Frame next, const std::vector<uint32_t>& leaves) {
      if (!job.single) next.verdicts = vectors_.intern(leaves);
      const uint32_t id = frames_.intern(next);
      if (job.must && !job.single && !feasible(id, {})) return;
      if (one_leaf_will_do(next)) done = true;
      else if (changes(f, next) && seen.try_emplace(id, true).second) queue.push_back(id);
    };
    auto member = [&](Frame opened, GoalId goal) {
      ++steps;
      for (uint8_t kind = 0; kind < kKinds && !done; ++kind) {
        if (depth == 0 && kind >= kArray && undecided(goal, Kind(kind))) {
          out.complete = false;
          continue;
        }
        const Outcomes& values = outcomes(goal, Kind(kind), depth ? depth - 1 : 0);
        out.complete &= values.complete;
        for (uint32_t v : std::vector<uint32_t>(values.verdicts)) {
          if (done) return;
          if (++steps > kMostSteps[depth]) {
            out.complete = false;
            return;
          }
          Frame next = opened;
          std::vector<uint32_t> leaves;
          if (!settle(next, vectors_[v], leaves)) continue;
          next.link = next.used = 0;
          reach(next, leaves);
          if (!job.has_unique || job.single || f.count == 0) continue;
          for (size_t leaf = 0; leaf < job.leaves.size(); ++leaf)  // an item may also repeat another one
            if (grammar_.array(job.leaves[leaf]).unique) leaves[leaf] = kFalse;
          reach(next, leaves);
        }
      }
    };
    if (f.kind == kArray) {
      Frame opened = f;
      GoalId goal = kFreeGoal;
      if (begin_item(opened, goal)) member(opened, goal);
    } else {
      const KeyTable& t = grammar_.key_table(f.job);
      auto wanted = [&](uint32_t key) {  // the keys that tell leaves apart are mostly required ones
        return std::any_of(t.required.begin(), t.required.end(), [&](const auto& leaf) { return leaf[key]; });
      };
      for (bool required : {true, false})
        for (uint32_t key = 0; key < t.keys.size() && !done; ++key) {
          Frame opened = f;
          GoalId goal = kFreeGoal;
          if (wanted(key) == required && !has_seen(f, key) && begin_member(opened, key, 0, {}, goal)) member(opened, goal);
        }
      const KeyClasses& unknown = key_classes(f.job);
      out.complete &= unknown.complete;
      for (const KeyClass& some : unknown.classes) {
        Frame opened = f;
        GoalId goal = kFreeGoal;
        if (!done && begin_member(opened, kNone, some.text, some.matched, goal)) member(opened, goal);
      }
    }
    if (done) {
      add(out, vectors_.intern({kTrue}));
      out.complete = true;
      return out;
    }
  }
  return out;
}

bool Machine::has_seen(const Frame& f, uint32_t key) const {
  const auto& progress = vectors_[f.progress];
  const size_t n_positions = order_ == Order::kDeclared ? grammar_.job(f.job).leaves.size() : 0;
  if (std::binary_search(progress.begin() + long(n_positions), progress.end(), key)) return true;
  const ContainerJob& job = grammar_.job(f.job);
  if (!by_position(job)) return false;
  const uint32_t property = grammar_.key_table(f.job).property[0][key];
  return property != kNone && property < progress[0];
}

// Whether a member brought the container anywhere: other verdicts, other counts, or a key that somebody requires.
bool Machine::changes(const Frame& before, const Frame& after) {
  if (before.verdicts != after.verdicts || before.count != after.count) return true;
  if (before.kind == kArray) return before.progress != after.progress;
  const ContainerJob& job = grammar_.job(before.job);
  for (size_t leaf = 0; leaf < job.leaves.size(); ++leaf)
    if (requirements_met(before, job, leaf) != requirements_met(after, job, leaf)) return true;
  const KeyTable& t = grammar_.key_table(before.job);
  for (uint32_t key = 0; key < t.keys.size(); ++key)
    if (has_seen(before, key) != has_seen(after, key))
      for (size_t leaf = 0; leaf < job.leaves.size(); ++leaf)
        if (t.required[leaf][key]) return true;
  return false;
}

// Undeclared keys, one for each set of patterns (and of names that leaves demand) that holds some key.
const Machine::KeyClasses& Machine::key_classes(uint32_t job_id) {
  auto it = key_classes_.find(job_id);
  if (it != key_classes_.end()) return it->second;
  const ContainerJob& job = grammar_.job(job_id);
  const KeyTable& t = grammar_.key_table(job_id);
  ExprTable& table = grammar_.exprs;
  KeyClasses found;
  std::vector<ExprId> watched = t.watched;
  for (uint32_t leaf : job.leaves) {
    const ExprId names = grammar_.object(leaf).names;
    if (names != kAll && std::find(watched.begin(), watched.end(), names) == watched.end()) watched.push_back(names);
  }
  if (t.unknown_allowed) {
    const ExprId undeclared = table.conjoin({t.unknown, table.complement(table.literals(t.keys))});
    const bool all = watched.size() <= kMostWatched;
    // Every combination where they are few; else each pattern with all that it brings, and none.
    found.complete = all;
    const uint32_t n = all ? 1u << watched.size() : uint32_t(watched.size()) + 1;
    for (uint32_t wanted = 0; wanted < n; ++wanted) {
      std::vector<ExprId> parts{undeclared};
      for (size_t j = 0; j < watched.size(); ++j) {
        if (all) parts.push_back(wanted >> j & 1 ? watched[j] : table.complement(watched[j]));
        else if (wanted == 0) parts.push_back(table.complement(watched[j]));
        else if (wanted == j + 1) parts.push_back(watched[j]);
      }
      const ExprId language = table.conjoin(std::move(parts));
      if (table.is_empty(language)) continue;
      KeyClass some;
      some.language = language;
      some.text = text_of(shortest_text(language));
      for (ExprId e : t.watched) some.matched.push_back(matches(e, text(some.text)));
      found.classes.push_back(std::move(some));
    }
  }
  return key_classes_.emplace(job_id, std::move(found)).first->second;
}

bool Machine::matches(ExprId language, const std::string& text) {
  for (char c : text) language = language == kEmpty ? kEmpty : grammar_.exprs.step(language, uint8_t(c));
  return grammar_.exprs.nullable(language);
}

std::string Machine::shortest_text(ExprId language) {
  constexpr size_t kLongest = 2000;
  std::string out;
  while (!grammar_.exprs.nullable(language) && out.size() < kLongest) {
    const ExprId* row = grammar_.exprs.row(language);
    int best = -1;
    uint32_t least = kUnbounded;
    for (int b = 0; b < 256; ++b) {
      const uint32_t bytes = row[b] == kEmpty ? kUnbounded : grammar_.exprs.min_bytes(row[b]);
      if (bytes < least) least = bytes, best = b;
    }
    if (best < 0) break;
    out += char(best);
    language = row[best];
  }
  return out;
}

}  // namespace typeloom
