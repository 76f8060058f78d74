// SPDX-License-Identifier: Apache-2.0
// reserve() and note(), which touch memory only, beside the atomic maximum that they cannot be
// cheaper than: rising values, from one thread, from one on every core, and from one beside another
// that flushes.
#include <atomic>
#include <barrier>
#include <thread>

#include "../active_journal.hpp"
#include "../group.hpp"
#include "../subject.hpp"

namespace storemark::bench {
namespace {

constexpr std::uint64_t calls = 20'000;  // of each thread in a turn

/// Threads that wait for work, so that a turn does not start any.
class Crew {
 public:
  explicit Crew(unsigned size) : gate_(size) {
    for (unsigned i = 1; i < size; ++i) {
      threads_.emplace_back([this, i] { serve(i); });
    }
  }
  ~Crew() {
    work_ = nullptr;
    gate_.arrive_and_wait();
    for (auto& thread : threads_) thread.join();
  }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  unsigned size() const { return static_cast<unsigned>(threads_.size()) + 1; }

  /// work(i) on each thread i. Returns how long all of them took, from the moment all were awake:
  /// waking takes longer than a turn, and one after the other they would not contend.
  std::chrono::nanoseconds run(const std::function<void(unsigned)>& work) {
    work_ = &work;
    awake_ = 0;
    done_ = 0;
    gate_.arrive_and_wait();
    const auto took = together(0);
    gate_.arrive_and_wait();
    return took;
  }

 private:
  void serve(unsigned i) {
    for (;;) {
      gate_.arrive_and_wait();
      if (work_ == nullptr) return;
      together(i);
      gate_.arrive_and_wait();
    }
  }

  std::chrono::nanoseconds together(unsigned i) {
    ++awake_;
    while (awake_ < size()) {
    }
    return timed([&] {
      (*work_)(i);
      ++done_;
      while (done_ < size()) {
      }
    });
  }

  std::atomic<unsigned> awake_{0};
  std::atomic<unsigned> done_{0};
  std::barrier<> gate_;
  const std::function<void(unsigned)>* work_ = nullptr;
  std::vector<std::thread> threads_;
};

/// Calls each(n) for rising n; the threads' values interleave.
template <class Each>
Contender rising(std::string name, const std::shared_ptr<Crew>& crew, Each each) {
  Contender out;
  out.name = std::move(name);
  out.operations = static_cast<double>(calls * crew->size());
  out.once = [crew, each, base = std::uint64_t{0}]() mutable {
    const std::uint64_t from = base;
    base += calls * crew->size();
    const std::function<void(unsigned)> work = [&](unsigned i) {
      for (std::uint64_t k = 0; k < calls; ++k) each(from + k * crew->size() + i);
    };
    return crew->run(work);
  };
  return out;
}

struct alignas(64) Maximum {
  std::atomic<std::uint64_t> value{0};
};

void raise(std::atomic<std::uint64_t>& maximum, std::uint64_t n) {
  std::uint64_t seen = maximum.load(std::memory_order_relaxed);
  while (seen < n && !maximum.compare_exchange_weak(seen, n, std::memory_order_release,
                                                    std::memory_order_relaxed)) {
  }
}

Contender atomic_maximum(const std::string& name, const std::shared_ptr<Crew>& crew) {
  const auto maximum = std::make_shared<Maximum>();
  return rising(name, crew, [maximum](std::uint64_t n) { raise(maximum->value, n); });
}

Table memory_table(const std::filesystem::path& directory, Effort effort, unsigned threads) {
  const Plan plan =
      by_effort<Plan>(effort, {2, 2, {}, {}}, {40, 5, {}, {}}, {150, 5, {}, {}}, {600, 10, {}, {}});
  const std::string who = threads == 1 ? "1 thread" : std::to_string(threads) + " threads";
  Group group("reserve and note, " + who, plan);
  Options options;
  options.jump_bound = max_sequence;
  auto active = std::make_shared<ActiveJournal>(directory / ("memory-" + who), options);
  must(active->permit().reserve(max_sequence / 2));
  const auto crew = std::make_shared<Crew>(threads);
  Contender bare = atomic_maximum("atomic maximum", crew);
  bare.is_baseline = true;
  group.add(std::move(bare));
  Contender twin = atomic_maximum("atomic maximum (twin)", crew);
  twin.twin_of = "atomic maximum";
  group.add(std::move(twin));
  Contender reserve = rising("reserve", crew, [active](std::uint64_t n) {
    if (!active->permit().reserve(n)) std::abort();
  });
  group.add(std::move(reserve));
  Contender note = rising("note", crew, [active](std::uint64_t n) {
    if (!active->permit().note(n)) std::abort();
  });
  group.add(std::move(note));
  return std::move(group).table();
}

/// Writes durably without a pause, from a thread of its own, as long as it lives.
class Flusher {
 public:
  explicit Flusher(std::shared_ptr<ActiveJournal> active)
      : thread_([active = std::move(active)](const std::stop_token& stop) {
          while (!stop.stop_requested()) {
            must(active->permit().write_sequence(active->permit().durable_floor() + 1));
          }
        }) {}

 private:
  std::jthread thread_;
};

/// What may be called while a flush is under way, and must not wait for it.
Table beside_flushes(const std::filesystem::path& directory, const Plan& plan) {
  Options options;
  options.jump_bound = max_sequence;
  auto active = std::make_shared<ActiveJournal>(directory / "memory-flushing", options);
  must(active->permit().reserve(max_sequence / 2));
  const auto crew = std::make_shared<Crew>(1);
  Group group("while another thread flushes", plan);
  Contender bare = atomic_maximum("atomic maximum", crew);
  bare.is_baseline = true;
  group.add(std::move(bare));
  group.add(rising("note", crew, [active](std::uint64_t n) {
    if (!active->permit().note(n)) std::abort();
  }));
  group.add(rising("durable_floor", crew, [active](std::uint64_t /*n*/) {
    if (active->permit().durable_floor() > max_sequence) std::abort();
  }));
  group.add(rising("health", crew, [active](std::uint64_t /*n*/) {
    if (active->sequence_writes() > max_sequence) std::abort();
  }));
  auto quiet = std::make_shared<Table>(std::move(group).table());
  return Table(quiet->name(), quiet->names(), [active, quiet] {
    const Flusher flusher(active);
    return quiet->measured();
  });
}

Tables memory_tables(const std::filesystem::path& directory, Effort effort) {
  const unsigned cores = std::max(2U, std::thread::hardware_concurrency());
  Tables out;
  for (const unsigned threads : {1U, cores}) {
    out.push_back(memory_table(directory, effort, threads));
  }
  out.push_back(beside_flushes(directory, by_effort<Plan>(effort, {2, 2, {}, {}}, {40, 5, {}, {}},
                                                          {150, 5, {}, {}}, {600, 10, {}, {}})));
  return out;
}

}  // namespace
}  // namespace storemark::bench

int main(int argc, char** argv) {
  return storemark::bench::run_subject(argc, argv, "memory", storemark::bench::memory_tables);
}
