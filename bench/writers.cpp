// SPDX-License-Identifier: Apache-2.0
#include "writers.hpp"

#include <barrier>
#include <thread>

#include "process.hpp"

namespace storemark::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Writer {
  std::vector<double> latencies;
  Clock::time_point finished;
};

void write_until(Keeper& keeper, std::atomic<std::uint64_t>& counter, Clock::time_point end,
                 Writer& writer) {
  auto now = Clock::now();
  while (now < end) {
    const auto began = now;
    keeper.put(counter.fetch_add(1) + 1);
    now = Clock::now();
    writer.latencies.push_back(std::chrono::duration<double, std::nano>(now - began).count());
  }
  writer.finished = now;
}

}  // namespace

Turnout run_writers(Keeper& keeper, std::atomic<std::uint64_t>& counter, unsigned threads,
                    std::chrono::milliseconds how_long) {
  std::vector<Writer> writers(threads);
  std::barrier start(threads);
  std::atomic<Clock::rep> began{0};
  const auto write = [&](Writer& writer) {
    writer.latencies.reserve(4096);
    start.arrive_and_wait();
    // The first one to get here starts the clock.
    Clock::rep nobody = 0;
    began.compare_exchange_strong(nobody, Clock::now().time_since_epoch().count());
    write_until(keeper, counter, Clock::time_point(Clock::duration(began)) + how_long, writer);
  };
  const auto processor_before = processor_time();
  {
    std::vector<std::jthread> crew;
    for (Writer& writer : writers) crew.emplace_back([&] { write(writer); });
  }
  const std::chrono::duration<double, std::nano> processor = processor_time() - processor_before;
  Turnout out;
  auto last = Clock::time_point(Clock::duration(began));
  for (Writer& writer : writers) {
    last = std::max(last, writer.finished);
    out.latencies.insert(out.latencies.end(), writer.latencies.begin(), writer.latencies.end());
  }
  const std::chrono::duration<double> took = last - Clock::time_point(Clock::duration(began));
  out.processor_ns = processor.count() / static_cast<double>(out.latencies.size());
  out.per_second = static_cast<double>(out.latencies.size()) / took.count();
  return out;
}

}  // namespace storemark::bench
