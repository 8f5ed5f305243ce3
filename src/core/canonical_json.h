// JSON equality as equality of texts: what unique items are compared by.
#pragma once
#include <string>

namespace typeloom {

// A JSON value's text reduced so that equal values have equal texts (numbers in least digits, keys sorted, escapes gone).
std::string canonical_json(const std::string& text);

}  // namespace typeloom
