// SPDX-License-Identifier: Apache-2.0
// The golden files: what this library says of the bytes of every released format, held against what
// was said when they were made. STOREMARK_REGENERATE=1 writes what is said now; the difference is
// then reviewed, and for a golden file of a released version there must be none.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "journal/blocks.hpp"
#include "journal/damage.hpp"
#include "support/reference_reader.hpp"

namespace storemark {
namespace {

namespace fs = std::filesystem;
using namespace storemark::test;
using Json = nlohmann::ordered_json;

template <class Range>
std::string hex(const Range& bytes) {
  constexpr auto digits = "0123456789abcdef";
  std::string out;
  for (const std::uint8_t byte : bytes) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

Json json_of(const View& view) {
  Json members = Json::array();
  for (const Member& m : view.members) {
    members.push_back({{"id", to_string(m.id)}, {"sequence", m.sequence}, {"label", m.label}});
  }
  return {{"id", to_string(view.id)}, {"members", members}};
}

Json flags_of(const Record& r) {
  Json out = Json::array();
  for (const auto& [set, name] : {std::pair{r.sole, "sole"},
                                  {r.marked, "marked"},
                                  {r.discard, "discard"},
                                  {r.adopted, "adopted"},
                                  {r.unproven, "unproven"}}) {
    if (set) out.push_back(name);
  }
  return out;
}

Json json_of(const Record& r) {
  Json history = Json::array();
  for (const HistoryEntry& h : r.history) {
    history.push_back({{"view", to_string(h.view)}, {"from", h.from}, {"members", h.members}});
  }
  Json compared = Json::array();
  for (const Compared& c : r.compared) {
    compared.push_back(
        {{"id", to_string(c.id)}, {"view", to_string(c.view)}, {"sequence", c.sequence}});
  }
  return {{"journal", to_string(r.journal)},
          {"generation", r.generation},
          {"parent", hex(r.parent.bytes)},
          {"member", to_string(r.member)},
          {"incarnation", to_string(r.incarnation)},
          {"initial", to_string(r.initial)},
          {"final", to_string(r.final)},
          {"floor", r.floor},
          {"ceiling", r.ceiling},
          {"state", to_string(r.state)},
          {"flags", flags_of(r)},
          {"tag", r.tag ? Json(hex(r.tag->bytes)) : Json()},
          {"wall_clock", r.wall_clock},
          {"donor", to_string(r.donor)},
          {"target", r.target},
          {"mark_held", r.mark_held},
          {"mark_raised", r.mark_raised},
          {"view", json_of(r.view)},
          {"history_digest", hex(r.history_digest.bytes)},
          {"folded", r.folded},
          {"history", history},
          {"compared", compared},
          {"reason", r.reason},
          {"payload", hex(r.payload)}};
}

Json json_of(const Verdict& v) {
  return {{"diagnosis", to_string(v.diagnosis)},
          {"state", v.diagnosis == Diagnosis::none ? Json(to_string(v.state)) : Json()},
          {"floor", v.floor},
          {"ceiling", v.ceiling},
          {"certainty", to_string(v.certainty)},
          {"faults_to_be_wrong", v.faults_to_be_wrong},
          {"unsettled", v.unsettled}};
}

/// All that is said of a file: the verdict, what each place holds, and each record once, by its
/// body hash.
Json told_of(const Bytes& file) {
  const recovery::Evidence evidence = evidence_of(file);
  const recovery::Reading reading = recovery::read(evidence, {});
  Json places = Json::array();
  Json records = Json::object();
  for (std::size_t place = 0; place < layout::place_count; ++place) {
    const bool slot = place < slot_count;
    const codec::Decoded& decoded =
        slot ? evidence.slots.at(place) : evidence.anchors.at(place - slot_count);
    std::string health(to_string(slot ? reading.slots.at(place).health : decoded.health));
    if (!slot && decoded.health == SlotHealth::current) {
      health = decoded.journal == reading.journal ? "valid" : "foreign";
    }
    Json entry = {
        {"place", (slot ? "slot " : "anchor ") + std::to_string(slot ? place : place - slot_count)},
        {"health", health}};
    if (decoded.record) {
      const std::string hash = hex(decoded.hash.bytes);
      entry["record"] = hash;
      records[hash] = json_of(*decoded.record);
    }
    places.push_back(entry);
  }
  return {{"verdict", json_of(reading.verdict)}, {"places", places}, {"records", records}};
}

std::vector<fs::path> golden_files() {
  std::vector<fs::path> out;
  for (const auto& entry : fs::directory_iterator(STOREMARK_GOLDEN)) {
    if (entry.path().extension() == ".blocks") out.push_back(entry.path());
  }
  std::ranges::sort(out);
  return out;
}

class Golden : public testing::TestWithParam<fs::path> {
 protected:
  Bytes file_ = expand(read_bytes(GetParam()));
};

TEST_P(Golden, SaysWhatItSaid) {
  fs::path expected = GetParam();
  expected.replace_extension(".json");
  const Json now = told_of(file_);
  if (std::getenv("STOREMARK_REGENERATE") != nullptr) {
    std::ofstream(expected) << now.dump(1) << '\n';
  }
  std::ifstream in(expected);
  ASSERT_TRUE(in) << expected << " is missing; STOREMARK_REGENERATE=1 makes it";
  EXPECT_EQ(Json::parse(in).dump(1), now.dump(1));
}

/// Whoever encodes the same record today writes the same bytes.
TEST_P(Golden, IsWrittenTheSame) {
  for (std::size_t place = 0; place < layout::place_count; ++place) {
    const auto block = block_of(std::as_const(file_), place);
    const codec::Decoded decoded = codec::decode(block, place);
    const bool newer = block[layout::version.offset] != std::byte{1};
    if (decoded.health != SlotHealth::current || newer) continue;
    Bytes again = zero_file();
    put_record(again, place, *decoded.record);
    EXPECT_TRUE(std::ranges::equal(block_of(again, place), block)) << "place " << place;
  }
}

/// The same file in a data directory, by the public door.
TEST_P(Golden, IsExaminedTheSame) {
  std::string name = (fs::temp_directory_path() / "storemark-golden-XXXXXX").string();
  ASSERT_NE(::mkdtemp(name.data()), nullptr);
  write_bytes(fs::path(name) / journal_file_name, file_);
  const auto examined = examine(name);
  fs::remove_all(name);
  ASSERT_TRUE(examined) << to_string(examined.error());
  EXPECT_EQ(json_of(examined->verdict), told_of(file_)["verdict"]);
  EXPECT_FALSE(examined->in_use);
}

TEST_P(Golden, IsReadTheSameByTheReference) {
  for (const char* known : {"unknown", "nothing", "data", "data=64", "data=131"}) {
    EXPECT_EQ(told(reference::read(file_, facts(known))),
              told(answer_in(recovery::read(evidence_of(file_), facts(known)).verdict)))
        << known;
  }
}

INSTANTIATE_TEST_SUITE_P(Files, Golden, testing::ValuesIn(golden_files()), [](const auto& file) {
  std::string name = file.param.stem().string();
  std::ranges::replace(name, '-', '_');
  return name;
});

}  // namespace
}  // namespace storemark
