// JSON numbers as an exact, lazy automaton over their bytes: bounds, multiples, digits; decimals throughout, no float.
//
// Theory of operation. A *job* is a short vector of constraints that ride on one number (one for an ordinary field, more
// under a union). A state is an interned summary of the bytes read so far: the lexical position in JSON's number grammar,
// and of the digits only what some constraint can still tell apart. For every constraint the state knows whether some
// completion satisfies it (`live`), whether every completion does (`sure`), and whether it is satisfied if the number
// ends here (`holds`). A byte is refused exactly if it is lexically wrong or would leave no constraint of the job live.
//
// Two spellings: kCanonical (compact and spaced layout) writes integers without fraction and exponent, without leading
// "-0" surprises (`-0` is refused for integers), and bounds the digits; kAny accepts every JSON spelling of a value that
// satisfies the constraint (`2.0` is whole, `1e2` is 100).
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace typeloom {

struct NumberConstraint {
  bool integer = false;
  bool has_minimum = false, exclusive_minimum = false;
  bool has_maximum = false, exclusive_maximum = false;
  std::string minimum, maximum;           // decimal texts: -?digits[.digits][e[+-]digits]
  std::vector<std::string> multiple_of;   // positive decimal texts
  int max_digits = -1, decimal_places = -1;
  bool has_values = false;
  std::vector<std::string> values;        // decimal texts; only these values
  bool finite_double = false;
  bool digits_only = false;               // an integer of digits alone in every spelling, also by value (draft 4)
  bool by_value = false;                  // whatever the spelling, also where others are canonical
};

enum class Spelling : uint8_t { kCanonical, kAny };

using NumberId = uint32_t;     // an interned constraint
using NumberJob = uint32_t;    // an interned vector of constraints, at most 64
using NumberState = uint32_t;  // 0 is dead

class NumberTable {
 public:
  explicit NumberTable(Spelling spelling, size_t max_states = 1000000);
  ~NumberTable();
  NumberTable(const NumberTable&) = delete;
  NumberTable& operator=(const NumberTable&) = delete;

  NumberId add(const NumberConstraint&);
  NumberId intersect(NumberId, NumberId);  // both at once, as one constraint
  bool satisfiable(NumberId);              // some number satisfies it (exact)
  NumberJob job(const std::vector<NumberId>&);

  NumberState start(NumberJob);            // before the first byte ('-' or a digit); 0 if nothing is satisfiable
  NumberState step(NumberState, uint8_t byte);  // memoised; 0 = refused
  bool complete(NumberState) const;        // the bytes so far are a whole JSON number (others may follow)
  uint64_t live(NumberState);              // bit i: constraint i can still be satisfied (now or later)
  uint64_t sure(NumberState);              // bit i: constraint i is satisfied by every completion
  uint64_t holds(NumberState);             // bit i: complete, and constraint i is satisfied by exactly these bytes
  uint32_t min_bytes(NumberState, uint64_t which);  // fewest further bytes until some constraint in `which` holds; 0 if now
  size_t n_states() const;
  size_t memory_bytes() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace typeloom
