// The public face of the expression table, and how bytes and characters agree. See regex.h for the theory of operation;
// the layers below are regex_nodes.h (storage), regex_forms.h (normal forms, derivatives), regex_ahead.h (liveness) and
// regex_run.h (texts that automata keep).
//
// UTF-8. All other strings are never fed, so the language of an expression matters on valid UTF-8 only. Two rules make
// the bytewise algebra agree with the algebra of code points:
//   - `complement` yields AnyText & ~X, where AnyText steps character by character; so a state that is reached inside a
//     character knows how many bytes are still to come, and liveness is exact there, too;
//   - the split point of a concatenation (and of a repetition) must fall between characters: where neither side ensures
//     that by itself (flags kTight, kStartsAligned, kEndsAligned), the left side is intersected with AnyText.
//   kAll stands for "any text" where the consumer's own UTF-8 check suffices; it steps to itself on every byte.
//
// Nesting. Constructors refuse expressions nested deeper than kMaxNesting; derivatives may add a few levels to that (at
// most kHardNesting). Recursion in this file goes down nesting only; the right spine of a concatenation is a loop.
#include "regex.h"

#include <cstdio>
#include <iterator>
#include <stdexcept>

#include "regex_run.h"

namespace typeloom {

using namespace regex;

struct ExprTable::Impl : Runs {
  using Runs::Runs;

  // ---- the split point of concatenations falls between characters ----------------------------------------------
  ExprId tighten(ExprId e) { return has(e, kTight) ? e : e == kAll ? any_text : make_conjoin({e, any_text}); }
  ExprId concat_texts(ExprId x, ExprId y) {
    if (x == kAll && run_of(y).part == any_char) return make_repeat(any_char, run_of(y).minimum, kUnbounded);
    if (y == kAll && run_of(x).part == any_char) return make_repeat(any_char, run_of(x).minimum, kUnbounded);
    if (x == kAll && y == kAll) return kAll;
    if (x == kAll && at(y).kind == kConcat && at(y).a == kAll) return y;
    const bool aligned = has(x, kTight) || has(y, kTight) || has(x, kEndsAligned) || has(y, kStartsAligned);
    return make_concat(aligned ? x : tighten(x), y);
  }
  ExprId checked(ExprId e) const {
    if (at(e).nesting > kMaxNesting) throw LimitExceeded{"regex nesting", at(e).nesting};
    return e;
  }
  ExprId whole(ExprId e) const { return e == any_text ? kAll : e; }

