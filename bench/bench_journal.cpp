// SPDX-License-Identifier: Apache-2.0
// usage: bench_journal [--tiny] [DIRECTORY] [GOOGLE BENCHMARK'S OPTIONS]
// Measures the journal in DIRECTORY (else $STOREMARK_BENCH_DIR, else here), beside what the system
// calls and the atomics under it cost. Google Benchmark reports the times, as any of its formats;
// the ratios follow on stdout. See README.md.
#include <benchmark/benchmark.h>
#include <sys/utsname.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "active_journal.hpp"
#include "groups.hpp"
#include "report.hpp"

namespace {

namespace fs = std::filesystem;
using namespace storemark::bench;

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
  run_groups(groups);
}
