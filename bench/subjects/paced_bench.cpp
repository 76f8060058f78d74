// SPDX-License-Identifier: Apache-2.0
// Durable writes with time between them, when latency is what a broker feels: on a quiet filesystem
// a millisecond apart; ten and one a second while another process dirties the filesystem.
#include <algorithm>
#include <numeric>
#include <random>
#include <thread>

#include "../dirtier.hpp"
#include "../group.hpp"
#include "../keepers/contender.hpp"
#include "../subject.hpp"

namespace storemark::bench {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

const std::vector<std::string>& participants() {
  static const std::vector<std::string> names = {
      "storemark, automatic",      "O_DIRECT + RWF_DSYNC, 4 KiB",
      "pwrite + fdatasync, 4 KiB", "LMDB",
      "SQLite WAL, exclusive",     "LevelDB"};
  return names;
}

Table quiet_table(const std::filesystem::path& directory, const Plan& plan) {
  std::filesystem::create_directories(directory);
  Group group("durable write, 1 ms apart", plan);
  for (const std::string& name : participants()) {
    Contender its = contender(way(name), directory);
    its.is_baseline = name == "O_DIRECT + RWF_DSYNC, 4 KiB";
    group.add(std::move(its));
  }
  for (std::size_t i = 0; i < 2; ++i) group.add(twin(way(participants()[i]), directory));
  return std::move(group).table();
}

/// Once a period, each participant at another point of it: in an order that is drawn anew for each
/// period, so that nobody has the same neighbour, or the same part of the other process's second.
std::vector<std::vector<Clock::duration>> points(std::size_t participants, std::size_t periods,
                                                 milliseconds period) {
  std::mt19937_64 random(1);  // NOLINT(cert-msc51-cpp): the same order in every run
  std::vector<std::size_t> order(participants);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<std::vector<Clock::duration>> out(participants);
  for (std::size_t k = 0; k < periods; ++k) {
    std::ranges::shuffle(order, random);
    for (std::size_t place = 0; place < participants; ++place) {
      out[order[place]].push_back(k * period + period * place / participants);
    }
  }
  return out;
}

std::vector<double> write_at(Keeper& keeper, Clock::time_point begin,
                             const std::vector<Clock::duration>& when) {
  std::vector<double> out;
  for (const auto& point : when) {
    std::this_thread::sleep_until(begin + point);
    const std::uint64_t n = out.size() + 1;
    out.push_back(static_cast<double>(timed([&] { keeper.put(n); }).count()));
  }
  return out;
}

Row busy_row(const std::string& name, const std::vector<double>& samples,
             const std::vector<double>& ours) {
  Row out;
  out.name = name;
  out.samples = samples;
  out.numbers = {{"median_ns", median(samples)},
                 {"p90_ns", quantile(samples, 0.9)},
                 {"p99_ns", quantile(samples, 0.99)},
                 {"max_ns", quantile(samples, 1)}};
  std::vector<double> quotients;
  for (std::size_t k = 0; k < samples.size(); ++k) quotients.push_back(ours[k] / samples[k]);
  add_spread(out, "ours", quotients);
  return out;
}

std::vector<Row> measure_busy(const std::filesystem::path& directory, milliseconds period,
                              std::size_t count) {
  std::vector<std::string> names = participants();
  std::vector<std::unique_ptr<Keeper>> keepers;
  for (const std::string& name : names) keepers.push_back(way(name).open(directory / name));
  names.push_back(names.front() + " (twin)");
  keepers.push_back(way(names.front()).open(directory / names.back()));
  const Dirtier dirtier(directory);
  std::this_thread::sleep_for(period);
  std::vector<std::vector<double>> samples(names.size());
  {
    const auto begin = Clock::now() + milliseconds(1);
    const auto when = points(names.size(), count, period);
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < names.size(); ++i) {
      threads.emplace_back([&, i] { samples[i] = write_at(*keepers[i], begin, when[i]); });
    }
  }
  std::vector<Row> out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    out.push_back(busy_row(names[i], samples[i], samples[0]));
  }
  return out;
}

Table busy_table(const std::string& name, const std::filesystem::path& directory,
                 milliseconds period, std::size_t count) {
  std::filesystem::create_directories(directory);
  std::vector<std::string> names = participants();
  names.push_back(names.front() + " (twin)");
  return Table(name, names, [=] { return measure_busy(directory, period, count); });
}

Tables paced_tables(const std::filesystem::path& directory, Effort effort) {
  constexpr std::chrono::microseconds apart(1'000);
  const auto quiet = by_effort<Plan>(effort, {2, 2, apart, {}}, {30, 8, apart, {}},
                                     {100, 10, apart, {}}, {400, 20, apart, {}});
  Tables out;
  out.push_back(quiet_table(directory / "quiet", quiet));
  out.push_back(busy_table("ten a second, filesystem busy", directory / "ten", milliseconds(100),
                           by_effort<std::size_t>(effort, 2, 50, 200, 1'200)));
  out.push_back(busy_table("one a second, filesystem busy", directory / "one", milliseconds(1'000),
                           by_effort<std::size_t>(effort, 1, 8, 30, 300)));
  return out;
}

}  // namespace
}  // namespace storemark::bench

int main(int argc, char** argv) {
  return storemark::bench::run_subject(argc, argv, "paced", storemark::bench::paced_tables,
                                       storemark::bench::engine_versions());
}
