// The vocabulary index: which bytes each token is, as a trie, and how tokens behave inside a JSON string.
//
// Theory of operation. Tokens are laid out as a trie in depth-first order in flat arrays: the first child of node i is
// i+1, its next sibling is `end[i]`, so that a subtree is a range and its tokens are another. The bytes of a node's
// children stand side by side once more: a walk refuses most of them, and never touches what it refuses. Control tokens
// have no bytes here: they can never be produced by an automaton over bytes; end tokens are allowed by id, in accepting
// states.
//
// Most of a text is the inside of strings, where almost every token is allowed for the same reason whatever the grammar
// is. So the vocabulary is split once by what each token does to an open string: it *stays* inside (and begins n
// characters), or *leaves* by a closing quote after n characters with some rest, or is refused. `stays(n)` is a ready
// bitmap of all tokens that stay and begin at most n characters: minLength and maxLength cost no automaton states. The
// few hundred distinct rests of the leaving tokens form a small trie of their own (`exits`), walked in place of the
// vocabulary. The same split is kept below every trie node that ends in an opening quote (`quoted`).
//
// Where white space may stand, tokens that differ only in the white space they begin with go the same way. So both tries
// have a second root, behind the nodes of the first, below which every token (or rest) stands without it.
#pragma once
#include <bitset>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace typeloom {

struct Trie {
  // Node 0 is the root (no byte). Arrays of equal length.
  std::vector<uint8_t> byte;
  std::vector<uint32_t> end;          // one past the last node of the subtree
  std::vector<uint32_t> token_begin;  // tokens of node i are tokens[token_begin[i] .. token_begin[i+1])
  std::vector<uint32_t> tokens;
  // The children of node i, by their bytes: child_nodes[child_begin[i] .. child_begin[i+1]), and child_bytes likewise.
  std::vector<uint32_t> child_begin, child_nodes;
  std::vector<uint8_t> child_bytes;

  size_t size() const { return byte.size(); }
  bool is_leaf(uint32_t node) const { return child_begin[node] == child_begin[node + 1]; }
  uint32_t child(uint32_t node, uint8_t b) const {  // 0 if there is none
    const uint32_t first = child_begin[node], n = child_begin[node + 1] - first;
    const void* found = n ? std::memchr(child_bytes.data() + first, b, n) : nullptr;
    return found ? child_nodes[first + size_t(static_cast<const uint8_t*>(found) - (child_bytes.data() + first))] : 0;
  }
};

// Builds a trie of (bytes, value) pairs; equal byte strings keep all their values.
Trie make_trie(std::vector<std::pair<std::string, uint32_t>> entries);

// Puts a second trie behind the nodes of the first; its root is the node `trie.end[0]`.
void append_trie(Trie& trie, const Trie& second);

struct Leaving {  // a token that leaves a string
  uint32_t token;
  uint32_t n_chars;    // characters begun before the closing quote
  bool canonical;      // all its escapes are canonical
  uint32_t quote;      // offset of the closing quote
  bool escaped;        // there is an escape before it
  bool goes_on;        // behind the first comma after the quote stands more than one byte: perhaps a whole item
};

struct Staying {
  uint32_t token;
  uint32_t n_chars;
  bool canonical;
};

struct StringSplit {  // below one trie node that ends in an opening quote
  std::vector<Staying> stays;                            // sorted by n_chars
  struct Exit {
    uint32_t node;      // trie node of the closing quote
    uint32_t n_chars;
    bool canonical;
    bool goes_on;       // behind the quote some token has a comma and more than one byte after it
    std::string inner;  // the bytes between the quotes
  };
  std::vector<Exit> exits;
};

// The trie with its bytes mapped to classes that most languages do not tell apart (small letters, capitals, digits, the
// kinds of UTF-8 bytes; every other byte is a class of its own). Nodes with equal class paths are one node: some 17 times
// fewer. `members` are the trie's nodes behind a class node, for languages that do tell the bytes of a class apart.
struct ClassTrie {
  Trie trie;                                    // `byte` holds the class; values are tokens
  std::vector<uint32_t> member_begin, members;  // of node i: members[member_begin[i] .. member_begin[i+1]), by their bytes
  std::vector<uint32_t> bitmap_of;              // node -> index in `bitmaps` + 1 where its tokens are many, else 0
  std::vector<std::vector<uint32_t>> bitmaps;
  std::vector<std::bitset<256>> below;          // of node i: the classes of the nodes below it
  std::vector<uint16_t> height;                 // and the most bytes that a token has behind it
  std::vector<std::vector<uint8_t>> bytes_of;   // class -> its bytes, an interval
  uint8_t class_of[256];

  struct Members {
    const uint32_t *first, *last;
    const uint32_t* begin() const { return first; }
    const uint32_t* end() const { return last; }
  };
  // The nodes of `bytes` (the trie that this was made of) behind a class node that end in one byte.
  Members members_by(uint32_t node, uint8_t byte, const Trie& bytes) const;
};

class Loops;

class Vocabulary {
 public:
  // tokens[i] are the bytes of token i (empty: never allowed by bytes); end ids end a text; special ids have no bytes.
  Vocabulary(std::vector<std::string> tokens, std::vector<uint32_t> end_ids, const std::vector<uint32_t>& special_ids,
             bool space_prefix);

