// SPDX-License-Identifier: Apache-2.0
// What one durable update asks for: bytes, flushes, system calls, allocations, time outside the
// kernel. Counted, not timed, but for the last; so it does not depend on the machine. What the
// device counts is of everybody who uses it: the lowest of several turns is reported.
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>

#include "../active_journal.hpp"
#include "../counting/own_calls.hpp"
#include "../counting/traced.hpp"
#include "../device.hpp"
#include "../keepers/keeper.hpp"
#include "../rounds.hpp"
#include "../subject.hpp"

namespace storemark::bench {
namespace {

/// One kind of update, made anew by each open.
struct Update {
  std::string name;
  std::function<std::function<void()>(const std::filesystem::path&)> open;
  double updates_in_a_call = 1;
};

struct Amount {
  std::size_t turns;
  std::uint64_t updates;
};

Update put_of(const Way& way) {
  return {way.name, [way](const std::filesystem::path& directory) -> std::function<void()> {
            const std::shared_ptr<Keeper> keeper = way.open(directory);
            return [keeper, n = std::uint64_t{0}]() mutable { keeper->put(++n); };
          }};
}

/// Activates and marks clean: two transitions.
Update transition() {
  return {"storemark, transition",
          [](const std::filesystem::path& directory) -> std::function<void()> {
            const auto active = std::make_shared<ActiveJournal>(directory, Options{});
            return [active] {
              active->mark_clean();
              active->activate();
            };
          },
          2};
}

/// What this process has handed to write calls. (What it has made dirty would be "write_bytes", but
/// that counts in folios, which may be as large as a megabyte.)
std::uint64_t written_bytes() {
  std::ifstream io("/proc/self/io");
  std::string key;
  for (std::uint64_t value = 0; io >> key >> value;) {
    if (key == "wchar:") return value;
  }
  return 0;
}

std::chrono::nanoseconds user_time() {
  rusage usage{};
  ::getrusage(RUSAGE_THREAD, &usage);
  return std::chrono::seconds(usage.ru_utime.tv_sec) +
         std::chrono::microseconds(usage.ru_utime.tv_usec);
}

/// Each per update; the lowest turn counts. A flush comes to the device as a write of nothing,
/// which is not among its writes here.
struct Counted {
  double written_bytes, device_bytes, device_writes, flushes, allocations;
};

class UpdateCost {
 public:
  UpdateCost(const Update& update, const std::filesystem::path& directory, Amount amount)
      : update_(update), directory_(directory), amount_(amount), device_(device_of(directory)) {}

  Row measure(const std::optional<SystemCalls>& calls) {
    const auto once = update_.open(directory_ / update_.name);
    for (int warm = 0; warm < 8; ++warm) once();
    // Not among the allocations.
    times_.reserve(amount_.turns * amount_.updates);
    outside_.reserve(amount_.turns * amount_.updates);
    const auto user_before = user_time();
    std::vector<Counted> turns;
    for (std::size_t turn = 0; turn < amount_.turns; ++turn) turns.push_back(take_turn(once));
    const auto user = user_time() - user_before;
    Row out;
    out.name = update_.name;
    const auto lowest = [&](double Counted::*of) { return std::ranges::min(turns, {}, of).*of; };
    out.numbers = {{"flushes", lowest(&Counted::flushes)},
                   {"written_bytes", lowest(&Counted::written_bytes)},
                   {"device_bytes", lowest(&Counted::device_bytes)},
                   {"device_writes", lowest(&Counted::device_writes)},
                   {"system_calls", calls ? per_update(calls->by_caller) : std::nan("")},
                   {"with_other_threads", calls ? per_update(calls->by_all) : std::nan("")},
                   {"allocations", lowest(&Counted::allocations)},
                   {"outside_ns", median(outside_) / update_.updates_in_a_call},
                   {"user_ns", static_cast<double>(user.count()) /
                                   (updates() * static_cast<double>(amount_.turns))},
                   {"median_ns", median(times_) / update_.updates_in_a_call}};
    if (calls) out.note = names(*calls);
    return out;
  }

