#include "run_away.h"

namespace typeloom {

namespace {

constexpr uint32_t kFewestRepeatedBytes = 64;  // a line of dashes is no run-away
constexpr uint32_t kMostBlanks = 64;           // in a row, outside of strings (flexible layout)

bool string_is_open(Machine& machine, const State& s) {  // the type states no maximum, and nothing more is owed
  switch (s.mode) {
    case kFree: return s.b == 0 && s.c == kUnbounded;
    case kLanguage:
      return s.b == 0 && s.c == kUnbounded && machine.grammar().exprs.max_chars(s.a) == kUnbounded;
    case kLanguages: return true;
    case kKey: return machine.key_state(s.a).unknown != kEmpty;
    default: return false;
  }
}

bool container_is_open(Machine& machine, uint32_t frame) {
  const Frame& f = machine.frame(frame);
  if (f.kind == kKinds) return false;
  const ContainerJob& job = machine.grammar().job(f.job);
  if (f.kind == kArray) {
    for (uint32_t leaf : job.leaves)
      if (machine.grammar().array(leaf).maximum != kUnbounded) return false;
    return true;
  }
  for (uint32_t leaf : job.leaves)
    if (machine.grammar().object(leaf).maximum != kUnbounded) return false;
  return job.leaves.empty() || machine.grammar().key_table(f.job).unknown_allowed;
}

}  // namespace

void RunAway::Repetition::add(uint32_t element) {
  for (size_t period = 1; period <= kPeriods; ++period)
    equal_[period - 1] = n_ >= period && last_[(n_ - period) % kPeriods] == element ? equal_[period - 1] + 1 : 0;
  last_[n_++ % kPeriods] = element;
}

bool RunAway::Repetition::at_least(uint32_t times, uint32_t fewest) const {
  for (size_t period = 1; period <= kPeriods; ++period)
    if (equal_[period - 1] >= times * period && equal_[period - 1] >= fewest) return true;
  return false;
}

void RunAway::begin_token() {
  closing_ = in_string_ && repeats_;
  for (Open& container : open_) container.closing = container.repeats;
}

bool RunAway::is_near() const {
  constexpr uint32_t kTokenBytes = 128, kTokenItems = 8;  // caps are no promise to the byte
  if (characters_ + kTokenBytes > caps_.characters) return true;
  for (const Open& container : open_)
    if (container.repeats || container.items + kTokenItems > caps_.items) return true;
  return (in_string_ && repeats_) || (caps_.repeats && repetition_.at_least(caps_.repeats / 2, kFewestRepeatedBytes / 2));
}

bool RunAway::read(Machine& machine, StateId id, uint8_t byte) {
  const State s = machine.state(id);
  const bool runs_away = read_inside(machine, s, byte);
  for (Open& container : open_) container.item = (container.item ^ byte) * 0x100000001B3ull;
  return runs_away;
}

bool RunAway::read_inside(Machine& machine, const State& s, uint8_t byte) {
  if (in_string_) {
    if (!escaped_ && byte == '"') {
      in_string_ = false;
      return false;
    }
    escaped_ = !escaped_ && byte == '\\';
    if ((byte & 0xC0) != 0x80) ++characters_;
    repetition_.add(byte);
    repeats_ = repeats_ || (caps_.repeats && repetition_.at_least(caps_.repeats, kFewestRepeatedBytes));
    return (characters_ > caps_.characters || closing_) && s.lex == kBetween && string_is_open(machine, s);
  }
  switch (byte) {
    case '"':
      in_string_ = true;
      escaped_ = false;
      characters_ = 0;
      repeats_ = closing_ = false;
      repetition_ = Repetition();
      break;
    case '[':
    case '{':
      open_.emplace_back();
      break;
    case ']':
    case '}':
      if (!open_.empty()) open_.pop_back();
      break;
    case ',': {
      digits_ = blanks_ = 0;
      if (open_.empty()) return false;
      Open& list = open_.back();
      ++list.items;
      list.repetition.add(uint32_t(list.item ^ list.item >> 32));
      list.item = 0;
      list.repeats = list.repeats || (caps_.repeats && list.repetition.at_least(caps_.repeats, 0));
      return (list.items >= caps_.items || list.closing) && container_is_open(machine, s.frame);
    }
    case ' ':
    case '\t':
    case '\n':
    case '\r':
      digits_ = 0;
      return ++blanks_ > kMostBlanks;
    default: break;
  }
  blanks_ = 0;
  const bool begins = s.mode == kValue && (byte == '-' || (byte >= '0' && byte <= '9'));
  const bool in_number = begins || s.mode == kNumbers;
  digits_ = in_number && byte != ']' && byte != '}' ? digits_ + 1 : 0;
  return digits_ > caps_.digits;
}

}  // namespace typeloom
