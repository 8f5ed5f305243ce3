// Laws of src/core/regex.cc, and a line protocol for tests from outside. Built and run by test_regex_core.py.
//
// Without arguments: exhausts a small world (expressions of up to three atoms over a and b) against sets of strings, and
// checks limits and large counts; prints "ok" and the number of comparisons. With the argument `-`: reads lines
//   E <expression in prefix notation>    builds it
//   T <text as hex, or ->                prints 1 or 0
//   P                                    prints: empty nullable all min_chars max_chars min_bytes
// Prefix notation: c <hex>-<hex>,... | l <hex or -> | L n <hex>... | . x y | '|' n x... | & n x... | ~ x | * m n x
// | # m n, where n may be `inf` for a bound.
#include "regex.h"

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <sstream>

using namespace typeloom;

namespace {

size_t n_checks = 0;

void check(bool ok, const std::string& what) {
  ++n_checks;
  if (ok) return;
  std::printf("FAILED: %s\n", what.c_str());
  std::exit(1);
}

bool accepts(ExprTable& t, ExprId e, const std::string& text) {
  for (unsigned char b : text) e = t.step(e, b);
  return t.nullable(e);
}

// ---- the small world: strings over {a, b, é} of up to five characters; é stands for every other character --------------
constexpr int kMost = 5;
struct World {
  std::vector<std::string> words{""};  // shortest first; word i is words[parent] + one of three
  std::vector<int> length{0};
  World() {
    for (size_t i = 0; i < words.size(); ++i) {
      if (length[i] == kMost) break;
      for (const char* c : {"a", "b", "é"}) {
        words.push_back(words[i] + c);
        length.push_back(length[i] + 1);
      }
    }
    for (size_t i = 0; i < words.size(); ++i) index[words[i]] = i;
    for (const std::string& w : words) {
      splits.emplace_back();
      for (size_t cut = 0; cut <= w.size(); ++cut) {
        auto left = index.find(w.substr(0, cut)), right = index.find(w.substr(cut));
        if (left != index.end() && right != index.end()) splits.back().emplace_back(left->second, right->second);
      }
    }
  }
  std::map<std::string, size_t> index;
  std::vector<std::vector<std::pair<size_t, size_t>>> splits;
};
using Set = std::vector<bool>;
struct Case { ExprId e; Set set; };

const World world;

Set concat(const Set& x, const Set& y) {
  Set out(world.words.size());
  for (size_t i = 0; i < out.size(); ++i)
    for (auto [l, r] : world.splits[i])
      if (x[l] && y[r]) { out[i] = true; break; }
  return out;
}
Set repeat(const Set& x, uint32_t lo, uint32_t hi) {
  Set power(world.words.size()), out(world.words.size());
  power[0] = true;
  for (uint32_t k = 0; k <= std::min<uint32_t>(hi, lo + kMost); ++k) {
    if (k >= lo) for (size_t i = 0; i < out.size(); ++i) if (power[i]) out[i] = true;
    power = concat(power, x);
  }
  return out;
}

std::vector<Case> unary(ExprTable& t, const Case& x) {
  Set other = x.set;
  other.flip();
  return {x,
          {t.repeat(x.e, 0, kUnbounded), repeat(x.set, 0, kUnbounded)},
          {t.repeat(x.e, 2, 3), repeat(x.set, 2, 3)},
          {t.repeat(x.e, 0, 2), repeat(x.set, 0, 2)},
          {t.complement(x.e), other}};
}
Case binary(ExprTable& t, const Case& x, const Case& y, int op) {
  if (op == 0) return {t.concat({x.e, y.e}), concat(x.set, y.set)};
  Set s = x.set;
  for (size_t i = 0; i < s.size(); ++i) s[i] = op == 1 ? s[i] || y.set[i] : s[i] && y.set[i];
  return {op == 1 ? t.alternate({x.e, y.e}) : t.conjoin({x.e, y.e}), s};
}

void compare(ExprTable& t, const Case& c) {
  const std::string name = t.to_string(c.e);
  const size_t n = world.words.size();
  std::vector<bool> ahead(n);  // some word of the world that starts with this one is accepted
  std::vector<ExprId> state(n, kEmpty);
  for (size_t i = n; i-- > 0;) {
    if (c.set[i]) ahead[i] = true;
    if (i && ahead[i]) ahead[(i - 1) / 3] = true;
  }
  state[0] = t.is_empty(c.e) ? kEmpty : c.e;
  bool lengths[kMost + 1] = {};
  uint32_t least_bytes = kUnbounded;
  for (size_t i = 0; i < n; ++i) {
    if (i) {
      state[i] = state[(i - 1) / 3];
      for (unsigned char b : std::string(i % 3 == 1 ? "a" : i % 3 == 2 ? "b" : "é")) {
        state[i] = t.step(state[i], b);
        if (state[i] != kEmpty && !t.nullable(state[i])) {
          bool some = false;
          for (int next = 0; next < 256; ++next) some |= t.step(state[i], uint8_t(next)) != kEmpty;
          check(some, "dead end in " + name + " after " + world.words[i]);
        }
      }
    }
    check(t.nullable(state[i]) == c.set[i], "membership of '" + world.words[i] + "' in " + name);
    const uint32_t least = t.min_chars(state[i]);
    check((least == kUnbounded) == (state[i] == kEmpty), "liveness after '" + world.words[i] + "' in " + name);
    check((least != kUnbounded && least + world.length[i] <= kMost) == ahead[i], "shortest after '" + world.words[i] + "' in " + name);
    if (c.set[i]) {
      lengths[world.length[i]] = true;
      least_bytes = std::min(least_bytes, uint32_t(world.length[i]));
    }
  }
  if (least_bytes != kUnbounded) check(t.min_bytes(c.e) == least_bytes, "least bytes of " + name);
  const uint32_t most = t.max_chars(c.e);
  for (uint32_t k = 0; k <= kMost; ++k) {
    check(t.has_length_between(c.e, k, k) == lengths[k], "length " + std::to_string(k) + " of " + name);
    for (uint32_t j = k + 1; j <= kMost; ++j) {
      bool some = false;
      for (uint32_t i = k; i <= j; ++i) some |= lengths[i];
      check(t.has_length_between(c.e, k, j) == some, "lengths of " + name);
    }
    if (lengths[k]) check(most >= k, "longest of " + name);
  }
  if (most < kMost && state[0] != kEmpty) check(lengths[most], "the longest of " + name + " exists");
  bool whole = true;
  for (bool b : c.set) whole &= b;
  if (t.is_all(c.e)) check(whole, "all of " + name);
}

void small_world() {
  ExprTable t(4000000);
  const auto single = [&](const char* text) {
    Set s(world.words.size());
    s[world.index.at(text)] = true;
    return Case{t.literal(text), s};
  };
  std::vector<Case> one, two;
  for (const char* text : {"a", "b", ""})
    for (const Case& c : unary(t, single(text))) one.push_back(c);
  for (const Case& c : one) compare(t, c);
  for (const Case& x : one)
    for (const Case& y : one)
      for (int op = 0; op < 3; ++op)
        for (const Case& c : unary(t, binary(t, x, y, op))) two.push_back(c);
  std::set<std::pair<ExprId, Set>> distinct;
  std::vector<Case> pairs;
  for (const Case& c : two)
    if (distinct.emplace(c.e, c.set).second) pairs.push_back(c);
  // Equal expressions denote equal sets: no id twice with different sets.
  std::map<ExprId, Set> meaning;
  for (const Case& c : pairs) check(meaning.emplace(c.e, c.set).second, "two meanings of " + t.to_string(c.e));
  for (const Case& c : pairs) compare(t, c);
  // Three atoms: every third one, with a different stride for each operator.
  size_t k = 0;
  for (const Case& x : one)
    for (const Case& y : pairs)
      for (int op = 0; op < 3; ++op) {
        if (++k % 7 != 0) continue;
        compare(t, binary(t, x, y, op));
        if (op == 0) compare(t, binary(t, y, x, op));
        if (k % 35 == 0) {
          const Case c = binary(t, x, y, op);
          Set other = c.set;
          other.flip();
          compare(t, {t.complement(c.e), other});
          compare(t, {t.repeat(c.e, 0, kUnbounded), repeat(c.set, 0, kUnbounded)});
          compare(t, {t.repeat(c.e, 2, 3), repeat(c.set, 2, 3)});
        }
      }
  check(t.n_undecided() == 0, "no search is given up in a small world");
}

// ---- counts, character classes, limits -------------------------------------------------------------------------------
void counts() {
  ExprTable t;
  const size_t before = t.n_states();
  const ExprId letter = t.chars({{'a', 'z'}});
  const ExprId name = t.repeat(letter, 1, 255);
  const ExprId pair = t.repeat(t.concat({t.literal("a"), t.repeat(t.literal("b"), 0, 1)}), 3, 5000);
  const ExprId text = t.repeat(t.chars({{0, '\t'}, {0x0B, 0x10FFFF}}), 0, 100000);
  check(t.n_states() - before < 30, "counted repeats do not expand");
  check(accepts(t, name, std::string(255, 'z')) && !accepts(t, name, std::string(256, 'z')) && !accepts(t, name, ""), "{1,255}");
  check(t.min_chars(pair) == 3 && t.max_chars(pair) == 10000, "lengths of (ab?){3,5000}");
  check(t.max_chars(text) == 100000 && t.min_chars(text) == 0, "lengths of .{0,100000}");
  check(t.has_length_between(text, 99999, 99999) && !t.has_length_between(text, 100001, 100002), "interval of .{0,100000}");
  std::string abs;
  for (int i = 0; i < 5000; ++i) abs += "ab";
  check(accepts(t, pair, abs) && !accepts(t, pair, abs + "a"), "(ab?){3,5000}");
  const ExprId far = t.concat({kAll, t.repeat(letter, 3, 1000), t.literal("!")});  // search for a counted run
  check(accepts(t, far, "12abc!") && !accepts(t, far, "12ab!") && accepts(t, far, std::string(3000, 'q') + "!"), "search");
  check(t.length_between(0, kUnbounded) == kAll && t.repeat(t.chars({{0, 0x10FFFF}}), 0, kUnbounded) == kAll, "any text");
  check(t.length_between(5, 5) == t.conjoin({t.length_between(2, 5), t.length_between(5, 9)}), "length windows intersect");
  const ExprId short_names = t.conjoin({t.repeat(letter, 0, kUnbounded), t.length_between(2, 65535)});
  check(short_names == t.repeat(letter, 2, 65535), "a run and a length window are one run");
  const ExprId threes = t.repeat(t.literal("abc"), 0, kUnbounded);
  check(!t.has_length_between(threes, 100, 101) && t.has_length_between(threes, 100, 102), "gaps between lengths");
  check(t.is_empty(t.conjoin({threes, t.length_between(100, 101)})), "emptiness of a length window");
  check(t.min_chars(t.conjoin({threes, t.length_between(100, 200)})) == 102, "shortest in a length window");
}

void characters() {
  ExprTable t;
  const std::vector<std::vector<std::pair<uint32_t, uint32_t>>> worlds = {
      {{0, 0x10FFFF}}, {{0x7F, 0x80}}, {{0x7FF, 0x800}}, {{0xD000, 0xE123}}, {{0xFFFF, 0x10000}}, {{0x10FFFF, 0x10FFFF}},
      {{'a', 'f'}, {0xE9, 0xE9}, {0x4E00, 0x9FFF}, {0x1F600, 0x1F64F}}, {{0x3FFFF, 0x40000}, {0x20AC, 0x20AC}}};
  for (const auto& ranges : worlds) {
    const ExprId e = t.chars(ranges);
    for (uint32_t c = 0; c <= 0x10FFFF; c += c < 0x3000 ? 1 : 13) {
      if (c >= 0xD800 && c <= 0xDFFF) continue;
      std::string s;
      if (c < 0x80) s = {char(c)};
      else if (c < 0x800) s = {char(0xC0 | c >> 6), char(0x80 | (c & 63))};
      else if (c < 0x10000) s = {char(0xE0 | c >> 12), char(0x80 | (c >> 6 & 63)), char(0x80 | (c & 63))};
      else s = {char(0xF0 | c >> 18), char(0x80 | (c >> 12 & 63)), char(0x80 | (c >> 6 & 63)), char(0x80 | (c & 63))};
      bool member = false;
      for (auto [lo, hi] : ranges) member |= lo <= c && c <= hi;
      check(accepts(t, e, s) == member, "code point " + std::to_string(c));
    }
  }
  const ExprId any = t.chars({{0, 0x10FFFF}});
  for (const char* bad : {"\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\x80"})
    check(!accepts(t, any, bad), "ill-formed UTF-8 is no character");
  check(t.alternate({t.chars({{0, 0x4FF}}), t.chars({{0x400, 0xFFFF}}), t.chars({{0x10000, 0x10FFFF}})}) == any, "classes merge");
  check(t.conjoin({t.chars({{0, 0x4FF}}), t.chars({{0x400, 0xFFFF}})}) == t.chars({{0x400, 0x4FF}}), "classes intersect");
  // A complement is alive exactly while a character outside of it can still come, also inside a character.
  const ExprId gap = t.complement(t.alternate({kEpsilon, t.chars({{0, 0x203F}, {0x2080, 0x10FFFF}}), t.length_between(2, kUnbounded)}));
  check(t.step(t.step(gap, 0xE2), 0x80) == kEmpty && t.step(t.step(gap, 0xE2), 0x81) != kEmpty, "liveness inside a character");
  check(t.step(gap, 0xE3) == kEmpty && t.step(gap, 'a') == kEmpty, "liveness at a leading byte");
  check(t.min_chars(t.step(gap, 0xE2)) == 0 && t.min_bytes(gap) == 3, "the rest of a character counts nothing");
  // Two complements in a row split between characters only: "é" is no concatenation of two texts other than empty.
  const ExprId some = t.complement(kEpsilon);
  check(!accepts(t, t.concat({some, some}), "é") && accepts(t, t.concat({some, some}), "éé"), "split points");
  check(!accepts(t, t.repeat(some, 2, 2), "é") && accepts(t, t.repeat(some, 2, 2), "éé"), "split points of repeats");
}

void literals() {
  ExprTable t;
  std::vector<std::string> texts;
  for (int i = 0; i < 50000; ++i) texts.push_back("item-" + std::to_string(i * 7));
  texts.push_back("");
  const size_t before = t.n_states();
  const ExprId e = t.literals(texts);
  check(t.n_states() - before == 1, "a table of literals is one expression");
  check(accepts(t, e, "item-349993") && !accepts(t, e, "item-349994") && accepts(t, e, "") && !accepts(t, e, "item-"), "literals");
  check(t.min_chars(e) == 0 && t.max_chars(e) == 11 && !t.has_length_between(e, 1, 5), "lengths of literals");
  const ExprId both = t.conjoin({e, t.concat({kAll, t.literal("999"), kAll})});
  check(!t.is_empty(both) && accepts(t, both, "item-69993") && !accepts(t, both, "item-7"), "literals under a conjunction");
  check(t.literals({"é", "è", "é"}) != kEmpty && accepts(t, t.literals({"é", "è"}), "è"), "literals outside ASCII");
}

template <class F>
void refuses(const char* limit, F build) {
  try {
    build();
  } catch (const LimitExceeded& e) {
    check(e.limit == limit, "limit " + e.limit);
    return;
  }
  check(false, std::string("no limit was hit: ") + limit);
}

void limits() {
  refuses("regex nesting", [] {
    ExprTable t(10000000);
    ExprId e = t.literal("a");
    for (int i = 0; i < 100000; ++i) e = t.alternate({t.concat({t.repeat(t.concat({e, t.literal("b")}), 2, 3), t.literal("c")}), t.literal("d")});
  });
  refuses("regex nesting", [] {
    ExprTable t(10000000);
    ExprId e = t.literal("a");
    for (int i = 0; i < 100000; ++i) e = t.complement(t.concat({e, t.literal("b")}));
  });
  {  // exactly at the limit: everything still works
    ExprTable t(1000000);
    ExprId e = t.literal("a"), last = e;
    try {
      for (;;) { last = e; e = t.complement(t.concat({t.literal("x"), t.repeat(t.concat({e, t.literal("b")}), 2, 3)})); }
    } catch (const LimitExceeded&) {
    }
    t.row(last);
    t.to_string(last);
  }
  refuses("regex states", [] {
    ExprTable t(2000);
    ExprId e = t.literal("a");
    for (int i = 0; i < 3000; ++i) e = t.concat({e, t.chars({{'a' + uint32_t(i % 3), 'z'}})});
  });
  {  // a long chain is no nesting
    ExprTable t;
    std::string text(100000, 'a');
    for (size_t i = 0; i < text.size(); i += 2) text[i] = 'b';
    const ExprId e = t.literal(text);
    check(t.min_bytes(e) == 100000 && t.max_chars(e) == 100000, "a long literal");
    ExprId s = e;
    for (int i = 0; i < 50000; ++i) s = t.step(s, uint8_t(text[i]));
    check(t.min_chars(s) == 50000, "half of a long literal");
  }
  {  // past the budget of a search the answer is "not empty", and is counted
    ExprTable t(3000);
    std::vector<ExprId> parts;
    const ExprId ab = t.chars({{'a', 'b'}}), all = t.repeat(ab, 0, kUnbounded);
    parts.push_back(t.concat({all, t.literal("a"), t.repeat(ab, 14, 14)}));
    parts.push_back(t.complement(t.concat({all, t.literal("a"), t.repeat(ab, 14, 14), t.repeat(ab, 0, kUnbounded)})));
    const ExprId hard = t.conjoin(parts);
    try {
      check(!t.is_empty(hard), "assumed alive");
      check(t.n_undecided() > 0, "and counted");
      check(t.min_chars(hard) <= 15, "a lower bound");
    } catch (const LimitExceeded&) {
      check(false, "a search does not use up the table");
    }
  }
}

// ---- the line protocol --------------------------------------------------------------------------------------------------
std::string from_hex(const std::string& hex) {
  std::string out;
  if (hex == "-") return out;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) out += char(std::stoi(hex.substr(i, 2), nullptr, 16));
  return out;
}
uint32_t bound(const std::string& s) { return s == "inf" ? kUnbounded : uint32_t(std::stoul(s)); }

