// SPDX-License-Identifier: Apache-2.0
// Every number here is FORMAT.md's; nothing of the library's own reading is used.
#include "support/reference_reader.hpp"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace storemark::reference {
namespace {

constexpr std::size_t block_bytes = 4096;
constexpr std::size_t journal_bytes = 274432;
/// Slots 0 to 5, then anchors 0 to 2.
constexpr std::array<std::size_t, 9> offsets{0,      4096, 131072, 135168, 262144,
                                             266240, 8192, 139264, 270336};
constexpr std::size_t slots = 6;
constexpr std::uint64_t last_sequence = 0x7fffffffffffffff;

using Hash = std::array<unsigned char, 16>;

enum class Kind { unreadable, zero, invalid, malformed, misplaced, future, valid };

struct Block {
  Kind kind = Kind::unreadable;
  bool magic = false;
  Hash journal{};
  Hash body{};
  std::uint64_t generation = 0;
  std::uint64_t floor = 0;
  std::uint64_t ceiling = 0;
  std::uint64_t mark_held = 0;
  std::uint64_t mark_raised = 0;
  StoreState state = StoreState::none;
  std::vector<std::uint8_t> tag;
};
using Blocks = std::array<Block, offsets.size()>;

// --- one block ----------------------------------------------------------------------------------

class Bytes {
 public:
  explicit Bytes(std::span<const std::byte> bytes) : bytes_(bytes) {}

  std::uint64_t number(std::size_t at, std::size_t size) const {
    std::uint64_t value = 0;
    for (std::size_t i = size; i-- > 0;) value = value << 8 | byte(at + i);
    return value;
  }
  Hash hash(std::size_t at) const {
    Hash out{};
    for (std::size_t i = 0; i < out.size(); ++i) out.at(i) = byte(at + i);
    return out;
  }
  bool zero(std::size_t from, std::size_t to) const {
    static constexpr std::array<std::byte, block_bytes> zeros{};
    return std::memcmp(bytes_.data() + from, zeros.data(), to - from) == 0;
  }
  std::uint8_t byte(std::size_t at) const { return std::to_integer<std::uint8_t>(bytes_[at]); }
  const std::byte* data() const { return bytes_.data(); }

