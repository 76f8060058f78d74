// SPDX-License-Identifier: Apache-2.0
// Scenarios spelt out in the grammar of scenario.hpp.
#include <initializer_list>

#include "seeds.hpp"

namespace storemark::fuzz {
namespace {

using Bytes = std::vector<std::uint8_t>;

// The bits of "which fields are new" in record_grammar.cpp.
constexpr std::uint8_t state = 1;
constexpr std::uint8_t sequence = 2;
constexpr std::uint8_t flags = 4;
constexpr std::uint8_t ids = 8;
constexpr std::uint8_t tag = 16;
constexpr std::uint8_t mark = 32;
constexpr std::uint8_t sections = 64;
constexpr std::uint8_t hostile = 128;

// The states, less one.
constexpr std::uint8_t updating = 1;
constexpr std::uint8_t dirty = 2;
constexpr std::uint8_t clean = 3;

// StoreContent, and what goes with it.
constexpr std::uint8_t holds_nothing = 1;
constexpr std::uint8_t holds_data = 2;
constexpr std::uint8_t right_tag = 0x60;
constexpr std::uint8_t with_sequence = 0x80;

/// A place: how many records before the last one.
constexpr std::uint8_t damaged = 0x80;
/// What is wrong there: nothing but the place that it was sealed for.
constexpr std::uint8_t for_slot_1 = 0x12;

Bytes scenario(std::initializer_list<Bytes> records, const Bytes& facts, const Bytes& places) {
  Bytes out{0, 0, static_cast<std::uint8_t>(records.size() - 1)};
  for (const Bytes& record : records) out.insert(out.end(), record.begin(), record.end());
  out.insert(out.end(), facts.begin(), facts.end());
  out.insert(out.end(), places.begin(), places.end());
  return out;
}

/// The one after the last: from it, next generation.
Bytes next(const Bytes& changes) {
  Bytes out{0, 0};
  out.insert(out.end(), changes.begin(), changes.end());
  return out;
}

const Bytes founding{0};
const Bytes activated = next({state | ids, dirty, 1, 2, 4, 0});
const Bytes at_10 = next({sequence, 10, 0});
const Bytes at_20 = next({sequence, 20, 5});
const Bytes shut_down = next({state | tag, clean, 3, 7, 7, 7});

/// A healing that is cut in the middle of its first write.
Bytes cut_at_first_write(Bytes scenario) {
  scenario[0] = 0x70;
  return scenario;
}

/// What once went wrong: each stays here, where every test run sees it.
void add_what_was_found(std::vector<Seed>& out) {
  // The only block that spoke against clean was the first to be overwritten.
  out.push_back(
      {"misplaced-cut",
       cut_at_first_write(scenario({founding, activated, at_10, shut_down, next({state, dirty})},
                                   {holds_data}, {1, 1, 1, damaged, for_slot_1, 1, 1, 4, 4, 4}))});
  out.push_back(
      {"fork-cut", cut_at_first_write(scenario(
                       {founding, activated, at_10, shut_down, Bytes{1, 0, sequence, 9, 0}},
                       {holds_data}, {1, 1, 1, 0, 1, 1, 4, 4, 4}))});
  // No storemark writes a clean record with room between floor and ceiling.
  out.push_back(
      {"clean-between", scenario({founding, activated, next({state | sequence, clean, 3, 7})},
                                 {holds_data}, {0, 0, 0, 0, 0, 0, 2, 2, 2})});
  // One block of a newer format without a journal id, one of ours: nobody's file.
  out.push_back(
      {"nil-journal-tie",
       scenario({founding, next({ids | hostile, 0, 9, 9, 9, 0, 16, 0, 0, 1})}, {holds_data},
                {0, 1, damaged, 1, damaged, 1, damaged, 1, damaged, 1, damaged, 1, damaged, 1,
                 damaged, 1})});
  // After the last generation there is none.
  out.push_back({"last-generation", scenario({founding, Bytes{0, 0xF0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                                              0xFF, 0xFF, 0xFF, state, dirty}},
                                             {holds_data}, {1, 1, 1, 1, 0, 0, 1, 1, 1})});
}

}  // namespace

std::vector<Seed> slots_seeds() {
  std::vector<Seed> out;
  const auto add = [&](std::string name, const Bytes& bytes) {
    out.push_back({std::move(name), bytes});
  };
  add("nothing", {});
  add("created", scenario({founding}, {holds_nothing}, {0, 0, 0, 0, 0, 0, 0, 0, 0}));
  add("running",
      scenario({founding, activated, at_10, at_20}, {holds_data}, {1, 1, 0, 0, 2, 2, 3, 3, 3}));
  add("at-a-sequence", scenario({founding, activated, at_10, at_20},
                                {holds_data | with_sequence, 3}, {1, 1, 0, 0, 2, 2, 3, 3, 3}));
  add("torn-pair", scenario({founding, activated, at_10, at_20}, {holds_data},
                            {1, 1, damaged | 2, 4, 0x0F, 0, damaged, 4, 0xF0, 3, 2, 2, 3, 3, 3}));
  add("clean",
      scenario({founding, activated, at_10, shut_down}, {holds_data}, {0, 0, 0, 0, 0, 0, 3, 3, 3}));
  add("clean-in-three",
      scenario({founding, activated, at_10, shut_down}, {holds_data}, {0, 0, 0, 1, 1, 1, 3, 3, 3}));
  add("clean-by-tag", scenario({founding, activated, at_10, shut_down}, {holds_data | right_tag},
                               {0, 0, 1, 1, 1, 1, 3, 3, 3}));
  add("activation-cut", scenario({founding, activated, shut_down, next({state, dirty})},
                                 {holds_data}, {0, 1, 1, 1, 1, 1, 3, 3, 3}));
  add("fork", scenario({founding, activated, at_10, Bytes{1, 0, sequence, 30, 0}}, {holds_data},
                       {1, 1, 0, 0, 2, 2, 3, 3, 3}));
  add("misplaced", scenario({founding, activated, at_10, shut_down, next({state, dirty})},
                            {holds_data}, {1, 1, 1, damaged, for_slot_1, 1, 1, 4, 4, 4}));
  add("foreign", scenario({founding, activated, next({ids, 9, 9, 9, 9})}, {holds_data},
                          {1, 1, 1, 0, 0, 1, 2, 2, 2}));
  add("zero-and-unreadable", scenario({founding, activated}, {holds_data},
                                      {0, damaged, 1, 0, damaged, 5, 0, damaged, 3, 1, 1, 1}));
  add("updating", scenario({founding, next({state | mark, updating, 0, 0, 8, 99})}, {holds_data},
                           {0, 0, 0, 0, 0, 0, 1, 1, 1}));
  add("marked", scenario({founding, activated, at_10,
                          next({state | sequence | flags | mark, clean, 50, 0, 2, 10, 50, 0, 0})},
                         {holds_data | with_sequence, 0x80}, {0, 0, 0, 0, 0, 0, 3, 3, 3}));
  add("sections",
      scenario({founding, next({sections, 5, 2, 1, 11, 1, 'a', 2,   12,  1, 'b', 1, 5, 0,
                                2,        1, 1, 5, 9,  3, 'w', 'h', 'y', 2, 1,   2, 0})},
               {holds_nothing}, {0, 0, 0, 0, 0, 0, 1, 1, 1}));
  // Over the counts of the sections (offset 172 on).
  add("hostile-counts",
      scenario({founding, next({hostile, 0, 172, 0, 7, 64, 0, 32, 0, 63, 0, 128, 0})}, {holds_data},
               {0, 0, 0, 0, 0, 0, 1, 1, 1}));
  add("future", scenario({founding, next({hostile, 0, 16, 0, 0, 1})}, {holds_data},
                         {0, 1, 1, 1, 1, 1, 1, 1, 1}));
  add_what_was_found(out);
  Bytes cut_off = scenario({founding, activated}, {holds_data}, {0, 0, 0, 0, 0, 0, 1, 1, 1});
  cut_off[1] = 0xFC;
  cut_off.insert(cut_off.begin() + 2, {0x00, 0x20});
  add("cut-off", cut_off);
  return out;
}

}  // namespace storemark::fuzz
