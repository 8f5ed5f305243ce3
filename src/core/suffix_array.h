// The suffix array of a text: the starting positions of all its suffixes, in the order of the suffixes' bytes.
//
// Built by induced sorting (SA-IS) in O(n) time and, beside the result, O(n) space. The order among positions is that of
// the bytes as unsigned numbers; a suffix that is the beginning of another comes first.
//
// Reference: Nong, Zhang, Chan, "Two Efficient Algorithms for Linear Time Suffix Array Construction", IEEE Transactions
// on Computers 60(10), 2011.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace typeloom {

// Throws LimitExceeded for texts of kMaxSuffixArrayBytes or more.
std::vector<uint32_t> suffix_array(const std::string& text);

constexpr size_t kMaxSuffixArrayBytes = size_t{1} << 28;

}  // namespace typeloom
