// SPDX-License-Identifier: Apache-2.0
// Makes the golden files of the format: usage: make_golden DIRECTORY. A person runs it once for
// each version of the format. Ids and times are counted, so that it makes the same bytes each time;
// a file that is there already is left alone, for it is golden for ever.
#include <cstdio>
#include <filesystem>
#include <stdexcept>

#include "journal/blocks.hpp"
#include "journal/bytes.hpp"
#include "journal/core.hpp"
#include "journal/open.hpp"
#include "journal/samples.hpp"
#include "support/sim_disk.hpp"

namespace storemark::test {
namespace {

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(to_string(result.error()));
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// One store and its journal on a simulated disk.
class Story {
 public:
  explicit Story(std::uint64_t first_id = 0) : ids_(first_id) {}

  Journal open(StoreContent content) {
    Environment environment;
    environment.directory = sim::directory_on(disk_);
    environment.path = "/store";
    environment.new_id = [this] { return numbered(++ids_); };
    environment.wall_clock = [this] { return seconds_++ * 1'000'000'000; };
    environment.steady_clock = [] { return std::chrono::steady_clock::time_point{}; };
    return must(open_journal(std::move(environment),
                             {.content = content, .tag = {}, .sequence = {}},
                             {.interval = {}, .jump_bound = 1U << 20U}));
  }

  /// The file as it stands.
  Bytes file() const {
    Bytes out = zero_file();
    for (std::size_t place = 0; place < layout::place_count; ++place) {
      const auto block = disk_.visible_block(offset_of(place) / layout::slot_bytes);
      std::ranges::copy(block, block_of(out, place).begin());
    }
    return out;
  }

 private:
  sim::Disk disk_;
  std::uint64_t ids_;
  std::int64_t seconds_ = 1'767'225'600;  // 2026-01-01T00:00:00Z
};

constexpr auto nothing = StoreContent::holds_nothing;
const InitialUuid cluster = id<InitialUuid>(0x1000);

View view_of(const Journal& journal, std::uint64_t number, std::size_t others) {
  View view{id<ViewId>(0x2000 + number), {{journal.record().member, "node-0", 0}}};
  for (std::size_t i = 1; i <= others; ++i) {
    view.members.push_back({id<MemberId>(0x3000 + i), "node-" + std::to_string(i), 0});
  }
  return view;
}

Journal founded(Story& story) {
  Journal journal = story.open(nothing);
  must(journal.found(cluster));
  return journal;
}

void write(Journal& journal, Record next) {
  must(CoreAccess::core(journal).transition(std::move(next)));
}

Bytes empty() {
  Story story;
  const Journal journal = story.open(nothing);
  return story.file();
}

Bytes founded_only() {
  Story story;
  const Journal journal = founded(story);
  return story.file();
}

/// Four sequence writes after the activation, the last one with a ceiling above the floor.
Bytes dirty() {
  Story story;
  Journal journal = founded(story);
  WritePermit permit = must(journal.activate(view_of(journal, 1, 2), 0));
  for (const std::uint64_t n : {10U, 25U, 40U}) must(permit.write_sequence(n));
  must(permit.reserve(64));
  return story.file();
}

Bytes updating() {
  Story story;
  Journal journal = founded(story);
  const UpdatePermit permit = must(journal.begin_update(id<MemberId>(0x3001), 77));
  return story.file();
}

Bytes clean() {
  Story story;
  Journal journal = founded(story);
  WritePermit permit = must(journal.activate(view_of(journal, 1, 2), 0));
  must(permit.write_sequence(1234));
  const StoreTag tag{{0xDE, 0xAD, 0xBE, 0xEF}};
  must(journal.mark_clean(std::move(permit), {id<FinalUuid>(0x4000), 1234, tag, false}));
  return story.file();
}

/// An operator's word: one compared store is of the view and its history, one is a stranger.
Bytes marked() {
  Story story;
  Journal journal = founded(story);
  { const WritePermit permit = must(journal.activate(view_of(journal, 1, 2), 100)); }
  Record next = journal.record();
  next.state = StoreState::clean;
  next.marked = true;
  next.final = id<FinalUuid>(0x4001);
  next.mark_held = 100;
  next.floor = next.ceiling = next.mark_raised = 131;
  next.compared = {{id<MemberId>(0x3001), id<ViewId>(0x2001), 90},
                   {id<MemberId>(0x3999), id<ViewId>(0x2999), 130}};
  next.reason = "rack 4 has burnt";
  next.history.push_back({id<ViewId>(0x2100), 100, 1});
  write(journal, std::move(next));
  return story.file();
}

Bytes discarded() {
  Story story;
  Journal journal = founded(story);
  { const WritePermit permit = must(journal.activate(view_of(journal, 1, 1), 7, true)); }
  Record next = journal.record();
  next.discard = true;
  next.reason = "\xC3\xA9tage 3: older than node-1";
  write(journal, std::move(next));
  return story.file();
}

/// Every section at its bound, as far as they fit together.
Bytes full() {
  Story story;
  Journal journal = founded(story);
  { const WritePermit permit = must(journal.activate(view_of(journal, 1, 0), 0)); }
  Record next = journal.record();
  next.sole = next.adopted = next.unproven = true;
  next.floor = 5;
  next.ceiling = max_sequence;
  next.view.members.clear();
  for (std::uint64_t i = 0; i < max_members; ++i) {
    next.view.members.push_back(
        {id<MemberId>(0x3000 + i), "sixteen byte " + std::to_string(100 + i), max_sequence - i});
  }
  for (std::uint64_t i = 1; i < 16; ++i) {
    next.history.push_back({id<ViewId>(0x2000 + i), i, static_cast<std::uint16_t>(65535 - i)});
  }
  next.reason.assign(max_reason_bytes, 'r');
  for (std::size_t i = 0; i < max_payload_bytes; ++i) {
    next.payload.push_back(static_cast<std::uint8_t>(i));
  }
  write(journal, std::move(next));
  return story.file();
}

/// Forty views: the oldest are folded.
Bytes folded() {
  Story story;
  Journal journal = founded(story);
  WritePermit permit = must(journal.activate(view_of(journal, 1, 3), 0));
  for (std::uint64_t n = 2; n <= 40; ++n) {
    must(permit.change_view(view_of(journal, n, n % 4), 10 * n));
  }
  must(permit.write_payload(std::array<std::uint8_t, 3>{'a', 'b', 'c'}));
  return story.file();
}

// --- damaged -------------------------------------------------------------------------------------

void flip(Bytes& file, std::size_t place, std::size_t at) {
  block_of(file, place)[at] ^= std::byte{1};
}

void zero(Bytes& file, std::size_t place) {
  std::ranges::fill(block_of(file, place), std::byte{0});
}

/// The newest record of a file, as the library reads it.
Record newest(const Bytes& file) { return *recovery::read(evidence_of(file), {}).verdict.record; }

BodyHash newest_hash(const Bytes& file) { return recovery::read(evidence_of(file), {}).hash; }

Record after(const Bytes& file, std::uint64_t sequence) {
  Record next = newest(file);
  next.parent = newest_hash(file);
  ++next.generation;
  next.floor = next.ceiling = sequence;
  next.wall_clock += 1'000'000'000;
  return next;
}

/// The power went in the middle of a sequence write to pair 1: of each slot some sectors arrived.
Bytes torn_pair() {
  const Bytes before = dirty();
  Bytes whole = before;
  for (const std::size_t slot : {2U, 3U}) put_record(whole, slot, after(before, 70));
  Bytes file = before;
  std::copy_n(block_of(std::as_const(whole), 2).begin(), 512, block_of(file, 2).begin());
  std::copy_n(block_of(std::as_const(whole), 3).begin() + 3584, 512,
              block_of(file, 3).begin() + 3584);
  return file;
}

Bytes rotten_slot() {
  Bytes file = clean();
  flip(file, 4, 2000);
  return file;
}

/// A sequence write that the device put one slot further, over the two slots behind it.
Bytes misplaced() {
  Bytes file = dirty();
  const Record next = after(file, 70);
  for (const std::size_t slot : {2U, 3U}) {
    put_record(file, slot + 1, next);
    codec::seal(block_of(file, slot + 1), slot);
  }
  return file;
}

/// Half of another journal's file copied over it.
Bytes foreign() {
  Bytes file = clean();
  Story story(0x500);
  const Journal journal = founded(story);
  const Bytes other = story.file();
  for (const std::size_t place : {0U, 1U, 6U}) {
    std::ranges::copy(block_of(other, place), block_of(file, place).begin());
  }
  return file;
}

void set_word(Bytes& file, std::size_t place, const layout::Field& field, std::uint32_t value) {
  codec::put(block_of(file, place).data() + field.offset, value);
}

/// A newer version has begun to use an incompatible feature.
Bytes future() {
  Bytes file = dirty();
  for (const std::size_t slot : {2U, 3U}) {
    set_word(file, slot, layout::version, 2);
    set_word(file, slot, layout::incompat, 1);
    fix_checks(block_of(file, slot), slot);
  }
  return file;
}

/// Features of a newer version that may be read, which uses reserved bytes; nobody else may write.
Bytes newer_readable() {
  Bytes file = dirty();
  for (const std::size_t slot : {2U, 3U}) {
    put_record(file, slot, after(dirty(), 70));
    set_word(file, slot, layout::version, 2);
    set_word(file, slot, layout::compat, 0x11);
    set_word(file, slot, layout::ro_compat, 1);
    set_word(file, slot, layout::reserved_a, 7);
    block_of(file, slot)[layout::area.end() - 1] = std::byte{9};
    fix_checks(block_of(file, slot), slot);
  }
  return file;
}

/// A clean shutdown that was cut after three slots.
Bytes weak_clean() {
  Bytes file = dirty();
  Record next = after(file, 64);
  next.state = StoreState::clean;
  next.final = id<FinalUuid>(0x4002);
  next.tag = StoreTag{{1, 2, 3}};
  for (const std::size_t slot : {2U, 3U, 4U}) put_record(file, slot, next);
  return file;
}

/// Two lines of records: the directory was copied, both copies were used, slots were mixed.
Bytes fork() {
  Bytes file = dirty();
  for (const std::size_t slot : {2U, 3U}) put_record(file, slot, after(dirty(), 70));
  Record other = after(dirty(), 69);
  other.incarnation = id<Incarnation>(0x5000);
  for (const std::size_t slot : {4U, 5U}) put_record(file, slot, other);
  return file;
}

/// Checks that hold over fields that lie.
Bytes malformed() {
  Bytes file = clean();
  block_of(file, 0)[layout::state.offset] = std::byte{9};
  codec::put(block_of(file, 1).data() + layout::members.offset, std::uint16_t{65});
  block_of(file, 2)[layout::reserved_d.offset] = std::byte{1};
  block_of(file, 3)[layout::area.offset + 24] = std::byte{17};
  codec::put(block_of(file, 4).data() + layout::ceiling.offset, std::uint64_t{1} << 63U);
  for (std::size_t slot = 0; slot < 5; ++slot) fix_checks(block_of(file, slot), slot);
  return file;
}

Bytes one_slot_left() {
  Bytes file = clean();
  for (const std::size_t slot : {0U, 1U, 2U}) zero(file, slot);
  for (const std::size_t slot : {3U, 5U}) flip(file, slot, 100);
  for (const std::size_t anchor : {6U, 7U, 8U}) zero(file, anchor);
  return file;
}

Bytes no_slot_left() {
  Bytes file = clean();
  for (std::size_t slot = 0; slot < slot_count; ++slot) flip(file, slot, 4095);
  return file;
}

struct Golden {
  const char* name;
  Bytes (*make)();
};
constexpr Golden all[] = {
    {"empty", empty},
    {"founded", founded_only},
    {"dirty", dirty},
    {"updating", updating},
    {"clean", clean},
    {"marked", marked},
    {"discarded", discarded},
    {"full", full},
    {"folded", folded},
    {"torn-pair", torn_pair},
    {"rotten-slot", rotten_slot},
    {"misplaced", misplaced},
    {"foreign", foreign},
    {"future", future},
    {"newer-readable", newer_readable},
    {"weak-clean", weak_clean},
    {"fork", fork},
    {"malformed", malformed},
    {"one-slot-left", one_slot_left},
    {"no-slot-left", no_slot_left},
};

void make_all(const std::filesystem::path& directory) {
  for (const Golden& golden : all) {
    const auto path = directory / (std::string(golden.name) + ".blocks");
    const bool there = std::filesystem::exists(path);
    if (!there) write_bytes(path, shorten(golden.make()));
    std::printf("%-8s %s\n", there ? "is there" : "made", path.c_str());
  }
}

}  // namespace
}  // namespace storemark::test

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_golden DIRECTORY\n");
    return 2;
  }
  try {
    storemark::test::make_all(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "make_golden: %s\n", error.what());
    return 1;
  }
  return 0;
}