  void describe(ExprId e, std::string& out) const {
    if (out.size() > 2000) { out += "..."; return; }
    const Node& n = at(e);
    const auto set = [&](const Bits& s) {
      char hex[8];
      out += '[';
      for (unsigned b = 0; b < 256; ++b) {
        if (!s.has(b)) continue;
        unsigned last = b;
        while (last < 255 && s.has(last + 1)) ++last;
        for (unsigned x : {b, last}) {
          if (x > 32 && x < 127) out += char(x);
          else { std::snprintf(hex, sizeof hex, "\\x%02X", x); out += hex; }
          if (b == last) break;
          if (x == b) out += '-';
        }
        b = last;
      }
      out += ']';
    };
    const auto joined = [&](const char* between) {
      out += '(';
      for (uint32_t i = 0; i < n.b; ++i) { if (i) out += between; describe(pool[n.a + i], out); }
      out += ')';
    };
    switch (n.kind) {
      case kEmpty: out += "<none>"; break;
      case kEpsilon: out += "\"\""; break;
      case kAll: out += "<all>"; break;
      case kBytes: set(sets[n.a]); break;
      case kSwitch:
        if (e == any_char) { out += "<char>"; break; }
        out += "{";
        for (uint32_t i = 0; i < n.b; ++i) { if (i) out += '|'; set(sets[pool[n.a + 2 * i]]); describe(pool[n.a + 2 * i + 1], out); }
        out += "}";
        break;
      case kLiterals: out += "<" + std::to_string(n.c - n.b) + " literals+" + std::to_string(n.d) + ">"; break;
      case kExcerpt: out += "<excerpt of " + std::to_string(documents[n.a]->text().size()) + " bytes>"; break;
      case kExternal: out += "<automaton state " + std::to_string(n.b) + ">"; break;
      case kConcat:
        for (; at(e).kind == kConcat && out.size() <= 2000; e = at(e).b) { describe(at(e).a, out); out += ' '; }
        describe(e, out);
        break;
      case kAlternate: joined("|"); break;
      case kConjoin: joined("&"); break;
      case kComplement: out += "~("; describe(n.a, out); out += ')'; break;
      case kRepeat:
        out += '('; describe(n.a, out);
        out += "){" + std::to_string(n.b) + "," + (n.c == kUnbounded ? "" : std::to_string(n.c)) + "}";
        break;
    }
  }
};

// ---- the public face ------------------------------------------------------------------------------------------------

ExprTable::ExprTable(size_t max_states) : impl_(std::make_unique<Impl>(max_states)) {}
ExprTable::~ExprTable() = default;

ExprId ExprTable::literal(std::string_view bytes) {
  ExprId e = kEpsilon;
  for (size_t end = bytes.size(); end > 0;) {  // right to left, a character at a time
    size_t start = end - 1;
    while (start > 0 && is_continuation(uint8_t(bytes[start])) && end - start < 4) --start;
    uint32_t lead = uint8_t(bytes[start]);
    const size_t length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    ExprId character = kEmpty;
    if (length == 1 && start + 1 == end) {
      Bits s;
      s.set(lead);
      character = impl_->make_bytes(s);
    } else if (length == end - start) {
      uint32_t point = length == 1 ? lead : lead & (0x7F >> length);
      for (size_t i = start + 1; i < end; ++i) point = point << 6 | (uint8_t(bytes[i]) & 0x3F);
      character = impl_->chars({{point, point}});
    }
    if (character == kEmpty) {  // not UTF-8: the plain byte
      Bits s;
      s.set(uint8_t(bytes[start = end - 1]));
      character = impl_->make_bytes(s);
    }
    e = impl_->make_concat(character, e);
    end = start;
  }
  return e;
}

ExprId ExprTable::literals(std::vector<std::string> texts) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  if (texts.empty()) return kEmpty;
  if (texts.size() == 1) return literal(texts[0]);
  Texts t;
  for (const std::string& s : texts) t.chars.push_back(count_chars(s));
  t.sorted = std::move(texts);
  impl_->tables.push_back(std::move(t));
  const uint32_t table = uint32_t(impl_->tables.size() - 1);
  return impl_->make_literals(table, 0, uint32_t(impl_->tables[table].sorted.size()), 0);
}

ExprId ExprTable::without(ExprId language, std::vector<std::string> texts) {
  const Node n = impl_->at(language);
  if (n.kind != kLiterals || n.d != 0) return conjoin({language, complement(literals(std::move(texts)))});
  std::sort(texts.begin(), texts.end());  // a table stays a table: no conjunction to search
  const Texts& t = impl_->tables[n.a];
  std::vector<uint32_t> left;
  auto removed = texts.begin();
  for (uint32_t i = n.b; i < n.c; ++i) {
    const std::string& text = impl_->text(t, i);
    while (removed != texts.end() && *removed < text) ++removed;
    if (removed == texts.end() || *removed != text) left.push_back(t.places.empty() ? i : t.places[i]);
  }
  if (left.size() == n.c - n.b) return language;
  if (left.empty()) return kEmpty;
  const uint32_t whole = t.places.empty() ? n.a : t.whole;
  if (left.size() == 1) return literal(std::string(impl_->tables[whole].sorted[left[0]]));
  const Nodes::Range part = impl_->part_of(whole, std::move(left));
  return impl_->make_literals(part.table, part.first, part.last, 0);
}