ExprId read(ExprTable& t, std::istream& in) {
  std::string op, word;
  in >> op;
  const auto many = [&] {
    size_t n;
    in >> n;
    std::vector<ExprId> parts;
    while (n--) parts.push_back(read(t, in));
    return parts;
  };
  if (op == "c") {
    std::vector<std::pair<uint32_t, uint32_t>> ranges;
    in >> word;
    std::stringstream list(word == "-" ? "" : word);
    for (std::string r; std::getline(list, r, ',');)
      ranges.emplace_back(std::stoul(r, nullptr, 16), std::stoul(r.substr(r.find('-') + 1), nullptr, 16));
    return t.chars(ranges);
  }
  if (op == "l") { in >> word; return t.literal(from_hex(word)); }
  if (op == "L") {
    size_t n;
    in >> n;
    std::vector<std::string> texts;
    while (n--) { in >> word; texts.push_back(from_hex(word)); }
    return t.literals(texts);
  }
  if (op == ".") return t.concat(many());
  if (op == "|") return t.alternate(many());
  if (op == "&") return t.conjoin(many());
  if (op == "~") return t.complement(read(t, in));
  std::string lo, hi;
  in >> lo >> hi;
  if (op == "#") return t.length_between(bound(lo), bound(hi));
  check(op == "*", "operator " + op);
  const ExprId part = read(t, in);
  return t.repeat(part, bound(lo), bound(hi));
}

