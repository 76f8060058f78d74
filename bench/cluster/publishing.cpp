// SPDX-License-Identifier: Apache-2.0
#include "publishing.hpp"

#include <array>
#include <storemark/driver.hpp>

#include "../active_journal.hpp"
#include "client.hpp"
#include "store.hpp"

namespace storemark::bench {
namespace {

constexpr std::size_t members = 3;
constexpr std::size_t event_bytes = 100;
/// How many are on their way at once: enough for full batches, and soon confirmed at a turn's end.
constexpr std::uint64_t window = 2000;
/// A turn lasts longer than the longest interval.
constexpr std::chrono::milliseconds turn{1200};

class Cluster {
 public:
  Cluster(const std::filesystem::path& directory, bool synced, MemberKind kind,
          std::chrono::milliseconds interval) {
    std::filesystem::create_directories(directory);
    for (std::size_t i = 0; i < members; ++i) {
      DriverOptions options;
      options.directory = directory / std::to_string(i);
      std::filesystem::create_directories(options.directory);
      options.kind = kind;
      options.wait_for = members;
      options.journal.interval = interval;
      stores_.at(i) = std::make_unique<CountingStore>(synced ? options.directory / "count" : "");
      drivers_.at(i) = must(
          Driver::start(options, *stores_.at(i), [&] { return join_local(directory / "group"); }));
    }
    for (const auto& store : stores_) store->await_ready();
  }

  /// For so long, and until all are confirmed. Returns the time of one.
  std::chrono::nanoseconds publish(std::chrono::milliseconds time) {
    using Clock = std::chrono::steady_clock;
    Driver& driver = *drivers_.back();
    CountingStore& store = *stores_.back();
    const auto begun = Clock::now();
    const std::uint64_t before = published_;
    while (Clock::now() - begun < time) {
      while (!must(driver.publish(event_, 0))) store.await_room();
      if (++published_ > window) store.await_confirmed(published_ - window);
    }
    store.await_confirmed(published_);
    return (Clock::now() - begun) / (published_ - before);
  }

 private:
  const std::vector<std::uint8_t> event_ = std::vector<std::uint8_t>(event_bytes, 0x5a);
  std::array<std::unique_ptr<CountingStore>, members> stores_;
  std::array<std::unique_ptr<Driver>, members> drivers_;
  std::uint64_t published_ = 0;
};

struct How {
  const char* name;
  MemberKind kind;
  std::chrono::milliseconds interval;
};
/// The first is the baseline.
constexpr std::array hows{
    How{"no journal", MemberKind::transient, std::chrono::milliseconds(0)},
    How{"interval 1 s", MemberKind::persistent, std::chrono::milliseconds(1000)},
    How{"interval 100 ms", MemberKind::persistent, std::chrono::milliseconds(100)},
    How{"every event's bound", MemberKind::persistent, std::chrono::milliseconds(0)}};

}  // namespace

Group publishing_group(const std::filesystem::path& directory, Effort effort, bool synced) {
  const auto lasts = effort == Effort::tiny ? turn / 100 : turn;
  const char* name = synced ? "publish, stores synced" : "publish, stores in memory";
  Group out(name, by_effort<Plan>(effort, {1, 1, {}, {}}, {3, 1, {}, {}}, {8, 1, {}, {}},
                                  {30, 1, {}, {}}));
  for (const How& how : hows) {
    Contender contender;
    contender.name = how.name;
    contender.is_baseline = how.kind == MemberKind::transient;
    const auto where = directory / name / how.name;
    // Made when it is needed: until then it would run beside what is measured before.
    contender.once = [=, cluster = std::shared_ptr<Cluster>()]() mutable {
      if (!cluster) cluster = std::make_shared<Cluster>(where, synced, how.kind, how.interval);
      return cluster->publish(lasts);
    };
    out.add(std::move(contender));
  }
  return out;
}

}  // namespace storemark::bench
