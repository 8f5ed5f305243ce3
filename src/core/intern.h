// Interning: equal values get equal small integers, so that sets of them compare, hash and copy as integers.
//
// A Pool holds each distinct value once, in order of discovery; ids are dense and never change. Open addressing over a
// power-of-two table of ids at load <= 1/2. Values live in a deque, so references stay valid while the pool grows.
#pragma once
#include <cstdint>
#include <cstring>
#include <deque>
#include <memory>
#include <vector>

namespace typeloom {

inline uint64_t mix(uint64_t h, uint64_t v) {
  h ^= v + 0x9E3779B97F4A7C15ull + (h << 6) + (h >> 2);
  h *= 0xFF51AFD7ED558CCDull;
  return h ^ (h >> 32);
}

template <class T>
struct HashOf {
  uint64_t operator()(const T& value) const { return value.hash(); }
};

template <>
struct HashOf<std::vector<uint32_t>> {
  uint64_t operator()(const std::vector<uint32_t>& v) const {
    uint64_t h = v.size();
    for (uint32_t x : v) h = mix(h, x);
    return h;
  }
};

template <class T, class Hash = HashOf<T>>
class Pool {
 public:
  Pool() : table_(16, kFree) {}

  uint32_t intern(const T& value) {
    uint64_t h = Hash{}(value);
    size_t mask = table_.size() - 1;
    for (size_t i = h & mask;; i = (i + 1) & mask) {
      uint32_t id = table_[i];
      if (id == kFree) {
        id = static_cast<uint32_t>(values_.size());
        values_.push_back(value);
        hashes_.push_back(h);
        table_[i] = id;
        if (values_.size() * 2 > table_.size()) grow();
        return id;
      }
      if (hashes_[id] == h && values_[id] == value) return id;
    }
  }

  const T& operator[](uint32_t id) const { return values_[id]; }
  size_t size() const { return values_.size(); }

 private:
  static constexpr uint32_t kFree = UINT32_MAX;

  void grow() {
    std::vector<uint32_t> bigger(table_.size() * 2, kFree);
    size_t mask = bigger.size() - 1;
    for (uint32_t id = 0; id < hashes_.size(); ++id) {
      size_t i = hashes_[id] & mask;
      while (bigger[i] != kFree) i = (i + 1) & mask;
      bigger[i] = id;
    }
    table_.swap(bigger);
  }

  std::vector<uint32_t> table_;
  std::deque<T> values_;
  std::vector<uint64_t> hashes_;
};

// The same for lists of words, which lie one behind the other in blocks: a list is a length and its words, and stays where it
// is while the pool grows.
class ListPool {
 public:
  struct List {
    const uint32_t* words;
    uint32_t n;
    uint32_t size() const { return n; }
    bool empty() const { return !n; }
    uint32_t operator[](size_t i) const { return words[i]; }
  };

  ListPool() : table_(64, kFree) {}

  uint32_t intern(const std::vector<uint32_t>& list) {
    const uint32_t n = uint32_t(list.size());
    uint64_t h = n;
    for (uint32_t i = 0; i + 1 < n; i += 2) h = mix(h, list[i] | uint64_t(list[i + 1]) << 32);
    if (n & 1) h = mix(h, list[n - 1]);
    const size_t mask = table_.size() - 1;
    for (size_t i = h & mask;; i = (i + 1) & mask) {
      const uint32_t id = table_[i];
      if (id == kFree) {
        const uint32_t added = table_[i] = uint32_t(lists_.size());
        add(list, h);
        return added;
      }
      const Entry& e = lists_[id];
      if (e.hash == h && e.at[0] == n && (!n || !std::memcmp(e.at + 1, list.data(), 4 * size_t(n)))) return id;
    }
  }

  List operator[](uint32_t id) const { return {lists_[id].at + 1, lists_[id].at[0]}; }
  size_t size() const { return lists_.size(); }
  size_t memory_bytes() const { return bytes_ + lists_.capacity() * sizeof(Entry) + table_.size() * 4; }

 private:
  static constexpr uint32_t kFree = UINT32_MAX;
  static constexpr size_t kBlock = 4096;  // words
  struct Entry {
    const uint32_t* at;  // its length, and its words
    uint64_t hash;
  };

  void add(const std::vector<uint32_t>& list, uint64_t h) {
    const size_t n = list.size() + 1;
    if (left_ < n) {
      left_ = n > kBlock ? n : kBlock;
      blocks_.emplace_back(new uint32_t[left_]);
      next_ = blocks_.back().get();
      bytes_ += 4 * left_;
    }
    next_[0] = uint32_t(list.size());
    if (!list.empty()) std::memcpy(next_ + 1, list.data(), 4 * list.size());
    lists_.push_back({next_, h});
    next_ += n;
    left_ -= n;
    if (lists_.size() * 2 > table_.size()) grow();
  }
  void grow() {
    std::vector<uint32_t> bigger(table_.size() * 2, kFree);
    const size_t mask = bigger.size() - 1;
    for (uint32_t id = 0; id < lists_.size(); ++id) {
      size_t i = lists_[id].hash & mask;
      while (bigger[i] != kFree) i = (i + 1) & mask;
      bigger[i] = id;
    }
    table_.swap(bigger);
  }

  std::vector<uint32_t> table_;
  std::vector<Entry> lists_;
  std::vector<std::unique_ptr<uint32_t[]>> blocks_;
  uint32_t* next_ = nullptr;
  size_t left_ = 0, bytes_ = 0;
};

// A flat map from 64-bit keys to 32-bit values; 0 means absent, so values are stored plus one by the callers that need 0.
class FlatMap {
 public:
  FlatMap() : keys_(64, kFree), values_(64, 0) {}

  uint32_t find(uint64_t key) const {  // 0 if absent
    size_t mask = keys_.size() - 1;
    for (size_t i = scramble(key) & mask;; i = (i + 1) & mask) {
      if (keys_[i] == key) return values_[i];
      if (keys_[i] == kFree) return 0;
    }
  }

  void insert(uint64_t key, uint32_t value) {
    if ((n_ + 1) * 2 > keys_.size()) grow();
    place(key, value);
    ++n_;
  }

  size_t size() const { return n_; }
  size_t memory_bytes() const { return keys_.size() * 12; }

 private:
  static constexpr uint64_t kFree = UINT64_MAX;
  static uint64_t scramble(uint64_t k) {
    k *= 0x9E3779B97F4A7C15ull;
    return k ^ (k >> 29);
  }
  void place(uint64_t key, uint32_t value) {
    size_t mask = keys_.size() - 1;
    size_t i = scramble(key) & mask;
    while (keys_[i] != kFree) i = (i + 1) & mask;
    keys_[i] = key;
    values_[i] = value;
  }
  void grow() {
    std::vector<uint64_t> keys(keys_.size() * 2, kFree);
    std::vector<uint32_t> values(keys.size(), 0);
    keys.swap(keys_);
    values.swap(values_);
    for (size_t i = 0; i < keys.size(); ++i)
      if (keys[i] != kFree) place(keys[i], values[i]);
  }

  std::vector<uint64_t> keys_;
  std::vector<uint32_t> values_;
  size_t n_ = 0;
};

}  // namespace typeloom
