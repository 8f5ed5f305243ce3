// A line protocol over NumberTable, for test_number_core.py. One answer line a command, "!" and a reason on an error;
// `walk` answers many lines and ends with ".".
//   table canonical|any MAX_STATES      add KEY=VALUE...      both ID ID      sat ID      job ID...
//   run JOB TEXT -> state complete live sure holds     least STATE WHICH     states
//   walk JOB DEPTH ALPHABET CONSTRAINTS -> for every text that is not refused: text state complete live sure holds;
//       and for each of their states: # state, then per constraint the fewest further bytes and whether some completion
//       does not satisfy it
#include <iostream>
#include <memory>
#include <set>
#include <sstream>
#include <stdexcept>

#include "number.h"
#include "regex.h"

using namespace typeloom;

namespace {

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::string part;
  for (std::istringstream in(text); std::getline(in, part, ',');) parts.push_back(part);
  return parts;
}

NumberConstraint read_fields(std::istringstream& in) {
  NumberConstraint c;
  for (std::string field; in >> field;) {
    const size_t equals = field.find('=');
    const std::string name = field.substr(0, equals), value = field.substr(equals + 1);
    if (name == "integer") c.integer = true;
    if (name == "ge" || name == "gt") c.has_minimum = true, c.minimum = value, c.exclusive_minimum = name == "gt";
    if (name == "le" || name == "lt") c.has_maximum = true, c.maximum = value, c.exclusive_maximum = name == "lt";
    if (name == "multiple_of") c.multiple_of = split(value);
    if (name == "max_digits") c.max_digits = std::stoi(value);
    if (name == "decimal_places") c.decimal_places = std::stoi(value);
    if (name == "values") c.has_values = true, c.values = split(value);
    if (name == "finite") c.finite_double = true;
  }
  return c;
}

void show(NumberTable& table, NumberState state) {
  std::cout << state << ' ' << table.complete(state) << ' ' << table.live(state) << ' ' << table.sure(state) << ' '
            << table.holds(state);
}

void walk(NumberTable& table, NumberState state, const std::string& text, size_t depth, const std::string& alphabet,
          std::set<NumberState>* met) {
  met->insert(state);
  std::cout << (text.empty() ? "@" : text) << ' ';
  show(table, state);
  std::cout << '\n';
  if (depth == 0) return;
  for (char byte : alphabet) {
    const NumberState next = table.step(state, static_cast<uint8_t>(byte));
    if (next != 0) walk(table, next, text + byte, depth - 1, alphabet, met);
  }
}

// Breadth first, so that a short counterexample is found although other constraints make endlessly many states.
bool breaks(NumberTable& table, NumberState from, uint64_t bit) {
  constexpr size_t kEnough = 5000;
  std::set<NumberState> seen{from};
  std::vector<NumberState> open{from};
  for (size_t i = 0; i < open.size() && open.size() < kEnough; ++i) {
    const NumberState state = open[i];
    if (table.complete(state) && !(table.holds(state) & bit)) return true;
    for (char byte : std::string("0123456789.e+-")) {
      const NumberState next = table.step(state, static_cast<uint8_t>(byte));
      if (next != 0 && seen.insert(next).second) open.push_back(next);
    }
  }
  return false;
}

void answer(std::unique_ptr<NumberTable>& table, const std::string& line) {
  std::istringstream in(line);
  std::string command;
  in >> command;
  if (command == "table") {
    std::string spelling;
    size_t limit = 0;
    in >> spelling >> limit;
    table.reset(new NumberTable(spelling == "any" ? Spelling::kAny : Spelling::kCanonical, limit));
    std::cout << "ok\n";
  } else if (command == "add") {
    std::cout << table->add(read_fields(in)) << '\n';
  } else if (command == "both") {
    NumberId a = 0, b = 0;
    in >> a >> b;
    std::cout << table->intersect(a, b) << '\n';
  } else if (command == "sat") {
    NumberId id = 0;
    in >> id;
    std::cout << table->satisfiable(id) << '\n';
  } else if (command == "job") {
    std::vector<NumberId> constraints;
    for (NumberId id; in >> id;) constraints.push_back(id);
    std::cout << table->job(constraints) << '\n';
  } else if (command == "run") {
    NumberJob job = 0;
    std::string text;
    in >> job >> text;
    NumberState state = table->start(job);
    for (char byte : text) state = table->step(state, static_cast<uint8_t>(byte));
    show(*table, state);
    std::cout << '\n';
  } else if (command == "least") {
    NumberState state = 0;
    uint64_t which = 0;
    in >> state >> which;
    std::cout << table->min_bytes(state, which) << '\n';
  } else if (command == "states") {
    std::cout << table->n_states() << '\n';
  } else if (command == "walk") {
    NumberJob job = 0;
    size_t depth = 0, constraints = 0;
    std::string alphabet;
    in >> job >> depth >> alphabet >> constraints;
    const NumberState start = table->start(job);
    std::set<NumberState> met;
    if (start != 0) walk(*table, start, "", depth, alphabet, &met);
    for (NumberState state : met) {
      if (constraints == 0) break;
      std::cout << "# " << state;
      for (size_t i = 0; i < constraints; ++i) {
        const uint64_t bit = uint64_t{1} << i;
        std::cout << ' ' << table->min_bytes(state, bit) << ' ' << breaks(*table, state, bit);
      }
      std::cout << '\n';
    }
    std::cout << ".\n";
  }
}

}  // namespace

int main() {
  std::unique_ptr<NumberTable> table;
  for (std::string line; std::getline(std::cin, line);) {
    try {
      answer(table, line);
    } catch (const LimitExceeded& limit) {
      std::cout << "! " << limit.limit << ' ' << limit.value << '\n';
    } catch (const std::exception& error) {
      std::cout << "! " << error.what() << '\n';
    }
    std::cout.flush();
  }
}