ExprId ExprTable::excerpt(std::shared_ptr<const Document> document) {
  if (document->empty()) return kEmpty;
  auto& documents = impl_->documents;
  const auto known = std::find(documents.begin(), documents.end(), document);
  const uint32_t index = uint32_t(known - documents.begin());
  const Document::Range range = document->start();
  if (known == documents.end()) documents.push_back(std::move(document));
  return impl_->make(kExcerpt, index, range.low, range.high, range.depth);
}

ExprId ExprTable::external(std::shared_ptr<Automaton> automaton) {
  impl_->automata.push_back(std::move(automaton));
  const uint32_t index = uint32_t(impl_->automata.size() - 1);
  const uint32_t start = impl_->automata[index]->start();
  return start ? impl_->make(kExternal, index, start) : kEmpty;
}

ExprId ExprTable::chars(const std::vector<std::pair<uint32_t, uint32_t>>& ranges) { return impl_->chars(ranges); }

ExprId ExprTable::concat(const std::vector<ExprId>& parts) {
  ExprId e = kEpsilon;
  for (size_t i = parts.size(); i-- > 0;) e = impl_->concat_texts(parts[i], e);
  return impl_->checked(impl_->whole(e));
}
ExprId ExprTable::alternate(std::vector<ExprId> parts) {
  return impl_->checked(impl_->whole(impl_->make_alternate(std::move(parts))));
}
ExprId ExprTable::conjoin(std::vector<ExprId> parts) {
  return impl_->checked(impl_->whole(impl_->make_conjoin(std::move(parts))));
}
ExprId ExprTable::complement(ExprId part) {
  if (part == impl_->any_text) return kEmpty;
  const Node n = impl_->at(part);
  if (n.kind == kConjoin && n.b == 2) {  // AnyText & ~X, complemented
    const ExprId *parts = impl_->list(n), x = parts[0] == impl_->any_text ? parts[1] : parts[0];
    if ((parts[0] == impl_->any_text || parts[1] == impl_->any_text) && impl_->at(x).kind == kComplement)
      return impl_->checked(impl_->whole(impl_->tighten(impl_->at(x).a)));
  }
  return impl_->checked(impl_->whole(impl_->make_conjoin({impl_->make_complement(part), impl_->any_text})));
}
ExprId ExprTable::repeat(ExprId part, uint32_t minimum, uint32_t maximum) {
  if (maximum > 1 && part != kAll) part = impl_->tighten(part);
  return impl_->checked(impl_->whole(impl_->make_repeat(part, minimum, maximum)));
}
ExprId ExprTable::length_between(uint32_t minimum, uint32_t maximum) {
  return impl_->whole(impl_->make_repeat(impl_->any_char, minimum, maximum));
}

ExprId ExprTable::assemble(const uint32_t* code, size_t n, std::string_view texts) {
  const auto fail = [] { throw std::invalid_argument("the code of an expression is cut off or points outside"); };
  const uint32_t* end = code + n;
  std::vector<ExprId> made;
  const auto next = [&] { return code == end ? (fail(), 0u) : *code++; };
  const auto count = [&] {
    const uint32_t k = next();
    if (k > size_t(end - code)) fail();
    return k;
  };
  const auto operand = [&] {
    const uint32_t i = next();
    return i < made.size() ? made[i] : (fail(), kEmpty);
  };
  const auto text = [&] {
    const uint32_t from = next(), length = next();
    if (from > texts.size() || length > texts.size() - from) fail();
    return texts.substr(from, length);
  };
  const auto operands = [&] {
    std::vector<ExprId> parts(count());
    for (ExprId& part : parts) part = operand();
    return parts;
  };
  while (code != end) {
    switch (next()) {
      case kMakeChars: {
        std::vector<std::pair<uint32_t, uint32_t>> ranges(count());
        for (auto& range : ranges) range.first = next(), range.second = next();
        made.push_back(chars(ranges));
        break;
      }
      case kMakeLiteral: made.push_back(literal(text())); break;
      case kMakeLiterals: {
        std::vector<std::string> all(count());
        for (std::string& one : all) one = text();
        made.push_back(literals(std::move(all)));
        break;
      }
      case kMakeConcat: made.push_back(concat(operands())); break;
      case kMakeAlternate: made.push_back(alternate(operands())); break;
      case kMakeConjoin: made.push_back(conjoin(operands())); break;
      case kMakeComplement: made.push_back(complement(operand())); break;
      case kMakeRepeat: {
        const ExprId part = operand();
        const uint32_t minimum = next();
        made.push_back(repeat(part, minimum, next()));
        break;
      }
      case kMakeKnown: made.push_back(next()); break;
      default: fail();
    }
  }
  return made.empty() ? (fail(), kEmpty) : made.back();
}

