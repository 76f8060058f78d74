// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <mutex>

#include "../active_journal.hpp"
#include "keeper.hpp"

namespace storemark::bench {
namespace {

class StoremarkKeeper : public Keeper {
 public:
  StoremarkKeeper(const std::filesystem::path& directory, const Options& options)
      : active_(directory, options) {}

  void put(std::uint64_t n) override { must(active_.permit().write_sequence(n)); }
  std::uint64_t get() override { return active_.permit().durable_floor(); }
  std::optional<std::uint64_t> flushes() const override { return active_.sequence_writes(); }

 private:
  ActiveJournal active_;
};

/// As if flushes could not be shared: one caller after the other, each with a flush of its own.
class OneByOne : public StoremarkKeeper {
 public:
  using StoremarkKeeper::StoremarkKeeper;

  void put(std::uint64_t n) override {
    const std::lock_guard lock(mutex_);
    // Who comes late is durable already, and would write nothing.
    highest_ = std::max(highest_ + 1, n);
    StoremarkKeeper::put(highest_);
  }

 private:
  std::mutex mutex_;
  std::uint64_t highest_ = 0;
};

template <class Kind = StoremarkKeeper>
Way ours(const std::string& how, const Options& options) {
  return {"storemark, " + how, Family::ours, [options](const std::filesystem::path& directory) {
            return std::make_unique<Kind>(directory, options);
          }};
}

Way ours(const std::string& how, DurableWrite durable_write) {
  Options options;
  options.durable_write = durable_write;
  return ours(how, options);
}

Way all_asleep() {
  Options options;
  options.lookout = false;
  return for_many(ours("all asleep", options));
}

}  // namespace

std::vector<Way> our_ways() {
  return {ours("automatic", DurableWrite::automatic), ours("direct", DurableWrite::direct),
          ours("buffered", DurableWrite::buffered), ours<OneByOne>("a flush each", Options{}),
          all_asleep()};
}

}  // namespace storemark::bench