  uint32_t n_tokens() const { return uint32_t(tokens_.size()); }
  uint32_t n_words() const { return (n_tokens() + 31) / 32; }
  const std::string& bytes(uint32_t token) const { return tokens_[token]; }
  bool is_end(uint32_t token) const;
  const std::vector<uint32_t>& end_ids() const { return end_ids_; }
  bool space_prefix() const { return space_prefix_; }
  const Trie& trie() const { return trie_; }
  uint32_t unspaced() const { return trie_.end[0]; }  // the root of the tokens without the white space they begin with
  const uint32_t* blanks() const { return blanks_.data(); }  // bitmap: the tokens that are white space only

  // Tokens that stay inside a string and begin at most n characters. For kExactStays < n < max_stay() the bitmap holds
  // only those of at most kExactStays characters; the caller adds the few `long_stays()` that fit.
  static constexpr uint32_t kExactStays = 128;
  const uint32_t* stays(uint32_t n) const;
  uint32_t max_stay() const { return max_stay_; }  // most characters that one staying token begins
  const std::vector<Staying>& long_stays() const { return long_stays_; }
  const std::vector<uint32_t>& uncanonical() const { return uncanonical_; }  // bitmap: tokens with uncanonical escapes
  const uint32_t* canonical_stays() const { return canonical_stays_.data(); }  // bitmap: all that stay, but for those
  const Trie& exits() const { return exits_; }  // values index `leaving()`
  uint32_t unspaced_exits() const { return exits_.end[0]; }
  // The trie's node of a closing quote by the bytes before it (0: no token has that).
  uint32_t closing(const std::string& inner) const {
    auto it = closings_.find(inner);
    return it == closings_.end() ? 0 : it->second;
  }
  // False: no token ends a key or string by this text and a quote, however it is spelled. Cheap, and mostly sure.
  bool may_close(const char* text, size_t length) const {
    if (length >= closing_ends_.size()) return false;
    const ClosingEnds& ends = closing_ends_[length];
    return !length ? ends.first[0] : ends.first[uint8_t(text[0])] && ends.last[uint8_t(text[length - 1])];
  }
  // Leaving tokens by what the spelling before their quote denotes, for those that have an escape there.
  const std::unordered_multimap<std::string, uint32_t>& escaped_leaving() const { return escaped_leaving_; }
  const std::vector<Leaving>& leaving() const { return leaving_; }
  uint32_t leaving_index(uint32_t token) const { return leaving_index_[token]; }  // UINT32_MAX: does not leave
  // Tokens of digits only, the most digits in one, and the tokens that begin with a digit and go on with something else.
  const uint32_t* numerals() const { return numerals_.data(); }
  uint32_t longest_numeral() const { return longest_numeral_; }
  const std::vector<uint32_t>& past_numerals() const { return past_numerals_; }
  const ClassTrie& classes() const { return classes_; }
  const StringSplit* quoted(uint32_t node) const {
    auto it = quoted_.find(node);
    return it == quoted_.end() ? nullptr : &it->second;
  }

  // What stays inside a set of characters (loops.h), made when it is first asked for and shared by all grammars.
  Loops& loops() const { return *loops_; }

  // Bounds on what one token can see, for mask keys.
  uint32_t max_token_bytes() const { return max_bytes_; }
  uint32_t max_closers() const { return max_closers_; }   // closing brackets in one token
  uint32_t max_commas() const { return max_commas_; }     // commas in one token
  uint32_t max_chars() const { return max_chars_; }
  bool is_inner_text(const std::string& text) const;      // stands between two quotes inside some token
  size_t memory_bytes() const;

 private:
  void split_strings();
  void find_numerals();
  void make_classes();

  std::vector<std::string> tokens_;
  std::vector<uint32_t> end_ids_;
  bool space_prefix_;
  Trie trie_;
  std::vector<std::vector<uint32_t>> stays_;  // [n] for n <= kExactStays, then one that holds all
  std::vector<Staying> long_stays_;
  uint32_t max_stay_ = 0;
  std::vector<uint32_t> uncanonical_, canonical_stays_;
  Trie exits_;
  std::vector<uint32_t> blanks_;
  std::unordered_multimap<std::string, uint32_t> escaped_leaving_;
  std::unordered_map<std::string, uint32_t> closings_;
  struct ClosingEnds {  // of what leaving tokens denote before their quote, by its length: the first and the last bytes
    std::bitset<256> first, last;
  };
  std::vector<ClosingEnds> closing_ends_;
  std::vector<uint32_t> numerals_, past_numerals_;
  uint32_t longest_numeral_ = 0;
  std::vector<Leaving> leaving_;
  std::vector<uint32_t> leaving_index_;
  ClassTrie classes_;
  std::unordered_map<uint32_t, StringSplit> quoted_;
  std::vector<std::string> inner_texts_;  // sorted
  std::shared_ptr<Loops> loops_;
  uint32_t max_bytes_ = 0, max_closers_ = 0, max_commas_ = 0, max_chars_ = 0;
};

}  // namespace typeloom