const ExprId* ExprTable::row(ExprId state) { return impl_->row(state); }
ExprId ExprTable::step(ExprId state, uint8_t byte) {  // another automaton's states are too many for rows
  if (impl_->at(state).kind != kExternal && !impl_->has(state, kText)) return impl_->step(state, byte);
  const ExprId next = impl_->derivative(state, byte);
  return impl_->is_empty(next) ? kEmpty : impl_->whole(next);
}
ExprId ExprTable::derivative(ExprId state, uint8_t byte) { return impl_->derivative(state, byte); }
bool ExprTable::keeps_text(ExprId state) const { return impl_->has(state, kText); }
uint32_t ExprTable::free_run(ExprId state) { return impl_->free_run(state); }
ExprId ExprTable::after(ExprId state, std::string_view text, uint8_t byte) { return impl_->after(state, text, byte); }
bool ExprTable::accepts_text(ExprId state, std::string_view text) { return impl_->accepts_text(state, text); }
ExprId ExprTable::peek(ExprId state, uint8_t byte) { return impl_->peek(state, byte); }
bool ExprTable::alike(ExprId state, uint8_t first, uint8_t last) const {
  return impl_->at(state).classes.first_alike(last) <= first;
}
bool ExprTable::nullable(ExprId state) const { return impl_->has(state, kNullable); }
void ExprTable::boundaries(ExprId state, uint64_t (&bits)[4]) const {
  for (int i = 0; i < 4; ++i) bits[i] |= impl_->at(state).classes.w[i];
}
bool ExprTable::is_empty(ExprId state) { return impl_->is_empty(state); }
bool ExprTable::is_all(ExprId state) { return impl_->is_all(state); }
uint32_t ExprTable::min_chars(ExprId state) { return impl_->shortest(state, true); }
uint32_t ExprTable::max_chars(ExprId state) { return impl_->longest(state); }
uint32_t ExprTable::min_bytes(ExprId state) { return impl_->shortest(state, false); }
bool ExprTable::has_length_between(ExprId state, uint32_t minimum, uint32_t maximum) {
  return impl_->has_length_between(state, minimum, maximum);
}
size_t ExprTable::n_states() const { return impl_->nodes.size(); }
size_t ExprTable::n_undecided() const { return impl_->undecided; }
size_t ExprTable::memory_bytes() const {
  size_t texts = 0, steps = 0;
  for (const Texts& t : impl_->tables)
    for (const std::string& s : t.sorted) texts += sizeof(std::string) + s.capacity() + 4;
  for (const Texts& t : impl_->tables) texts += 8 * t.places.size();
  for (const auto& [e, list] : impl_->successors_of) steps += 64 + list.capacity() * sizeof list[0];
  return impl_->nodes.capacity() * (sizeof(Node) + sizeof(ExprId*) + 1) + impl_->pool.capacity() * 4 +
         impl_->slots.capacity() * 4 + impl_->sets.capacity() * sizeof(Bits) + texts + steps +
         impl_->chunks.size() * kRowsPerChunk * 256 * sizeof(ExprId) +
         impl_->short_chunks.size() * kShortChunk * sizeof(ExprId) + impl_->class_maps.size() * 256 + impl_->derivatives.size() * 16;
}
std::string ExprTable::to_string(ExprId e) const {
  std::string out;
  impl_->describe(e, out);
  return out;
}

}  // namespace typeloom