 private:
  std::span<const std::byte> bytes_;
};

Hash spelt(XXH128_hash_t hash) {
  Hash out{};
  for (std::size_t i = 0; i < 8; ++i) {
    out.at(i) = static_cast<unsigned char>(hash.low64 >> (8 * i));
    out.at(8 + i) = static_cast<unsigned char>(hash.high64 >> (8 * i));
  }
  return out;
}

Hash seal_at(const Bytes& b, std::size_t place) {
  return spelt(XXH3_128bits_withSeed(b.data() + 4064, 16, 0x73746f72656d6b00 + place));
}

/// Well-formed UTF-8: table 3-7 of the Unicode Standard, row by row.
bool is_text(const Bytes& b, std::size_t at, std::size_t end) {
  struct Row {
    int first_from, first_to, second_from, second_to;
    std::size_t length;
  };
  static constexpr Row rows[] = {
      {0x00, 0x7F, 0, 0, 1},       {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
      {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
      {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4}};
  while (at < end) {
    const Row* row = std::find_if(std::begin(rows), std::end(rows), [&](const Row& r) {
      return b.byte(at) >= r.first_from && b.byte(at) <= r.first_to;
    });
    if (row == std::end(rows) || row->length > end - at) return false;
    for (std::size_t i = 1; i < row->length; ++i) {
      const int from = i == 1 ? row->second_from : 0x80;
      const int to = i == 1 ? row->second_to : 0xBF;
      if (b.byte(at + i) < from || b.byte(at + i) > to) return false;
    }
    at += row->length;
  }
  return true;
}

/// Where the sections of the packed area end, or nothing where they break a rule.
std::optional<std::size_t> end_of_sections(const Bytes& b) {
  constexpr std::size_t end = 4064;
  const auto members = b.number(172, 2);
  const auto history = b.number(174, 2);
  const auto compared = b.number(176, 2);
  const auto reason = b.number(178, 2);
  const auto payload = b.number(180, 2);
  if (members > 64 || history > 32 || compared > 63 || reason > 128 || payload > 256) return {};
  std::size_t at = 312;
  for (std::uint64_t i = 0; i < members; ++i) {
    if (at + 25 > end || b.byte(at + 24) > 16) return {};
    const std::size_t label = at + 25;
    at = label + b.byte(at + 24);
    if (at > end || !is_text(b, label, at)) return {};
  }
  at += 26 * history;
  for (std::uint64_t i = 0; i < compared; ++i) {
    if (at + 10 > end) return {};
    const std::uint8_t member = b.byte(at);
    const std::uint8_t view = b.byte(at + 1);
    if (member != 255 && member >= members) return {};
    if (view != 255 && view >= history) return {};
    at += 10U + (member == 255 ? 16U : 0U) + (view == 255 ? 16U : 0U);
  }
  if (at + reason + payload > end || !is_text(b, at, at + reason)) return {};
  at += reason + payload;
  return at;
}

bool keeps_the_rules(const Bytes& b) {
  const auto sections_end = end_of_sections(b);
  if (!sections_end) return false;
  const bool old_features = b.number(20, 4) == 0 && b.number(24, 4) == 0;
  const bool all_known = b.zero(28, 32) && b.zero(48, 56) && b.zero(182, 184) && b.zero(300, 312) &&
                         b.number(170, 2) < 32 && b.zero(*sections_end, 4064);
  if (old_features && !all_known) return false;
  const auto state = b.byte(168);
  const auto tag_size = b.byte(169);
  return state >= 1 && state <= 4 && b.number(152, 8) <= b.number(160, 8) &&
         b.number(160, 8) <= last_sequence && b.number(240, 8) <= last_sequence &&
         b.number(64, 8) != 0 && !b.zero(32, 48) && tag_size <= 32 && b.zero(184U + tag_size, 216);
}

void take_fields(const Bytes& b, Block& out) {
  out.body = b.hash(4064);
  out.generation = b.number(64, 8);
  out.floor = b.number(152, 8);
  out.ceiling = b.number(160, 8);
  out.mark_held = b.number(248, 8);
  out.mark_raised = b.number(256, 8);
  out.state = static_cast<StoreState>(b.byte(168));
  for (std::size_t i = 0; i < b.byte(169); ++i) out.tag.push_back(b.byte(184 + i));
}

Kind kind_of(const Bytes& b, std::size_t place) {
  if (b.zero(0, block_bytes)) return Kind::zero;
  if (b.number(0, 8) != 0x4b52414d524f5453) return Kind::invalid;
  if (b.number(56, 8) != XXH3_64bits(b.data(), 56)) return Kind::invalid;
  if (b.number(16, 4) != 0 || b.number(12, 4) != block_bytes) return Kind::future;
  if (b.hash(4064) != spelt(XXH3_128bits(b.data(), 4064))) return Kind::invalid;
  std::optional<std::size_t> sealed;
  for (std::size_t other = 0; other < offsets.size() && !sealed; ++other) {
    if (b.hash(4080) == seal_at(b, other)) sealed = other;
  }
  if (!sealed) return Kind::invalid;
  if (!keeps_the_rules(b)) return Kind::malformed;
  return *sealed == place ? Kind::valid : Kind::misplaced;
}

Blocks read_blocks(std::span<const std::byte> file) {
  Blocks blocks;
  for (std::size_t place = 0; place < offsets.size(); ++place) {
    if (offsets.at(place) + block_bytes > file.size()) continue;
    const Bytes b(file.subspan(offsets.at(place), block_bytes));
    Block& out = blocks.at(place);
    out.kind = kind_of(b, place);
    out.magic = b.number(0, 8) == 0x4b52414d524f5453;
    const bool named =
        out.kind == Kind::valid || out.kind == Kind::misplaced || out.kind == Kind::future;
    if (named) out.journal = b.hash(32);
    if (named && out.kind != Kind::future) take_fields(b, out);
  }
  return blocks;
}

// --- all of them ---------------------------------------------------------------------------------

/// Whose file it is: most blocks, then most anchors; nobody's where that leaves two.
std::optional<Hash> owner(const Blocks& blocks) {
  std::map<Hash, std::pair<int, int>> votes;
  for (std::size_t place = 0; place < blocks.size(); ++place) {
    const Block& block = blocks.at(place);
    const bool anchor = place >= slots;
    if (block.kind != Kind::valid && (anchor || block.kind != Kind::future)) continue;
    votes[block.journal].first += 1;
    votes[block.journal].second += anchor ? 1 : 0;
  }
  std::optional<Hash> best;
  for (const auto& vote : votes) {
    const auto beats = [&vote](const auto& other) {
      return other.first == vote.first || vote.second > other.second;
    };
    if (std::ranges::all_of(votes, beats)) best = vote.first;
  }
  return best;
}

std::vector<const Block*> slots_of(const Blocks& blocks, const Hash& journal, Kind kind) {
  std::vector<const Block*> out;
  for (std::size_t place = 0; place < slots; ++place) {
    const Block& block = blocks.at(place);
    if (block.kind == kind && block.journal == journal) out.push_back(&block);
  }
  return out;
}

StoreState worse(StoreState a, StoreState b) {
  for (const StoreState s : {StoreState::updating, StoreState::dirty}) {
    if (a == s || b == s) return s;
  }
  return a == StoreState::empty && b == StoreState::empty ? StoreState::empty : StoreState::dirty;
}

/// Other evidence that is as new: it raises the sequence, and no clean stands beside it.
void weigh(const Block& newest, const std::vector<const Block*>& others, Answer& answer) {
  for (const Block* other : others) {
    if (other->generation < newest.generation || other->body == newest.body) continue;
    answer.floor = std::max(answer.floor, other->floor);
    answer.ceiling = std::max(answer.ceiling, other->ceiling);
    answer.state = worse(answer.state, other->state);
  }
}

bool clean_stands(const Block& newest, std::size_t copies, const StoreFacts& facts) {
  const bool both = facts.tag && !newest.tag.empty();
  if (both && facts.tag->bytes != newest.tag) return false;
  return copies >= 4 || (copies >= 2 && both);
}

void hold_against_store(const Block& newest, const StoreFacts& facts, Answer& answer) {
  if (facts.content == StoreContent::unknown) return;
  const bool updating = answer.state == StoreState::updating;
  const bool marked = newest.mark_raised != 0 && newest.mark_raised == answer.floor;
  if (facts.content == StoreContent::holds_nothing && !(updating && answer.floor > 0)) {
    if (marked && newest.mark_held == 0) {
      answer.ceiling = answer.floor;
    } else if (answer.floor > 0) {
      answer.diagnosis = Diagnosis::hollow;
    } else {
      answer.state = StoreState::empty;
      answer.ceiling = 0;
    }
    return;
  }
  if (answer.state == StoreState::empty) {
    answer.diagnosis = Diagnosis::lost;
    return;
  }
  if (!facts.sequence || updating) return;
  const std::uint64_t held = *facts.sequence;
  if (marked && held >= newest.mark_held && held < answer.floor) {
    answer.ceiling = answer.floor;
    return;
  }
  if (held < answer.floor) {
    answer.diagnosis = Diagnosis::hollow;
    return;
  }
  const bool more = held != answer.floor || held != answer.ceiling;
  if (more && answer.state == StoreState::clean) answer.state = StoreState::dirty;
  answer.floor = answer.ceiling = held;
}

Diagnosis nothing_readable(const Blocks& blocks, std::size_t size) {
  const bool ours = std::ranges::any_of(blocks, [](const Block& b) { return b.magic; });
  return ours || size == journal_bytes || size == 0 ? Diagnosis::damaged : Diagnosis::foreign;
}

}  // namespace

Answer read(std::span<const std::byte> file, const StoreFacts& facts) {
  const Blocks blocks = read_blocks(file);
  const auto journal = owner(blocks);
  Answer answer;
  if (journal && !slots_of(blocks, *journal, Kind::future).empty()) {
    answer.diagnosis = Diagnosis::future;
    return answer;
  }
  const auto valid =
      journal ? slots_of(blocks, *journal, Kind::valid) : std::vector<const Block*>{};
  if (valid.empty()) {
    answer.diagnosis = nothing_readable(blocks, file.size());
    return answer;
  }
  const auto rank = [](const Block* b) { return std::tuple(b->generation, b->floor, b->ceiling); };
  const Block& newest = **std::ranges::max_element(valid, {}, rank);
  answer.has_record = true;
  answer.generation = newest.generation;
  answer.state = newest.state;
  answer.floor = newest.floor;
  answer.ceiling = newest.ceiling;
  weigh(newest, valid, answer);
  weigh(newest, slots_of(blocks, *journal, Kind::misplaced), answer);
  const auto copies = static_cast<std::size_t>(
      std::ranges::count_if(valid, [&](const Block* b) { return b->body == newest.body; }));
  if (answer.state == StoreState::clean && !clean_stands(newest, copies, facts)) {
    answer.state = StoreState::dirty;
  }
  if (file.size() != journal_bytes) {
    answer.diagnosis = Diagnosis::damaged;
    return answer;
  }
  hold_against_store(newest, facts, answer);
  return answer;
}

}  // namespace storemark::reference
