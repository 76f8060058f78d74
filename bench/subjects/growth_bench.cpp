// SPDX-License-Identifier: Apache-2.0
// That nothing grows: latency, file and memory over many notes and many durable writes.
#include "../active_journal.hpp"
#include "../process.hpp"
#include "../rounds.hpp"
#include "../subject.hpp"

namespace storemark::bench {
namespace {

struct Amount {
  std::uint64_t notes;
  std::uint64_t writes;
  std::size_t points;  ///< of the series
};

/// Values along the way.
class Course {
 public:
  explicit Course(std::filesystem::path file) : file_(std::move(file)) {}

  void add(std::uint64_t at, const std::vector<double>& latencies) {
    at_.push_back(static_cast<double>(at));
    median_.push_back(median(latencies));
    p99_.push_back(quantile(latencies, 0.99));
    bytes_.push_back(static_cast<double>(std::filesystem::file_size(file_)));
    resident_.push_back(static_cast<double>(resident_bytes()));
  }

  Row row(const std::string& name) const {
    // The tenth at either end, so that one disturbance does not speak for all.
    const std::size_t tenth = std::max<std::size_t>(1, at_.size() / 10);
    const auto last = static_cast<std::ptrdiff_t>(at_.size() - tenth);
    const double early =
        median({median_.begin(), median_.begin() + static_cast<std::ptrdiff_t>(tenth)});
    const double late = median({median_.begin() + last, median_.end()});
    Row out;
    out.name = name;
    out.numbers = {{"count", at_.back()},
                   {"median_ns", median(median_)},
                   {"first_tenth_ns", early},
                   {"last_tenth_ns", late},
                   {"last_to_first", late / early},
                   {"file_grew_bytes", bytes_.back() - bytes_.front()},
                   {"resident_grew_bytes", resident_.back() - resident_.front()}};
    out.series = {{"at", at_},
                  {"median_ns", median_},
                  {"p99_ns", p99_},
                  {"file_bytes", bytes_},
                  {"resident_bytes", resident_}};
    return out;
  }

 private:
  std::filesystem::path file_;
  std::vector<double> at_, median_, p99_, bytes_, resident_;
};

/// As a broker does it for every event, the interval writer at work.
Row notes(const std::filesystem::path& directory, const std::string& name, const Amount& amount) {
  constexpr std::uint64_t batches = 20;  // of a point
  constexpr std::chrono::milliseconds interval(100);
  Options options;
  options.interval = interval;
  ActiveJournal active(directory, options);
  Course course(directory / journal_file_name);
  const std::uint64_t batch = amount.notes / amount.points / batches;
  std::uint64_t n = 0;
  for (std::size_t point = 0; point < amount.points; ++point) {
    std::vector<double> latencies;
    for (std::uint64_t i = 0; i < batches; ++i) {
      const auto took = timed([&] {
        for (std::uint64_t k = 0; k < batch; ++k) {
          ++n;
          if (!active.permit().reserve(n) || !active.permit().note(n)) std::abort();
        }
      });
      latencies.push_back(static_cast<double>(took.count()) / static_cast<double>(batch));
    }
    course.add(n, latencies);
  }
  return course.row(name);
}

Row writes(const std::filesystem::path& directory, const std::string& name, const Amount& amount) {
  ActiveJournal active(directory, {});
  Course course(directory / journal_file_name);
  std::uint64_t n = 0;
  for (std::size_t point = 0; point < amount.points; ++point) {
    std::vector<double> latencies;
    for (std::uint64_t i = 0; i < amount.writes / amount.points; ++i) {
      ++n;
      const auto took = timed([&] { must(active.permit().write_sequence(n)); });
      latencies.push_back(static_cast<double>(took.count()));
    }
    course.add(n, latencies);
  }
  return course.row(name);
}

Tables growth_tables(const std::filesystem::path& directory, Effort effort) {
  const auto amount =
      by_effort<Amount>(effort, {20'000, 40, 10}, {10'000'000, 4'000, 100},
                        {200'000'000, 20'000, 200}, {1'000'000'000, 1'000'000, 200});
  const std::vector<std::string> names = {"reserve and note", "write_sequence"};
  Tables out;
  out.emplace_back("growth", names, [=] {
    return std::vector<Row>{notes(directory / "notes", names[0], amount),
                            writes(directory / "writes", names[1], amount)};
  });
  return out;
}

}  // namespace
}  // namespace storemark::bench

int main(int argc, char** argv) {
  return storemark::bench::run_subject(argc, argv, "growth", storemark::bench::growth_tables);
}