  /// In a child, so that it is no matter what else runs here.
  std::optional<SystemCalls> trace() {
    std::function<void()> once;
    const auto prepare = [&] {
      once = update_.open(directory_ / (update_.name + ", traced"));
      for (int warm = 0; warm < 8; ++warm) once();
    };
    return count_system_calls(prepare, [&] {
      for (std::uint64_t i = 0; i < amount_.updates; ++i) once();
    });
  }

 private:
  double updates() const {
    return static_cast<double>(amount_.updates) * update_.updates_in_a_call;
  }
  double per_update(std::uint64_t value) const { return static_cast<double>(value) / updates(); }

  std::string names(const SystemCalls& calls) const {
    std::string out;
    for (const auto& [name, count] : calls.names) {
      const double each = per_update(count);
      if (each < 0.05) continue;
      char text[64];
      std::snprintf(text, sizeof text, "%s%s %.3g", out.empty() ? "" : ", ", name.c_str(), each);
      out += text;
    }
    return out;
  }

  Counted take_turn(const std::function<void()>& once) {
    const auto bytes = written_bytes();
    const auto device = counts(device_);
    const auto allocated = allocations();
    for (std::uint64_t i = 0; i < amount_.updates; ++i) {
      const auto inside = time_in_writes();
      const auto took = timed(once);
      times_.push_back(static_cast<double>(took.count()));
      outside_.push_back(static_cast<double>((took - (time_in_writes() - inside)).count()));
    }
    const auto allocated_now = allocations();
    const auto device_now = counts(device_);
    const double nothing = std::nan("");
    const auto of_device = [&](std::uint64_t DeviceCounts::*what) {
      return device && device_now ? per_update((*device_now).*what - (*device).*what) : nothing;
    };
    constexpr double sector = 512;
    return {per_update(written_bytes() - bytes), of_device(&DeviceCounts::sectors) * sector,
            of_device(&DeviceCounts::writes) - of_device(&DeviceCounts::flushes),
            of_device(&DeviceCounts::flushes), per_update(allocated_now - allocated)};
  }

  Update update_;
  std::filesystem::path directory_;
  Amount amount_;
  Device device_;
  std::vector<double> times_;    // of a call
  std::vector<double> outside_;  // less what was in writes and syncs
};

std::vector<Update> all_updates() {
  std::vector<Update> out;
  for (const Way& each : all_ways()) {
    if (!each.for_many) out.push_back(put_of(each));
    if (each.name == "O_DIRECT + RWF_DSYNC, 8 KiB") out.push_back(put_of(hashed_raw_way()));
  }
  out.push_back(transition());
  return out;
}

Tables updates_tables(const std::filesystem::path& directory, Effort effort) {
  const auto amount = by_effort<Amount>(effort, {1, 4}, {3, 100}, {5, 300}, {10, 2'000});
  std::vector<std::string> names;
  for (const Update& update : all_updates()) names.push_back(update.name);
  Tables out;
  out.emplace_back("one durable update", names, [directory, amount] {
    const std::vector<Update> updates = all_updates();
    // All of them before the first that leaves a thread behind.
    std::vector<std::optional<SystemCalls>> calls;
    for (const Update& update : updates) {
      calls.push_back(UpdateCost(update, directory, amount).trace());
    }
    std::vector<Row> rows;
    for (std::size_t i = 0; i < updates.size(); ++i) {
      rows.push_back(UpdateCost(updates[i], directory, amount).measure(calls[i]));
    }
    return rows;
  });
  return out;
}

}  // namespace
}  // namespace storemark::bench

int main(int argc, char** argv) {
  return storemark::bench::run_subject(argc, argv, "updates", storemark::bench::updates_tables,
                                       storemark::bench::engine_versions());
}