int serve() {
  std::unique_ptr<ExprTable> t;
  ExprId e = kEmpty;
  for (std::string line; std::getline(std::cin, line);) {
    std::stringstream in(line);
    std::string what, word;
    in >> what;
    try {
      if (what == "E") {
        t = std::make_unique<ExprTable>();
        e = read(*t, in);
        std::cout << "built " << t->n_states() << "\n";
      } else if (what == "T") {
        in >> word;
        std::cout << accepts(*t, e, from_hex(word)) << "\n";
      } else if (what == "P") {
        const auto number = [](uint32_t n) { return n == kUnbounded ? std::string("inf") : std::to_string(n); };
        std::cout << t->is_empty(e) << ' ' << t->nullable(e) << ' ' << t->is_all(e) << ' ' << number(t->min_chars(e)) << ' '
                  << number(t->max_chars(e)) << ' ' << number(t->min_bytes(e)) << "\n";
      }
    } catch (const LimitExceeded& limit) {
      std::cout << "limit " << limit.limit << " " << limit.value << "\n";
    }
  }
  return 0;
}

}  // namespace

int main(int argc, char**) {
  if (argc > 1) return serve();
  counts();
  characters();
  literals();
  limits();
  small_world();
  std::printf("ok %zu\n", n_checks);
  return 0;
}
