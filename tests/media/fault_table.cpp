// SPDX-License-Identifier: Apache-2.0
// Prints the table of the smallest number of faults that reaches each violation; docs/faults.md
// holds what it printed.
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "media/media_search.hpp"

namespace storemark::sim {
namespace {

struct Bounds {
  unsigned exhaustive = 2;
  std::uint64_t sample_two = 1;
  std::uint64_t sample_three = 4'000;
  std::uint64_t sample_more = 400'000;
  std::uint64_t sample_earlier = 16;
};

Search run(const std::vector<Ground>& on, const Bounds& bounds) {
  Search out;
  for (unsigned faults = 1; faults <= slot_count; ++faults) {
    Depth depth;
    depth.faults = faults;
    if (faults == 2) depth.one_in = bounds.sample_two;
    if (faults > bounds.exhaustive) {
      depth.one_in = faults == 3 ? bounds.sample_three : bounds.sample_more;
      for (unsigned more = 4; more < faults; ++more) depth.one_in *= 6;
    }
    search(on, depth, out);
    // What slots that were rolled back can do is where a false clean lies: more of that.
    if (faults >= 3) {
      const std::uint64_t sample = bounds.sample_earlier * (std::uint64_t{1} << (2 * (faults - 3)));
      search(on, {.faults = faults, .one_in = sample, .only_earlier = true, .only_at_rest = true},
             out);
    }
  }
  return out;
}

std::string number(const Finding& finding) {
  return finding.faults == 0 ? "none found" : std::to_string(finding.faults);
}

void print(const Search& content, const Search& told) {
  std::printf(
      "| violation | at rest | after a crash | after a crash, the store told its sequence |\n");
  std::printf("|---|---|---|---|\n");
  for (std::size_t i = 0; i < violation_count; ++i) {
    const auto violation = static_cast<Violation>(i);
    std::printf("| %s | %s | %s | %s |\n", std::string(to_string(violation)).c_str(),
                number(content.at_rest.at(i)).c_str(), number(content.after_crash.at(i)).c_str(),
                number(told.after_crash.at(i)).c_str());
  }
}

void print(const std::vector<CommandRow>& rows) {
  std::printf("\n| one command of 8 KiB | and then | reaches |\n|---|---|---|\n");
  for (const CommandRow& row : rows) {
    std::string reached;
    for (const Violation violation : row.reached) {
      reached += (reached.empty() ? "" : ", ") + std::string(to_string(violation));
    }
    std::printf("| %s | %s | %s |\n", row.fault.c_str(), row.moment.c_str(),
                reached.empty() ? "nothing" : reached.c_str());
  }
}

void print_examples(const Search& found) {
  std::printf("\nThe first example of each:\n");
  for (std::size_t i = 0; i < violation_count; ++i) {
    const Finding& finding = found.least(static_cast<Violation>(i));
    if (finding.faults == 0) continue;
    std::printf("- %s, %u faults: %s\n", std::string(to_string(static_cast<Violation>(i))).c_str(),
                finding.faults, finding.story.c_str());
  }
}

}  // namespace
}  // namespace storemark::sim

int main(int argc, char** argv) {
  using namespace storemark::sim;
  Bounds bounds;
  if (argc > 1 && std::string_view(argv[1]) == "--long") bounds = {3, 1, 1, 200, 1};
  if (argc > 1 && std::string_view(argv[1]) == "--quick") bounds = {1, 60, 4000, 400'000, 64};
  const auto plain = grounds(Telling::content);
  const auto told = grounds(Telling::sequence);
  const Search content = run(plain, bounds);
  const Search sequence = run(told, bounds);
  std::printf("Smallest number of slot faults that reaches each violation\n");
  std::printf(
      "(%zu scenes; all choices of up to %u faults, beyond that a seeded sample;\n"
      " %lu images opened)\n\n",
      plain.size() + told.size(), bounds.exhaustive,
      static_cast<unsigned long>(content.images + sequence.images));
  print(content, sequence);
  print(command_rows());
  print_examples(content);
  return EXIT_SUCCESS;
}
