// SPDX-License-Identifier: Apache-2.0
#include "journal/damage.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <sstream>
#include <stdexcept>

#include "journal/bytes.hpp"
#include "journal/samples.hpp"

namespace storemark::test {
namespace {

constexpr std::uint64_t newest_generation = 100;

std::vector<std::string> words(std::string_view text) {
  std::istringstream in{std::string(text)};
  std::vector<std::string> out;
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

StoreTag good_tag() { return StoreTag{{'g', 'o', 'o', 'd'}}; }

void make_clean(Record& r) {
  r.state = StoreState::clean;
  r.final = id<FinalUuid>(50);
}

struct Older {
  std::string_view word;
  std::string_view parent;
  std::uint64_t generation;
  std::uint64_t floor;
};
constexpr Older older[] = {{"one", "two", 99, 40}, {"cln", "two", 99, 40}, {"two", "thr", 98, 30},
                           {"thr", "", 97, 20},    {"far", "", 7, 5},      {"for", "", 200, 90}};

std::string_view to_string(recovery::Healing healing) {
  switch (healing) {
    case recovery::Healing::none:
      return "none";
    case recovery::Healing::flush:
      return "flush";
    case recovery::Healing::copies:
      return "copies";
    case recovery::Healing::new_record:
      return "new-record";
  }
  return "?";
}

}  // namespace

Damage::Damage(std::string_view newest, std::string_view slots, std::string_view anchors)
    : newest_(newest), words_(words(slots)), file_(zero_file()) {
  std::ranges::copy(words(anchors), std::back_inserter(words_));
  if (words_.size() != layout::place_count) throw std::invalid_argument("six slots, three anchors");
  for (std::size_t place = 0; place < words_.size(); ++place) put(place, words_[place]);
}

bool Damage::readable() const { return std::ranges::count(words_, "dev") == 0; }

Record Damage::base() const {
  Record r = plain_record();
  r.floor = r.ceiling = 50;
  if (newest_ == "between") r.ceiling = 60;
  if (newest_ == "unproven") r.unproven = true;
  if (newest_ == "clean" || newest_ == "tagged" || newest_ == "marked") make_clean(r);
  if (newest_ == "tagged") r.tag = good_tag();
  if (newest_ == "marked") {
    r.marked = true;
    r.mark_held = 45;
    r.mark_raised = 50;
  }
  if (newest_ == "updating") {
    r.state = StoreState::updating;
    r.donor = id<MemberId>(60);
  }
  if (newest_ == "empty") r.state = StoreState::empty;
  if (newest_ == "empty" || newest_ == "fresh") r.floor = r.ceiling = 0;
  return r;
}

BodyHash Damage::hash_of(std::string_view word) const {
  if (word.empty()) return {};
  Bytes scratch(layout::file_bytes);
  return put_record(scratch, 0, record(word));
}

Record Damage::record(std::string_view word) const {
  for (const Older& o : older) {
    if (o.word != word) continue;
    Record r = plain_record();
    r.generation = o.generation;
    r.parent = hash_of(o.parent);
    r.floor = r.ceiling = o.floor;
    if (newest_ == "empty" || newest_ == "fresh") r.floor = r.ceiling = 0;
    if (newest_ == "empty") r.state = StoreState::empty;
    if (word == "cln") make_clean(r);
    if (word == "for") r.journal = id<JournalId>(999);
    return r;
  }
  Record r = base();
  const bool after_clean = std::ranges::count(words_, "cln") > 0;
  r.generation = newest_generation;
  r.parent = hash_of(after_clean ? "cln" : "one");
  if (word == "new") return r;
  // All others are told apart from the newest by their time, too.
  r.wall_clock += 1;
  if (word == "frk") r.floor -= std::min<std::uint64_t>(r.floor, 1);
  if (word == "fcl") make_clean(r);
  if (word == "mnw" || word == "mcl") {
    ++r.generation;
    r.floor = r.ceiling = 55;
    r.state = StoreState::dirty;
    if (word == "mcl") make_clean(r);
  }
  return r;
}

void Damage::put(std::size_t place, std::string_view word) {
  const codec::SlotBytes block = block_of(file_, place);
  const std::size_t elsewhere = (place + 1) % slot_count;
  if (word == "zer" || word == "dev") return;
  if (word == "own") {
    Record first = plain_record();
    first.state = StoreState::empty;
    first.initial = {};
    first.floor = first.ceiling = 0;
    put_record(file_, place, first);
    return;
  }
  if (word == "mis" || word == "mnw" || word == "mcl") {
    put_record(file_, place, record(word == "mis" ? "new" : word));
    codec::seal(block, elsewhere);
    return;
  }
  if (word == "trn") {
    put_record(file_, place, record("two"));
    Bytes other = zero_file();
    put_record(other, place, record("new"));
    std::copy_n(block_of(std::as_const(other), place).begin(), 512, block.begin());
    return;
  }
  put_record(file_, place, record(word == "rot" || word == "bad" || word == "fut" ? "new" : word));
  if (word == "rot") block[1000] ^= std::byte{16};
  if (word == "bad") block[layout::state.offset] = std::byte{9};
  if (word == "fut") block[layout::incompat.offset] = std::byte{1};
  if (word == "bad" || word == "fut") fix_checks(block, place);
}

recovery::Evidence Damage::evidence() const {
  recovery::Evidence out = evidence_of(file_);
  for (std::size_t slot = 0; slot < slot_count; ++slot) {
    if (words_[slot] == "dev") out.slots.at(slot) = {};
  }
  return out;
}

StoreFacts facts(std::string_view text) {
  StoreFacts out;
  const std::string_view content = text.substr(0, text.find_first_of("=+"));
  if (content == "nothing") out.content = StoreContent::holds_nothing;
  if (content == "data") out.content = StoreContent::holds_data;
  if (content != "nothing" && content != "data" && content != "unknown") {
    throw std::invalid_argument(std::string(text));
  }
  if (const auto at = text.find('='); at != text.npos) {
    std::uint64_t sequence = 0;
    std::from_chars(text.data() + at + 1, text.data() + text.size(), sequence);
    out.sequence = sequence;
  }
  if (text.ends_with("+good")) out.tag = good_tag();
  if (text.ends_with("+other")) out.tag = StoreTag{{'o'}};
  return out;
}

std::string told(const recovery::Reading& reading) {
  const Verdict& v = reading.verdict;
  if (!v.record) return std::string(storemark::to_string(v.diagnosis));
  std::ostringstream out;
  out << (v.diagnosis == Diagnosis::none ? storemark::to_string(v.state)
                                         : storemark::to_string(v.diagnosis));
  out << ' ' << v.floor << ".." << v.ceiling << ' ' << storemark::to_string(v.certainty) << ' '
      << v.faults_to_be_wrong << ' ' << to_string(reading.healing);
  if (v.clean_by_tag) out << " by-tag";
  if (v.clean_if_tag_matches) out << " if-tag";
  return out.str();
}

reference::Answer answer_in(const Verdict& v) {
  return {v.diagnosis, v.state,    v.floor,
          v.ceiling,   !!v.record, v.record ? v.record->generation : 0};
}

std::string told(const reference::Answer& a) {
  std::ostringstream out;
  // A diagnosis stands in the place of the state.
  out << (a.diagnosis == Diagnosis::none ? storemark::to_string(a.state)
                                         : storemark::to_string(a.diagnosis));
  if (a.has_record) out << ' ' << a.floor << ".." << a.ceiling << " generation " << a.generation;
  return out.str();
}

}  // namespace storemark::test
