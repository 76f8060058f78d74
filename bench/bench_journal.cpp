// SPDX-License-Identifier: Apache-2.0
// usage: bench_journal [--tiny] [DIRECTORY] [GOOGLE BENCHMARK'S OPTIONS]
// Measures the journal in DIRECTORY (else $STOREMARK_BENCH_DIR, else here), beside what the system
// calls and the atomics under it cost. Google Benchmark reports the times, as any of its formats;
// the ratios follow on stdout. See README.md.
#include <benchmark/benchmark.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "active_journal.hpp"
#include "groups.hpp"

namespace {

namespace fs = std::filesystem;
using namespace storemark::bench;

/// A directory of our own, gone at the end.
class Scratch {
 public:
  explicit Scratch(const fs::path& in)
      : path_(in / ("storemark-bench-" + std::to_string(::getpid()))) {
    fs::create_directories(path_);
  }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

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

void describe_machine(const fs::path& directory) {
  struct utsname system {};
  ::uname(&system);
  const ActiveJournal probe(directory / "probe", {});
  const auto mode = probe.mode();
  benchmark::AddCustomContext("kernel", system.release);
  benchmark::AddCustomContext("filesystem", std::string(mode.filesystem));
  benchmark::AddCustomContext("durable_write", std::string(mode.durable_write));
  benchmark::AddCustomContext("library", std::string(storemark::version()));
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  const char* from_environment = std::getenv("STOREMARK_BENCH_DIR");
  fs::path where = from_environment != nullptr ? from_environment : ".";
  auto effort = Effort::full;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--tiny") == 0) {
      effort = Effort::tiny;
    } else if (argv[i][0] != '-') {
      where = argv[i];
    } else {
      std::fprintf(stderr, "usage: bench_journal [--tiny] [DIRECTORY] [--benchmark_...]\n");
      return 2;
    }
  }
  const Scratch scratch(where);
  describe_machine(scratch.path());
  const unsigned cores = std::max(2U, std::thread::hardware_concurrency());
  std::vector<Group> groups;
  groups.push_back(sequence_group(scratch.path(), effort));
  groups.push_back(paced_sequence_group(scratch.path(), effort));
  groups.push_back(memory_group(scratch.path(), effort, 1));
  groups.push_back(memory_group(scratch.path(), effort, cores));
  groups.push_back(open_group(scratch.path(), effort));
  groups.push_back(transition_group(scratch.path(), effort));
  groups.push_back(decision_group(effort));
  for (Group& group : groups) register_group(group);
  benchmark::RunSpecifiedBenchmarks();
  print_ratios(groups);
  benchmark::Shutdown();
}
