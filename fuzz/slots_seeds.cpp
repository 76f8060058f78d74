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
                            {holds_data}, {1, 1, 1, damaged, 0x10, 1, 1, 4, 4, 4}));
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
  Bytes cut_off = scenario({founding, activated}, {holds_data}, {0, 0, 0, 0, 0, 0, 1, 1, 1});
  cut_off[1] = 0xFC;
  cut_off.insert(cut_off.begin() + 2, {0x00, 0x20});
  add("cut-off", cut_off);
  return out;
}

}  // namespace storemark::fuzz
