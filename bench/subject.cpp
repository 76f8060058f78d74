// SPDX-License-Identifier: Apache-2.0
#include "subject.hpp"

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "json.hpp"
#include "machine.hpp"
#include "scratch.hpp"

namespace storemark::bench {
namespace {

struct Arguments {
  std::filesystem::path directory = ".";
  std::filesystem::path json;
  Effort effort = Effort::normal;
  Context context;
};

std::optional<std::string> value_of(const char* argument, const char* option) {
  const std::size_t length = std::strlen(option);
  if (std::strncmp(argument, option, length) != 0) return {};
  return argument + length;
}

bool take_effort(const std::string& word, Effort& effort) {
  const char* const words[] = {"tiny", "quick", "normal", "full"};
  for (int i = 0; i < 4; ++i) {
    if (word != words[i]) continue;
    effort = static_cast<Effort>(i);
    return true;
  }
  return false;
}

bool take(const char* argument, Arguments& out) {
  if (const auto effort = value_of(argument, "--effort=")) return take_effort(*effort, out.effort);
  if (const auto file = value_of(argument, "--json=")) {
    out.json = *file;
    return true;
  }
  if (const auto pair = value_of(argument, "--context=")) {
    const std::size_t at = pair->find('=');
    if (at == std::string::npos) return false;
    out.context.emplace_back(pair->substr(0, at), pair->substr(at + 1));
    return true;
  }
  if (argument[0] == '-') return false;
  out.directory = argument;
  return true;
}

/// The table is measured as a whole, before the first of it is reported. Google Benchmark is given
/// the median, as the time of its one iteration.
void report(benchmark::State& state, Table& table, std::size_t index) {
  const Row& row = table.measured().at(index);
  const double median_ns = row.number("median_ns");
  for ([[maybe_unused]] auto _ : state) {
    state.SetIterationTime(std::isnan(median_ns) ? 0 : median_ns * 1e-9);
  }
  for (const auto& [key, value] : row.numbers) {
    if (!std::isnan(value)) state.counters[key] = value;
  }
}

void register_table(Table& table) {
  for (std::size_t i = 0; i < table.names().size(); ++i) {
    const std::string name = table.name() + "/" + table.names()[i];
    benchmark::RegisterBenchmark(name.c_str(),
                                 [&table, i](benchmark::State& state) { report(state, table, i); })
        ->UseManualTime()
        ->Iterations(1)
        ->Unit(benchmark::kMicrosecond);
  }
}

/// Says only which table is at work: the tables themselves follow, with what it cannot print.
class Progress : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& /*context*/) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    const std::string name = runs.front().run_name.function_name;
    const std::string table = name.substr(0, name.find('/'));
    if (table == last_) return;
    last_ = table;
    std::fprintf(stderr, "measured: %s\n", table.c_str());
  }

 private:
  std::string last_;
};

}  // namespace

int run_subject(int argc, char** argv, const std::string& subject, const MakeTables& make,
                const Context& beside) {
  benchmark::Initialize(&argc, argv);
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    if (take(argv[i], arguments)) continue;
    std::fprintf(stderr,
                 "bench_%s: cannot take %s\n"
                 "usage: bench_%s [--effort=tiny|quick|normal|full] [--json=FILE]\n"
                 "       [--context=KEY=VALUE]... [--benchmark_...] [DIRECTORY]\n",
                 subject.c_str(), argv[i], subject.c_str());
    return 2;
  }
  const Scratch scratch(arguments.directory);
  const Context machine = describe_machine(scratch.path());
  arguments.context.insert(arguments.context.begin(), machine.begin(), machine.end());
  arguments.context.insert(arguments.context.end(), beside.begin(), beside.end());
  for (const auto& [key, value] : arguments.context) benchmark::AddCustomContext(key, value);
  Tables tables = make(scratch.path(), arguments.effort);
  for (Table& table : tables) register_table(table);
  Progress progress;
  benchmark::RunSpecifiedBenchmarks(&progress);
  benchmark::Shutdown();
  std::erase_if(tables, [](const Table& table) { return !table.is_measured(); });
  for (Table& table : tables) print(table);
  if (arguments.json.empty()) return 0;
  return write_json(arguments.json, subject, arguments.context, tables) ? 0 : 1;
}

}  // namespace storemark::bench
