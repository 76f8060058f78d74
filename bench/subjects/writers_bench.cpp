// SPDX-License-Identifier: Apache-2.0
// Many threads, each waiting for its own next number to be durable: what they get together, how
// many of them share a flush, and how long the unlucky one waits. Beside the engines' own group
// commit, and a bare write behind a mutex.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "../device.hpp"
#include "../rounds.hpp"
#include "../subject.hpp"
#include "../writers.hpp"

namespace storemark::bench {
namespace {

using std::chrono::milliseconds;

struct Amount {
  std::vector<unsigned> threads;
  std::size_t rounds;
  milliseconds turn;
};

struct Participant {
  std::string name;
  std::shared_ptr<Keeper> keeper;
  std::shared_ptr<std::atomic<std::uint64_t>> counter;
};

/// What one participant did with so many threads, round by round.
struct Cell {
  std::vector<double> per_second;
  std::vector<double> per_flush;
  std::vector<double> latencies;
  std::vector<double> processor_ns;
};

class Contest {
 public:
  Contest(const std::filesystem::path& directory, Amount amount)
      : device_(device_of(directory)), amount_(std::move(amount)) {
    const std::vector<std::string> names = {"storemark, automatic",
                                            "storemark, all asleep",
                                            "storemark, a flush each",
                                            "RocksDB",
                                            "RocksDB, pipelined",
                                            "RocksDB, recycled log",
                                            "LevelDB",
                                            "RocksDB, recycled, pipelined",
                                            "SQLite WAL, exclusive",
                                            "LMDB",
                                            "O_DIRECT + RWF_DSYNC, 4 KiB"};
    for (const std::string& name : names) add(name, way(name), directory);
    add(names.front() + " (twin)", way(names.front()), directory);
    cells_.resize(participants_.size(), std::vector<Cell>(amount_.threads.size()));
  }

  std::vector<std::string> row_names() const {
    std::vector<std::string> out;
    for (const Participant& participant : participants_) {
      for (const unsigned threads : amount_.threads) out.push_back(row_name(participant, threads));
    }
    return out;
  }

  std::vector<Row> measure() {
    std::mt19937_64 random(1);  // NOLINT(cert-msc51-cpp): the same order in every run
    const auto shuffled = [&](std::size_t count) {
      std::vector<std::size_t> order(count);
      std::iota(order.begin(), order.end(), std::size_t{0});
      std::ranges::shuffle(order, random);
      return order;
    };
    for (std::size_t round = 0; round <= amount_.rounds; ++round) {
      for (const std::size_t who : shuffled(participants_.size())) {
        // What it gets from more threads is told by neighbours in time.
        for (const std::size_t i : shuffled(amount_.threads.size())) take_turn(who, i, round > 0);
      }
    }
    std::vector<Row> out;
    for (std::size_t who = 0; who < participants_.size(); ++who) {
      for (std::size_t i = 0; i < amount_.threads.size(); ++i) out.push_back(row(who, i));
    }
    return out;
  }

 private:
  void add(const std::string& name, const Way& way, const std::filesystem::path& directory) {
    participants_.push_back(
        {name, way.open(directory / name), std::make_shared<std::atomic<std::uint64_t>>(0)});
  }

  static std::string row_name(const Participant& participant, unsigned threads) {
    return participant.name + " x " + std::to_string(threads);
  }

  /// The keeper's own count, else the device's.
  std::optional<std::uint64_t> flushes(const Keeper& keeper) const {
    if (const auto own = keeper.flushes()) return own;
    const auto seen = counts(device_);
    return seen ? std::optional(seen->flushes) : std::nullopt;
  }

  void take_turn(std::size_t who, std::size_t i, bool counts) {
    const Participant& its = participants_[who];
    const auto before = flushes(*its.keeper);
    const Turnout turnout =
        run_writers(*its.keeper, *its.counter, amount_.threads[i], amount_.turn);
    const auto after = flushes(*its.keeper);
    if (!counts) return;
    Cell& cell = cells_[who][i];
    cell.per_second.push_back(turnout.per_second);
    cell.processor_ns.push_back(turnout.processor_ns);
    const double flushed = before && after ? static_cast<double>(*after - *before) : 0;
    cell.per_flush.push_back(flushed > 0 ? static_cast<double>(turnout.latencies.size()) / flushed
                                         : std::nan(""));
    cell.latencies.insert(cell.latencies.end(), turnout.latencies.begin(), turnout.latencies.end());
  }

  static std::vector<double> quotients(const std::vector<double>& a, const std::vector<double>& b) {
    std::vector<double> out;
    for (std::size_t i = 0; i < a.size(); ++i) out.push_back(a[i] / b[i]);
    return out;
  }

  Row row(std::size_t who, std::size_t i) const {
    const Cell& cell = cells_[who][i];
    Row out;
    out.name = row_name(participants_[who], amount_.threads[i]);
    // The curves of one and of sixteen are enough to look at.
    if (amount_.threads[i] == 1 || amount_.threads[i] == 16) out.samples = cell.latencies;
    out.numbers.emplace_back("threads", amount_.threads[i]);
    add_spread(out, "per_second", cell.per_second);
    add_spread(out, "multiple", quotients(cell.per_second, cells_[who][0].per_second));
    add_spread(out, "ours", quotients(cells_[0][i].per_second, cell.per_second));
    out.numbers.emplace_back("per_flush", median(cell.per_flush));
    // One thread of ours, alone: one write and one flush, and what is around them.
    const double flush = median(cells_[0][0].latencies);
    out.numbers.emplace_back("median_ns", median(cell.latencies));
    out.numbers.emplace_back("p99_flushes", quantile(cell.latencies, 0.99) / flush);
    out.numbers.emplace_back("p999_flushes", quantile(cell.latencies, 0.999) / flush);
    out.numbers.emplace_back("processor_ns", median(cell.processor_ns));
    return out;
  }

  Device device_;
  Amount amount_;
  std::vector<Participant> participants_;
  std::vector<std::vector<Cell>> cells_;  // by participant, by number of threads
};

Tables writers_tables(const std::filesystem::path& directory, Effort effort) {
  const std::vector<unsigned> all = {1, 2, 4, 8, 16, 32, 64};
  const auto contest = std::make_shared<Contest>(
      directory, by_effort<Amount>(effort, {{1, 4}, 2, milliseconds(2)}, {all, 4, milliseconds(40)},
                                   {all, 12, milliseconds(60)}, {all, 40, milliseconds(100)}));
  Tables out;
  out.emplace_back("many writers", contest->row_names(), [contest] { return contest->measure(); });
  return out;
}

}  // namespace
}  // namespace storemark::bench

int main(int argc, char** argv) {
  return storemark::bench::run_subject(argc, argv, "writers", storemark::bench::writers_tables,
                                       storemark::bench::engine_versions());
}
