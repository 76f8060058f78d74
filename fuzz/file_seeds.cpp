// SPDX-License-Identifier: Apache-2.0
#include <cstring>
#include <string_view>

#include "forge.hpp"
#include "image.hpp"
#include "record_grammar.hpp"
#include "require.hpp"
#include "seeds.hpp"

namespace storemark::fuzz {
namespace {

/// A journal that is written as a broker would write it.
class Story {
 public:
  Story() {
    record_.journal = JournalId(small_id(1));
    record_.member = MemberId(small_id(2));
    record_.incarnation = Incarnation(small_id(3));
    record_.generation = 1;
    encode();
    for (std::size_t place = 0; place < layout::place_count; ++place) put(place);
  }

  Record& record() { return record_; }
  Image& image() { return image_; }

  /// The record as it now is becomes the next one.
  void next() {
    record_.parent = codec::body_hash(bytes_);
    ++record_.generation;
    encode();
  }
  void put(std::size_t place) {
    std::ranges::copy(bytes_, image_.block(place).begin());
    codec::seal(image_.block(place), place);
  }
  void transition(std::size_t slots = slot_count) {
    next();
    for (std::size_t slot = 0; slot < slots; ++slot) put(slot);
  }
  void write_sequence(std::size_t pair, std::uint64_t n) {
    record_.floor = record_.ceiling = n;
    next();
    put(2 * pair);
    put(2 * pair + 1);
  }
  void activate() {
    record_.initial = InitialUuid(small_id(4));
    record_.state = StoreState::dirty;
    record_.view = {ViewId(small_id(5)), {{MemberId(small_id(2)), "a", 0}}};
    record_.history = {{ViewId(small_id(5)), 0, 1}};
    transition();
  }
  void run() {
    activate();
    for (std::size_t i = 0; i < 4; ++i) write_sequence(i % layout::pair_count, 10 * (i + 1));
  }
  void shut_down(std::size_t slots = slot_count) {
    record_.state = StoreState::clean;
    record_.final = FinalUuid(small_id(6));
    record_.tag = StoreTag{{7, 7, 7}};
    transition(slots);
  }

 private:
  void encode() { require(codec::encode(record_, bytes_).has_value(), "a seed is too large"); }

  Record record_;
  std::array<std::byte, layout::slot_bytes> bytes_{};
  Image image_;
};

void fill_to_the_bounds(Record& r) {
  r.view.members.clear();
  for (std::size_t i = 0; i < max_members; ++i) {
    r.view.members.push_back(
        {MemberId(small_id(static_cast<std::uint8_t>(i))), std::string(max_label_bytes, 'x'), i});
  }
  r.history.clear();
  for (std::size_t i = 0; i < 4; ++i) {
    r.history.push_back({ViewId(small_id(static_cast<std::uint8_t>(i))), i, max_members});
  }
  for (std::size_t i = 0; i < max_compared; ++i) {
    r.compared.push_back({r.view.members.at(i).id, r.history.at(i % 4).view, i});
  }
  r.reason = std::string(max_reason_bytes, 'r');
  r.payload.assign(max_payload_bytes, 0xA5);
}

Seed seed(std::string name, const Story& story, void (*then)(Story&) = nullptr) {
  Story copy = story;
  if (then != nullptr) then(copy);
  return {std::move(name), copy.image().to_input()};
}

}  // namespace

std::vector<Seed> file_seeds() {
  const Story created;
  Story running;
  running.run();
  std::vector<Seed> out;
  out.push_back({"nothing", {}});
  constexpr std::string_view text = "another program's file\n";
  out.push_back({"text", {text.begin(), text.end()}});
  out.push_back(seed("created", created));
  out.push_back(seed("running", running));
  out.push_back(seed("clean", running, [](Story& s) { s.shut_down(); }));
  out.push_back(seed("clean-in-three", running, [](Story& s) { s.shut_down(3); }));
  out.push_back(seed("updating", running, [](Story& s) {
    s.record().state = StoreState::updating;
    s.record().donor = MemberId(small_id(8));
    s.record().target = 99;
    s.transition();
  }));
  out.push_back(seed("marked", running, [](Story& s) {
    s.record().marked = true;
    s.record().mark_held = 40;
    s.record().mark_raised = s.record().floor = s.record().ceiling = 50;
    fill_to_the_bounds(s.record());
    s.shut_down();
  }));
  out.push_back(seed("forked-and-misplaced", running, [](Story& s) {
    Story other = s;
    s.write_sequence(1, 60);
    other.write_sequence(2, 61);
    std::ranges::copy(other.image().block(4), s.image().block(3).begin());
    std::ranges::copy(other.image().block(5), s.image().block(5).begin());
  }));
  out.push_back(seed("future", running, [](Story& s) {
    s.image().block(0)[layout::incompat.offset] = std::byte{1};
    forge(s.image().block(0), 0);
  }));
  out.push_back(
      seed("cut-off", running, [](Story& s) { s.image().resize(layout::pair_stride + 6000); }));
  out.push_back(
      seed("grown", created, [](Story& s) { s.image().resize(layout::file_bytes + 100); }));
  return out;
}

}  // namespace storemark::fuzz
