// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include <benchmark/benchmark.h>
#include <unistd.h>

namespace storemark::bench {
namespace {

/// The group is measured as a whole, before the first of it is reported; what is reported is what
/// was measured.
void report(benchmark::State& state, Group& group, std::size_t contender) {
  group.measure();
  const auto samples = group.samples(contender);
  constexpr double nanosecond = 1e-9;
  std::size_t next = 0;
  for ([[maybe_unused]] auto _ : state) {
    state.SetIterationTime(samples[next++ % samples.size()] * nanosecond);
  }
  const Outcome its = group.outcome(contender);
  state.counters["p50_s"] = its.median * nanosecond;
  state.counters["p99_s"] = its.p99 * nanosecond;
  state.counters["ratio"] = its.ratio;
  state.counters["ratio_p10"] = its.ratio_p10;
  state.counters["ratio_p90"] = its.ratio_p90;
}

void register_group(Group& group) {
  for (std::size_t i = 0; i < group.contenders().size(); ++i) {
    const std::string name = group.name() + "/" + group.contenders()[i].name;
    const bool in_memory = group.contenders()[i].operations > 1;
    benchmark::RegisterBenchmark(name.c_str(),
                                 [&group, i](benchmark::State& state) { report(state, group, i); })
        ->UseManualTime()
        ->Iterations(static_cast<benchmark::IterationCount>(group.operations()))
        ->Unit(in_memory ? benchmark::kNanosecond : benchmark::kMicrosecond);
  }
}

}  // namespace

Scratch::Scratch(const std::filesystem::path& in)
    : path_(in / ("storemark-bench-" + std::to_string(::getpid()))) {
  std::filesystem::create_directories(path_);
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void run_groups(std::vector<Group>& groups) {
  for (Group& group : groups) register_group(group);
  benchmark::RunSpecifiedBenchmarks();
  print_ratios(groups);
  benchmark::Shutdown();
}

}  // namespace storemark::bench
